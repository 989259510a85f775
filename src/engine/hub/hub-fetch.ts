/** The one way in which a hub is asked, for facts and for files: with the user's token where it belongs, along redirects. */
import type { Response } from "undici";
import { explained, unreachable } from "./failure.ts";
import type { Network } from "./network.ts";

const MOST_REDIRECTS = 8;

/** What a hub said. */
export interface HubAnswer {
  readonly response: Response;
  /** The response's body; a cut or silence is thrown as `hub-unreachable`. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Hash that the hub itself, not its storage, names for the content: SHA-256 or Git's SHA-1, lower-case hexadecimal. */
  readonly named: string | null;
}

/** Asks for an address; any status is an answer. */
export type HubFetch = (address: string, headers?: Readonly<Record<string, string>>) => Promise<HubAnswer>;

/**
 * Makes it.
 *
 * @param host address of the hub, which alone gets the token
 * @throws SwapError when called: `hub-unreachable`, `proxy-refused`, `certificate-unknown`
 */
export function hubFetch(network: Network, host: string, token: string | null): HubFetch {
  return async (address, headers = {}) => {
    let named: string | null = null;
    let at = address;
    for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
      const rights = token !== null && mayHaveToken(at, host) ? { authorization: `Bearer ${token}` } : {};
      let response: Response;
      try {
        response = await network.ask(at, { headers: { ...headers, ...rights } });
      } catch (error) {
        throw await explained(error, at, network);
      }
      // Later answers are of the hub's storage, whose tags mean what they like.
      if (hops === 0) named = hashIn(response);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null) {
        return { response, named, body: bodyOf(response, at, network) };
      }
      await response.body?.cancel();
      const next = new URL(location, at);
      if (next.protocol !== "https:" && next.protocol !== new URL(address).protocol) {
        throw unreachable(address, `it leads to ${next.protocol} addresses`);
      }
      at = next.href;
    }
    throw unreachable(address, "it only redirects");
  };
}

async function* bodyOf({ body }: Response, at: string, network: Network): AsyncGenerator<Uint8Array> {
  try {
    if (body) yield* body as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw await explained(error, at, network);
  }
}

/** A token is for the hub alone, not for where it keeps its files, and not for those who listen on the way. */
function mayHaveToken(address: string, host: string): boolean {
  const { origin, protocol, hostname } = new URL(address);
  const isSafe = protocol === "https:" || /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname);
  return isSafe && origin === new URL(host).origin;
}

/** The hash of an answer: `x-linked-etag` of the hub, or an `etag` that has the form of one. */
function hashIn({ headers }: Response): string | null {
  const tag = headers.get("x-linked-etag") ?? headers.get("etag") ?? "";
  return /^(?:W\/)?"?([0-9a-f]{40}|[0-9a-f]{64})"?$/i.exec(tag)?.[1]?.toLowerCase() ?? null;
}
