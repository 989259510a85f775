/** Sessions for tests of exports: made of results as the command line writes them, and of the demo's real numbers. */
import { INITIAL_CHOICE } from "../../../src/shared/condition/condition-choice.ts";
import { CONVENTION } from "../../../src/shared/experiment/experiment.ts";
import type { GridArrays } from "../../../src/shared/experiment/grid-arrays.ts";
import { modelFacts } from "../../../src/shared/experiment/model-facts.ts";
import type {
  GridColumn,
  GridResult,
  PromptResult,
  SweepResult,
} from "../../../src/shared/experiment/result.ts";
import type {
  Session,
  SessionGrid,
  SessionPrompt,
  SessionSweep,
} from "../../../src/shared/session/session.ts";
import { expectedRows, fileName } from "../../../src/shared/session/session.ts";
import type { Tokenization } from "../../../src/shared/prompt/tokens.ts";
import { DEMO_STATE } from "../panel/snapshots.ts";

const SELF_TEST = { passed: true, maxAbsDiff: 0, identity: 0, lens: 0, note: "" };

/** The session that the editor would save of a sweep and, over the same prompts, a grid. */
export function sessionOfResults(sweep: SweepResult, grid: GridResult | null = null): Session {
  const { model, target, source, condition, rows } = sweep;
  const layers = { from: rows[0]!.k, to: rows.at(-1)!.k };
  return {
    product: sweep.version,
    savedAt: "2026-11-24T12:00:00.000Z",
    label: "",
    convention: sweep.convention,
    model: { name: "test model", file: fileName(model.path), embedded: false, ...modelFacts(model, model) },
    target: promptOf(target, "capitals.txt:3"),
    source: source && promptOf(source, "capitals.txt:1"),
    chosen: { targets: [], source: null, word: null, align: null, pairs: [] },
    setup: {
      choice: { ...INITIAL_CHOICE, kind: condition.kind },
      vectorsLabel: null,
      answers: { target: "", source: "", scoring: "next-token", tokens: 1 },
    },
    sweep: {
      condition,
      layers,
      top: rows[0]!.top.length,
      wantsLens: sweep.lens !== undefined,
      state: "complete",
      request: { target: null, source: null, scoring: sweep.answers.scoring, tokens: 1 },
      expectedRows: expectedRows(condition, layers),
      runMs: sweep.timing.runMs,
      baseline: sweep.baseline.top,
      answers: { target: sweep.answers.target, source: sweep.answers.source },
      flip: sweep.flip,
      rows,
      lens: sweep.lens ?? null,
      continuations: null,
      controls: null,
    },
    grid: grid && gridOf(grid),
    attention: null,
    view: { k: null, cell: null },
  };
}

function gridOf(grid: GridResult): SessionGrid {
  return {
    sourcePositions: grid.condition.sourcePositions,
    sourceLayer: grid.condition.sourceLayer,
    strength: grid.condition.strength,
    targetPositions: grid.target.positions,
    layers: grid.layers,
    request: { target: null, source: null },
    state: "complete",
    answers: grid.answers,
    columns: gridColumns(grid),
    texts: grid.texts,
  };
}

/** The columns of a result: the inverse of `gridArrays`. */
function gridColumns(grid: GridArrays): GridColumn[] {
  const at = <T>(values: readonly (readonly T[])[], position: number): T[] =>
    values.map((row) => row[position]!);
  return Array.from({ length: grid.argmax[0]?.length ?? 0 }, (_, position) => ({
    position,
    argmax: at(grid.argmax, position),
    outcome: at(grid.outcome, position),
    logitDifference: at(grid.logitDifference, position),
    targetLogprob: at(grid.targetLogprob, position),
    sourceLogprob: at(grid.sourceLogprob, position),
    rankOfTarget: at(grid.rankOfTarget, position),
    ...(grid.klToBaseline && { klToBaseline: at(grid.klToBaseline, position) }),
  }));
}

function promptOf({ text, ids, tokens, bos }: PromptResult, label: string): SessionPrompt {
  return sessionPrompt(label, { text: text ?? tokens.join(""), ids, bos }, tokens);
}

function sessionPrompt(
  label: string,
  { text, ids, bos }: Pick<Tokenization, "text" | "ids" | "bos">,
  tokens: readonly string[],
): SessionPrompt {
  let start = 0;
  const placed = tokens.map((token, index) => {
    const end = bos.added && index === 0 ? 0 : Math.min(text.length, start + token.length);
    const one = { index, id: ids[index]!, text: token, start, end, special: bos.added && index === 0 };
    start = end;
    return one;
  });
  return {
    label,
    text,
    shift: 0,
    chatTemplate: false,
    startsWithBos: bos.added,
    tokenization: { text, ids, tokens: placed, bos, approximate: false },
  };
}

/** A prompt of given tokens, for prompts that no tokenizer would make. */
export function promptOfTokens(label: string, tokens: readonly string[]): SessionPrompt {
  const ids = tokens.map((_, index) => index + 10);
  return sessionPrompt(label, { text: tokens.join(""), ids, bos: { policy: "auto", added: false } }, tokens);
}

const demoTarget = DEMO_STATE.target!;
const demoSource = DEMO_STATE.source!;
const demoSweep = DEMO_STATE.sweep!;
const demoGrid = DEMO_STATE.grid!;

