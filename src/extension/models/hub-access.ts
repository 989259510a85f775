/** How this user's network is reached and with whose rights: VS Code's settings and secret storage, as the download process gets them. */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import type { SecretStorage } from "vscode";
import type { ProxyPasswordError } from "../../engine/hub/failure.ts";
import type { HubProcess } from "../../engine/hub/hub-client.ts";
import type { HubAccess } from "../../shared/protocol/hub.ts";
import type { VsCode } from "../vs.ts";

/** Where from, where to, and by whom. */
export interface Hub {
  readonly vs: VsCode;
  readonly process: () => HubProcess;
  /** The product's own cache. */
  readonly cache: string;
  /** Address of the hub, as the setting has it now. */
  readonly host: string;
  /** Where the user's token and the proxy's password are. */
  readonly secrets: SecretStorage;
}

/** A proxy's name and password in the secret storage, with the proxy that they are for. */
const LOGIN_KEY = "proxyLogin";
const loginSchema = v.object({ proxy: v.string(), user: v.string(), password: v.string() });

/** Tokens are kept by hub: one hub's never goes to another. */
function tokenKey(host: string): string {
  return `hubToken ${host}`;
}

/** Reads all of it anew: settings and secrets may have changed since the last time. */
export async function hubAccess({ vs, secrets, host }: Hub): Promise<HubAccess> {
  const http = vs.workspace.getConfiguration("http");
  const text = (key: string): string => {
    const value: unknown = http.get(key);
    return typeof value === "string" ? value.trim() : "";
  };
  const noProxy: unknown = http.get("noProxy");
  // "off" is for extensions: they are to go without.
  const named = text("proxySupport") === "off" ? "" : text("proxy") || null;
  return {
    token: (await secrets.get(tokenKey(host))) ?? null,
    proxy: named,
    proxyLogin: await keptLogin(secrets),
    proxyAuthorization: text("proxyAuthorization") || null,
    noProxy: Array.isArray(noProxy) ? noProxy.filter((item) => typeof item === "string") : [],
    strictTls: http.get("proxyStrictSSL") !== false,
    systemCertificates: http.get("systemCertificates") !== false,
  };
}

async function keptLogin(secrets: Hub["secrets"]): Promise<HubAccess["proxyLogin"]> {
  const text = await secrets.get(LOGIN_KEY);
  return text === undefined ? null : v.parse(loginSchema, JSON.parse(text));
}

/** Asks for a proxy's name and password and keeps them; false when the user does not give them. */
export async function askProxyLogin({ vs, secrets }: Hub, { proxy }: ProxyPasswordError): Promise<boolean> {
  const kept = await keptLogin(secrets);
  const isKnown = kept?.proxy === proxy;
  const title = l10n.t("Proxy {0}", proxy);
  const user = await vs.window.showInputBox({
    title,
    prompt: isKnown
      ? l10n.t("The proxy did not take the name and password that it got. Your name there:")
      : l10n.t("The proxy asks for a name and a password. Your name there:"),
    ...(isKnown ? { value: kept.user } : {}),
    ignoreFocusOut: true,
  });
  if (user === undefined || user === "") return false;
  const password = await vs.window.showInputBox({
    title,
    prompt: l10n.t(
      "Password of {0}. It is kept in VS Code's secret storage and sent to this proxy alone.",
      user,
    ),
    password: true,
    ignoreFocusOut: true,
  });
  if (password === undefined || password === "") return false;
  await secrets.store(LOGIN_KEY, JSON.stringify({ proxy, user, password }));
  return true;
}

/** Asks for the user's token for the hub and keeps it; an empty one removes what is kept. Null when the user gives up. */
export async function askHubToken({ vs, secrets, host }: Hub): Promise<"kept" | "removed" | null> {
  const name = new URL(host).host;
  const token = await vs.window.showInputBox({
    title: l10n.t("Access Token for {0}", name),
    prompt: l10n.t(
      "It is kept in VS Code's secret storage and sent to {0} alone. Leave it empty to remove the one that is kept.",
      name,
    ),
    password: true,
    ignoreFocusOut: true,
    validateInput: (entered) =>
      /^[\x21-\x7e]*$/.test(entered.trim()) ? undefined : l10n.t("A token has neither blanks nor accents."),
  });
  if (token === undefined) return null;
  if (token.trim() === "") {
    await secrets.delete(tokenKey(host));
    return "removed";
  }
  await secrets.store(tokenKey(host), token.trim());
  return "kept";
}
