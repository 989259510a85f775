/** One recipe through command line and editor: the engine is asked the same, and gives the same. */
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { gridCommand } from "../../src/cli/commands/grid.ts";
import { sweepCommand } from "../../src/cli/commands/sweep.ts";
import { Messages } from "../../src/cli/messages.ts";
import { EngineClient } from "../../src/engine/client/engine-client.ts";
import { newIntervention } from "../../src/extension/interventions/make-intervention.ts";
import type { AnswerChoice } from "../../src/extension/interventions/records.ts";
import { INITIAL_SETUP } from "../../src/extension/interventions/records.ts";
import type { Alignment } from "../../src/shared/condition/parts.ts";
import type { ConditionChoice } from "../../src/shared/condition/condition-choice.ts";
import { toErrorData } from "../../src/shared/errors.ts";
import { optionsOf } from "../support/cli/cli-lines.ts";
import { temporaryFolder } from "../support/cli/cli-support.ts";
import { Bench, setupOf, spanIn, TARGET } from "../support/extension-support.ts";

// The command line finds engine and model beside its bundle, which a test of its sources is not in.
vi.mock("../../src/cli/paths.ts", () => {
  const root = path.resolve(import.meta.dirname, "../..");
  return {
    ENGINE_SCRIPT: path.join(root, "dist/engine.mjs"),
    embeddedModel: () => path.join(root, "media/models/countries-2m"),
  };
});

const SOURCE = "The country Italy";

interface Recipe {
  readonly name: string;
  readonly command: "sweep" | "grid";
  /** Options beside the target prompt. */
  readonly options: readonly string[];
  /** Words of the target prompt whose tokens are chosen; none: by the rule of the condition. */
  readonly words?: readonly string[];
  /** Word of the source prompt; null for conditions that read none. */
  readonly from?: string | null;
  /** As the panel's fields have it. */
  readonly choice?: Partial<ConditionChoice>;
  readonly answers?: Partial<AnswerChoice>;
  readonly align?: Alignment;
}

const swap = (word: string, from: string): string[] => ["--source", SOURCE, "--swap", word, "--with", from];

const RECIPES: readonly Recipe[] = [
  { name: "the demo's swap", command: "sweep", options: swap("France", "Italy") },
  {
    name: "an answer of several tokens, which counts whole",
    command: "sweep",
    options: [...swap("France", "Italy"), "--target-answer", "Paris and Rome", "--source-answer", "Rome"],
    answers: { target: "Paris and Rome", source: "Rome" },
  },
  {
    name: "an answer of several tokens, counted by the first",
    command: "sweep",
    options: [...swap("France", "Italy"), "--target-answer", "Paris and Rome", "--answer", "next-token"],
    answers: { target: "Paris and Rome", scoring: "next-token" },
  },
  {
    name: "found answers of three tokens",
    command: "sweep",
    options: [...swap("France", "Italy"), "--answer-tokens", "3"],
    answers: { scoring: "likelihood", tokens: 3 },
  },
  {
    name: "two tokens for two",
    command: "sweep",
    options: swap("of France", "country Italy"),
    words: ["of France"],
    from: "country Italy",
  },
  {
    name: "the mean of two tokens",
    command: "sweep",
    options: [...swap("France", "country Italy"), "--align", "mean", "--strength", "0.5"],
    from: "country Italy",
    align: "mean",
    choice: { strength: 0.5 },
  },
  {
    name: "noise at all tokens but the last",
    command: "sweep",
    options: ["--condition", "random", "--seeds", "2", "--seed", "3", "--target-answer", "Paris"],
    words: [],
    from: null,
    choice: { kind: "random", seeds: 2, seed: 3 },
    answers: { target: "Paris" },
  },
  {
    name: "a grid with an answer of several tokens",
    command: "grid",
    options: [...swap("France", "Italy"), "--target-answer", "Paris and Rome"],
    answers: { target: "Paris and Rome" },
  },
  ...(["last", "mean"] as const).map((align): Recipe => ({
    name: `a grid from two tokens, ${align}`,
    command: "grid",
    options: [...swap("of France", "country Italy"), "--align", align],
    words: ["of France"],
    from: "country Italy",
    align,
  })),
  {
    name: "a grid from two tokens, which is refused",
    command: "grid",
    options: swap("of France", "country Italy"),
    words: ["of France"],
    from: "country Italy",
  },
  ...(["sweep", "grid"] as const).map((command): Recipe => ({
    name: `two answers that are the same, which a ${command} refuses`,
    command,
    options: [...swap("France", "Italy"), "--target-answer", "Paris", "--source-answer", " Paris"],
    answers: { target: "Paris", source: " Paris" },
  })),
];

/** What a face asked, what it got, and why it refused. */
interface Told {
  readonly asked: unknown;
  readonly got: unknown;
  readonly refused: string | null;
}

const spied = vi.spyOn(EngineClient.prototype, "request");
let bench: Bench;

beforeAll(async () => {
  bench = new Bench();
  await bench.supervisor.open();
});

afterAll(() => {
  bench.supervisor.dispose();
  spied.mockRestore();
});

/** Runs one face, and reads what passed between it and the engine. */
async function told(command: Recipe["command"], run: () => Promise<unknown>): Promise<Told> {
  spied.mockClear();
  const refused = await run().catch((error: unknown) => error);
  const call = spied.mock.calls.findIndex(([method]) => method === command);
  if (call < 0) return { asked: null, got: null, refused: toErrorData(refused).code };
  const got = (await spied.mock.results[call]!.value) as object;
  // The time that a run takes is its own; the lens is asked for by the editor alone.
  return {
    asked: { ...spied.mock.calls[call]![1], lens: null },
    got: { ...got, timing: null, lens: null },
    refused: null,
  };
}

async function byCommandLine({ command, options }: Recipe): Promise<Told> {
  const file = path.join(temporaryFolder(), "result.json");
  const threads = ["--threads", "1", "--json", "-o", file];
  const words = ["--target", TARGET, ...options, ...threads];
  const silent = { write: () => true, isTTY: false } as unknown as NodeJS.WriteStream;
  const messages = new Messages(silent, false);
  return told(command, async () => {
    if (command === "sweep") await sweepCommand(optionsOf("sweep", ...words), messages);
    else await gridCommand(optionsOf("grid", ...words), messages);
  });
}

async function byEditor({ command, words, from, choice, answers, align }: Recipe): Promise<Told> {
  return told(command, async () => {
    const target = await bench.read(TARGET);
    const read = from === null ? null : await bench.read(SOURCE);
    const source = read && { read, span: spanIn(read, from ?? "Italy"), word: null };
    const intervention = newIntervention({
      id: bench.store.newId(),
      target,
      targets: (words ?? ["France"]).map((word) => spanIn(target, word)),
      source,
      align: align ?? null,
      setup: setupOf(choice ?? {}, { answers: { ...INITIAL_SETUP.answers, ...answers } }),
    });
    bench.store.put(intervention);
    bench.errors.length = 0;
    await (command === "sweep" ? bench.runner.sweep([intervention]) : bench.runner.grid(intervention));
    if (bench.errors.length > 0) throw bench.errors[0] as Error;
  });
}

describe.each(RECIPES)("$command: $name", (recipe) => {
  test("is the same question with the same answer on both faces", async () => {
    const line = await byCommandLine(recipe);
    const editor = await byEditor(recipe);
    expect(editor).toEqual(line);
    expect(line.refused !== null).toBe(recipe.name.includes("refuse"));
  });
});
