/** Mistral Large 3 and Small 4: as deepseek2. Its factor of queries is 1 up to the context that it was first trained on, which prompts are kept to. */
import { DEEPSEEK2 } from "./deepseek2.ts";
import type { Family } from "./family.ts";

export const MISTRAL4: Family = { ...DEEPSEEK2, architecture: "mistral4" };
