/** Nodes that rewritten stages are made with. */
import type { OnnxNode } from "./graph.ts";
import { makeNode } from "./normalize.ts";
import { bytesOf, DataType, tensorRaw } from "../runtime/protobuf-writer.ts";

/** End of a slice that goes to the end of its axis: the largest int64. */
export const FAR = 2n ** 63n - 1n;

/** An int64 vector. */
export function constant(name: string, values: readonly (number | bigint)[]): OnnxNode {
  const bytes = bytesOf(BigInt64Array.from(values, BigInt));
  const tensor = tensorRaw(name, DataType.int64, [values.length], bytes);
  return makeNode("Constant", [], [name], { value: { tensor } });
}

/** Collects nodes with one output each, under names that no file has. */
export class NodeWriter {
  readonly #prefix: string;
  readonly #nodes: OnnxNode[] = [];
  /** Names of int64 vectors by what they hold: each is written once. */
  readonly #vectors = new Map<string, string>();

  /** @param prefix of the names */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** In the order in which they were written. */
  get nodes(): readonly OnnxNode[] {
    return this.#nodes;
  }

  push(node: OnnxNode): void {
    this.#nodes.push(node);
  }

  /** Name of an int64 vector. */
  vector(values: readonly (number | bigint)[]): string {
    const key = values.join();
    const known = this.#vectors.get(key);
    if (known !== undefined) return known;
    const name = this.#name("Constant");
    this.#vectors.set(key, name);
    this.#nodes.push(constant(name, values));
    return name;
  }

  /** Name of a new node's output. Attributes are integers, or another node's as they are. */
  add(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, number>> | OnnxNode["attributes"] = {},
  ): string {
    const name = this.#name(opType);
    const isCopied = attributes instanceof Map;
    const node = makeNode(opType, inputs, [name], isCopied ? {} : (attributes as Record<string, number>));
    this.#nodes.push(isCopied ? { ...node, attributes: attributes as OnnxNode["attributes"] } : node);
    return name;
  }

  /** Name of a slice along one axis; `from` is a number, or names a vector of one. */
  slice(value: string, from: number | string, to: number | bigint, axis: number): string {
    const start = typeof from === "string" ? from : this.vector([from]);
    return this.add("Slice", [value, start, this.vector([to]), this.vector([axis])]);
  }

  #name(opType: string): string {
    return `${this.#prefix}/${opType}_${this.#nodes.length}`;
  }
}
