/** Keeps an engine running: starts it when it is needed, opens the chosen model, notices its end and says so. */
import * as l10n from "@vscode/l10n";
import type { EngineClient, RequestOptions } from "../../engine/client/engine-client.ts";
import type { ErrorData } from "../../shared/errors.ts";
import { SwapError, toErrorData } from "../../shared/errors.ts";
import type { Method, ModelInfo, Params, Reply } from "../../shared/protocol/engine.ts";
import { fallbackText } from "../../shared/words/runtime.ts";
import type { Disposable } from "../signal.ts";
import type { Candidate, OpenTarget } from "./open-target.ts";
import { asWritten, engineLost } from "./opening-errors.ts";
import { Signal } from "../signal.ts";

/** What the supervisor uses of an engine. */
export type Engine = Pick<EngineClient, "request" | "gone" | "stop" | "kill" | "pid" | "residentBytes">;

/** What stands in for the process and the settings. */
export interface SupervisorOptions {
  readonly start: () => Promise<Engine>;
  /** The chosen model, as it is now. */
  readonly target: () => Promise<OpenTarget>;
  readonly log: (text: string) => void;
  readonly now?: () => number;
  /**
   * Asked before a model is opened; throws to refuse it.
   *
   * @throws SwapError `not-enough-memory`, `download-incomplete`, `cancelled` when the user declines
   */
  readonly admit?: (candidate: Candidate) => Promise<void>;
}

/** The model as far as the engine has it. */
export interface ModelStatus {
  readonly state: "closed" | "opening" | "ready" | "failed";
  /** What is or was open; kept for display after the engine ended. */
  readonly info: ModelInfo | null;
  /** Path that was chosen for it. */
  readonly path: string | null;
  readonly failure: ErrorData | null;
}

/** After so many unexpected ends within the window, only the user starts another engine. */
const MOST_CRASHES = 3;
const CRASH_WINDOW_MS = 3 * 60_000;

/** A model that is open or being opened. */
interface Opening {
  readonly key: string;
  readonly model: Promise<ModelInfo>;
}

const CLOSED: ModelStatus = { state: "closed", info: null, path: null, failure: null };

/** Owner of the engine process and of the open model. */
export class EngineSupervisor implements Disposable {
  readonly #options: SupervisorOptions;
  readonly #now: () => number;
  #engine: Engine | null = null;
  #starting: Promise<Engine> | null = null;
  #opening: Opening | null = null;
  /** Threads and runtime of the engine that runs or is being started; null without one. */
  #loaded: string | null = null;
  #model = CLOSED;
  #crashes: number[] = [];
  /** Models at whose opening an engine ended, by what was asked for: not opened again until the user wants it. */
  readonly #fatal = new Map<string, SwapError>();
  /** Why the last engine ended by itself. */
  #ended: SwapError | null = null;
  #disposed = false;
  /** Fires when the model's status changes. */
  readonly changed = new Signal<ModelStatus>();
  /** Fires once for each engine that ended by itself, with the reason. */
  readonly crashed = new Signal<SwapError>();

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  get model(): ModelStatus {
    return this.#model;
  }

  /** Process id of the running engine. */
  get pid(): number | null {
    return this.#engine?.pid ?? null;
  }

  /** Resident memory of the engine in bytes at the last heartbeat; 0 without one. */
  get residentBytes(): number {
    return this.#engine?.residentBytes ?? 0;
  }

