import type { Metafile } from "esbuild";

/** A package that is shipped; `folder` is relative to the repository. */
export interface Shipped {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly folder: string;
}

/** Every npm package of which something is in the bundles or beside them, by name and version. */
export declare function shippedPackages(metafiles: readonly Pick<Metafile, "outputs">[]): Shipped[];

/** The text of THIRD_PARTY_NOTICES.txt; throws when a package has no text, or a licence that is not allowed. */
export declare function notices(packages: readonly Shipped[]): string;
