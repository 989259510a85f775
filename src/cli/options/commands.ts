/**
 * THE table of the command line: each command, its options and what is refused among them. Parser, refusals, help and
 * the tables of `docs/cli.md` are read from it.
 */
import { ANSWERS, SCORED_ANSWERS } from "./answer-options.ts";
import { BESIDE } from "./beside-options.ts";
import { CONDITION, GRID } from "./condition-options.ts";
import { MODEL } from "./model-options.ts";
import type { Fields, Section, Values } from "./option.ts";
import { usageError } from "./option.ts";
import { FACTS_OUTPUT, NPY_OUTPUT, OUTPUT, OUTPUT_OR_PLAN, READING } from "./output-options.ts";
import { SOURCE, TARGET } from "./prompt-options.ts";

/** A command as it is declared. */
interface Command<S extends readonly Section[] = readonly Section[]> {
  /** What it gives, in a line. */
  readonly gives: string;
  /** More about it, for its help. */
  readonly more?: string;
  /** The options that a first use needs. */
  readonly usage: string;
  /** In the order of help, which is the order in which they are read. */
  readonly sections: S;
  /** Lines that can be pasted. */
  readonly examples: readonly string[];
  /** @throws SwapError `usage` for options that do not go together */
  check?(values: ValuesOf<S>, command: string): void;
}

/** What a command gets of its sections. */
type ValuesOf<S extends readonly Section[]> = Values<All<S[number]["fields"]>>;

/** All members of a union of fields. */
type All<U> = (U extends Fields ? (fields: U) => void : never) extends (
  fields: infer I extends Fields,
) => void
  ? I
  : never;

const PAIR = `--target 'The capital of France is' --swap France \\
      --source 'The capital of Italy is' --with Italy`;

export const COMMAND_TABLE = {
  sweep: command({
    gives: "one condition over a range of k, a row for each",
    usage: "--target TEXT --swap SPAN --with SPAN [--source TEXT] [options]",
    sections: [TARGET, SOURCE, CONDITION, SCORED_ANSWERS, BESIDE, MODEL, OUTPUT_OR_PLAN],
    examples: [
      `state-swap sweep ${PAIR}`,
      `state-swap sweep --model model.gguf --target-file prompt.txt --swap France#2 --with @2 \\
      --source 'The country Italy' --layers 0..11 --json -o sweep.json`,
      "state-swap sweep --target 'The capital of France is' --condition random --seeds 5",
      "state-swap sweep --target 'The capital of France is' --condition freeze --lens --continue 8 --json",
    ],
    check({ scoring, answerTokens, explain, output, lens, attention, continuation, controls }, name) {
      if (scoring === "next-token" && answerTokens !== null && answerTokens > 1) {
        throw usageError("--answer-tokens belongs to --answer full.", name);
      }
      refusePlanAsCsv(explain, output.format, name);
      const beside = [
        ...(lens ? ["--lens"] : []),
        ...(attention ? ["--attention"] : []),
        ...(continuation === null ? [] : ["--continue"]),
        ...(controls ? ["--controls"] : []),
      ];
      if (output.format === "csv" && beside.length > 0) {
        const sentence = `CSV holds the rows alone, not what ${beside.join(", ")} gives.`;
        throw usageError(sentence, name, "Use --json.");
      }
    },
  }),
  grid: command({
    gives: "the swap at every position x every k",
    usage: "--target TEXT --with SPAN [--source TEXT] [--swap SPAN] [options]",
    sections: [TARGET, SOURCE, GRID, ANSWERS, MODEL, OUTPUT_OR_PLAN],
    examples: [
      `state-swap grid ${PAIR}`,
      "state-swap grid --target-file prompt.txt --with Italy --source 'The country Italy' --source-answer Rome --csv",
    ],
    check({ explain, output }, name) {
      refusePlanAsCsv(explain, output.format, name);
    },
  }),
  tokens: command({
    gives: "how a text is tokenised: index, id, text, character range (UTF-16 units)",
    usage: "--target TEXT [options]",
    sections: [TARGET, MODEL, OUTPUT],
    examples: [
      "state-swap tokens --target 'The capital of France is'",
      "state-swap tokens --model model.gguf --target-file prompt.txt --json",
    ],
  }),
  states: command({
    gives: "hidden states of a prompt to a .npy file, float32 [blocks + 1, positions, width]",
    more: "Plane k of the file is the input of block k, the last plane the output of the last block before the final norm.",
    usage: "--target TEXT -o F [options]",
    sections: [TARGET, MODEL, NPY_OUTPUT],
    examples: [
      "state-swap states --target 'The capital of France is' -o france.npy",
      `python -c "import numpy; print(numpy.load('france.npy').shape)"`,
    ],
  }),
  inspect: command({
    gives: "what a model file is, where it is cut, numeric mode, self-test, memory estimate",
    usage: "[--model PATH] [options]",
    sections: [MODEL, FACTS_OUTPUT],
    examples: [
      "state-swap inspect",
      "state-swap inspect --model models/llama --file onnx/model_q4.onnx --json",
    ],
  }),
  demo: command({
    gives: "the state of Italy put over France, before each layer in turn; prints the sweep that it is",
    usage: "[--model PATH] [options]",
    sections: [MODEL, OUTPUT],
    examples: ["state-swap demo", "state-swap demo --model model.gguf"],
  }),
  doctor: command({
    gives: "what runs here and what does not: machine, runtimes, model, models found, network",
    more: "Text to paste into a report: without paths of your home folder, without logins of proxies.",
    usage: "[--model PATH] [options]",
    sections: [MODEL, READING],
    examples: ["state-swap doctor", "state-swap doctor --model model.gguf"],
  }),
};

export type CommandName = keyof typeof COMMAND_TABLE;

/** What a command is told: its options, read. */
export type OptionsOf<C extends CommandName> = ValuesOf<(typeof COMMAND_TABLE)[C]["sections"]>;

/** What a command declares. */
export function declarationOf(name: CommandName): Command {
  return COMMAND_TABLE[name];
}

/** Makes `check` see what the sections give. */
function command<const S extends readonly Section[]>(declared: Command<S>): Command<S> {
  return declared;
}

function refusePlanAsCsv(explains: boolean, format: string, name: string): void {
  if (explains && format === "csv") throw usageError("A plan is not written as CSV.", name, "Use --json.");
}
