/** `state-swap demo`: the swap of Italy for France, on the embedded model or any other. */
import type { CommandLine, TextOption } from "../options/args.ts";
import { textOf } from "../options/args.ts";
import type { Messages } from "../messages.ts";
import { outputOf, writeText } from "../output.ts";
import { shellWord } from "../../shared/text/shell.ts";
import { sweepCommand } from "./sweep.ts";

const TARGET = "Q: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of France? \n A:";

/** What the demo adds to a sweep. */
const DEMO: readonly (readonly [TextOption, string])[] = [
  ["target", TARGET],
  ["source", "The country Italy"],
  ["swap", "France"],
  ["with", "Italy"],
];

/** Runs the command: first the same sweep as one would type it, then the sweep. */
export async function demoCommand(line: CommandLine, messages: Messages): Promise<void> {
  const texts = new Map<TextOption, readonly string[]>([
    ...line.texts,
    ...DEMO.map(([option, text]): [TextOption, readonly string[]] => [option, [text]]),
  ]);
  const { format } = outputOf(line);
  if (format === "table") writeText(`$ ${equivalent(line)}\n`, null);
  else messages.note(`this is ${equivalent(line)}`);
  if (textOf(line, "model") === null) {
    const honest =
      "The embedded model is a demonstration: its flip sits where the training put it. Claims are made with real models (--model).";
    if (format === "table") writeText(`${honest}\n\n`, null);
    else messages.note(honest);
  } else if (format === "table") writeText("\n", null);
  await sweepCommand({ command: "sweep", flags: line.flags, texts }, messages);
}

function equivalent(line: CommandLine): string {
  const model = textOf(line, "model");
  const file = textOf(line, "file");
  const parts = [
    "state-swap sweep",
    ...(model === null ? [] : [`--model ${shellWord(model)}`]),
    ...(file === null ? [] : [`--file ${shellWord(file)}`]),
    ...DEMO.map(([option, text]) => `--${option} ${shellWord(text)}`),
  ];
  return parts.join(" ");
}
