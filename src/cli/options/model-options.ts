/** Options that say which model runs, on what, and on how many threads. */
import * as fs from "node:fs";
import { MOST_THREADS } from "../../shared/experiment/limits.ts";
import { RUNTIME_CHOICES } from "../../shared/experiment/runtime.ts";
import type { RuntimeChoice } from "../../shared/experiment/runtime.ts";
import type { Given, Place, Section, Spelling } from "./option.ts";
import { option, textOf, usageError } from "./option.ts";
import { bytes, choice, numberIn, whole } from "./values.ts";

/** Which model. */
export interface ModelChoice {
  /** Null: the embedded one. */
  readonly path: string | null;
  /** One graph of a folder. */
  readonly file: string | null;
}

const PATH: Spelling = {
  name: "model",
  value: "PATH",
  help: "folder in hub layout, .onnx, .gguf, or a blob; default: the embedded model",
};
const FILE: Spelling = {
  name: "file",
  value: "NAME",
  help: "one graph of a folder, such as onnx/model_q4.onnx",
};

/** The model: what every command takes. */
export const MODEL = {
  title: "Model",
  fields: {
    model: {
      spellings: [PATH, FILE],
      read: (given: Given, { command }: Place): ModelChoice => {
        const path = textOf(given, PATH.name);
        const file = textOf(given, FILE.name);
        if (path === "") throw usageError("--model is empty.", command);
        if (path !== null && file !== null && fs.statSync(path, { throwIfNoEntry: false })?.isFile()) {
          throw usageError(`--file picks one graph of a folder, and ${path} is a file.`, command);
        }
        return { path, file };
      },
    },
    tokenizer: option({
      name: "tokenizer",
      value: "PATH",
      help: "tokenizer.json, or its folder, in place of the model's own",
      read: (text, { command }) => {
        if (text === "") throw usageError("--tokenizer is empty.", command);
        return text;
      },
    }),
    threads: option({
      name: "threads",
      value: "N",
      help: "default: physical cores, at most 8",
      read: whole(1, MOST_THREADS),
    }),
    memory: option({
      name: "memory",
      value: "SIZE",
      help: "most that the engine may hold, such as 2GB; default: what is free. Of a larger GGUF, layers are read as they run",
      read: bytes,
    }),
    runtime: option<RuntimeChoice>({
      name: "runtime",
      value: RUNTIME_CHOICES.join("|"),
      help: "auto (the default) = native; WebAssembly, several times slower, where that does not load",
      read: choice(RUNTIME_CHOICES),
      absent: "auto",
    }),
    openingBudget: option({
      name: "opening-budget",
      value: "X",
      help: "factor of the time and memory that opening may take, 0 = no limits; default: 1",
      read: numberIn(0, 1000),
    }),
  },
} satisfies Section;
