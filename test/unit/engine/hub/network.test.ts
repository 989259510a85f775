/** The user's network: proxies with and without a password, exceptions, authorities of one's own, and what is said when there is no way. */
import * as path from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ProxyPasswordError } from "../../../../src/engine/hub/failure.ts";
import { hubFetch } from "../../../../src/engine/hub/hub-fetch.ts";
import { networkOf } from "../../../../src/engine/hub/network.ts";
import { planOf } from "../../../../src/engine/hub/plan.ts";
import type { HubAccess } from "../../../../src/shared/protocol/hub.ts";
import { rejectionOf } from "../../../support/error-of.ts";
import type { Authority } from "../../../support/models/authority.ts";
import { makeAuthority } from "../../../support/models/authority.ts";
import type { FakeHub } from "../../../support/models/fake-hub.ts";
import { startFakeHub } from "../../../support/models/fake-hub.ts";
import { STRAIGHT } from "../../../support/models/hub-access.ts";
import type { LoopbackProxy } from "../../../support/models/loopback-proxy.ts";
import { startProxy } from "../../../support/models/loopback-proxy.ts";

type Env = Readonly<Record<string, string>>;
const fixture = path.resolve(import.meta.dirname, "../../../fixtures/llama__past");
const id = "tiny/llama";
let authority: Authority;
let plain: FakeHub;
let secure: FakeHub;
let proxy: LoopbackProxy;
beforeAll(async () => {
  authority = await makeAuthority("Example Corp Root");
});
beforeEach(async () => {
  plain = await startFakeHub();
  secure = await startFakeHub(authority.server);
  proxy = await startProxy();
  for (const hub of [plain, secure]) {
    hub.add(id, fixture);
    // Names that only the proxy knows.
    proxy.names[`hub${portOf(hub)}.example`] = Number(portOf(hub));
  }
  proxy.names["hub.example"] = Number(portOf(secure));
});
afterEach(async () => {
  for (const server of [plain, secure, proxy]) await server.stop();
});

const portOf = ({ host }: FakeHub): string => new URL(host).port;

/** Asks a hub as the download process does; the commit that it names. */
async function ask(host: string, access: Partial<HubAccess>, env: Env = {}): Promise<string> {
  const get = hubFetch(networkOf({ ...STRAIGHT, ...access }, env), host, null);
  return (await planOf(get, host, id)).revision;
}
const unchecked = { strictTls: false };

