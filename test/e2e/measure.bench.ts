/**
 * The packed and installed extension: what activation costs, the chord to its first inline row beside the bare command line and
 * engine, bundle sizes. Times are reported; sizes alone have bounds.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { EngineClient } from "../../src/engine/client/engine-client.ts";
import { promptOf } from "../../src/shared/experiment/experiment.ts";
import { packVsix } from "../../tools/package.mjs";
import { targetHere } from "../../tools/stage.mjs";
import { inlineText } from "./marks.ts";
import { engineProcesses, outputFolder, startSession } from "./session.ts";
import type { Session } from "./session.ts";

const root = join(import.meta.dirname, "../..");
/** For an engine that runs, and for one that is started: twice, since it is not started again after three ends in three minutes. */
const warmCountries = ["Spain", "France", "Japan", "Germany", "Poland"];
const coldCountries = ["Norway", "Greece"];
const countries = [...warmCountries, ...coldCountries];
const file = "measure.txt";
/** One paragraph for each country, two lines and a blank one; the source stands in front. */
const promptOn = (name: string): string => `Q: What is the capital of ${name}? \n A:`;
const text = `The country Italy\n\n${countries.map((name) => `${promptOn(name)}\n`).join("\n")}`;
const runs = 5;
const measures: Record<string, unknown> = {};

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

describe.skipIf(inject("e2e").skip !== null)("measures", () => {
  let session: Session;
  const packages = mkdtempSync(join(tmpdir(), "state-swap-measured-"));

  /** From the last key of the chord on a country's name to the first row in the text behind its line. */
  const chordMs = async (name: string): Promise<number> => {
    const { workbench, page } = session;
    await workbench.selectByKeyboard(file, { text: name });
    await page.keyboard.press("Control+K");
    const measured = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const rows = (): number =>
            [...document.querySelectorAll(".view-line span")].filter((span) =>
              // Answers alone stand in quotes.
              getComputedStyle(span, "::after").content.includes("“"),
            ).length;
          const before = rows();
          const onKey = (event: KeyboardEvent): void => {
            // The last key of the chord; Shift comes before it.
            if (event.key !== "V") return;
            window.removeEventListener("keydown", onKey, true);
            const look = (): void => {
              if (rows() > before) resolve(performance.now() - event.timeStamp);
              else requestAnimationFrame(look);
            };
            look();
          };
          window.addEventListener("keydown", onKey, true);
        }),
    );
    // The page must listen before the key comes.
    await page.evaluate(() => undefined);
    await page.keyboard.press("Shift+V");
    const time = await measured;
    await expect
      .poll(() => inlineText(workbench.editor(file), 3 * countries.indexOf(name) + 4))
      .toMatch(/^(flip|no flip|never changes)/);
    return Math.round(time);
  };

  beforeAll(async () => {
    session = await startSession({
      name: "measure",
      vsix: await packVsix(targetHere(), packages),
      extensions: [join(import.meta.dirname, "activation-clock")],
      files: { [file]: text },
      // Tall: the list of running extensions draws only what is visible, the slowest first.
      viewport: { width: 1280, height: 2400 },
      settings: { "workbench.editor.useModal": "off" },
    });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    writeFileSync(join(outputFolder, "measures.json"), `${JSON.stringify(measures, null, 2)}\n`);
    console.log(measures);
    await session.stop();
    rmSync(packages, { recursive: true, force: true });
  });

  it("keeps the bundles small", () => {
    const kilobytes = (name: string): number => statSync(join(root, "dist", name)).size / 1000;
    const pieces = readdirSync(join(root, "dist/extension")).filter((name) => name.endsWith(".cjs"));
    const entry = kilobytes("extension.cjs");
    const host = entry + pieces.reduce((sum, name) => sum + kilobytes(`extension/${name}`), 0);
    const webview = kilobytes("webview.js");
    measures.bundlesKB = {
      entry,
      host,
      webview,
      webviewStyle: kilobytes("webview.css"),
      engine: kilobytes("engine.mjs"),
    };
    // Activation reads the entry alone.
    expect(entry).toBeLessThan(5);
    expect(host).toBeLessThan(580);
    expect(webview).toBeLessThan(300);
  });

  it("activates fast, and only when it is used", async () => {
    const { workbench, server } = session;
    const times: { activation: Cost; firstCommand: Cost }[] = [];
    const result = join(server.workspace, "activation.json");
    for (let run = 0; run < runs; run++) {
      if (run > 0) await workbench.open(server.url);
      // It refuses to measure what is active already.
      await workbench.run("Measure Activation");
      await expect.poll(() => statSync(result, { throwIfNoEntry: false })?.size ?? 0).toBeGreaterThan(0);
      times.push(JSON.parse(readFileSync(result, "utf8")) as (typeof times)[number]);
      rmSync(result);
    }
    const medians = (costs: readonly Cost[]): Cost => ({
      cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
      wallMs: median(costs.map(({ wallMs }) => wallMs)),
    });
    measures.activation = medians(times.map((time) => time.activation));
    measures.firstCommand = medians(times.map((time) => time.firstCommand));
  });

  it("shows the first row soon after the keystroke, on an open model", async () => {
    const { workbench } = session;
    await workbench.openFile(file);
    await workbench.selectByKeyboard(file, { text: "Italy" });
    await workbench.run("State Swap: Copy State");
    await expect.poll(() => inlineText(workbench.editor(file), 1)).toContain("state copied");
    const open: number[] = [];
    for (const name of warmCountries) open.push(await chordMs(name));
    // Its engine is gone: it is started, and the model opened, as the command line does each time.
    const cold: number[] = [];
    for (const name of coldCountries) {
      for (const pid of engineProcesses(session.server)) process.kill(pid, "SIGKILL");
      await expect.poll(() => engineProcesses(session.server)).toEqual([]);
      cold.push(await chordMs(name));
    }
    // The first is for warming up.
    const [chord, coldChord] = [median(open.slice(1)), Math.min(...cold)];
    const [commandLine, engine] = [await commandLineMs(), await engineMs()];
    measures.firstRowMs = { chord, coldChord, commandLine, engine, open, cold };
    measures.chordToCommandLine = chord / commandLine;
    measures.coldChordToCommandLine = coldChord / commandLine;
  });
});

