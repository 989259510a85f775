/** What docs/privacy.md promises: no usage data of the runtime, and a network that two files alone can reach. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ownCache } from "../../../src/engine/cache-folders.ts";
import { buildOnce } from "../../support/cli/cli-support.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const model = path.join(root, "media/models/countries-2m");

/** Files below a folder, by their paths in it. */
function filesIn(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => fs.statSync(path.join(folder, name)).isFile());
}

describe("the engine", () => {
  let home = "";
  beforeAll(async () => {
    home = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-home-"));
    await buildOnce();
  });
  afterAll(() => {
    fs.rmSync(home, { recursive: true, force: true });
  });

  const inHome = (args: readonly string[]): ReturnType<typeof spawnSync> => {
    const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, USERPROFILE: home, LOCALAPPDATA: home };
    for (const name of ["XDG_CACHE_HOME", "XDG_DATA_HOME", "ORT_DISABLE_TELEMETRY"])
      Reflect.deleteProperty(env, name);
    return spawnSync(process.execPath, args, { cwd: root, env, encoding: "utf8" });
  };

  it("leaves hashes of the model and its pace in the home folder, and nothing else", () => {
    const ran = inHome(["dist/cli.mjs", "demo", "--json"]);
    expect(ran.status, String(ran.stderr)).toBe(0);
    const cache = ownCache({ env: { LOCALAPPDATA: home }, home, platform: process.platform })!;
    const file = path.join(cache, "model-hashes.json");
    const paces = path.join(cache, "paces.json");
    expect(filesIn(home)).toEqual([path.relative(home, file), path.relative(home, paces)]);
    expect(fs.readFileSync(paces, "utf8")).toMatch(/^\{"[0-9a-f]{64}":\{"work":[\d.e+]+,"ms":[\d.e+]+\}\}$/);
    expect(
      fs
        .readFileSync(file, "utf8")
        .replace(/"(?:[0-9a-f]{64}|sha256|identity|weights|tokenizer|template)"/g, ""),
    ).toMatch(/^[{}:,nul]+$/);
    fs.rmSync(cache, { recursive: true });
  });

  it("silences the runtime by itself, whatever else is loaded with it", async () => {
    // The file that opens sessions, alone: on Linux the runtime would leave a data base and an id when it ends.
    const folder = path.join(root, "test-output/privacy");
    const script = path.join(folder, "session.mjs");
    const graph = JSON.stringify(path.join(model, "onnx/model.onnx"));
    await build({
      stdin: {
        contents: `import { readFileSync } from "node:fs";
          import { NATIVE } from "./src/engine/model/runtime/native.ts";
          const session = await (await NATIVE.load())(1).createSession(readFileSync(${graph}), {});
          await session.release();`,
        resolveDir: root,
        loader: "ts",
      },
      outfile: script,
      bundle: true,
      platform: "node",
      format: "esm",
      external: ["onnxruntime-node"],
      logLevel: "silent",
    });
    const ran = inHome([script]);
    fs.rmSync(folder, { recursive: true });
    expect(ran.status, String(ran.stderr)).toBe(0);
    expect(filesIn(home)).toEqual([]);
  });
});

describe("the code", () => {
  const sources = ["src", "webview"].flatMap((folder) =>
    filesIn(path.join(root, folder))
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => ({
        name: `${folder}/${name.replaceAll("\\", "/")}`,
        text: fs.readFileSync(path.join(root, folder, name), "utf8"),
      })),
  );

  it("reaches the network from the downloader alone", () => {
    const reaching =
      /\bfetch\(|"node:(?:https?|net|tls|http2|dgram|dns)(?:\/promises)?"|\bXMLHttpRequest\b|\bWebSocket\(|\bsendBeacon\b|\bEventSource\(/;
    const names = sources.filter(({ text }) => reaching.test(text)).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).toMatch(/^src\/engine\/hub\//);
  });

  it("reports nothing through VS Code's telemetry", () => {
    const reporting = sources.filter(({ text }) => /createTelemetryLogger|TelemetryReporter/.test(text));
    expect(reporting.map(({ name }) => name)).toEqual([]);
  });
});
