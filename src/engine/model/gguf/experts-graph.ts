/**
 * Experts in a block's graph. Each expert runs on the positions that chose it and no others; one that none chose does not run.
 * Which positions run together changes no bit of theirs: their number is even, so that no product has a single row left over.
 */
import { DataType } from "../runtime/protobuf-writer.ts";
import type { Experts, FeedForward } from "./experts.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import type { ExpertGroups, Routing } from "./routing.ts";
import { addLinears } from "./linear-graph.ts";
import { addScale } from "./scalar-graph.ts";
import type { StageGraph } from "./stage-graph.ts";

/** The smallest sum of weights that others are divided by, as llama.cpp has it. */
export const SMALLEST_SUM = 2 ** -14;

/**
 * Adds what the chosen experts give together. R is all rows and positions.
 *
 * @param inputs what experts read, and what they are chosen by, `[B, N, width]` both
 * @param addFeedForward one expert on `[1, M, width]`
 * @returns `[B, N, width]`
 */
export function addExperts(
  graph: StageGraph,
  shape: Hyperparameters,
  { router, selectionBias, each }: Experts,
  { read: x, routedBy }: { readonly read: string; readonly routedBy: string },
  addFeedForward: (expert: FeedForward, x: string) => string,
): string {
  const { width, family } = shape;
  const routing = shape.experts!;
  const rowsOf = (value: string): string => graph.node("Reshape", [value, graph.integers([1, -1, width])]);
  const rows = rowsOf(x);
  const [products] = addLinears(graph, routedBy === x ? rows : rowsOf(routedBy), [router]);
  const { chosen, weights } = addChoice(
    graph,
    routing,
    graph.node("Squeeze", [products!, graph.integers([0])]),
    selectionBias && graph.vector(selectionBias),
  );
  const { counts, members, places } = addPlaces(graph, routing.experts, chosen);
  const table = family.weighsExpertInput ? addTable(graph, routing.experts, chosen, weights) : undefined;
  const nobody = graph.constant("nobody", new Float32Array(0), [1, 0, width]);
  const outputs = each.map((expert, e) => {
    const output = graph.fresh("expert");
    const count = counts[e]!;
    graph.choose(
      graph.node("Cast", [count], { to: DataType.bool }),
      [output],
      () => {
        const even = graph.node("Add", [count, graph.node("Mod", [count, graph.integers([2])])]);
        const twice = graph.node("Concat", [members[e]!, members[e]!], { axis: 0 });
        const running = graph.node("Slice", [twice, graph.integers([0]), even]);
        const own = graph.node("Gather", [rows, running], { axis: 1 });
        const factor = table && graph.node("Gather", [addColumn(graph, table, e), running], { axis: 0 });
        const given = addFeedForward(expert, factor ? graph.node("Mul", [own, factor]) : own);
        return [graph.node("Slice", [given, graph.integers([0]), count, graph.integers([1])])];
      },
      () => [graph.node("Identity", [nobody])],
    );
    return output;
  });
  const all = graph.node("Squeeze", [graph.node("Concat", outputs, { axis: 1 }), graph.integers([0])]);
  const own = graph.node("Gather", [all, places], { axis: 0 });
  const weighed = table
    ? own
    : graph.node("Mul", [own, graph.node("Unsqueeze", [weights, graph.integers([-1])])]);
  const sum = graph.node("ReduceSum", [weighed, graph.integers([1])], { keepdims: 0 });
  return graph.node("Reshape", [sum, graph.node("Shape", [x])]);
}

/** Weights `[R, experts]`, 0 for experts that are not chosen, of those of the chosen ones `[R, used]`. */
function addTable(graph: StageGraph, experts: number, chosen: string, weights: string): string {
  const rows = graph.node("Shape", [chosen], { start: 0, end: 1 });
  const size = graph.node("Concat", [rows, graph.integers([experts])], { axis: 0 });
  const none = graph.node("Expand", [graph.constant("none", Float32Array.of(0), [1]), size]);
  return graph.node("ScatterElements", [none, chosen, weights], { axis: 1 });
}

/** Column e of a table, `[R, 1]`. */
function addColumn(graph: StageGraph, table: string, e: number): string {
  return graph.node("Gather", [table, graph.integers([e])], { axis: 1 });
}

