/** `--tokenizer`: another tokenizer.json in place of the model's own, said in facts and results, refused where it is another model's. */
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { SweepResult } from "../../../src/shared/experiment/result.ts";
import { expectFailure } from "../../support/cli/cli-failure.ts";
import { buildOnce, runCli, temporaryFolder } from "../../support/cli/cli-support.ts";

const fixtures = path.resolve(import.meta.dirname, "../../fixtures");
const gguf = path.join(fixtures, "gguf_llama__Q4_0/model.gguf");
const onnx = path.join(fixtures, "llama__past");
const another = path.join(fixtures, "tokenizers/spm-prefix");

/** The models' own tokenizer, with its words as one character each: the merges are left out. */
function withoutMerges(): string {
  const folder = temporaryFolder();
  const json = JSON.parse(fs.readFileSync(path.join(onnx, "tokenizer.json"), "utf8")) as {
    model: { merges: unknown[] };
  };
  json.model.merges = [];
  fs.writeFileSync(path.join(folder, "tokenizer.json"), JSON.stringify(json));
  return folder;
}

beforeAll(buildOnce);

describe.each([
  ["GGUF", gguf],
  ["ONNX", onnx],
])("%s", (_, model) => {
  test("a tokenizer that is named splits the text, and is said", async () => {
    const folder = withoutMerges();
    const file = path.join(folder, "tokenizer.json");
    const named = ["--model", model, "--tokenizer", folder];
    const count = async (args: readonly string[]): Promise<number> => {
      const { stdout } = await runCli(["tokens", ...args, "--target", "The capital of France is", "--json"]);
      return (JSON.parse(stdout) as { ids: number[] }).ids.length;
    };
    expect(await count(named)).toBeGreaterThan(await count(["--model", model]));
    const facts = await runCli(["inspect", ...named]);
    expect(facts.stdout).toContain(`  read from    ${file}`);
    const prompts = ["--target", "The capital of France is", "--condition", "zero", "--positions", "@2"];
    const sweep = await runCli(["sweep", ...named, ...prompts, "--layers", "0", "--json"]);
    expect((JSON.parse(sweep.stdout) as SweepResult).model.tokenizer).toBe(file);
  });

  test("another model's is refused, and one that is not there", async () => {
    await expectFailure(
      ["inspect", "--model", model, "--tokenizer", another],
      "tokenizer-unsupported",
      /it is another model's tokenizer/,
    );
    await expectFailure(
      ["inspect", "--model", model, "--tokenizer", "/nowhere"],
      "file-not-found",
      /There is no file or folder at \/nowhere\./,
    );
  });
});
