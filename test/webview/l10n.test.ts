/** The pages in a language that nobody speaks: no plain English word is left, and a third more letters break no layout. */
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { conventionText } from "../../src/shared/words/facts.ts";
import { htmlPage } from "../../src/shared/export/html-page.ts";
import type { Language } from "../../src/shared/text/language.ts";
import { setLanguage } from "../../src/shared/text/language.ts";
import { part, textOf } from "../../src/shared/words/parts.ts";
import { verdictHead } from "../../src/shared/words/verdict-head.ts";
import { verdict } from "../../src/shared/words/verdict.ts";
import type { PanelState, PanelSweep } from "../../src/shared/protocol/panel.ts";
import { sessionPanel } from "../../src/shared/session/session-panel.ts";
import type { ComparisonView, SessionView } from "../../src/shared/protocol/session-page.ts";
import { plainWords, pseudo, pseudoLanguage, wordsOf } from "../support/pseudo-language.ts";
import { violations } from "../support/axe.ts";
import { DEMO_SESSION } from "../support/session/session-of-results.ts";
import * as snapshots from "../support/panel/snapshots.ts";
import type { Bundle, Panel, PanelOptions } from "./harness.ts";
import { bundleWebview, canRun, openPanel, outputFolder, startBrowser } from "./harness.ts";
import { overflowing } from "./overflow.ts";

/** Names, examples and symbols that no language changes; the rest of what is unchanged stands in the data that is shown. */
const SYMBOLS = "State Swap id KL Ctrl Shift Italy France q4_1 exact auto";

/** A fixture as a host of the other language would send it: its own words are not English either. */
function told(state: PanelState): PanelState {
  const { model, sweep, grid, progress, error } = state;
  return {
    ...state,
    sentence: [part(pseudo(textOf(state.sentence)))],
    model: {
      ...model,
      tag: model.tag && { label: pseudo(model.tag.label), description: pseudo(model.tag.description) },
    },
    sweep: sweep && toldSweep(sweep, model.blocks),
    runs: state.runs.map((run) => ({
      ...run,
      name: pseudo(run.name),
      sentence: pseudo(run.sentence),
      verdict: pseudo(run.verdict),
    })),
    grid,
    progress: progress && { ...progress, label: pseudo(progress.label) },
    error: error && { ...error, message: pseudo(error.message), hint: pseudo(error.hint) },
  };
}

function toldSweep(sweep: PanelSweep, blocks: number): PanelSweep {
  return {
    ...sweep,
    headline: verdictHead(sweep.rows, { kind: sweep.kind, blocks, givesTarget: true }),
    verdict: verdict(sweep.rows, { kind: sweep.kind, blocks, givesTarget: true }),
    facts: {
      ...sweep.facts,
      convention: conventionText(sweep.facts.convention),
      bos: pseudo(sweep.facts.bos),
    },
    standing: sweep.standing.kind === "fresh" ? sweep.standing : { kind: "partial", reason: "cancelled" },
    controls:
      sweep.controls?.map((control) => ({
        ...control,
        sentence: pseudo(control.sentence),
        verdict: [part(pseudo(textOf(control.verdict)))],
      })) ?? null,
  };
}

/** Words of tokens, answers, names of files and models: of the data, not of the product. */
function dataWords(state: PanelState): Set<string> {
  const { model, source, target, sweep, grid } = state;
  const texts = [source, target].flatMap((prompt) =>
    prompt ? [prompt.label, ...prompt.tokens.map((token) => token.text)] : [],
  );
  const rows = [...(sweep?.rows ?? []), ...state.runs.flatMap((run) => run.rows)];
  const tops = [...rows, ...(sweep?.lens ?? [])].flatMap(({ top }) => top.map(({ text }) => text));
  const said = sweep?.continuations
    ? [sweep.continuations.baseline.text, ...sweep.continuations.rows.map((row) => row.text)]
    : [];
  return wordsOf([
    ...[SYMBOLS, model.name, model.numeric, sweep?.facts.numeric ?? "", ...texts, ...tops, ...said],
    ...[...(sweep?.baseline ?? []).map(({ text }) => text), ...Object.values(grid?.texts ?? {})],
    ...(sweep?.controls ?? []).flatMap(({ rows }) => rows.flatMap(({ top }) => top.map(({ text }) => text))),
    ...[sweep?.answers?.source?.text ?? "", sweep?.answers?.target.text ?? ""],
    ...(state.many?.rows ?? []).flatMap((row) => [
      ...[row.label, row.prompt, row.target, row.source, row.targetAnswer, row.sourceAnswer],
      // Said by the host, in its language.
      ...[row.failure?.message ?? "", row.failure?.hint ?? ""],
    ]),
    ...(state.progress?.waiting ?? []).map(({ name }) => name),
  ]);
}

