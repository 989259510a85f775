/**
 * The prompts that something is kept for: the one owner of where they stand now. Edits move them; after each pause in
 * typing they are looked up again, so that a changed prompt is known to have changed, and undo brings it back.
 */
import { Signal } from "../signal.ts";
import type { Edit } from "./edits.ts";
import { shifted } from "./edits.ts";
import { lineNumberAt } from "./lines.ts";
import type { PromptDocument } from "./locate-prompt.ts";
import { declaredPrompt, locateAs } from "./locate-prompt.ts";
import type { LocatedPrompt, PromptKind } from "./located-text.ts";
import type { Placeholder, Values } from "./placeholders.ts";
import { placeholdersIn, withValues } from "./placeholders.ts";
import type { PromptForm } from "../../shared/prompt/prompt-form.ts";
import type { PromptText } from "./prompt-text.ts";

/** A prompt in a document. */
export interface KnownPrompt {
  readonly id: number;
  /** The document. */
  readonly uri: string;
  /** Name of the document, for people. */
  readonly fileName: string;
  readonly kind: PromptKind;
  /** Where it stands now, UTF-16 offsets. */
  readonly start: number;
  readonly end: number;
  /** 0-based line of its start. */
  readonly line: number;
  /** What it is in its document. */
  readonly form: PromptForm | null;
  /** As the model would read it now, with values in place of placeholders; null after it was deleted. */
  readonly current: PromptText | null;
  /** The same with its placeholders as they are written. */
  readonly template: PromptText | null;
  readonly placeholders: readonly Placeholder[];
  /** What stands for them; those that were never asked for have no entry. */
  readonly values: Values;
  /** The raw text that results were made with, by which it is found again. */
  readonly home: string;
}

/** A document by its address. */
export interface AddressedDocument extends PromptDocument {
  readonly uri: string;
}

/** What stands for placeholders of a prompt, known by its document and its text as written. */
export interface ValueSource {
  of(uri: string, template: string): Values;
}

/** How far from its last place a prompt is looked for, in its own lengths. */
const NEAR = 1;

/** Owner of the known prompts. */
export class PromptRegister {
  readonly #prompts = new Map<number, KnownPrompt>();
  #nextId = 1;
  readonly #values: ValueSource;
  /** Fires after prompts moved, changed or went. */
  readonly changed = new Signal<undefined>();

  /** @param values what stands for placeholders; where it is left out, nothing does */
  constructor(values: ValueSource = { of: () => ({}) }) {
    this.#values = values;
  }

  get(id: number): KnownPrompt | null {
    return this.#prompts.get(id) ?? null;
  }

