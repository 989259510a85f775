/** What the extension's tests start from: the owners on a real engine process with the embedded model. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { EngineClient } from "../../src/engine/client/engine-client.ts";
import { EngineSupervisor } from "../../src/extension/engine/supervisor.ts";
import type { PanelInputs } from "../../src/extension/panel/panel-state.ts";
import { panelState } from "../../src/extension/panel/panel-state.ts";
import { readPrompt, spansOf } from "../../src/extension/prompt/read-prompt.ts";
import { newIntervention } from "../../src/extension/interventions/make-intervention.ts";
import type { Intervention, Setup, Source } from "../../src/extension/interventions/records.ts";
import { INITIAL_SETUP } from "../../src/extension/interventions/records.ts";
import type { ReadPrompt, Reading } from "../../src/extension/prompt/reading.ts";
import { Runner } from "../../src/extension/interventions/runner.ts";
import type { PromptLookup } from "../../src/extension/interventions/stale.ts";
import { InterventionStore } from "../../src/extension/interventions/intervention-store.ts";
import type { ConditionChoice } from "../../src/shared/condition/condition-choice.ts";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import { TARGET_FILE } from "../../src/shared/targets.ts";
import { temporaryFolder } from "./gguf/gguf-writer.ts";

export const root = path.resolve(import.meta.dirname, "../..");
export const TARGET =
  "Q: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of France? \n A:";

const script = path.join(root, "dist/engine.mjs");
const embedded = path.join(root, "media/models/countries-2m");

/** A folder as a package for this target has it, as far as its name. */
export function installedFor(target: string): string {
  const folder = temporaryFolder();
  fs.mkdirSync(path.join(folder, "dist"));
  fs.writeFileSync(path.join(folder, "dist", TARGET_FILE), JSON.stringify({ target }));
  return folder;
}

/** What an extension of a folder is told of itself; `kept` is what the machine remembers from one window to the next. */
export function contextIn(
  folder: string,
  kept = new Map<string, unknown>(),
): { asAbsolutePath: (name: string) => string; globalState: object } {
  return {
    asAbsolutePath: (name: string) => path.join(folder, name),
    globalState: {
      get: (key: string) => kept.get(key),
      update: (key: string, value: unknown) => Promise.resolve(kept.set(key, value)),
    },
  };
}

/** How prompts are read. */
export const reading: Reading = { modelKey: embedded, tokenizer: null, bos: "auto", useChatTemplate: false };

/** The owners, and what was reported to the user. */
export class Bench {
  readonly store = new InterventionStore();
  readonly errors: unknown[] = [];
  /** How many engines were started. */
  starts = 0;
  readonly supervisor = new EngineSupervisor({
    start: () => {
      this.starts++;
      return EngineClient.start({ script, execPath: process.execPath, onLog: () => undefined });
    },
    target: () => Promise.resolve({ path: this.model, threads: this.threads, runtime: "auto" }),
    log: () => undefined,
  });
  readonly runner = new Runner(this.store, this.supervisor, (error) => this.errors.push(error));

  /** @param model a model's file or folder; the embedded one if left out */
  constructor(
    readonly model: string = embedded,
    readonly threads = 1,
  ) {
    if (!fs.existsSync(script)) spawnSync(process.execPath, ["esbuild.mjs", "--quiet"], { cwd: root });
  }

  read(text: string, part: Partial<Reading> = {}): Promise<ReadPrompt> {
    const how = { ...reading, ...part };
    return readPrompt({ promptId: null, label: "a.txt:1", text }, this.supervisor, () => how);
  }

  /** The demo's source: Italy in "The country Italy". */
  async source(): Promise<Source> {
    const read = await this.read("The country Italy");
    return { read, span: spanIn(read, "Italy"), word: null };
  }

  get shown(): Intervention {
    return this.store.shown!;
  }

  /** The panel's snapshot as it is now. */
  panel(prompts: PromptLookup = () => null, lookedAt: PanelInputs["lookedAt"] = null): PanelState {
    return panelState({
      store: this.store.state,
      model: this.supervisor.model,
      choice: { path: this.model, embedded: this.model === embedded },
      prompts,
      lookedAt,
      reading,
      stored: null,
      selected: { source: [], target: [] },
    });
  }
}

/** The last place of a word, as tokens. */
export function spanIn(prompt: ReadPrompt, word: string): ReturnType<typeof spansOf>[number] {
  const start = prompt.text.lastIndexOf(word);
  return spansOf(prompt, [{ start, end: start + word.length }])[0]!;
}

/** A setup with parts of the choice changed. */
export function setupOf(choice: Partial<ConditionChoice>, part: Partial<Setup> = {}): Setup {
  return { ...INITIAL_SETUP, ...part, choice: { ...INITIAL_SETUP.choice, ...choice } };
}

/** An intervention on a prompt, at the tokens of words (none: by the rule of the choice), put in the store. */
export function put(
  { store }: Bench,
  target: ReadPrompt,
  words: readonly string[],
  source: Source | null,
  setup: Setup = INITIAL_SETUP,
): Intervention {
  const targets = words.map((word) => spanIn(target, word));
  const intervention = newIntervention({ id: store.newId(), target, targets, source, align: null, setup });
  store.put(intervention);
  return intervention;
}
