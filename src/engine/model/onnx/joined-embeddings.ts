/** Decoders that take embeddings in place of token ids, joined with the graph beside them that makes embeddings of ids. */
import * as fs from "node:fs";
import * as path from "node:path";
import { SwapError } from "../../../shared/errors.ts";
import { MessageWriter } from "../runtime/protobuf-writer.ts";
import { ownFile } from "../own-file.ts";
import { FileWindow } from "./file-window.ts";
import type { OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from "./graph.ts";
import { EMBEDDINGS, TOKEN_IDS } from "./names.ts";
import { makeNode } from "./normalize.ts";
import { readOnnx } from "./reader.ts";

/** Weights below this are copied into the joined graph: `weights.ts` would copy them into stages anyway. */
const COPIED_BYTES = 1024;

/**
 * Operators that a table of embeddings is read with. What they compute did not change between the operator sets of
 * today's exports, so two files of different sets can be one graph.
 */
const UNCHANGED = new Set(
  "Gather GatherBlockQuantized Mul Cast Identity Constant Reshape Unsqueeze DequantizeLinear".split(" "),
);

/**
 * Reads a decoder. Exports of vision and speech models keep the table of embeddings in a file of its own
 * (`embed_tokens.onnx` beside `decoder_model_merged.onnx`): the text decoder alone is the two in one.
 *
 * @throws SwapError as `readOnnx`; `unsupported-model` for decoders that read an encoder, or whose embeddings are not beside them
 */
export function readDecoder(file: string): OnnxModel {
  const model = readOnnx(file);
  refuseEncoderReaders(model);
  const inputs = new Set(model.graph.inputs.map(({ name }) => name));
  if (inputs.has(TOKEN_IDS) || !inputs.has(EMBEDDINGS)) return model;
  return joined(model, readOnnx(embeddingsFile(file)));
}

function refuseEncoderReaders({ file, graph }: OnnxModel): void {
  const input = graph.inputs.find(({ name }) => name.startsWith("encoder_"));
  if (input === undefined) return;
  throw new SwapError(
    "unsupported-model",
    `${file} is the decoder of an encoder-decoder model: its blocks also read what an encoder made (${input.name}).`,
    "State Swap takes decoders that read nothing but their prompt.",
  );
}

/** `decoder_model_merged_q4.onnx` → `embed_tokens_q4.onnx`, else the one of the highest precision. */
function embeddingsFile(decoder: string): string {
  const folder = path.dirname(decoder);
  const suffix = /(_(?:fp16|int8|uint8|quantized|bnb4|q\d\w*))?\.onnx$/i.exec(decoder)?.[1] ?? "";
  const names = [`embed_tokens${suffix}.onnx`, "embed_tokens.onnx", "embed_tokens_fp16.onnx"];
  const others = fs.readdirSync(folder).filter((name) => /^embed_tokens.*\.onnx$/i.test(name));
  const found = [...names, ...others.sort()].find((name) => ownFile(folder, name, decoder) !== null);
  if (found !== undefined) return path.join(folder, found);
  throw new SwapError(
    "unsupported-model",
    `${decoder} takes embeddings (${EMBEDDINGS}) in place of token ids, and no file beside it makes them.`,
    "Fetch embed_tokens.onnx too, and put it beside the decoder.",
  );
}

/** One model of both: the embeddings' values get names of their own, and their weights stay in their file. */
function joined(decoder: OnnxModel, embeddings: OnnxModel): OnnxModel {
  const opsets = sharedOpsets(decoder, embeddings);
  const graph = renamed(embeddings);
  const made = new Map(embeddings.graph.outputs.map((output, i) => [output.name, graph.outputs[i]!]));
  const handedOver = decoder.graph.inputs.flatMap((input) => {
    const from = made.get(input.name);
    return from ? [handOver(from, input)] : [];
  });
  const inputs = [...graph.inputs, ...decoder.graph.inputs].filter(
    ({ name }, i, all) => !made.has(name) && all.findIndex((other) => other.name === name) === i,
  );
  return {
    ...decoder,
    opsets,
    joined: [path.basename(embeddings.file)],
    graph: {
      ...decoder.graph,
      nodes: [...graph.nodes, ...handedOver, ...decoder.graph.nodes],
      initializers: new Map([...graph.initializers, ...decoder.graph.initializers]),
      inputs,
      values: new Map([...graph.values, ...decoder.graph.values]),
    },
  };
}

function handOver(from: OnnxValue, to: OnnxValue): OnnxNode {
  if (from.dataType === to.dataType) return makeNode("Identity", [from.name], [to.name]);
  return makeNode("Cast", [from.name], [to.name], { to: to.dataType });
}

function sharedOpsets(decoder: OnnxModel, embeddings: OnnxModel): OnnxModel["opsets"] {
  const missing = embeddings.opsets.filter(
    ({ domain }) => !decoder.opsets.some((opset) => opset.domain === domain),
  );
  const differ = embeddings.opsets.some(({ domain, version }) =>
    decoder.opsets.some((opset) => opset.domain === domain && opset.version !== version),
  );
  const changed = embeddings.graph.nodes.find(({ opType }) => !UNCHANGED.has(opType));
  if (differ && changed !== undefined) {
    throw new SwapError(
      "unsupported-model",
      `${embeddings.file} and ${decoder.file} were exported for different operator sets, and ${changed.opType} may mean other things in them.`,
      "Export both with the same opset.",
    );
  }
  return [...decoder.opsets, ...missing];
}

function renamed({ file, graph }: OnnxModel): OnnxGraph {
  const branch = graph.nodes.find(({ attributes }) => [...attributes.values()].some((value) => value.graph));
  if (branch !== undefined) {
    throw new SwapError(
      "unsupported-model",
      `${file} has a graph within its graph (${branch.opType}), where a table of embeddings was expected.`,
      "Please report the file.",
    );
  }
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const nameOf = (name: string): string =>
    name === "" || (inputs.has(name) && !graph.initializers.has(name)) ? name : `embed_tokens/${name}`;
  const window = new FileWindow(file);
  try {
    const tensors = [...graph.initializers.values()].map((tensor) =>
      moved(tensor, nameOf(tensor.name), path.basename(file), window),
    );
    return {
      name: graph.name,
      nodes: graph.nodes.map((node) => ({
        ...node,
        name: nameOf(node.name),
        inputs: node.inputs.map(nameOf),
        outputs: node.outputs.map(nameOf),
      })),
      initializers: new Map(tensors.map((tensor) => [tensor.name, tensor])),
      inputs: graph.inputs.filter(({ name }) => !graph.initializers.has(name)),
      outputs: graph.outputs.map((output) => ({ ...output, name: nameOf(output.name) })),
      values: new Map([...graph.values].map(([name, value]) => [nameOf(name), value])),
    };
  } finally {
    window.close();
  }
}

/** A tensor of another file: as external data of that file, or its message with the new name. */
function moved(tensor: OnnxTensor, name: string, location: string, window: FileWindow): OnnxTensor {
  if (tensor.external) return { ...tensor, name };
  if (tensor.raw && tensor.raw.length > COPIED_BYTES) {
    const { offset, length } = tensor.raw;
    return { ...tensor, name, span: null, raw: null, external: { location, offset, length } };
  }
  // The last of several values of a field counts in protobuf: the new name stands behind the old one.
  const { offset, length } = tensor.span!;
  const message = new MessageWriter().raw(window.read(offset, length)).string(8, name).finish();
  return { ...tensor, name, span: null, raw: null, message };
}
