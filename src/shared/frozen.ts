/** Data that was read by a schema, as the rest of the product holds it: not to be written to. */

/** The same data, not to be written to; typed arrays stay as they are. */
export type Frozen<T> = T extends Float32Array
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Frozen<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Frozen<T[Key]> }
      : T;
