/** Readers of the types that are taken apart block by block, for values as for packing; a type is one row. */
import type { GgufTypeName } from "../tensor-types.ts";
import { readIq4Nl, readIq4Xs, readMxfp4, readNvfp4 } from "./codebooks.ts";
import type { CodeReader } from "./coded-block.ts";
import { readQ1Block0, readTq1Block0, readTq2Block0 } from "./few-values.ts";
import { readQ2K, readQ3K } from "./k-quants.ts";
import {
  readIq1M,
  readIq1S,
  readIq2S,
  readIq2Xs,
  readIq2Xxs,
  readIq3S,
  readIq3Xxs,
} from "./lattice-points.ts";

/** By type; each has a row in `PACKINGS` too. */
export const CODE_READERS: Partial<Record<GgufTypeName, CodeReader>> = {
  Q1_0: readQ1Block0,
  Q2_K: readQ2K,
  Q3_K: readQ3K,
  IQ1_S: readIq1S,
  IQ1_M: readIq1M,
  IQ2_XXS: readIq2Xxs,
  IQ2_XS: readIq2Xs,
  IQ2_S: readIq2S,
  IQ3_XXS: readIq3Xxs,
  IQ3_S: readIq3S,
  IQ4_NL: readIq4Nl,
  IQ4_XS: readIq4Xs,
  TQ1_0: readTq1Block0,
  TQ2_0: readTq2Block0,
  MXFP4: readMxfp4,
  NVFP4: readNvfp4,
};
