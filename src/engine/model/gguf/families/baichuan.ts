/** Baichuan: the 7B as llama; the 13B with ALiBi in place of positions. */
import type { Family } from "./family.ts";
import { plainConstants } from "./family.ts";
import { DENSE } from "./llama.ts";

/** llama.cpp knows it by them. */
const BLOCKS_OF_13B = 40;

export const BAICHUAN: Family = {
  ...DENSE,
  architecture: "baichuan",
  isRotated: (_, blocks) => blocks !== BLOCKS_OF_13B,
  constants: (fields) => ({
    ...plainConstants(),
    maxAlibiBias: fields.positive("block_count") === BLOCKS_OF_13B ? 8 : null,
  }),
};
