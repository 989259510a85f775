/** Opens a model by path: finds it, builds its stages and its tokenizer, and tests them before anyone uses them. */
import * as fs from "node:fs";
import * as path from "node:path";
import { SwapError } from "../shared/errors.ts";
import type { RuntimeChoice, RuntimeFault, RuntimeUse } from "../shared/experiment/runtime.ts";
import type { SelfTest } from "../shared/experiment/result.ts";
import type { DecoderModel } from "./model/decoder.ts";
import { openGgufDecoder } from "./model/gguf/gguf-decoder.ts";
import { readGguf } from "./model/gguf/reader.ts";
import { openGgufTokenizer } from "./model/tokenizer/gguf-tokenizer.ts";
import { readOtherTokenizer, requireSize } from "./model/tokenizer/named-tokenizer.ts";
import { memoryNow } from "./model/machine-memory.ts";
import type { ModelParts } from "./model/identity.ts";
import type { LocatedModel } from "./model/locate.ts";
import { locateModel } from "./model/locate.ts";
import { openOnnxDecoder } from "./model/onnx/onnx-decoder.ts";
import { ownFile } from "./model/own-file.ts";
import type { Proof } from "./model/runtime/choose.ts";
import { withRuntime } from "./model/runtime/choose.ts";
import type { Runtime } from "./model/runtime/runtime.ts";
import { sizeText } from "../shared/text/format.ts";
import { cureText, faultText } from "../shared/words/runtime.ts";
import { estimateModel } from "./estimate.ts";
import { mostFileBytes, openingActivity } from "./opening-budget.ts";
import { pulse } from "./pulse.ts";
import { PARITY_TOLERANCE, paritySample, parityWith } from "./parity.ts";
import { failureOf, selfTest } from "./self-test.ts";
import type { PromptTokenizer } from "./model/tokenizer/tokenizer.ts";

/** An opened, tested model. */
export interface OpenedModel {
  /** The model file itself (the graph or the GGUF), absolute. */
  readonly file: string;
  /** By its first bytes, whatever its name. */
  readonly kind: LocatedModel["kind"];
  readonly fileBytes: number;
  readonly runtime: RuntimeUse;
  readonly decoder: DecoderModel;
  readonly tokenizer: PromptTokenizer;
  /** The `tokenizer.json` that is taken in place of the model's own, absolute; null: its own. */
  readonly tokenizerFile: string | null;
  /** Lines of `inspect` on it. */
  readonly tokenizerNotes: readonly string[];
  /** For its identity. */
  readonly parts: ModelParts;
  readonly selfTest: SelfTest;
}

/** What to open. */
export interface OpenOptions {
  readonly path: string;
  readonly file: string | null;
  /** A `tokenizer.json`, or its folder, to be taken in place of the model's own; absent: its own. */
  readonly tokenizer?: string;
  readonly threads: number;
  readonly runtime: RuntimeChoice;
  /** Factor of what it may take (opening-budget.ts), 0: no limits; absent: 1. */
  readonly budget?: number;
  /** Most bytes that the engine may hold; absent: what is free. Blocks of larger GGUF files are opened when they run. */
  readonly memory?: number;
}

/**
 * Opens a model and runs its self-test.
 *
 * @throws SwapError for everything that can be wrong with a file, which its message names; the sessions made so far are released
 */
export async function openModel(options: OpenOptions): Promise<OpenedModel> {
  const named = options.tokenizer ?? null;
  const memory = options.memory ?? freeMemory();
  const located: Located = { ...locateModel(options.path, options.file), named, memory };
  pulse.modelBytes = mostFileBytes(located);
  const { opened, use } = await pulse.during(
    openingActivity(located, pulse.modelBytes, options.budget ?? 1),
    () =>
      withRuntime(options.runtime, options.threads, async (runtime, proof, fault) => {
        admit(located, runtime, fault);
        return proof ? openProved(located, runtime, proof) : openTested(located, runtime);
      }),
  );
  const { parity, ...tested } = opened;
  return {
    file: located.file,
    kind: located.kind,
    fileBytes: fs.statSync(located.file).size,
    runtime: { ...use, parity },
    ...tested,
  };
}

/** A model on disk, the tokenizer that is named in place of its own, and most bytes that the engine may hold. */
type Located = LocatedModel & { readonly named: string | null; readonly memory: number };

function freeMemory(): number {
  const { available, total } = memoryNow(0);
  return available ?? total;
}

/** A tested model, and how far its runtime is from the one that it was compared with. */
interface Tested extends Pick<
  OpenedModel,
  "decoder" | "tokenizer" | "tokenizerFile" | "tokenizerNotes" | "parts" | "selfTest"
> {
  readonly parity: RuntimeUse["parity"];
}