interface Cost {
  readonly cpuMs: number;
  readonly wallMs: number;
}

/** From the start of the command line's process to its first row, on the same prompts. */
async function commandLineMs(): Promise<number> {
  const times: number[] = [];
  for (const name of warmCountries) {
    const startedAt = performance.now();
    const args = ["sweep", "--target", promptOn(name), "--swap", name, "--with", "Italy"];
    const child = spawn(
      process.execPath,
      [join(root, "dist/cli.mjs"), ...args, "--source", "The country Italy"],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let printed = "";
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.stdout.on("data", (data: Buffer) => {
      const before = firstRow.test(printed);
      printed += data.toString();
      if (!before && firstRow.test(printed)) times.push(performance.now() - startedAt);
    });
    await ended;
  }
  expect(times, "rows of the command line").toHaveLength(warmCountries.length);
  return median(times);
}

/** The table's row for k = 0. */
const firstRow = /^ *0 {2}/m;

/** From the request to the first row, of an engine that has the model open. */
async function engineMs(): Promise<number> {
  const client = await EngineClient.start({
    script: join(root, "dist/engine.mjs"),
    execPath: process.execPath,
    onLog: () => undefined,
  });
  const path = join(root, "media/models/countries-2m");
  const { blocks } = await client.request("open", { path, file: null, threads: 2, runtime: "auto" });
  const source = await client.request("tokenize", { text: "The country Italy", bos: "auto" });
  const times: number[] = [];
  for (const name of warmCountries) {
    const target = await client.request("tokenize", { text: promptOn(name), bos: "auto" });
    const at = target.tokens.findIndex((token) => token.text === ` ${name}`);
    const startedAt = performance.now();
    let first = 0;
    await client.request(
      "sweep",
      {
        target: promptOf(target),
        source: promptOf(source),
        condition: {
          kind: "swap",
          align: null,
          pairs: [{ target: at, source: [source.tokens.length - 1] }],
          sourceLayer: null,
          strength: 1,
        },
        layers: { from: 0, to: blocks - 1 },
        answers: { target: null, source: null, scoring: "next-token", tokens: 1 },
        top: 5,
        lens: true,
      },
      {
        onProgress: ({ kind }) => {
          if (kind === "row" && first === 0) first = performance.now() - startedAt;
        },
      },
    );
    times.push(first);
  }
  await client.stop();
  return median(times);
}
