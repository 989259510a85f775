/** The one way to a hub: redirects, and where a token goes, against servers of this machine. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HubFetch } from "../../../../src/engine/hub/hub-fetch.ts";
import { hubFetch } from "../../../../src/engine/hub/hub-fetch.ts";
import { networkOf } from "../../../../src/engine/hub/network.ts";
import { planOf } from "../../../../src/engine/hub/plan.ts";
import { tokenFor } from "../../../../src/engine/hub/token.ts";
import { rejectionOf } from "../../../support/error-of.ts";
import type { FakeHub } from "../../../support/models/fake-hub.ts";
import { startFakeHub } from "../../../support/models/fake-hub.ts";
import { STRAIGHT } from "../../../support/models/hub-access.ts";
import type { Served } from "../../../support/models/serve.ts";
import { serve } from "../../../support/models/serve.ts";

const fixture = path.resolve(import.meta.dirname, "../../../fixtures/llama__past");
const id = "tiny/llama";
let hub: FakeHub;
const served: Served[] = [];
beforeEach(async () => {
  hub = await startFakeHub();
  hub.add(id, fixture);
});
afterEach(async () => {
  await hub.stop();
  for (const server of served.splice(0)) await server.stop();
});

const asking = (host: string, token: string | null): HubFetch =>
  hubFetch(networkOf(STRAIGHT, {}), host, token);

/** Asks for a graph's file as a download does. */
async function graph(token: string | null): Promise<number> {
  const get = asking(hub.host, token);
  const plan = await planOf(get, hub.host, id);
  const { response, body } = await get(`${hub.host}/${id}/resolve/${plan.revision}/onnx/model.onnx`);
  // A stopped server waits for bodies that nobody reads.
  await buffer(body);
  return response.status;
}

describe("a token", () => {
  it("goes along to the hub, for facts and for files, and to the same host after a redirect", async () => {
    expect(await graph("secret")).toBe(200);
    expect(hub.rights.map(({ token }) => token)).toEqual(["Bearer secret", "Bearer secret", "Bearer secret"]);
  });

  it("stays behind where the hub leads to another host name, even on the same machine", async () => {
    hub.faults.storage = "localhost";
    expect(await graph("secret")).toBe(200);
    expect(hub.rights).toEqual([
      { host: "127.0.0.1", token: "Bearer secret" },
      { host: "127.0.0.1", token: "Bearer secret" },
      { host: "localhost", token: undefined },
    ]);
  });

  it("stays behind where the hub leads to another port", async () => {
    const other = await serve((request, response) => response.end(request.headers.authorization ?? "none"));
    const first = await serve((_request, response) =>
      response.writeHead(302, { location: other.address }).end(),
    );
    served.push(other, first);
    const { response } = await asking(first.address, "secret")(`${first.address}/file`);
    expect(await response.text()).toBe("none");
  });

  it("opens a gated repository; without it the page of its terms is named", async () => {
    hub.faults.gated[id] = "secret";
    expect(await graph("secret")).toBe(200);
    expect(await graph(null)).toBe(401);
  });
});

describe("whose token", () => {
  let home: string;
  beforeEach(() => (home = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-token-"))));
  afterEach(() => {
    fs.rmSync(home, { recursive: true });
  });
  const usual = "https://huggingface.co";

  it("is the one that was entered for the hub, else the environment's, else the one that was logged in with", async () => {
    fs.writeFileSync(path.join(home, "token"), "kept\n");
    const env = { HF_HOME: home };
    expect(await tokenFor(usual, "entered", { ...env, HF_TOKEN: "named" })).toBe("entered");
    expect(await tokenFor(usual, null, { ...env, HF_TOKEN: "named" })).toBe("named");
    expect(await tokenFor(usual, null, env)).toBe("kept");
    expect(await tokenFor(usual, null, { HF_HOME: path.join(home, "none") })).toBeNull();
    expect(await tokenFor(usual, null, { HF_TOKEN_PATH: path.join(home, "token") })).toBe("kept");
  });

  it("is for a mirror only if the environment names the mirror, too", async () => {
    const mirror = "https://mirror.example";
    expect(await tokenFor(mirror, null, { HF_HOME: home, HF_TOKEN: "named" })).toBeNull();
    expect(await tokenFor(mirror, null, { HF_TOKEN: "named", HF_ENDPOINT: `${mirror}/` })).toBe("named");
    expect(await tokenFor(mirror, "entered", {})).toBe("entered");
  });
});

describe("a redirect", () => {
  it("without end, or to what is no web address, is given up", async () => {
    const loop = await serve((_request, response) => response.writeHead(302, { location: "/file" }).end());
    const elsewhere = await serve((_request, response) =>
      response.writeHead(302, { location: "file:///etc/passwd" }).end(),
    );
    served.push(loop, elsewhere);
    const follow = ({ address }: Served): Promise<unknown> => asking(address, null)(`${address}/file`);
    expect((await rejectionOf(follow(loop))).message).toContain("only redirects");
    const led = await rejectionOf(follow(elsewhere));
    expect([led.code, led.message]).toEqual(["hub-unreachable", expect.stringContaining("file: addresses")]);
  });
});
