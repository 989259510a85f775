/** The paper's demo pair as the experiment that benchmarks run. */
import type { EngineClient } from "../../src/engine/client/engine-client.ts";
import type { Experiment } from "../../src/shared/experiment/experiment.ts";
import { promptOf } from "../../src/shared/experiment/experiment.ts";

const target = "Q: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of France? \n A:";

/** The experiment, for a model of so many blocks, tokenised by an engine that has it open. */
export async function demoSwap(client: EngineClient, blocks: number): Promise<Experiment> {
  const prompt = await client.request("tokenize", { text: target, bos: "auto" });
  const source = await client.request("tokenize", { text: "The country Italy", bos: "auto" });
  const at = (tokens: readonly { text: string }[], text: string): number =>
    tokens.findIndex((token) => token.text === text);
  return {
    target: promptOf(prompt),
    source: promptOf(source),
    condition: {
      kind: "swap",
      align: null,
      pairs: [{ target: at(prompt.tokens, " France"), source: [at(source.tokens, " Italy")] }],
      sourceLayer: null,
      strength: 1,
    },
    layers: { from: 0, to: blocks - 1 },
    answers: { target: null, source: null, scoring: "next-token", tokens: 1 },
    top: 10,
    lens: false,
  };
}
