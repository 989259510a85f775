/** A sweep's table: one width, and what stands in a row. */
import { describe, expect, test } from "vitest";
import { styleFor } from "../../../../src/cli/style.ts";
import { sweepHeading, sweepLayout, sweepLine } from "../../../../src/cli/table/sweep-table.ts";
import type { Outcome } from "../../../../src/shared/experiment/outcome.ts";
import type { SweepRow } from "../../../../src/shared/experiment/result.ts";
import { probabilityText } from "../../../../src/shared/text/format.ts";
import { displayWidth } from "../../../../src/shared/text/text-width.ts";

const plain = styleFor({}, {});

function rowOf(k: number, outcome: Outcome, text: string, deltaNorm = 1): SweepRow {
  return {
    k,
    outcome,
    top: [{ id: 1, text, logit: 3, logprob: Math.log(0.5) }],
    targetLogprob: Math.log(0.25),
    sourceLogprob: Math.log(0.5),
    logitDifference: 1,
    rankOfTarget: 2,
    rankOfSource: 1,
    klToBaseline: 0.5,
    recovery: 1,
    deltaNorm,
  };
}

describe("the sweep table", () => {
  const answers = { target: { ids: [1], text: " Paris" }, source: { ids: [2], text: " Rome" } };

  test("heading and rows keep to one width, whatever the answer's script", () => {
    for (const columns of [60, 80, 100, 200]) {
      const layout = sweepLayout(answers, 30, plain, columns);
      const lines = [" Rome", "日本", "👍", "a very long answer indeed"].map((text) =>
        sweepLine(rowOf(3, "source", text), layout),
      );
      const widths = new Set(lines.map(displayWidth));
      expect(widths.size).toBe(1);
      if (columns >= 80) expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
      expect(displayWidth(sweepHeading(layout))).toBeLessThanOrEqual(Math.max(...widths));
    }
  });

  test("a row shows k, mark, answer, probability and both log-probabilities", () => {
    const line = sweepLine(rowOf(7, "source", " Rome"), sweepLayout(answers, 30, plain, 120));
    expect(line).toMatch(/^ 7 {2}◆ {4}␣Rome +0\.500 +-0\.693 +-1\.386 +1\.00 {2}█{8}▓{4}░{4}$/);
  });

  test("small probabilities are not shown as zero", () => {
    expect(probabilityText(Math.log(0.984))).toBe("0.984");
    expect(probabilityText(Math.log(4e-5))).toBe("4e-5");
  });
});
