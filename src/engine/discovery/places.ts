/** Where models are looked for, by the rules of the programs that keep them there. */
import * as path from "node:path";
import type { Place } from "./found-model.ts";

/** What the places depend on. */
export interface PlaceOptions {
  readonly workspaceFolders: readonly string[];
  /** Folders that the user named. */
  readonly modelFolders: readonly string[];
  /** The product's own cache; null where it has none. */
  readonly cache: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
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
function huggingFace({ env, home }: PlaceOptions): string[] {
  const named = env.HF_HUB_CACHE ?? env.HUGGINGFACE_HUB_CACHE;
  if (named) return [named];
  return [path.join(env.HF_HOME ?? path.join(cacheHome(env, home), "huggingface"), "hub")];
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
function llamaCpp({ env, home, platform }: PlaceOptions): string[] {
  if (env.LLAMA_CACHE) return [env.LLAMA_CACHE];
  if (platform === "darwin") return [path.join(home, "Library", "Caches", "llama.cpp")];
  if (platform === "win32") return env.LOCALAPPDATA ? [path.join(env.LOCALAPPDATA, "llama.cpp")] : [];
  return [path.join(cacheHome(env, home), "llama.cpp")];
}

function cacheHome(env: PlaceOptions["env"], home: string): string {
  return env.XDG_CACHE_HOME ?? path.join(home, ".cache");
}

function expanded(folder: string, home: string): string {
  return path.resolve(folder.trim().replace(/^~(?=$|[\\/])/, home));
}
