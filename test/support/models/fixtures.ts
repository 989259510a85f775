/** The fixtures: tiny decoders by real exporters with PyTorch goldens; a subset in the repository, the whole set where it is. */
import * as fs from "node:fs";
import * as path from "node:path";
import { isReadable } from "../../../src/engine/model/gguf/dequantize.ts";
import { GGUF_ARCHITECTURES } from "../../../src/engine/model/gguf/families/table.ts";
import { readGguf } from "../../../src/engine/model/gguf/reader.ts";

/** Logits of the last position after one patch. */
export interface GoldenRow {
  readonly k: number;
  readonly argmax: number;
  readonly logits: readonly number[];
}

/** An unpatched run. */
export interface GoldenRun {
  readonly input_ids: readonly number[];
  readonly argmax: number;
  readonly logits: readonly number[];
  /** `[blocks + 1][positions][width]` */
  readonly hidden: readonly (readonly (readonly number[])[])[];
}

/** A target prompt with everything that was done to it. */
export interface GoldenTarget extends GoldenRun {
  readonly tpos: number;
  readonly sweep: readonly GoldenRow[];
  /** `[position][k]` argmax, positions 0..n-2. */
  readonly grid: readonly (readonly number[])[];
  readonly random: readonly (GoldenRow & { readonly noise: readonly (readonly number[])[] })[];
  readonly shuffle: readonly (GoldenRow & { readonly perm: readonly number[] })[];
  /** k = 1..blocks-1: look at `k`, not at the index. */
  readonly freeze: readonly GoldenRow[];
  readonly skip_attention: readonly GoldenRow[];
  /** The whole exported graph in onnxruntime; absent in GGUF fixtures. */
  readonly ort_whole: readonly number[] | { readonly logits: readonly number[] };
  /** Lossy graphs only: the graph's own sweep by graph surgery. */
  readonly ort_cut_sweep?: readonly GoldenRow[];
}

/** `golden.json` of a fixture. */
export interface Golden {
  readonly model_file: string;
  readonly lossy: boolean;
  readonly n_layers: number;
  readonly hidden_size: number;
  readonly source: GoldenRun & { readonly spos: number };
  readonly targets: readonly GoldenTarget[];
}

/** A fixture on disk. */
export interface Fixture {
  readonly name: string;
  readonly folder: string;
}

const repository = path.resolve(import.meta.dirname, "../../..");
const roots = [
  path.join(repository, "test/fixtures"),
  process.env.STATE_SWAP_FIXTURES ?? path.join(repository, "../shared/fixtures"),
];

/** All ONNX fixtures, ordered by name; a folder of the whole set stands for its copy in the repository. */
export function onnxFixtures(): Fixture[] {
  return fixtures().filter(({ name }) => !name.startsWith("gguf_"));
}

/** All GGUF fixtures of families and tensor types that this version opens, as {@link onnxFixtures}. */
export function ggufFixtures(): Fixture[] {
  return fixtures().filter((fixture) => fixture.name.startsWith("gguf_") && isSupportedGguf(fixture));
}

/** GGUF fixtures of other families and types: they must be refused by name. */
export function refusedGgufFixtures(): Fixture[] {
  return fixtures().filter((fixture) => fixture.name.startsWith("gguf_") && !isSupportedGguf(fixture));
}

function isSupportedGguf({ folder }: Fixture): boolean {
  const { metadata, tensors } = readGguf(path.join(folder, "model.gguf"));
  const architecture = metadata.get("general.architecture");
  return (
    typeof architecture === "string" &&
    GGUF_ARCHITECTURES.includes(architecture) &&
    [...tensors.values()].every(({ type }) => isReadable(type))
  );
}

function fixtures(): Fixture[] {
  const found = new Map<string, string>();
  for (const root of roots.filter((folder) => fs.existsSync(folder))) {
    for (const name of fs.readdirSync(root)) {
      const folder = path.join(root, name);
      if (name.includes("__") && fs.existsSync(path.join(folder, "golden.json"))) found.set(name, folder);
    }
  }
  return [...found].map(([name, folder]) => ({ name, folder })).sort((a, b) => a.name.localeCompare(b.name));
}

/** Goldens of a fixture. */
export function readGolden({ folder }: Fixture): Golden {
  return JSON.parse(fs.readFileSync(path.join(folder, "golden.json"), "utf8")) as Golden;
}

/** Parsed config.json of a fixture. */
export function readConfig({ folder }: Fixture): Readonly<Record<string, unknown>> {
  return JSON.parse(fs.readFileSync(path.join(folder, "config.json"), "utf8")) as Record<string, unknown>;
}

/** What a graph can be held to. */
export interface Tolerance {
  readonly logits: number;
  /** Relative to a state's norm; null: the graph's own weights differ from PyTorch's. */
  readonly hidden: number | null;
  /** An argmax counts where the golden's first two logits are further apart than this. */
  readonly margin: number;
}

/** Of an ONNX fixture. */
export function toleranceOf(name: string, golden: Golden): Tolerance {
  if (!golden.lossy) return { logits: 2e-4, hidden: 1e-4, margin: 0 };
  // The files ask for int8 activations; the engine runs them exactly, which differs by up to 1.2 logits by design.
  if (name.endsWith("__genai_int4")) return { logits: 1.5, hidden: null, margin: 2 };
  // So do these, by a scale that each prompt has for itself; on one CPU the argmax of all rows is that of exact activations.
  if (name.endsWith("__int8")) return { logits: 2.5, hidden: null, margin: 0 };
  if (name.includes("fp16") || name.includes("f16")) return { logits: 5e-2, hidden: null, margin: 0.1 };
  return { logits: 2e-3, hidden: null, margin: 4e-3 };
}
