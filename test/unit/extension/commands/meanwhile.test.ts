/** What changes while a command asks, reads or runs stands: the command writes its own part, never the picture it began with. */
import * as fs from "node:fs";
import * as path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TextDocument, Uri } from "vscode";
import { withSource } from "../../../../src/extension/ask/needed-input.ts";
import { commandHandlers } from "../../../../src/extension/commands/handlers.ts";
import { refreshedIntervention } from "../../../../src/extension/commands/run-again.ts";
import { EngineSupervisor } from "../../../../src/extension/engine/supervisor.ts";
import type { Engine } from "../../../../src/extension/engine/supervisor.ts";
import type { Host } from "../../../../src/extension/host.ts";
import type { Source } from "../../../../src/extension/interventions/records.ts";
import { PromptRegister } from "../../../../src/extension/prompt/prompt-register.ts";
import type { ReadPrompt, Reading } from "../../../../src/extension/prompt/reading.ts";
import type { PanelModule } from "../../../../src/extension/panel/module.ts";
import type { SessionActions } from "../../../../src/extension/sessions/module.ts";
import { RanModels } from "../../../../src/extension/models/ran-models.ts";
import { SessionIndex } from "../../../../src/extension/sessions/session-index.ts";
import { SessionRuns } from "../../../../src/extension/sessions/session-runs.ts";
import type { ModelInfo } from "../../../../src/shared/protocol/engine.ts";
import { quickInputs } from "../../../support/quick-input.ts";
import { Bench, put, reading, root, setupOf, spanIn, TARGET } from "../../../support/extension-support.ts";

const bench = new Bench();
const { store, runner, supervisor } = bench;
let source: Source;
let target: ReadPrompt;
/** What happens while the user is asked, or a prompt is read; once. */
let meanwhile: (() => void) | null = null;
let answers: string[] = [];
let now: Reading = reading;
let selection = { start: 3, end: 3, active: 3 };

const happen = (): void => {
  const what = meanwhile;
  meanwhile = null;
  what?.();
};
const document = {
  uri: { toString: () => "file:///a.txt", path: "/a.txt" },
  languageId: "plaintext",
  getText: () => TARGET,
  offsetAt: (offset: number) => offset,
};
const inputs = quickInputs(() => {
  happen();
  return answers.shift();
});
const host = {
  vs: {
    QuickInputButtons: inputs.QuickInputButtons,
    window: {
      createInputBox: inputs.createInputBox,
      createQuickPick: inputs.createQuickPick,
      get activeTextEditor() {
        return { document, selection, selections: [selection] };
      },
      showQuickPick: (items: readonly { readonly label: string }[]) => {
        happen();
        const label = answers.shift();
        return Promise.resolve(items.find((item) => item.label === label));
      },
      showInputBox: () => {
        happen();
        return Promise.resolve(answers.shift());
      },
    },
    commands: { executeCommand: () => Promise.resolve() },
  },
  chosen: { resolve: () => Promise.resolve(), current: { path: bench.model, embedded: true } },
  settings: () => ({ promptScope: "file" }),
  notices: { hint: () => undefined },
  prompts: new PromptRegister(),
  reading: () => now,
  store,
  runner,
  supervisor: {
    open: () => supervisor.open(),
    request: (...request: Parameters<EngineSupervisor["request"]>) => {
      if (request[0] === "tokenize") happen();
      return supervisor.request(...request);
    },
    get model() {
      return supervisor.model;
    },
  },
} as unknown as Host;
const handlers = commandHandlers(host, {} as SessionActions, {} as PanelModule);

beforeAll(async () => {
  source = await bench.source();
  target = await bench.read(TARGET);
});
beforeEach(() => {
  store.clear();
  [meanwhile, answers, now, selection] = [null, [], reading, { start: 3, end: 3, active: 3 }];
});
afterAll(() => {
  supervisor.dispose();
});

