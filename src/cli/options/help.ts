/** Help texts: what each command does, its options, examples that can be pasted. */
import type { CommandName } from "./commands.ts";
import { VERSION } from "../../shared/version.ts";

const MODEL = `Model
  --model PATH          folder in hub layout, .onnx, .gguf, or a blob; default: the embedded model
  --file NAME           one graph of a folder, such as onnx/model_q4.onnx
  --threads N           default: physical cores, at most 8`;

const TARGET = `Prompt
  --target TEXT         taken literally; a line break is written $'first line\\nsecond line' in bash and zsh
  --target-file F       a UTF-8 file, taken exactly, a last line break included; - = stdin
  --target-ids 1,2,3    token ids, taken as they are
  --bos auto|on|off     beginning-of-sequence token; auto = as the tokenizer does`;

const SOURCE = `Prompt that the state comes from (default: the target prompt)
  --source TEXT, --source-file F, --source-ids 1,2,3`;

const SPANS = `SPAN  France (must occur once), France#2 (second occurrence), @21 (token index), @21..23 (ends included);
      @-1 or @last is the last token, @-3..-1 the last three;
      for --positions also a list, @1,3,5..7;
      where a text looks like an index or an occurrence: \\@21, C\\#2`;

const ANSWERS = `Answers
  --target-answer TEXT  default: the most likely token of the unpatched prompt
  --source-answer TEXT  default: the most likely token at the smallest k`;

const OUTPUT = `Output
  --json, --csv         for programs; default: a table for people
  -o, --output F        write to a file, whole or not at all: CSV if F ends in .csv or with --csv, else JSON
  --verbose             the engine's log on stderr (also: STATE_SWAP_LOG=1)`;

const EXPLAIN = `
  --explain             prints the plan instead of running it: passes, rows, block-tokens, bytes`;

const EXIT = "Exit codes: 0 done, 1 failed, 2 wrong usage. k is the 0-based block whose input is replaced.";

const PAIR = `--target 'The capital of France is' --swap France \\
      --source 'The capital of Italy is' --with Italy`;

