/** One mutant: opened, tokenised and run in an engine; what came of it, in a class. */
import * as path from "node:path";
import { EngineClient } from "../../src/engine/client/engine-client.ts";
import { SwapError } from "../../src/shared/errors.ts";

/**
 * What may come of a mutant: a result, an error in words, or an engine that was ended, with the next one right. What may not: a
 * defect's message, no end, memory.
 */
export type Outcome = "right" | "refused" | "ended" | "internal" | "hang" | "memory";

/** The outcomes that are faults. */
export const FAULTS: readonly Outcome[] = ["internal", "hang", "memory"];

const root = path.resolve(import.meta.dirname, "../..");
export const GOOD_MODEL = path.join(root, "test/fixtures/llama__past");

/** Longer than any trial that an engine is ended over. */
const HANG_MS = 90_000;
const MOST_BYTES = 1e9;

/** An engine for many trials: a new one where the last was ended. */
export class TrialEngine {
  #client: EngineClient | null = null;
  #before = 0;

  async client(): Promise<EngineClient> {
    this.#client ??= await startEngine();
    return this.#client;
  }

  /** Opens, tokenises, fills in the chat template, reads hidden states. */
  async outcomeOf(model: string): Promise<{ outcome: Outcome; message: string }> {
    const client = await this.client();
    this.#before = (await client.request("ping", {})).residentBytes;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<"hang">((resolve) => {
      timer = setTimeout(resolve, HANG_MS, "hang");
    });
    const tried = await Promise.race([tryOut(client, model), late]);
    clearTimeout(timer);
    if (tried === "hang") {
      await this.stop();
      return { outcome: "hang", message: "" };
    }
    const { error } = tried;
    if (error && ["engine-crashed", "engine-timeout"].includes(error.code)) {
      this.#client = null;
      return { outcome: "ended", message: error.message };
    }
    const taken = (await client.request("ping", {})).residentBytes - this.#before;
    if (taken > MOST_BYTES) return { outcome: "memory", message: `${Math.round(taken / 1e6)} MB` };
    if (!error) return { outcome: "right", message: "" };
    return { outcome: error.code === "internal" ? "internal" : "refused", message: error.message };
  }

  async stop(): Promise<void> {
    this.#client?.kill();
    await this.#client?.stop();
    this.#client = null;
  }
}

/** @param execPath a Node, or a program that stands before it */
export function startEngine(execPath = process.execPath): Promise<EngineClient> {
  return EngineClient.start({ script: path.join(root, "dist/engine.mjs"), execPath, onLog: () => undefined });
}

async function tryOut(client: EngineClient, model: string): Promise<{ error: SwapError | null }> {
  try {
    await client.request("open", { path: model, file: null, threads: 1, runtime: "native" });
    for (const text of ["The capital of France", "x".repeat(50), `${"a".repeat(40)}!`]) {
      const { ids } = await client.request("tokenize", { text, bos: "auto" });
      await client.request("tokensOf", { ids });
      await client.request("states", { ids: ids.slice(0, 5) });
    }
    await client.request("applyChatTemplate", { messages: [{ role: "user", content: "Hello" }] });
    return { error: null };
  } catch (error) {
    return { error: error instanceof SwapError ? error : new SwapError("internal", String(error)) };
  }
}
