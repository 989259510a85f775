/** Names of prompts after their file was renamed or moved: everything kept of them is told by the new one. */
import type { ReadPrompt } from "../prompt/reading.ts";
import type { GridRun, Intervention, KeptRun, RunInputs, Source, SweepRun } from "./records.ts";
import type { StoreState } from "./intervention-store.ts";

/** The parts of a state that name prompts, with labels as they are now; a read prompt stays one object wherever it stands. */
export function relabelled(
  state: StoreState,
  labelOf: (promptId: number) => string | null,
): Pick<StoreState, "source" | "recent" | "interventions" | "tokens"> {
  const made = new Map<ReadPrompt, ReadPrompt>();
  const read = (before: ReadPrompt): ReadPrompt => {
    const label = before.promptId === null ? null : labelOf(before.promptId);
    if (label === null || label === before.label) return before;
    const after = made.get(before) ?? { ...before, label };
    made.set(before, after);
    return after;
  };
  const source = <S extends Source | null>(before: S): S => before && { ...before, read: read(before.read) };
  const inputs = (before: RunInputs): RunInputs => ({
    ...before,
    target: read(before.target),
    source: source(before.source),
  });
  const sweep = (run: SweepRun): SweepRun => ({ ...run, inputs: inputs(run.inputs) });
  const grid = (run: GridRun | null): GridRun | null =>
    run && { ...run, target: read(run.target), source: source(run.source) };
  const kept = (run: KeptRun): KeptRun => ({ ...run, sweep: sweep(run.sweep), grid: grid(run.grid) });
  const intervention = (before: Intervention): Intervention => {
    const { attention, removed } = before;
    return {
      ...before,
      target: read(before.target),
      source: source(before.source),
      sweep: before.sweep && sweep(before.sweep),
      runs: before.runs.map(kept),
      removed: removed && kept(removed),
      grid: grid(before.grid),
      attention: attention && { ...attention, target: read(attention.target) },
    };
  };
  return {
    source: source(state.source),
    recent: state.recent.map(source),
    interventions: state.interventions.map(intervention),
    tokens: state.tokens.map(read),
  };
}
