/** Where models are looked for, by the rules of the programs that keep them there. */
import * as path from "node:path";
import type { CacheSystem } from "../cache-folders.ts";
import { userCaches, xdgCaches } from "../cache-folders.ts";
import type { Place } from "./found-model.ts";

/** What the places depend on. */
export interface PlaceOptions extends CacheSystem {
  readonly workspaceFolders: readonly string[];
  /** Folders that the user named. */
  readonly modelFolders: readonly string[];
  /** The product's own cache; null where it has none. */
  readonly cache: string | null;
}

/** All places in the order of search. They need not exist. */
export function modelPlaces(options: PlaceOptions): Place[] {
  const { workspaceFolders, modelFolders, cache } = options;
  const at = (kind: Place["kind"], folders: readonly string[]): Place[] =>
    folders.map((folder) => ({ kind, folder: expanded(folder, options.home) }));
  const all = [
    ...at("workspace", workspaceFolders),
    ...at(
      "chosen",
      modelFolders.filter((folder) => folder.trim() !== ""),
    ),
    ...at("downloaded", cache === null ? [] : [cache]),
    ...at("hugging-face", huggingFace(options)),
    ...at("ollama", ollama(options)),
    ...at("lm-studio", lmStudio(options)),
    ...at("llama-cpp", llamaCpp(options)),
  ];
  return all.filter(({ folder }, i) => all.findIndex((other) => other.folder === folder) === i);
}

/** `huggingface_hub.constants`: a hub cache of its own, or `hub` below the home of everything. */
function huggingFace(options: PlaceOptions): string[] {
  const { env } = options;
  const named = env.HF_HUB_CACHE ?? env.HUGGINGFACE_HUB_CACHE;
  if (named) return [named];
  return [path.join(env.HF_HOME ?? path.join(xdgCaches(options), "huggingface"), "hub")];
}

/** Ollama as the user's own program, and as a Linux service. */
function ollama({ env, home, platform }: PlaceOptions): string[] {
  if (env.OLLAMA_MODELS) return [env.OLLAMA_MODELS];
  const own = path.join(home, ".ollama", "models");
  return platform === "linux" ? [own, "/usr/share/ollama/.ollama/models", "/var/lib/ollama/models"] : [own];
}

function lmStudio({ home }: PlaceOptions): string[] {
  return [path.join(home, ".lmstudio", "models"), path.join(home, ".cache", "lm-studio", "models")];
}

/** `fs_get_cache_directory` of llama.cpp. */
function llamaCpp(options: PlaceOptions): string[] {
  if (options.env.LLAMA_CACHE) return [options.env.LLAMA_CACHE];
  const caches = userCaches(options);
  return caches === null ? [] : [path.join(caches, "llama.cpp")];
}

function expanded(folder: string, home: string): string {
  return path.resolve(folder.trim().replace(/^~(?=$|[\\/])/, home));
}
