/**
 * Which stages of a decoder are open: all of them, or as many as fit into so many bytes. Prompts climb the stages in order, again
 * and again, so the one to be closed for another is that which has just been used: the others come sooner.
 */
import type { Session } from "../runtime/runtime.ts";
import { WeightScratch } from "./stage-graph.ts";
import type { StagePlan, StageSettings } from "./stage-session.ts";
import { createStageSession } from "./stage-session.ts";

/** Stages that one pass after another uses, from the first to the last. */
export type Climb = readonly StagePlan[];

/** Owns the sessions of a decoder's stages. One stage runs at a time. */
export class Residence {
  readonly #settings: StageSettings;
  /** Most bytes of open stages; a single one may have more. */
  readonly #limit: number;
  /** Places of stages, the head's included. */
  readonly #places: number;
  readonly #sessions = new Map<StagePlan, Session>();
  readonly #scratch = new WeightScratch();
  #bytesRead = 0;

  constructor(settings: StageSettings, limit: number, places: number) {
    this.#settings = settings;
    this.#limit = limit;
    this.#places = places;
  }

  /** Read of the file so far, for stages. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /**
   * The session of a stage, opened when it is not; good until the next stage is asked for.
   *
   * @throws SwapError `engine-failed`
   */
  async session(plan: StagePlan): Promise<Session> {
    const open = this.#sessions.get(plan);
    if (open) return open;
    for (const other of leaving([...this.#sessions.keys()], plan, this.#limit, this.#places)) {
      const session = this.#sessions.get(other)!;
      this.#sessions.delete(other);
      await session.release();
    }
    const session = await createStageSession(this.#settings, this.#scratch, plan);
    this.#sessions.set(plan, session);
    this.#bytesRead += plan.readBytes;
    return session;
  }

  /** Bytes of the file that climbs will read, one behind the other, from what is open now. */
  bytesToRead(climbs: readonly Climb[]): number {
    const open = new Set(this.#sessions.keys());
    let bytes = 0;
    for (const plan of climbs.flat()) {
      if (open.has(plan)) continue;
      for (const other of leaving([...open], plan, this.#limit, this.#places)) open.delete(other);
      open.add(plan);
      bytes += plan.readBytes;
    }
    return bytes;
  }

  /** Frees what only opening needs; it comes back when needed. */
  trim(): void {
    this.#scratch.free();
    this.#settings.source.trim();
  }

  async close(): Promise<void> {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(sessions.map((session) => session.release()));
  }
}

/** What is closed before a stage is opened: those whose turn is farthest away, until it fits; none of the same turn. */
function leaving(
  open: readonly StagePlan[],
  plan: StagePlan,
  limit: number,
  places: number,
): readonly StagePlan[] {
  const turnsTo = ({ place }: StagePlan): number => (place - plan.place + places) % places;
  const others = open.filter(({ place }) => place !== plan.place);
  const byTurn = others.sort((a, b) => turnsTo(b) - turnsTo(a));
  let bytes = open.reduce((sum, stage) => sum + stage.bytes, plan.bytes);
  const gone: StagePlan[] = [];
  for (const stage of byTurn) {
    if (bytes <= limit) break;
    gone.push(stage);
    bytes -= stage.bytes;
  }
  return gone;
}
