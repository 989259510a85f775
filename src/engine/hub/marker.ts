/** The completion marker of a download: what is in the cache and whole. Nothing of the cache is opened without it. */
import * as fs from "node:fs/promises";
import * as path from "node:path";
import * as v from "valibot";
import { SwapError } from "../../shared/errors.ts";
import type { HubFile, HubMarker, HubPlan } from "../../shared/protocol/hub.ts";
import { hubMarkerSchema } from "../../shared/protocol/hub.ts";

/** Its name, in the folder of a revision. */
export const MARKER_NAME = "state-swap-download.json";

/** Folder of a revision in the cache, where `@huggingface/transformers` puts it too: `<cache>/<owner>/<name>/<commit>`. */
export function revisionFolder(cache: string, { id, revision }: Pick<HubPlan, "id" | "revision">): string {
  return path.join(cache, ...id.split("/"), revision);
}

/** Reads the marker of a revision's folder; null when there is none, or none that can be read. */
export async function readMarker(folder: string): Promise<HubMarker | null> {
  try {
    const text = await fs.readFile(path.join(folder, MARKER_NAME), "utf8");
    const parsed = v.safeParse(hubMarkerSchema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

/** Adds checked files to the marker of a revision's folder, in one step that either happens or does not. */
export async function writeMarker(
  folder: string,
  plan: Pick<HubPlan, "id" | "revision" | "licence">,
  files: readonly HubFile[],
): Promise<void> {
  const before = (await readMarker(folder))?.files ?? [];
  const kept = before.filter(({ path: name }) => files.every((file) => file.path !== name));
  const { id, revision, licence } = plan;
  const marker: HubMarker = { format: 1, id, revision, licence, files: [...kept, ...files] };
  const temporary = path.join(folder, `${MARKER_NAME}.tmp.${process.pid}`);
  await fs.writeFile(temporary, `${JSON.stringify(marker, null, 2)}\n`);
  await fs.rename(temporary, path.join(folder, MARKER_NAME));
}

/**
 * Whether a file of a marker is on disk in its full length.
 *
 * @param folder the revision's folder
 */
export async function isWhole(folder: string, { path: name, bytes }: HubFile): Promise<boolean> {
  const stat = await fs.stat(path.join(folder, ...name.split("/"))).catch(() => null);
  return stat?.isFile() === true && stat.size === bytes;
}

/**
 * Refuses a file in the cache that no finished download stands for. Files elsewhere pass.
 *
 * @param cache the product's cache
 * @throws SwapError `download-incomplete`
 */
export async function requireComplete(cache: string, modelPath: string): Promise<void> {
  const relative = path.relative(cache, modelPath);
  if (relative.startsWith("..") || path.isAbsolute(relative)) return;
  const name = path.basename(modelPath);
  for (let folder = modelPath; folder.length > cache.length; folder = path.dirname(folder)) {
    const marker = await readMarker(folder);
    if (!marker) continue;
    const wanted = path.relative(folder, modelPath).split(path.sep).join("/");
    if (wanted !== "" && marker.files.every((file) => file.path !== wanted)) throw incomplete(name);
    for (const file of marker.files) if (!(await isWhole(folder, file))) throw incomplete(file.path);
    return;
  }
  throw incomplete(name);
}

function incomplete(name: string): SwapError {
  return new SwapError(
    "download-incomplete",
    `The download of ${name} was not finished.`,
    "Select the model again to fetch what is missing, or select another one.",
  );
}