describe("while a source is asked for", () => {
  it("rows that come, a step to another k and a changed option stay", async () => {
    const asking = put(bench, target, ["France"], null, setupOf({ kind: "zero" }));
    await runner.sweep([asking]);
    answers = ["$(replace) Replacement Word…", "Italy"];
    const before = store.intervention(asking.id)!;
    const fresh = { ...before.sweep!, runMs: 17 };
    meanwhile = () => {
      store.update(asking.id, () => ({ k: 5, sweep: fresh, setup: setupOf({ strength: 0.5 }) }));
    };
    const made = await withSource(host, before);
    expect(made).toBe(store.intervention(asking.id));
    expect(made).toMatchObject({ k: 5, source: { word: "Italy" }, setup: setupOf({ strength: 0.5 }) });
    expect(made!.sweep).toBe(fresh);
    expect(made!.pairs).toHaveLength(1);
  });

  it("Choose Source… keeps the option, and runs with it", async () => {
    const { id } = put(bench, target, ["France"], source);
    answers = ["$(replace) Replacement Word…", "Italy"];
    meanwhile = () => {
      store.choose({ choice: setupOf({ strength: 0.5 }).choice });
    };
    await handlers.chooseSource(id);
    expect(bench.errors).toEqual([]);
    expect(bench.shown.sweep).toMatchObject({ state: "complete", inputs: { condition: { strength: 0.5 } } });
    expect(bench.shown.source!.word).toBe("Italy");
  });

  it("an intervention that is cleared stays so", async () => {
    const asking = put(bench, target, ["France"], null);
    answers = ["$(replace) Replacement Word…", "Italy"];
    meanwhile = () => {
      store.clear();
    };
    expect(await withSource(host, asking)).toBeNull();
    expect(store.state.interventions).toEqual([]);
  });
});

it("tokens that are chosen while a prompt is read again are the ones that are carried over", async () => {
  const before = put(bench, target, ["France"], source);
  // The setting was changed since: prompt and source are read again.
  now = { ...reading, bos: "off" };
  meanwhile = () => {
    store.update(before.id, () => ({ targets: [spanIn(target, "capital")], pairs: [] }));
  };
  const refreshed = await refreshedIntervention(host, before);
  expect(refreshed.targets.map(({ text }) => text.trim())).toEqual(["capital"]);
  expect(refreshed.target.reading.bos).toBe("off");
  expect(store.intervention(before.id)).toBe(refreshed);
});

it("a file of vectors that is chosen while Run Condition reads its prompt stays chosen", async () => {
  const vectors = { label: "mine.json", entries: [] };
  meanwhile = () => {
    store.set({ setup: setupOf({}, { vectors }) });
  };
  await handlers.runCondition("zero");
  expect(bench.errors).toEqual([]);
  expect(bench.shown.sweep!.inputs.condition.kind).toBe("zero");
  expect(store.state.setup.vectors).toBe(vectors);
});

it("of several sweeps, a later one runs as it is when its turn comes, and not at all when it was cleared", async () => {
  const [first, second] = [
    put(bench, target, ["France"], source),
    put(bench, await bench.read("The capital of France is"), ["France"], source),
  ];
  const third = put(bench, await bench.read("The capital of Spain is"), ["Spain"], source);
  const listening = store.changed.on(() => {
    if (store.intervention(first.id)?.sweep?.state !== "complete") return;
    listening.dispose();
    store.update(second.id, () => ({ setup: setupOf({ kind: "zero", where: "chosen" }) }));
    store.set({ interventions: store.state.interventions.filter(({ id }) => id !== third.id) });
  });
  await runner.sweep([first, second, third]);
  expect(bench.errors).toEqual([]);
  expect(store.intervention(second.id)!.sweep!.inputs.condition.kind).toBe("zero");
  expect(store.intervention(third.id)).toBeNull();
});

it("Show Tokens, twice at once, shows them once", async () => {
  await Promise.all([handlers.showTokens(), handlers.showTokens()]);
  expect(store.state.tokens).toHaveLength(1);
});

it("Set Answers… changes what it asked for, and nothing else", async () => {
  put(bench, target, ["France"], source);
  answers = ["Rome", "Paris", "Next Token"];
  meanwhile = () => {
    store.choose({ answers: { ...bench.shown.setup.answers, tokens: 4 } });
  };
  await handlers.setAnswers();
  expect(bench.shown.setup.answers).toEqual({
    target: "Paris",
    source: "Rome",
    scoring: "next-token",
    tokens: 4,
  });
});

