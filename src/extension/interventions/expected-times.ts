/** How long the next sweep and grid of the shown intervention take: asked of the open engine, never opening one. */
import { smallestK, takesSource } from "../../shared/condition/condition.ts";
import type { Params } from "../../shared/protocol/engine.ts";
import type { PanelExpected } from "../../shared/protocol/panel.ts";
import { isOneState } from "../../shared/experiment/grid-source.ts";
import type { EngineSupervisor } from "../engine/supervisor.ts";
import type { Disposable } from "../signal.ts";
import { Signal } from "../signal.ts";
import { debounced } from "../throttle.ts";
import { conditionIfAny } from "./condition-now.ts";
import { gridParams } from "./grid-request.ts";
import type { InterventionStore } from "./intervention-store.ts";
import { layersFor } from "./layers.ts";
import type { Intervention } from "./records.ts";
import { sweepParams } from "./run-sweep.ts";

const UNKNOWN: PanelExpected = { sweepMs: null, gridMs: null };
/** Choices follow each other closely while a handle is dragged. */
const SETTLED_MS = 150;
const NAMED = { target: null, source: null, scoring: "next-token", tokens: 1 } as const;

/** Owner of what is expected. */
export class ExpectedTimes implements Disposable {
  readonly #store: InterventionStore;
  readonly #supervisor: Pick<EngineSupervisor, "model" | "request" | "changed">;
  readonly #modelKey: () => string;
  readonly #subscriptions: readonly Disposable[];
  #asked = "";
  #now = UNKNOWN;
  readonly changed = new Signal<PanelExpected>();

  /** @param modelKey the chosen model: another one that is open tells nothing */
  constructor(
    store: InterventionStore,
    supervisor: Pick<EngineSupervisor, "model" | "request" | "changed">,
    modelKey: () => string,
  ) {
    this.#store = store;
    this.#supervisor = supervisor;
    this.#modelKey = modelKey;
    const settled = debounced(() => void this.update(), SETTLED_MS);
    const request = (): void => {
      settled.request();
    };
    this.#subscriptions = [store.changed.on(request), supervisor.changed.on(request), settled];
  }

  get now(): PanelExpected {
    return this.#now;
  }

  /** Asks again where something else would run, or a run was measured since. */
  async update(): Promise<void> {
    const { shown, state } = this.#store;
    const { model } = this.#supervisor;
    // A run that goes on is shown by itself, and is measured when it ends.
    if (state.work) return;
    const isOpen = model.state === "ready" && model.path === this.#modelKey();
    const plans = shown && isOpen && model.info ? this.#plans(shown, model.info.blocks) : [null, null];
    const asked = JSON.stringify([plans, shown?.sweep?.run, shown?.grid?.run]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    const [sweepMs = null, gridMs = null] = await Promise.all(plans.map((plan) => this.#expected(plan)));
    if (this.#asked !== asked) return;
    this.#now = { sweepMs, gridMs };
    this.changed.fire(this.#now);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #plans(shown: Intervention, blocks: number): (Params<"plan"> | null)[] {
    const { source, setup, target, align } = shown;
    const { kind } = setup.choice;
    const condition = conditionIfAny(shown);
    const { layers } = this.#store.state;
    const ran = { target, source: takesSource(kind) ? source : null };
    const sweep =
      condition && sweepParams({ ...ran, condition }, layersFor(layers, blocks, smallestK(kind)), NAMED);
    const oneState = source && isOneState(source.span, align) ? align : ("last" as const);
    const grid = source && gridParams(shown, source, { align: oneState }, layersFor(layers, blocks), NAMED);
    return [sweep && { sweep, grid: null }, grid && { sweep: null, grid }];
  }

  /** What cannot be planned takes no time: the run itself says what is wrong with it. */
  async #expected(plan: Params<"plan"> | null): Promise<number | null> {
    if (!plan) return null;
    return this.#supervisor.request("plan", plan).then(
      ({ expectedMs }) => expectedMs,
      () => null,
    );
  }
}
