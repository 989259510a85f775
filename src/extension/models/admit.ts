/** Asked before each opening: unfinished downloads are refused, and models too large for this machine. */
import * as l10n from "@vscode/l10n";
import { requireComplete } from "../../engine/hub/marker.ts";
import { SwapError } from "../../shared/errors.ts";
import { choiceName } from "../engine/model-choice.ts";
import type { Candidate } from "../engine/supervisor.ts";
import type { Host } from "../host.ts";
import { judge, memoryNow, refusal } from "./admission.ts";

/** Makes the question. Who opened a large model once in this window is not asked again for it. */
export function createAdmission(
  host: Pick<Host, "vs" | "settings" | "chosen">,
  cache: string,
): (candidate: Candidate) => Promise<void> {
  const accepted = new Set<string>();
  return async ({ path, estimate, residentBytes }) => {
    const { current } = host.chosen;
    if (current?.embedded && current.path === path) return;
    await requireComplete(cache, path);
    const { memoryBytes } = await estimate();
    const limit = host.settings().memoryLimit * 1e9;
    const verdict = judge(choiceName(current), memoryBytes, memoryNow(residentBytes), limit);
    if (verdict.kind === "refuse") throw refusal(verdict);
    if (verdict.kind === "fits" || accepted.has(path)) return;
    const { message, detail } = verdict;
    const openAnyway = l10n.t("Open Anyway");
    const answer = await host.vs.window.showWarningMessage(message, { modal: true, detail }, openAnyway);
    if (answer !== openAnyway) throw new SwapError("cancelled", l10n.t("{0} It was not opened.", message));
    accepted.add(path);
  };
}
