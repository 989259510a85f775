/** What each package may hold, file by file: what else is found in one is a mistake. */
import * as fs from "node:fs";
import * as path from "node:path";
import { NATIVE_TARGETS, TARGET_FILE } from "../../src/shared/targets.ts";
import type { Target } from "../../src/shared/targets.ts";
import { HUB_LAYOUT_FILES } from "../support/models/hub-layout.ts";

const RUNTIME = [
  "dist/engine.mjs",
  "dist/ort/ort-wasm-simd-threaded.mjs",
  "dist/ort/ort-wasm-simd-threaded.wasm",
];
const MODEL = ["README.md", ...HUB_LAYOUT_FILES].map((name) => `media/models/countries-2m/${name}`);
const PICTURES = [
  ...["icon.png", "icon.svg", "prompt-bar-dark.svg", "prompt-bar-light.svg", "view-container.svg"],
  ...["choose-model", "copy-and-swap", "run-demo", "run-grid", "save-session", "step-through-k"].map(
    (name) => `walkthrough/${name}.svg`,
  ),
].map((name) => `media/${name}`);
const SAMPLES = [
  ...["capitals.txt", "facts.txt", "france.prompt.txt", "italy.prompt.txt"],
  ...["notes.md", "prompts.py", "questions.txt"],
].map((name) => `samples/${name}`);

/** The pieces of the extension's bundle that it asks for, by itself or through another one; files below dist/. */
function piecesOf(dist: string): string[] {
  const found = new Set(["extension.cjs"]);
  for (const file of found) {
    const text = fs.readFileSync(path.join(dist, file), "utf8");
    for (const [, asked] of text.matchAll(/require\("(\.[^"]+)"\)/g)) {
      found.add(path.posix.join(path.posix.dirname(file), asked!));
    }
  }
  return [...found];
}

/**
 * Files of a VSIX, sorted. vsce renames README, CHANGELOG and LICENSE.
 *
 * @param extension the unpacked one: pieces of its bundle have names that change with what is in them
 */
export function filesOfVsix(target: Target, extension: string): string[] {
  const native =
    target === "universal"
      ? []
      : ["onnxruntime_binding.node", NATIVE_TARGETS[target].library].map((name) => `dist/native/${name}`);
  const files = [
    ...RUNTIME,
    ...native,
    `dist/${TARGET_FILE}`,
    ...piecesOf(path.join(extension, "dist")).map((name) => `dist/${name}`),
    ...["hub.mjs", "web.cjs", "webview.js", "webview.css", "export.js", "export.css"].map(
      (name) => `dist/${name}`,
    ),
    ...MODEL,
    ...PICTURES,
    ...SAMPLES,
    ...["media/demo.swap.json", "media/session.schema.json", "l10n/bundle.l10n.json"],
    ...["package.json", "package.nls.json", "readme.md", "changelog.md", "LICENSE.txt"],
    "THIRD_PARTY_NOTICES.txt",
  ];
  return [
    "[Content_Types].xml",
    "extension.vsixmanifest",
    ...files.map((name) => `extension/${name}`),
  ].sort();
}

/** Files of the package for npm, sorted. */
export const FILES_OF_NPM: readonly string[] = [
  ...RUNTIME,
  "dist/cli.mjs",
  ...MODEL,
  ...["package.json", "README.md", "CHANGELOG.md", "LICENSE", "THIRD_PARTY_NOTICES.txt"],
]
  .map((name) => `package/${name}`)
  .sort();