  /**
   * The chosen model, opened now if it is not.
   *
   * @throws SwapError for everything that can be wrong with the model or the engine
   */
  async open(): Promise<ModelInfo> {
    const target = await this.#options.target();
    const { path, tokenizer, threads, runtime } = target;
    const key = JSON.stringify([path, tokenizer, threads, runtime]);
    const fatal = this.#fatal.get(key);
    if (fatal) throw fatal;
    // A process keeps the runtime that it loaded, and WebAssembly its threads and its memory.
    const loaded = JSON.stringify([threads, runtime]);
    if (this.#loaded !== null && this.#loaded !== loaded) await this.#stop();
    this.#loaded = loaded;
    const engine = await this.#started();
    if (this.#opening?.key === key) return this.#opening.model;
    const isReplaced = (): boolean => this.#opening !== null && this.#opening !== opening;
    const opening: Opening = { key, model: this.#openIn(engine, target, isReplaced) };
    this.#opening = opening;
    opening.model.then(
      // Who chooses another model and comes back means it.
      () => {
        this.#fatal.clear();
      },
      (error: unknown) => {
        if (this.#opening === opening) this.#opening = null;
        const refusal = engineLost(error);
        if (refusal) this.#fatal.set(key, refusal);
      },
    );
    return opening.model;
  }

  /**
   * Sends a request to the engine with the chosen model open.
   *
   * @throws SwapError: the engine's own, and those of `open`
   */
  async request<M extends Method>(
    method: M,
    params: Params<M>,
    options: RequestOptions = {},
  ): Promise<Reply<M>> {
    let model = await this.open();
    // Another one may have been chosen meanwhile: while that is opened, the engine has none.
    while (this.#opening && (await this.#opening.model) !== model) model = await this.open();
    if (options.signal?.aborted) throw new SwapError("cancelled", l10n.t("The run was cancelled."));
    // Not another engine: that one would have no model open.
    const engine = this.#engine;
    if (!engine) throw this.#ended ?? new SwapError("cancelled", l10n.t("The engine was stopped."));
    return engine.request(method, params, options);
  }

  /**
   * Asks an engine of its own, which ends after it: the one that runs may hang, or have failed with its model.
   *
   * @throws SwapError when no engine starts
   */
  async diagnose(): Promise<Reply<"diagnose">> {
    const engine = await this.#options.start();
    try {
      return await engine.request("diagnose", {});
    } finally {
      await engine.stop();
    }
  }

  /** Ends the engine, if one runs, and forgets earlier crashes; the next request, or this call, starts another. */
  async restart(): Promise<ModelInfo> {
    this.#crashes = [];
    this.#fatal.clear();
    await this.#stop();
    return this.open();
  }

  dispose(): void {
    this.#disposed = true;
    void this.#stop();
  }

  async #stop(): Promise<void> {
    const engine = this.#engine;
    this.#engine = null;
    this.#starting = null;
    this.#opening = null;
    this.#loaded = null;
    this.#setModel({ ...this.#model, state: "closed" });
    await engine?.stop();
  }

  #started(): Promise<Engine> {
    if (this.#engine) return Promise.resolve(this.#engine);
    if (this.#starting) return this.#starting;
    if (this.#disposed)
      return Promise.reject(new SwapError("cancelled", l10n.t("State Swap is shutting down.")));
    const since = this.#now() - CRASH_WINDOW_MS;
    this.#crashes = this.#crashes.filter((at) => at > since);
    if (this.#crashes.length >= MOST_CRASHES) {
      return Promise.reject(
        new SwapError(
          "engine-crashed",
          l10n.t(
            "The engine ended unexpectedly {0} times within {1} minutes.",
            MOST_CRASHES,
            CRASH_WINDOW_MS / 60_000,
          ),
          l10n.t("Restart it, or select a smaller model; the log says more."),
        ),
      );
    }
    const starting = this.#start();
    this.#starting = starting;
    void starting
      .catch(() => undefined)
      .then(() => {
        if (this.#starting === starting) this.#starting = null;
      });
    return starting;
  }

  async #start(): Promise<Engine> {
    const startedAt = this.#now();
    this.#setModel({ ...this.#model, state: "opening", failure: null });
    try {
      const engine = await this.#options.start();
      if (this.#disposed) {
        void engine.stop();
        throw new SwapError("cancelled", l10n.t("State Swap is shutting down."));
      }
      this.#engine = engine;
      this.#options.log(`engine ${engine.pid ?? "?"} started in ${this.#now() - startedAt} ms`);
      void engine.gone.then((reason) => {
        this.#onGone(engine, reason);
      });
      return engine;
    } catch (error) {
      this.#setModel({ ...this.#model, state: "failed", failure: toErrorData(error) });
      throw error;
    }
  }

  /** @param isReplaced whether another model was chosen since: then this one must not be opened over it */
  async #openIn(
    engine: Engine,
    { path, written, tokenizer, threads, runtime, budget, memory }: OpenTarget,
    isReplaced: () => boolean,
  ): Promise<ModelInfo> {
    this.#setModel({ state: "opening", info: null, path, failure: null });
    try {
      await this.#options.admit?.({
        path,
        estimate: () => engine.request("estimate", { path, file: null }),
        residentBytes: engine.residentBytes,
      });
      if (isReplaced()) throw new SwapError("cancelled", l10n.t("The run was cancelled."));
      const named = {
        ...(tokenizer !== undefined && { tokenizer }),
        ...(budget !== undefined && { budget }),
        ...(memory !== undefined && { memory }),
      };
      const info = await engine.request("open", { path, file: null, ...named, threads, runtime });
      this.#options.log(
        `opened ${info.path}: ${info.architecture}, ${info.numeric}, ${Math.round(info.openMs)} ms`,
      );
      const fallback = fallbackText(info.runtime);
      if (fallback !== null) this.#options.log(fallback);
      if (this.#engine === engine && !isReplaced())
        this.#setModel({ state: "ready", info, path, failure: null });
      return info;
    } catch (cause) {
      const error = asWritten(cause, path, written);
      if ((this.#engine === engine || this.#engine === null) && !isReplaced()) {
        this.#setModel({ state: "failed", info: null, path, failure: toErrorData(error) });
      }
      throw error;
    }
  }

  #onGone(engine: Engine, reason: SwapError): void {
    if (this.#engine !== engine) return;
    this.#engine = null;
    this.#opening = null;
    this.#ended = reason;
    this.#crashes.push(this.#now());
    this.#options.log(`engine ${engine.pid ?? "?"} ended: ${reason.message}`);
    this.#setModel({ ...this.#model, state: "closed" });
    this.crashed.fire(reason);
  }

  #setModel(model: ModelStatus): void {
    this.#model = model;
    this.changed.fire(model);
  }
}
