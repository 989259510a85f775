/** What the command line writes: files, the contract's JSON, CSV, notes, lists for people. */
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { SweepResult } from "../../../src/shared/experiment/result.ts";
import { buildOnce, fixture, runCli, temporaryFolder } from "../../support/cli/cli-support.ts";

const folder = temporaryFolder();
const gguf = fixture("gguf_llama__F32") ?? fixture("gguf_llama__F16");
if (gguf === null) console.warn("SKIPPED: no GGUF fixture is on this machine.");
const model = gguf === null ? "" : path.join(gguf, "model.gguf");
const sweep = [
  ...["sweep", "--model", model, "--target", "The capital of France is"],
  ...["--source", "The capital of Italy is", "--swap", "France", "--with", "Italy"],
];

beforeAll(buildOnce);

describe.skipIf(gguf === null)("output", () => {
  test("-o writes what --json prints, whole, and leaves stdout empty", async () => {
    const file = path.join(folder, "sweep.json");
    fs.writeFileSync(file, "old");
    const run = await runCli([...sweep, "--json", "-o", file]);
    expect(run).toEqual({ code: 0, stdout: "", stderr: "" });
    const printed = JSON.parse((await runCli([...sweep, "--json"])).stdout) as SweepResult;
    const written = JSON.parse(fs.readFileSync(file, "utf8")) as SweepResult;
    expect({ ...written, timing: null }).toEqual({ ...printed, timing: null });
    expect(fs.readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("-o into a device or through a link writes there and replaces neither", async () => {
    expect((await runCli([...sweep, "-o", "/dev/null"])).code).toBe(0);
    expect(fs.statSync("/dev/null").isCharacterDevice()).toBe(true);
    const target = path.join(folder, "behind.json");
    const link = path.join(folder, "link.json");
    fs.writeFileSync(target, "old");
    fs.symlinkSync(target, link);
    expect((await runCli([...sweep, "-o", link])).code).toBe(0);
    expect(fs.lstatSync(link).isSymbolicLink()).toBe(true);
    expect(fs.readFileSync(target, "utf8")).toContain("state-swap/sweep@1");
  });

  test("the JSON has the contract's fields and no others", async () => {
    const result = JSON.parse((await runCli([...sweep, "--json"])).stdout) as Record<
      string,
      Record<string, unknown>
    >;
    expect(Object.keys(result)).toEqual([
      ...["schema", "version", "convention", "model", "target", "source", "condition", "baseline", "answers"],
      ...["rows", "flip", "timing"],
    ]);
    expect(result).toMatchObject({
      schema: "state-swap/sweep@1",
      convention: "k = 0-based block whose input is replaced",
      condition: { kind: "swap", align: null, pairs: [{ target: 3, source: [3] }] },
    });
    const version = (JSON.parse(fs.readFileSync(path.resolve("package.json"), "utf8")) as { version: string })
      .version;
    expect(result.version).toBe(version);
    expect(Object.keys(result.model!)).toEqual([
      "path",
      "sha256",
      "identity",
      "architecture",
      "blocks",
      "width",
      "vocab",
      "numeric",
      "cut",
      "runtime",
      "tokenizer",
      "selfTest",
    ]);
    expect(result.model!.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(Object.keys(result.target!)).toEqual(["text", "ids", "tokens", "bos", "positions"]);
    expect(Object.keys(result.timing!)).toEqual(["openMs", "runMs", "blockTokens"]);
    expect(Object.keys(result.answers!)).toEqual(["target", "source", "scoring"]);
    const [row] = result.rows as unknown as SweepResult["rows"];
    expect(Object.keys(row!)).toEqual([
      ...["k", "outcome", "top", "targetLogprob", "sourceLogprob", "logitDifference", "rankOfTarget"],
      ...["rankOfSource", "klToBaseline", "recovery", "deltaNorm", "entropy"],
    ]);
  });

  test("CSV has a header, a row for each k, and the JSON's numbers", async () => {
    const csv = (await runCli([...sweep, "--csv"])).stdout.trim().split("\n");
    const { rows } = JSON.parse((await runCli([...sweep, "--json"])).stdout) as SweepResult;
    expect(csv[0]).toBe(
      "k,outcome,answer,answer_id,answer_logprob,target_logprob,source_logprob,logit_difference,rank_of_target,delta_norm,kl_to_baseline,recovery,entropy",
    );
    expect(csv).toHaveLength(rows.length + 1);
    rows.forEach((row, i) => {
      expect(csv[i + 1]!.startsWith(`${row.k},${row.outcome},`)).toBe(true);
      const { rankOfTarget, deltaNorm, klToBaseline, recovery, entropy } = row;
      const metrics = [rankOfTarget, deltaNorm, klToBaseline, recovery ?? "", entropy];
      expect(csv[i + 1]!.endsWith(`,${metrics.join(",")}`)).toBe(true);
    });
  });

  test("a swap of a state for itself changes nothing and is called out", async () => {
    const run = await runCli([
      ...[
        "sweep",
        "--model",
        model,
        "--target",
        "The capital of France is",
        "--swap",
        "France",
        "--with",
        "France",
      ],
    ]);
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(/warning: The put-in states equal the replaced ones .* for k 0–3/);
    expect(run.stdout).toContain("never changes");
  });

  test("an answer of several tokens that shall count by its first is told to", async () => {
    const run = await runCli([...sweep, "--source-answer", "Paris Rome", "--answer", "next-token"]);
    expect(run.stderr).toMatch(/source answer '␣Paris␣Rome' has 2 tokens; its first, '␣Paris', decides/);
  });

  test("inspect says what the file is, for people and for programs", async () => {
    const { stdout } = await runCli(["inspect", "--model", model]);
    for (const word of [
      "skip attention yes",
      "attention      weights can be read",
      "GGUF",
      "llama",
      "self-test",
      "passed",
      "sha256",
      "numeric mode",
      "memory",
      "BOS",
    ]) {
      expect(stdout).toContain(word);
    }
    const json = JSON.parse((await runCli(["inspect", "--model", model, "--json"])).stdout) as Record<
      string,
      unknown
    >;
    expect(json).toMatchObject({
      kind: "gguf",
      blocks: 4,
      width: 64,
      selfTest: { passed: true, identity: 0 },
    });
  });

  test("inspect knows a GGUF by its first bytes, whatever its name", async () => {
    const renamed = path.join(temporaryFolder(), "model.onnx");
    fs.copyFileSync(model, renamed);
    const { stdout } = await runCli(["inspect", "--model", renamed, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ kind: "gguf", path: renamed });
  });

  test("the grid's table has a row for each token and a column for each k", async () => {
    const args = sweep.map((word) => (word === "sweep" ? "grid" : word));
    const { stdout } = await runCli(args);
    const rows = stdout.split("\n").filter((line) => /^[ >]@\d/.test(line));
    expect(rows).toHaveLength(5);
    for (const row of rows) expect(row).toMatch(/( [◆★▪]){4}$/u);
    const csv = (await runCli([...args, "--csv", "--layers", "1..2"])).stdout.trim().split("\n");
    expect(csv).toHaveLength(1 + 5 * 2);
  });
});
