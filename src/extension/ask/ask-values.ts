/** Asks what stands for placeholders of a prompt, once: the workspace remembers it. */
import * as l10n from "@vscode/l10n";
import type { QuickPickItem, TextEditor } from "vscode";
import { SwapError } from "../../shared/errors.ts";
import { visibleText } from "../../shared/text/shown-text.ts";
import type { Host } from "../host.ts";
import type { PickedPrompt } from "../prompt/editor-prompts.ts";
import { addressed, labelOf, pickedPrompts } from "../prompt/editor-prompts.ts";
import type { Values } from "../prompt/placeholders.ts";
import type { KnownPrompt } from "../prompt/prompt-register.ts";
import { requiredEditor } from "./required-editor.ts";
import type { Step } from "./steps.ts";
import { askSteps, pickStep, textStep } from "./steps.ts";

/**
 * The prompts that an editor's selections are in, each with an answer for all of its placeholders.
 *
 * @returns null when the user left a question
 * @throws SwapError `bad-span` as `pickedPrompts` does
 */
export async function promptsToRead(host: Host, editor: TextEditor): Promise<PickedPrompt[] | null> {
  const picked = pickedPrompts(host, editor);
  const unasked = picked.filter(({ known }) => isUnasked(known));
  for (const { known } of unasked) if (!(await askValues(host, [known]))) return null;
  // Selections are of the text that is read, which has changed.
  return unasked.length === 0 ? picked : pickedPrompts(host, editor);
}

/**
 * Asks once for all of several prompts; those that were asked before keep their values.
 *
 * @returns false when the user left
 */
export async function askValuesOfAll(host: Host, prompts: readonly KnownPrompt[]): Promise<boolean> {
  const unasked = prompts.filter(isUnasked);
  return unasked.length === 0 || askValues(host, unasked);
}

function isUnasked({ placeholders, values }: KnownPrompt): boolean {
  return placeholders.some(({ name }) => !(name in values));
}

/**
 * Set Placeholder Values…: asks again, for a known prompt or for the one at the cursor.
 *
 * @throws SwapError `usage` where the prompt has no placeholder
 */
export async function setValues(host: Host, promptId: number | null): Promise<void> {
  const named = promptId === null ? null : host.prompts.get(promptId);
  const known = named ?? pickedPrompts(host, requiredEditor(host))[0]?.known;
  if (!known || known.placeholders.length === 0) {
    throw new SwapError(
      "usage",
      l10n.t("The prompt at the cursor has no placeholder."),
      l10n.t("A placeholder is a name in braces, such as {0}.", "{country}"),
    );
  }
  await askValues(host, [known]);
}

interface Wanted {
  /** Null until the user said so. */
  readonly takesValues: boolean | null;
  readonly values: Values;
}

/**
 * Asks for each name once, whatever number of prompts of a document has it.
 *
 * @returns false when the user left
 */
async function askValues(host: Host, prompts: readonly KnownPrompt[]): Promise<boolean> {
  const asked = prompts.flatMap(({ template, placeholders }) =>
    template ? [{ text: template.text, names: [...new Set(placeholders.map(({ name }) => name))] }] : [],
  );
  const [first] = prompts;
  if (!first || asked.length === 0) return false;
  const { uri, values } = first;
  const names = [...new Set(asked.flatMap((one) => one.names))];
  const proposed = (name: string): string => values[name] ?? host.values.latest(uri, name) ?? "";
  const start: Wanted = {
    takesValues: names.some((name) => name in values)
      ? names.some((name) => (values[name] ?? null) !== null)
      : null,
    values: Object.fromEntries(names.map((name) => [name, proposed(name)])),
  };
  const title =
    asked.length === 1
      ? l10n.t("Placeholders of {0}", labelOf(first))
      : l10n.t("Placeholders of {0} Prompts", asked.length);
  const templateOf = (name: string): string => asked.find((one) => one.names.includes(name))?.text ?? "";
  const steps = [howStep(names), ...names.map((name) => valueStep(name, templateOf(name)))];
  const said = await askSteps(host.vs, title, steps, start);
  if (!said) return false;
  const chosen = (name: string): [string, string | null] => {
    const value = said.takesValues === false ? "" : (said.values[name] ?? "");
    // Nothing in place of a placeholder is rarely meant: it stays.
    return [name, value === "" ? null : value];
  };
  for (const { text, names: own } of asked) {
    await host.values.keep(uri, text, Object.fromEntries(own.map(chosen)));
  }
  const document = host.vs.workspace.textDocuments.find((one) => one.uri.toString() === uri);
  if (document) host.prompts.update(addressed(document));
  return true;
}

function howStep(names: readonly string[]): Step<Wanted> {
  const listed = names.join(", ");
  return pickStep({
    placeHolder: () => l10n.t("The prompt holds {0}. What does the model read?", listed),
    items: (): readonly (QuickPickItem & { readonly takesValues: boolean })[] => [
      {
        label: l10n.t("Give Values…"),
        description: l10n.t("they are put in, as the program would; this prompt asks once"),
        takesValues: true,
      },
      {
        label: l10n.t("Take as Written"),
        description: l10n.t("the model reads {0} itself", listed),
        takesValues: false,
      },
    ],
    isActive: (item, { takesValues }: Wanted) => item.takesValues === (takesValues ?? true),
    take: (said, { takesValues }) => ({ ...said, takesValues }),
  });
}

function valueStep(name: string, template: string): Step<Wanted> {
  const at = template.indexOf(name);
  const around = visibleText(template.slice(Math.max(0, at - 40), at + name.length + 40));
  return textStep({
    applies: ({ takesValues }) => takesValues !== false,
    prompt: () => l10n.t("What stands for {0} in “{1}”; empty = as it is written", name, around),
    value: ({ values }: Wanted) => values[name] ?? "",
    take: (said, value) => ({ ...said, values: { ...said.values, [name]: value } }),
  });
}