it("a model that was asked about is not opened over one that was chosen since", async () => {
  const opened: string[] = [];
  const engine = {
    gone: new Promise(() => undefined),
    request: (_: string, { path: file }: { path: string }) => {
      opened.push(file);
      return Promise.resolve({ path: file, blocks: 2, runtime: { fault: null } } as unknown as ModelInfo);
    },
    stop: () => Promise.resolve(),
  } as unknown as Engine;
  let chosen = "large";
  let admit = (): void => undefined;
  const models = new EngineSupervisor({
    start: () => Promise.resolve(engine),
    target: () => Promise.resolve({ path: chosen, threads: 1, runtime: "auto" }),
    log: () => undefined,
    admit: (candidate) =>
      candidate.path === "small"
        ? Promise.resolve()
        : new Promise((resolve) => {
            admit = resolve;
          }),
  });
  const large = models.open();
  await new Promise((resolve) => setImmediate(resolve));
  chosen = "small";
  await models.open();
  admit();
  await expect(large).rejects.toMatchObject({ code: "cancelled" });
  expect(opened).toEqual(["small"]);
  expect(models.model).toMatchObject({ state: "ready", path: "small" });
});

it("a session that is run again twice shows the newer run until that ends, beside what stands on disk", async () => {
  const file = path.join(root, "media/demo.swap.json");
  const uri = { toString: () => `file://${file}`, path: file } as unknown as Uri;
  const text = fs.readFileSync(file, "utf8");
  const ranModels = new RanModels(supervisor, { current: host.chosen.current }, () => undefined);
  // Editors follow the disk with a delay.
  const older = text.replace(/("targetLogprob": )(-?[\d.e-]+)/, "$1-99");
  const open = (): Promise<TextDocument> =>
    Promise.resolve({ isDirty: false, getText: () => older } as unknown as TextDocument);
  const disk = { stat: () => Promise.resolve({}), readFile: () => Promise.resolve(Buffer.from(text)) };
  const window = { showWarningMessage: () => Promise.resolve("Run with This Model") };
  const vs = { ...host.vs, window, workspace: { openTextDocument: open, fs: disk } };
  const runs = new SessionRuns({ ...host, vs, supervisor, ranModels } as unknown as Host);
  const first = runs.run(uri);
  await expect.poll(() => runs.viewOf(uri).progress).not.toBeNull();
  const second = runs.run(uri);
  await first;
  expect(runs.viewOf(uri)).toMatchObject({ progress: { cancellable: true }, error: null });
  await second;
  expect(runs.viewOf(uri).progress).toBeNull();
  expect(runs.viewOf(uri).rerun).toMatchObject({ isSame: true });
});

it("of two readings of a session file, the later one stands", async () => {
  const demo = fs.readFileSync(path.join(root, "media/demo.swap.json"), "utf8");
  const uri = { toString: () => "file:///a.swap.json", scheme: "file" } as unknown as Uri;
  let tell: (uri: Uri) => void = () => undefined;
  const texts = [demo, "slow and older", demo];
  const watching = (listener: (uri: Uri) => void): { dispose: () => void } => {
    tell = listener;
    return { dispose: () => undefined };
  };
  const workspace = {
    workspaceFolders: [{ uri }],
    createFileSystemWatcher: () => ({
      onDidCreate: () => ({ dispose: () => undefined }),
      onDidDelete: () => ({ dispose: () => undefined }),
      onDidChange: watching,
      dispose: () => undefined,
    }),
    onDidChangeWorkspaceFolders: () => ({ dispose: () => undefined }),
    findFiles: () => Promise.resolve([uri]),
    asRelativePath: () => "a.swap.json",
    fs: {
      readFile: async () => {
        const text = texts.shift()!;
        if (text !== demo) await new Promise((resolve) => setTimeout(resolve, 600));
        return new TextEncoder().encode(text);
      },
    },
  };
  const vs = { workspace, RelativePattern: Object, Uri: {} };
  const index = new SessionIndex({ vs, log: { debug: () => undefined } } as unknown as Host);
  await index.entries();
  let changes = 0;
  index.changed.on(() => changes++);
  tell(uri);
  await new Promise((resolve) => setTimeout(resolve, 300));
  tell(uri);
  await expect.poll(() => changes, { timeout: 5000 }).toBe(2);
  const [entry] = await index.entries();
  expect(entry!.reading.session).not.toBeNull();
  index.dispose();
});