/** Everything that a page shows, says or writes into a field, also inside its controls. */
async function textsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const read = ["aria-label", "aria-description", "aria-valuetext", "title", "placeholder", "alt"];
    const found: string[] = [];
    const visit = (node: Node): void => {
      if (node instanceof Text) found.push(node.data);
      if (node instanceof Element) {
        if (node.matches("script, style, defs")) return;
        for (const name of read) found.push(node.getAttribute(name) ?? "");
        if (node.shadowRoot) visit(node.shadowRoot);
      }
      node.childNodes.forEach(visit);
    };
    visit(document.body);
    return found.map((text) => text.trim()).filter((text) => text !== "");
  });
}

async function plainIn(page: Page, allowed: ReadonlySet<string>): Promise<string[]> {
  return (await textsOf(page)).filter((text) => plainWords(text, allowed).length > 0);
}

const STATES: readonly (readonly [string, PanelState])[] = [
  ...snapshots.PANEL_STATES,
  ["unrun", { ...snapshots.DEMO_STATE, sweep: null, grid: null }],
  ["unsourced", { ...snapshots.DEMO_STATE, source: null, sweep: null, grid: null }],
  [
    "restricted",
    {
      ...snapshots.EMPTY_STATE,
      restricted: true,
      model: { ...snapshots.DEMO_STATE.model, status: "failed" },
    },
  ],
];

