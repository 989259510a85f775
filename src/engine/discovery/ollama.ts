/** Models that Ollama keeps: manifests with names point to blobs without endings. */
import * as fs from "node:fs/promises";
import * as path from "node:path";
import * as v from "valibot";
import { ggufEntry } from "./folder-models.ts";
import type { FoundModel } from "./found-model.ts";
import { ggufFacts } from "./gguf-facts.ts";
import type { WalkLimits } from "./walk.ts";
import { walk } from "./walk.ts";

const manifest = v.object({
  layers: v.array(v.object({ mediaType: v.string(), digest: v.string() })),
});

const MODEL_LAYER = "application/vnd.ollama.image.model";
const MOST_MANIFEST_BYTES = 1 << 20;

/**
 * The models below a folder of Ollama.
 *
 * @param folder the one that holds `manifests` and `blobs`
 */
export async function* ollamaModels(folder: string, limits: WalkLimits): AsyncGenerator<FoundModel> {
  const root = path.join(folder, "manifests");
  for await (const { folder: at, files } of walk(root, limits)) {
    for (const tag of files) {
      const blob = await modelBlob(path.join(at, tag), folder);
      if (blob === null) continue;
      const stat = await fs.stat(blob).catch(() => null);
      const facts = stat?.isFile() ? await ggufFacts(blob) : null;
      if (!stat || !facts) continue;
      const name = nameOf([...path.relative(root, at).split(path.sep), tag]);
      yield ggufEntry({ name, path: blob, bytes: stat.size, place: "ollama" }, facts, null);
    }
  }
}

/** The blob of a manifest's model layer; null when the file is none or names no model. */
async function modelBlob(file: string, folder: string): Promise<string | null> {
  try {
    if ((await fs.stat(file)).size > MOST_MANIFEST_BYTES) return null;
    const parsed = v.safeParse(manifest, JSON.parse(await fs.readFile(file, "utf8")));
    if (!parsed.success) return null;
    const layer = parsed.output.layers.find(({ mediaType }) => mediaType === MODEL_LAYER);
    const hash = /^sha256[:-]([0-9a-f]{64})$/.exec(layer?.digest ?? "")?.[1];
    if (hash === undefined) return null;
    const blob = path.join(folder, "blobs", `sha256-${hash}`);
    // Before 2024 there was a colon in the names.
    const former = path.join(folder, "blobs", `sha256:${hash}`);
    return (await fs.stat(blob).catch(() => null)) ? blob : former;
  } catch {
    return null;
  }
}

/** As `ollama list` has it: registry and owner are left out where they are Ollama's own. */
function nameOf(parts: readonly string[]): string {
  const tag = parts.at(-1) ?? "";
  const [registry = "", ...rest] = parts.slice(0, -1);
  const name = rest[0] === "library" ? rest.slice(1).join("/") : rest.join("/");
  return `${registry === "registry.ollama.ai" ? "" : `${registry}/`}${name}:${tag}`;
}
