/** Work in progress as pages show it. */
import { leftMs, LONG_RUN_MS } from "../../shared/experiment/run-time.ts";
import type { PanelProgress } from "../../shared/protocol/panel.ts";
import type { Waiting, Work } from "./records.ts";

/** How far it is, what is left of a long run, and what waits for it. */
export function panelProgress(work: Work, waiting: readonly Waiting[] = []): PanelProgress {
  const { label, done, total, startedAt, expectedMs } = work;
  const elapsedMs = performance.now() - startedAt;
  const left = leftMs({ elapsedMs, expectedMs, done, total });
  const isLong = left !== null && elapsedMs + left >= LONG_RUN_MS / 4;
  return {
    label,
    done,
    total,
    cancellable: true,
    ...(isLong && { leftMs: left }),
    ...(waiting.length > 0 && { waiting: waiting.map(({ id, name }) => ({ id, name })) }),
  };
}
