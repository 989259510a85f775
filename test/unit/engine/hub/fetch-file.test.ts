/** One file of a hub: checked by length and hash, gone on with after a cut and by a later download, started anew where the content is another. */
import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import type { IncomingHttpHeaders, RequestListener } from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fetchFile, partOf } from "../../../../src/engine/hub/fetch-file.ts";
import { hubFetch } from "../../../../src/engine/hub/hub-fetch.ts";
import { networkOf } from "../../../../src/engine/hub/network.ts";
import type { HubFile } from "../../../../src/shared/protocol/hub.ts";
import { rejectionOf } from "../../../support/error-of.ts";
import { STRAIGHT } from "../../../support/models/hub-access.ts";
import type { Served } from "../../../support/models/serve.ts";
import { serve } from "../../../support/models/serve.ts";

const small = Buffer.from("weights of a model, every byte of which counts");
const sha256 = createHash("sha256").update(small).digest("hex");
const gitSha1 = createHash("sha1").update(`blob ${small.length}\0`).update(small).digest("hex");
const file: HubFile = { path: "model.onnx", bytes: small.length, sha256, gitSha1: null };

/** Large enough that more than the buffers on the way comes before a cut. */
const large = randomBytes(4 << 20);
const largeFile: HubFile = {
  path: "model.onnx",
  bytes: large.length,
  sha256: createHash("sha256").update(large).digest("hex"),
  gitSha1: null,
};

let folder: string;
let target: string;
const served: Served[] = [];
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-file-"));
  target = path.join(folder, "model.onnx");
});
afterEach(async () => {
  for (const server of served.splice(0)) await server.stop();
  fs.rmSync(folder, { recursive: true });
});

/** Fetches the file from a server that answers in this way; returns what is on disk then. */
async function get(listener: RequestListener, expected = file, stallMs = 5000): Promise<string> {
  const server = await serve(listener);
  served.push(server);
  await fetchFile({
    get: hubFetch(networkOf(STRAIGHT, {}, stallMs), server.address, null),
    address: `${server.address}/model.onnx`,
    target,
    file: expected,
    onBytes: () => undefined,
    onCut: () => undefined,
  });
  return fs.readFileSync(target, "utf8");
}

const serving =
  (headers: Readonly<Record<string, string>> = {}, body = small): RequestListener =>
  (_request, response) => {
    response.writeHead(200, headers).end(body);
  };