/** Experts of each position and their weights, `[R, used]` both, of the router's products `[R, experts]`. */
function addChoice(
  graph: StageGraph,
  { used, gating, isNormalised, scale, groups }: Routing,
  products: string,
  selectionBias: string | undefined,
): { readonly chosen: string; readonly weights: string } {
  const scores =
    gating === "softmax"
      ? graph.node("Softmax", [products], { axis: -1 })
      : gating === "sigmoid"
        ? graph.node("Sigmoid", [products])
        : products;
  const compared = selectionBias === undefined ? scores : graph.node("Add", [scores, selectionBias]);
  const [best, chosen] = [graph.fresh("best"), graph.fresh("chosen")];
  const open = groups ? addGroups(graph, groups, compared) : compared;
  graph.nodes("TopK", [open, graph.integers([used])], [best, chosen], { axis: -1 });
  const taken = graph.node("GatherElements", [scores, chosen], { axis: 1 });
  const gated = gating === "softmax-chosen" ? graph.node("Softmax", [taken], { axis: -1 }) : taken;
  return { chosen, weights: addScale(graph, isNormalised ? addNormalised(graph, gated) : gated, scale) };
}

/** Scores `[R, experts]`, those in groups that are not chosen at minus infinity. */
function addGroups(graph: StageGraph, { count, used }: ExpertGroups, scores: string): string {
  const best = (of: string, number: number): readonly [values: string, places: string] => {
    const [values, places] = [graph.fresh("best"), graph.fresh("places")];
    graph.nodes("TopK", [of, graph.integers([number])], [values, places], { axis: -1 });
    return [values, places];
  };
  const grouped = graph.node("Reshape", [scores, graph.integers([0, count, -1])]);
  const sums = graph.node("ReduceSum", [best(grouped, 2)[0], graph.integers([-1])], { keepdims: 0 });
  const [, chosen] = best(sums, used);
  const spread = (value: number, like: string): string =>
    graph.node("Expand", [
      graph.constant("spread", Float32Array.of(value), [1]),
      graph.node("Shape", [like]),
    ]);
  const added = graph.node("ScatterElements", [spread(-Infinity, sums), chosen, spread(0, chosen)], {
    axis: 1,
  });
  const open = graph.node("Add", [grouped, graph.node("Unsqueeze", [added, graph.integers([-1])])]);
  return graph.node("Reshape", [open, graph.node("Shape", [scores])]);
}

function addNormalised(graph: StageGraph, weights: string): string {
  const sum = graph.node("ReduceSum", [weights, graph.integers([1])], { keepdims: 1 });
  const smallest = graph.constant("smallest", Float32Array.of(SMALLEST_SUM), []);
  return graph.node("Div", [weights, graph.node("Max", [sum, smallest])]);
}

/**
 * Who runs where: outputs of the experts stand one behind the other, each for its members in ascending order.
 *
 * @param chosen int64 `[R, used]`
 * @returns members of each expert, int64 `[count]`, their number `[1]`, and where each position's outputs stand `[R, used]`
 */
function addPlaces(
  graph: StageGraph,
  experts: number,
  chosen: string,
): { readonly counts: readonly string[]; readonly members: readonly string[]; readonly places: string } {
  const rows = graph.node("Shape", [chosen], { start: 0, end: 1 });
  const table = graph.node("Concat", [rows, graph.integers([experts])], { axis: 0 });
  const marks = graph.node(
    "ScatterElements",
    [
      graph.node("Expand", [graph.integers([0]), table]),
      chosen,
      graph.node("Expand", [graph.integers([1]), graph.node("Shape", [chosen])]),
    ],
    { axis: 1 },
  );
  const byExpert = graph.node("Transpose", [marks], { perm: [1, 0] });
  const count = graph.node("ReduceSum", [byExpert, graph.integers([1])], { keepdims: 0 });
  const [, member] = addSplit(graph, graph.node("NonZero", [byExpert]), [1, 1], 0);
  const before = graph.node(
    "CumSum",
    [graph.node("Reshape", [byExpert, graph.integers([-1])]), graph.node("Squeeze", [graph.integers([0])])],
    { exclusive: 1 },
  );
  const perExpert = graph.node("Reshape", [before, graph.node("Shape", [byExpert])]);
  const perRow = graph.node("Transpose", [perExpert], { perm: [1, 0] });
  const members = Array.from({ length: experts }, () => graph.fresh("members"));
  graph.nodes("Split", [graph.node("Squeeze", [member!, graph.integers([0])]), count], members, { axis: 0 });
  return {
    counts: addSplit(graph, count, new Array<number>(experts).fill(1), 0),
    members,
    places: graph.node("GatherElements", [perRow, chosen], { axis: 1 }),
  };
}

function addSplit(
  graph: StageGraph,
  value: string,
  sizes: readonly number[],
  axis: number,
): readonly string[] {
  const names = sizes.map(() => graph.fresh("part"));
  graph.nodes("Split", [value, graph.integers(sizes)], names, { axis });
  return names;
}
