/** The panel follows the tab: another file's own result is shown as soon as the file is looked at. */
import { describe, expect, it } from "vitest";
import type { Host } from "../../../../src/extension/host.ts";
import { InterventionStore } from "../../../../src/extension/interventions/intervention-store.ts";
import { EditorFollower } from "../../../../src/extension/panel/follow-editor.ts";

const editorOf = (uri: string) => ({
  document: {
    uri: { scheme: uri.split(":")[0], path: uri.split(":")[1], toString: () => uri },
    offsetAt: () => 0,
  },
  selection: { active: 0 },
  selections: [],
});

function followed() {
  let tab: (editor: unknown) => void = () => undefined;
  const store = new InterventionStore();
  const known = [
    { id: 1, uri: "file:/a.txt", start: 5, end: 9, current: {} },
    { id: 2, uri: "file:/b.txt", start: 5, end: 9, current: {} },
  ];
  const host = {
    vs: {
      window: {
        onDidChangeTextEditorSelection: () => ({ dispose: () => undefined }),
        onDidChangeActiveTextEditor: (listener: (editor: unknown) => void) => {
          tab = listener;
          return { dispose: () => undefined };
        },
      },
    },
    prompts: { in: (uri: string) => known.filter((prompt) => prompt.uri === uri) },
    store,
  } as unknown as Host;
  for (const promptId of [1, 2])
    store.put({
      id: promptId,
      target: { promptId, tokenization: { tokens: [] } },
      source: null,
      sweep: null,
      runs: [],
      removed: null,
    } as never);
  return {
    follower: new EditorFollower(host),
    store,
    open: (uri: string) => {
      tab(editorOf(uri));
    },
  };
}

describe("a change of tab", () => {
  it("shows the file's own result", () => {
    const { store, open } = followed();
    expect(store.state.shownId).toBe(2);
    open("file:/a.txt");
    expect(store.state.shownId).toBe(1);
    open("file:/b.txt");
    expect(store.state.shownId).toBe(2);
  });

  it("to a file without a result is told: what is shown is another file's", () => {
    const { follower, store, open } = followed();
    let told = 0;
    follower.changed.on(() => told++);
    open("file:/a.txt");
    expect(follower.lookedAt).toEqual({ uri: "file:/a.txt", file: "a.txt" });
    open("file:/folder/other.md");
    expect(store.state.shownId).toBe(1);
    expect(follower.lookedAt).toEqual({ uri: "file:/folder/other.md", file: "other.md" });
    expect(told).toBe(2);
    for (const uri of ["output:/log", "file:/a.swap.json"]) {
      open(uri);
      expect(follower.lookedAt).toBeNull();
    }
  });

  it("that the panel made to reveal a token changes nothing", async () => {
    const { follower, store, open } = followed();
    await follower.revealing(
      Promise.resolve().then(() => {
        open("file:/a.txt");
      }),
    );
    expect(store.state.shownId).toBe(2);
    expect(follower.lookedAt).toBeNull();
    open("file:/a.txt");
    expect(store.state.shownId).toBe(1);
  });
});