async function openTested(located: Located, runtime: Runtime): Promise<Tested> {
  const opened = await openLocated(located, runtime);
  try {
    const test = await selfTest(opened.decoder);
    if (!test.result.passed) throw failureOf(located.file, test);
    return { ...opened, selfTest: test.result, parity: null };
  } catch (error) {
    await opened.decoder.close();
    throw error;
  }
}

/** @throws SwapError `not-enough-memory`, with what there is against the runtime that would hold it */
function admit({ file }: LocatedModel, { name, memoryLimit }: Runtime, fault: RuntimeFault | null): void {
  if (memoryLimit === undefined) return;
  const { memoryBytes, leastBytes } = estimateModel(file, null);
  const needed = leastBytes ?? memoryBytes;
  if (needed <= memoryLimit) return;
  const sizes = [needed, memoryLimit].map(sizeText);
  throw new SwapError(
    "not-enough-memory",
    `${file} would take about ${sizes[0]!} of memory, and ${name} holds at most ${sizes[1]!}.`,
    [
      "Choose a smaller file of the model, for example a 4-bit one, or run it on the native runtime.",
      ...(fault ? [faultText(fault), cureText(fault)] : []),
    ]
      .join(" ")
      .trim(),
  );
}

/**
 * Opens a model on a runtime that must prove itself on it. Its peer opens the model first and is closed again, so that weights are in
 * memory once. What the peer opens and this one does not is the runtime's fault.
 *
 * @throws RuntimeUnavailable, and what is thrown for the peer
 */
async function openProved(located: Located, runtime: Runtime, { peer, refuse }: Proof): Promise<Tested> {
  const reference = await openLocated(located, peer);
  const sample = await paritySample(reference.decoder).finally(() => reference.decoder.close());
  // Also an error of the runtime, in its own words: half floats are one, on an adapter without them.
  const tested = await openTested(located, runtime).catch((error: unknown) => {
    const said = error instanceof SwapError && error.code === "engine-failed" ? error.cause : error;
    const text = said instanceof Error ? said.message : String(said);
    throw refuse("not-this-model", text.trim().split("\n").at(-1)!, error);
  });
  const parity = await parityWith(tested.decoder, sample).catch(() => NaN);
  const allowed = PARITY_TOLERANCE[tested.decoder.info.precision];
  if (parity <= allowed) return { ...tested, parity };
  await tested.decoder.close();
  throw refuse("differs", `${parity} > ${allowed}`, undefined);
}

/** A model that is open, but not tested. */
type Opened = Omit<Tested, "selfTest" | "parity">;

async function openLocated(located: Located, runtime: Runtime): Promise<Opened> {
  if (located.kind === "gguf") {
    const gguf = readGguf(located.file);
    // The tokenizer first: it is quick, and a file without one is refused before its weights are read.
    const opened = await namingFile(located.named ?? located.file, () =>
      openGgufTokenizer(gguf, located.named),
    );
    const { tokenizer, file: tokenizerFile, parts, notes: tokenizerNotes } = opened;
    return {
      decoder: await openGgufDecoder({
        gguf,
        runtime,
        memory: Math.min(located.memory, runtime.memoryLimit ?? Infinity),
      }),
      tokenizer,
      tokenizerFile,
      parts,
      tokenizerNotes,
    };
  }
  const { file, tokenizerFolder, named } = located;
  const read = await namingFile(named ?? path.join(tokenizerFolder, "tokenizer.json"), () =>
    readOtherTokenizer(named ?? tokenizerFolder, {}, named === null ? file : undefined),
  );
  const decoder = await openOnnxDecoder({ file, config: readConfig(tokenizerFolder, file), runtime });
  try {
    if (named !== null) requireSize(read, decoder.info.vocab);
  } catch (error) {
    await decoder.close();
    throw error;
  }
  return {
    decoder,
    tokenizer: read.tokenizer,
    tokenizerFile: named === null ? null : read.file,
    tokenizerNotes: [],
    parts: { weights: decoder.parts, ...read.parts },
  };
}

/** A tokenizer is made of contents, which do not know their file: what is wrong with them names it here. */
async function namingFile<T>(file: string, make: () => T | Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    throw error instanceof SwapError ? error.retold(`${file}: ${error.message}`) : error;
  }
}

/** `config.json` of a hub-layout folder; null when there is none. */
function readConfig(folder: string, model: string): Readonly<Record<string, unknown>> | null {
  const file = ownFile(folder, "config.json", model);
  if (file === null) return null;
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    const named = path.join(folder, "config.json");
    throw new SwapError(
      "not-a-model",
      `${named} is not valid JSON.`,
      "Fetch the model's config.json again.",
      {
        cause,
      },
    );
  }
}
