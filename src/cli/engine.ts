/** The engine for one command: started, the model opened, and stopped whatever happens. */
import * as fs from "node:fs";
import * as path from "node:path";
import { EngineClient } from "../engine/client/engine-client.ts";
import type { RequestOptions } from "../engine/client/engine-client.ts";
import { defaultThreads } from "../engine/model/threads.ts";
import type { ErrorCode } from "../shared/errors.ts";
import { SwapError } from "../shared/errors.ts";
import type { Method, ModelInfo, Params, Reply } from "../shared/protocol/engine.ts";
import type { CommandLine } from "./options/args.ts";
import { textOf, usageError } from "./options/args.ts";
import type { Messages } from "./messages.ts";
import { countOption } from "./options/option-values.ts";
import { embeddedModel, ENGINE_SCRIPT } from "./paths.ts";

/** Which model, and on how many threads. */
export interface ModelChoice {
  readonly path: string;
  /** One graph of a folder. */
  readonly file: string | null;
  readonly threads: number;
  /** Nobody named a model. */
  readonly embedded: boolean;
}

/** An open model in its engine. */
export interface OpenModel {
  readonly info: ModelInfo;
  readonly request: <M extends Method>(
    method: M,
    params: Params<M>,
    options?: Pick<RequestOptions, "onProgress">,
  ) => Promise<Reply<M>>;
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
 * Reads `--model`, `--file` and `--threads`.
 *
 * @throws SwapError `usage`; `file-not-found` without an embedded model
 */
export function modelChoice(line: CommandLine): ModelChoice {
  const threads = countOption(line, "threads") ?? defaultThreads();
  const named = textOf(line, "model");
  const file = textOf(line, "file");
  if (named === "") throw usageError("--model is empty.", line.command);
  if (named !== null && file !== null && fs.statSync(named, { throwIfNoEntry: false })?.isFile()) {
    throw usageError(`--file picks one graph of a folder, and ${named} is a file.`, line.command);
  }
  return { path: named ?? embeddedModel(), file, threads, embedded: named === null };
}

/**
 * Runs work with an open model.
 *
 * @throws Interrupted on Ctrl-C; SwapError for everything that the engine refuses, and when it dies
 */
export async function withModel<T>(
  choice: ModelChoice,
  messages: Messages,
  work: (model: OpenModel) => Promise<T>,
): Promise<T> {
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
      onLog: (text) => {
        messages.log(text);
      },
    });
    messages.log(`pid ${engine.pid ?? "unknown"}`);
    const started = engine;
    const { signal } = abort;
    const request: OpenModel["request"] = (method, params, options = {}) =>
      started.request(method, params, { ...options, signal });
    messages.progress(`opening ${choice.path}`);
    const { threads, file } = choice;
    const info = await request("open", { path: choice.path, file, threads }).catch((error: unknown) => {
      throw withModelPath(error, choice.path);
    });
    messages.endProgress();
    messages.log(`opened ${info.path} in ${Math.round(info.openMs)} ms`);
    return await work({ info, request });
  } catch (error) {
    // The engine shares the terminal and gets Ctrl-C too: whatever failed first, this is why.
    throw (interrupted as Interrupted | null) ?? withLogHint(error);
  } finally {
    messages.endProgress();
    await engine?.stop();
    for (const { signal, handler } of handlers) process.off(signal, handler);
  }
}

/** Names the model in what is wrong with its file, where the engine's sentence speaks of "the file" only. */
function withModelPath(error: unknown, modelPath: string): unknown {
  if (!(error instanceof SwapError) || RUN_CODES.includes(error.code)) return error;
  if (error.message.includes(path.basename(modelPath))) return error;
  return new SwapError(error.code, `${modelPath}: ${error.message}`, error.hint, { cause: error });
}

/** Failures of the engine itself, whatever the model. */
const RUN_CODES: readonly ErrorCode[] = [
  "cancelled",
  "engine-failed",
  "engine-crashed",
  "engine-timeout",
  "internal",
];

function withLogHint(error: unknown): unknown {
  if (!(error instanceof SwapError)) return error;
  if (error.code === "cancelled" || !RUN_CODES.includes(error.code)) return error;
  const hint = `${error.hint} With --verbose the engine's log is shown.`.trim();
  return new SwapError(error.code, error.message, hint, { cause: error });
}
