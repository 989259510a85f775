/** Activations of feed-forward sublayers: each as a node of a graph and as the plain function it is compared with. */
import type { StageGraph } from "./stage-graph.ts";

export type Activation = "silu" | "gelu" | "gelu-tanh" | "relu" | "relu-squared" | "clamped-swiglu" | "xielu";

interface Form {
  readonly add: (graph: StageGraph, x: string) => string;
  readonly of: (x: number) => number;
  /** What else becomes of the product that a gate multiplies. */
  readonly addUp?: (graph: StageGraph, up: string) => string;
  readonly ofUp?: (up: number) => number;
}

/** Constants of xIELU (Huang and Schlag 2024), as files have them. */
export interface Xielu {
  /** Softplus of it, plus beta, is the factor below 0. */
  readonly alphaN: number;
  /** Softplus of it is the factor of the square above 0. */
  readonly alphaP: number;
  readonly beta: number;
  readonly epsilon: number;
}

/** The activation of block k. */
export function activationOf(
  {
    family,
    xielu,
  }: { readonly family: { readonly activation: Activation }; readonly xielu: readonly Xielu[] | null },
  k: number,
): Form {
  return family.activation === "xielu" ? xieluForm(xielu![k]!) : ACTIVATIONS[family.activation];
}

function xieluForm({ alphaN, alphaP, beta, epsilon }: Xielu): Form {
  const softplus = (x: number): number => Math.log1p(Math.exp(x));
  const [below, above] = [beta + softplus(alphaN), softplus(alphaP)];
  return {
    add: (graph, x) => {
      const scaled = (value: string, factor: number): string =>
        graph.node("Mul", [value, scalar(graph, factor)]);
      const raised = graph.node("Exp", [graph.node("Min", [x, scalar(graph, epsilon)])]);
      const negative = scaled(graph.node("Sub", [graph.node("Sub", [raised, scalar(graph, 1)]), x]), below);
      const positive = scaled(graph.node("Mul", [x, x]), above);
      const isPositive = graph.node("Greater", [x, scalar(graph, 0)]);
      return graph.node("Add", [graph.node("Where", [isPositive, positive, negative]), scaled(x, beta)]);
    },
    of: (x) => beta * x + (x > 0 ? above * x * x : below * (Math.expm1(Math.min(x, epsilon)) - x)),
  };
}

/** Of gpt-oss: gate and up are clamped, and up has one added. */
const ALPHA = 1.702;
const LIMIT = 7;

const ACTIVATIONS: Readonly<Record<Exclude<Activation, "xielu">, Form>> = {
  silu: {
    // QuickGelu with alpha 1 is SiLU: x * sigmoid(x)
    add: (graph, x) => graph.node("QuickGelu", [x], { alpha: { float: 1 } }, "com.microsoft"),
    of: (x) => x / (1 + Math.exp(-x)),
  },
  gelu: {
    add: (graph, x) => graph.node("Gelu", [x]),
    of: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  },
  "gelu-tanh": {
    add: (graph, x) => graph.node("Gelu", [x], { approximate: "tanh" }),
    of: (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  },
  relu: { add: (graph, x) => graph.node("Relu", [x]), of: (x) => Math.max(x, 0) },
  "relu-squared": {
    add: (graph, x) => {
      const positive = graph.node("Relu", [x]);
      return graph.node("Mul", [positive, positive]);
    },
    of: (x) => Math.max(x, 0) ** 2,
  },
  "clamped-swiglu": {
    add: (graph, x) =>
      graph.node(
        "QuickGelu",
        [graph.node("Min", [x, scalar(graph, LIMIT)])],
        { alpha: { float: ALPHA } },
        "com.microsoft",
      ),
    of: (x) => Math.min(x, LIMIT) / (1 + Math.exp(-ALPHA * Math.min(x, LIMIT))),
    addUp: (graph, up) => {
      const clamped = graph.node("Clip", [up, scalar(graph, -LIMIT), scalar(graph, LIMIT)]);
      return graph.node("Add", [clamped, scalar(graph, 1)]);
    },
    ofUp: (up) => Math.max(-LIMIT, Math.min(LIMIT, up)) + 1,
  },
};

function scalar(graph: StageGraph, value: number): string {
  return graph.constant("scalar", Float32Array.of(value), []);
}

/** The error function by its series near 0 and its continued fraction beyond, to double precision. */
function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size < 2.5) {
    let [term, sum] = [x, x];
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = size;
  for (let n = 60; n > 0; n--) fraction = size + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-size * size) / (Math.sqrt(Math.PI) * fraction));
}
