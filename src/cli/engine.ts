/** The engine for one command: started, the model opened, and stopped whatever happens. */
import { EngineClient } from "../engine/client/engine-client.ts";
import type { RequestOptions } from "../engine/client/engine-client.ts";
import { defaultThreads } from "../engine/model/threads.ts";
import type { ErrorCode } from "../shared/errors.ts";
import { SwapError } from "../shared/errors.ts";
import type { Method, ModelInfo, Params, Reply } from "../shared/protocol/engine.ts";
import { fallbackText } from "../shared/words/runtime.ts";
import type { Values } from "./options/option.ts";
import type { MODEL } from "./options/model-options.ts";
import type { Messages } from "./messages.ts";
import { CACHE_FOLDER, embeddedModel, ENGINE_SCRIPT } from "./paths.ts";
import { toldHere } from "./hints.ts";

/** Asks the engine. */
type Request = <M extends Method>(
  method: M,
  params: Params<M>,
  options?: Pick<RequestOptions, "onProgress">,
) => Promise<Reply<M>>;

/** An open model in its engine. */
export interface OpenModel {
  readonly info: ModelInfo;
  readonly request: Request;
}

/** Thrown when Ctrl-C or a termination signal ended the work. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(signal: keyof typeof SIGNAL_NUMBERS) {
    super(`interrupted by ${signal}`);
    this.exitCode = 128 + SIGNAL_NUMBERS[signal];
  }
}

const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/**
 * Runs work with an engine that has no model open.
 *
 * @throws Interrupted on Ctrl-C; SwapError for everything that the engine refuses, and when it dies
 */
export async function withEngine<T>(messages: Messages, work: (request: Request) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let interrupted: Interrupted | null = null;
  let engine: EngineClient | null = null;
  const handlers = (Object.keys(SIGNAL_NUMBERS) as (keyof typeof SIGNAL_NUMBERS)[]).map((signal) => {
    const handler = (): void => {
      // The second Ctrl-C does not wait for the engine.
      if (interrupted) process.exit(interrupted.exitCode);
      interrupted = new Interrupted(signal);
      abort.abort();
      // Opening a model cannot be cancelled: the engine is ended, in which case every request fails at once.
      void engine?.stop();
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  try {
    messages.progress("starting the engine");
    engine = await EngineClient.start({
      script: ENGINE_SCRIPT,
      execPath: process.execPath,
      ...(CACHE_FOLDER !== null && { cacheFolder: CACHE_FOLDER }),
      onLog: (text) => {
        messages.log(text);
      },
    });
    messages.log(`pid ${engine.pid ?? "unknown"}`);
    const started = engine;
    const { signal } = abort;
    return await work((method, params, options = {}) =>
      started.request(method, params, { ...options, signal }),
    );
  } catch (error) {
    // The engine shares the terminal and gets Ctrl-C too: whatever failed first, this is why.
    throw (interrupted as Interrupted | null) ?? withLogHint(error);
  } finally {
    messages.endProgress();
    await engine?.stop();
    for (const { signal, handler } of handlers) process.off(signal, handler);
  }
}

/**
 * Runs work with an open model.
 *
 * @throws what `withEngine` throws; SwapError `file-not-found` without an embedded model
 */
export async function withModel<T>(
  options: Values<typeof MODEL.fields>,
  messages: Messages,
  work: (model: OpenModel) => Promise<T>,
): Promise<T> {
  const asked = openParams(options);
  return withEngine(messages, async (request) => {
    messages.progress(`opening ${asked.path}`);
    const info = await request("open", asked);
    messages.endProgress();
    const fallback = fallbackText(info.runtime);
    if (fallback !== null) messages.note(fallback);
    messages.log(`opened ${info.path} in ${Math.round(info.openMs)} ms`);
    return work({ info, request });
  });
}

/**
 * What to open, by the options.
 *
 * @throws SwapError `file-not-found` without an embedded model
 */
export function openParams({
  model: { path, file },
  tokenizer,
  threads,
  runtime,
  openingBudget,
  memory,
}: Values<typeof MODEL.fields>): Params<"open"> {
  return {
    path: path ?? embeddedModel(),
    file,
    ...(tokenizer !== null && { tokenizer }),
    threads: threads ?? defaultThreads(),
    runtime,
    ...(openingBudget !== null && { budget: openingBudget }),
    ...(memory !== null && { memory }),
  };
}

/** Failures of the engine itself, whatever the model. */
const RUN_CODES: readonly ErrorCode[] = ["engine-failed", "engine-crashed", "engine-timeout", "internal"];

function withLogHint(error: unknown): unknown {
  if (!(error instanceof SwapError) || !RUN_CODES.includes(error.code)) return error;
  const hint = `${toldHere(error.toData()).hint} With --verbose the engine's log is shown.`.trim();
  return new SwapError(error.code, error.message, hint, { cause: error });
}
