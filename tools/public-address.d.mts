/** The repository's address on the web, without a slash at its end; null where none is known. Throws when it is none. */
export declare function publicAddress(
  environment?: Readonly<Record<string, string | undefined>>,
): string | null;

/** What a package's manifest says of the address; nothing where there is none. */
export declare function addressFields(address: string | null): Readonly<Record<string, unknown>>;
