/** A session as Markdown for a paper's appendix: set-up, verdict, numbers by k, how to run it again. */
import { RUNTIME_NAMES } from "../words/runtime.ts";
import * as l10n from "@vscode/l10n";
import { descriptorOf, sourcePositionsOf } from "../condition/condition.ts";
import { controlWords } from "../experiment/controls.ts";
import { conventionText } from "../words/facts.ts";
import type { Answers } from "../experiment/experiment.ts";
import { outcomeName } from "../words/answer.ts";
import { probabilityText } from "../text/format.ts";
import { rangeText } from "../text/ranges.ts";
import type { SweepRow, TopToken } from "../experiment/result.ts";
import { sessionPanel, sessionVerdict } from "../session/session-panel.ts";
import type { Session, SessionModel, SessionSweep } from "../session/session.ts";
import { isPartial } from "../session/session.ts";
import { namedPrompt, replacedText, tokensText } from "../words/condition.ts";
import { modelPartName, partHash } from "../words/model.ts";
import { textOf } from "../words/parts.ts";
import { shownText } from "../text/text-width.ts";
import { gridCommandLine, sweepCommandLine } from "./command-line.ts";
import { bosAndPolicy, conditionText, lineOf, titleOf } from "./words.ts";

/** The whole summary. */
export function markdownSummary(session: Session): string {
  const parts = [
    `# ${plain(titleOf(session))}`,
    ...(session.model.embedded
      ? [
          `> ${l10n.t("The demonstration model was trained to show the effect: a demonstration, never evidence.")}`,
        ]
      : []),
    ...(isPartial(session)
      ? [`> ${l10n.t("Partial: kept from a run that had not ended. Rows are missing.")}`]
      : []),
    `## ${l10n.t("Set-up")}`,
    setupTable(session),
    ...promptBlocks(session),
    ...(session.sweep ? resultParts(session, session.sweep) : []),
    ...gridParts(session),
    ...reproductionParts(session),
    `## ${l10n.t("References")}`,
    REFERENCES.join("\n"),
  ];
  return `${parts.join("\n\n")}\n`;
}

const REFERENCES: readonly string[] = [
  "- *Attend First, Consolidate Later: On the Importance of Attention in Different LLM Layers*. BlackboxNLP 2024, pp. 177–184. arXiv:2409.03621. The conditions and the layer index: k is the 0-based block whose input is replaced.",
  "- *Locating and Editing Factual Associations in GPT*. NeurIPS 2022. arXiv:2202.05262. The heatmap's axes: tokens from top to bottom, layers from left to right.",
];

function setupTable(session: Session): string {
  const { model, source, sweep, grid } = session;
  const rows: [string, string][] = [
    [
      l10n.t("Model"),
      l10n.t(
        "{0} ({1}, {2} layers, width {3}, vocabulary {4})",
        plain(model.name),
        plain(model.architecture),
        model.blocks,
        model.width,
        model.vocab,
      ),
    ],
    [l10n.t("Model file"), code(lineOf(model.file))],
    ["SHA-256", model.sha256 === null ? l10n.t("not known") : code(model.sha256)],
    ...identityRows(model),
    [l10n.t("Numeric mode"), plain(model.numeric)],
    ...(model.runtime ? [[l10n.t("Runtime"), RUNTIME_NAMES[model.runtime]] as [string, string]] : []),
    ...(model.tokenizer === undefined
      ? []
      : [[l10n.t("Tokenizer"), code(lineOf(model.tokenizer))] as [string, string]]),
    [
      l10n.t("Checks at load"),
      model.selfTest.passed ? l10n.t("passed") : l10n.t("failed: {0}", plain(model.selfTest.note)),
    ],
    [l10n.t("Condition"), plain(conditionText(session))],
    ...(sweep
      ? [[l10n.t("What it does"), plain(descriptorOf(sweep.condition.kind).sentence())] as [string, string]]
      : []),
    [l10n.t("Convention"), plain(conventionText(session.convention))],
    [l10n.t("Replaced"), code(replaced(session))],
  ];
  const read = sweep ? sourcePositionsOf(sweep.condition) : (grid?.sourcePositions ?? []);
  if (source && read.length > 0)
    rows.push([l10n.t("Read from the source"), code(tokensText(namedPrompt(source), read))]);
  rows.push([l10n.t("Beginning of sequence"), plain(bosAndPolicy(session))]);
  if (sweep) {
    rows.push([l10n.t("Range of k"), rangeText(sweep.layers.from, sweep.layers.to)]);
    if ("seeds" in sweep.condition) rows.push([l10n.t("Seeds"), sweep.condition.seeds.join(", ")]);
    rows.push([
      l10n.t("Scoring"),
      sweep.request.scoring === "likelihood"
        ? l10n.t("all tokens of an answer")
        : l10n.t("first token of an answer"),
    ]);
  }
  const answers = sweep?.answers ?? grid?.answers ?? null;
  if (answers) rows.push(...answerRows(answers));
  rows.push(
    [l10n.t("Software"), `State Swap ${plain(session.product)}`],
    [l10n.t("Saved"), plain(session.savedAt)],
  );
  return table(["", ""], rows);
}

function replaced({ target, sweep, grid }: Session): string {
  const text = sweep && replacedText(sweep.condition, namedPrompt(target));
  if (text) return text;
  return grid && !sweep ? l10n.t("every token") : l10n.t("none");
}

