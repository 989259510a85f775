/** The open stages of one model: embedding, blocks (on a shared prefix or not) and head, and who closes them. */
import type { Analysis } from "./analysis.ts";
import { stageCuts } from "./analysis.ts";
import { StateDevice } from "../device-states.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { PrefixPlan } from "./prefix/plan.ts";
import type { StageSource } from "./prefix/past.ts";
import type { OpenStage } from "./stage-session.ts";
import { openStage } from "./stage-session.ts";

/** Owns the sessions of a model; made with {@link OpenStages.open}. */
export class OpenStages {
  readonly #analysis: Analysis;
  readonly #runtime: Runtime;
  readonly #embed: OpenStage;
  readonly #head: OpenStage;
  /** Null where states are on the host alone. */
  readonly device: StateDevice | null;
  #blocks: OpenStage[] = [];
  #plan: PrefixPlan | null = null;
  /** Opened at their first use: only freeze needs them, and projections are a small part of a block. */
  readonly #keyValues = new Map<number, OpenStage>();

  private constructor(
    analysis: Analysis,
    runtime: Runtime,
    embed: OpenStage,
    head: OpenStage,
    device: StateDevice | null,
  ) {
    this.#analysis = analysis;
    this.#runtime = runtime;
    this.#embed = embed;
    this.#head = head;
    this.device = device;
  }

  /** Opens embedding and head. @throws SwapError `unsupported-model` */
  static async open(analysis: Analysis, runtime: Runtime): Promise<OpenStages> {
    const cuts = stageCuts(analysis.cuts);
    const embed = await openStage(analysis, analysis.switched, cuts[0]!, runtime);
    try {
      const head = await openStage(analysis, analysis.switched, cuts.at(-1)!, runtime);
      return new OpenStages(analysis, runtime, embed, head, await StateDevice.open(runtime));
    } catch (error) {
      await embed.session.release();
      throw error;
    }
  }

  get embed(): OpenStage {
    return this.#embed;
  }

  get head(): OpenStage {
    return this.#head;
  }

  block(k: number): OpenStage {
    return this.#blocks[k]!;
  }

  /** How the open blocks share a prefix; null: not at all. */
  get plan(): PrefixPlan | null {
    return this.#plan;
  }

  /** Bytes of weights that the stages refer to. */
  get weightBytes(): number {
    return [this.#embed, ...this.#blocks, this.#head].reduce((sum, stage) => sum + stage.weightBytes, 0);
  }

  /**
   * Opens all blocks in place of those that are open.
   *
   * @param plan null: without sharing
   * @throws SwapError `unsupported-model`
   */
  async openBlocks(plan: PrefixPlan | null): Promise<void> {
    await this.#closeBlocks();
    this.#plan = plan;
    const { switched, cuts } = this.#analysis;
    const sources: StageSource[] = plan
      ? plan.blocks.map(({ block }) => block)
      : stageCuts(cuts)
          .slice(1, -1)
          .map((cut) => ({ wiring: switched, cut }));
    for (const { wiring, cut } of sources)
      this.#blocks.push(await openStage(this.#analysis, wiring, cut, this.#runtime, true));
  }

  /** The stage that makes the keys and values of block k. Only with a plan. */
  async keyValue(k: number): Promise<OpenStage> {
    const open = this.#keyValues.get(k);
    if (open) return open;
    const { wiring, cut } = this.#plan!.blocks[k]!.keyValue();
    const stage = await openStage(this.#analysis, wiring, cut, this.#runtime);
    this.#keyValues.set(k, stage);
    return stage;
  }

  async close(): Promise<void> {
    await this.#closeBlocks();
    await this.#embed.session.release();
    await this.#head.session.release();
    await this.device?.close();
  }

  async #closeBlocks(): Promise<void> {
    const stages = [...this.#blocks, ...this.#keyValues.values()];
    this.#blocks = [];
    this.#keyValues.clear();
    for (const stage of stages) await stage.session.release();
  }
}
