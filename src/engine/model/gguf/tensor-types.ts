/** The tensor types of GGML: numbers in the file, names, and how many bytes a block of how many weights takes. */

/** Name of a GGML tensor type, as llama.cpp prints it. */
export type GgufTypeName =
  | "F32"
  | "F16"
  | "BF16"
  | "F64"
  | "I8"
  | "I16"
  | "I32"
  | "I64"
  | "Q4_0"
  | "Q4_1"
  | "Q5_0"
  | "Q5_1"
  | "Q8_0"
  | "Q8_1"
  | "Q2_K"
  | "Q3_K"
  | "Q4_K"
  | "Q5_K"
  | "Q6_K"
  | "Q8_K"
  | "IQ2_XXS"
  | "IQ2_XS"
  | "IQ3_XXS"
  | "IQ1_S"
  | "IQ4_NL"
  | "IQ3_S"
  | "IQ2_S"
  | "IQ4_XS"
  | "IQ1_M"
  | "TQ1_0"
  | "TQ2_0"
  | "MXFP4"
  | "NVFP4"
  | "Q1_0";

/** A tensor type: `blockBytes` bytes hold `blockSize` weights that lie beside each other in a row. */
export interface GgufType {
  /** Number in the file. */
  readonly id: number;
  readonly name: GgufTypeName;
  readonly blockSize: number;
  readonly blockBytes: number;
}

/** By number in the file (`enum ggml_type` of ggml.h; numbers 4, 5, 31-33 and 36-38 were withdrawn). */
const TYPES: Readonly<Record<number, readonly [GgufTypeName, number, number]>> = {
  0: ["F32", 1, 4],
  1: ["F16", 1, 2],
  2: ["Q4_0", 32, 18],
  3: ["Q4_1", 32, 20],
  6: ["Q5_0", 32, 22],
  7: ["Q5_1", 32, 24],
  8: ["Q8_0", 32, 34],
  9: ["Q8_1", 32, 36],
  10: ["Q2_K", 256, 84],
  11: ["Q3_K", 256, 110],
  12: ["Q4_K", 256, 144],
  13: ["Q5_K", 256, 176],
  14: ["Q6_K", 256, 210],
  15: ["Q8_K", 256, 292],
  16: ["IQ2_XXS", 256, 66],
  17: ["IQ2_XS", 256, 74],
  18: ["IQ3_XXS", 256, 98],
  19: ["IQ1_S", 256, 50],
  20: ["IQ4_NL", 32, 18],
  21: ["IQ3_S", 256, 110],
  22: ["IQ2_S", 256, 82],
  23: ["IQ4_XS", 256, 136],
  24: ["I8", 1, 1],
  25: ["I16", 1, 2],
  26: ["I32", 1, 4],
  27: ["I64", 1, 8],
  28: ["F64", 1, 8],
  29: ["IQ1_M", 256, 56],
  30: ["BF16", 1, 2],
  34: ["TQ1_0", 256, 54],
  35: ["TQ2_0", 256, 66],
  39: ["MXFP4", 32, 17],
  40: ["NVFP4", 64, 36],
  41: ["Q1_0", 128, 18],
};

/** The type with this number, or undefined for one that this table does not know. */
export function ggufType(id: number): GgufType | undefined {
  const entry = TYPES[id];
  return entry && { id, name: entry[0], blockSize: entry[1], blockBytes: entry[2] };
}

/** The type of this name. */
export function typeNamed(name: GgufTypeName): GgufType {
  const [id] = Object.entries(TYPES).find(([, [known]]) => known === name)!;
  return ggufType(Number(id))!;
}

/** The type that a file type's name begins with, `Q4_K` of `Q4_K_M`; null where it is none. */
export function typeAtStart(fileType: string): GgufType | null {
  const ids = Object.keys(TYPES).map(Number);
  const types = ids.map((id) => ggufType(id)!).filter(({ name }) => fileType.startsWith(name));
  return types.sort((a, b) => b.name.length - a.name.length)[0] ?? null;
}
