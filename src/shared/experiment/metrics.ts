/**
 * The metrics of a patched run, one entry each: from this table come the schema of a row (engine protocol, session file,
 * JSON), the columns of CSV, and what panel and curve say. The engine computes them in `engine/pass/row-reader.ts`.
 */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { decimalText } from "../text/format.ts";
import { count, real } from "./numbers.ts";

/** How people see a metric of the whole row. Those of one answer are drawn together with the other answer's. */
interface ShownMetric {
  /** Names the metric in the panel's kept state. */
  readonly id: string;
  readonly name: () => string;
  /** The name where there is no room for it. */
  readonly short: () => string;
  /** Its heading among the panel's numbers; null where it has a place of its own there. */
  readonly heading: (() => string) | null;
  /** What it is, with its formula, in one sentence. */
  readonly formula: () => string;
  /** Whether zero has a meaning of its own: above it the source answer is ahead. */
  readonly signed: boolean;
  readonly write: (value: number) => string;
}

interface Metric {
  readonly schema: v.GenericSchema<unknown, number | null> | v.ExactOptionalSchema<typeof real, undefined>;
  /** Column of CSV; null for none. */
  readonly column: string | null;
  /**
   * Its name where two sessions are compared; null where a difference is none of nats or logits, which their tolerance is of: ranks
   * jump, ratios and norms have their own scale.
   */
  readonly compared: (() => string) | null;
  readonly shown: ShownMetric | null;
}

/** In the order of JSON and session files; a new metric comes last. `exactOptional` where results of older versions lack it. */
export const METRICS = {
  /** log p of the target answer: of its first token, or of all its tokens with `likelihood` scoring. */
  targetLogprob: {
    schema: real,
    column: "target_logprob",
    compared: () => l10n.t("log p(target)"),
    shown: null,
  },
  sourceLogprob: {
    schema: v.nullable(real),
    column: "source_logprob",
    compared: () => l10n.t("log p(source)"),
    shown: null,
  },
  /**
   * log p(source answer) - log p(target answer); for answers of one token that is logit(source) - logit(target). Null
   * when there is no source answer.
   */
  logitDifference: {
    schema: v.nullable(real),
    column: "logit_difference",
    compared: () => l10n.t("logit difference"),
    shown: {
      id: "difference",
      name: () => l10n.t("Logit difference"),
      short: () => l10n.t("Δ logit"),
      heading: null,
      formula: () =>
        l10n.t(
          "log p(source) − log p(target); for answers of one token the difference of their logits. Above zero the source answer is ahead.",
        ),
      signed: true,
      write: decimalText,
    },
  },
  /** Rank of the answer's first token; 1 = the most likely. */
  rankOfTarget: { schema: count, column: "rank_of_target", compared: null, shown: null },
  rankOfSource: { schema: v.nullable(count), column: null, compared: null, shown: null },
  /** KL(baseline || patched) of the next token = sum of p_baseline (log p_baseline - log p_patched), in nats. */
  klToBaseline: {
    schema: real,
    column: "kl_to_baseline",
    compared: () => l10n.t("KL to baseline"),
    shown: {
      id: "kl",
      name: () => l10n.t("KL to baseline"),
      short: () => "KL",
      heading: () => "KL",
      formula: () =>
        l10n.t(
          "KL(baseline ‖ patched) = Σ p_baseline (log p_baseline − log p_patched), in nats; 0 where nothing changed.",
        ),
      signed: false,
      write: decimalText,
    },
  },
  /**
   * Normalised recovery = (d(k) - d(baseline)) / (d(smallest k) - d(baseline)): 0 as unpatched, 1 as at the smallest k
   * of the sweep (with the same seed). d = `logitDifference`, or -`targetLogprob` without a source answer. Null when the
   * two ends are equal.
   */
  recovery: {
    schema: v.nullable(real),
    column: "recovery",
    compared: null,
    shown: {
      id: "recovery",
      name: () => l10n.t("Normalised recovery"),
      short: () => l10n.t("recov."),
      heading: () => l10n.t("recovery"),
      formula: () =>
        l10n.t(
          "(d(k) − d(unpatched)) / (d(smallest k) − d(unpatched)), d = logit difference, or −log p(target) without a source answer: 1 as at the smallest k, 0 as unpatched.",
        ),
      signed: false,
      write: decimalText,
    },
  },
  /**
   * L2 norm of (put in - replaced), over all replaced positions as one vector. Freeze: of what changes at block k. Skip
   * attention, which puts nothing in: of the change of block k's output at the last position.
   */
  deltaNorm: { schema: real, column: "delta_norm", compared: null, shown: null },
  /** Entropy of the next token = -sum of p log p over the whole vocabulary, in nats: 0 certain, log(vocabulary) at most. */
  entropy: {
    schema: v.exactOptional(real),
    column: "entropy",
    compared: () => l10n.t("entropy"),
    shown: {
      id: "entropy",
      name: () => l10n.t("Entropy"),
      short: () => l10n.t("entropy"),
      heading: () => l10n.t("entropy"),
      formula: () =>
        l10n.t(
          "−Σ p log p over all tokens, in nats: 0 where the next token is certain, the more the less is decided.",
        ),
      signed: false,
      write: decimalText,
    },
  },
} as const satisfies Record<string, Metric>;

/** What a map's colours can stand for, in the order in which they are offered. */
export const MAP_METRICS = ["outcome", "probability", "logits", "rank", "kl"] as const;

/** Field of a metric in a row. */
export type MetricField = keyof typeof METRICS;

/** Metrics that two sessions are compared by, in the table's order. */
export const COMPARED_METRICS = (Object.keys(METRICS) as MetricField[]).filter(
  (field) => METRICS[field].compared !== null,
);

/** Metrics of the whole row that people are shown, in the table's order. */
export const SHOWN_METRICS = (Object.keys(METRICS) as MetricField[]).flatMap(
  (field): [MetricField, Shown][] => {
    const { shown } = METRICS[field];
    return shown ? [[field, shown]] : [];
  },
);

type Shown = NonNullable<(typeof METRICS)[MetricField]["shown"]>;

/** Names of the metrics of the whole row. */
export type ShownMetricId = Shown["id"];
