/** One recipe through command line and editor: the engine is asked the same, and gives the same. */
import * as fs from "node:fs";
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
import type { Note } from "../../src/shared/experiment/notes.ts";
import type { GridResult, NoteResult, SweepResult } from "../../src/shared/experiment/result.ts";
import type { BosPolicy } from "../../src/shared/prompt/tokens.ts";
import { notesResult } from "../../src/shared/words/notes.ts";
import { optionsOf } from "../support/cli/cli-lines.ts";
import { fixture, temporaryFolder } from "../support/cli/cli-support.ts";
import { Bench, setupOf, spanIn, TARGET } from "../support/extension-support.ts";

// The command line finds engine and model beside its bundle, which a test of its sources is not in.
vi.mock("../../src/cli/paths.ts", () => {
  const root = path.resolve(import.meta.dirname, "../..");
  return {
    CACHE_FOLDER: null,
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
  readonly target?: string;
  /** On the model whose tokenizer adds a BOS token. */
  readonly bos?: BosPolicy;
  /** Codes of what both faces note. */
  readonly notes?: readonly Note["code"][];
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
    notes: ["first-token-decides"],
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
  ...(["sweep", "grid"] as const).map((command): Recipe => ({
    name: "tokens counted from the end",
    command,
    options: swap("@-5", "@last"),
  })),
  {
    name: "ranges counted from the end",
    command: "sweep",
    options: swap("@-6..-5", "@-2..last"),
    words: ["of France"],
    from: "country Italy",
  },
  {
    name: "a list counted from the end",
    command: "sweep",
    options: ["--condition", "random", "--positions", "@-6..-5,last"],
    words: ["of France", ":"],
    from: null,
    choice: { kind: "random", where: "chosen" },
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
    name: "random vectors at an angle",
    command: "sweep",
    options: ["--condition", "angle", "--angle", "22.5", "--seeds", "2"],
    words: [],
    from: null,
    choice: { kind: "angle", seeds: 2, numbers: { angle: 22.5 } },
  },
  {
    name: "a grid with an answer of several tokens",
    command: "grid",
    options: [...swap("France", "Italy"), "--target-answer", "Paris and Rome"],
    answers: { target: "Paris and Rome" },
    notes: ["first-token-decides"],
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

const BOS_TARGET = "<s>The capital of France is Paris. The capital of Italy is";
const BOS_SOURCE = "The capital of Spain is";
const bosSwap = ["--source", BOS_SOURCE, "--swap", "Italy", "--with", "Spain"];

const NOTED: readonly Recipe[] = [
  ...(["sweep", "grid"] as const).map((command): Recipe => ({
    name: "a target answer that the unpatched model does not give",
    command,
    options: [...swap("France", "Italy"), "--target-answer", "Lyon"],
    answers: { target: "Lyon" },
    notes:
      command === "sweep"
        ? ["lengths-differ", "target-answer-not-baseline"]
        : ["first-token-decides", "target-answer-not-baseline"],
  })),
  {
    name: "two answers that begin alike",
    command: "sweep",
    options: [
      ...[...swap("France", "Italy"), "--answer", "next-token"],
      ...["--target-answer", "Paris", "--source-answer", "Paris and"],
    ],
    answers: { target: "Paris", source: "Paris and", scoring: "next-token" },
    notes: ["first-token-decides", "same-first-token"],
  },
  ...[" ", "\n"].map((end): Recipe => ({
    name: `a prompt that ends in ${JSON.stringify(end)}`,
    command: "sweep",
    target: `${TARGET}${end}`,
    options: swap("France", "Italy"),
    notes: ["ends-in-blank"],
  })),
  ...(["sweep", "grid"] as const).map((command): Recipe => ({
    name: "a prompt with a BOS token of its own, and one that is added",
    command,
    target: BOS_TARGET,
    bos: "auto",
    options: bosSwap,
    notes: ["two-bos"],
  })),
  ...(["on", "off"] as const).map((bos): Recipe => ({
    name: `a prompt with a BOS token of its own and the policy ${bos}`,
    command: "sweep",
    target: BOS_TARGET,
    bos,
    options: [...bosSwap, "--bos", bos],
  })),
];

/** What a face asked, what it got, and why it refused. */
interface Told {
  readonly asked: unknown;
  readonly got: unknown;
  readonly refused: string | null;
  readonly notes: readonly NoteResult[];
}

const spied = vi.spyOn(EngineClient.prototype, "request");
let plain: Bench;
let withBos: Bench;

beforeAll(async () => {
  plain = new Bench();
  withBos = new Bench(modelWithBos());
  await plain.supervisor.open();
});

afterAll(() => {
  plain.supervisor.dispose();
  withBos.supervisor.dispose();
  spied.mockRestore();
});

/** A fixture whose tokenizer was told to add the BOS token that its vocabulary has. */
function modelWithBos(): string {
  const folder = temporaryFolder();
  fs.cpSync(fixture("llama__past")!, folder, { recursive: true });
  const file = path.join(folder, "tokenizer_config.json");
  const config = JSON.parse(fs.readFileSync(file, "utf8")) as object;
  fs.writeFileSync(file, JSON.stringify({ ...config, add_bos_token: true }));
  return folder;
}

/** Runs one face, and reads what passed between it and the engine. */
async function told(command: Recipe["command"], run: () => Promise<readonly NoteResult[]>): Promise<Told> {
  spied.mockClear();
  let notes: readonly NoteResult[] = [];
  const refused = await run().then(
    (noted) => void (notes = noted),
    (error: unknown) => error,
  );
  const call = spied.mock.calls.findIndex(([method]) => method === command);
  if (call < 0) return { asked: null, got: null, refused: toErrorData(refused).code, notes };
  const got = (await spied.mock.results[call]!.value) as object;
  // The time that a run takes is its own; the lens is asked for by the editor alone.
  return {
    asked: { ...spied.mock.calls[call]![1], lens: null },
    got: { ...got, timing: null, lens: null },
    refused: null,
    notes,
  };
}

async function byCommandLine({ command, options, target, bos }: Recipe): Promise<Told> {
  const file = path.join(temporaryFolder(), "result.json");
  const threads = ["--threads", "1", "--json", "-o", file];
  const model = bos === undefined ? [] : ["--model", withBos.model];
  const words = ["--target", target ?? TARGET, ...model, ...options, ...threads];
  let said = "";
  const write = (text: string): boolean => ((said += text), true);
  const stderr = { write, isTTY: false } as unknown as NodeJS.WriteStream;
  return told(command, async () => {
    const messages = new Messages(stderr, false);
    if (command === "sweep") await sweepCommand(optionsOf("sweep", ...words), messages);
    else await gridCommand(optionsOf("grid", ...words), messages);
    const { notes = [] } = JSON.parse(fs.readFileSync(file, "utf8")) as SweepResult | GridResult;
    // Each on stderr too, in the same words.
    for (const { message } of notes) expect(said).toContain(message);
    expect(said.split("\n")).toHaveLength(notes.length + 1);
    return notes;
  });
}

async function byEditor(recipe: Recipe): Promise<Told> {
  const { command, words, from, choice, answers, align, bos } = recipe;
  const bench = bos === undefined ? plain : withBos;
  const how = { modelKey: bench.model, bos: bos ?? "auto" };
  return told(command, async () => {
    const target = await bench.read(recipe.target ?? TARGET, how);
    const read = from === null ? null : await bench.read(bos === undefined ? SOURCE : BOS_SOURCE, how);
    const source = read && {
      read,
      span: spanIn(read, from ?? (bos === undefined ? "Italy" : "Spain")),
      word: null,
    };
    const intervention = newIntervention({
      id: bench.store.newId(),
      target,
      targets: (words ?? [bos === undefined ? "France" : "Italy"]).map((word) => spanIn(target, word)),
      source,
      align: align ?? null,
      setup: setupOf(choice ?? {}, { answers: { ...INITIAL_SETUP.answers, ...answers } }),
    });
    bench.store.put(intervention);
    bench.errors.length = 0;
    await (command === "sweep" ? bench.runner.sweep([intervention]) : bench.runner.grid(intervention));
    if (bench.errors.length > 0) throw bench.errors[0] as Error;
    const shown = bench.panel();
    return notesResult(shown[command]?.notes ?? []).notes ?? [];
  });
}

describe.each([...RECIPES, ...NOTED])("$command: $name", (recipe) => {
  test("is the same question with the same answer on both faces", async () => {
    const line = await byCommandLine(recipe);
    const editor = await byEditor(recipe);
    expect(editor).toEqual(line);
    expect(line.notes.map(({ code }) => code)).toEqual(recipe.notes ?? []);
    expect(line.refused !== null).toBe(recipe.name.includes("refuse"));
  });
});