describe("a proxy", () => {
  it("of the setting is used for both kinds of addresses, and knows names that nobody else does", async () => {
    const access = { proxy: `http://${proxy.address}`, ...unchecked };
    await ask("https://hub.example", access);
    await ask(`http://hub${portOf(plain)}.example`, access);
    expect(proxy.requests).toEqual([
      "CONNECT hub.example:443",
      `GET http://hub${portOf(plain)}.example/api/models/${id}?blobs=true`,
    ]);
  });

  it.each([
    ["https_proxy", "https://hub.example"],
    ["HTTPS_PROXY", "https://hub.example"],
    ["HTTP_PROXY", "https://hub.example"],
    ["all_proxy", "https://hub.example"],
    ["http_proxy", "http://hub.example"],
  ])("of the environment's %s is used for %s, without a scheme, too", async (name, host) => {
    proxy.names["hub.example"] = Number(portOf(host.startsWith("https") ? secure : plain));
    await ask(host, { proxy: null, ...unchecked }, { [name]: proxy.address });
    expect(proxy.requests).toHaveLength(1);
  });

  it("gives way to the setting, also to none", async () => {
    const env = { HTTPS_PROXY: "http://127.0.0.1:9" };
    await ask("https://hub.example", { proxy: `http://${proxy.address}`, ...unchecked }, env);
    expect(proxy.requests).toHaveLength(1);
    await ask(secure.host, { proxy: "", ...unchecked }, env);
  });

  it("is left out for hosts of no_proxy and of the setting", async () => {
    const through = { HTTP_PROXY: `http://${proxy.address}` };
    await ask(plain.host, { proxy: null }, { ...through, no_proxy: "example.org,127.0.0.1" });
    await ask(plain.host, { proxy: null }, { ...through, NO_PROXY: "*" });
    await ask(plain.host, { proxy: null, noProxy: ["127.0.0.1"] }, through);
    expect(proxy.requests).toEqual([]);
    await ask(plain.host, { proxy: null }, { ...through, no_proxy: "example.org" });
    expect(proxy.requests).toHaveLength(1);
  });

  it.each(["https://hub.example", "http://hub.example"])(
    "that wants a password says so for %s",
    async (host) => {
      proxy.names["hub.example"] = Number(portOf(host.startsWith("https") ? secure : plain));
      proxy.login = "ann:s3 c:rét@";
      const access = { proxy: `http://${proxy.address}`, ...unchecked };
      const error = await rejectionOf(ask(host, access));
      expect(error).toBeInstanceOf(ProxyPasswordError);
      expect(error).toHaveProperty("proxy", proxy.address);
      expect([error.code, error.hintCode]).toEqual(["proxy-refused", "proxy-login"]);
      expect(error.message).toBe(`The proxy ${proxy.address} asks for a name and a password (407).`);
      // Asked for, in the address, or as a header: each opens it.
      const proxyLogin = { proxy: proxy.address, user: "ann", password: "s3 c:rét@" };
      await ask(host, { ...access, proxyLogin });
      const named = `http://ann:${encodeURIComponent("s3 c:rét@")}@${proxy.address}`;
      await ask(host, { ...access, proxy: named });
      await ask(host, { ...unchecked, proxy: null }, { HTTP_PROXY: named });
      const proxyAuthorization = `Basic ${Buffer.from(proxy.login).toString("base64")}`;
      await ask(host, { ...access, proxyAuthorization });
      // A password is for the proxy that it was entered for.
      const other = { ...proxyLogin, proxy: "127.0.0.1:9" };
      expect((await rejectionOf(ask(host, { ...access, proxyLogin: other }))).code).toBe("proxy-refused");
    },
  );

  it("that gives no way says so with its answer", async () => {
    proxy.refuses = 403;
    const error = await rejectionOf(ask("https://hub.example", { proxy: `http://${proxy.address}` }));
    expect(error.code).toBe("proxy-refused");
    expect(error.message).toBe(`The proxy ${proxy.address} gives no way to hub.example (403).`);
  });

  it("that is not there is named instead of the hub", async () => {
    await proxy.stop();
    const error = await rejectionOf(ask("https://hub.example", { proxy: `http://${proxy.address}` }));
    expect(error.message).toContain(`The proxy ${proxy.address} cannot be reached`);
    const lost = await rejectionOf(ask("https://hub.example", { proxy: "http://proxy.invalid:3128" }));
    expect(lost.message).toContain("The proxy proxy.invalid:3128 cannot be reached: its name is not found");
    proxy = await startProxy();
  });

  it("whose address is none is refused without repeating it", async () => {
    const error = await rejectionOf(ask(secure.host, { proxy: "ftp://ann:secret@proxy" }));
    expect(error.code).toBe("proxy-refused");
    expect(error.message).not.toContain("secret");
  });
});

describe("a certificate", () => {
  it("of an authority that is not known here is refused by its name, straight and through a proxy", async () => {
    const straight = await rejectionOf(ask(secure.host, {}));
    expect([straight.code, straight.hintCode]).toEqual(["certificate-unknown", "trust-authority"]);
    expect(straight.message).toBe(
      `The certificate of 127.0.0.1:${portOf(secure)} is signed by “Example Corp Root”, which is not known here.`,
    );
    const proxied = await rejectionOf(ask("https://hub.example", { proxy: `http://${proxy.address}` }));
    expect(proxied.message).toContain("hub.example is signed by “Example Corp Root”");
    expect(secure.rights.every(({ token }) => token === undefined)).toBe(true);
  });

  it("is not looked at where the user's setting says so", async () => {
    await ask(secure.host, unchecked);
    expect(secure.requests).toEqual([`/api/models/${id}`]);
  });
});

describe("a name that is not found", () => {
  it("is told as such, with what to do", async () => {
    const error = await rejectionOf(ask("https://hub.invalid", {}));
    expect(error.code).toBe("hub-unreachable");
    expect(error.message).toMatch(
      /^hub\.invalid cannot be reached: its name is not found, or this machine is offline \(E\w+\)\.$/,
    );
    expect(error.hintCode).toBe("network");
  });
});
