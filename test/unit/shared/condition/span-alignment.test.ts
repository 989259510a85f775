/** How spans of several tokens are matched: lengths, orders, refusals. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toldHere } from "../../../../src/cli/hints.ts";
import type { PlacedSpan } from "../../../../src/shared/condition/span-alignment.ts";
import { alignSpans } from "../../../../src/shared/condition/span-alignment.ts";
import { positionsOf } from "../../../../src/shared/prompt/spans.ts";
import { errorOf } from "../../../support/error-of.ts";

describe("alignment", () => {
  const span = (from: number, to: number, text = "x"): PlacedSpan => ({ from, to, text });

  test("equal lengths go token by token", () => {
    for (const alignment of [null, "each"] as const) {
      expect(alignSpans([span(5, 6)], span(1, 2), alignment)).toEqual([
        { target: 5, source: [1] },
        { target: 6, source: [2] },
      ]);
    }
  });

  test("last puts the last source token onto the last token of each target", () => {
    expect(alignSpans([span(9, 11), span(4, 4)], span(1, 2), "last")).toEqual([
      { target: 4, source: [2] },
      { target: 11, source: [2] },
    ]);
  });

  test("mean puts the mean of the source everywhere", () => {
    expect(alignSpans([span(5, 6)], span(1, 3), "mean")).toEqual([
      { target: 5, source: [1, 2, 3] },
      { target: 6, source: [1, 2, 3] },
    ]);
  });

  test("unequal lengths are refused with both lengths and the choices", () => {
    const error = errorOf(() => alignSpans([span(5, 7, " Liechtenstein")], span(1, 1, " Italy"), null));
    expect(error.code).toBe("span-lengths-differ");
    expect(error.message).toBe(
      `The source span "Italy" has 1 token and the target span "Liechtenstein" has 3 tokens.`,
    );
    for (const choice of ["Last", "Mean"]) expect(error.hint).toContain(choice);
    for (const choice of ["last", "each", "mean"])
      expect(toldHere(error.toData()).hint).toContain(`--align ${choice}`);
    expect(errorOf(() => alignSpans([span(5, 7)], span(1, 1), "each")).code).toBe("span-lengths-differ");
    expect(errorOf(() => alignSpans([span(5, 5), span(7, 8)], span(1, 1), null)).code).toBe(
      "span-lengths-differ",
    );
  });

  test("overlapping targets, and none, are refused", () => {
    const error = errorOf(() => alignSpans([span(5, 7), span(2, 3), span(7, 8)], span(1, 2), "last"));
    expect(error).toMatchObject({ code: "bad-span" });
    expect(error.message).toContain("overlap at token 7");
    expect(errorOf(() => alignSpans([], span(1, 1), null)).code).toBe("bad-span");
  });

  test("each target position is replaced once, from positions of the source span", () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        lengths,
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom("last" as const, "mean" as const),
        (sizes, n, how) => {
          let at = 0;
          const targets = sizes.map((size) => span(at, (at += size + 1) - 2));
          const source = span(2, 1 + n);
          const pairs = alignSpans(targets.toReversed(), source, how);
          const positions = pairs.map((pair) => pair.target);
          expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
          expect(positions).toHaveLength(
            how === "last" ? targets.length : targets.flatMap(positionsOf).length,
          );
          for (const pair of pairs)
            expect(pair.source).toEqual(how === "last" ? [source.to] : positionsOf(source));
        },
      ),
    );
  });
});
