/** Damaged files: an error that says what is wrong where, never a session read in half. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SwapError } from "../../../../src/shared/errors.ts";
import { parseSession } from "../../../../src/shared/session/parse.ts";
import { errorOf } from "../../../support/error-of.ts";
import { afterChange, at, listAt } from "../../../support/session/session-changes.ts";
import type { Json } from "../../../support/session/session-changes.ts";
import { goldenFiles, goldenText } from "../../../support/session/session-files.ts";

function expectDamage(text: string): void {
  const error = errorOf(() => parseSession(text));
  expect(error.code).toBe("session-damaged");
  expect(error.hint).not.toBe("");
}

describe("a file that was cut", () => {
  it("at any of its first thousand characters is damaged, with its line and column", () => {
    const text = goldenText("random-seeds");
    expectDamage("");
    for (let length = 1; length < 1000; length++) {
      const error = errorOf(() => parseSession(text.slice(0, length)));
      expect(error.code).toBe("session-damaged");
      expect(error.message, `cut at ${length}`).toMatch(/line \d+, column \d+: the file ends too early/);
    }
  });

  it.each(goldenFiles)("at a random byte is damaged: $name", ({ text }) => {
    const bytes = new TextEncoder().encode(text);
    // Without its last line break a file is still whole.
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 2 }), (length) => {
        expectDamage(new TextDecoder().decode(bytes.subarray(0, length)));
      }),
      { numRuns: 60 },
    );
  });

  it("and put together with a part of another one is damaged", () => {
    const [a, b] = [goldenText("freeze"), goldenText("partial")];
    fc.assert(
      fc.property(fc.nat(a.length - 3), fc.nat(b.length - 1), (end, start) => {
        const text = a.slice(0, end) + b.slice(start);
        try {
          // By chance the seam may be sound; then all of it must be.
          expect(parseSession(text).sweep?.rows.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(SwapError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("a file with a changed value", () => {
  it("is refused, or read with all that it holds, whatever value took whose place", () => {
    const content = JSON.parse(goldenText("swap-and-grid")) as Json;
    const paths = pathsOf(content);
    const value = fc.constantFrom<unknown>(null, true, -1, 1.5, 1e9, 1e300, "", "x", [], {}, [[]], [null]);
    fc.assert(
      fc.property(fc.constantFrom(...paths), value, (path, changed) => {
        const copy = structuredClone(content);
        const key = path.at(-1)!;
        const parent = path
          .slice(0, -1)
          .reduce<unknown>((inner, step) => (inner as Json)[step], copy) as Json;
        parent[key] = changed;
        try {
          parseSession(JSON.stringify(copy));
        } catch (error) {
          expect(error).toBeInstanceOf(SwapError);
          expect((error as SwapError).code).toMatch(/^(session-damaged|session-newer|not-a-session)$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("names the field", () => {
    const cases: [string, (content: Json) => void, RegExp][] = [
      [
        "freeze",
        (one) => (at(one, "sweep.rows.3").k = "3"),
        /sweep\.rows\[3\]\.k: number is expected, not "3"/,
      ],
      ["freeze", (one) => delete at(one, "model").width, /model\.width: .*expected, not undefined/],
      [
        "freeze",
        (one) => (at(one, "sweep.rows.0").outcome = "maybe"),
        /sweep\.rows\[0\]\.outcome: .*not "maybe"/,
      ],
      ["freeze", (one) => (at(one, "model").sha256 = "abc"), /model\.sha256: /],
      ["freeze", (one) => (at(one, "sweep.rows.2").top = []), /sweep\.rows\[2\]\.top: /],
    ];
    for (const [name, change, message] of cases) {
      const error = afterChange(name, change);
      expect(error.code).toBe("session-damaged");
      expect(error.message).toMatch(message);
    }
  });

  it("is refused where its parts do not fit each other, in words", () => {
    const cases: [string, (content: Json) => void, string][] = [
      ["freeze", (one) => (at(one, "sweep.rows.0").k = 0), "sweep.rows[0]: k = 0 is not part of the run"],
      [
        "freeze",
        (one) => listAt(one, "sweep.rows").pop(),
        "sweep.rows: it has 10 entries, where there are 11 k and seeds",
      ],
      [
        "freeze",
        (one) => listAt(one, "sweep.rows").reverse(),
        "sweep.rows[1]: rows are expected by k, then seed, each once",
      ],
      [
        "random-seeds",
        (one) => (at(one, "sweep.rows.4").seed = 99),
        "sweep.rows[4]: k = 3, seed 99 is not part of the run",
      ],
      [
        "random-seeds",
        (one) => delete at(one, "sweep.rows.4").seed,
        "sweep.rows[4]: k = 3 is not part of the run",
      ],
      [
        "partial",
        (one) => (at(one, "sweep").expectedRows = 5),
        "sweep.expectedRows: the condition gives 12 rows",
      ],
      [
        "freeze",
        (one) => (at(one, "sweep").layers = { from: 0, to: 11 }),
        "sweep.layers: a range within 1–12",
      ],
      [
        "freeze",
        (one) => (at(one, "sweep").layers = { from: 1, to: 40 }),
        "sweep.layers: a range within 1–12",
      ],
      [
        "freeze",
        (one) => listAt(one, "target.tokens").pop(),
        "target.tokens: it has 25 entries, where there are 26 ids",
      ],
      [
        "freeze",
        (one) => (listAt(one, "target.offsets")[3] = [3, 4000]),
        "target.offsets[3]: it lies outside the text",
      ],
      [
        "freeze",
        (one) => (at(one, "sweep.condition").positions = [26]),
        "sweep.condition: it lies outside the target",
      ],
      ["freeze", (one) => listAt(one, "sweep.lens").pop(), "sweep.lens: it has 12 entries"],
      ["swap-and-grid", (one) => (one.source = null), "there is no source prompt"],
      [
        "swap-and-grid",
        (one) => listAt(one, "grid.columns").pop(),
        "grid.columns: it has 25 entries, where there are 26",
      ],
      [
        "swap-and-grid",
        (one) => listAt(one, "grid.columns.4.argmax").pop(),
        "grid.columns[4].argmax: it has 11 entries",
      ],
      [
        "swap-and-grid",
        (one) => (listAt(one, "grid.columns")[7] = null),
        "grid.columns[7]: a complete grid has no missing",
      ],
      ["swap-and-grid", (one) => (at(one, "grid").texts = {}), "grid.texts: the text of token"],
      [
        "swap-and-grid",
        (one) => (at(one, "view").cell = { position: 90, k: 3 }),
        "view.cell: there is no such cell",
      ],
      [
        "swap-and-grid",
        (one) => listAt(one, "attention.weights.2").pop(),
        "attention.weights[2]: it has 25 entries",
      ],
      [
        "swap-and-grid",
        (one) => listAt(one, "sweep.controls.1.rows").pop(),
        "sweep.controls[1].rows: it has 59 entries",
      ],
    ];
    for (const [name, change, message] of cases) expect(afterChange(name, change).message).toContain(message);
  });

  it("does not make lists as long as a number in it says", () => {
    const error = afterChange("skip-attention", (one) => {
      at(one, "model").blocks = 1e12;
      at(one, "sweep").layers = { from: 0, to: 1e11 };
    });
    expect(error.code).toBe("session-damaged");
  });
});

/** The paths of all fields and items. */
function pathsOf(value: unknown, before: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    const path = [...before, key];
    return [path, ...pathsOf(field, path)];
  });
}
