/** StarCoder: as gpt2, with fewer heads of keys and values. */
import type { Family } from "./family.ts";
import { GPT2 } from "./gpt2.ts";

export const STARCODER: Family = { ...GPT2, architecture: "starcoder" };
