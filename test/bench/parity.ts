/**
 * Parity of the two back ends on one model: SmolLM2's GGUF, and an ONNX export of the same weights that PyTorch makes of it
 * (`tools/gguf/export-onnx.py`, a graph like any exporter's). Sweeps of the paper's pair, both ways, must flip at the same k,
 * with logits within 1e-3. `npm run bench:parity -- --python PYTHON` takes a Python with torch, transformers, accelerate, gguf,
 * onnx and onnxscript (`--export FOLDER`: an export that is there). Needs `npm run model:smollm2`.
 */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { maxAbsDifference } from "../../src/engine/difference.ts";
import { argmax } from "../../src/engine/matrix.ts";
import { openModel } from "../../src/engine/open.ts";
import { batchesOf } from "../../src/engine/pass/batches.ts";
import { promptGround } from "../../src/engine/pass/batch-layout.ts";
import { uncancelled } from "../../src/engine/pass/control.ts";
import { runPatchedRows } from "../../src/engine/pass/staircase.ts";
import { runUnpatched } from "../../src/engine/pass/unpatched-run.ts";
import { planRows } from "../../src/engine/intervene/planned-rows.ts";
import { swapAt } from "./work.ts";

const TOLERANCE = 1e-3;
/** Target, source, and the words whose states are swapped. */
const PAIRS = [
  ["Q: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of France? \n A:", " France"],
  ["Q: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of Italy? \n A:", " Italy"],
] as const;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const { values: options } = parseArgs({
  options: {
    model: { type: "string", default: path.join(root, "models/SmolLM2-135M-Instruct.Q4_1.gguf") },
    export: { type: "string" },
    python: { type: "string", default: "python3" },
  },
});

/** The folder of the export, made unless it is named. */
function exported(): string {
  if (options.export !== undefined) return path.resolve(options.export);
  const folder = path.join(os.tmpdir(), "state-swap-export");
  if (!fs.existsSync(path.join(folder, "model.onnx"))) {
    const script = path.join(root, "tools/gguf/export-onnx.py");
    execFileSync(options.python, [script, options.model, folder], { stdio: "inherit" });
  }
  return folder;
}

/** Logits of the unpatched target and of each k, for each pair both ways, and the ids that were run. */
async function sweeps(file: string): Promise<{ ids: string; logits: Float32Array[][] }> {
  const { decoder, tokenizer } = await openModel({ path: file, file: null, threads: 2, runtime: "native" });
  const prompts = PAIRS.map(([text, word]) => {
    const { ids, tokens } = tokenizer.tokenize(text, "off");
    return { ids, position: tokens.findIndex((token) => token.text === word) };
  });
  const logits: Float32Array[][] = [];
  for (const [target, source] of [prompts, [...prompts].reverse()]) {
    const unpatched = await runUnpatched(decoder, target!.ids, uncancelled());
    const kept = { unpatched, source: await runUnpatched(decoder, source!.ids, uncancelled()) };
    const layers = { from: 0, to: decoder.info.blocks - 1 };
    const planned = planRows(swapAt(target!.position, source!.position), layers, kept);
    const rows: Float32Array[] = [];
    for (const batch of batchesOf(planned, promptGround({ ids: target!.ids }, decoder.info), decoder.info)) {
      const done = await runPatchedRows(decoder, unpatched, batch, uncancelled());
      if (rows.length === 0) rows.push(done.unpatched.logits);
      rows.push(...done.rows.map((row) => row.logits));
    }
    logits.push(rows);
  }
  await decoder.close();
  return { ids: prompts.map(({ ids }) => ids.join()).join("; "), logits };
}

const [gguf, onnx] = [await sweeps(options.model), await sweeps(exported())];
if (gguf.ids !== onnx.ids) throw new Error("the two tokenizers give other ids");
let worst = 0;
for (const [i, rows] of gguf.logits.entries()) {
  const differences = rows.map((row, k) => maxAbsDifference(row, onnx.logits[i]![k]!));
  const [own, other] = [rows, onnx.logits[i]!].map((all) => all.map(argmax));
  // The first of the last run of answers that are alike: where the sweep flips.
  const flip = (answers: readonly number[]): number =>
    answers.slice(1).findLastIndex((id) => id !== answers[0]) + 1;
  process.stdout.write(
    `${PAIRS[i]![1]}: ${rows.length - 1} k, flip at ${flip(own!)} and ${flip(other!)}, ` +
      `logits differ by at most ${Math.max(...differences).toExponential(1)}\n`,
  );
  if (own!.join() !== other!.join()) throw new Error("the two back ends answer differently");
  worst = Math.max(worst, ...differences);
}
if (!(worst <= TOLERANCE)) throw new Error(`logits differ by ${worst}, allowed are ${TOLERANCE}`);
