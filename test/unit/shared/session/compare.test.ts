/** Comparing sessions finds what differs, cell by cell, and nothing else. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareSessions } from "../../../../src/shared/session/compare.ts";
import { differenceMap } from "../../../../src/shared/session/difference.ts";
import { parseSession } from "../../../../src/shared/session/parse.ts";
import type { Session, SessionGrid, SessionSweep } from "../../../../src/shared/session/session.ts";
import { anySession } from "../../../support/session/any-session.ts";
import { goldenText } from "../../../support/session/session-files.ts";

const golden = (name: string): Session => parseSession(goldenText(name));
const whole = golden("swap-and-grid");

function withSweep(session: Session, change: (sweep: SessionSweep) => Partial<SessionSweep>): Session {
  return { ...session, sweep: { ...session.sweep!, ...change(session.sweep!) } };
}

function withGrid(session: Session, change: (grid: SessionGrid) => Partial<SessionGrid>): Session {
  return { ...session, grid: { ...session.grid!, ...change(session.grid!) } };
}

/** The session with one row of its sweep changed. */
function withRow(session: Session, at: number, change: Partial<SessionSweep["rows"][number]>): Session {
  return withSweep(session, ({ rows }) => ({
    rows: rows.map((row, i) => (i === at ? { ...row, ...change } : row)),
  }));
}

