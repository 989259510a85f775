/** Keys, clicks and typed texts that come within one task, so that nothing is drawn between them. */
import type { Locator } from "playwright-core";
import type { PanelState } from "../../src/shared/protocol/panel.ts";
import { INITIAL_CHOICE } from "../../src/shared/condition/condition-choice.ts";
import { DEMO_STATE } from "../support/panel/snapshots.ts";
import type { Panel } from "./harness.ts";

/** Presses keys on one element. */
export async function keys(element: Locator, ...pressed: string[]): Promise<void> {
  await element.evaluate((target, names) => {
    for (const key of names) {
      target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    }
  }, pressed);
}

/** Clicks elements of a list, with Control held or not. */
export async function clicks(elements: Locator, ctrlKey: boolean, ...indices: number[]): Promise<void> {
  await elements.evaluateAll(
    (targets, { at, held }) => {
      for (const index of at) {
        targets[index]!.dispatchEvent(
          new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: held }),
        );
      }
    },
    { at: indices, held: ctrlKey },
  );
}

/** Writes texts into fields of the toolkit one after the other, each with Enter. */
export async function types(
  panel: Panel,
  ...texts: (readonly [name: string, text: string])[]
): Promise<void> {
  await panel.page.evaluate((typed) => {
    const fields = [...document.querySelectorAll<HTMLInputElement>("vscode-text-field")];
    for (const [name, text] of typed) {
      const field = fields.find((one) => one.textContent.trim() === name)!;
      field.value = text;
      field.dispatchEvent(new Event("change"));
    }
  }, texts);
}

/** Takes values of a dropdown one after the other. */
export async function takes(dropdown: Locator, ...values: string[]): Promise<void> {
  await dropdown.evaluate((element, taken) => {
    for (const value of taken) {
      (element as HTMLSelectElement).value = value;
      element.dispatchEvent(new Event("change"));
    }
  }, values);
}

/** The demo with other options of its condition. */
export function withChoice(part: Partial<typeof INITIAL_CHOICE>): PanelState {
  const { condition } = DEMO_STATE;
  return { ...DEMO_STATE, condition: { ...condition, hasBos: true, choice: { ...INITIAL_CHOICE, ...part } } };
}
