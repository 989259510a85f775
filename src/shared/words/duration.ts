/** How long something takes, in words that promise no more than an estimate holds. */
import * as l10n from "@vscode/l10n";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** `under 1 s`, `about 20 s`, `about 4 min`, `about 1.5 h`. */
export function durationText(ms: number): string {
  if (ms < SECOND) return l10n.t("under 1 s");
  if (ms < 10 * SECOND) return l10n.t("about {0} s", Math.round(ms / SECOND));
  if (ms < 100 * SECOND) return l10n.t("about {0} s", 5 * Math.round(ms / (5 * SECOND)));
  if (ms < 95 * MINUTE) return l10n.t("about {0} min", Math.round(ms / MINUTE));
  return l10n.t("about {0} h", Math.round((2 * ms) / (60 * MINUTE)) / 2);
}

/** `about 3 min left`. */
export function leftText(ms: number): string {
  return l10n.t("{0} left", durationText(ms));
}
