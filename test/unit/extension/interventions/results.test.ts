/** Swaps from reading to panel on the real engine process: results, staleness, texts, loss of the engine. */
import type { StaleReason } from "../../../../src/shared/experiment/standing.ts";
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SwapError } from "../../../../src/shared/errors.ts";
import { part } from "../../../../src/shared/words/parts.ts";
import { sessionPanel } from "../../../../src/shared/session/session-panel.ts";
import { parseSession } from "../../../../src/shared/session/parse.ts";
import { sweepExperiment } from "../../../../src/shared/session/session.ts";
import { copiedText, stepText, sweepText } from "../../../../src/extension/marks/after-text.ts";
import { joinedTokens } from "../../../../src/shared/text/token-bytes.ts";
import { sweepTable } from "../../../../src/extension/marks/hover-table.ts";
import { interventionHover, sourceHover } from "../../../../src/extension/marks/hover-text.ts";
import type { Intervention, Source } from "../../../../src/extension/interventions/records.ts";
import type { ReadPrompt, Reading } from "../../../../src/extension/prompt/reading.ts";
import { factsOf } from "../../../../src/extension/interventions/facts.ts";
import { ExpectedTimes } from "../../../../src/extension/interventions/expected-times.ts";
import { staleSweep } from "../../../../src/extension/interventions/stale.ts";
import { runWordOf } from "../../../../src/extension/interventions/sentence.ts";
import { Bench, TARGET, put as putOn, reading, root } from "../../../support/extension-support.ts";

const bench = new Bench();
const { store, runner, supervisor, errors } = bench;

let source: Source;
let target: ReadPrompt;

beforeAll(async () => {
  source = await bench.source();
  target = await bench.read(TARGET);
});
afterAll(() => {
  supervisor.dispose();
});

function put(): Intervention {
  return putOn(bench, target, ["France"], source);
}

function shown(): Intervention {
  return bench.shown;
}

function text(intervention: Intervention, k: number | null = null, isStale = false, maxLength = 200): string {
  return sweepText(intervention.sweep!, {
    shown: k === null ? null : stepText(intervention.sweep!, k),
    isStale,
    maxLength,
  })
    .map((part) => part.text)
    .join("");
}