describe.skipIf(!canRun())("in another language", () => {
  let browser: Browser;
  let bundle: Bundle;
  let language: Language;
  const open: Panel[] = [];
  beforeAll(async () => {
    [browser, bundle] = await Promise.all([startBrowser(), bundleWebview()]);
    language = pseudoLanguage();
    setLanguage(language);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((panel) => panel.close()));
  });
  afterAll(async () => {
    setLanguage({ tag: "en", texts: {} });
    await browser.close();
  });
  const show = async (state: PanelState, options: PanelOptions = {}): Promise<Panel> => {
    const panel = await openPanel(browser, bundle, { setup: true, ...options, language, state: told(state) });
    open.push(panel);
    // Progress shows after a moment.
    if (state.progress) await panel.page.locator(".progress").waitFor();
    return panel;
  };
  const picture = (panel: Panel, name: string): Promise<Buffer> =>
    panel.page.screenshot({ path: join(outputFolder, `l10n-${name}.png`), fullPage: true });

  for (const [name, state] of STATES) {
    it(`the panel (${name}) is translated, and nothing is cut off at 250 px`, async () => {
      const panel = await show(state, { width: 250 });
      expect((await textsOf(panel.page)).length).toBeGreaterThan(10);
      expect(await plainIn(panel.page, dataWords(state))).toEqual([]);
      expect(await overflowing(panel)).toEqual([]);
      expect(await violations(panel.page)).toEqual([]);
      await picture(panel, `${name}-250`);
    });
  }

  it("lists of conditions, answers' fields, tables and the comparison with the unpatched run are translated", async () => {
    const state = snapshots.BESIDE_STATE;
    const panel = await show(state, { width: 250 });
    const { page } = panel;
    await page.locator(".condition-line").click();
    await page.locator(".condition-card").first().waitFor();
    await page.locator(".answers-line button").click();
    await page.keyboard.press("Escape");
    for (const box of await page.locator("vscode-checkbox").all()) await box.click();
    await page.locator("[role=checkbox].icon-button").click();
    await page.locator(".heat-table").waitFor();
    expect(await plainIn(page, dataWords(state))).toEqual([]);
    expect(await overflowing(panel)).toEqual([]);
    await picture(panel, "open-250");
  });

  it.each(["random", "zero", "vectors", "skip-attention"] as const)(
    "the options of %s are translated",
    async (kind) => {
      const { DEMO_STATE } = snapshots;
      const choice = { ...DEMO_STATE.condition.choice, kind, seeds: 3, strength: 0.5, sourceLayer: 2 };
      const state: PanelState = {
        ...DEMO_STATE,
        condition: { ...DEMO_STATE.condition, choice, hasBos: true, skipsAttention: false },
        answers: { ...DEMO_STATE.answers, scoring: "likelihood" },
      };
      const panel = await show(state, { width: 250 });
      await panel.page.locator(".answers-line button").click();
      await panel.page.locator(".condition-line").click();
      expect(await plainIn(panel.page, dataWords(state))).toEqual([]);
      expect(await overflowing(panel)).toEqual([]);
    },
  );

  it("the verdict keeps its marks: answers are found in it in any order of words", async () => {
    const { page } = await show(snapshots.DEMO_STATE);
    const marked = await page.locator(".verdict-runs b").allInnerTexts();
    expect(marked).toEqual(["◆ Rome", "★ Paris"]);
  });

  it("a broken-off run is still told from an old one", async () => {
    const { page } = await show(snapshots.TROUBLED_STATE);
    expect(await page.locator(".notice.stale b").first().innerText()).toBe(pseudo("Incomplete."));
  });

  it("a session's page is translated, with a comparison and with damage", async () => {
    const panel = sessionPanel(DEMO_SESSION);
    const view = (part: Partial<SessionView>): SessionView => ({
      file: "Rome.swap.json",
      panel,
      facts: [],
      damage: null,
      rerun: null,
      progress: null,
      error: null,
      ...part,
    });
    const rerun = {
      summary: pseudo("Differs."),
      isSame: false,
      lines: [{ place: "k = 1", quantity: "Rome", stored: "Rome", now: "Paris" }],
      more: 3,
    };
    for (const one of [
      view({ rerun }),
      view({ panel: null, damage: { message: pseudo("Damaged."), hint: pseudo("Restore it.") } }),
      view({ progress: { label: pseudo("Sweep"), done: 1, total: 2, cancellable: true } }),
    ]) {
      const opened = await openPanel(browser, bundle, { width: 250, view: "session", language });
      open.push(opened);
      await opened.sendMessage({ type: "session", view: one });
      if (one.progress) await opened.page.locator(".progress").waitFor();
      const allowed = new Set([...dataWords(panel), ...wordsOf(["Rome.swap.json"])]);
      expect(await plainIn(opened.page, allowed)).toEqual([]);
      expect(await overflowing(opened)).toEqual([]);
    }
  });

  it("two sessions side by side are translated", async () => {
    const panel = sessionPanel(DEMO_SESSION);
    const side = { file: "Rome.swap.json", panel, facts: [], damage: null };
    const { layers, columns } = snapshots.DEMO_STATE.grid!;
    const numbers = columns.map((column) => column?.logitDifference ?? []);
    const view: ComparisonView = {
      files: ["a", "b"],
      sides: [
        { ...side, panel: told(snapshots.DEMO_STATE) },
        { ...side, panel: told(snapshots.DEMO_STATE) },
      ],
      map: {
        quantity: pseudo("Logit difference"),
        towards: "source",
        layers,
        values: numbers,
        changed: numbers.map((row) => row.map((_, i) => i % 2 === 0)),
        extent: 9,
      },
      names: ["A", "B"],
      finding: pseudo("The same prompt."),
      notes: [pseudo("They differ in: strength.")],
    };
    const opened = await openPanel(browser, bundle, { width: 1200, view: "comparison", language });
    open.push(opened);
    await opened.sendMessage({ type: "comparison", view });
    await opened.page.locator(".difference .heat").focus();
    const allowed = new Set([...dataWords(snapshots.DEMO_STATE), ...wordsOf(["Rome.swap.json"])]);
    expect(await plainIn(opened.page, allowed)).toEqual([]);
    await picture(opened, "comparison-1200");
  });

  it("an exported page is in the language of who exported it, and says which", async () => {
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, "../../webview/export/export-page.tsx")],
      outdir: "out",
      bundle: true,
      minify: true,
      write: false,
      format: "iife",
      target: "chrome120",
      logLevel: "silent",
      jsx: "automatic",
      jsxImportSource: "preact",
    });
    const file = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))!.text;
    const { createHash } = await import("node:crypto");
    const html = await htmlPage(DEMO_SESSION, { script: file(".js"), style: file(".css") }, (text) =>
      Promise.resolve(createHash("sha256").update(text, "utf8").digest("base64")),
    );
    const page = await browser.newPage();
    await page.route("**/*", (route) => route.fulfill({ contentType: "text/html", body: html }));
    await page.goto("http://export.test/");
    await page.locator(".verdict").waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("qps-ploc");
    const { model, label } = DEMO_SESSION;
    const allowed = new Set([
      ...dataWords(sessionPanel(DEMO_SESSION)),
      ...wordsOf([model.file, model.name, label, model.numeric, "sha256"]),
    ]);
    expect(await plainIn(page, allowed)).toEqual([]);
    await page.close();
  });
});
