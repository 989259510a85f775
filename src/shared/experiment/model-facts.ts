/** Picks what results and sessions keep of a model, from what the engine says of an open one or from what was kept before. */
import type { KnownHashes, ModelFacts } from "./result.ts";
import type { RuntimeName } from "./runtime.ts";

/** Says what ran it as the engine does, or as it is kept. */
type Ran = Omit<ModelFacts, keyof KnownHashes | "runtime"> & {
  readonly runtime?: RuntimeName | { readonly name: RuntimeName };
};

/** The facts in the order in which JSON has them. What is not known is missing; the model file's hash is null. */
export function modelFacts(ran: Ran, { sha256, identity }: KnownHashes): ModelFacts {
  const { architecture, blocks, width, vocab, numeric, cut, tokenizer, selfTest } = ran;
  const runtime = typeof ran.runtime === "object" ? ran.runtime.name : ran.runtime;
  return {
    sha256,
    ...(identity && { identity }),
    architecture,
    blocks,
    width,
    vocab,
    numeric,
    cut,
    ...(runtime && { runtime }),
    ...(tokenizer !== undefined && { tokenizer }),
    selfTest,
  };
}
