/** The strip's cells as data, which panel and file paint: a shape and words beside each colour. */
import { expect, test } from "vitest";
import type { Outcome } from "../../../../src/shared/experiment/outcome.ts";
import type { SweepRow } from "../../../../src/shared/experiment/result.ts";
import { stripCells } from "../../../../src/shared/figure/strip-cells.ts";
import { DEMO_STATE } from "../../../support/panel/snapshots.ts";

const row = (k: number, outcome: Outcome, seed?: number): SweepRow => ({
  ...DEMO_STATE.sweep!.rows[0]!,
  k,
  outcome,
  ...(seed === undefined ? {} : { seed }),
});

test("cells have one height and a shape each, seeds stand by outcome, and all say every row", () => {
  const rows = [
    row(1, "source"),
    row(2, "target"),
    row(3, "neither"),
    row(4, "target", 0),
    row(4, "neither", 7),
  ];
  const cells = stripCells({ rows, layers: { from: 1, to: 5 } }, 6);
  expect(cells.map(({ place }) => place)).toEqual([
    "outside",
    "source",
    "target",
    "neither",
    "neither",
    "empty",
  ]);
  expect(cells.map(({ mark }) => mark)).toEqual(["", "◆", "★", "▪", "", ""]);
  const [, source, target, neither, seeds, empty] = cells;
  expect([source, target, neither].map((cell) => cell!.bars[0]!.height)).toEqual([1, 1, 1]);
  expect(seeds!.bars.map(({ height }) => height)).toEqual([0.5, 0.5]);
  expect(seeds!.bars.map(({ outcome }) => outcome)).toEqual(["neither", "target"]);
  expect(seeds!.title).toBe(
    "k = 4: ▪ neither in 1 of 2 seeds: seed 0 ★ ␣Rome (target), seed 7 ▪ ␣Rome (neither)",
  );
  expect(empty!.title).toBe("k = 5: not run");
});