describe("a comparison", () => {
  it("of a session with itself finds nothing, and counts rows, controls and cells", () => {
    const same = compareSessions(whole, golden("swap-and-grid"));
    const controls = whole.sweep!.controls!.reduce((sum, { rows }) => sum + rows.length, 0);
    expect(same).toEqual({
      tolerance: 1e-3,
      isSameExperiment: true,
      inputs: [],
      compared: 12 + controls + 26 * 12,
      cells: [],
      largest: 0,
    });
    fc.assert(
      fc.property(anySession, (session) => {
        const found = compareSessions(session, structuredClone(session));
        expect(found).toMatchObject({ isSameExperiment: true, inputs: [], cells: [], largest: 0 });
      }),
      { numRuns: 50 },
    );
  });

  it("finds no other answers where an older session lacks the text of their first tokens", () => {
    const named = { text: " Lyon", ids: [900, 901] };
    const asking = (target: typeof named & { first?: string }): Session =>
      withSweep(
        withGrid(whole, () => ({ request: { target, source: null } })),
        ({ request }) => ({
          request: { ...request, target },
        }),
      );
    expect(compareSessions(asking(named), asking({ ...named, first: " Ly" })).inputs).toEqual([]);
  });

  it("lists a number beyond the tolerance, with its place and both values", () => {
    const { targetLogprob } = whole.sweep!.rows[3]!;
    const after = withRow(whole, 3, { targetLogprob: targetLogprob + 0.25 });
    const found = compareSessions(whole, after);
    expect(found.cells).toEqual([
      {
        part: "sweep",
        k: 3,
        seed: null,
        position: null,
        measure: "targetLogprob",
        before: String(targetLogprob),
        after: String(targetLogprob + 0.25),
        size: 0.25,
      },
    ]);
    expect(found.largest).toBe(0.25);
    expect(compareSessions(whole, after, 0.5)).toMatchObject({ cells: [], largest: 0.25 });
  });

  it("allows for the rounding of another runtime, and names it as harmless; an older session says nothing of it", () => {
    const { targetLogprob } = whole.sweep!.rows[3]!;
    const on = (session: Session, runtime: "native" | "wasm"): Session => ({
      ...session,
      model: { ...session.model, runtime },
    });
    const native = on(whole, "native");
    const after = (difference: number): Session =>
      on(withRow(whole, 3, { targetLogprob: targetLogprob + difference }), "wasm");
    const near = compareSessions(native, after(0.011));
    expect(near).toMatchObject({ tolerance: 2e-2, isSameExperiment: true, cells: [] });
    expect(near.inputs).toEqual([{ what: "runtime", before: "native", after: "wasm", harmless: true }]);
    expect(compareSessions(native, after(0.021)).cells).toHaveLength(1);
    expect(compareSessions(after(0), after(0.011)).cells).toHaveLength(1);
    const older = withRow(whole, 3, {});
    expect(compareSessions(older, after(0))).toMatchObject({ tolerance: 1e-3, inputs: [] });
  });

  it("compares every metric in nats or logits that both rows have", () => {
    const row = whole.sweep!.rows[3]!;
    const after = withRow(whole, 3, {
      klToBaseline: row.klToBaseline + 1,
      entropy: 2,
      deltaNorm: 99,
      recovery: 99,
    });
    expect(compareSessions(whole, after).cells).toMatchObject([{ k: 3, measure: "klToBaseline" }]);
    expect(compareSessions(withRow(whole, 3, { entropy: 1 }), after).cells).toMatchObject([
      { k: 3, measure: "klToBaseline" },
      { k: 3, measure: "entropy", before: "1", after: "2", size: 1 },
    ]);
  });

  it("lists every changed outcome and answer, whatever the tolerance", () => {
    const { top } = whole.sweep!.rows[2]!;
    const after = withRow(whole, 2, { outcome: "neither", top: [{ ...top[1]! }, ...top.slice(1)] });
    expect(compareSessions(whole, after, Infinity).cells.map(({ k, measure }) => [k, measure])).toEqual([
      [2, "outcome"],
      [2, "answer"],
    ]);
  });

  it("finds exactly the cells of the grid that differ", () => {
    const places = fc.tuple(fc.nat(25), fc.nat(11));
    fc.assert(
      fc.property(fc.uniqueArray(places, { maxLength: 6, selector: String }), (changed) => {
        const after = withGrid(whole, ({ columns }) => ({
          columns: columns.map((column, position) => ({
            ...column!,
            logitDifference: column!.logitDifference.map((value, k) =>
              changed.some(([p, at]) => p === position && at === k) ? value! + 1 : value,
            ),
          })),
        }));
        const found = compareSessions(whole, after).cells;
        expect(found.map(({ position, k }) => `${position!},${k}`).sort()).toEqual(
          changed.map(String).sort(),
        );
        for (const cell of found) expect(cell).toMatchObject({ part: "grid", measure: "logitDifference" });
      }),
      { numRuns: 30 },
    );
  });

  it("keeps seeds apart, and controls by their names", () => {
    const random = golden("random-seeds");
    expect(compareSessions(random, withRow(random, 4, { outcome: "source" })).cells).toMatchObject([
      { part: "sweep", k: 3, seed: 8, measure: "outcome" },
    ]);
    const after = withSweep(whole, ({ controls }) => ({
      controls: controls!.map((control) =>
        control.name === "random" ? { ...control, rows: control.rows.slice(1) } : control,
      ),
    }));
    expect(compareSessions(whole, after).cells).toEqual([
      {
        part: "random",
        k: 0,
        seed: 0,
        position: null,
        measure: "missing",
        before: "there",
        after: "none",
        size: null,
      },
    ]);
  });

  it("takes equal infinities for equal, and a value against none or an infinity for different", () => {
    const minus = withRow(whole, 0, { targetLogprob: -Infinity });
    expect(compareSessions(minus, minus).cells).toEqual([]);
    expect(compareSessions(whole, minus).cells).toMatchObject([{ size: Infinity, after: "-Infinity" }]);
    expect(compareSessions(whole, minus).largest).toBe(0);
    expect(compareSessions(whole, withRow(whole, 0, { logitDifference: null })).cells).toMatchObject([
      { measure: "logitDifference", after: "none", size: null },
    ]);
  });

  it("names the inputs that differ, and which of them do no harm", () => {
    const after: Session = {
      ...withSweep(whole, ({ condition }) => ({
        condition: { ...condition, strength: 0.5 } as SessionSweep["condition"],
      })),
      product: "9.9.9",
      model: { ...whole.model, sha256: "0".repeat(64), numeric: "fp32" },
      target: {
        ...whole.target,
        tokenization: { ...whole.target.tokenization, bos: { policy: "off", added: false } },
      },
    };
    const found = compareSessions(whole, after);
    expect(found.isSameExperiment).toBe(false);
    expect(found.inputs.map(({ what, harmless }) => [what, harmless])).toEqual([
      ["model file (SHA-256)", false],
      ["numeric mode", false],
      ["condition of the sweep", false],
      ["BOS of the target", true],
      ["product version", true],
    ]);
    expect(compareSessions(whole, { ...whole, product: "9.9.9" }).isSameExperiment).toBe(true);
    const unknown = { ...whole, model: { ...whole.model, sha256: null } };
    expect(compareSessions(whole, unknown).inputs).toEqual([]);
  });

  it("names what of the model is another's: weights, tokenizer or template", () => {
    const identity = { weights: "1".repeat(64), tokenizer: "2".repeat(64), template: "3".repeat(64) };
    const kept: Session = { ...whole, model: { ...whole.model, identity } };
    const found = (change: Partial<typeof identity>): unknown[] => {
      const after: Session = { ...whole, model: { ...whole.model, identity: { ...identity, ...change } } };
      const { inputs, isSameExperiment } = compareSessions(kept, after);
      return [inputs.map(({ what, harmless }) => [what, harmless]), isSameExperiment];
    };
    expect(found({})).toEqual([[], true]);
    expect(found({ weights: "9".repeat(64) })).toEqual([[["model weights", false]], false]);
    expect(found({ tokenizer: "9".repeat(64) })).toEqual([[["tokenizer", false]], false]);
    expect(found({ template: "9".repeat(64) })).toEqual([[["chat template", true]], true]);
  });

  it("of an older session and its new run says which hashes each of them keeps", () => {
    const identity = { weights: "1".repeat(64), tokenizer: "2".repeat(64), template: null };
    const after: Session = { ...whole, model: { ...whole.model, identity } };
    expect(compareSessions(whole, after)).toMatchObject({
      isSameExperiment: true,
      inputs: [
        {
          what: "hashes of the model",
          before: "the model file’s only",
          after: "weights, tokenizer and chat template",
          harmless: true,
        },
      ],
    });
  });

  it("of other prompts compares no values", () => {
    const found = compareSessions(whole, golden("gguf"));
    expect(found).toMatchObject({ isSameExperiment: false, compared: 0, cells: [] });
    expect(found.inputs.map(({ what }) => what)).toContain("token ids of the target");
  });

  it("of a partial and a complete run lists the rows that only one has", () => {
    const found = compareSessions(golden("partial"), whole);
    const missing = found.cells.filter(({ measure }) => measure === "missing");
    expect(missing.filter(({ part }) => part === "sweep").map(({ k }) => k)).toEqual([5, 6, 7, 8, 9, 10, 11]);
    expect(missing.filter(({ part }) => part === "grid")).toHaveLength(21 * 12);
    expect(found.cells).toHaveLength(missing.length);
  });
});