  /** Known prompts of a document, in no order. */
  in(uri: string): KnownPrompt[] {
    return [...this.#prompts.values()].filter((prompt) => prompt.uri === uri);
  }

  /** All known prompts. */
  get all(): KnownPrompt[] {
    return [...this.#prompts.values()];
  }

  /** Knows prompts again that were forgotten; whoever calls looks them up then. */
  bringBack(prompts: readonly KnownPrompt[]): void {
    for (const prompt of prompts) if (!this.#prompts.has(prompt.id)) this.#prompts.set(prompt.id, prompt);
  }

  /** A located prompt as the model would read it. */
  readAs(document: AddressedDocument, located: LocatedPrompt): PromptText {
    return this.#placeOf(document, located).current ?? located.prompt;
  }

  /** Makes a located prompt known; one that stands there already keeps its id and gets this text as its home. */
  keep(document: AddressedDocument, located: LocatedPrompt): KnownPrompt {
    const same = this.in(document.uri).find(
      (prompt) => prompt.kind === located.kind && prompt.start <= located.end && located.start <= prompt.end,
    );
    const prompt: KnownPrompt = {
      id: same?.id ?? this.#nextId++,
      uri: document.uri,
      fileName: document.fileName,
      ...this.#placeOf(document, located),
      home: document.text.slice(located.start, located.end),
    };
    this.#prompts.set(prompt.id, prompt);
    return prompt;
  }

  /** Forgets all prompts but those that something is still kept for. */
  keepOnly(used: ReadonlySet<number>): void {
    for (const id of [...this.#prompts.keys()]) if (!used.has(id)) this.#prompts.delete(id);
  }

  /**
   * Prompts go with their file to its new address; those of a folder with all files in it.
   *
   * @returns the addresses that prompts have now
   */
  move(from: string, to: string): string[] {
    const moved = this.all.filter(({ uri }) => uri === from || uri.startsWith(`${from}/`));
    for (const prompt of moved) {
      const uri = to + prompt.uri.slice(from.length);
      const name = prompt.uri === from ? decodeURIComponent(to.split("/").at(-1) ?? "") : prompt.fileName;
      this.#prompts.set(prompt.id, { ...prompt, uri, fileName: name });
    }
    if (moved.length > 0) this.changed.fire(undefined);
    return [...new Set(moved.map(({ id }) => this.#prompts.get(id)!.uri))];
  }

  /** Moves the places of a document at once; texts are looked up by `update`. */
  applyEdits(uri: string, edits: readonly Edit[]): void {
    for (const prompt of this.in(uri)) {
      // Edits of one event are given from the last to the first place, each in offsets before the event.
      const place = [...edits].sort((a, b) => b.offset - a.offset).reduce(shifted, prompt);
      this.#prompts.set(prompt.id, { ...prompt, start: place.start, end: place.end });
    }
  }

  /**
   * Looks the prompts of a document up again.
   *
   * @param everywhere true when the document may have changed unseen (it was closed): then the whole text is searched
   */
  update(document: AddressedDocument, everywhere = false): void {
    const known = this.in(document.uri);
    if (known.length === 0) return;
    for (const prompt of known) {
      const found = relocate(prompt, document, everywhere);
      const next: KnownPrompt = found
        ? { ...prompt, ...this.#placeOf(document, found) }
        : {
            ...prompt,
            current: null,
            template: null,
            placeholders: [],
            start: clamp(prompt.start, document),
            end: clamp(prompt.end, document),
          };
      this.#prompts.set(prompt.id, next);
    }
    this.changed.fire(undefined);
  }

  #placeOf(
    document: AddressedDocument,
    located: LocatedPrompt,
  ): Omit<KnownPrompt, "id" | "uri" | "fileName" | "home"> {
    const { kind, form, start, end, prompt } = located;
    const placeholders = placeholdersIn(located);
    const values = placeholders.length > 0 ? this.#values.of(document.uri, prompt.text) : {};
    const current = withValues(prompt, document.text.slice(start, end), placeholders, values);
    const line = lineNumberAt(document.text, start);
    return { kind, form, start, end, line, current, template: prompt, placeholders, values };
  }
}

function clamp(offset: number, { text }: PromptDocument): number {
  return Math.min(offset, text.length);
}

/** Where a known prompt is now: at its place, or near it with its own text; null when it is gone. */
function relocate(prompt: KnownPrompt, document: PromptDocument, everywhere: boolean): LocatedPrompt | null {
  const { kind, home } = prompt;
  const start = clamp(prompt.start, document);
  const end = clamp(prompt.end, document);
  if (kind === "selection") {
    const here = start < end ? declaredPrompt(document, { start, end }) : null;
    if (document.text.slice(start, end) === home) return here;
    const moved = placesOf(document.text, home, start, end, everywhere)[0];
    if (moved === undefined) return here;
    return declaredPrompt(document, { start: moved, end: moved + home.length });
  }
  const isHome = (found: LocatedPrompt | null): boolean =>
    found !== null && document.text.slice(found.start, found.end) === home;
  const here = locateAs(kind, document, start);
  if (isHome(here)) return here;
  for (const at of placesOf(document.text, home, start, end, everywhere)) {
    const found = locateAs(kind, document, at);
    if (isHome(found)) return found;
  }
  // A place that was deleted down to nothing says nothing about the text that follows it.
  if (start === end) return null;
  return here ?? locateAs(kind, document, end);
}

/** Where `wanted` stands near a place, the nearest first. */
function placesOf(text: string, wanted: string, start: number, end: number, everywhere: boolean): number[] {
  const reach = everywhere ? text.length : NEAR * wanted.length + 1;
  const from = Math.max(0, start - reach);
  const to = Math.min(text.length, end + reach + wanted.length);
  const places: number[] = [];
  for (let at = text.indexOf(wanted, from); at >= 0 && at < to; at = text.indexOf(wanted, at + 1))
    places.push(at);
  return places.sort((a, b) => Math.abs(a - start) - Math.abs(b - start));
}
