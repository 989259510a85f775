/** openPangu Embedded: as llama with half-split rotary pairs and biases in attention. */
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const PANGU_EMBEDDED: Family = { ...DENSE, architecture: "pangu-embedded", ropePairing: "halves" };
