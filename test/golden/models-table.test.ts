/**
 * The table of tried models in docs/models.md: it names every fixture there is. `npm run models:table` measures them all and
 * writes it anew.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { maxAbsDifference } from "../../src/engine/difference.ts";
import type { DecoderModel } from "../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../src/engine/model/gguf/gguf-decoder.ts";
import { readGguf } from "../../src/engine/model/gguf/reader.ts";
import { openOnnxDecoder } from "../../src/engine/model/onnx/onnx-decoder.ts";
import type { Fixture } from "../support/models/fixtures.ts";
import { ggufFixtures, onnxFixtures, readConfig, readGolden } from "../support/models/fixtures.ts";
import { naiveRun } from "../support/properties/naive-oracle.ts";
import { testRuntime } from "../support/runtime.ts";

const page = path.resolve(import.meta.dirname, "../../docs/models.md");
const START = "<!-- tried models: npm run models:table -->";
const END = "<!-- end of tried models -->";
const isWritten = process.env.STATE_SWAP_WRITE_TABLE === "1";
/** The repository has a few of them only. */
const all = [...onnxFixtures(), ...ggufFixtures()];
const hasAll = all.length > 60;

/** `gguf_llama__Q4_0` → architecture llama, format GGUF, form Q4_0. */
function partsOf({ name }: Fixture): { architecture: string; format: "ONNX" | "GGUF"; form: string } {
  const [model, form] = name.split("__");
  const isGguf = model!.startsWith("gguf_");
  return { architecture: model!.replace("gguf_", ""), format: isGguf ? "GGUF" : "ONNX", form: form! };
}

/** Largest difference of a logit in the first target's sweep from the golden's. */
async function differenceOf(fixture: Fixture): Promise<number> {
  const golden = readGolden(fixture);
  const runtime = testRuntime(1);
  const decoder: DecoderModel =
    partsOf(fixture).format === "GGUF"
      ? await openGgufDecoder({ gguf: readGguf(path.join(fixture.folder, "model.gguf")), runtime })
      : await openOnnxDecoder({
          file: path.join(fixture.folder, golden.model_file),
          config: readConfig(fixture),
          runtime,
        });
  try {
    const { hidden } = await naiveRun(decoder, golden.source.input_ids);
    const { width } = decoder.info;
    const [target] = golden.targets;
    let worst = 0;
    for (const row of target!.ort_cut_sweep ?? target!.sweep) {
      const at = golden.source.spos * width;
      const vectors = { data: hidden[row.k]!.slice(at, at + width), rows: 1, width };
      const run = await naiveRun(decoder, target!.input_ids, {
        k: row.k,
        positions: [target!.tpos],
        vectors,
      });
      worst = Math.max(worst, maxAbsDifference(run.logits, row.logits));
    }
    return worst;
  } finally {
    await decoder.close();
  }
}

async function table(): Promise<string> {
  const rows = new Map<string, string[]>();
  for (const fixture of all) {
    const { architecture, format, form } = partsOf(fixture);
    const key = `${architecture} | ${format}`;
    const entry = `${form} ${(await differenceOf(fixture)).toExponential(0)}`;
    rows.set(key, [...(rows.get(key) ?? []), entry]);
  }
  const lines = [...rows].sort().map(([key, forms]) => `| ${key} | ${forms.join(", ")} |`);
  return [
    "| model | format | export or number type, and largest difference |",
    "| - | - | - |",
    ...lines,
  ].join("\n");
}

test.skipIf(!hasAll || isWritten)("the table names every fixture", () => {
  const text = fs.readFileSync(page, "utf8");
  const found = text.slice(text.indexOf(START), text.indexOf(END)).split("\n");
  for (const fixture of all) {
    const { architecture, format, form } = partsOf(fixture);
    const row = found
      .map((line) => line.split("|").map((cell) => cell.trim()))
      .find((cells) => cells[1] === architecture && cells[2] === format);
    const forms = row?.[3]?.split(", ").map((entry) => entry.split(" ")[0]);
    expect(forms, `${architecture}, ${format}: run npm run models:table`).toContain(form);
  }
});

test.skipIf(!hasAll || !isWritten)("writes the table", { timeout: 1_200_000 }, async () => {
  const text = fs.readFileSync(page, "utf8");
  expect(text).toContain(START);
  const [before, after] = [text.slice(0, text.indexOf(START)), text.slice(text.indexOf(END))];
  fs.writeFileSync(page, `${before}${START}\n\n${await table()}\n\n${after}`);
});
