/** Whether two sessions ask the same: then the later one is the other's new result, not another session. */
import { sameModel } from "../../shared/experiment/same-model.ts";
import type { Session, SessionPrompt } from "../../shared/session/session.ts";

/** Every part that both have is asked the same of the same model on the same prompts. */
export function isSameQuestion(a: Session, b: Session): boolean {
  const { kind } = sameModel(a.model, b.model);
  // Of two files that could not be hashed nothing says that they are others.
  const isOther = kind === "differs" || (kind === "unknown" && a.model.sha256 !== b.model.sha256);
  if (isOther || !isSamePrompt(a.target, b.target)) return false;
  if (a.source && b.source && !isSamePrompt(a.source, b.source)) return false;
  const isSameSweep =
    !a.sweep ||
    !b.sweep ||
    isSame(
      [a.sweep.condition, a.sweep.layers, a.sweep.request],
      [b.sweep.condition, b.sweep.layers, b.sweep.request],
    );
  const gridOf = ({ grid }: Session): unknown =>
    grid && [grid.sourcePositions, grid.sourceLayer, grid.strength, grid.layers];
  const isSameGrid = !a.grid || !b.grid || isSame(gridOf(a), gridOf(b));
  const isRelated = (a.sweep !== null && b.sweep !== null) || (a.grid !== null && b.grid !== null);
  return isSameSweep && isSameGrid && isRelated;
}

function isSamePrompt(a: SessionPrompt, b: SessionPrompt): boolean {
  return isSame(a.tokenization.ids, b.tokenization.ids);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

/** Keys in one order: a file's may be another's. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
