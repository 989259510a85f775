/** What no family in the table declares yet: each declaration alone, and many together, through the suite of every family. */
import { expect, test } from "vitest";
import type { Constants, Family } from "../../../../../../src/engine/model/gguf/families/family.ts";
import { plainConstants } from "../../../../../../src/engine/model/gguf/families/family.ts";
import { LLAMA } from "../../../../../../src/engine/model/gguf/families/llama.ts";
import { open, run } from "../../../../../support/gguf/gguf-variants.ts";
import { familySuite } from "../../../../../support/gguf/family-suite.ts";

const withConstants = (constants: Partial<Constants>): Partial<Family> => ({
  constants: () => ({ ...plainConstants(), ...constants }),
});

const DECLARATIONS: Readonly<Record<string, Partial<Family>>> = {
  "norms behind": {
    attentionNorms: { before: "attn_norm", after: "post_attention_norm" },
    feedForwardNorms: { before: "ffn_norm", after: "post_ffw_norm" },
  },
  "norms behind alone": {
    attentionNorms: { before: null, after: "post_attention_norm" },
    feedForwardNorms: { before: null, after: "post_ffw_norm" },
  },
  LayerNorm: { norm: "layer" },
  GELU: { activation: "gelu" },
  "tanh GELU": { activation: "gelu-tanh" },
  "no gate": { isGated: false, activation: "gelu" },
  "fused tensors": { fused: { attention: "attn_qkv", feedForward: "ffn_up" } },
  "parallel, two norms": { isParallel: true },
  "parallel, one norm": { isParallel: true, feedForwardNorms: { before: null, after: null } },
  "residual scale": withConstants({ residualScale: 0.25 }),
  "score scale": withConstants({ attentionScale: 0.1 }),
  "score cap": withConstants({ attentionCap: 0.5 }),
  "a window in every other block": { isWindowed: (k) => k % 2 === 0 },
};

const WINDOW = { "tiny.attention.sliding_window": ["u32", 3] } as const;

const familyOf = (declared: Partial<Family>): Family => ({ ...LLAMA, ...declared, architecture: "tiny" });

for (const [name, declared] of Object.entries(DECLARATIONS)) {
  familySuite(familyOf(declared), {
    [`${name}, floats`]: { metadata: WINDOW },
    [`${name}, quantised`]: { metadata: WINDOW, type: () => "Q8_0" },
  });
}

test("the declarations differ, so that none is ignored", async () => {
  const outputs = new Map<string, string>();
  for (const [name, declared] of [["nothing", {}] as const, ...Object.entries(DECLARATIONS)]) {
    const { states } = await run(
      await open({ family: familyOf(declared), metadata: WINDOW }),
      [1, 2, 3, 4, 5],
    );
    outputs.set(name, states.at(-1)!.data.slice(-64).join());
  }
  expect(new Set(outputs.values()).size).toBe(outputs.size - 1);
  // The same weights, stored otherwise, are other random numbers but for the fused ones in a row.
  expect(outputs.get("fused tensors")).toBe(outputs.get("nothing"));
});

test("embeddings and logits are scaled, and logits capped", async () => {
  const plain = await open({ family: familyOf({}) });
  const scaled = await open({
    family: familyOf(withConstants({ embeddingScale: 8, logitScale: 0.5, logitCap: 2 })),
  });
  const ids = [1, 2, 3];
  const [embedded, larger] = [await plain.embed(ids), await scaled.embed(ids)];
  expect(larger.data).toEqual(embedded.data.map((x) => 8 * x));
  const states = { data: embedded.data, rows: ids.length, width: embedded.width };
  const [logits, capped] = [await plain.logits(states), await scaled.logits(states)];
  logits.data.forEach((x, i) => {
    expect(capped.data[i]).toBeCloseTo(2 * Math.tanh((0.5 * x) / 2), 5);
  });
  expect(Math.max(...logits.data)).toBeGreaterThan(2);
  const { maxAbsDiff, tolerance } = await scaled.compareWithWhole();
  expect(maxAbsDiff).toBeLessThan(tolerance);
});