describe("a swap", () => {
  it("streams its rows into the store and ends with the flip", async () => {
    const counts = new Set<number>();
    const listening = store.changed.on(() => counts.add(store.shown?.sweep?.rows.length ?? 0));
    await runner.sweep([put()]);
    listening.dispose();
    expect(counts.size).toBeGreaterThan(6);
    const { sweep } = shown();
    expect(sweep).toMatchObject({ state: "complete", failure: null, flip: { k: 8, of: 12 } });
    expect(store.state.work).toBeNull();
    expect(errors).toEqual([]);
  });

  it("says in its line who answers what, where, and the flip", () => {
    const intervention = shown();
    expect(text(intervention)).toBe("flip 8/12  ◆“Rome” 0–7  ★“Paris” 8–11  ← ◆Italy");
    expect(text(intervention, null, true)).toMatch(/^out of date {2}flip 8\/12 /);
    const step = stepText(intervention.sweep!, 9);
    const strong = sweepText(intervention.sweep!, { shown: step, maxLength: 200 }).filter(
      (part) => part.strong,
    );
    expect(strong).toEqual([part("k 9 ★“Paris”  ", "target", true)]);
    expect(text(intervention, null, false, 30)).toHaveLength(30);
    expect(text(intervention, null, false, 30)).toMatch(/…$/);
    expect(stepText(intervention.sweep!, 3)).toEqual(part("k 3 ◆“Rome”", "source", true));
    expect(copiedText(source).map((part) => part.text)).toEqual(["◆ state copied: ␣Italy @2 of 3"]);
    const span = {
      from: 0,
      to: 5,
      text: joinedTokens(["<0xE6>", "<0x84>", "<0x8F>", "大", "<0xE5><0x88>", "<0xA9>"]),
    };
    expect(copiedText({ ...source, span }).map((part) => part.text)).toEqual([
      "◆ state copied: 意大利, 6 tokens @0–5",
    ]);
  });

  it("says how far it is while rows are still coming, and what a lost run kept", () => {
    const { sweep } = shown();
    const running = {
      ...sweep!,
      state: "running" as const,
      rows: sweep!.rows.slice(0, 5),
      done: 6,
      flip: null,
    };
    const lineOf = (run: typeof running | NonNullable<Intervention["sweep"]>): string =>
      sweepText(run, { maxLength: 200 })
        .map((part) => part.text)
        .join("");
    expect(lineOf(running)).toBe("… 6/12  ◆“Rome” 0–4  ← ◆Italy");
    expect(lineOf({ ...running, state: "partial" })).toMatch(/^the run was lost after 5 of 12 {2}◆/);
  });

  it("has buttons that say which condition they run, and again only where it is the same", () => {
    const { setup } = shown();
    const other = { ...shown(), setup: { ...setup, choice: { ...setup.choice, kind: "freeze" as const } } };
    expect([shown(), other, { ...other, sweep: null }].map(runWordOf)).toEqual([
      "Run Again",
      "Run Freeze",
      "Run",
    ]);
    expect(interventionHover(other, null, null)).toMatch(/^\[Run Freeze\]\(command:/);
  });

  it("is told to be another file's while a file without a result is looked at", () => {
    const id = shown().id;
    store.update(id, ({ target: read }) => ({ target: { ...read, promptId: 7 } }));
    const known = { id: 7, uri: "file:/capitals.txt", fileName: "capitals.txt", line: 2, current: null };
    const elsewhere = (uri: string): unknown =>
      bench.panel(() => known as never, { uri, file: "notes.md" }).elsewhere;
    expect(elsewhere("file:/notes.md")).toEqual({ file: "notes.md", label: "capitals.txt:3" });
    expect(elsewhere("file:/capitals.txt")).toBeUndefined();
    store.update(id, ({ target: read }) => ({ target: { ...read, promptId: null } }));
  });

  it("has a hover of few lines, actions first, three columns, both sides in their colours", () => {
    const hover = interventionHover(shown(), null, 10);
    const lines = hover.split("\n");
    expect(lines[0]).toMatch(/^\[Run Again\]\(command:/);
    const source = '<span style="color:var(--vscode-stateSwap-source);">';
    const target = '<span style="color:var(--vscode-stateSwap-target);">';
    const table = lines.filter((line) => line.startsWith("|"));
    expect(table[0]).toBe(`| k | answer | ${source}p◆</span> / ${target}p★</span> |`);
    expect(
      table.slice(2).map((line) => line.replaceAll("\u00a0", " ").split("|").slice(1, 3).join("")),
    ).toEqual([
      ` 0–7  ${source}◆</span> \`␣Rome\` `,
      ` 8–9  ${target}★</span> \`␣Paris\` `,
      ` **10**  ${target}★</span> \`␣Paris\` `,
      ` 11  ${target}★</span> \`␣Paris\` `,
    ]);
    expect(lines.filter((line) => line !== "").length, "in view without scrolling").toBeLessThanOrEqual(11);
    expect(lines.at(-1)).toMatch(/^All numbers: \[Open Panel\]/);
    expect(hover.match(/\]\(command:[\w.]+/g)!.length).toBeGreaterThanOrEqual(5);
    expect(hover).not.toMatch(/\]\((?!command:stateSwap\.)/);
  });

  it("is linked from the hover of its source", () => {
    const hover = sourceHover(source, [shown()]);
    const links = [...hover.matchAll(/\[([^\]]+)\]\(command:stateSwap\.(\w+)/g)].map((link) => link.slice(1));
    expect(links).toEqual([
      ["Swap State Here", "swapStateHere"],
      [String.raw`Result in a\.txt:1`, "openPanel"],
    ]);
  });

  it("folds answers of neither side where a hover would be too long, and keeps the flip", () => {
    const { sweep } = shown();
    const rows = sweep!.rows.map((row, k) =>
      k < 8 ? { ...row, outcome: "neither" as const, top: [{ ...row.top[0]!, text: ` word${k}` }] } : row,
    );
    const { lines, isCut } = sweepTable(rows, sweep!.answers, null);
    expect(lines.slice(2).map((line) => line.replaceAll("\u00a0", " ").split("|")[2])).toEqual([
      " ▪ 8 answers ",
      expect.stringContaining("␣Paris"),
    ]);
    expect(isCut).toBe(false);
    const wild = rows.map((row, k) => (k % 2 === 0 ? row : sweep!.rows[0]!)).map((row, k) => ({ ...row, k }));
    expect(sweepTable(wild, sweep!.answers, null)).toMatchObject({ isCut: true });
    expect(sweepTable(wild, sweep!.answers, null).lines).toHaveLength(8);
  });

  it("fills the panel", () => {
    const state = bench.panel();
    expect(state).toMatchObject({
      model: { name: "countries-2m", blocks: 12, status: "ready", tag: { label: "demonstration model" } },
      sentence: [
        part("state of "),
        part("'␣Italy' @2", "source"),
        part(" → "),
        part("'␣France' @21", "target"),
        part(", before layer k"),
      ],
      layers: { from: 0, to: 11 },
      k: 8,
      stored: false,
      sweep: { state: "complete", standing: { kind: "fresh" }, flip: { k: 8, of: 12 } },
    });
    expect(state.target!.positions).toEqual([21]);
    expect(structuredClone(state)).toEqual(state);
  });

  it("is out of date for each thing that it was made from, and only while it differs", () => {
    const intervention = shown();
    const why = (now: Reading): StaleReason | null =>
      staleSweep(intervention, intervention.sweep!, () => null, now);
    expect(why(reading)).toBeNull();
    expect(why({ ...reading, modelKey: "/other" })).toBe("model-changed");
    expect(why({ ...reading, tokenizer: "/tokenizer.json" })).toBe("tokenizer-changed");
    expect(why({ ...reading, bos: "on" })).toBe("bos-changed");
    expect(why({ ...reading, useChatTemplate: true })).toBe("template-changed");
  });
});

describe("the grid", () => {
  it("streams columns into the store, for all tokens", async () => {
    await runner.grid(shown());
    const { grid } = shown();
    expect(grid).toMatchObject({ state: "complete" });
    expect(grid!.columns.map((column) => column?.position)).toEqual(target.tokenization.ids.map((_, p) => p));
    expect(grid!.columns[21]!.outcome).toEqual(shown().sweep!.rows.map((row) => row.outcome));
    expect(bench.panel().grid).toMatchObject({
      state: "complete",
      put: " Italy",
      positions: [21],
      sweepPosition: 21,
      held: null,
      answers: { source: { text: " Rome" }, target: { text: " Paris" } },
    });
  });

  it("runs its held cell by itself, with the numbers that the cell has", async () => {
    const cell = { position: 19, k: 3 };
    store.update(shown().id, () => ({ cell }));
    await runner.cell(shown());
    const { grid } = bench.panel();
    const column = grid!.columns[cell.position]!;
    const { row } = grid!.held!;
    expect(row).toMatchObject({ k: 3, outcome: column.outcome[3] });
    expect(row.top[0]!.id).toBe(column.argmax[3]);
    expect(row.targetLogprob).toBeCloseTo(column.targetLogprob[3]!, 3);
    expect(row.top).toHaveLength(10);
    expect(shown().sweep).toMatchObject({ state: "complete" });
  });

  it("does not end other work for a held cell", async () => {
    const grid = runner.grid(shown());
    store.update(shown().id, () => ({ cell: { position: 19, k: 3 } }));
    await runner.cell(shown());
    await grid;
    expect(shown().grid).toMatchObject({ state: "complete" });
    expect(shown().grid!.held).toBeUndefined();
  });

  it("is the sweep at no token once the sweep is of another condition", async () => {
    const { setup } = shown();
    store.update(shown().id, () => ({ setup: { ...setup, choice: { ...setup.choice, strength: 0.5 } } }));
    await runner.sweep([shown()]);
    expect(bench.panel().grid!.sweepPosition).toBeNull();
    store.update(shown().id, () => ({ setup }));
    await runner.sweep([shown()]);
    expect(bench.panel().grid!.sweepPosition).toBe(21);
  });
});

describe("a run", () => {
  it("waits for the one before it, is shown while it waits, and ends nothing", async () => {
    const first = shown();
    const second = putOn(bench, await bench.read("The capital of France is"), ["France"], source);
    const grid = runner.grid(first);
    const waiting = runner.sweep([second]);
    expect(store.state.waiting).toMatchObject([{ name: "Sweep, a.txt:1", on: [second.id] }]);
    expect(bench.panel().progress!.waiting).toMatchObject([{ name: "Sweep, a.txt:1" }]);
    await grid;
    expect(store.intervention(first.id)!.grid).toMatchObject({ state: "complete" });
    await waiting;
    expect(store.state.waiting).toEqual([]);
    expect(store.state.work).toBeNull();
    expect(errors).toEqual([]);
    expect(shown().id).toBe(second.id);
    expect(shown().sweep).toMatchObject({ state: "complete" });
    await runner.sweep([put()]);
  });

  it("of the same kind on the same prompt takes the place of the one that runs, and of the one that waits", async () => {
    const [first, grid] = [runner.sweep([shown()]), runner.grid(shown())];
    const [again, gridAgain] = [runner.sweep([shown()]), runner.grid(shown())];
    expect(store.state.waiting).toHaveLength(1);
    await Promise.all([first, grid, again, gridAgain]);
    expect(shown().sweep).toMatchObject({ state: "complete" });
    expect(shown().grid).toMatchObject({ state: "complete" });
    expect(errors).toEqual([]);
  });

  it("that waits is taken out of the queue, alone or with its prompt, and does not run", async () => {
    const before = shown().sweep!.run;
    const grid = runner.grid(shown());
    const [dropped, cancelled] = [runner.sweep([shown()]), runner.attention(shown())];
    runner.drop(store.state.waiting[0]!.id);
    await dropped;
    runner.cancel(shown().id);
    await Promise.all([grid, cancelled]);
    expect(shown().sweep!.run).toBe(before);
    expect(shown()).toMatchObject({
      attention: null,
      grid: { state: "partial", failure: { code: "cancelled" } },
    });
  });

  it("that broke off does not take its error away by the one that waited", async () => {
    const broken = put();
    store.update(broken.id, () => ({ source: null, pairs: [] }));
    await Promise.all([runner.grid(store.intervention(broken.id)!), runner.attention(broken)]);
    expect(store.state.error).toMatchObject({ code: "bad-condition" });
    errors.length = 0;
    await runner.sweep([put()]);
    expect(store.state.error).toBeNull();
  });

  it("is expected to take as long as runs of its model took, once one has run", async () => {
    const times = new ExpectedTimes(store, supervisor, () => bench.model);
    await times.update();
    const { sweepMs, gridMs } = times.now;
    expect(sweepMs).toBeGreaterThan(0);
    expect(gridMs! / sweepMs!).toBeGreaterThan(3);
    store.update(shown().id, () => ({ source: null, pairs: [] }));
    await times.update();
    expect(times.now).toEqual({ sweepMs: null, gridMs: null });
    times.dispose();
    await runner.sweep([put()]);
  });

  it("of a part of the grid runs that part", async () => {
    await runner.grid(shown(), { align: null, positions: [3, 21, 25], layers: { from: 4, to: 9 } });
    const { grid } = shown();
    expect(grid).toMatchObject({ state: "complete", asked: [3, 21, 25], layers: { from: 4, to: 9 } });
    expect(grid!.columns.flatMap((column, p) => (column ? [p] : []))).toEqual([3, 21, 25]);
    const whole = shown().sweep!.rows.map(({ outcome }) => outcome);
    expect(grid!.columns[21]!.outcome).toEqual(whole.slice(4, 10));
    await runner.sweep([put()]);
  });

  it("that loses its engine says so once, keeps what had come, and the next one works with a new engine", async () => {
    const before = bench.starts;
    const intervention = shown();
    const listening = store.changed.on(() => {
      const came = store.shown?.grid?.columns.filter((column) => column !== null).length ?? 0;
      if (came >= 2 && supervisor.pid !== null && bench.starts === before)
        process.kill(supervisor.pid, "SIGKILL");
    });
    await runner.grid(intervention);
    listening.dispose();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(SwapError);
    expect(errors[0]).toMatchObject({ code: "engine-crashed" });
    expect(store.state.error).toMatchObject({ code: "engine-crashed" });
    expect(shown().grid).toMatchObject({ state: "partial" });
    expect(shown().grid!.columns.filter((column) => column !== null).length).toBeGreaterThanOrEqual(2);
    expect(shown().sweep).toMatchObject({ state: "complete" });
    await runner.sweep([put()]);
    expect(bench.starts).toBe(before + 1);
    expect(shown().sweep).toMatchObject({ state: "complete", flip: { k: 8, of: 12 } });
    expect(store.state.error).toBeNull();
  });
});

describe("the stored demo", () => {
  it("is what the embedded model gives now", () => {
    const file = path.join(root, "media/demo.swap.json");
    const session = parseSession(fs.readFileSync(file, "utf8"));
    const stored = sessionPanel(session);
    expect(stored.sweep).toMatchObject({ state: "complete" });
    const live = shown().sweep!;
    expect(sweepExperiment(session)).toMatchObject({ condition: live.inputs.condition, layers: live.layers });
    expect(stored.sweep!.rows.map((row) => row.top[0]!.id)).toEqual(live.rows.map((row) => row.top[0]!.id));
    expect(stored.sweep!.flip).toEqual(live.flip);
    expect(stored.grid!.columns).toHaveLength(26);
    expect(stored.sweep!.lens!.map((row) => row.top[0]!.id)).toEqual(live.lens!.map((row) => row.top[0]!.id));
    expect(stored.sweep!.facts).toEqual(factsOf(live));
    expect(stored.sentence).toEqual(bench.panel().sentence);
    stored.sweep!.rows.forEach((row, i) => {
      expect(row.targetLogprob).toBeCloseTo(live.rows[i]!.targetLogprob, 3);
    });
  });
});
