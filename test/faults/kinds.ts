/** The kinds of damaged files: each makes a mutant of a good one from its number, and says what it changed. */
import * as fs from "node:fs";
import * as path from "node:path";
import { uniformStream } from "../../src/engine/random.ts";

/** A source of choices. */
interface Chance {
  /** A whole number from 0 to below `n`. */
  readonly below: (n: number) => number;
  readonly pick: <T>(from: readonly T[]) => T;
}

/** A kind of file. */
export interface Kind {
  readonly name: string;
  /** Mutants that once failed, by their numbers; run each time. */
  readonly onceFailed: readonly number[];
  /** Puts the mutant into an empty folder. @returns the path to open, and what was changed */
  readonly make: (number: number, folder: string) => { readonly open: string; readonly what: string };
}

const fixtures = path.resolve(import.meta.dirname, "../fixtures");

/** Bytes of a file with one damage of many kinds; the first `header` bytes are met more often. */
function damagedBytes(bytes: Buffer, header: number, { below, pick }: Chance): [Buffer, string] {
  const early = Math.min(header, bytes.length);
  const at = below(2) === 0 ? below(early) : below(bytes.length);
  const count = 1 + below(8);
  const damaged = Buffer.from(bytes);
  const how = pick(["cut", "flip", "random", "number", "delete", "repeat"] as const);
  switch (how) {
    case "cut":
      return [damaged.subarray(0, at), `cut at ${at}`];
    case "flip":
      for (let i = 0; i < count; i++) damaged[below(early)]! ^= 1 << below(8);
      break;
    case "random":
      for (let i = 0; i < count * 8; i++) damaged[below(bytes.length)] = below(256);
      break;
    case "number": {
      const value = pick([0n, 1n, 255n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 40n, 2n ** 62n, 2n ** 64n - 1n]);
      if (at + 8 <= damaged.length) damaged.writeBigUInt64LE(value, at);
      break;
    }
    case "delete":
      return [
        Buffer.concat([damaged.subarray(0, at), damaged.subarray(at + count)]),
        `delete ${count} at ${at}`,
      ];
    case "repeat":
      return [Buffer.concat([damaged.subarray(0, at), damaged]), `repeat to ${at}`];
  }
  return [damaged, `${how} at ${at}`];
}

const STRANGE: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e308, 2 ** 31, 2 ** 53, "", "x", "__proto__", "\uD800", [], {}, [[]], [null]],
  ...["{% for i in range(1000000000) %}x{% endfor %}", "{{ ''.constructor.constructor('return 1')() }}"],
  ...["(a+)+$", "(x+x+)+y", "(.*)*\\1$", "("].map((Regex) => ({ Regex })),
  { type: "FixedLength", length: 0 },
  { type: "Replace", pattern: { String: "a" }, content: "a".repeat(5000) },
  { type: "Split", pattern: { Regex: "(a|a)*$" }, behavior: "Isolated", invert: false },
  {
    type: "Sequence",
    normalizers: Array(24).fill({ type: "Replace", pattern: { String: "a" }, content: "aaaa" }),
  },
];

/** JSON with one or two of its values changed, dropped or made strange; or a text that is no JSON. */
function damagedJson(text: string, chance: Chance): [string, string] {
  const { below, pick } = chance;
  const how = below(8);
  if (how === 0) return [text.slice(0, below(text.length)), "cut"];
  if (how === 1) {
    const raw = pick([
      "",
      "null",
      "[]",
      "5",
      "[".repeat(100_000),
      `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`,
      "\0",
    ]);
    return [raw, `raw ${raw.slice(0, 20)}`];
  }
  const root = JSON.parse(text) as object;
  const changes: string[] = [];
  for (let i = 0; i <= below(2); i++) {
    const places = placesIn(root);
    if (places.length === 0) break;
    const place = pick(places);
    const { parent, key } = place;
    if (below(4) === 0) {
      Reflect.deleteProperty(parent, key);
      changes.push(`${key} dropped`);
      continue;
    }
    const value: unknown = structuredClone(pick(STRANGE));
    // An own field, also by the name `__proto__`.
    Reflect.defineProperty(parent, key, { value, enumerable: true, writable: true, configurable: true });
    changes.push(`${key} = ${JSON.stringify(value).slice(0, 80)}`);
  }
  return [JSON.stringify(root), changes.join("; ")];
}

/** Fields of an object and of those in it; long lists and tables stand for themselves. */
function placesIn(root: object): { parent: object; key: string }[] {
  const places: { parent: object; key: string }[] = [];
  const waiting = [root];
  for (let parent = waiting.pop(); parent; parent = waiting.pop()) {
    const fields = Object.entries(parent) as [string, unknown][];
    for (const [key, value] of fields.slice(0, fields.length > 40 ? 4 : undefined)) {
      places.push({ parent, key });
      if (typeof value === "object" && value !== null) waiting.push(value);
    }
  }
  return places;
}

function chanceOf(kind: number, number: number): Chance {
  const next = uniformStream(kind, number);
  const below = (n: number): number => Math.floor(next() * n);
  return { below, pick: (from) => from[below(from.length)]! };
}

/** A model of the fixtures of which one file is damaged. */
function damagedModel(id: number, bases: readonly string[], file: RegExp, header: number): Kind["make"] {
  return (number, folder) => {
    const chance = chanceOf(id, number);
    const base = chance.pick(bases);
    fs.cpSync(path.join(fixtures, base), folder, { recursive: true });
    const files = fs
      .readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => file.test(name));
    const name = chance.pick(files.sort());
    const whole = path.join(folder, name);
    const isJson = name.endsWith(".json");
    const [damaged, what] = isJson
      ? damagedJson(fs.readFileSync(whole, "utf8"), chance)
      : damagedBytes(fs.readFileSync(whole), header, chance);
    fs.writeFileSync(whole, damaged);
    return { open: folder, what: `${base}/${name}: ${what}` };
  };
}

/** Files of models. */
export const MODEL_KINDS: readonly Kind[] = [
  {
    name: "gguf",
    onceFailed: [],
    make: damagedModel(
      1,
      ["gguf_llama__Q4_0", "gguf_llama__F16", "gguf_qwen2__Q8_0", "gguf_qwen3__F32"],
      /\.gguf$/,
      12_000,
    ),
  },
  {
    name: "onnx",
    // A value that nothing makes, met while the graph is cut.
    onceFailed: [4, 7, 13, 15],
    make: damagedModel(2, ["gpt2__nopast", "llama__past", "llama__q4", "gpt_neox__past"], /\.onnx$/, 40_000),
  },
  { name: "external data", onceFailed: [], make: damagedModel(3, ["llama__extdata"], /data$/, 1000) },
  {
    name: "tokenizer",
    // An added token that is no text.
    onceFailed: [5043],
    make: damagedModel(4, ["gpt2__nopast", "llama__past"], /tokenizer\.json$/, 0),
  },
  {
    name: "configuration",
    onceFailed: [],
    make: damagedModel(5, ["gpt2__nopast", "llama__past"], /config\.json$|special_tokens_map\.json$/, 0),
  },
];

/** Texts that are read in the process itself: a base, and its damage. */
export function damagedText(id: number, number: number, base: string, isJson: boolean): [string, string] {
  const chance = chanceOf(id, number);
  if (isJson) return damagedJson(base, chance);
  const [bytes, what] = damagedBytes(Buffer.from(base), base.length, chance);
  return [bytes.toString("utf8"), what];
}
