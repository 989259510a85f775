/** Asks before many sweeps that take their time together: all of them, or as many as are quick. */
import * as l10n from "@vscode/l10n";
import { LONG_RUN_MS } from "../../shared/experiment/run-time.ts";
import { durationText } from "../../shared/words/duration.ts";
import type { Host } from "../host.ts";
import { conditionNow } from "../interventions/condition-now.ts";
import { layersFor } from "../interventions/layers.ts";
import type { Intervention } from "../interventions/records.ts";
import { sweepParams } from "../interventions/run-sweep.ts";

const ANSWERS = { target: null, source: null, scoring: "next-token", tokens: 1 } as const;

/** Ids of those that are run; null when the user left. Asked only where all take long. */
export async function confirmMany(
  host: Host,
  interventions: readonly Intervention[],
): Promise<readonly number[] | null> {
  const { supervisor, store, vs } = host;
  const { blocks } = await supervisor.open();
  const ids = interventions.map(({ id }) => id);
  const layers = layersFor(store.state.layers, blocks);
  let allMs = 0;
  let quick = 0;
  for (const intervention of interventions) {
    const { target, source } = intervention;
    const params = sweepParams({ target, source, condition: conditionNow(intervention) }, layers, ANSWERS);
    const { expectedMs } = await supervisor.request("plan", { sweep: params, grid: null });
    // Before the model's first run nobody knows.
    if (expectedMs === null) return ids;
    allMs += expectedMs;
    if (allMs < LONG_RUN_MS) quick++;
  }
  if (allMs < LONG_RUN_MS) return ids;
  const all = l10n.t("All {0} Prompts", ids.length);
  const items = [
    { label: all, description: durationText(allMs), ids },
    ...(quick > 0
      ? [
          {
            label: l10n.t("The First {0}", quick),
            description: durationText(LONG_RUN_MS),
            ids: ids.slice(0, quick),
          },
        ]
      : []),
  ];
  const picked = await vs.window.showQuickPick(items, {
    title: l10n.t("Swap on {0} Prompts: {1}", ids.length, durationText(allMs)),
    ignoreFocusOut: true,
  });
  return picked?.ids ?? null;
}
