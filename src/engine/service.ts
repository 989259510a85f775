/** What the engine does on request, free of transport: the open model, its kept runs, and one handler for each method. */
import { SwapError } from "../shared/errors.ts";
import type { Method, ModelInfo, Params, Progress, Reply } from "../shared/protocol/engine.ts";
import type { ModelHashes } from "../shared/protocol/model-hashes.ts";
import { encodeAnswer } from "./model/tokenizer/answer.ts";
import { UnpatchedRunCache } from "./pass/unpatched-run-cache.ts";
import type { DecoderInfo } from "./model/decoder.ts";
import { diagnose } from "./diagnose.ts";
import { estimateModel } from "./estimate.ts";
import { identify } from "./model/identity.ts";
import { IdentityCache } from "./model/identity-cache.ts";
import type { OpenedModel } from "./open.ts";
import { openModel } from "./open.ts";
import { checkExperiment, checkGrid, checkPrompt } from "./pass/check.ts";
import { attentionOfLast } from "./pass/attention.ts";
import { runContinuation } from "./pass/continuation.ts";
import type { RunControl } from "./pass/control.ts";
import { newMeter } from "./pass/control.ts";
import { runGrid } from "./pass/grid.ts";
import { planGrid, planSweep } from "./pass/run-plan.ts";
import type { RunEnvironment } from "./pass/environment.ts";
import { runSweep } from "./pass/sweep.ts";
import type { PaceOf } from "./paces.ts";
import { Paces } from "./paces.ts";
import { expectedMs, workOf } from "../shared/experiment/run-time.ts";
import type { RunPlan } from "../shared/experiment/run-plan.ts";

/** What accompanies a request. */
export interface RequestContext {
  readonly signal: AbortSignal;
  readonly emit: (progress: Progress) => void;
}

type Handler<M extends Method> = (params: Params<M>, context: RequestContext) => Promise<Reply<M>>;
type Handlers = { readonly [M in Method]: Handler<M> };

interface OpenState {
  readonly model: OpenedModel;
  readonly info: ModelInfo;
  readonly runs: UnpatchedRunCache;
  /** Started at opening, so that it is ready when the first result needs it. */
  readonly hashes: Promise<ModelHashes>;
  readonly pace: PaceOf;
}

/** The engine's session: one open model at a time. */
export class EngineService {
  #open: OpenState | null = null;
  /** Runs wait for each other: two passes at once would only share the same cores. */
  #queue: Promise<unknown> = Promise.resolve();
  readonly #cache: IdentityCache;
  readonly #paces: Paces;

  /** @param cacheFolder where hashes and paces of models are kept from one process to the next; null: nowhere */
  constructor(cacheFolder: string | null = null) {
    this.#cache = new IdentityCache(cacheFolder);
    this.#paces = new Paces(cacheFolder);
  }

  /** Answers one validated request. */
  handle<M extends Method>(method: M, params: Params<M>, context: RequestContext): Promise<Reply<M>> {
    return this.#handlers[method](params, context);
  }

