/** The client's end of the engine process: starts it, sends typed requests, notices when it dies or hangs. */
import type { ChildProcess } from "node:child_process";
import { fork } from "node:child_process";
import type { Readable } from "node:stream";
import * as v from "valibot";
import type { MessageConnection } from "vscode-jsonrpc/node";
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
} from "vscode-jsonrpc/node";
import type { ErrorCode } from "../../shared/errors.ts";
import { SwapError } from "../../shared/errors.ts";
import type { Hello, Method, Params, Progress, Reply } from "../../shared/protocol/engine.ts";
import {
  errorDataSchema,
  helloSchema,
  issueText,
  progressSchema,
  PROTOCOL_VERSION,
  REPLY_SCHEMAS,
} from "../../shared/protocol/engine.ts";
import { BEAT_DESCRIPTOR, helloNotification, logNotification, progressType } from "../transport.ts";
import { engineEnvironment } from "./environment.ts";
import { listen, RESTART_HINT } from "./heartbeat.ts";

/** How to start an engine. */
export interface EngineOptions {
  /** The engine's bundle. */
  readonly script: string;
  /** A Node executable; in the extension host the editor's own runs as Node. */
  readonly execPath: string;
  /** Where hashes of models are kept; without it they are computed in each process anew. */
  readonly cacheFolder?: string;
  /** Each line that the engine writes or logs. */
  readonly onLog: (text: string) => void;
  /** Milliseconds from start to the engine's first message. */
  readonly startTimeoutMs?: number;
  /** Milliseconds of silence after which the engine counts as hung and is killed (heartbeat.ts). */
  readonly hangTimeoutMs?: number;
}

/** What may accompany a request. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

const START_TIMEOUT_MS = 20_000;
const HANG_TIMEOUT_MS = 20_000;
/** A cancel reaches the engine between two kernels; who cancelled does not wait for that. */
const CANCEL_GRACE_MS = 250;
const STOP_GRACE_MS = 2_000;

/** One engine process. When it is gone it stays gone: start another. */
export class EngineClient {
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;
  readonly #options: EngineOptions;
  /** Settles when the process is gone, with the reason. */
  readonly gone: Promise<SwapError>;
  #goneBecause: SwapError | null = null;
  #markGone: (reason: SwapError) => void = () => undefined;
  #stopping = false;
  /** Why this end ended it. */
  #endedOver: SwapError | null = null;
  #nextToken = 1;
  /** Resident memory in bytes at the last beat; 0 before the first. */
  residentBytes = 0;

