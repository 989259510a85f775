/** A model hub on the loopback interface, as far as downloads go: repository facts, redirects to storage, ranges, hashes, and faults on demand. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** What goes wrong; by file name where a map. All are read at each request. */
export interface Faults {
  /** Status instead of an answer, by path of the request's address that contains the key. */
  status: Record<string, number>;
  /** Files with one byte changed on the way. */
  corrupt: Set<string>;
  /** Files whose connection is cut at so many bytes from the file's beginning: the next one at the first number, and so on. */
  cuts: Record<string, number[]>;
  /** Repositories with terms: files come only with this token. */
  gated: Record<string, string>;
  /** Host name that large files are sent from; null: the hub's own. */
  storage: string | null;
  /** What storage adds to its tags: another text is another content for whoever goes on with a part. */
  version: string;
  /** Milliseconds between chunks of 16 KiB. */
  slowMs: number;
}

/** A running hub. */
export interface FakeHub {
  readonly host: string;
  readonly faults: Faults;
  /** Path of every request so far, with `#range` behind those for a part. */
  readonly requests: string[];
  /** Of every request so far: host name that was asked, and the token that came along. */
  readonly rights: { readonly host: string; readonly token: string | undefined }[];
  /** Adds a repository with the files of a folder. */
  add(id: string, folder: string, licence?: string): void;
  stop(): Promise<void>;
}

interface Repository {
  readonly revision: string;
  readonly licence: string | null;
  readonly files: ReadonlyMap<string, Buffer>;
}

const CHUNK = 16 << 10;

/** Starts a hub without repositories; with key and certificate it speaks TLS. */
export async function startFakeHub(secure?: {
  readonly key: string;
  readonly cert: string;
}): Promise<FakeHub> {
  const repositories = new Map<string, Repository>();
  const requests: string[] = [];
  const rights: { host: string; token: string | undefined }[] = [];
  const faults: Faults = {
    status: {},
    corrupt: new Set(),
    cuts: {},
    gated: {},
    storage: null,
    version: "",
    slowMs: 0,
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname } = new URL(request.url ?? "/", "http://hub");
    rights.push({
      host: (request.headers.host ?? "").replace(/:\d+$/, ""),
      token: request.headers.authorization,
    });
    requests.push(request.headers.range === undefined ? pathname : `${pathname}#range`);
    const fault = Object.entries(faults.status).find(([part]) => pathname.includes(part));
    if (fault) reply(response, fault[1]);
    else answer(pathname, request, response).catch(() => response.destroy());
  };
  const server = secure ? createSecureServer(secure, listener) : createServer(listener);

  const answer = async (
    pathname: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const api = /^\/api\/models\/([^/]+\/[^/]+)$/.exec(pathname);
    const file = /^\/(cdn\/)?([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(pathname);
    const id = api?.[1] ?? file?.[2] ?? "";
    const repository = repositories.get(id);
    // The real hub does not say whether a repository exists.
    if (!repository) reply(response, 401);
    else if (file && !(file[1] ?? "") && isShut(id, request)) {
      response.writeHead(401, { "x-error-code": "GatedRepo" }).end();
    } else if (api) json(response, factsOf(id, repository));
    else await send(repository, file!, request, response);
  };

  const isShut = (id: string, { headers }: IncomingMessage): boolean =>
    faults.gated[id] !== undefined && headers.authorization !== `Bearer ${faults.gated[id]}`;

  const send = async (
    { revision, files }: Repository,
    [, cdn, id, wanted, name]: RegExpExecArray,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const content = files.get(name!);
    if (!content || (wanted !== "main" && wanted !== revision)) {
      reply(response, 404);
      return;
    }
    const headers = { "x-repo-commit": revision };
    if (isLarge(name!) && cdn === undefined) {
      response.writeHead(302, {
        ...headers,
        location: `${faults.storage === null ? "" : host(faults.storage)}/cdn/${id!}/resolve/${wanted}/${name!}`,
        "x-linked-etag": `"${sha256(content)}"`,
        "x-linked-size": String(content.length),
      });
      response.end();
      return;
    }
    // Storage has tags of its own, in the form of a hash of something else.
    const etag = cdn === undefined ? gitSha1(content) : sha256(Buffer.from(name! + faults.version));
    const condition = request.headers["if-range"];
    const isSame = condition === undefined || condition === `"${etag}"`;
    const range = isSame ? /^bytes=(\d+)-$/.exec(request.headers.range ?? "") : null;
    const [from, to] = [Number(range?.[1] ?? 0), content.length];
    response.writeHead(range ? 206 : 200, {
      ...headers,
      etag: `"${etag}"`,
      "content-length": String(to - from),
      ...(range ? { "content-range": `bytes ${from}-${to - 1}/${content.length}` } : {}),
    });
    const body = Buffer.from(content.subarray(from, to));
    const middle = body.length >> 1;
    if (faults.corrupt.has(name!)) body.writeUInt8(body.readUInt8(middle) ^ 1, middle);
    const end = Math.max(0, (faults.cuts[name!]?.shift() ?? content.length) - from);
    for (let at = 0; at < end && !response.destroyed; at += CHUNK) {
      const chunk = body.subarray(at, Math.min(end, at + CHUNK));
      // Waited for: what was not sent would go with a cut.
      await new Promise<void>((resolve) => {
        response.write(chunk, () => {
          resolve();
        });
      });
      if (faults.slowMs > 0) await pause(faults.slowMs);
    }
    if (end < body.length) response.destroy();
    else response.end();
  };

  const host = (name: string): string =>
    `http${secure ? "s" : ""}://${name}:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: host("127.0.0.1"),
    faults,
    rights,
    requests,
    add: (id, folder, licence) => {
      const files = new Map(
        filesBelow(folder).map((name) => [name, fs.readFileSync(path.join(folder, name))]),
      );
      const revision = createHash("sha1")
        .update([...files.values()].map(sha256).join())
        .digest("hex");
      repositories.set(id, { revision, licence: licence ?? null, files });
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function factsOf(id: string, { revision, licence, files }: Repository): unknown {
  return {
    id,
    sha: revision,
    tags: ["onnx", ...(licence === null ? [] : [`license:${licence}`])],
    siblings: [...files].map(([rfilename, content]) => ({
      rfilename,
      size: content.length,
      blobId: gitSha1(content),
      ...(isLarge(rfilename) ? { lfs: { sha256: sha256(content), size: content.length } } : {}),
    })),
  };
}

function filesBelow(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => fs.statSync(path.join(folder, name)).isFile())
    .map((name) => name.split(path.sep).join("/"));
}

function isLarge(name: string): boolean {
  return /\.(onnx|onnx_data|data|gguf)$/.test(name);
}

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function gitSha1(content: Buffer): string {
  return createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
}

function reply(response: ServerResponse, status: number): void {
  response.writeHead(status);
  response.end();
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
