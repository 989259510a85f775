/** The panel follows the editor: which intervention is shown, and which of its tokens the user's selection covers. */
import type { TextEditor } from "vscode";
import type { Host } from "../host.ts";
import { tokenPlaces } from "../prompt/token-places.ts";
import type { KnownPrompt } from "../prompt/prompt-register.ts";
import { SESSION_ENDING } from "../ids.ts";
import type { Disposable } from "../signal.ts";
import { Signal } from "../signal.ts";
import type { Intervention } from "../interventions/records.ts";
import type { ReadPrompt } from "../prompt/reading.ts";

/** Positions under the editor's selection. */
export interface SelectedTokens {
  readonly source: readonly number[];
  readonly target: readonly number[];
}

/** The document in the active editor. */
export interface LookedAt {
  readonly uri: string;
  /** Its name, for people. */
  readonly file: string;
}

/** Documents of prompts; others, such as output and settings, are looked at beside them. */
const PROMPT_SCHEMES = ["file", "untitled", "vscode-remote", "vscode-vfs"];

const NONE: SelectedTokens = { source: [], target: [] };

/** Watches selections that users make; those that the panel made are not its news. */
export class EditorFollower implements Disposable {
  readonly #host: Host;
  readonly #subscriptions: readonly Disposable[];
  /** Reveals that the panel asked for and that go on. */
  #reveals = 0;
  #selected = NONE;
  #lookedAt: LookedAt | null = null;
  readonly changed = new Signal<SelectedTokens>();

  constructor(host: Host) {
    this.#host = host;
    const { window } = host.vs;
    this.#subscriptions = [
      window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
        // Without a kind the selection was set by an extension.
        if (kind !== undefined) this.#follow(textEditor);
      }),
      window.onDidChangeActiveTextEditor((editor) => {
        if (editor && this.#reveals === 0) this.#followTab(editor);
      }),
    ];
  }

  /** Waits for what the panel shows in an editor, which is not the user's change of tab: he looks at what the panel shows. */
  async revealing(reveal: Promise<void>): Promise<void> {
    this.#reveals++;
    this.#lookedAt = null;
    await reveal.finally(() => {
      this.#reveals--;
      this.changed.fire(this.#selected);
    });
  }

  /** What the user looks at; null before, and where it can hold no prompts. A session file is not one. */
  get lookedAt(): LookedAt | null {
    return this.#lookedAt;
  }

  get selected(): SelectedTokens {
    return this.#selected;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Another file is looked at: its result at the cursor, else its latest one, unless one of it is shown. */
  #followTab(editor: TextEditor): void {
    const { prompts, store } = this.#host;
    const ids = new Set(prompts.in(editor.document.uri.toString()).map(({ id }) => id));
    const isHere = ({ target }: Intervention): boolean =>
      target.promptId !== null && ids.has(target.promptId);
    const latest = store.state.interventions.findLast(isHere);
    if (latest && !(store.shown && isHere(store.shown))) store.set({ shownId: latest.id });
    this.#follow(editor);
    this.changed.fire(this.#selected);
  }

  #follow(editor: TextEditor): void {
    const { prompts, store } = this.#host;
    this.#lookedAt = lookedAtIn(editor);
    const known = prompts.in(editor.document.uri.toString());
    if (known.length === 0) {
      this.#set(NONE);
      return;
    }
    const cursor = editor.document.offsetAt(editor.selection.active);
    const under = known.find(
      ({ start, end, current }) => current !== null && start <= cursor && cursor <= end,
    );
    const intervention = under ? store.interventionOn(under.id) : null;
    if (intervention && intervention.id !== store.state.shownId) store.set({ shownId: intervention.id });
    const shown = store.shown;
    const source = shown?.source ?? store.state.source;
    this.#set({
      source: source ? this.#covered(editor, known, source.read) : [],
      target: shown ? this.#covered(editor, known, shown.target) : [],
    });
  }

  #covered(editor: TextEditor, known: readonly KnownPrompt[], read: ReadPrompt): number[] {
    const prompt = known.find(({ id }) => id === read.promptId);
    if (!prompt) return [];
    const ranges = editor.selections
      .filter((selection) => !selection.isEmpty)
      .map((selection) => [
        editor.document.offsetAt(selection.start),
        editor.document.offsetAt(selection.end),
      ]);
    if (ranges.length === 0) return [];
    const placeOf = tokenPlaces(read, prompt);
    return read.tokenization.tokens
      .map((token) => token.index)
      .filter((position) => {
        const at = placeOf(position);
        return at !== null && ranges.some(([start, end]) => at.start < end! && start! < at.end);
      });
  }

  #set(selected: SelectedTokens): void {
    if (String(selected.source) === String(this.#selected.source)) {
      if (String(selected.target) === String(this.#selected.target)) return;
    }
    this.#selected = selected;
    this.changed.fire(selected);
  }
}

function lookedAtIn({ document: { uri } }: TextEditor): LookedAt | null {
  if (!PROMPT_SCHEMES.includes(uri.scheme) || uri.path.endsWith(SESSION_ENDING)) return null;
  return { uri: uri.toString(), file: uri.path.split("/").at(-1) ?? "" };
}