describe("a difference map", () => {
  it("is the second minus the first, and its opposite the other way round", () => {
    const doubled = withGrid(whole, ({ columns }) => ({
      columns: columns.map((column) => ({
        ...column!,
        logitDifference: column!.logitDifference.map((value) => value! * 2),
      })),
    }));
    const map = differenceMap(whole, doubled)!.grid!;
    const back = differenceMap(doubled, whole)!.grid!;
    expect(map).toMatchObject({ measure: "logitDifference", layers: { from: 0, to: 11 } });
    map.values.forEach((column, position) => {
      expect(column).toEqual(whole.grid!.columns[position]!.logitDifference);
      expect(back.values[position]).toEqual(column.map((value) => 0 - value!));
    });
    const sizes = whole.grid!.columns.flatMap((column) =>
      column!.logitDifference.map((value) => Math.abs(value!)),
    );
    expect(map.extent).toBe(Math.max(...sizes));
    expect(map.changed.flat()).not.toContain(true);
  });

  it("covers the k that both have, at their own places", () => {
    const part = golden("grid-only");
    const { grid, notes } = differenceMap(whole, part)!;
    expect(grid!.layers).toEqual({ from: 3, to: 9 });
    expect(grid!.values.map((column) => column.length)).toEqual(Array.from({ length: 26 }, () => 7));
    expect(grid!.extent).toBeLessThan(1e-3);
    expect(grid!.changed.flat()).not.toContain(true);
    expect(notes).toEqual([]);
  });

  it("marks cells whose answer differs, and leaves out what was not run", () => {
    const after = withGrid(golden("partial"), ({ columns }) => ({
      columns: columns.map((column, position) =>
        column && position === 2
          ? { ...column, argmax: column.argmax.map((id, k) => (k === 4 ? 0 : id)) }
          : column,
      ),
    }));
    const map = differenceMap(whole, after)!.grid!;
    expect(map.values[5]).toEqual(Array.from({ length: 12 }, () => null));
    expect(map.measure).toBe("logitDifference");
    const marked = map.changed.flatMap((column, p) => column.flatMap((is, k) => (is ? [[p, k]] : [])));
    expect(marked).toEqual([[2, 4]]);
  });

  it("falls back to log p(target) where one has no source answer", () => {
    const without = withGrid(whole, ({ columns }) => ({
      columns: columns.map((column) => ({
        ...column!,
        logitDifference: column!.logitDifference.map(() => null),
      })),
    }));
    expect(differenceMap(whole, without)!.grid!.measure).toBe("targetLogprob");
  });

  it("of two sweeps says why there is none", () => {
    const { grid, notes } = differenceMap(golden("likelihood"), whole)!;
    expect(grid).toBeNull();
    expect(notes).toEqual([
      "There is no map: not both of them have a grid.",
      "They have other answers: each one’s numbers measure its own.",
    ]);
  });

  it("is none for other prompts", () => {
    expect(differenceMap(whole, golden("gguf"))).toBeNull();
  });
});
