/** Fixtures written anew as other exporters lay decoders out: embeddings in a file of their own, both branches in one `If`. */
import * as fs from "node:fs";
import * as path from "node:path";
import { FileWindow } from "../../../src/engine/model/onnx/file-window.ts";
import type { OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "../../../src/engine/model/onnx/graph.ts";
import { EMBEDDINGS, TOKEN_IDS } from "../../../src/engine/model/onnx/names.ts";
import { readOnnx } from "../../../src/engine/model/onnx/reader.ts";
import { nodeMessageOf } from "../../../src/engine/model/onnx/stage.ts";
import {
  branchGraph,
  DataType,
  MessageWriter,
  node,
  serializeModel,
  valueInfo,
} from "../../../src/engine/model/runtime/protobuf-writer.ts";

/** Paths of the two files of a split decoder. */
interface Split {
  readonly decoder: string;
  readonly embeddings: string;
}

/**
 * Splits a graph behind its embedding's Gather, as exports of vision and speech models are: what asked for the ids'
 * shape asks for that of the embeddings.
 *
 * @param folder where `decoder_model_merged.onnx` and `embed_tokens.onnx` are written
 */
export function splitEmbeddings(file: string, folder: string): Split {
  const model = readOnnx(file);
  const { graph } = model;
  const gather = graph.nodes.find(
    ({ opType, inputs }) => opType.startsWith("Gather") && inputs[1] === TOKEN_IDS,
  )!;
  const made = gather.outputs[0]!;
  const renamed = (value: string): string => (value === made || value === TOKEN_IDS ? EMBEDDINGS : value);
  const rest = graph.nodes
    .filter((other) => other !== gather)
    .map((other) => ({ ...other, inputs: other.inputs.map(renamed) }));
  const type = graph.values.get(made)?.dataType ?? DataType.float;
  const embeddings = valueInfo(EMBEDDINGS, type, ["batch_size", "sequence_length", null]);
  const others = graph.inputs.filter(({ name }) => name !== TOKEN_IDS);
  const split = {
    decoder: path.join(folder, "decoder_model_merged.onnx"),
    embeddings: path.join(folder, "embed_tokens.onnx"),
  };
  write(split.decoder, model, {
    nodes: rest.map(nodeMessageOf),
    initializers: initializersOf(model, rest),
    inputs: [embeddings, ...others.map(infoOf)],
  });
  write(split.embeddings, model, {
    nodes: [nodeMessageOf({ ...gather, outputs: [EMBEDDINGS] })],
    initializers: initializersOf(model, [gather]),
    inputs: graph.inputs.filter(({ name }) => name === TOKEN_IDS).map(infoOf),
    outputs: [embeddings],
  });
  return split;
}

/**
 * One graph with both in an `If` on `use_cache_branch`, weights outside the branches, as optimum merges them.
 *
 * @param plain graph without a cache
 * @param cached graph of the same shape with one
 */
export function mergeBranches(plain: string, cached: string, file: string): void {
  const model = readOnnx(plain);
  const other = readOnnx(cached);
  const inner = (value: string): string =>
    value === "" || other.graph.inputs.some(({ name }) => name === value) ? value : `cached/${value}`;
  const nodes = other.graph.nodes.map((node_) => ({
    ...node_,
    inputs: node_.inputs.map(inner),
    outputs: node_.outputs.map(inner),
  }));
  const logits = (name: string): MessageWriter => valueInfo(name, DataType.float);
  const choice = node("If", ["use_cache_branch"], ["logits"], {
    then_branch: { graph: branchGraph("then", nodes.map(nodeMessageOf), [logits("cached/logits")]) },
    else_branch: {
      graph: branchGraph(
        "else",
        model.graph.nodes.map((node_) =>
          nodeMessageOf({
            ...node_,
            outputs: node_.outputs.map((name) => (name === "logits" ? "plain/logits" : name)),
          }),
        ),
        [logits("plain/logits")],
      ),
    },
  });
  const named = other.graph.inputs.filter(({ name }) => !other.graph.initializers.has(name));
  write(file, model, {
    nodes: [choice],
    initializers: [
      ...initializersOf(model, model.graph.nodes),
      ...initializersOf(other, other.graph.nodes, inner),
    ],
    inputs: [...named.map(infoOf), valueInfo("use_cache_branch", DataType.bool, [1])],
    outputs: [logits("logits")],
  });
}

/** The graph with one more input, `[batch, positions, width]` of float, that nothing reads. */
export function withFurtherInput(file: string, to: string, name: string): void {
  const model = readOnnx(file);
  const { nodes, inputs } = model.graph;
  write(to, model, {
    nodes: nodes.map(nodeMessageOf),
    initializers: initializersOf(model, nodes),
    inputs: [...inputs.map(infoOf), valueInfo(name, DataType.float, ["b", "s", null])],
  });
}

interface Contents {
  readonly nodes: readonly MessageWriter[];
  readonly initializers: readonly MessageWriter[];
  readonly inputs: readonly MessageWriter[];
  /** Absent: those of the model. */
  readonly outputs?: readonly MessageWriter[];
}

function write(file: string, { graph, opsets, irVersion }: OnnxModel, contents: Contents): void {
  const outputs = contents.outputs ?? graph.outputs.map(infoOf);
  fs.writeFileSync(file, serializeModel({ ...contents, outputs, opsets, irVersion }));
}

function infoOf({ name, dataType, dims }: OnnxValue): MessageWriter {
  return valueInfo(name, dataType, dims ?? undefined);
}

function initializersOf(
  model: OnnxModel,
  nodes: readonly OnnxNode[],
  nameOf: (name: string) => string = (name) => name,
): MessageWriter[] {
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  const tensors = [...model.graph.initializers.values()].filter(
    ({ name }) => read.has(name) || read.has(nameOf(name)),
  );
  const window = new FileWindow(model.file);
  try {
    return tensors.map((tensor) => messageOf(tensor, nameOf(tensor.name), window));
  } finally {
    window.close();
  }
}

/** The last of several values of a protobuf field counts: the new name stands behind the old one. */
function messageOf({ span }: OnnxTensor, name: string, window: FileWindow): MessageWriter {
  return new MessageWriter().raw(window.read(span!.offset, span!.length)).string(8, name);
}
