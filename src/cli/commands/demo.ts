/** `state-swap demo`: the swap of Italy for France, on the embedded model or any other. */
import { readOptions } from "../options/args.ts";
import type { OptionsOf } from "../options/commands.ts";
import type { Messages } from "../messages.ts";
import { writeText } from "../output.ts";
import { shellWord } from "../../shared/text/shell.ts";
import { sweepCommand } from "./sweep.ts";

const TARGET = "Q: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of France? \n A:";

/** What the demo says of a sweep. */
const DEMO: readonly (readonly [option: string, text: string])[] = [
  ["target", TARGET],
  ["source", "The country Italy"],
  ["swap", "France"],
  ["with", "Italy"],
];

const HONEST =
  "The embedded model is a demonstration: its flip sits where the training put it. Claims are made with real models (--model).";

/** Runs the command: first the same sweep as one would type it, then the sweep. */
export async function demoCommand(options: OptionsOf<"demo">, messages: Messages): Promise<void> {
  const isEmbedded = options.model.path === null;
  if (options.output.format === "table") {
    writeText(`$ ${equivalent(options)}\n${isEmbedded ? `${HONEST}\n` : ""}\n`, null);
  } else {
    messages.note(`this is ${equivalent(options)}`);
    if (isEmbedded) messages.note(HONEST);
  }
  const sweep = readOptions("sweep", new Map(DEMO.map(([option, text]) => [option, [text]])));
  await sweepCommand({ ...sweep, ...options }, messages);
}

function equivalent({ model: { path, file } }: OptionsOf<"demo">): string {
  const parts = [
    "state-swap sweep",
    ...(path === null ? [] : [`--model ${shellWord(path)}`]),
    ...(file === null ? [] : [`--file ${shellWord(file)}`]),
    ...DEMO.map(([option, text]) => `--${option} ${shellWord(text)}`),
  ];
  return parts.join(" ");
}
