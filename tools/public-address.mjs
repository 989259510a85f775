// Where the source is published: known only where a release is made, and said to the package from this one place.

/**
 * The repository's address on the web, without a slash at its end; null where none is known, as in any checkout.
 *
 * @param {Readonly<Record<string, string | undefined>>} [environment]
 * @returns {string | null}
 * @throws {Error} when STATE_SWAP_REPOSITORY is no https address of a repository
 */
export function publicAddress(environment = process.env) {
  const said = environment.STATE_SWAP_REPOSITORY ?? "";
  if (said === "") return null;
  if (!/^https:\/\/[\w.-]+(\/[\w.-]+){2,}$/.test(said))
    throw new Error(
      `STATE_SWAP_REPOSITORY is "${said}". It must be the repository's page, as https://host/owner/name.`,
    );
  return said;
}

/**
 * What a package's manifest says of the address. Nothing where there is none: a made-up one would lead nowhere.
 *
 * @param {string | null} address
 */
export function addressFields(address) {
  return address === null
    ? {}
    : {
        repository: { type: "git", url: `${address}.git` },
        homepage: address,
        bugs: { url: `${address}/issues` },
      };
}
