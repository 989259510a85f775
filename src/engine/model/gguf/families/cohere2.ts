/** Command R7B and A (Cohere 2): as command-r, with three of four blocks windowed, and only these rotated. */
import type { Family } from "./family.ts";
import { COMMAND_R } from "./command-r.ts";
import { allButEach } from "./family.ts";

export const COHERE2: Family = {
  ...COMMAND_R,
  architecture: "cohere2",
  isWindowed: allButEach(4),
  isRotated: "windowed",
};
