/** Whether a model may be opened: its memory against the machine's and the user's limit, in numbers. */
import * as l10n from "@vscode/l10n";
import { SwapError } from "../../shared/errors.ts";
import type { Reply } from "../../shared/protocol/engine.ts";
import { sizeText } from "../../shared/text/format.ts";
import type { Memory } from "../../engine/model/machine-memory.ts";
import { memoryNow } from "../../engine/model/machine-memory.ts";
import { requireComplete } from "../../engine/hub/marker.ts";
import type { ChosenModel } from "../engine/chosen-model.ts";
import { choiceName } from "../engine/model-choice.ts";
import type { Candidate } from "../engine/open-target.ts";
import type { Settings } from "../settings.ts";
import type { VsCode } from "../vs.ts";

/** What is decided about a model. */
export type Verdict =
  | { readonly kind: "fits" }
  /** The user decides, with the numbers. */
  | { readonly kind: "ask"; readonly message: string; readonly detail: string }
  | { readonly kind: "refuse"; readonly message: string; readonly hint: string };

/** Share of the machine above which the user is asked. */
const SHARE = 0.8;

/**
 * Decides about a model.
 *
 * @param needed bytes that it would take, and the least with which it runs, its layers read on demand; null: it cannot
 * @param limit the user's limit in bytes; 0 = none
 */
export function judge(
  name: string,
  { memoryBytes: needed, leastBytes }: Pick<Reply<"estimate">, "memoryBytes" | "leastBytes">,
  { total, available }: Memory,
  limit: number,
): Verdict {
  const size = sizeText(needed);
  const fitsInParts = (bytes: number): boolean => leastBytes !== null && leastBytes <= bytes;
  // A limit of the user's own is the decision already: within it, layers are read on demand.
  if (limit > 0 && limit < needed && limit <= total && fitsInParts(limit)) return { kind: "fits" };
  if (limit > 0 && needed > limit) {
    return {
      kind: "refuse",
      message: l10n.t(
        "{0} would take about {1} of memory, more than your limit of {2}.",
        name,
        size,
        sizeText(limit),
      ),
      hint: l10n.t(
        "Select a smaller file of the model, for example a 4-bit one, or raise the setting State Swap: Memory Limit.",
      ),
    };
  }
  const free = available ?? total;
  if (needed > total && !fitsInParts(free)) {
    return {
      kind: "refuse",
      message: l10n.t(
        "{0} would take about {1} of memory, and this machine has {2}.",
        name,
        size,
        sizeText(total),
      ),
      hint: l10n.t("Select a smaller file of the model, for example a 4-bit one."),
    };
  }
  if (needed > free) {
    return {
      kind: "ask",
      message: l10n.t(
        "{0} would take about {1} of memory, and {2} are free now.",
        name,
        size,
        sizeText(free),
      ),
      detail: fitsInParts(free)
        ? l10n.t(
            "It can run all the same: its layers are then read from the file as they run, with the same results. Each run reads the file again and takes longer.",
          )
        : l10n.t("Opening it may make this machine slow or end other programs. Close something large first."),
    };
  }
  // A limit of the user's own is the decision already.
  if (limit === 0 && needed > SHARE * total) {
    return {
      kind: "ask",
      message: l10n.t(
        "{0} would take about {1} of memory, most of this machine's {2}.",
        name,
        size,
        sizeText(total),
      ),
      detail: l10n.t("Opening it may make this machine slow or end other programs."),
    };
  }
  return { kind: "fits" };
}

/** The error of a refusal. */
export function refusal({ message, hint }: Extract<Verdict, { kind: "refuse" }>): SwapError {
  return new SwapError("not-enough-memory", message, hint);
}

/** Makes the question. Who opened a large model once in this window is not asked again for it. */
export function createAdmission(
  host: { vs: VsCode; settings: () => Settings; chosen: ChosenModel },
  cache: string,
): (candidate: Candidate) => Promise<void> {
  const accepted = new Set<string>();
  return async ({ path, estimate, residentBytes }) => {
    const { current } = host.chosen;
    if (current?.embedded && current.path === path) return;
    await requireComplete(cache, path);
    const needed = await estimate();
    const limit = host.settings().memoryLimit * 1e9;
    const verdict = judge(choiceName(current), needed, memoryNow(residentBytes), limit);
    if (verdict.kind === "refuse") throw refusal(verdict);
    if (verdict.kind === "fits" || accepted.has(path)) return;
    const { message, detail } = verdict;
    const openAnyway = l10n.t("Open Anyway");
    const answer = await host.vs.window.showWarningMessage(message, { modal: true, detail }, openAnyway);
    if (answer !== openAnyway) throw new SwapError("cancelled", l10n.t("{0} It was not opened.", message));
    accepted.add(path);
  };
}
