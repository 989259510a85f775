/** Metadata value types by their numbers in the file: `enum gguf_metadata_value_type` of GGUF's specification. */

/** Numbers of the types that are asked for by name. */
export const UINT32 = 4;
export const STRING = 8;

/** Bytes of the scalar types. */
export const SCALAR_BYTES: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};

/** Fewest bytes that a value takes: a string has its length, an array its type and its length. */
export const FEWEST_BYTES: Readonly<Record<number, number>> = { ...SCALAR_BYTES, [STRING]: 8, 9: 12 };
