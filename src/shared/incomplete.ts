/** Results that broke off: their reason is told from that of results that are out of date, in any language. */
import * as l10n from "@vscode/l10n";

/** `Incomplete: the run was cancelled.` */
export function incompleteReason(what: string): string {
  return l10n.t("Incomplete: {0}", what);
}

/** What `incompleteReason` was given; null for a reason of another kind. */
export function incompletePart(reason: string): string | null {
  // Without values the template comes back as it is.
  const [before = "", after = ""] = l10n.t("Incomplete: {0}").split("{0}");
  if (!reason.startsWith(before) || !reason.endsWith(after)) return null;
  return reason.slice(before.length, reason.length - after.length);
}
