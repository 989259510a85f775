/** CodeShell: as starcoder2, by another name. */
import type { Family } from "./family.ts";
import { STARCODER2 } from "./starcoder2.ts";

export const CODESHELL: Family = { ...STARCODER2, architecture: "codeshell" };
