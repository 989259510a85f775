/** The settings as data: the only place that reads them. */
import type { WorkspaceConfiguration } from "vscode";
import { MOST_THREADS } from "../shared/experiment/limits.ts";
import { RUNTIME_CHOICES } from "../shared/experiment/runtime.ts";
import type { RuntimeChoice } from "../shared/experiment/runtime.ts";
import type { BosPolicy } from "../shared/prompt/tokens.ts";
import { SETTING_KEYS } from "./ids.ts";

/** The setting `stateSwap.promptScope`. */
export type PromptScope = "auto" | "paragraph" | "file" | "selection";

/** The setting `stateSwap.inline.style`: `short` leaves the answers out, `off` the whole text. */
export type InlineStyle = "full" | "short" | "off";

/** The setting `stateSwap.inline.place`. */
export const INLINE_PLACES = ["auto", "line", "above", "both"] as const;

/** Where a result's text stands. */
export type InlinePlace = (typeof INLINE_PLACES)[number];

/** Everything that users can set, but the sessions folder, which is set for each workspace folder. */
export interface Settings {
  /** Path of a model; empty = the embedded one. */
  readonly model: string;
  /** 0 = chosen by the machine. */
  readonly threads: number;
  readonly runtime: RuntimeChoice;
  /** A Node executable; empty = the editor's own. */
  readonly nodePath: string;
  /** Folders that are searched for models beside the usual ones. */
  readonly modelFolders: readonly string[];
  /** A `tokenizer.json`, or its folder, by the path of a model, in place of the model's own; as they are written. */
  readonly tokenizers: Readonly<Record<string, string>>;
  /** Most memory that a model may take, in GB (10^9 bytes); 0 = a share of the machine's. */
  readonly memoryLimit: number;
  /** Factor of the time and the memory that opening a model may take; 0 = no limits. */
  readonly openingBudget: number;
  /** Address of the hub that models are downloaded from; empty = the environment's, or the usual one. */
  readonly hub: string;
  readonly promptScope: PromptScope;
  readonly useChatTemplate: boolean;
  readonly bos: BosPolicy;
  readonly inlineStyle: InlineStyle;
  readonly inlinePlace: InlinePlace;
  /** Characters. */
  readonly inlineMaxLength: number;
  readonly keybindingHints: boolean;
}

/** What settings are read from. */
export type SettingsSource = Pick<WorkspaceConfiguration, "get" | "inspect">;

/** Settings that name files and programs: a folder that is not trusted has no say in them. */
export const RESTRICTED_SETTINGS: readonly string[] = [
  SETTING_KEYS.model,
  SETTING_KEYS.nodePath,
  SETTING_KEYS.modelFolders,
  SETTING_KEYS.tokenizers,
  SETTING_KEYS.hub,
  SETTING_KEYS.sessionsFolder,
];

/**
 * Reads all settings; a value of the wrong kind, which VS Code lets through, becomes the default.
 *
 * @param isTrusted whether the workspace is trusted; if not, the restricted settings are the user's own alone
 */
export function readSettings(configuration: SettingsSource, isTrusted: boolean): Settings {
  const read = (key: string): unknown => restrictedValue(configuration, key, isTrusted);
  const text = (key: string): string => {
    const value = read(key);
    return typeof value === "string" ? value.trim() : "";
  };
  const number = (key: string, fallback: number, least: number): number => {
    const value = read(key);
    return typeof value === "number" && Number.isFinite(value)
      ? Math.max(least, Math.floor(value))
      : fallback;
  };
  const flag = (key: string, fallback: boolean): boolean => {
    const value = read(key);
    return typeof value === "boolean" ? value : fallback;
  };
  const list = (key: string): readonly string[] => {
    const value = read(key);
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
  };
  const table = (key: string): Readonly<Record<string, string>> => {
    const value = read(key);
    const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(
      entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  };
  const memoryLimit = read(SETTING_KEYS.memoryLimit);
  const openingBudget = read(SETTING_KEYS.openingBudget);
  return {
    model: text(SETTING_KEYS.model),
    threads: Math.min(MOST_THREADS, number(SETTING_KEYS.threads, 0, 0)),
    runtime: oneOf(text(SETTING_KEYS.runtime), RUNTIME_CHOICES),
    nodePath: text(SETTING_KEYS.nodePath),
    modelFolders: list(SETTING_KEYS.modelFolders),
    tokenizers: table(SETTING_KEYS.tokenizers),
    memoryLimit: typeof memoryLimit === "number" && memoryLimit > 0 ? memoryLimit : 0,
    openingBudget: typeof openingBudget === "number" && openingBudget >= 0 ? openingBudget : 1,
    hub: text(SETTING_KEYS.hub),
    promptScope: oneOf(text(SETTING_KEYS.promptScope), ["auto", "paragraph", "file", "selection"]),
    useChatTemplate: flag(SETTING_KEYS.useChatTemplate, false),
    bos: oneOf(text(SETTING_KEYS.bos), ["auto", "on", "off"]),
    inlineStyle: oneOf(text(SETTING_KEYS.inlineStyle), ["full", "short", "off"]),
    inlinePlace: oneOf(text(SETTING_KEYS.inlinePlace), INLINE_PLACES),
    inlineMaxLength: number(SETTING_KEYS.inlineMaxLength, 120, 20),
    keybindingHints: flag(SETTING_KEYS.keybindingHints, true),
  };
}

/**
 * A setting's value. VS Code leaves a restricted setting of an untrusted workspace out by itself, as the manifest asks
 * it to; the code does not rely on that.
 */
export function restrictedValue(configuration: SettingsSource, key: string, isTrusted: boolean): unknown {
  if (isTrusted || !RESTRICTED_SETTINGS.includes(key)) return configuration.get(key);
  const known = configuration.inspect(key);
  return known?.globalValue ?? known?.defaultValue;
}

function oneOf<T extends string>(value: string, known: readonly [T, ...T[]]): T {
  return known.find((name) => name === value) ?? known[0];
}

/**
 * The folder of sessions below a workspace folder, as path segments; the default for a path that leads out of it, which
 * settings that came with a folder must not name.
 */
export function sessionsFolder(configuration: Pick<WorkspaceConfiguration, "get">): string[] {
  const value: unknown = configuration.get(SETTING_KEYS.sessionsFolder);
  const segments = typeof value === "string" ? value.trim().split(/[\\/]+/) : [];
  const isOutside = segments[0] === "" || segments.some((part) => part === ".." || part.includes(":"));
  const inside = isOutside ? [] : segments.filter((part) => part !== "" && part !== ".");
  // "." is the workspace folder itself.
  return inside.length > 0 || segments.includes(".") ? inside : ["sessions"];
}
