/** Every condition from the panel and from the command line: the same numbers; answers, continuation, controls beside it. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import type { ConditionKind } from "../../src/shared/condition/condition.ts";
import { descriptorOf } from "../../src/shared/condition/condition.ts";
import { OUTCOME_MARK, rowPerK } from "../../src/shared/experiment/outcome.ts";
import type { Continuation, SweepResult, SweepRow } from "../../src/shared/experiment/result.ts";
import { visibleText } from "../../src/shared/text/shown-text.ts";
import { CURVE_METRICS } from "../../webview/figures/curve-metric.ts";
import { probabilityText } from "../../src/shared/text/format.ts";
import { inlineText } from "./marks.ts";
import type { Session } from "./session.ts";
import { startSession } from "./session.ts";

const root = join(import.meta.dirname, "../..");
const file = "capitals.txt";
const targetLine = 6;
const [source, , ...target] = readFileSync(join(root, "samples", file), "utf8")
  .split("\n")
  .slice(0, 6);
const prompts = ["--target", target.join("\n"), "--source", source!];
const swap = ["--swap", "France", "--with", "Italy"];

/** What the command line says of the same experiment on the embedded model. */
async function commandLine(args: readonly string[]): Promise<SweepResult> {
  const cli = join(root, "dist/cli.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [cli, "sweep", ...args, "--json"], {
    maxBuffer: 1 << 26,
  });
  return JSON.parse(stdout) as SweepResult;
}

/** A continuation as the panel writes it. */
function shownText({ text, endedBy }: Continuation): string {
  return endedBy === "end" ? `${text} (end of text)` : text;
}