const TEXTS: Readonly<Record<CommandName, string>> = {
  sweep: `state-swap sweep: one condition over a range of k, a row for each

Usage: state-swap sweep --target TEXT --swap SPAN --with SPAN [--source TEXT] [options]

${TARGET}

${SOURCE}

What is put where
  --condition C         swap (default): a state of the source prompt
                        random: noise of the same length     shuffle: permuted coordinates
                        freeze: the input of block k - 1, in all blocks from k on (k >= 1)
                        skip-attention: no attention in blocks from k on, at all tokens
                        zero, mean (of the prompt's states), identity (a control), vectors (your own)
  --swap SPAN           swap: tokens of the target prompt whose state is replaced; may be repeated
  --with SPAN           swap: tokens of the source prompt whose state is put in
  --align last|each|mean  swap: for spans of several tokens; without it unequal lengths are refused
  --source-layer K      swap: the source's state before block K at every k; default locked to k
  --positions SPAN      other conditions: which tokens; may be repeated; default all-but-last
  --exclude-bos         leaves a beginning-of-sequence token as it is
  --seed N, --seeds N   random, shuffle: first seed (0), how many (1; a band)
  --strength S          0..1: (1 - S) * replaced + S * put in; default 1; not for freeze, skip-attention, identity
  --vectors F           vectors: JSON {"k": 3, "positions": [0, 1], "vectors": [[…], […]]}, or a list of such
  --layers A..B         k from A to B, both included, or one k; default all
${SPANS}

${ANSWERS}
  --answer next-token|full  by the first token, or by the likelihood of all; default full if a named answer has several
  --answer-tokens N     tokens of an answer that is found by running; more than 1 means full
  --top N               how many of the most likely tokens a row lists in JSON; default 10

Beside the rows (for people and in JSON; not in CSV)
  --lens                logit lens of the unpatched last token before each block
  --attention           attention of the unpatched last token to each token
  --continue N          N tokens generated after each patched prompt, and after the unpatched one
  --controls            identity, norm-matched random (5 seeds), for a swap an unrelated source
  --unrelated TEXT      the unrelated source: its last token; default "A large wooden table"

${MODEL}

${OUTPUT}${EXPLAIN}

Examples
  state-swap sweep ${PAIR}
  state-swap sweep --model model.gguf --target-file prompt.txt --swap France#2 --with @2 \\
      --source 'The country Italy' --layers 0..11 --json -o sweep.json
  state-swap sweep --target 'The capital of France is' --condition random --seeds 5
  state-swap sweep --target 'The capital of France is' --condition freeze --lens --continue 8 --json

${EXIT}
`,
  grid: `state-swap grid: the swap at every position x every k

Usage: state-swap grid --target TEXT --with SPAN [--source TEXT] [--swap SPAN] [options]

${TARGET}

${SOURCE}

What is put in
  --with SPAN           tokens of the source prompt whose state is put at each position in turn
  --swap SPAN           tokens of the target prompt whose swap at the smallest k names the source answer
  --condition swap      the only one that a grid has
  --align last|mean     for a source span of several tokens: its last state, or the mean
  --source-layer K      the source's state before block K at every k; default locked to k
  --strength S          0..1, how much of the state is put in; default 1
  --layers A..B         k from A to B, both included, or one k; default all
${SPANS}

${ANSWERS}; needs --swap

${MODEL}

${OUTPUT}${EXPLAIN}

Examples
  state-swap grid ${PAIR}
  state-swap grid --target-file prompt.txt --with Italy --source 'The country Italy' --source-answer Rome --csv

${EXIT}
`,
  tokens: `state-swap tokens: how a text is tokenised: index, id, text, character range (UTF-16 units)

Usage: state-swap tokens --target TEXT [options]

${TARGET}

${MODEL}

${OUTPUT}

Examples
  state-swap tokens --target 'The capital of France is'
  state-swap tokens --model model.gguf --target-file prompt.txt --json

${EXIT}
`,
  states: `state-swap states: hidden states of a prompt to a .npy file

The file is float32 [blocks + 1, positions, width]; plane k = input of block k, the last plane = output of the
last block before the final norm.

Usage: state-swap states --target TEXT -o F [options]

${TARGET}

${MODEL}

Output
  -o, --output F        the .npy file; needed
  --json                says on stdout what was written
  --verbose             the engine's log on stderr (also: STATE_SWAP_LOG=1)

Examples
  state-swap states --target 'The capital of France is' -o france.npy
  python -c "import numpy; print(numpy.load('france.npy').shape)"

${EXIT}
`,
  inspect: `state-swap inspect: what a model file is, where it is cut, numeric mode, self-test, memory estimate

Usage: state-swap inspect [--model PATH] [options]

${MODEL}

Output
  --json                for programs; default: a list for people
  -o, --output F        write JSON to a file, whole or not at all
  --verbose             the engine's log on stderr (also: STATE_SWAP_LOG=1)

Examples
  state-swap inspect
  state-swap inspect --model models/llama --file onnx/model_q4.onnx --json

${EXIT}
`,
  demo: `state-swap demo: the state of Italy put over France, before each block in turn

Usage: state-swap demo [--model PATH] [options]

${MODEL}

${OUTPUT}

Examples
  state-swap demo
  state-swap demo --model model.gguf

${EXIT}
`,
};

const PROGRAM = `state-swap ${VERSION}: put the hidden state of one token over another, and see at which block the answer flips

Usage: state-swap COMMAND [options]

Commands
  sweep     one condition over a range of k, a row for each
  grid      the swap at every position x every k
  tokens    how a text is tokenised
  states    hidden states to a .npy file
  inspect   what a model file is, where it is cut, numeric mode, self-test, memory estimate
  demo      the state of Italy put over France, on the embedded model

Options of each command: state-swap COMMAND --help. --version prints the version.

Examples
  state-swap demo
  state-swap sweep ${PAIR}

${EXIT}
`;

/** The help of a command, or of the program for null. */
export function helpText(command: CommandName | null): string {
  return command === null ? PROGRAM : TEXTS[command];
}
