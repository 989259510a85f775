/** Cuts one stage out of a graph: the nodes between two values, as a small graph whose weights stay in the user's file. */
import { SwapError } from "../../../shared/errors.ts";
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./graph.ts";
import {
  DataType,
  MessageWriter,
  node as nodeMessage,
  serializeModel,
  tensorExternal,
  valueInfo,
} from "../runtime/protobuf-writer.ts";
import type { Wiring } from "./wiring.ts";
import { elementType, readsOf, readsShapeOnly } from "./wiring.ts";
import type { StageWeights } from "./weights.ts";

/** Name of a stage's float32 input and output, whatever the graph's own type is. */
export const STAGE_INPUT = "state_swap/in";
export const STAGE_OUTPUT = "state_swap/out";

/** What to cut out. */
export interface StageCut {
  /** Value that the stage starts from; null: from the graph's own inputs. */
  readonly from: string | null;
  readonly to: string;
  /** Element type of `to`, where onnxruntime cannot infer it. */
  readonly toType?: number;
  /** Values with the shape of `from`: where the stage reads their shape, it reads that of `from` instead. */
  readonly sameShape: ReadonlySet<string>;
  /** Values that a stage with a start must not compute again. */
  readonly barriers: ReadonlySet<string>;
  /** Values to hand out beside `to`, in float32: under which names. */
  readonly also?: ReadonlyMap<string, string>;
}

/** A stage ready for a session. */
export interface Stage {
  readonly model: Uint8Array;
  /** Inputs of the original graph that the stage needs beside its start. */
  readonly inputs: readonly OnnxValue[];
  /** Names of the nodes that make rotary tables' sines and cosines. */
  readonly rotations: readonly string[];
  /** Bytes of weights that it refers to. */
  readonly weightBytes: number;
}

/**
 * Cuts out a stage. Masks, rotary tables and lengths are computed again in every stage from the graph's inputs: they
 * are cheap, and nothing but the residual stream crosses a cut.
 *
 * @throws SwapError `unsupported-model` when more than the residual stream crosses the cut
 */
export function cutStage(model: OnnxModel, wiring: Wiring, cut: StageCut, weights: StageWeights): Stage {
  const { nodes, initializers, inputs } = slice(wiring, cut, model.file);
  const stageNodes: MessageWriter[] = [];
  const stageInputs = inputs.map((input) => valueInfo(input.name, input.dataType, input.dims ?? undefined));
  if (cut.from !== null) {
    stageInputs.unshift(valueInfo(STAGE_INPUT, DataType.float, ["batch_size", "sequence_length", null]));
    stageNodes.push(cast(STAGE_INPUT, cut.from, elementType(wiring, cut.from)));
  }
  const outputs = new Map([[cut.to, STAGE_OUTPUT], ...(cut.also ?? [])]);
  stageNodes.push(...nodes.map(nodeMessageOf));
  for (const [value, output] of outputs) stageNodes.push(cast(value, output, DataType.float));
  return {
    model: serializeModel({
      nodes: stageNodes,
      initializers: initializers.map((tensor) => initializerMessage(tensor, weights)),
      inputs: stageInputs,
      outputs: [...outputs.values()].map((output) => valueInfo(output, DataType.float)),
      values: cut.toType === undefined ? [] : [valueInfo(cut.to, cut.toType)],
      opsets: model.opsets,
      irVersion: model.irVersion,
      functions: model.functions,
    }),
    inputs,
    rotations: nodes.filter(({ opType, name }) => /^(Cos|Sin)$/.test(opType) && name).map(({ name }) => name),
    weightBytes: initializers.reduce((sum, tensor) => sum + weights.byteLength(tensor), 0),
  };
}

/** A Cast, also where it changes nothing: half floats never cross the border, and stages differ in no other way. */
function cast(from: string, to: string, dataType: number): MessageWriter {
  return nodeMessage("Cast", [from], [to], { to: dataType });
}

interface Slice {
  /** In topological order. */
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
}

function slice(wiring: Wiring, cut: StageCut, file: string): Slice {
  const nodes = new Map<number, OnnxNode>();
  const initializers = new Map<string, OnnxTensor>();
  const inputs = new Map<string, OnnxValue>();
  const open = [cut.to, ...(cut.also?.keys() ?? [])];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value === cut.from) continue;
    const tensor = wiring.initializers.get(value);
    if (tensor) {
      initializers.set(value, tensor);
      continue;
    }
    const input = wiring.inputs.get(value);
    if (input) {
      inputs.set(value, input);
      continue;
    }
    const index = wiring.producer.get(value);
    if (index === undefined) {
      throw new SwapError(
        "not-a-model",
        `${file} is damaged: nothing makes its value ${value}.`,
        "Export it again.",
      );
    }
    if (cut.from !== null && value !== cut.to && cut.barriers.has(value)) {
      throw new SwapError(
        "unsupported-model",
        `${file} cannot be cut at its residual stream alone: the part up to ${cut.to} also needs ${value} of an earlier part.`,
        "Please report the file: this architecture carries more than one value between blocks.",
      );
    }
    if (nodes.has(index)) continue;
    const node = withShapeOf(wiring.nodes[index]!, cut);
    nodes.set(index, node);
    open.push(...readsOf(node));
  }
  return {
    nodes: [...nodes].sort(([a], [b]) => a - b).map(([, node]) => node),
    initializers: [...initializers.values()],
    inputs: [...inputs.values()],
  };
}

function withShapeOf(node: OnnxNode, cut: StageCut): OnnxNode {
  if (cut.from === null || !readsShapeOnly(node) || !cut.sameShape.has(node.inputs[0]!)) return node;
  return { ...node, inputs: [cut.from] };
}

/** NodeProto of a node, its attributes as they were. */
export function nodeMessageOf(node: OnnxNode): MessageWriter {
  const out = new MessageWriter();
  for (const input of node.inputs) out.string(1, input);
  for (const output of node.outputs) out.string(2, output);
  if (node.name) out.string(3, node.name);
  out.string(4, node.opType);
  for (const attribute of node.attributes.values()) out.bytes(5, attribute.message);
  if (node.domain) out.string(7, node.domain);
  return out;
}

function initializerMessage(tensor: OnnxTensor, weights: StageWeights): MessageWriter {
  const place = weights.placeOf(tensor);
  if (place === null) return new MessageWriter().raw(weights.messageOf(tensor));
  return tensorExternal(
    tensor.name,
    tensor.dataType,
    tensor.dims,
    place.location,
    place.offset,
    place.length,
  );
}
