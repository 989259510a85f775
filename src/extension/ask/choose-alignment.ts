/** Asks how spans of different lengths are matched, and how several tokens become the one state of a grid. */
import * as l10n from "@vscode/l10n";
import type { Alignment } from "../../shared/condition/parts.ts";
import type { PlacedSpan } from "../../shared/condition/span-alignment.ts";
import { visibleText } from "../../shared/text/shown-text.ts";
import type { Host } from "../host.ts";
import { needsAlignment } from "../interventions/make-intervention.ts";

/** The alignment for these spans; asked only when lengths differ. Undefined when the user left. */
export async function chooseAlignment(
  host: Host,
  targets: readonly PlacedSpan[],
  source: PlacedSpan,
): Promise<Alignment | null | undefined> {
  if (!needsAlignment(targets, source)) return null;
  const tokens = (span: PlacedSpan): number => span.to - span.from + 1;
  const remembered = host.store.state.align;
  const all = [
    {
      label: l10n.t("Last"),
      description: l10n.t("the last source token onto the last target token"),
      align: "last",
    },
    {
      label: l10n.t("Mean"),
      description: l10n.t("the mean of the source states at every target token"),
      align: "mean",
    },
  ] as const;
  const items = [...all].sort((a, b) => Number(b.align === remembered) - Number(a.align === remembered));
  const picked = await host.vs.window.showQuickPick(items, {
    title: l10n.t("Align Spans of Different Lengths"),
    ignoreFocusOut: true,
    placeHolder: l10n.t(
      "Source {0}, target {1}",
      counted(tokens(source)),
      targets
        .map((target) => counted(tokens(target)))
        .reduce((all, next) => l10n.t("{0} and {1}", all, next)),
    ),
  });
  if (!picked) return undefined;
  host.store.set({ align: picked.align });
  return picked.align;
}

/** How a source of several tokens becomes the one state that a grid puts in. Undefined when the user left. */
export async function chooseOneState(host: Host, source: PlacedSpan): Promise<Alignment | undefined> {
  const last = l10n.t("the last source token’s state, at every token");
  const mean = l10n.t("the mean of the source states, at every token");
  const items = [
    { label: l10n.t("Last"), description: last, align: "last" },
    { label: l10n.t("Mean"), description: mean, align: "mean" },
  ] as const;
  const picked = await host.vs.window.showQuickPick(items, {
    title: l10n.t("Grid: Which State Is Put In?"),
    ignoreFocusOut: true,
    placeHolder: l10n.t(
      "The source “{0}” has {1}, and a grid puts in one state",
      visibleText(source.text.trim()),
      counted(source.to - source.from + 1),
    ),
  });
  return picked?.align;
}

function counted(n: number): string {
  return n === 1 ? l10n.t("1 token") : l10n.t("{0} tokens", n);
}
