/** VS Code's quick inputs, answered from a script: what wizards and lists are tested with. */
import { vi } from "vitest";

/** What a script answers with to go one step back. */
export const BACK = "←";

interface Item {
  readonly label: string;
}

/** What one input showed. */
export interface Shown {
  /** With the step's number as VS Code writes it: `Set Answers (1/3)`. */
  readonly title: string;
  readonly value: string;
  readonly items: readonly Item[];
  readonly active: string | null;
}

/**
 * The parts of `vscode.window` that make inputs, and the Back button.
 *
 * @param answer the label or text for what is shown; undefined leaves
 */
export function quickInputs(answer: (shown: Shown) => string | undefined): {
  readonly createInputBox: () => object;
  readonly createQuickPick: () => object;
  readonly QuickInputButtons: { readonly Back: object };
} {
  const back = { iconPath: BACK };
  const make = () => {
    const listeners = { accept: [], hide: [], button: [], value: [] } as Record<
      "accept" | "hide" | "button" | "value",
      ((value?: unknown) => void)[]
    >;
    const on = (event: keyof typeof listeners) => (listener: (value?: unknown) => void) => {
      listeners[event].push(listener);
      return { dispose: vi.fn() };
    };
    const fire = (event: keyof typeof listeners, value?: unknown): void => {
      for (const listener of listeners[event]) listener(value);
    };
    const input = {
      title: "",
      step: undefined as number | undefined,
      totalSteps: undefined as number | undefined,
      value: "",
      validationMessage: "",
      buttons: [] as readonly unknown[],
      items: [] as readonly Item[],
      activeItems: [] as readonly Item[],
      selectedItems: [] as readonly Item[],
      onDidAccept: on("accept"),
      onDidHide: on("hide"),
      onDidTriggerButton: on("button"),
      onDidChangeValue: on("value"),
      dispose: () => undefined,
      show: () => {
        const { title, step, totalSteps, value, items, activeItems } = input;
        const steps = step === undefined ? "" : ` (${step}/${totalSteps ?? "?"})`;
        const active = activeItems[0]?.label ?? null;
        const said = answer({ title: title + steps, value, items, active });
        if (said === undefined) {
          fire("hide");
          return;
        }
        if (said === BACK) {
          if (!input.buttons.includes(back)) throw new Error(`${title}${steps} has no way back`);
          fire("button", back);
          return;
        }
        input.value = said;
        fire("value", said);
        input.selectedItems = items.filter(({ label }) => label === said);
        fire("accept");
        if (input.validationMessage !== "") throw new Error(input.validationMessage);
      },
    };
    return input;
  };
  return { createInputBox: make, createQuickPick: make, QuickInputButtons: { Back: back } };
}
