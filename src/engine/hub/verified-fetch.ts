/**
 * `fetch` for the hub: follows redirects by hand, since the file's hash stands on the first answer, and lets a body end
 * only if its length and hash are right. Whoever stores the body thus never stores a wrong or half file.
 */
import type { Hash } from "node:crypto";
import { createHash } from "node:crypto";
import { SwapError } from "../../shared/errors.ts";
import type { HubFile } from "../../shared/protocol/hub.ts";
import { unreachable } from "./failure.ts";

const MOST_REDIRECTS = 8;
const STALL_MS = 60_000;

/** What is fetched, and who hears of it. */
export interface VerifiedFetchOptions {
  /** Expected files by their whole address. */
  readonly expected: ReadonlyMap<string, HubFile>;
  /** Bytes of a file that came. */
  readonly onBytes: (file: HubFile, bytes: number) => void;
  /** Milliseconds without a byte after which the connection counts as lost. */
  readonly stallMs?: number;
}

/** As `fetch`, for strings and URLs. */
export type Fetch = (input: string | URL, init?: RequestInit) => Promise<Response>;

/**
 * Makes such a `fetch`.
 *
 * @throws SwapError `hub-unreachable` (when called); bodies end with `download-damaged` or `hub-unreachable`
 */
export function verifiedFetch({ expected, onBytes, stallMs = STALL_MS }: VerifiedFetchOptions): Fetch {
  return async (input, init = {}) => {
    const address = String(input);
    const abort = new AbortController();
    const watch = stallWatch(stallMs, () => {
      abort.abort(unreachable(address, `no data for ${Math.round(stallMs / 1000)} s`));
    });
    try {
      const { response, hashes } = await followed(address, { ...init, signal: abort.signal });
      const file = expected.get(address);
      const isPart = new Headers(init.headers).has("range");
      if (!file || isPart || response.status !== 200 || !response.body) {
        watch.stop();
        return response;
      }
      const check = new BodyCheck(file, hashes);
      const body = response.body.pipeThrough(
        new TransformStream<Uint8Array, Uint8Array>({
          transform: (chunk, controller) => {
            watch.touch();
            check.add(chunk);
            onBytes(file, chunk.length);
            controller.enqueue(chunk);
          },
          flush: () => {
            watch.stop();
            check.end();
          },
        }),
      );
      return new Response(body, { status: 200, headers: response.headers });
    } catch (cause) {
      watch.stop();
      throw cause instanceof SwapError ? cause : unreachable(address, reasonOf(cause), cause);
    }
  };
}

/** The last answer of a chain of redirects, and the hashes that any of them named. */
async function followed(
  address: string,
  init: RequestInit,
): Promise<{ response: Response; hashes: readonly string[] }> {
  const hashes: string[] = [];
  let at = address;
  const headers = new Headers(init.headers);
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const response = await fetch(at, { ...init, headers, redirect: "manual" });
    hashes.push(...hashesIn(response.headers));
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || location === null) return { response, hashes };
    await response.body?.cancel();
    const next = new URL(location, at);
    if (next.protocol !== "https:" && next.protocol !== new URL(address).protocol) {
      throw unreachable(address, `it leads to ${next.protocol} addresses`);
    }
    // A token is for the hub alone, not for where it keeps its files.
    if (next.host !== new URL(at).host) headers.delete("authorization");
    at = next.href;
  }
  throw unreachable(address, "it only redirects");
}

/** Hashes that an answer names: `x-linked-etag` of the hub, or an `etag` that has the form of one. */
function hashesIn(headers: Headers): string[] {
  const linked = headers.get("x-linked-etag");
  const tags = linked === null ? [headers.get("etag")] : [linked];
  return tags.flatMap((tag) => {
    const hash = /^(?:W\/)?"?([0-9a-f]{40}|[0-9a-f]{64})"?$/i.exec(tag ?? "")?.[1];
    // Where large files are kept, 64 digits may be the hash of something else: only the hub's own words count.
    return hash === undefined ? [] : [hash.toLowerCase()];
  });
}

/** Hashes a body while it passes. */
class BodyCheck {
  readonly #file: HubFile;
  readonly #sha256: Hash = createHash("sha256");
  readonly #git: Hash;
  readonly #named: readonly string[];
  #bytes = 0;

  constructor(file: HubFile, named: readonly string[]) {
    this.#file = file;
    this.#git = createHash("sha1").update(`blob ${file.bytes}\0`);
    // The first answer is the hub's; later ones are of its storage, whose tags mean what they like.
    this.#named = named.slice(0, 1);
  }

  add(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    this.#sha256.update(chunk);
    this.#git.update(chunk);
  }

  /** @throws SwapError `download-damaged` */
  end(): void {
    const { path, bytes, sha256, gitSha1 } = this.#file;
    if (this.#bytes !== bytes) {
      throw damaged(path, `${this.#bytes} bytes came instead of ${bytes}`);
    }
    const got = [this.#sha256.digest("hex"), this.#git.digest("hex")];
    const wanted = [sha256, gitSha1, ...this.#named].filter((hash) => hash !== null);
    if (wanted.length === 0) throw damaged(path, "the hub names no hash to check it against");
    const wrong = wanted.find((hash) => !got.includes(hash));
    if (wrong !== undefined) {
      const mine = wrong.length === 64 ? got[0]! : got[1]!;
      throw damaged(path, `its hash begins with ${mine.slice(0, 12)}, and should with ${wrong.slice(0, 12)}`);
    }
  }
}

function damaged(file: string, what: string): SwapError {
  return new SwapError(
    "download-damaged",
    `${file} did not arrive as the hub has it: ${what}. It was deleted.`,
    "Try again. If it happens again, something between this machine and the hub changes files.",
  );
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  const code = (cause as { code?: unknown }).code;
  return typeof code === "string" ? code : cause.message;
}

function stallWatch(ms: number, onStall: () => void): { touch(): void; stop(): void } {
  let timer = setTimeout(onStall, ms);
  return {
    touch: () => {
      clearTimeout(timer);
      timer = setTimeout(onStall, ms);
    },
    stop: () => {
      clearTimeout(timer);
    },
  };
}
