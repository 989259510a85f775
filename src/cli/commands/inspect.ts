/** `state-swap inspect`: what a model file is, where it is cut, how it computes, and what its self-test found. */
import type { Reply } from "../../shared/protocol/engine.ts";
import { VERSION } from "../../shared/version.ts";
import type { OptionsOf } from "../options/commands.ts";
import type { Messages } from "../messages.ts";
import { withModel } from "../engine.ts";
import { jsonText } from "../../shared/text/json-text.ts";
import { writeText } from "../output.ts";
import type { Style } from "../style.ts";
import { styleFor } from "../style.ts";
import { shownText } from "../../shared/text/text-width.ts";

const INSPECT_SCHEMA = "state-swap/inspect@1";
const LABEL_WIDTH = 15;

/** Runs the command; its result goes where the options say. */
export async function inspectCommand(options: OptionsOf<"inspect">, messages: Messages): Promise<void> {
  const { output } = options;
  await withModel(options, messages, async (model) => {
    messages.progress("hashing the file");
    const facts = await model.request("inspect", {});
    messages.endProgress();
    if (output.format === "json") {
      writeText(jsonText({ schema: INSPECT_SCHEMA, version: VERSION, ...facts }), output.file);
    } else {
      writeText(factsText(facts, options.model.path === null, styleFor(process.stdout, process.env)), null);
    }
  });
}

function factsText(facts: Reply<"inspect">, embedded: boolean, style: Style): string {
  const { selfTest, runtime } = facts;
  const lines: [string, string][] = [
    ["file", facts.path + (embedded ? " (the embedded model)" : "")],
    ["kind", `${facts.kind.toUpperCase()}, ${bytesText(facts.fileBytes)}`],
    ["sha256", facts.sha256],
    ["  weights", facts.identity.weights],
    ["  tokenizer", facts.identity.tokenizer],
    ...(facts.tokenizer === undefined ? [] : [["  read from", facts.tokenizer] as [string, string]]),
    ["  template", facts.identity.template ?? "none"],
    ["architecture", facts.architecture],
    ["layers", `${facts.blocks}: k goes from 0 to ${facts.blocks - 1}`],
    ["width", String(facts.width)],
    ["vocabulary", String(facts.vocab)],
    ["context", facts.contextLength === null ? "not said by the file" : `${facts.contextLength} tokens`],
    ["numeric mode", facts.numeric],
    ["cut", facts.cut],
    ["shared prefix", facts.sharesPrefix ? "yes: positions before the first replaced one run once" : "no"],
    ["skip attention", facts.skipsAttention ? "yes" : "no: the condition skip-attention cannot run"],
    ["attention", facts.givesAttention ? "weights can be read" : "weights cannot be read"],
    ["memory", memoryText(facts)],
    ["opened in", `${Math.round(facts.openMs)} ms`],
    ["BOS", facts.bosToken === null ? "none" : shownText(facts.bosToken)],
    ["chat template", facts.hasChatTemplate ? "yes" : "no"],
    ["self-test", selfTest.passed ? "passed" : "FAILED"],
    [
      "  stages",
      selfTest.maxAbsDiff === null
        ? `not compared: ${selfTest.note}`
        : `${difference(selfTest.maxAbsDiff)} against ${selfTest.note}`,
    ],
    [
      "  identity",
      selfTest.identity === null
        ? "not made"
        : `${difference(selfTest.identity)} (an identity patch must change nothing)`,
    ],
    [
      "  lens",
      selfTest.lens === null
        ? "not made"
        : `${difference(selfTest.lens)} (logit lens at the last layer against the logits)`,
    ],
    ...(runtime.parity === null ? [] : [parityLine(runtime.parity)]),
    ...facts.notes.map((note): [string, string] => ["note", note]),
  ];
  return lines.map(([label, text]) => `${style.faint(label.padEnd(LABEL_WIDTH))}${text}\n`).join("");
}

function memoryText({ memoryBytes, heldBytes }: Reply<"inspect">): string {
  const all = `about ${bytesText(memoryBytes)}`;
  if (heldBytes === undefined) return all;
  return `${all} of weights, ${bytesText(heldBytes)} of them at once: layers are read from the file as they run`;
}

function difference(value: number): string {
  return value === 0 ? "0" : value.toExponential(1);
}

function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

function parityLine(parity: number): [string, string] {
  return [
    "  parity",
    `${difference(parity)} of a state's length, the first and the last layer against the CPU's`,
  ];
}
