/** Asks how spans of different lengths are matched. */
import type { Alignment } from "../../shared/condition.ts";
import type { PlacedSpan } from "../../shared/span-alignment.ts";
import type { Host } from "../host.ts";
import { needsAlignment } from "../swap/make-intervention.ts";

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
    { label: "Last", description: "the last source token onto the last target token", align: "last" },
    { label: "Mean", description: "the mean of the source states at every target token", align: "mean" },
  ] as const;
  const items = [...all].sort((a, b) => Number(b.align === remembered) - Number(a.align === remembered));
  const picked = await host.vs.window.showQuickPick(items, {
    title: "Align Spans of Different Lengths",
    placeHolder: `Source ${counted(tokens(source))}, target ${targets.map((target) => counted(tokens(target))).join(" and ")}`,
  });
  if (!picked) return undefined;
  host.store.set({ align: picked.align });
  return picked.align;
}

function counted(n: number): string {
  return n === 1 ? "1 token" : `${n} tokens`;
}
