/** Shares a position prefix through a graph's own cache inputs: `past_key_values.k.key` in, `present.k.key` out. */
import { makeNode } from "../normalize.ts";
import type { OnnxNode, OnnxValue } from "../graph.ts";
import { cacheName } from "../names.ts";
import { fusedAttention } from "../operators.ts";
import { rowByRow } from "./row-by-row.ts";
import type { SharedBlock, StageSource } from "./past.ts";
import { PAST_KEY, PAST_LENGTH, PAST_ROWS, PAST_VALUE, PRESENT_KEY, PRESENT_VALUE } from "./past.ts";
import { DataType } from "../../runtime/protobuf-writer.ts";
import { FAR, constant } from "../stage-nodes.ts";
import type { StageCut } from "../stage.ts";
import type { Wiring } from "../wiring.ts";
import { elementType, wiringOf } from "../wiring.ts";

/** Inputs and outputs of the cache of one block. */
interface CacheNames {
  readonly past: { readonly key: string; readonly value: string };
  readonly present: { readonly key: string; readonly value: string };
}

/** Block k with its cache as inputs and outputs, or why it has none. */
export function sharedByCache(wiring: Wiring, cut: StageCut, k: number): SharedBlock | string {
  const names = cacheOf(wiring, k);
  if (names === null) return "there are no cache inputs and outputs";
  const block = withCache(wiring, names, [
    ...firstRow(names.present.key, PRESENT_KEY),
    ...firstRow(names.present.value, PRESENT_VALUE),
  ]);
  const keyValue = (): StageSource => {
    const [ownKey, ownValue] = ["state_swap/own_key", "state_swap/own_value"];
    const graph = withCache(wiring, names, [
      ...behindPast(names.present.key, ownKey),
      ...behindPast(names.present.value, ownValue),
    ]);
    return { wiring: graph, cut: { ...cut, to: ownKey, also: new Map([[ownValue, PRESENT_VALUE]]) } };
  };
  return {
    block: {
      wiring: block,
      cut: {
        ...cut,
        also: new Map([
          [`${PRESENT_KEY}/of_row`, PRESENT_KEY],
          [`${PRESENT_VALUE}/of_row`, PRESENT_VALUE],
        ]),
      },
    },
    keyValue,
  };
}

function cacheOf(wiring: Wiring, k: number): CacheNames | null {
  const find = (names: readonly string[], part: string): string | undefined =>
    names.find((name) => {
      const cache = cacheName(name);
      return cache?.block === k && cache.part === part;
    });
  const outputs = wiring.outputs.map((output) => output.name);
  const pair = (names: readonly string[]): { key: string; value: string } | null => {
    const [key, value] = [find(names, "key"), find(names, "value")];
    return key !== undefined && value !== undefined ? { key, value } : null;
  };
  const past = pair([...wiring.inputs.keys()]);
  const present = pair(outputs);
  return past && present ? { past, present } : null;
}

/**
 * The graph with this block's cache in float32 and spread over the rows. Other blocks' caches are read for their length
 * alone, if at all: this block's stands for them.
 */
function withCache(wiring: Wiring, { past }: CacheNames, behind: readonly OnnxNode[]): Wiring {
  const spread = (input: string, name: string): OnnxNode[] => {
    const float = `${name}/float`;
    const to = elementType(wiring, name);
    return [makeNode("Expand", [input, PAST_ROWS], [float]), makeNode("Cast", [float], [name], { to })];
  };
  const others = [...wiring.inputs.keys()].flatMap((name) => {
    const part = cacheName(name)?.part ?? null;
    return part === null || name === past[part] ? [] : [makeNode("Identity", [past[part]], [name])];
  });
  const declared = wiring.inputs.get(past.key)?.dims ?? null;
  const dims = declared && [null, ...declared.slice(1)];
  const inputs: OnnxValue[] = [
    ...[...wiring.inputs.values()].filter((input) => (cacheName(input.name)?.part ?? null) === null),
    { name: PAST_KEY, dataType: DataType.float, dims },
    { name: PAST_VALUE, dataType: DataType.float, dims },
    { name: PAST_ROWS, dataType: DataType.int64, dims: [4] },
    { name: PAST_LENGTH, dataType: DataType.int64, dims: [1] },
  ];
  return wiringOf({
    name: "",
    nodes: [
      ...spread(PAST_KEY, past.key),
      ...spread(PAST_VALUE, past.value),
      ...others,
      ...wiring.nodes.flatMap((node) => {
        const fused = fusedAttention(node);
        return fused?.byRow && node.inputs[fused.pastKey ?? -1] === past.key
          ? rowByRow(wiring, node, fused.byRow)
          : [node];
      }),
      ...behind,
    ],
    initializers: wiring.initializers,
    inputs,
    outputs: wiring.outputs,
    values: wiring.values,
  });
}

function firstRow(present: string, output: string): OnnxNode[] {
  const [zero, one] = [`${output}/zero`, `${output}/one`];
  return [
    constant(zero, [0]),
    constant(one, [1]),
    makeNode("Slice", [present, zero, one, zero], [`${output}/of_row`]),
  ];
}

function behindPast(present: string, output: string): OnnxNode[] {
  const [end, axis] = [`${output}/end`, `${output}/axis`];
  return [
    constant(end, [FAR]),
    constant(axis, [2]),
    makeNode("Slice", [present, PAST_LENGTH, end, axis], [output]),
  ];
}
