/** The settings as data: the only place that reads them. */
import type { WorkspaceConfiguration } from "vscode";
import type { PromptScope } from "./prompt/locate-prompt.ts";
import type { BosPolicy } from "../shared/tokens.ts";
import { settingKeys } from "./ids.ts";

/** Everything that users can set. */
export interface Settings {
  /** Path of a model; empty = the embedded one. */
  readonly model: string;
  /** 0 = chosen by the machine. */
  readonly threads: number;
  /** A Node executable; empty = the editor's own. */
  readonly nodePath: string;
  readonly promptScope: PromptScope;
  readonly useChatTemplate: boolean;
  readonly bos: BosPolicy;
  readonly inlineEnabled: boolean;
  /** Characters. */
  readonly inlineMaxLength: number;
}

/** Reads all settings; a value of the wrong kind, which VS Code lets through, becomes the default. */
export function readSettings(configuration: Pick<WorkspaceConfiguration, "get">): Settings {
  const text = (key: string): string => {
    const value = configuration.get(key);
    return typeof value === "string" ? value.trim() : "";
  };
  const number = (key: string, fallback: number, least: number): number => {
    const value = configuration.get(key);
    return typeof value === "number" && Number.isFinite(value)
      ? Math.max(least, Math.floor(value))
      : fallback;
  };
  const flag = (key: string, fallback: boolean): boolean => {
    const value = configuration.get(key);
    return typeof value === "boolean" ? value : fallback;
  };
  return {
    model: text(settingKeys.model),
    threads: number(settingKeys.threads, 0, 0),
    nodePath: text(settingKeys.nodePath),
    promptScope: oneOf(text(settingKeys.promptScope), ["auto", "paragraph", "file", "selection"]),
    useChatTemplate: flag(settingKeys.useChatTemplate, false),
    bos: oneOf(text(settingKeys.bos), ["auto", "on", "off"]),
    inlineEnabled: flag(settingKeys.inlineEnabled, true),
    inlineMaxLength: number(settingKeys.inlineMaxLength, 120, 20),
  };
}

function oneOf<T extends string>(value: string, known: readonly [T, ...T[]]): T {
  return known.find((name) => name === value) ?? known[0];
}
