/** Asks a hub what a repository holds: commit, licence, and each graph with the files that it needs, their sizes and hashes. */
import { json } from "node:stream/consumers";
import * as v from "valibot";
import { SwapError } from "../../shared/errors.ts";
import type { HubFile, HubGraph, HubPlan } from "../../shared/protocol/hub.ts";
import { areSiblings, shardName } from "../model/gguf/shards.ts";
import { refused } from "./failure.ts";
import type { HubFetch } from "./hub-fetch.ts";

/** Of the answer of `/api/models/<id>?blobs=true`, what is used. */
const repository = v.object({
  sha: v.string(),
  tags: v.optional(v.array(v.string()), []),
  siblings: v.array(
    v.object({
      rfilename: v.string(),
      size: v.nullish(v.number()),
      blobId: v.nullish(v.string()),
      lfs: v.nullish(v.object({ sha256: v.optional(v.string()), oid: v.optional(v.string()) })),
    }),
  ),
});

/** Configuration and tokenizer files that the engine reads where they are. */
const COMMON = [
  "config.json",
  "generation_config.json",
  "tokenizer.json",
  "tokenizer_config.json",
  "special_tokens_map.json",
  "chat_template.jinja",
  "chat_template.json",
];

/**
 * Plans what can be fetched from a repository.
 *
 * @param host address of the hub, without a path
 * @param id `owner/name`
 * @throws SwapError `usage` for an id that none can have, `not-a-model` when it holds none, those of `hubFetch` and `refused`
 */
export async function planOf(get: HubFetch, host: string, id: string): Promise<HubPlan> {
  if (!isModelId(id)) {
    throw new SwapError("usage", `"${id}" is no model of a hub.`, "Write it as owner/name.");
  }
  const address = `${host}/api/models/${id}?blobs=true`;
  const { response, body } = await get(address);
  if (response.status !== 200) {
    await response.body?.cancel();
    throw refused(address, `model ${id}`, response);
  }
  const answer: unknown = await json(body).catch((error: unknown) => {
    if (error instanceof SwapError) throw error;
    return null;
  });
  const parsed = v.safeParse(repository, answer);
  if (!parsed.success) {
    throw new SwapError(
      "hub-refused",
      `${host} does not answer like a model hub about ${id}.`,
      "Check the address of the hub: the setting stateSwap.hub, or HF_ENDPOINT.",
    );
  }
  const { sha, tags, siblings } = parsed.output;
  const files = siblings.flatMap((file): HubFile[] => {
    if (!isSafePath(file.rfilename) || typeof file.size !== "number") return [];
    const sha256 = file.lfs?.sha256 ?? file.lfs?.oid ?? null;
    return [
      { path: file.rfilename, bytes: file.size, sha256, gitSha1: sha256 ? null : (file.blobId ?? null) },
    ];
  });
  const graphs = graphsOf(files);
  if (graphs.length === 0) {
    throw new SwapError(
      "not-a-model",
      `${id} holds no .onnx and no .gguf file.`,
      "Look for an ONNX or GGUF export of it, for example of onnx-community.",
    );
  }
  const licence = tags.find((tag) => tag.startsWith("license:"))?.slice("license:".length) ?? null;
  return { id, revision: sha, licence, common: commonOf(files), graphs };
}

/** Whether a text can be the id of a model: `owner/name` in the hub's alphabet. */
function isModelId(id: string): boolean {
  return /^[\w][\w.-]{0,95}\/[\w][\w.-]{0,95}$/.test(id) && !/\.\.|--|\.git$/.test(id);
}

/** Names become paths below the cache: nothing may lead out of it. */
function isSafePath(name: string): boolean {
  return (
    !/[\\:\0]/.test(name) && name.split("/").every((part) => part !== "" && part !== "." && part !== "..")
  );
}

function commonOf(files: readonly HubFile[]): HubFile[] {
  return files.filter(({ path }) => COMMON.includes(path));
}

/** Each graph of a repository, with its external data by the names that exporters give it, or all shards of a GGUF. */
function graphsOf(files: readonly HubFile[]): HubGraph[] {
  return files.flatMap((file): HubGraph[] => {
    if (/\.onnx$/i.test(file.path)) {
      const isData = ({ path }: HubFile): boolean =>
        path.startsWith(file.path) &&
        /^(?:_data(?:_\d+)?|\.data|\.data_\d+)$/.test(path.slice(file.path.length));
      const beside = file.path.replace(/\.onnx$/i, ".data");
      const data = files.filter((other) => isData(other) || other.path === beside);
      return [{ kind: "onnx", file: file.path, files: [file, ...data] }];
    }
    if (!/\.gguf$/i.test(file.path)) return [];
    const shard = shardName(file.path);
    if (!shard) return [{ kind: "gguf", file: file.path, files: [file] }];
    if (shard.number !== 1) return [];
    const shards = files.filter(({ path }) => areSiblings(path, file.path));
    return [{ kind: "gguf", file: file.path, files: shards }];
  });
}
