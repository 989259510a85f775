/** Apertus: as llama with half-split rotary pairs, head norms, and xIELU without a gate, its constants each block's own. */
import type { MetadataFields } from "../metadata-fields.ts";
import { unsupported } from "../metadata-fields.ts";
import type { Family } from "./family.ts";
import { DENSE } from "./llama.ts";

export const APERTUS: Family = {
  ...DENSE,
  architecture: "apertus",
  ropePairing: "halves",
  activation: "xielu",
  isGated: false,
  xielu: (fields, blocks) => {
    const [alphaN, alphaP, beta, epsilon] = ["alpha_n", "alpha_p", "beta", "eps"].map((name) =>
      each(fields, `xielu.${name}`, blocks),
    );
    return Array.from({ length: blocks }, (_, k) => ({
      alphaN: alphaN![k]!,
      alphaP: alphaP![k]!,
      beta: beta![k]!,
      epsilon: epsilon![k]!,
    }));
  },
};

/** A number for each block, named without the architecture; the file may name one for all. */
function each(fields: MetadataFields, name: string, blocks: number): readonly number[] {
  const value = fields.gguf.metadata.get(name);
  if (typeof value === "number") return Array<number>(blocks).fill(value);
  const values = value as readonly unknown[];
  if (!Array.isArray(value) || values.length < blocks || values.some((one) => typeof one !== "number"))
    throw unsupported(fields.gguf, `an activation without its constants (${name})`);
  return values as readonly number[];
}