describe.skipIf(inject("e2e").skip !== null)("every condition", () => {
  let session: Session;

  beforeAll(async () => {
    session = await startSession({ name: "conditions", viewport: { width: 1280, height: 1280 } });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    await session.stop();
  });

  it("starts from a swap", async () => {
    const { workbench } = session;
    await workbench.openFile(file);
    await workbench.selectByKeyboard(file, { text: "Italy" });
    await workbench.run("State Swap: Copy State");
    await expect.poll(() => inlineText(workbench.editor(file), 1)).toContain("state copied");
    await workbench.selectByKeyboard(file, { text: "France" });
    await workbench.run("State Swap: Swap State Here");
    await expect.poll(() => inlineText(workbench.editor(file), targetLine)).toContain("flip ");
    await workbench.run("State Swap: Open Panel");
    await workbench.setSideBarWidth(450);
  });

  /** Titles of the sweep's cells: the answers of every row, by k and seed. */
  const cellTitles = async (): Promise<string[]> =>
    (await session.panel.frame())
      .locator(".layers .strip:not(.preview) .strip-cell")
      .evaluateAll((cells) => cells.map((cell) => cell.getAttribute("title") ?? ""));

  /** `★ target in 3 of 5 seeds: `, by the outcome that is told of a k. */
  const shareOf = (rows: readonly SweepRow[]): string => {
    if (rows.length < 2) return "";
    const told = rowPerK(rows.map(({ k, outcome, top }) => ({ k, outcome, answer: top[0]!.text })));
    const { outcome } = told[0]!;
    const share = rows.filter((row) => row.outcome === outcome).length;
    return `${OUTCOME_MARK[outcome]} ${outcome} in ${share} of ${rows.length} seeds: `;
  };

  const expectedTitle = (rows: readonly SweepRow[], k: number): string => {
    const said = rows.map(({ seed, outcome, top }) => {
      const which = seed === undefined ? "" : `seed ${seed} `;
      return `${which}${OUTCOME_MARK[outcome]} ${visibleText(top[0]!.text)} (${outcome})`;
    });
    if (said.length === 0) return `k = ${k}: outside the range`;
    return `k = ${k}: ${shareOf(rows)}${said.join(", ")}`;
  };

  /** Runs what is chosen, and waits until the panel's answers are those of the command line. */
  const runAndCompare = async (result: SweepResult): Promise<void> => {
    const { panel } = session;
    await panel.run();
    const expected = Array.from({ length: result.model.blocks }, (_, k) =>
      expectedTitle(
        result.rows.filter((row) => row.k === k),
        k,
      ),
    );
    await expect.poll(cellTitles).toEqual(expected);
    await expect.poll(() => panel.isStale()).toBe(false);
    const letters = { source: "S", target: "T", neither: "n" } as const;
    const told = result.rows.map((row) => ({ k: row.k, outcome: row.outcome, answer: row.top[0]!.text }));
    const strip = await panel.stripLetters();
    for (const { k, outcome } of rowPerK(told)) expect(strip[k]).toBe(letters[outcome]);
  };

  /** The numbers under the answers at a k, by their names. */
  const numbersAt = async (k: number): Promise<Record<string, string>> => {
    const frame = await session.panel.frame();
    await frame.locator(`.layers .strip:not(.preview) .strip-cell[data-k="${k}"]`).click();
    await expect
      .poll(() => frame.locator("#title-answers").innerText())
      .toMatch(new RegExp(`k = ${k}$`, "i"));
    const facts = await frame
      .locator(".section-answers .facts > div")
      .evaluateAll((all) =>
        all.map((one) => [
          one.querySelector("dt")?.textContent ?? "",
          one.querySelector("dd")?.textContent ?? "",
        ]),
      );
    return Object.fromEntries(facts) as Record<string, string>;
  };

  const compareNumbers = async (result: SweepResult): Promise<void> => {
    const ks = [...new Set(result.rows.map((row) => row.k))];
    for (const k of [ks[0]!, ks[Math.floor(ks.length / 2)]!, ks.at(-1)!]) {
      const row = result.rows.find((one) => one.k === k)!;
      const numbers = await numbersAt(k);
      const name = result.answers.target.text.trim();
      expect(numbers[`p(${name})`]).toBe(probabilityText(row.targetLogprob));
      expect(numbers.KL).toBe(CURVE_METRICS.kl.write(row.klToBaseline));
      expect(numbers.recovery).toBe(row.recovery === null ? "–" : CURVE_METRICS.recovery.write(row.recovery));
    }
  };

  const choose = async (kind: ConditionKind): Promise<void> => {
    const frame = await session.panel.frame();
    await frame.locator(".condition-line").click();
    await frame.locator(`.condition-card[data-kind="${kind}"]`).click();
    await expect.poll(() => frame.locator(".condition-line b").innerText()).toBe(descriptorOf(kind).name());
  };

  const type = async (name: string, text: string): Promise<void> => {
    const field = (await session.panel.openSetup()).getByRole("textbox", { name, exact: true });
    await field.fill(text);
    await field.press("Enter");
  };

  const cases: readonly (readonly [ConditionKind, readonly string[]])[] = [
    ["random", ["--seeds", "3"]],
    ["shuffle", ["--seeds", "3"]],
    ["freeze", []],
    ["skip-attention", []],
    ["zero", []],
    ["mean", []],
    ["identity", []],
  ];

  it.each(cases)("%s gives the same numbers in panel and command line", async (kind, options) => {
    const { panel, workbench } = session;
    await choose(kind);
    await expect.poll(() => panel.isStale()).toBe(true);
    if (options.length > 0) await type("Number of seeds", "3");
    const result = await commandLine(["--target", target.join("\n"), "--condition", kind, ...options]);
    await runAndCompare(result);
    await compareNumbers(result);
    const inline = await inlineText(workbench.editor(file), targetLine);
    expect(inline.toLowerCase()).toContain(descriptorOf(kind).name().toLowerCase());
    await session.shot(kind);
  });

  it("swap in part and across layers gives the same numbers", async () => {
    await choose("swap");
    await type("Strength, 0 to 1", "0.75");
    const frame = await session.panel.frame();
    await frame.getByRole("checkbox", { name: "same as k" }).click();
    await type("Source layer", "4");
    const result = await commandLine([...prompts, ...swap, "--strength", "0.75", "--source-layer", "4"]);
    await runAndCompare(result);
    await compareNumbers(result);
    await session.shot("swap-across-layers");
    await type("Strength, 0 to 1", "1");
    await session.panel.openSetup();
    await frame.getByRole("checkbox", { name: "same as k" }).click();
    await runAndCompare(await commandLine([...prompts, ...swap]));
  });

  it("scores an answer of several tokens by its likelihood", async () => {
    const frame = await session.panel.openSetup();
    await frame.getByRole("button", { name: "Change answers" }).click();
    await type("Source answer", "Rome Paris");
    await frame.getByRole("combobox", { name: "How answers count" }).click();
    await frame.getByRole("option", { name: "Whole answer" }).click();
    await expect
      .poll(() => frame.locator(".answers-line").innerText())
      .toContain("◆ Rome Paris · whole answer");
    const result = await commandLine([
      ...prompts,
      ...swap,
      "--source-answer",
      "Rome Paris",
      "--answer",
      "full",
    ]);
    expect(result.answers.source!.ids).toHaveLength(2);
    await runAndCompare(result);
    await frame.getByRole("combobox", { name: "Metric of the curve" }).click();
    await frame.getByRole("option", { name: "Log-probability" }).click();
    const [first, last] = [result.rows[0]!, result.rows.at(-1)!];
    const write = (value: number): string => CURVE_METRICS.logprob.write(value);
    await expect
      .poll(() => frame.locator(".curve svg").getAttribute("aria-label"))
      .toContain(
        `${write(first.sourceLogprob!)} at k = ${first.k}, ${write(last.sourceLogprob!)} at k = ${last.k}`,
      );
    await session.shot("whole-answer");
    await type("Source answer", "");
    await frame.getByRole("combobox", { name: "How answers count" }).click();
    await frame.getByRole("option", { name: "Next token" }).click();
    await runAndCompare(await commandLine([...prompts, ...swap]));
  });

  it("continues the text, unpatched beside patched", async () => {
    const frame = await session.panel.frame();
    await numbersAt(2);
    await type("Tokens to generate", "5");
    await session.panel.press("Continue");
    const { continuations } = await commandLine([...prompts, ...swap, "--continue", "5", "--layers", "2"]);
    await expect
      .poll(() => frame.locator(".said blockquote").evaluateAll((all) => all.map((one) => one.textContent)))
      .toEqual([continuations!.baseline, continuations!.rows[0]!].map(shownText));
    expect(continuations!.baseline.ids).not.toEqual(continuations!.rows[0]!.ids);
    await frame.locator(".continuation").scrollIntoViewIfNeeded();
    await session.shot("continuation");
  });

  it("runs the controls beside the result", async () => {
    const frame = await session.panel.frame();
    await session.panel.press("Run Controls");
    await expect.poll(() => frame.locator(".control-run").count()).toBe(3);
    await expect
      .poll(() => frame.locator(".control-run").nth(0).innerText())
      .toContain("Nothing changes for k 0–11, as it must");
    const { controls } = await commandLine([...prompts, ...swap, "--controls"]);
    await expect
      .poll(() => frame.locator(".control-run").nth(1).locator(".seed-stack i").count())
      .toBe(controls!.find(({ name }) => name === "random")!.rows.length);
    await expect.poll(() => frame.locator(".control-verdict").count()).toBe(3);
    await frame.locator(".section-controls").scrollIntoViewIfNeeded();
    await session.shot("controls");
  });

  it("shows the attention of the last token", async () => {
    const frame = await session.panel.openSetup();
    await session.panel.press("Show Attention");
    const { attention } = await commandLine([...prompts, ...swap, "--attention", "--layers", "2"]);
    await expect
      .poll(() => frame.locator(".chips.target .chip-attention").count())
      .toBe(attention![0]!.length);
    await session.shot("attention");
  });

  it("runs a condition from the editor, on the prompt at the cursor", async () => {
    const { workbench, panel } = session;
    await workbench.goTo(5, 5);
    await workbench.run("State Swap: Run Condition…");
    // The list draws only the rows that fit.
    for (const kind of ["swap", "random", "freeze", "skip-attention"] as const) {
      await workbench.quickPickRow(descriptorOf(kind).name()).first().waitFor();
    }
    await session.shot("run-condition-list");
    await workbench.quickPickRow("Freeze").first().click();
    const result = await commandLine(["--target", target.join("\n"), "--condition", "freeze"]);
    const letters = { source: "S", target: "T", neither: "n" } as const;
    const expected = `-${result.rows.map((row) => letters[row.outcome]).join("")}`;
    await expect.poll(() => panel.stripLetters()).toBe(expected);
    await expect.poll(() => inlineText(workbench.editor(file), targetLine)).toMatch(/← .*freeze/i);
    await session.shot("run-condition");
  });

  it("asked no other host for anything and raised no toast", async () => {
    expect(session.outside).toEqual([]);
    expect(await session.workbench.toasts()).toEqual([]);
  });
});