  readonly #handlers: Handlers = {
    open: (params) => this.#inTurn(() => this.#openModel(params)),
    estimate: async ({ path, file }) => Promise.resolve(estimateModel(path, file)),
    hash: () => this.#opened().hashes,
    tokenize: async ({ text, bos }) => Promise.resolve(this.#opened().model.tokenizer.tokenize(text, bos)),
    tokensOf: async ({ ids }) => Promise.resolve(this.#opened().model.tokenizer.fromIds(ids)),
    encodeAnswer: async ({ text, promptText }) =>
      Promise.resolve(encodeAnswer(this.#opened().model.tokenizer, text, promptText)),
    applyChatTemplate: async ({ messages }) =>
      Promise.resolve({ text: this.#opened().model.tokenizer.applyChatTemplate(messages) }),
    sweep: (params, context) =>
      this.#inTurn(() =>
        this.#timed({ sweep: params, grid: null }, () => runSweep(params, this.#environment(context))),
      ),
    grid: (params, context) =>
      this.#inTurn(() =>
        this.#timed({ sweep: null, grid: params }, () => runGrid(params, this.#environment(context))),
      ),
    plan: async (params) => {
      const plan = this.#plan(params);
      const { info, pace } = this.#opened();
      return Promise.resolve({ ...plan, expectedMs: expectedMs(this.#paces.get(pace), workOf(plan, info)) });
    },
    continuation: (params, context) =>
      this.#inTurn(() => runContinuation(params, this.#environment(context))),
    attention: ({ ids }, context) => this.#inTurn(() => this.#attention(ids, context)),
    states: ({ ids }, context) => this.#inTurn(() => this.#states(ids, context)),
    inspect: async () => {
      const { info, model, hashes } = this.#opened();
      return { ...info, kind: model.kind, ...(await hashes), fileBytes: model.fileBytes };
    },
    diagnose,
    ping: async () => Promise.resolve({ residentBytes: process.memoryUsage.rss() }),
  };

  async #openModel(params: Params<"open">): Promise<ModelInfo> {
    const startedAt = performance.now();
    await this.#close();
    const model = await openModel(params);
    const { bosId } = model.tokenizer;
    const info: ModelInfo = {
      ...modelFacts(model.decoder.info),
      path: model.file,
      runtime: model.runtime,
      selfTest: model.selfTest,
      openMs: performance.now() - startedAt,
      hasChatTemplate: model.tokenizer.hasChatTemplate,
      bosToken: bosId === null ? null : model.tokenizer.tokenText(bosId),
      bosId,
      ...(model.tokenizerFile !== null && { tokenizer: model.tokenizerFile }),
      notes: [...model.decoder.info.notes, ...model.tokenizerNotes],
    };
    const hashes = identify(model.file, model.parts, this.#cache);
    // Whoever needs them gets the failure; until then it must not end the process.
    hashes.catch(() => undefined);
    const pace = { file: model.file, threads: params.threads, runtime: model.runtime.name };
    this.#open = { model, info, hashes, runs: new UnpatchedRunCache(model.decoder), pace };
    return info;
  }

  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.model.decoder.close();
  }

  /** Runs, and counts the time in for the next estimate; what takes passes that no plan tells counts for nothing. */
  async #timed<T extends { readonly timing: { readonly runMs: number } }>(
    experiment: Params<"plan">,
    run: () => Promise<T>,
  ): Promise<T> {
    const plan = this.#plan(experiment);
    const { info, pace } = this.#opened();
    const reply = await run();
    if (plan.unplanned.length === 0) this.#paces.ran(pace, workOf(plan, info), reply.timing.runMs);
    return reply;
  }

  #plan({ sweep, grid }: Params<"plan">): RunPlan {
    const { model, runs } = this.#opened();
    const { info, reads = null } = model.decoder;
    const setting = { info, reads, isKept: (ids: readonly number[]) => runs.has(ids) };
    if (sweep) {
      checkExperiment(sweep, info);
      return planSweep(sweep, setting);
    }
    if (!grid) throw new SwapError("internal", "A plan was asked for without a sweep or a grid.");
    checkGrid(grid, info);
    return planGrid(grid, setting);
  }

  async #attention(ids: readonly number[], context: RequestContext): Promise<Reply<"attention">> {
    const { decoder } = this.#opened().model;
    checkPrompt({ ids }, "target", decoder.info);
    const control = controlOf(context);
    const run = await this.#opened().runs.get(ids, control);
    return { weights: await attentionOfLast(decoder, run, control) };
  }

  async #states(ids: readonly number[], context: RequestContext): Promise<Reply<"states">> {
    const { decoder } = this.#opened().model;
    checkPrompt({ ids }, "target", decoder.info);
    const run = await this.#opened().runs.get(ids, controlOf(context));
    const { blocks, width } = decoder.info;
    const data = new Float32Array((blocks + 1) * ids.length * width);
    run.hidden.forEach((plane, k) => {
      data.set(plane, k * ids.length * width);
    });
    return { data, blocks, positions: ids.length, width };
  }

  #environment(context: RequestContext): RunEnvironment {
    const { model, runs } = this.#opened();
    return {
      decoder: model.decoder,
      textOf: (id) => model.tokenizer.tokenText(id),
      endIds: model.tokenizer.eosIds,
      unpatchedRun: (ids, control) => runs.get(ids, control),
      isKept: (ids) => runs.has(ids),
      keep: (run) => {
        runs.keep(run);
      },
      control: controlOf(context),
      emit: context.emit,
    };
  }

  #opened(): OpenState {
    if (!this.#open) {
      throw new SwapError("engine-failed", "No model is open in the engine.", "Choose a model first.");
    }
    return this.#open;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

/** What the protocol says of a decoder. */
function modelFacts(
  info: DecoderInfo,
): Omit<
  ModelInfo,
  | "path"
  | "runtime"
  | "selfTest"
  | "openMs"
  | "hasChatTemplate"
  | "bosToken"
  | "bosId"
  | "tokenizer"
  | "notes"
> {
  const { sharePrefix, skipAttention, giveAttention } = info.can;
  return {
    architecture: info.architecture,
    blocks: info.blocks,
    width: info.width,
    vocab: info.vocab,
    contextLength: info.contextLength,
    numeric: info.numeric,
    cut: info.cut,
    sharesPrefix: sharePrefix === true,
    skipsAttention: skipAttention === true,
    givesAttention: giveAttention === true,
    ...(giveAttention === true ? {} : { whyNoAttention: giveAttention.reason }),
    memoryBytes: info.memoryBytes,
    ...(info.onDemand ? { heldBytes: info.onDemand.heldBytes } : {}),
  };
}

function controlOf({ signal }: RequestContext): RunControl {
  return { signal, meter: newMeter() };
}