/** Of sessions that keep it, what the file's hash does not cover. */
function identityRows({ identity }: SessionModel): [string, string][] {
  if (!identity) return [];
  return (["weights", "tokenizer", "template"] as const).map((part) => {
    return [l10n.t("SHA-256, {0}", modelPartName(part)), code(partHash({ sha256: null, identity }, part))];
  });
}

function answerRows({ target, source }: Answers): [string, string][] {
  return [
    [l10n.t("Target answer"), code(shownText(target.text))],
    [l10n.t("Source answer"), source ? code(shownText(source.text)) : l10n.t("none")],
  ];
}

function promptBlocks({ target, source }: Session): string[] {
  const block = (what: string, { label, tokenization }: Session["target"]): string[] => [
    l10n.t("{0}, {1} tokens:", label === "" ? what : `${what} (${plain(label)})`, tokenization.ids.length),
    fenced(tokenization.text),
  ];
  return [
    ...block(l10n.t("Target prompt"), target),
    ...(source ? block(l10n.t("Source prompt"), source) : []),
  ];
}

function resultParts(session: Session, sweep: SessionSweep): string[] {
  const { state, expectedRows, rows, baseline, controls } = sweep;
  const unpatched = baseline[0] ? [l10n.t("Unpatched answer: {0}.", topText(baseline[0]))] : [];
  return [
    `## ${l10n.t("Result")}`,
    ...(rows.length > 0 ? [`**${plain(textOf(sessionVerdict(session)))}**`] : []),
    ...unpatched,
    ...(state === "partial" ? [l10n.t("{0} of {1} rows have run.", rows.length, expectedRows)] : []),
    `### ${l10n.t("By k")}`,
    rowTable(rows),
    ...(controls && controls.length > 0 ? [`### ${l10n.t("Controls")}`, controlTable(session)] : []),
  ];
}

function rowTable(rows: readonly SweepRow[]): string {
  const seeded = rows.some((row) => row.seed !== undefined);
  const header = [
    ...[
      "k",
      ...(seeded ? [l10n.t("seed")] : []),
      l10n.t("outcome"),
      l10n.t("answer"),
      l10n.t("log p(target)"),
      l10n.t("log p(source)"),
    ],
    ...[l10n.t("difference"), l10n.t("rank of target"), "‖Δh‖", "KL"],
  ];
  return table(
    header,
    rows.map((row) => [
      String(row.k),
      ...(seeded ? [String(row.seed ?? "")] : []),
      outcomeName(row.outcome),
      row.top[0] ? code(shownText(row.top[0].text)) : "",
      decimal(row.targetLogprob),
      decimal(row.sourceLogprob),
      decimal(row.logitDifference),
      String(row.rankOfTarget),
      row.deltaNorm.toPrecision(4),
      row.klToBaseline.toPrecision(3),
    ]),
  );
}

function controlTable(session: Session): string {
  const shown = sessionPanel(session).sweep?.controls ?? [];
  return table(
    [l10n.t("control"), l10n.t("what it shows"), l10n.t("result")],
    shown.map(({ name, sentence, verdict }) => [
      controlWords(name).short,
      plain(sentence),
      plain(textOf(verdict)),
    ]),
  );
}

function gridParts({ grid }: Session): string[] {
  if (!grid) return [];
  const cells = grid.columns.flatMap((column) => column?.outcome ?? []);
  const count = (outcome: string): number => cells.filter((one) => one === outcome).length;
  const ran = grid.columns.filter((column) => column !== null).length;
  const { from, to } = grid.layers;
  return [
    `## ${l10n.t("Tokens × layers")}`,
    [
      l10n.t(
        "The same state at each of {0} positions, before each layer k of {1}: {2} patched runs, {3} source, {4} target, {5} neither.",
        ...[ran, rangeText(from, to), cells.length, count("source"), count("target"), count("neither")],
      ),
      l10n.t("All of them stand in the CSV export of the grid."),
    ].join(" "),
  ];
}

function reproductionParts(session: Session): string[] {
  const commands = [sweepCommandLine(session), gridCommandLine(session)].filter(
    (command) => command !== null,
  );
  const isSaid = (session.sweep === null || commands.length > 0) && commands.length > 0;
  return [
    `## ${l10n.t("Run it again")}`,
    ...(isSaid
      ? [
          session.model.embedded
            ? l10n.t("With the command line, on the model that it brings:")
            : l10n.t("With the command line; the model is the file of the SHA-256 above:"),
          fenced(commands.join("\n\n"), "sh"),
        ]
      : [l10n.t("No options of the command line say this experiment: it needs its session file.")]),
    l10n.t(
      "In the editor: open the session file and choose *Run Session Again*, which compares every value.",
    ),
  ];
}

function topText({ text, logprob }: TopToken): string {
  return `${code(shownText(text))} (p = ${probabilityText(logprob)})`;
}

function decimal(value: number | null): string {
  return value === null ? "–" : value.toFixed(3).replace("-", "−");
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Text that Markdown takes as it is, on one line. */
function plain(text: string): string {
  return lineOf(text.replace(/\s+/g, " ")).replace(/[\\`*_{}[\]<>#|~&]/g, (character) => `\\${character}`);
}

/** One line of text in the form of code; a bar would end a table's cell. */
function code(text: string): string {
  if (text === "") return "(empty)";
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  // Markdown takes one blank off both ends, and a backtick there would join the fence.
  const pad = /^[` ]|[` ]$/.test(text) ? " " : "";
  return `${fence}${pad}${text.replaceAll("|", "\\|")}${pad}${fence}`;
}

/** A block of code with a fence that no line of it ends. */
function fenced(text: string, language = "text"): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
