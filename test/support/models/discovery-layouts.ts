/** Lays models out as the programs that keep them do, for tests of discovery; and holds what was found against PyTorch. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { expect } from "vitest";
import { maxAbsDifference } from "../../../src/engine/difference.ts";
import { openModel } from "../../../src/engine/open.ts";
import { findModels } from "../../../src/engine/discovery/find-models.ts";
import type { FoundModel, Place } from "../../../src/engine/discovery/found-model.ts";
import { modelPlaces } from "../../../src/engine/discovery/places.ts";
import { readGolden } from "./fixtures.ts";

export const fixtures = path.resolve(import.meta.dirname, "../../fixtures");
export const gguf = path.join(fixtures, "gguf_llama__Q8_0/model.gguf");
/** What an ONNX graph needs beside it. */
export const hubFiles = ["config.json", "tokenizer.json", "tokenizer_config.json"];

/** Copies a file, with its folders. */
export function put(from: string, to: string): string {
  fs.mkdirSync(path.dirname(to), { recursive: true });
  fs.copyFileSync(from, to);
  return to;
}

/** Of a file, hexadecimal. */
export function sha256(file: string): string {
  return createHash("sha256").update(fs.readFileSync(file)).digest("hex");
}

/** All models of places. */
export async function find(
  places: readonly Place[],
  signal = new AbortController().signal,
): Promise<FoundModel[]> {
  const found: FoundModel[] = [];
  for await (const model of findModels(places, { signal })) found.push(model);
  return found;
}

/** The places of a home under `root` as the programs would use it, without any variable that this machine sets. */
export function homePlaces(root: string, env: Readonly<Record<string, string>> = {}): Place[] {
  return modelPlaces({
    workspaceFolders: [],
    modelFolders: [],
    cache: path.join(root, "own"),
    env,
    home: path.join(root, "home"),
    platform: "linux",
  }).filter(({ folder }) => folder.startsWith(root));
}

/** Opens a found model and holds its unpatched run against PyTorch. */
export async function opensAndAnswers(
  { path: file }: Pick<FoundModel, "path">,
  fixture: string,
): Promise<void> {
  const golden = readGolden({ name: fixture, folder: path.join(fixtures, fixture) });
  const { decoder } = await openModel({ path: file, file: null, threads: 1, runtime: "auto" });
  try {
    const ids = golden.source.input_ids;
    let states = await decoder.embed(ids);
    for (let k = 0; k < decoder.info.blocks; k++) {
      states = (await decoder.block(k, states, { ids, start: 0 })).states;
    }
    const last = states.data.subarray((ids.length - 1) * states.width);
    const { data } = await decoder.logits({ data: last, rows: 1, width: states.width });
    expect(maxAbsDifference(data, golden.source.logits)).toBeLessThan(2e-3);
  } finally {
    await decoder.close();
  }
}

/** Lays a fixture out as the Python hub cache does: blobs by hash, a snapshot of relative links. */
export function intoHubCache(hub: string, id: string, fixture: string, files: readonly string[]): string {
  const repository = path.join(hub, `models--${id.replace("/", "--")}`);
  const snapshot = path.join(repository, "snapshots", "a".repeat(40));
  for (const name of files) {
    const from = path.join(fixtures, fixture, name);
    const blob = put(from, path.join(repository, "blobs", sha256(from)));
    const link = path.join(snapshot, name);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(path.relative(path.dirname(link), blob), link);
  }
  fs.mkdirSync(path.join(repository, "refs"), { recursive: true });
  fs.writeFileSync(path.join(repository, "refs/main"), "a".repeat(40));
  return snapshot;
}

/** Lays a GGUF out as Ollama does. */
export function intoOllama(models: string, name: readonly string[], file: string, digestMark = "-"): string {
  const hash = sha256(file);
  const blob = put(file, path.join(models, "blobs", `sha256${digestMark}${hash}`));
  const manifest = path.join(models, "manifests", ...name);
  fs.mkdirSync(path.dirname(manifest), { recursive: true });
  const layer = (mediaType: string, digest: string): object => ({ mediaType, digest, size: 1 });
  fs.writeFileSync(
    manifest,
    JSON.stringify({
      schemaVersion: 2,
      layers: [
        layer("application/vnd.ollama.image.template", `sha256:${"0".repeat(64)}`),
        layer("application/vnd.ollama.image.model", `sha256:${hash}`),
      ],
    }),
  );
  return blob;
}
