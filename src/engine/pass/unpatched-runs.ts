/** The unpatched runs that one request needs, alone or in one climb with what needs them. */
import type { UnpatchedRun } from "../states.ts";
import type { Climber } from "./climb.ts";
import { climb } from "./climb.ts";
import { climbsTogether } from "./climbs.ts";
import type { RunEnvironment } from "./environment.ts";
import type { UnpatchedClimb } from "./unpatched-run.ts";
import { startUnpatched } from "./unpatched-run.ts";

/** Unpatched runs of one request: run when they are asked for, or begun then and run in the next climb. */
export class UnpatchedRuns {
  readonly #environment: RunEnvironment;
  #begun: UnpatchedClimb[] = [];

  constructor(environment: RunEnvironment) {
    this.#environment = environment;
  }

  /** The run of these ids; where passes climb together it may still have to climb. */
  async of(ids: readonly number[]): Promise<UnpatchedRun> {
    const { decoder, control, isKept, unpatchedRun } = this.#environment;
    if (!climbsTogether(decoder.info) || isKept?.(ids)) return unpatchedRun(ids, control);
    const same = this.#begun.find(({ run }) => String(run.ids) === String(ids));
    if (same) return same.run;
    const climber = startUnpatched(decoder, ids, control);
    this.#begun.push(climber);
    return climber.run;
  }

  /** Those that have yet to climb. */
  get begun(): readonly UnpatchedClimb[] {
    return this.#begun;
  }

  /** They have climbed. */
  finish(): void {
    for (const { run } of this.#begun) this.#environment.keep?.(run);
    this.#begun = [];
  }
}

/** Runs passes, after the unpatched runs that have yet to climb, in one climb. */
export async function climbAll(
  { decoder, control }: RunEnvironment,
  runs: UnpatchedRuns,
  passes: readonly Climber[],
): Promise<void> {
  await climb(decoder, [...runs.begun, ...passes], control);
  runs.finish();
}