  private constructor(options: EngineOptions) {
    this.#options = options;
    this.gone = new Promise((resolve) => (this.#markGone = resolve));
    this.#child = fork(options.script, options.cacheFolder === undefined ? [] : [options.cacheFolder], {
      execPath: options.execPath,
      execArgv: [],
      serialization: "advanced",
      // The last one is BEAT_DESCRIPTOR.
      stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"],
      env: engineEnvironment(process.env),
    });
    this.#child.stdout?.on("data", (data: Buffer) => {
      options.onLog(data.toString());
    });
    this.#child.stderr?.on("data", (data: Buffer) => {
      options.onLog(data.toString());
    });
    this.#child.once("error", (cause) => {
      this.#end(
        new SwapError(
          "engine-failed",
          `The engine could not be started: ${cause.message}`,
          { code: "node-path" },
          { cause },
        ),
      );
    });
    this.#child.once("exit", (code, signal) => {
      this.#end(this.#exitReason(code, signal));
    });
    this.#connection = createMessageConnection(
      new IPCMessageReader(this.#child),
      new IPCMessageWriter(this.#child),
    );
    this.#connection.onNotification(logNotification, ({ text }) => {
      options.onLog(text);
    });
    this.#connection.onError(([error]) => {
      options.onLog(`engine channel: ${error.message}`);
    });
  }

  /**
   * Starts an engine and waits for its first message.
   *
   * @throws SwapError `engine-failed`, `engine-crashed`, `engine-timeout`
   */
  static async start(options: EngineOptions): Promise<EngineClient> {
    const client = new EngineClient(options);
    try {
      await client.#handshake(options.startTimeoutMs ?? START_TIMEOUT_MS);
    } catch (error) {
      client.kill();
      throw error;
    }
    client.#watch(options.hangTimeoutMs ?? HANG_TIMEOUT_MS);
    return client;
  }

  /** Process id, for messages and tests. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Sends a request and waits for its reply. An aborted signal cancels it in the engine between two kernels, and
   * is answered at once.
   *
   * @throws SwapError: the engine's own, `engine-crashed`, or `engine-failed` for a reply that does not fit the protocol
   */
  async request<M extends Method>(
    method: M,
    params: Params<M>,
    { signal, onProgress }: RequestOptions = {},
  ): Promise<Reply<M>> {
    if (this.#goneBecause) throw this.#goneBecause;
    if (signal?.aborted) throw new SwapError("cancelled", "The run was cancelled.");
    const progressToken = this.#nextToken++;
    const cancellation = new CancellationTokenSource();
    let grace: NodeJS.Timeout | undefined;
    let giveUp: (reason: SwapError) => void = () => undefined;
    const givenUp = new Promise<never>((_, reject) => (giveUp = reject));
    givenUp.catch(() => undefined);
    const cancel = (): void => {
      cancellation.cancel();
      grace = setTimeout(() => {
        giveUp(new SwapError("cancelled", "The run was cancelled."));
      }, CANCEL_GRACE_MS);
    };
    signal?.addEventListener("abort", cancel);
    const progress = this.#connection.onProgress(progressType, progressToken, (message) => {
      const parsed = v.safeParse(progressSchema, message);
      if (parsed.success) onProgress?.(parsed.output);
      else this.#options.onLog(`engine progress dropped: ${issueText(parsed.issues)}`);
    });
    try {
      const reply = await Promise.race([
        this.#connection.sendRequest<unknown>(method, { params, progressToken }, cancellation.token),
        this.gone.then((reason) => Promise.reject(reason)),
        givenUp,
      ]);
      const parsed = v.safeParse(REPLY_SCHEMAS[method], reply);
      if (!parsed.success) {
        throw new SwapError(
          "engine-failed",
          `The engine's reply to ${method} is malformed: ${issueText(parsed.issues)}.`,
        );
      }
      return parsed.output as Reply<M>;
    } catch (error) {
      // Once the engine is gone, that is the reason, whatever the closed channel says.
      throw this.#reason() ?? swapErrorOf(error, signal);
    } finally {
      clearTimeout(grace);
      signal?.removeEventListener("abort", cancel);
      progress.dispose();
      cancellation.dispose();
    }
  }

  /** Ends the engine: asks first, kills after a grace period. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#goneBecause) return;
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_GRACE_MS);
    if (this.#child.connected) this.#child.disconnect();
    await this.gone;
    clearTimeout(timer);
  }

  /** Ends the engine at once. */
  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async #handshake(timeoutMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const hello = new Promise<Hello>((resolve, reject) => {
      this.#connection.onNotification(helloNotification, (message) => {
        const parsed = v.safeParse(helloSchema, message);
        if (parsed.success) resolve(parsed.output);
        else reject(new SwapError("engine-failed", `The engine's first message is malformed.`));
      });
      timer = setTimeout(() => {
        const seconds = Math.round(timeoutMs / 1000);
        reject(
          new SwapError(
            "engine-timeout",
            `The engine did not answer within ${seconds} s of its start.`,
            "Try again; see the log.",
          ),
        );
      }, timeoutMs);
    });
    this.#connection.listen();
    try {
      const message = await Promise.race([hello, this.gone.then((reason) => Promise.reject(reason))]);
      if (message.protocol !== PROTOCOL_VERSION) {
        throw new SwapError(
          "engine-failed",
          `The engine speaks protocol ${message.protocol}, this program ${PROTOCOL_VERSION}.`,
          "Build again: the two come from different versions.",
        );
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Listens to the engine's pulse; kills it when it was silent for too long, or goes beyond a limit. */
  #watch(hangTimeoutMs: number): void {
    const stop = listen(this.#child.stdio[BEAT_DESCRIPTOR] as Readable, {
      silenceMs: hangTimeoutMs,
      onBytes: (bytes) => (this.residentBytes = bytes),
      onFault: (reason) => {
        this.#endedOver = reason;
        this.kill();
      },
    });
    void this.gone.then(stop);
  }

  #exitReason(code: number | null, signal: NodeJS.Signals | null): SwapError {
    if (this.#stopping) return new SwapError("cancelled", "The engine was stopped.");
    if (this.#endedOver) return this.#endedOver;
    const how = signal === null ? `exit code ${code ?? "unknown"}` : `signal ${signal}`;
    const memory = signal === "SIGKILL" ? " It may have run out of memory." : "";
    return new SwapError(
      "engine-crashed",
      `The engine process ended unexpectedly (${how}).${memory}`,
      RESTART_HINT,
    );
  }

  #reason(): SwapError | null {
    return this.#goneBecause;
  }

  #end(reason: SwapError): void {
    if (this.#goneBecause) return;
    this.#goneBecause = reason;
    this.#markGone(reason);
    this.#connection.dispose();
  }
}

function swapErrorOf(error: unknown, signal: AbortSignal | undefined): unknown {
  if (error instanceof ResponseError) {
    const parsed = v.safeParse(errorDataSchema, error.data);
    if (parsed.success) {
      const { code, message, hint, hintCode } = parsed.output;
      // The engine has no language: the editor's words are chosen again where they are read.
      return new SwapError(code as ErrorCode, message, hintCode === undefined ? hint : { code: hintCode });
    }
  }
  if (signal?.aborted) return new SwapError("cancelled", "The run was cancelled.");
  return error;
}
