/** Finds the models on this machine: streams them as they are found, each once, and ends in bounded time. */
import * as fs from "node:fs/promises";
import { requireComplete } from "../hub/marker.ts";
import { modelsIn } from "./folder-models.ts";
import type { FoundModel, Place } from "./found-model.ts";
import { ollamaModels } from "./ollama.ts";
import type { WalkLimits } from "./walk.ts";
import { walk } from "./walk.ts";

/** Bounds of a search. */
export interface FindOptions {
  readonly signal: AbortSignal;
  /** Milliseconds for each place. */
  readonly placeMs?: number;
}

const PLACE_MS = 8_000;
const MOST_FOLDERS = 4_000;
/** A hub cache has five levels to its graphs; workspaces and chosen folders may hold one of those. */
const DEPTH = 7;

/**
 * Searches places one after the other. Files that are one and the same (links, tags, places inside each other) come once,
 * by the first name. Nothing that cannot be read stops the search.
 */
export async function* findModels(
  places: readonly Place[],
  { signal, placeMs = PLACE_MS }: FindOptions,
): AsyncGenerator<FoundModel> {
  const known = new Set<string>();
  for (const place of places) {
    const limits = { signal, depth: DEPTH, folders: MOST_FOLDERS, until: Date.now() + placeMs };
    for await (const model of modelsOf(place, limits)) {
      if (signal.aborted) return;
      const real = await fs.realpath(model.path).catch(() => null);
      if (real === null || known.has(real)) continue;
      if (place.kind === "downloaded" && !(await isComplete(place.folder, model.path))) continue;
      known.add(real);
      yield model;
    }
  }
}

async function* modelsOf(place: Place, limits: WalkLimits): AsyncGenerator<FoundModel> {
  if (place.kind === "ollama") yield* ollamaModels(place.folder, limits);
  else {
    for await (const walked of walk(place.folder, limits)) {
      yield* await modelsIn(walked, place.kind, place.kind === "chosen");
    }
  }
}

async function isComplete(cache: string, modelPath: string): Promise<boolean> {
  return requireComplete(cache, modelPath).then(
    () => true,
    () => false,
  );
}
