/** Maincoder: as llama, with head norms behind the rotation. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const MAINCODER: Family = { ...DENSE, architecture: "maincoder", normsRotated: true };
