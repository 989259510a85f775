/** What a button that runs is called: the word says which condition it runs, and `Again` only where it is the same one. */
import * as l10n from "@vscode/l10n";
import type { ConditionKind } from "../condition/condition.ts";
import { descriptorOf } from "../condition/condition.ts";

/**
 * The word.
 *
 * @param ran condition of the result that is shown; null without one
 * @param chosen condition that the button runs
 */
export function runWord(ran: ConditionKind | null, chosen: ConditionKind): string {
  if (ran === null) return l10n.t("Run");
  return ran === chosen ? l10n.t("Run Again") : l10n.t("Run {0}", descriptorOf(chosen).name());
}
