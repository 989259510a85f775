/** Fetches a graph of a hub's model, with all that it needs, into a folder of its revision. */
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { SwapError } from "../../shared/errors.ts";
import type { HubFile, HubGraph, HubPlan } from "../../shared/protocol/hub.ts";
import { bytesOf, filesOfGraph } from "../../shared/protocol/hub.ts";
import { claim } from "./claim.ts";
import { bytesOn, fetchFile, partOf } from "./fetch-file.ts";
import type { HubFetch } from "./hub-fetch.ts";
import { isWhole, revisionFolder, writeMarker } from "./marker.ts";

/** What to fetch, and where from and to. */
export interface DownloadOptions {
  readonly get: HubFetch;
  readonly host: string;
  readonly cache: string;
  readonly plan: HubPlan;
  readonly graph: HubGraph;
  /** `cuts`: how often the connection was cut so far, and gone on with. */
  readonly onProgress: (progress: { file: string; done: number; total: number; cuts: number }) => void;
}

/** Room that is left on the disk beside the files, for whatever else writes there. */
const SPARE_BYTES = 64 << 20;

/**
 * Fetches what is missing; what an earlier, broken off download brought is kept and gone on with.
 *
 * @returns absolute path of the file to open
 * @throws SwapError `write-failed`, those of `fetchFile`
 */
export async function download(options: DownloadOptions): Promise<string> {
  const folder = revisionFolder(options.cache, options.plan);
  try {
    const release = await claim(folder);
    try {
      await dropOtherParts(folder);
      const files = filesOfGraph(options.plan, options.graph);
      await fetchMissing(options, folder, files);
      await writeMarker(folder, options.plan, files);
    } finally {
      await release();
    }
  } catch (error) {
    throw aboutDisk(error, folder);
  }
  return path.join(folder, ...options.graph.file.split("/"));
}

async function fetchMissing(
  { get, host, plan, onProgress }: DownloadOptions,
  folder: string,
  files: readonly HubFile[],
): Promise<void> {
  const targetOf = (file: HubFile): string => path.join(folder, ...file.path.split("/"));
  const missing: HubFile[] = [];
  let kept = 0;
  for (const file of files) {
    if (await isWhole(folder, file)) continue;
    missing.push(file);
    kept += await bytesOn(partOf(targetOf(file)));
  }
  await requireRoom(folder, bytesOf(missing) - kept);
  const total = bytesOf(files);
  let before = total - bytesOf(missing);
  let cuts = 0;
  for (const file of missing) {
    await fetchFile({
      get,
      address: `${host}/${plan.id}/resolve/${plan.revision}/${file.path}`,
      target: targetOf(file),
      file,
      onBytes: (bytes) => {
        onProgress({ file: file.path, done: before + bytes, total, cuts });
      },
      onCut: (error) => {
        cuts++;
        console.error(`${error.message} Going on with ${file.path}.`);
      },
    });
    before += file.bytes;
  }
}

/** Parts of other revisions of the model are never gone on with: a download takes the newest. */
async function dropOtherParts(folder: string): Promise<void> {
  const model = path.dirname(folder);
  for (const name of await fs.readdir(model, { recursive: true })) {
    const file = path.join(model, name);
    if (/\.part(?:-tag)?$/.test(name) && !file.startsWith(folder + path.sep))
      await fs.rm(file, { force: true });
  }
}

async function requireRoom(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await fs.statfs(folder);
  if (bytes + SPARE_BYTES <= bavail * bsize) return;
  const megabytes = (count: number): string => `${Math.ceil(count / 1e6)} MB`;
  throw new SwapError(
    "write-failed",
    `${megabytes(bytes)} of the model are still to come, and ${megabytes(bavail * bsize)} are free where they would go (${folder}).`,
    "Make room, or select a smaller file of the model.",
  );
}

/** Errors of the file system as sentences. */
function aboutDisk(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof SwapError || typeof code !== "string" || !/^E[A-Z]+$/.test(code)) return error;
  const isFull = code === "ENOSPC" || code === "EDQUOT";
  const [what, hint] = isFull
    ? ["The disk is full", "Make room and download again: it goes on where it stopped."]
    : ["The model cannot be stored", "Check the disk."];
  return new SwapError("write-failed", `${what} (${code}, ${folder}).`, hint, { cause: error });
}
