/** Sessions are written and read without loss, the same way each time. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseSession } from "../../../../src/shared/session/parse.ts";
import { serializeSession } from "../../../../src/shared/session/serialize.ts";
import { SESSION_VERSION } from "../../../../src/shared/session/session.ts";
import { VERSION_1 } from "../../../support/session/session-recipes.ts";
import { anySession } from "../../../support/session/any-session.ts";
import { goldenFiles, goldenText } from "../../../support/session/session-files.ts";

describe("any session", () => {
  it("is what it was after it was written and read", () => {
    fc.assert(
      fc.property(anySession, (session) => {
        const text = serializeSession(session);
        expect(parseSession(text)).toStrictEqual(session);
        expect(serializeSession(parseSession(text))).toBe(text);
        expect(text.endsWith("}\n")).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it("has one text, whatever the order of its fields in memory", () => {
    fc.assert(
      fc.property(anySession, (session) => {
        expect(serializeSession(reversed(session) as typeof session)).toBe(serializeSession(session));
      }),
      { numRuns: 50 },
    );
  });

  it("keeps one line for each row, column and token list", () => {
    const text = goldenText("swap-and-grid");
    const lines = text.split("\n");
    const { sweep, grid, target } = parseSession(text);
    for (const row of sweep!.rows) {
      expect(lines.filter((line) => line.startsWith(`      { "k": ${row.k}, "outcome"`))).toHaveLength(1);
    }
    expect(lines.filter((line) => line.startsWith('      { "position": '))).toHaveLength(
      grid!.columns.length,
    );
    expect(lines.find((line) => line.startsWith('    "ids": '))).toContain(
      target.tokenization.ids.join(", "),
    );
    // U+2028 and U+2029 would be ends of lines to editors.
    expect(goldenText("other-text")).not.toMatch(/[\u2028\u2029]/);
  });

  it("keeps no folders of the machine", () => {
    const session = parseSession(goldenText("freeze"));
    const elsewhere = {
      ...session,
      model: { ...session.model, file: "/home/someone/models/m.onnx" },
      setup: { ...session.setup, vectorsLabel: "C:\\Users\\someone\\v.json" },
    };
    const text = serializeSession(elsewhere);
    expect(text).not.toContain("someone");
    expect(parseSession(text)).toMatchObject({
      model: { file: "m.onnx" },
      setup: { vectorsLabel: "v.json" },
    });
  });
});

describe("numbers", () => {
  it("keep infinities, which JSON has not, and the sign of zero", () => {
    const session = parseSession(goldenText("freeze"));
    const [first, ...others] = session.sweep!.rows;
    const odd = {
      ...first!,
      targetLogprob: -Infinity,
      klToBaseline: Infinity,
      logitDifference: -0,
      deltaNorm: 5e-324,
    };
    const stored = { ...session, sweep: { ...session.sweep!, rows: [odd, ...others] } };
    const text = serializeSession(stored);
    expect(text).toContain('"targetLogprob": "-Infinity"');
    expect(parseSession(text).sweep!.rows[0]).toStrictEqual(odd);
  });
});

describe("a metric that came later", () => {
  const session = parseSession(goldenText("freeze"));

  it("is absent from an older file, and stays so when that is written again", () => {
    expect(goldenText("freeze")).not.toContain("entropy");
    for (const row of session.sweep!.rows) expect(row).not.toHaveProperty("entropy");
  });

  it("is kept where a row has it, beside rows that have not", () => {
    const [first, ...others] = session.sweep!.rows;
    const rows = [{ ...first!, entropy: 1.5 }, ...others];
    const text = serializeSession({ ...session, sweep: { ...session.sweep!, rows } });
    expect(text.match(/"deltaNorm": [^,]+, "entropy": 1\.5, "top"/g)).toHaveLength(1);
    expect(parseSession(text).sweep!.rows).toStrictEqual(rows);
  });
});

describe("golden files", () => {
  it("are all there, for every version that was ever written", () => {
    expect(SESSION_VERSION, "a new version needs golden files of its own").toBe(1);
    for (const name of Object.keys(VERSION_1)) expect(goldenText(name)).toContain('"version": 1,');
  });

  it.each(goldenFiles)("$name is written again to the byte", ({ text }) => {
    expect(serializeSession(parseSession(text))).toBe(text);
  });

  it.each(goldenFiles)("$name holds no folder", ({ text }) => {
    expect(text).not.toMatch(/"file": ".*[\\/]/);
    expect(text).not.toContain(process.cwd());
  });
});

/** The same data, each object's fields in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, field]) => [key, reversed(field)]),
  );
}