/** The demo on SmolLM2: 30 rows, 26 tokens × 30 layers, flip at 24. */
export const DEMO_SESSION: Session = {
  product: "0.1.0",
  savedAt: "2026-11-24T12:00:00.000Z",
  label: "Italy over France",
  convention: CONVENTION,
  model: {
    name: "SmolLM2-135M-Instruct",
    file: "SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256: "0f1e2d3c".repeat(8),
    architecture: "llama",
    blocks: 30,
    width: 576,
    vocab: 49152,
    numeric: "q4_1 exact",
    cut: "gguf blocks",
    selfTest: SELF_TEST,
    embedded: false,
  },
  target: promptOfTokens(
    demoTarget.label,
    demoTarget.tokens.map((token) => token.text),
  ),
  source: promptOfTokens(
    demoSource.label,
    demoSource.tokens.map((token) => token.text),
  ),
  chosen: {
    targets: [{ from: 21, to: 21, text: " France" }],
    source: { from: 2, to: 2, text: " Italy" },
    word: null,
    align: null,
    pairs: [{ target: 21, source: [2] }],
  },
  setup: {
    choice: INITIAL_CHOICE,
    vectorsLabel: null,
    answers: { target: "", source: "", scoring: "next-token", tokens: 1 },
  },
  sweep: {
    condition: {
      kind: "swap",
      align: null,
      pairs: [{ target: 21, source: [2] }],
      sourceLayer: null,
      strength: 1,
    },
    layers: demoSweep.layers,
    top: 5,
    wantsLens: true,
    state: "complete",
    expectedRows: 30,
    runMs: 310,
    request: { target: null, source: null, scoring: "next-token", tokens: 1 },
    baseline: demoSweep.baseline,
    answers: demoSweep.answers,
    flip: demoSweep.flip,
    rows: demoSweep.rows,
    lens: demoSweep.lens,
    continuations: null,
    controls: null,
  },
  grid: {
    sourcePositions: [2],
    sourceLayer: null,
    strength: 1,
    targetPositions: [21],
    layers: demoGrid.layers,
    request: { target: null, source: null },
    state: "complete",
    answers: demoSweep.answers,
    columns: demoGrid.columns,
    texts: demoGrid.texts,
  },
  attention: null,
  view: { k: 17, cell: { position: 21, k: 17 } },
};

/** Noise over all tokens but the last, five seeds. */
export function randomSession(rows: SessionSweep["rows"], answers: SessionSweep["answers"]): Session {
  const positions = Array.from({ length: 25 }, (_, position) => position);
  return {
    ...DEMO_SESSION,
    label: "Noise",
    source: null,
    chosen: { targets: [], source: null, word: null, align: null, pairs: [] },
    setup: { ...DEMO_SESSION.setup, choice: { ...INITIAL_CHOICE, kind: "random", seeds: 5 } },
    sweep: {
      ...DEMO_SESSION.sweep!,
      condition: { kind: "random", positions, seeds: [0, 1, 2, 3, 4], strength: 1 },
      expectedRows: 150,
      flip: null,
      rows,
      answers,
    },
    grid: null,
    view: { k: null, cell: null },
  };
}

/** Tokens that break what handles text carelessly: markup, control characters, right-to-left, halves of characters. */
export const HOSTILE_TOKENS: readonly string[] = [
  ...[
    "</script>",
    "<!--",
    "<script>alert(1)</script>",
    "]]>",
    "&amp;",
    '"',
    "'",
    "`code`",
    "| a | b |",
    "\\",
    "$'",
  ],
  ...[
    "\u0000",
    "\u0007\u001b[31m",
    "\u0085",
    "\u2028",
    "\u202Eabc",
    "\uFFFE",
    "\uD83D",
    "\u00AD",
    "\r\n",
    "\t",
    "",
  ],
  ...[
    "مرحبا",
    "שלום",
    "👩‍👩‍👧",
    "漢字",
    "e\u0301",
    "<0xF0>",
    "</metadata>",
    "</svg>",
    "</style>",
    "{{x}}",
    "${y}",
  ],
];

/** A session whose prompt, answers and names are the hostile tokens. */
export function hostileSession(): Session {
  const { sweep, grid } = DEMO_SESSION;
  const name = HOSTILE_TOKENS.join(" ");
  const count = HOSTILE_TOKENS.length;
  const text = (i: number): string => HOSTILE_TOKENS[i % count]!;
  return {
    ...DEMO_SESSION,
    label: name,
    model: { ...DEMO_SESSION.model, name, file: name, numeric: name },
    target: promptOfTokens(name, HOSTILE_TOKENS),
    source: promptOfTokens(name, HOSTILE_TOKENS),
    sweep: {
      ...sweep!,
      rows: sweep!.rows.map((row, i) => ({ ...row, top: row.top.map((one) => ({ ...one, text: text(i) })) })),
      answers: {
        target: { ...sweep!.answers!.target, text: "</script><b>" },
        source: { ...sweep!.answers!.source!, text: "\u202E]]>" },
      },
    },
    grid: {
      ...grid!,
      columns: HOSTILE_TOKENS.map((_, position) => ({ ...grid!.columns[position % 26]!, position })),
      texts: Object.fromEntries(Object.keys(grid!.texts).map((id, i) => [id, text(i)])),
    },
  };
}
