/** What the download process and the extension say to each other, and what is kept of a download. Validated on both sides. */
import * as v from "valibot";
import { errorDataSchema } from "./engine.ts";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** The hub where nothing names another. */
export const DEFAULT_HUB = "https://huggingface.co";

/** The hub's address: as named by the setting, else by `HF_ENDPOINT` of the environment, else the usual one. */
export function hubHost(setting: string, env: Readonly<Record<string, string | undefined>>): string {
  const named = [setting, env.HF_ENDPOINT ?? ""].map((text) => text.trim().replace(/\/+$/, ""));
  return named.find((text) => /^https?:\/\/[^\s/]/.test(text)) ?? DEFAULT_HUB;
}

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

/** How the network is reached, and with whose rights. It crosses by message alone: never as argument, never by environment. */
const hubAccess = v.object({
  /** The user's token for this hub; null: what the environment has. */
  token: v.nullable(v.string()),
  /** Address of the proxy; null: as the environment says; empty: none. */
  proxy: v.nullable(v.string()),
  /** What the user entered when a proxy, `host:port`, asked for a password. */
  proxyLogin: v.nullable(v.object({ proxy: v.string(), user: v.string(), password: v.string() })),
  /** Value of a `Proxy-Authorization` header. */
  proxyAuthorization: v.nullable(v.string()),
  /** Hosts that are asked directly, beside those that the environment excepts. */
  noProxy: v.array(v.string()),
  /** Whether certificates must be good. */
  strictTls: v.boolean(),
  /** Whether authorities of the operating system count, beside Node's own and those of `NODE_EXTRA_CA_CERTS`. */
  systemCertificates: v.boolean(),
});
export type HubAccess = v.InferOutput<typeof hubAccess>;

/** What the process is started for: one job, then it ends. */
export const hubJobSchema = v.variant("kind", [
  /** Asks the hub about a repository. */
  v.object({ kind: v.literal("plan"), host: v.string(), access: hubAccess, id: v.string() }),
  /** Fetches one graph with what it needs. */
  v.object({
    kind: v.literal("download"),
    host: v.string(),
    access: hubAccess,
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
  /** `cuts`: how often the connection was cut so far, and gone on with. */
  v.object({ kind: v.literal("progress"), file: v.string(), done: count, total: count, cuts: count }),
  /** `path` is the file to open, absolute. */
  v.object({ kind: v.literal("downloaded"), path: v.string() }),
  /** `proxy` is there when it asks for a password: `host:port`. */
  v.object({ kind: v.literal("failed"), error: errorDataSchema, proxy: v.exactOptional(v.string()) }),
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
