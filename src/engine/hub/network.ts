/** The way to the network: proxies, certificates and patience, as settings and environment have them, behind one `fetch`. */
import * as diagnostics from "node:diagnostics_channel";
import * as tls from "node:tls";
import type { RequestInit, Response } from "undici";
import { EnvHttpProxyAgent, fetch } from "undici";
import { SwapError } from "../../shared/errors.ts";
import type { HubAccess } from "../../shared/protocol/hub.ts";

/** Milliseconds without a byte after which a connection counts as lost. */
const STALL_MS = 60_000;

/** A way to ask, and what explains why it failed. */
export interface Network {
  /** One request; redirects are not followed. Rejects as undici's `fetch` does. */
  readonly ask: (address: string, init: RequestInit) => Promise<Response>;
  /** The proxy for addresses of this kind, some of which may be excepted; null: none. */
  readonly proxyOf: (address: string) => URL | null;
  /** Name of the authority at the root of an address's certificate, whether it is known or not; null: not to be had. */
  readonly authorityOf: (address: string) => Promise<string | null>;
}

/** The environment's part in it. */
type Env = Readonly<Record<string, string | undefined>>;

/**
 * Makes the way.
 *
 * @throws SwapError `proxy-refused` for an address of a proxy that is none
 */
export function networkOf(access: HubAccess, env: Env = process.env, stallMs = STALL_MS): Network {
  const proxies = proxiesOf(access, env);
  const secureContext = access.systemCertificates ? contextWithSystem() : undefined;
  const agent = (isStrict: boolean): EnvHttpProxyAgent => {
    const secure = { rejectUnauthorized: isStrict, ...(secureContext ? { secureContext } : {}) };
    const isLoggedIn = [proxies.http, proxies.https].some((proxy) => proxy !== null && proxy.password !== "");
    return new EnvHttpProxyAgent({
      httpProxy: proxies.http?.href ?? "",
      httpsProxy: proxies.https?.href ?? "",
      noProxy: [...access.noProxy, any(env, "no_proxy")].join(","),
      // A tunnel for plain requests is what most proxies refuse.
      proxyTunnel: false,
      ...(access.proxyAuthorization !== null && !isLoggedIn ? { token: access.proxyAuthorization } : {}),
      connect: secure,
      requestTls: secure,
      proxyTls: secure,
      headersTimeout: stallMs,
      bodyTimeout: stallMs,
    });
  };
  const dispatcher = agent(access.strictTls);
  return {
    ask: (address, init) => fetch(address, { ...init, redirect: "manual", dispatcher }),
    proxyOf: (address) => (address.startsWith("https:") ? proxies.https : proxies.http),
    authorityOf: (address) => authorityAt(address, agent(false)),
  };
}

/** Proxies for plain and for encrypted requests, with the user's name and password where they were asked for. */
function proxiesOf(access: HubAccess, env: Env): { http: URL | null; https: URL | null } {
  const read = (text: string): URL | null => {
    if (text === "") return null;
    const address = text.includes("://") ? text : `http://${text}`;
    // What is wrong may hold a password: it is not repeated.
    if (!/^(?:https?|socks5?):/i.test(address) || !URL.canParse(address)) {
      throw new SwapError("proxy-refused", "The address of the proxy is none of http, https or socks5.", {
        code: "network",
      });
    }
    const proxy = new URL(address);
    if (access.proxyLogin?.proxy === proxy.host) {
      proxy.username = encodeURIComponent(access.proxyLogin.user);
      proxy.password = encodeURIComponent(access.proxyLogin.password);
    }
    return proxy;
  };
  if (access.proxy !== null) {
    const proxy = read(access.proxy.trim());
    return { http: proxy, https: proxy };
  }
  const every = any(env, "all_proxy");
  const plain = any(env, "http_proxy") || every;
  return { http: read(plain), https: read(any(env, "https_proxy") || plain) };
}

/** A variable in small or in capital letters; empty: not set. */
function any(env: Env, name: string): string {
  const values = [env[name], env[name.toUpperCase()]].map((value) => value?.trim() ?? "");
  return values.find((value) => value !== "") ?? "";
}

/** Node's authorities, those of `NODE_EXTRA_CA_CERTS` and the system's; undefined where Node cannot read these (before 22.15). */
function contextWithSystem(): tls.SecureContext | undefined {
  const { getCACertificates } = tls as { getCACertificates?: (of: "default" | "system") => string[] };
  if (!getCACertificates) return undefined;
  const ca = [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
  return tls.createSecureContext({ ca });
}

/** Asks once more, unchecked and without any rights, to see who signed: errors of TLS do not say it. */
async function authorityAt(address: string, unchecked: EnvHttpProxyAgent): Promise<string | null> {
  const { origin, hostname } = new URL(address);
  let name: string | null = null;
  const look = (message: unknown): void => {
    const { socket, connectParams } = message as { socket: unknown; connectParams: { hostname: string } };
    if (!(socket instanceof tls.TLSSocket) || connectParams.hostname !== hostname) return;
    const seen = new Set<string>();
    let root = socket.getPeerCertificate(true);
    // A root is its own issuer; a chain without its root ends early.
    for (let at = issuerOf(root); at && !seen.has(at.fingerprint256); at = issuerOf(at)) {
      seen.add(at.fingerprint256);
      root = at;
    }
    const { CN, O } = root.issuer;
    const first = CN ?? O;
    name = (Array.isArray(first) ? first[0] : first) ?? null;
  };
  diagnostics.subscribe("undici:client:connected", look);
  await fetch(origin, { method: "HEAD", redirect: "manual", dispatcher: unchecked }).catch(() => null);
  diagnostics.unsubscribe("undici:client:connected", look);
  await unchecked.destroy();
  return name;
}

/** Who issued a certificate, where the server sent it along; types say that it always does. */
function issuerOf({
  issuerCertificate,
}: Partial<tls.DetailedPeerCertificate>): tls.DetailedPeerCertificate | undefined {
  return issuerCertificate;
}