/** Sends the rest that is asked for; each connection is cut where `cuts` says, counted from the file's beginning. */
const cutting =
  (cuts: number[], seen: IncomingHttpHeaders[], tag = '"one"', content = small): RequestListener =>
  ({ headers }, response) => {
    seen.push(headers);
    const isSame = headers["if-range"] === undefined || headers["if-range"] === tag;
    const from = isSame ? Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0) : 0;
    const end = cuts.shift() ?? content.length;
    response.writeHead(from > 0 ? 206 : 200, {
      etag: tag,
      "content-length": content.length - from,
      ...(from > 0 ? { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
    });
    if (end < content.length) response.write(content.subarray(from, end), () => response.destroy());
    else response.end(content.subarray(from));
  };

describe("a file", () => {
  it("gets its name only when it has the expected hash, of either kind", async () => {
    expect(await get(serving())).toBe(small.toString());
    expect(await get(serving(), { ...file, sha256: null, gitSha1 })).toBe(small.toString());
    fs.rmSync(target);
    for (const wrong of [
      { ...file, sha256: "0".repeat(64) },
      { ...file, sha256: null, gitSha1: "0".repeat(40) },
    ]) {
      const error = await rejectionOf(get(serving(), wrong));
      expect([error.code, error.message]).toEqual(["download-damaged", expect.stringContaining("its hash")]);
      expect(fs.readdirSync(folder)).toEqual([]);
    }
  });

  it("must agree with the hash that the answer itself names", async () => {
    expect(await get(serving({ etag: `"${sha256}"` }))).toBe(small.toString());
    expect(await get(serving({ etag: `W/"${gitSha1}"` }))).toBe(small.toString());
    expect((await rejectionOf(get(serving({ etag: `"${"1".repeat(64)}"` })))).code).toBe("download-damaged");
    // Other servers' tags are no hashes.
    expect(await get(serving({ etag: `"5f3a-61c0"` }))).toBe(small.toString());
  });

  it("of which nobody names a hash is refused", async () => {
    expect((await rejectionOf(get(serving(), { ...file, sha256: null }))).message).toContain("names no hash");
  });

  it("of another length is refused, shorter or longer", async () => {
    expect((await rejectionOf(get(serving({}, small.subarray(1))))).message).toContain(
      `${small.length - 1} bytes came instead of ${small.length}`,
    );
    const longer = await rejectionOf(get(serving({}, Buffer.concat([small, small]))));
    expect(longer.message).toContain(`more than ${small.length} bytes`);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it("that stops coming is given up, and what came is kept", async () => {
    let asked = 0;
    const error = await rejectionOf(
      get(
        (_request, response) => {
          if (asked++ > 0) return response.destroy();
          response.writeHead(200, { "content-length": small.length });
          response.write(small.subarray(0, 3));
        },
        file,
        300,
      ),
    );
    expect(error.code).toBe("hub-unreachable");
    expect(error.message).toContain(`3 of ${small.length} bytes of model.onnx are kept`);
    expect(fs.statSync(partOf(target)).size).toBe(3);
  });
});

describe("a cut", () => {
  it("at 10, 50 and 99 % is gone on after, each time from where it was and only if the content is the same", async () => {
    const seen: IncomingHttpHeaders[] = [];
    const cuts = [0.1, 0.5, 0.99].map((part) => Math.floor(part * large.length));
    await get(cutting([...cuts], seen, '"one"', large), largeFile);
    expect(fs.readFileSync(target).equals(large)).toBe(true);
    expect(seen.map(({ "if-range": condition }) => condition)).toEqual([
      undefined,
      '"one"',
      '"one"',
      '"one"',
    ]);
    for (const [index, at] of cuts.entries()) {
      const from = Number(/^bytes=(\d+)-$/.exec(seen[index + 1]!.range!)?.[1]);
      expect(from).toBeLessThanOrEqual(at);
      // What was under way inside this process may be lost with the connection.
      expect(from).toBeGreaterThan(at - 256 * 1024);
    }
    expect(fs.readdirSync(folder)).toEqual(["model.onnx"]);
  });

  it("that ended an earlier download costs only the rest", async () => {
    fs.writeFileSync(partOf(target), small.subarray(0, 20));
    fs.writeFileSync(`${partOf(target)}-tag`, '"one"');
    const seen: IncomingHttpHeaders[] = [];
    expect(await get(cutting([], seen))).toBe(small.toString());
    expect(seen.map(({ range }) => range)).toEqual(["bytes=20-"]);
  });

  it("is begun anew where the server has another content, or no parts", async () => {
    for (const listener of [cutting([], [], '"two"'), serving()]) {
      fs.writeFileSync(partOf(target), "of something else");
      fs.writeFileSync(`${partOf(target)}-tag`, '"one"');
      expect(await get(listener)).toBe(small.toString());
    }
  });

  it("is begun anew where the server does not know the part that is asked for", async () => {
    fs.writeFileSync(partOf(target), "part");
    const listener: RequestListener = ({ headers }, response) => {
      if (headers.range === undefined) response.end(small);
      else response.writeHead(416).end();
    };
    expect(await get(listener)).toBe(small.toString());
  });

  it("without end is given up after some tries, and says what is kept", async () => {
    const seen: IncomingHttpHeaders[] = [];
    const error = await rejectionOf(
      get(cutting(Array<number>(9).fill(large.length / 2), seen, '"one"', large), largeFile),
    );
    expect(error.message).toMatch(
      /was cut .* \d+ of 4194304 bytes of model\.onnx are kept: the next download/,
    );
    expect(seen).toHaveLength(6);
  });
});
