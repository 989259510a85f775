import type { Shipped } from "./notices.mjs";

interface Named {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
}

/** What this product needs of a CycloneDX bill of materials. */
interface Bom {
  readonly metadata: { readonly component: Named };
  readonly components: readonly Named[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
}

/** A bill of materials without what is not shipped; throws when it lacks something that is. */
export declare function pruned(bom: Bom, shipped: readonly Shipped[]): Bom;
