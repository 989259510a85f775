/**
 * Fetches a graph of a hub's model through `@huggingface/transformers` into its cache. The library stores each file under
 * another name and renames it when the body has ended; bodies end only when they are whole and right (verified-fetch.ts).
 */
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { AutoConfig, AutoModelForCausalLM, AutoTokenizer, env, LogLevel } from "@huggingface/transformers";
import { SwapError } from "../../shared/errors.ts";
import type { HubFile, HubGraph, HubPlan } from "../../shared/protocol/hub.ts";
import { bytesOf, filesOfGraph } from "../../shared/protocol/hub.ts";
import { refused } from "./failure.ts";
import { isWhole, revisionFolder, writeMarker } from "./marker.ts";
import { dropPartFiles } from "./part-files.ts";
import { tokenHeaders } from "./token.ts";
import type { Fetch } from "./verified-fetch.ts";
import { verifiedFetch } from "./verified-fetch.ts";

/** What to fetch, and where from and to. */
export interface DownloadOptions {
  readonly host: string;
  readonly cache: string;
  readonly plan: HubPlan;
  readonly graph: HubGraph;
  readonly onProgress: (file: string, done: number, total: number) => void;
}

/** Room that is left on the disk beside the files, for whatever else writes there. */
const SPARE_BYTES = 64 << 20;

/**
 * Fetches what is missing; files that an earlier, broken off download finished are kept.
 *
 * @returns absolute path of the file to open
 * @throws SwapError `hub-unreachable`, `hub-refused`, `download-damaged`, `write-failed`
 */
export async function download(options: DownloadOptions): Promise<string> {
  const { host, cache, plan, graph, onProgress } = options;
  const folder = revisionFolder(cache, plan);
  const files = filesOfGraph(plan, graph);
  await dropPartFiles(folder);
  const missing: HubFile[] = [];
  for (const file of files) if (!(await isWhole(folder, file))) missing.push(file);
  // A file of another length under its final name is none of the library's: it would take it for its own.
  for (const file of missing) await fs.rm(path.join(folder, ...file.path.split("/")), { force: true });
  await requireRoom(folder, bytesOf(missing));

  const addressOf = (file: HubFile): string => `${host}/${plan.id}/resolve/${plan.revision}/${file.path}`;
  const total = bytesOf(files);
  let done = total - bytesOf(missing);
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_resolve, reject) => (fail = reject));
  failed.catch(() => undefined);
  const expected = new Map(missing.map((file) => [addressOf(file), file]));
  const get = verifiedFetch({
    expected,
    onBytes: (file, bytes) => {
      done += bytes;
      onProgress(file.path, Math.min(done, total), total);
    },
  });
  // The library swallows some failures and waits for ever: the first one is kept here.
  const watched: Fetch = async (input, init) => {
    try {
      const response = await get(input, init);
      const file = expected.get(String(input));
      if (file && !response.ok) fail(refused(host, file.path, response.status));
      return watchedBody(response, fail);
    } catch (error) {
      fail(error);
      throw error;
    }
  };
  env.fetch = watched;
  env.remoteHost = `${host}/`;
  env.cacheDir = cache;
  env.allowLocalModels = false;
  env.useWasmCache = false;
  env.logLevel = LogLevel.NONE;

  const work = async (): Promise<void> => {
    // The library knows fewer architectures than the engine: what it does not fetch is fetched below, in its way.
    if (graph.kind === "onnx") await throughLibrary(plan, graph).catch(console.error);
    for (const file of missing) {
      if (await isWhole(folder, file)) continue;
      await store(watched, addressOf(file), path.join(folder, ...file.path.split("/")), file);
    }
  };
  try {
    await Promise.race([work(), failed]);
  } catch (error) {
    throw explained(error, host, plan);
  }
  for (const file of files) {
    if (!(await isWhole(folder, file))) {
      throw new SwapError("download-incomplete", `${file.path} did not arrive.`, "Try again.");
    }
  }
  await writeMarker(folder, plan, files);
  return path.join(folder, ...graph.file.split("/"));
}

/** Configuration, tokenizer, graph and its data chunks, as the library fetches them to run a model. */
async function throughLibrary(plan: HubPlan, graph: HubGraph): Promise<void> {
  const { id, revision } = plan;
  const config = await AutoConfig.from_pretrained(id, { revision });
  if (plan.common.some((file) => file.path === "tokenizer_config.json")) {
    await AutoTokenizer.from_pretrained(id, { revision, config });
  }
  const chunks = graph.files.filter((file) => /\.onnx_data(_\d+)?$/.test(file.path)).length;
  // The file's name says its number type already; fp32 adds nothing to it.
  await AutoModelForCausalLM.from_pretrained(id, {
    revision,
    config,
    subfolder: path.posix.dirname(graph.file) === "." ? "" : path.posix.dirname(graph.file),
    model_file_name: path.posix.basename(graph.file).replace(/\.onnx$/i, ""),
    dtype: "fp32",
    // No device in particular: there is no runtime.
    device: "auto",
    use_external_data_format: chunks,
  });
}

/** Fetches a file that the library does not ask for, in its way: another name first, then renamed. */
async function store(get: Fetch, address: string, target: string, file: HubFile): Promise<void> {
  const response = await get(address, { headers: tokenHeaders(address) });
  if (response.status !== 200 || !response.body) throw refused(address, file.path, response.status);
  const temporary = `${target}.tmp.${process.pid}`;
  await fs.mkdir(path.dirname(target), { recursive: true });
  try {
    await fs.writeFile(temporary, response.body);
    await fs.rename(temporary, target);
  } catch (error) {
    await fs.rm(temporary, { force: true });
    throw error;
  }
}

function watchedBody(response: Response, fail: (error: unknown) => void): Response {
  if (response.status !== 200 || !response.body) return response;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        fail(error);
        controller.error(error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(body, { status: 200, headers: response.headers });
}

async function requireRoom(folder: string, bytes: number): Promise<void> {
  await fs.mkdir(folder, { recursive: true });
  const { bavail, bsize } = await fs.statfs(folder);
  if (bytes + SPARE_BYTES <= bavail * bsize) return;
  const megabytes = (count: number): string => `${Math.ceil(count / 1e6)} MB`;
  throw new SwapError(
    "write-failed",
    `The model takes ${megabytes(bytes)}, and ${megabytes(bavail * bsize)} are free where it would go (${folder}).`,
    "Make room, or select a smaller file of the model.",
  );
}

/** Errors of the library and of the file system as sentences. */
function explained(error: unknown, host: string, plan: HubPlan): unknown {
  if (error instanceof SwapError) return error;
  const { cause, code, message, status } = error as {
    cause?: unknown;
    code?: unknown;
    message?: unknown;
    status?: unknown;
  };
  if (cause instanceof SwapError) return cause;
  if (typeof status === "number") return refused(host, `all files of ${plan.id}`, status);
  if (typeof code === "string" && /^E[A-Z]+$/.test(code)) {
    return new SwapError("write-failed", `The model cannot be stored (${code}).`, "Check the disk.", {
      cause: error,
    });
  }
  return new SwapError(
    "hub-refused",
    `${plan.id} cannot be fetched: ${String(message)}`,
    "Select another file of the model, or another model.",
    { cause: error },
  );
}
