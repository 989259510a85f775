/** `state-swap doctor`: the report of this very machine, and of what does not work on it. */
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { buildOnce, runCli, temporaryFolder } from "../../support/cli/cli-support.ts";
import { tinyDecoder } from "../../support/gguf/gguf-random.ts";
import { gguf } from "../../support/gguf/gguf-writer.ts";

beforeAll(buildOnce);

test("says what runs here, and finds the models of the folder it is asked in", async () => {
  const home = temporaryFolder();
  const cache = path.join(home, ".cache");
  fs.mkdirSync(path.join(cache, "llama.cpp"), { recursive: true });
  const { metadata, tensors } = tinyDecoder();
  fs.writeFileSync(path.join(cache, "llama.cpp", "tiny.gguf"), gguf(metadata, tensors));
  const env = {
    HOME: home,
    XDG_CACHE_HOME: cache,
    HTTPS_PROXY: "http://ada:s3cr3t@127.0.0.1:1",
    HF_HOME: path.join(home, "hf"),
  };
  const { code, stdout, stderr } = await runCli(["doctor"], { env });
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toContain(`${process.platform}-${process.arch}`);
  expect(stdout).toContain(process.version);
  expect(stdout).toContain("native: loads");
  expect(stdout).toContain("wasm: loads");
  expect(stdout).toMatch(/countries-2m\S*: open on native \(asked for: auto\)/);
  expect(stdout).toContain("llama.cpp cache: tiny");
  if (process.platform === "linux") expect(stdout).toMatch(/hashes +\S+ MB in ~\/\.cache\/state-swap\n/);
  expect(stdout).toContain("HTTPS_PROXY=http://***@127.0.0.1:1");
  expect(stdout).not.toContain(home);
});

test("a model that does not open is part of the report", async () => {
  const broken = path.join(temporaryFolder(), "broken.gguf");
  fs.writeFileSync(broken, "GGUF and no more");
  const { code, stdout } = await runCli(["doctor", "--model", broken]);
  expect(code).toBe(0);
  expect(stdout).toContain("native: loads");
  expect(stdout).toMatch(/model +\S*broken\.gguf\n +does not open: .*GGUF/);
});
