/** What the download process and the extension say to each other, and what is kept of a download. Validated on both sides. */
import * as v from "valibot";
import { errorDataSchema } from "./engine.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** The hub's own host; `HF_ENDPOINT` names another. */
export const DEFAULT_HUB = "https://huggingface.co";

const hubFile = v.object({
  /** Relative to the repository, with slashes. */
  path: v.string(),
  bytes: count,
  /** Lower-case hexadecimal; files in large file storage have it. */
  sha256: v.nullable(v.string()),
  /** Git's own hash of the others: SHA-1 over `blob <bytes>\0` and the content. */
  gitSha1: v.nullable(v.string()),
});

const hubGraph = v.object({
  kind: v.picklist(["onnx", "gguf"]),
  /** The file to open, relative to the repository. */
  file: v.string(),
  /** The file itself, its external data or its further shards. */
  files: v.pipe(v.array(hubFile), v.minLength(1)),
});

const hubPlan = v.object({
  id: v.string(),
  /** Commit that everything is fetched from, so that files of two versions never mix. */
  revision: v.pipe(v.string(), v.regex(/^[0-9a-f]{7,64}$/)),
  /** As the repository declares it; null when it declares none. */
  licence: v.nullable(v.string()),
  /** Configuration and tokenizer, needed by every ONNX graph. */
  common: v.array(hubFile),
  graphs: v.array(hubGraph),
});

export type HubFile = v.InferOutput<typeof hubFile>;
export type HubGraph = v.InferOutput<typeof hubGraph>;
export type HubPlan = v.InferOutput<typeof hubPlan>;

/** What the process is started for: one job, then it ends. */
export const hubJobSchema = v.variant("kind", [
  /** Asks the hub about a repository. */
  v.object({ kind: v.literal("plan"), host: v.string(), id: v.string() }),
  /** Fetches one graph with what it needs. */
  v.object({
    kind: v.literal("download"),
    host: v.string(),
    cache: v.string(),
    plan: hubPlan,
    graph: hubGraph,
  }),
]);
export type HubJob = v.InferOutput<typeof hubJobSchema>;

/** What the process answers. */
export const hubMessageSchema = v.variant("kind", [
  v.object({ kind: v.literal("ready") }),
  v.object({ kind: v.literal("planned"), plan: hubPlan }),
  v.object({ kind: v.literal("progress"), file: v.string(), done: count, total: count }),
  /** `path` is the file to open, absolute. */
  v.object({ kind: v.literal("downloaded"), path: v.string() }),
  v.object({ kind: v.literal("failed"), error: errorDataSchema }),
]);
export type HubMessage = v.InferOutput<typeof hubMessageSchema>;

/** The completion marker of a downloaded revision: written last, asked before anything of it is opened. */
export const hubMarkerSchema = v.object({
  format: v.literal(1),
  id: v.string(),
  revision: v.string(),
  licence: v.nullable(v.string()),
  /** Every file that arrived and was checked. */
  files: v.array(hubFile),
});
export type HubMarker = v.InferOutput<typeof hubMarkerSchema>;

/** All files of a graph: what every graph needs first (GGUF files bring it along), then its own. */
export function filesOfGraph({ common }: Pick<HubPlan, "common">, graph: HubGraph): HubFile[] {
  return [...(graph.kind === "onnx" ? common : []), ...graph.files];
}

/** Bytes of files together. */
export function bytesOf(files: readonly HubFile[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}
