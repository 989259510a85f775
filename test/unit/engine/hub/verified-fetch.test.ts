/** The fetch under every download: redirects, tokens, hashes, lengths and silence, against servers on this machine. */
import { createHash } from "node:crypto";
import type { IncomingMessage, RequestListener, Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { verifiedFetch } from "../../../../src/engine/hub/verified-fetch.ts";
import { SwapError } from "../../../../src/shared/errors.ts";
import type { HubFile } from "../../../../src/shared/protocol/hub.ts";

const content = Buffer.from("weights of a model");
const sha256 = createHash("sha256").update(content).digest("hex");
const gitSha1 = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
const file: HubFile = { path: "model.onnx", bytes: content.length, sha256, gitSha1: null };

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.onnx`;
}

/** A server that answers with the content and these headers. */
const serving = (headers: Readonly<Record<string, string>> = {}, body = content): Promise<string> =>
  serve((_request, response) => {
    response.writeHead(200, headers);
    response.end(body);
  });

async function get(address: string, expected: HubFile = file, init: RequestInit = {}): Promise<string> {
  const get = verifiedFetch({
    expected: new Map([[address, expected]]),
    onBytes: () => undefined,
    stallMs: 300,
  });
  return (await get(address, init)).text();
}

async function refused(work: Promise<unknown>): Promise<SwapError> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SwapError);
  return error as SwapError;
}

describe("a body", () => {
  it("ends only when it has the expected hash, of either kind", async () => {
    const address = await serving();
    expect(await get(address)).toBe(content.toString());
    expect(await get(address, { ...file, sha256: null, gitSha1 })).toBe(content.toString());
    expect((await refused(get(address, { ...file, sha256: "0".repeat(64) }))).code).toBe("download-damaged");
    expect((await refused(get(address, { ...file, sha256: null, gitSha1: "0".repeat(40) }))).code).toBe(
      "download-damaged",
    );
  });

  it("must agree with the hash that the answer itself names", async () => {
    expect(await get(await serving({ etag: `"${sha256}"` }))).toBe(content.toString());
    expect(await get(await serving({ etag: `W/"${gitSha1}"` }))).toBe(content.toString());
    const wrong = await serving({ etag: `"${"1".repeat(64)}"` });
    expect((await refused(get(wrong))).code).toBe("download-damaged");
    // Other servers' tags are no hashes.
    expect(await get(await serving({ etag: `"5f3a-61c0"` }))).toBe(content.toString());
  });

  it("of which nobody names a hash is refused", async () => {
    const error = await refused(get(await serving(), { ...file, sha256: null }));
    expect(error.message).toContain("names no hash");
  });

  it("of another length is refused, shorter or longer", async () => {
    for (const body of [content.subarray(1), Buffer.concat([content, content])]) {
      expect((await refused(get(await serving({}, body)))).message).toContain(`instead of ${content.length}`);
    }
  });

  it("that stops coming is given up", async () => {
    const address = await serve((_request, response) => {
      response.writeHead(200, { "content-length": String(content.length) });
      response.write(content.subarray(0, 3));
    });
    const error = await refused(get(address));
    expect(error.code).toBe("hub-unreachable");
    expect(error.message).toContain("no data for");
  });
});

describe("a redirect", () => {
  it("is followed with the hub's hash and without its token where it leads to another host", async () => {
    const seen: IncomingMessage["headers"][] = [];
    const storage = await serve((request, response) => {
      seen.push(request.headers);
      // Tags of storage are its own.
      response.writeHead(200, { etag: `"${"2".repeat(64)}"` });
      response.end(content);
    });
    const hub = await serve((request, response) => {
      seen.push(request.headers);
      response.writeHead(302, { location: storage, "x-linked-etag": `"${sha256}"` });
      response.end();
    });
    const init = { headers: { authorization: "Bearer secret" } };
    expect(await get(hub, { ...file, sha256: null }, init)).toBe(content.toString());
    expect(seen.map(({ authorization }) => authorization)).toEqual(["Bearer secret", undefined]);
  });

  it("keeps the token on its own host", async () => {
    const seen: (string | undefined)[] = [];
    const hub = await serve((request, response) => {
      seen.push(request.headers.authorization);
      if (request.url === "/model.onnx") response.writeHead(307, { location: "/renamed.onnx" }).end();
      else response.end(content);
    });
    await get(hub, file, { headers: { authorization: "Bearer secret" } });
    expect(seen).toEqual(["Bearer secret", "Bearer secret"]);
  });

  it("without end, or to what is no web address, is given up", async () => {
    const loop = await serve((_request, response) => {
      response.writeHead(302, { location: "/model.onnx" }).end();
    });
    expect((await refused(get(loop))).message).toContain("only redirects");
    const elsewhere = await serve((_request, response) => {
      response.writeHead(302, { location: "file:///etc/passwd" }).end();
    });
    expect((await refused(get(elsewhere))).code).toBe("hub-unreachable");
  });
});

describe("a part of a file", () => {
  it("is passed on unchecked: the library asks for one byte to learn the size", async () => {
    const address = await serve((_request, response) => {
      response.writeHead(206, { "content-range": `bytes 0-0/${content.length}` }).end("w");
    });
    expect(await get(address, file, { headers: { range: "bytes=0-0" } })).toBe("w");
  });
});
