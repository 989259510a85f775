/** What the demo and the golden session files are recordings of. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { EngineClient } from "../../../src/engine/client/engine-client.ts";
import { serializeSession } from "../../../src/shared/session/serialize.ts";
import type { Recipe } from "./record-session.ts";
import { recordSession } from "./record-session.ts";

const root = process.cwd();
const embedded = {
  path: path.join(root, "media/models/countries-2m"),
  name: "countries-2m",
  embedded: true,
};
const fixture = (name: string): Recipe["model"] => ({
  path: path.join(root, "test/fixtures", name),
  name,
  embedded: false,
});

/** The demo: the capital of France with Italy put in. */
export const DEMO: Recipe = {
  model: embedded,
  savedAt: "2026-01-01T00:00:00.000Z",
  label: "Demo",
  target: {
    text: "Q: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of France? \n A:",
    label: "capitals.txt:3",
    words: ["France"],
  },
  source: { text: "The country Italy", label: "capitals.txt:1", word: "Italy" },
  align: null,
  bos: "auto",
  choice: {},
  answers: {},
  layers: null,
  parts: ["sweep", "lens", "grid"],
  kept: null,
  view: { k: null, cell: null },
};

/** Golden files of version 1, by what they show. Files that are there are never written again. */
export const VERSION_1: Readonly<Record<string, Recipe>> = {
  "swap-and-grid": {
    ...DEMO,
    label: "Everything that a session can hold",
    parts: ["sweep", "lens", "grid", "attention", "controls", "continuations"],
    view: { k: 6, cell: { position: 23, k: 9 } },
  },
  "grid-only": { ...DEMO, label: "", parts: ["grid"], layers: { from: 3, to: 9 } },
  "random-seeds": {
    ...DEMO,
    label: "Noise, three seeds",
    source: null,
    target: { ...DEMO.target, words: [] },
    choice: { kind: "random", seeds: 3, seed: 7, strength: 0.5 },
    layers: { from: 2, to: 6 },
    parts: ["sweep"],
  },
  freeze: {
    ...DEMO,
    label: "",
    source: null,
    choice: { kind: "freeze", where: "chosen" },
    parts: ["sweep", "lens", "continuations"],
  },
  "skip-attention": {
    ...DEMO,
    label: "",
    source: null,
    target: { ...DEMO.target, words: [] },
    choice: { kind: "skip-attention" },
    parts: ["sweep"],
  },
  likelihood: {
    ...DEMO,
    label: "Answers of several tokens, one of them named",
    answers: { target: " Paris \n Q:", scoring: "likelihood", tokens: 4 },
    parts: ["sweep"],
  },
  partial: { ...DEMO, label: "Kept from a run", parts: ["sweep", "grid"], kept: 5 },
  "other-text": {
    ...DEMO,
    label: "Signs of several UTF-16 units, a line break, quotes",
    model: fixture("llama__past"),
    target: { text: "“Café” 🇫🇷\n\tis \\ in\u2028Paris", label: "notes «1».md:12", words: ["Paris"] },
    source: { text: "Rome 🏛", label: "notes «1».md:2", word: "Rome" },
    align: "last",
    bos: "on",
    parts: ["sweep", "lens", "grid", "attention"],
  },
  gguf: {
    ...DEMO,
    label: "",
    model: fixture("gguf_llama__Q8_0"),
    target: { text: "The capital of France is", label: "a.txt:1", words: ["France"] },
    source: { text: "The capital of Italy is", label: "a.txt:2", word: "Italy" },
    align: "mean",
    choice: { strength: 0.25, sourceLayer: 1 },
    parts: ["sweep", "grid"],
  },
};

/**
 * Writes the demo's session, and the golden files that are not there yet; for tools/sessions.mjs.
 *
 * @public
 * @returns the files that were written
 */
export async function writeSessions(client: EngineClient): Promise<string[]> {
  const golden = Object.entries(VERSION_1).map(
    ([name, recipe]) => [path.join(root, `test/golden/sessions/v1-${name}.swap.json`), recipe] as const,
  );
  const missing = golden.filter(([file]) => !fs.existsSync(file));
  const written: string[] = [];
  for (const [file, recipe] of [[path.join(root, "media/demo.swap.json"), DEMO] as const, ...missing]) {
    fs.writeFileSync(file, serializeSession(await recordSession(client, recipe)));
    written.push(file);
  }
  return written;
}
