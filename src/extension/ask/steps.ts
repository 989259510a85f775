/** Wizards as VS Code has them: numbered steps in its own inputs, with a button that goes back to the step before. */
import type { QuickInputButton, QuickPickItem } from "vscode";
import type { VsCode } from "../vs.ts";

/** Where a step stands in its wizard. */
interface Place {
  readonly vs: VsCode;
  readonly title: string;
  /** From 1 on. */
  readonly step: number;
  readonly total: number;
}

/** What came of a step: what is known now, or that the user went back or left. */
type Said<S> = { readonly state: S } | "back" | "left";

/** One step of a wizard that gathers a state. */
export interface Step<S> {
  /** Whether it is asked, by what is known so far; always if left out. */
  readonly applies?: (state: S) => boolean;
  readonly ask: (state: S, place: Place) => Promise<Said<S>>;
}

/** A step that asks for a text. */
export function textStep<S>(step: {
  readonly applies?: (state: S) => boolean;
  readonly prompt: (state: S) => string;
  readonly placeHolder?: string;
  readonly value: (state: S) => string;
  /** What is wrong with a text; null for a good one. */
  readonly check?: (text: string) => string | null;
  readonly take: (state: S, text: string) => S;
}): Step<S> {
  const { check = () => null } = step;
  return {
    ...(step.applies ? { applies: step.applies } : {}),
    ask: (state, place) =>
      new Promise((resolve) => {
        const input = place.vs.window.createInputBox();
        show(input, place, resolve);
        input.prompt = step.prompt(state);
        input.placeholder = step.placeHolder ?? "";
        input.value = step.value(state);
        input.onDidChangeValue((text) => {
          input.validationMessage = check(text) ?? "";
        });
        input.onDidAccept(() => {
          const wrong = check(input.value);
          if (wrong !== null) {
            input.validationMessage = wrong;
            return;
          }
          resolve({ state: step.take(state, input.value) });
          input.dispose();
        });
        input.show();
      }),
  };
}

/** A step that asks for one of several things. */
export function pickStep<S, I extends QuickPickItem>(step: {
  readonly applies?: (state: S) => boolean;
  readonly placeHolder: (state: S) => string;
  readonly items: (state: S) => readonly I[] | Promise<readonly I[]>;
  /** The item to begin at; the first one if left out. */
  readonly isActive?: (item: I, state: S) => boolean;
  readonly take: (state: S, item: I) => S;
}): Step<S> {
  return {
    ...(step.applies ? { applies: step.applies } : {}),
    ask: async (state, place) => {
      const items = await step.items(state);
      return new Promise((resolve) => {
        const input = place.vs.window.createQuickPick<I>();
        show(input, place, resolve);
        input.placeholder = step.placeHolder(state);
        input.items = items;
        input.activeItems = items.filter((item) => step.isActive?.(item, state) ?? false).slice(0, 1);
        input.onDidAccept(() => {
          const [item] = input.selectedItems;
          if (!item) return;
          resolve({ state: step.take(state, item) });
          input.dispose();
        });
        input.show();
      });
    },
  };
}

interface Input {
  title: string | undefined;
  step: number | undefined;
  totalSteps: number | undefined;
  ignoreFocusOut: boolean;
  readonly onDidHide: (listener: () => void) => unknown;
  readonly dispose: () => void;
}

function show<S>(
  input: Input & {
    buttons: readonly QuickInputButton[];
    readonly onDidTriggerButton: (listener: () => void) => unknown;
  },
  { vs, title, step, total }: Place,
  resolve: (said: Said<S>) => void,
): void {
  input.title = title;
  if (total > 1) {
    input.step = step;
    input.totalSteps = total;
  }
  input.ignoreFocusOut = true;
  input.buttons = step > 1 ? [vs.QuickInputButtons.Back] : [];
  input.onDidTriggerButton(() => {
    resolve("back");
    input.dispose();
  });
  // Also after an answer, which came first then.
  input.onDidHide(() => {
    resolve("left");
    input.dispose();
  });
}

/**
 * Asks step by step. Going back takes up what was said before that step; what was said after it is asked again.
 *
 * @returns what is known after the last step; null when the user left
 */
export async function askSteps<S>(
  vs: VsCode,
  title: string,
  steps: readonly Step<S>[],
  start: S,
): Promise<S | null> {
  const before: { readonly at: number; readonly state: S }[] = [];
  let state = start;
  for (let at = 0; at < steps.length;) {
    const step = steps[at]!;
    const isAsked = ({ applies }: Step<S>): boolean => applies?.(state) ?? true;
    if (!isAsked(step)) {
      at++;
      continue;
    }
    const ahead = steps.slice(at).filter(isAsked).length;
    const place = { vs, title, step: before.length + 1, total: before.length + ahead };
    const said = await step.ask(state, place);
    if (said === "left") return null;
    if (said === "back") {
      const last = before.pop();
      // What was said stays as the proposal of its step.
      if (last) at = last.at;
      continue;
    }
    before.push({ at, state });
    state = said.state;
    at++;
  }
  return state;
}
