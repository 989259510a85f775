/** What goes wrong on the way to a hub and with it, in sentences for people. */
import type { Response } from "undici";
import type { ErrorCode } from "../../shared/errors.ts";
import { SwapError } from "../../shared/errors.ts";
import type { HintCode } from "../../shared/hints.ts";
import type { Network } from "./network.ts";

/** A proxy asks for a name and a password, or does not take those that it got. */
export class ProxyPasswordError extends SwapError {
  /** `host:port` of it. */
  readonly proxy: string;

  constructor(proxy: string, message = `The proxy ${proxy} asks for a name and a password (407).`) {
    super("proxy-refused", message, { code: "proxy-login" });
    this.proxy = proxy;
  }
}

/** Codes of Node for certificates whose authority nobody here knows. */
const UNKNOWN_AUTHORITY: ReadonlySet<unknown> = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "CERT_UNTRUSTED",
]);

const NOT_FOUND = "its name is not found, or this machine is offline";
const SILENT = "it does not answer";

/** What codes of connections mean. */
const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: NOT_FOUND,
  EAI_AGAIN: NOT_FOUND,
  ECONNREFUSED: "nothing listens there",
  ENETUNREACH: "there is no way to it",
  EHOSTUNREACH: "there is no way to it",
  ETIMEDOUT: SILENT,
  UND_ERR_CONNECT_TIMEOUT: SILENT,
  UND_ERR_HEADERS_TIMEOUT: SILENT,
  UND_ERR_BODY_TIMEOUT: "no data comes any more",
};

/** Codes of connections that were there and are no more. */
const CUT: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/** The hub cannot be reached, or leads astray. */
export function unreachable(address: string, reason: string, cause?: unknown): SwapError {
  return worded("hub-unreachable", `${hostOf(address)} cannot be reached: ${reason}.`, "network", cause);
}

/** Why a request of an address failed, from what undici threw. */
export async function explained(error: unknown, address: string, network: Network): Promise<SwapError> {
  if (error instanceof SwapError) return error;
  const { code, message, hostname, port } = rootOf(error);
  const host = hostOf(address);
  const proxy = network.proxyOf(address);
  const answered = /^Proxy .*\((\d{3})\)/.exec(message)?.[1];
  if (proxy && answered === "407") return new ProxyPasswordError(proxy.host);
  if (proxy && answered !== undefined) {
    const refusal = `The proxy ${proxy.host} gives no way to ${host} (${answered}).`;
    return worded("proxy-refused", refusal, "network", error);
  }
  if (UNKNOWN_AUTHORITY.has(code)) {
    const authority = await network.authorityOf(address);
    const signer = authority === null ? "an authority that is" : `“${authority}”, which is`;
    const refusal = `The certificate of ${host} is signed by ${signer} not known here.`;
    return worded("certificate-unknown", refusal, "trust-authority", error);
  }
  if (/^CERT_|^ERR_TLS_CERT_|^HOSTNAME_MISMATCH$/.test(code)) {
    const refusal = `The certificate of ${host} does not hold: ${message}.`;
    const hint =
      "Check this machine's clock, and whether something between it and the hub changes connections.";
    return new SwapError("certificate-unknown", refusal, hint, { cause: error });
  }
  const isProxy =
    proxy !== null && (hostname === proxy.hostname || (port !== undefined && port === proxy.port));
  const at = isProxy ? `The proxy ${proxy.host}` : host;
  if (CUT.has(code))
    return worded("hub-unreachable", `The connection to ${host} was cut (${code}).`, "network", error);
  const reason = REASONS[code] === undefined ? message : `${REASONS[code]} (${code})`;
  return worded("hub-unreachable", `${at} cannot be reached: ${reason}.`, "network", error);
}

/** The hub answered with a status that is no success. */
export function refused(address: string, what: string, { status, headers }: Response): SwapError {
  const host = hostOf(address);
  if (status === 407) return new ProxyPasswordError(host);
  if (status === 401 || status === 403) {
    const id = /^\/(?:api\/models\/)?([^/]+\/[^/?]+)/.exec(new URL(address).pathname)?.[1] ?? "";
    const page = `${new URL(address).origin}/${id}`;
    const why =
      headers.get("x-error-code") === "GatedRepo"
        ? `its terms must be accepted on its page, ${page}`
        : `it does not exist, is private, or has terms that must be accepted on its page, ${page}`;
    return worded("hub-gated", `${host} gives no access to ${what} (${status}): ${why}.`, "hub-token");
  }
  if (status === 404) {
    return new SwapError("hub-refused", `${host} has no ${what} (404).`, "Check the name of the model.");
  }
  const hint = status === 429 ? "Too many requests: wait a while." : "Try again later.";
  return new SwapError("hub-refused", `${host} answered ${status} for ${what}.`, hint);
}

function worded(code: ErrorCode, message: string, hint: HintCode, cause?: unknown): SwapError {
  return new SwapError(code, message, { code: hint }, cause === undefined ? {} : { cause });
}

/** The innermost cause: undici says "fetch failed" around it, Node joins those of several addresses. */
function rootOf(error: unknown): { code: string; message: string; hostname?: string; port?: string } {
  let at = error;
  for (let next = at; next instanceof Error; next = innerOf(next)) at = next;
  const { code, hostname, port } = at as { code?: string; hostname?: string; port?: number };
  return {
    code: code ?? "",
    message: at instanceof Error ? at.message : String(at),
    ...(hostname === undefined ? {} : { hostname }),
    ...(port === undefined ? {} : { port: String(port) }),
  };
}

function innerOf(error: Error): unknown {
  return error instanceof AggregateError ? error.errors[0] : error.cause;
}

/** `host:port` of an address. */
function hostOf(address: string): string {
  return new URL(address).host;
}
