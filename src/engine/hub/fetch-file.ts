/** Brings one file of a hub: what came before a cut is kept beside it, gone on from there, and gets its name when its hash is right. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as pause } from "node:timers/promises";
import { SwapError } from "../../shared/errors.ts";
import type { HubFile } from "../../shared/protocol/hub.ts";
import { refused } from "./failure.ts";
import type { HubAnswer, HubFetch } from "./hub-fetch.ts";

/** Cuts in a row, each after less than `MUCH`, that a download goes on after. */
const MOST_CUTS = 5;
const MUCH = 1 << 20;
/** Before the first new try; doubled for each further one. */
const PAUSE_MS = 100;

/** Which file, where from and to, and who hears of it. */
export interface FileRequest {
  readonly get: HubFetch;
  readonly address: string;
  /** Absolute path. */
  readonly target: string;
  readonly file: HubFile;
  /** Bytes of the file that are here now; fewer than before when it starts anew. */
  readonly onBytes: (bytes: number) => void;
  /** The connection was cut and is made again. */
  readonly onCut: (error: SwapError) => void;
}

/** Where a file grows until it is whole. */
export function partOf(target: string): string {
  return `${target}.part`;
}

/** Bytes of a file on disk; 0 when there is none. */
export async function bytesOn(file: string): Promise<number> {
  return fs.stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/**
 * Fetches a file, or the rest of it.
 *
 * @throws SwapError `hub-unreachable` and others of the way, `hub-gated`, `hub-refused`; `download-damaged`, after which
 *   nothing of it is left; errors of the file system as they are
 */
export async function fetchFile(request: FileRequest): Promise<void> {
  const { target, file, onBytes, onCut } = request;
  const state = { hasAnswered: false };
  const listening: FileRequest = {
    ...request,
    onBytes: (bytes) => {
      state.hasAnswered = true;
      onBytes(bytes);
    },
  };
  const part = partOf(target);
  await fs.mkdir(path.dirname(target), { recursive: true });
  let named: string | null = null;
  for (let cuts = 0; ;) {
    const before = await bytesOn(part);
    try {
      named = await fetchRest(listening, part);
      break;
    } catch (error) {
      if (!(error instanceof SwapError) || error.code !== "hub-unreachable") throw error;
      const now = await bytesOn(part);
      cuts = now - before >= MUCH ? 1 : cuts + 1;
      if (!state.hasAnswered || cuts > MOST_CUTS) {
        const kept =
          now === 0
            ? ""
            : ` ${now} of ${file.bytes} bytes of ${file.path} are kept: the next download goes on there.`;
        throw error.retold(`${error.message}${kept}`);
      }
      onCut(error);
      await pause(PAUSE_MS * 2 ** cuts);
    }
  }
  await check(part, file, named);
  await fs.rename(part, target);
  await fs.rm(tagOf(part), { force: true });
}

/** The tag that the server has for what is in a part: a part of another content is not gone on with. */
function tagOf(part: string): string {
  return `${part}-tag`;
}

/** Appends what is missing to a part; returns the hash that the hub names, null where it was not asked. */
async function fetchRest(request: FileRequest, part: string): Promise<string | null> {
  const { get, address, file } = request;
  const have = await bytesOn(part);
  if (have === file.bytes && have > 0) return null;
  if (have > file.bytes) await drop(part);
  const isPart = have > 0 && have < file.bytes;
  const tag = isPart ? await fs.readFile(tagOf(part), "utf8").catch(() => "") : "";
  const { response, named, body } = await get(address, {
    // Ranges of compressed bytes would be of no use.
    "accept-encoding": "identity",
    ...(isPart ? { range: `bytes=${have}-` } : {}),
    ...(tag === "" ? {} : { "if-range": tag }),
  });
  const { status, headers } = response;
  const isRest =
    isPart && status === 206 && headers.get("content-range")?.startsWith(`bytes ${have}-`) === true;
  if (!isRest && status !== 200) {
    await response.body?.cancel();
    if (!isPart || (status !== 206 && status !== 416)) throw refused(address, file.path, response);
    // It has other parts than the one that is here.
    await drop(part);
    return fetchRest(request, part);
  }
  await fs.writeFile(tagOf(part), /^".+"$/.exec(headers.get("etag") ?? "")?.[0] ?? "");
  await write(body, part, isRest ? have : 0, request);
  return named;
}

/** @throws SwapError `download-damaged` for more bytes than there should be */
async function write(
  body: HubAnswer["body"],
  part: string,
  from: number,
  { file, onBytes }: FileRequest,
): Promise<void> {
  const handle = await fs.open(part, from > 0 ? "a" : "w");
  let bytes = from;
  try {
    onBytes(bytes);
    for await (const chunk of body) {
      await handle.writeFile(chunk);
      bytes += chunk.length;
      if (bytes > file.bytes) break;
      onBytes(bytes);
    }
  } finally {
    await handle.close();
  }
}

async function drop(part: string): Promise<void> {
  for (const name of [part, tagOf(part)]) await fs.rm(name, { force: true });
}

/** Deletes a part that is not what it should be. */
async function check(part: string, file: HubFile, named: string | null): Promise<void> {
  const wrong = await wrongIn(part, file, named);
  if (wrong === null) return;
  await drop(part);
  throw new SwapError(
    "download-damaged",
    `${file.path} did not arrive as the hub has it: ${wrong}. It was deleted.`,
    "Try again. If it happens again, something between this machine and the hub changes files.",
  );
}

async function wrongIn(
  part: string,
  { bytes, sha256, gitSha1 }: HubFile,
  named: string | null,
): Promise<string | null> {
  const came = await bytesOn(part);
  if (came > bytes) return `more than ${bytes} bytes came`;
  if (came < bytes) return `${came} bytes came instead of ${bytes}`;
  const wanted = new Set([sha256, gitSha1, named].filter((hash) => hash !== null));
  if (wanted.size === 0) return "the hub names no hash to check it against";
  for (const hash of wanted) {
    const made = hash.length === 64 ? createHash("sha256") : createHash("sha1").update(`blob ${bytes}\0`);
    await pipeline(createReadStream(part), made);
    const got = made.digest("hex");
    if (got !== hash) return `its hash begins with ${got.slice(0, 12)}, and should with ${hash.slice(0, 12)}`;
  }
  return null;
}
