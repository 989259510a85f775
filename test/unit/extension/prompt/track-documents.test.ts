/** Results move with their file: renamed, moved, or in a folder that was. */
import { describe, expect, it } from "vitest";
import { newIntervention } from "../../../../src/extension/interventions/make-intervention.ts";
import { INITIAL_SETUP } from "../../../../src/extension/interventions/records.ts";
import { InterventionStore } from "../../../../src/extension/interventions/intervention-store.ts";
import { relabelled } from "../../../../src/extension/interventions/relabel.ts";
import { addressed, labelOf } from "../../../../src/extension/prompt/editor-prompts.ts";
import { locatePrompt } from "../../../../src/extension/prompt/locate-prompt.ts";
import { PlaceholderValues } from "../../../../src/extension/prompt/placeholder-values.ts";
import { PromptRegister } from "../../../../src/extension/prompt/prompt-register.ts";
import { trackDocuments } from "../../../../src/extension/prompt/track-documents.ts";
import type { VsCode } from "../../../../src/extension/vs.ts";

const TEXT = "first\n\nThe capital of France is";

interface Renamed {
  readonly files: readonly { readonly oldUri: string; readonly newUri: string }[];
}

/** A result on the second prompt of a file, and what VS Code does when the file is renamed. */
function kept(uri: string) {
  const open = (at: string) => ({
    uri: { toString: () => at, path: at },
    languageId: "plaintext",
    getText: () => TEXT,
  });
  const textDocuments = [open(uri)];
  let rename: (event: Renamed) => void = () => undefined;
  const ignored = () => ({ dispose: () => undefined });
  const store = new InterventionStore();
  const prompts = new PromptRegister();
  const vs = {
    workspace: {
      textDocuments,
      onDidChangeTextDocument: ignored,
      onDidOpenTextDocument: ignored,
      onDidRenameFiles: (listener: (event: Renamed) => void) => {
        rename = listener;
        return ignored();
      },
    },
  };
  trackDocuments({
    vs: vs as unknown as VsCode,
    prompts,
    values: new PlaceholderValues({ get: () => undefined, update: () => Promise.resolve() }),
    moved: (nameOf) => {
      store.set(relabelled(store.state, nameOf));
    },
  });
  const document = addressed(textDocuments[0] as never);
  const known = prompts.keep(document, locatePrompt(document, TEXT.indexOf("France"), "auto", [])!);
  const target = { promptId: known.id, label: labelOf(known), text: "The capital of France is" } as never;
  const made = newIntervention({
    id: 1,
    target,
    targets: [],
    source: null,
    align: null,
    setup: INITIAL_SETUP,
  });
  store.put({ ...made, sweep: { inputs: { target, source: null } } as never });
  return {
    store,
    prompt: () => prompts.get(known.id)!,
    rename: (from: string, to: string, after: string) => {
      textDocuments[0] = open(after);
      rename({ files: [{ oldUri: from, newUri: to }] });
    },
  };
}

describe("a file that is renamed", () => {
  it("takes its prompts along, and what is kept of them is told by the new name", () => {
    const { store, prompt, rename } = kept("file:///w/ioi.txt");
    rename("file:///w/ioi.txt", "file:///w/two%20names.txt", "file:///w/two%20names.txt");
    expect(prompt()).toMatchObject({ uri: "file:///w/two%20names.txt", fileName: "two names.txt", line: 2 });
    expect(prompt().current!.text).toBe("The capital of France is");
    const [intervention] = store.state.interventions;
    expect(intervention!.target.label).toBe("two names.txt:3");
    expect(intervention!.sweep!.inputs.target, "one object: nothing else changed").toBe(intervention!.target);
  });

  it("or stands in a folder that is, keeps its name", () => {
    const { prompt, rename } = kept("file:///w/old/ioi.txt");
    rename("file:///w/old", "file:///w/new", "file:///w/new/ioi.txt");
    expect(prompt()).toMatchObject({ uri: "file:///w/new/ioi.txt", fileName: "ioi.txt" });
  });

  it("leaves others alone", () => {
    const { store, prompt, rename } = kept("file:///w/ioi.txt");
    const before = store.state;
    rename("file:///w/ioi", "file:///w/new", "file:///w/ioi.txt");
    expect(prompt().uri).toBe("file:///w/ioi.txt");
    expect(store.state).toBe(before);
  });
});
