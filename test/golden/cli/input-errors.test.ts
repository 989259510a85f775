/** Prompts, spans, ranges and vectors that do not fit, through the command line. */
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { expectFailure } from "../../support/cli/cli-failure.ts";
import { buildOnce, fixture, runCli, temporaryFolder } from "../../support/cli/cli-support.ts";

const folder = temporaryFolder();
const gguf = fixture("gguf_llama__F32") ?? fixture("gguf_llama__F16");
if (gguf === null) console.warn("SKIPPED: no GGUF fixture is on this machine.");
const ggufFile = gguf === null ? "" : path.join(gguf, "model.gguf");

beforeAll(buildOnce);

function write(name: string, content: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}

describe.skipIf(gguf === null)("prompts", () => {
  const base = ["sweep", "--model", ggufFile, "--target", "The capital of France is the capital of France"];

  test("text that is not in the prompt", async () => {
    await expectFailure(
      [...base, "--swap", "Atlantis", "--with", "@1"],
      "text-not-found",
      /--swap.*target.*"Atlantis" is not in the prompt/,
    );
  });

  test("text that is not in the source prompt", async () => {
    await expectFailure(
      [...base, "--swap", "@1", "--with", "Rome", "--source", "The capital of Italy is"],
      "text-not-found",
      /--with.*source.*"Rome" is not in the prompt/,
    );
  });

  test("ambiguous text names the choices", async () => {
    await expectFailure(
      [...base, "--swap", "France", "--with", "@1"],
      "text-ambiguous",
      /"France" occurs twice.*France#1 \(token \d+\) or France#2 \(token \d+\)/,
    );
  });

  test("an occurrence that is not there", async () => {
    await expectFailure([...base, "--swap", "France#3", "--with", "@1"], "text-not-found", /France#3/);
  });

  test("an index outside the prompt", async () => {
    await expectFailure([...base, "--swap", "@99", "--with", "@1"], "bad-span", /@99/);
  });

  test("an empty prompt, as text, as file, as ids", async () => {
    const rest = ["--model", ggufFile, "--swap", "@0", "--with", "@0"];
    const empty = write("empty.txt", "");
    await expectFailure(["sweep", "--target", "", ...rest], "empty-prompt", /target prompt is empty/);
    await expectFailure(["sweep", "--target-file", empty, ...rest], "empty-prompt", /target prompt is empty/);
    await expectFailure(["sweep", "--target-ids", "", ...rest], "empty-prompt", /target prompt is empty/);
    await expectFailure(
      ["sweep", "--target", "The", "--source", "", ...rest],
      "empty-prompt",
      /source prompt is empty/,
    );
  });

  test("a prompt longer than the model's context", async () => {
    const ids = Array.from({ length: 129 }, () => 98).join(",");
    await expectFailure(
      ["sweep", "--model", ggufFile, "--target-ids", ids, "--swap", "@1", "--with", "@2"],
      "prompt-too-long",
      /target prompt has 129 tokens; the model's context is 128/,
    );
    await expectFailure(
      ["states", "--model", ggufFile, "--target-ids", ids, "-o", path.join(folder, "long.npy")],
      "prompt-too-long",
      /129 tokens/,
    );
    expect(fs.existsSync(path.join(folder, "long.npy"))).toBe(false);
  });

  test("a token id outside the vocabulary", async () => {
    await expectFailure(
      ["sweep", "--model", ggufFile, "--target-ids", "1,128", "--swap", "@1", "--with", "@0"],
      "bad-token-id",
      /128/,
    );
  });

  test("k out of range", async () => {
    const spans = ["--swap", "@1", "--with", "@2"];
    await expectFailure([...base, ...spans, "--layers", "0..4"], "bad-layer-range", /k = 4 .*4 blocks/);
    await expectFailure([...base, ...spans, "--layers", "99"], "bad-layer-range", /k = 99/);
    await expectFailure([...base, ...spans, "--layers", "3..1"], "bad-layer-range", /3\.\.1 is empty/);
  });

  test("hints of the engine and of a prompt's reading name options", async () => {
    const freeze = ["--condition", "freeze", "--layers", "0..2"];
    const early = await expectFailure([...base, ...freeze], "bad-layer-range", /k >= 1/);
    expect(early.hint).toBe("Start --layers there.");
    const outside = await expectFailure(
      [...base, "--swap", "@99", "--with", "@2"],
      "bad-span",
      /--swap.*@99/,
    );
    expect(outside.hint).toContain("@-1 for the last token");
  });

  test("spans of unequal lengths", async () => {
    const { hint } = await expectFailure(
      [...base, "--swap", "@1..2", "--with", "@3"],
      "span-lengths-differ",
      /source span .* 1 token .*target span .* 2 tokens/,
    );
    expect(hint).toMatch(/--align last .*--align each .*--align mean/);
  });

  test("a grid of a source span of several tokens needs an alignment", async () => {
    const args = ["grid", "--model", ggufFile, "--target", "The capital of France is", "--with", "@1..2"];
    const { hint } = await expectFailure(args, "span-lengths-differ", /2 tokens/);
    expect(hint).toMatch(/--align last .*--align mean/);
    expect(hint).not.toContain("each");
    const run = await runCli([...args, "--align", "mean"]);
    expect(run.code).toBe(0);
  });

  test("an empty answer", async () => {
    await expectFailure(
      [...base, "--swap", "@1", "--with", "@2", "--target-answer", ""],
      "usage",
      /answer is empty/,
    );
  });
});

describe.skipIf(gguf === null)("vectors files", () => {
  const width = 64;
  const vector = Array.from({ length: width }, () => 0.5);
  const run = (file: string): string[] => [
    ...["sweep", "--model", ggufFile, "--target", "The capital of France is"],
    ...["--condition", "vectors", "--vectors", file],
  ];
  const cases: readonly (readonly [string, unknown, RegExp])[] = [
    ["no list of entries", [], /holds no entry/],
    ["no object", [3], /entry 0 is not an object/],
    ["no k", { positions: [0], vectors: [vector] }, /k is missing/],
    ["a negative k", { k: -1, positions: [0], vectors: [vector] }, /k must not be negative/],
    ["k beyond the last block", { k: 4, positions: [0], vectors: [vector] }, /k = 4.*4 blocks/],
    [
      "text for a number",
      { k: 0, positions: [0], vectors: [["a", ...vector.slice(1)]] },
      /vectors\.0\.0 must be a number/,
    ],
    [
      "fewer vectors than positions",
      { k: 0, positions: [0, 1], vectors: [vector] },
      /2 positions but 1 vectors/,
    ],
    [
      "a number beyond float32",
      [
        { k: 0, positions: [0], vectors: [vector] },
        { k: 2, positions: [1, 3], vectors: [vector, [0.5, 1e39, ...vector.slice(2)]] },
      ],
      /entry 1 \(k = 2\), position 3, index 1: float32 cannot hold 1e\+39/,
    ],
    ["vectors of another width", { k: 0, positions: [0], vectors: [[1, 2, 3]] }, /3 numbers.*64/],
  ];

  test.each(cases)("%s", async (name, content, message) => {
    const file = write(`${name.replaceAll(" ", "-")}.json`, JSON.stringify(content));
    const error = await expectFailure(run(file), "bad-vectors", message);
    expect(error.message).toContain(path.basename(file));
  });

  test("no JSON", async () => {
    await expectFailure(run(write("broken.json", "[{")), "bad-vectors", /broken\.json is not valid JSON/);
  });

  test("no file", async () => {
    await expectFailure(run(path.join(folder, "absent.json")), "file-not-found", /absent\.json/);
  });

  test("a position outside the prompt", async () => {
    const file = write("far.json", JSON.stringify({ k: 0, positions: [50], vectors: [vector] }));
    await expectFailure(run(file), "bad-span", /50/);
  });
});
