/**
 * Writes a block anew with two lengths: its own positions, and all of them, prefix included, from the projections up to
 * attention's output. Values without states (masks, rotary tables, shapes) are made for the length at which they are read.
 */
import type { BlockPath } from "../attention/core.ts";
import type { OnnxNode, OnnxValue } from "../graph.ts";
import type { StageSource } from "./past.ts";
import { PAST_KEY, PAST_LENGTH, PAST_VALUE, PRESENT_KEY, PRESENT_VALUE } from "./past.ts";
import { DataType } from "../../runtime/protobuf-writer.ts";
import { isSequenceInput } from "../names.ts";
import { ELEMENTWISE, fusedAttention } from "../operators.ts";
import { FAR, NodeWriter } from "../stage-nodes.ts";
import type { StageCut } from "../stage.ts";
import type { Wiring } from "../wiring.ts";
import { elementType, readsShapeOnly, wiringOf } from "../wiring.ts";

/** At which positions a value is read: those of the states, or all from position 0. */
type Length = "own" | "all";

/** Why a graph cannot be written so; never leaves this file. */
class Unliftable extends Error {}

/**
 * The block as a graph, or why it cannot be written. Keys and values are `[rows, positions, width]`.
 *
 * @param asksOwn whether attention is asked by the states' own positions only
 */
export function liftedStage(
  wiring: Wiring,
  path: BlockPath,
  cut: StageCut,
  points: LiftPoints,
  asksOwn: boolean,
): StageSource | string {
  try {
    const writer = new LiftWriter(wiring, path, cut, points, asksOwn);
    writer.value(cut.to, "own");
    const [key, value] = writer.parts((lift) => writer.firstRow(writer.value(lift, "all")));
    const also = new Map([
      [key, PRESENT_KEY],
      [value, PRESENT_VALUE],
    ]);
    return { wiring: writer.graph(), cut: { ...cut, sameShape: new Set<string>(), also } };
  } catch (error) {
    if (error instanceof Unliftable) return error.message;
    throw error;
  }
}

/** The projections of keys and values alone, at the states' own positions: a part of what `liftedStage` has written. */
export function liftedKeyValue(
  wiring: Wiring,
  path: BlockPath,
  cut: StageCut,
  points: LiftPoints,
): StageSource {
  const writer = new LiftWriter(wiring, path, cut, points, false);
  const [key, value] = writer.parts((lift) => writer.value(lift, "own"));
  const also = new Map([[value, PRESENT_VALUE]]);
  return { wiring: writer.graph(), cut: { ...cut, to: key, sameShape: new Set<string>(), also } };
}

/** Collects the nodes of one rewritten block, each value once for each length. */
class LiftWriter {
  readonly #wiring: Wiring;
  readonly #path: BlockPath;
  readonly #cut: StageCut;
  readonly #points: LiftPoints;
  readonly #asksOwn: boolean;
  readonly #out = new NodeWriter("state_swap/prefix");
  /** Names of written values, by length and original name. */
  readonly #written = new Map<string, string>();
  readonly #varying = new Map<string, boolean>();

  constructor(wiring: Wiring, path: BlockPath, cut: StageCut, points: LiftPoints, asksOwn: boolean) {
    this.#wiring = wiring;
    this.#path = path;
    this.#cut = cut;
    this.#points = points;
    this.#asksOwn = asksOwn;
  }

  graph(): Wiring {
    const { initializers, inputs, outputs, values } = this.#wiring;
    const from: OnnxValue = {
      name: this.#path.from,
      dataType: elementType(this.#wiring, this.#path.from),
      dims: null,
    };
    return wiringOf({
      name: "",
      nodes: this.#out.nodes,
      initializers,
      inputs: [
        ...inputs.values(),
        { name: PAST_KEY, dataType: DataType.float, dims: [null, null, null] },
        { name: PAST_VALUE, dataType: DataType.float, dims: [null, null, null] },
        { name: PAST_LENGTH, dataType: DataType.int64, dims: [1] },
      ],
      outputs: outputs.filter(({ name }) => name === this.#cut.to),
      values: new Map([...values, [from.name, from]]),
    });
  }

  /** Name of a value at a length; writes what makes it. */
  value(name: string, length: Length): string {
    if (name === "" || this.#wiring.initializers.has(name)) return name;
    const at = length === "own" && !this.#varies(name) ? "all" : length;
    const key = `${at}:${name}`;
    const known = this.#written.get(key);
    if (known !== undefined) return known;
    const written = this.#write(name, at);
    this.#written.set(key, written);
    return written;
  }

  /** Keys and values among the kept projections; a packed one is cut in halves, whatever they hold. */
  parts(of: (lift: string) => string): [string, string] {
    const [first, second] = this.#points.kept;
    if (second !== undefined)
      return [this.#out.add("Identity", [of(first!)]), this.#out.add("Identity", [of(second)])];
    const halves = this.#out.add("Reshape", [of(first!), this.#out.vector([0, 0, 2, -1])]);
    const half = (i: number): string => this.#out.slice(halves, i, i + 1, 2);
    const flat = (value: string): string => this.#out.add("Reshape", [value, this.#out.vector([0, 0, -1])]);
    return [flat(half(0)), flat(half(1))];
  }

  /** The first row alone: of a batch, keys and values of one row are recorded. */
  firstRow(value: string): string {
    return this.#out.slice(value, 0, 1, 0);
  }

  #write(name: string, length: Length): string {
    const { end, kept, asking, between, mixed } = this.#points;
    const isLift = kept.includes(name) || asking.includes(name);
    if (isLift && length === "all") return kept.includes(name) ? this.#withPast(name) : this.#withRoom(name);
    if (name === end && length === "own" && !this.#asksOwn)
      return this.#out.slice(this.value(name, "all"), PAST_LENGTH, FAR, 1);
    if (name === this.#path.from) {
      if (length === "own") return name;
      throw new Unliftable("attention reads the residual stream without a projection");
    }
    if (this.#wiring.inputs.has(name))
      return length === "own" ? this.#out.slice(name, PAST_LENGTH, FAR, -1) : name;
    const index = this.#wiring.producer.get(name)!;
    if (this.#cut.barriers.has(name) && name !== this.#cut.to)
      throw new Unliftable(`it also needs ${name} of an earlier block`);
    const isElsewhere =
      length === "all"
        ? !between.has(index) || (this.#asksOwn && mixed.has(name))
        : mixed.has(name) && !this.#asksOwn;
    if (this.#path.values.has(name) && isElsewhere)
      throw new Unliftable(`${name} is read at other positions than it is made at`);
    return this.#copy(index, name, length);
  }

  /** The node that makes a value, with its inputs at the length. */
  #copy(index: number, name: string, length: Length): string {
    const node = this.#wiring.nodes[index]!;
    if (readsShapeOnly(node) && this.#isState(node.inputs[0]!)) return this.#shape(node, length);
    const asks = this.#asksOwn && this.#points.mixed.has(name);
    const inputs = node.inputs.map((input, i) =>
      asks ? this.#askedInput(index, i) : this.value(input, length),
    );
    for (const read of this.#wiring.reads[index]!) {
      if (!node.inputs.includes(read) && this.value(read, length) !== read)
        throw new Unliftable(`a branch inside ${node.name} reads ${read}`);
    }
    // What is made for all positions keeps its names, as does the path before it and behind it.
    const isCopy = length === "own" && (this.#points.between.has(index) || !this.#path.values.has(name));
    const rename = (output: string): string => (output !== "" && isCopy ? `${output}/own` : output);
    const outputs = node.outputs.map(rename);
    this.#out.push({ ...node, name: rename(node.name), inputs, outputs });
    for (const output of node.outputs) if (output) this.#written.set(`${length}:${output}`, rename(output));
    return rename(name);
  }

  /**
   * An input of a node where positions meet, or behind one: queries are cut to the states' own positions, keys and values
   * are not; what is added to scores has a row for each query.
   */
  #askedInput(index: number, i: number): string {
    const { meetings, mixed } = this.#points;
    const node = this.#wiring.nodes[index]!;
    const { opType } = node;
    const fused = fusedAttention(node);
    const input = node.inputs[i]!;
    const meets = meetings.has(index) && opType !== "Softmax";
    if (this.#path.values.has(input)) {
      if (mixed.has(input) || !meets) return this.value(input, "own");
      const all = this.value(input, "all");
      return i === (fused?.query ?? 0) ? this.#out.slice(all, PAST_LENGTH, FAR, -2) : all;
    }
    if (!meets && !ELEMENTWISE.has(opType)) return this.value(input, "own");
    const all = this.value(input, "all");
    const isMask = !meets || fused?.bias === i;
    return isMask && input !== "" && this.#varies(input) ? this.#ownRows(all) : all;
  }

  /** The last rows, one for each state; of values with one row for all, or none, that one. */
  #ownRows(value: string): string {
    const positions = this.#out.slice(this.#out.add("Shape", [this.#path.from]), 1, 2, 0);
    const table = this.#out.add("Expand", [value, this.#out.vector([1, 1])]);
    // From the end: an axis of one row keeps it.
    return this.#out.slice(table, this.#out.add("Neg", [positions]), FAR, -2);
  }

  /** Shape of a state value at a length: read where the value is made, then counted up by the prefix. */
  #shape(node: OnnxNode, length: Length): string {
    const read = node.inputs[0]!;
    const source = this.#path.values.has(read) ? read : this.#path.from;
    const { between, kept, asking, end, mixed } = this.#points;
    const isAll = [...kept, ...asking].includes(source) || between.has(this.#wiring.producer.get(source)!);
    if (node.opType === "Size") throw new Unliftable(`${node.name} counts the elements of states`);
    if (length === "own" && source !== end && mixed.has(source) && !this.#asksOwn)
      throw new Unliftable(`the shape of ${source} is read at other positions than it is made at`);
    if (isAll || length === "own")
      return this.#out.add("Shape", [this.value(source, length)], node.attributes);
    const own = this.#out.add("Shape", [this.value(source, "own")]);
    const all = this.#out.add("Add", [own, this.#out.add("Mul", [this.#out.vector([0, 1, 0]), PAST_LENGTH])]);
    const start = node.attributes.get("start")?.int ?? 0;
    const stop = node.attributes.get("end")?.int;
    if (start === 0 && (stop === undefined || stop === null)) return all;
    return this.#out.slice(all, start, stop ?? FAR, 0);
  }

  /** Prefix keys and values, in front of the rows' own. */
  #withPast(lift: string): string {
    const own = this.value(lift, "own");
    const { kept } = this.#points;
    const shape = this.#out.add("Shape", [own]);
    // Rows and width are the projection's, the length is the prefix's; halves of a packed projection come one by one.
    const masked = this.#out.add("Mul", [shape, this.#out.vector([1, 0, 1])]);
    const target = this.#out.add("Add", [
      kept.length === 1 ? this.#out.add("Div", [masked, this.#out.vector([1, 1, 2])]) : masked,
      this.#out.vector([0, 1, 0]),
    ]);
    const spread = (input: string): string => this.#out.add("Expand", [input, target]);
    const past =
      kept.length === 1
        ? this.#out.add("Concat", [spread(PAST_KEY), spread(PAST_VALUE)], { axis: 2 })
        : spread(lift === kept[0] ? PAST_KEY : PAST_VALUE);
    const typed = this.#out.add("Cast", [past], { to: elementType(this.#wiring, lift) });
    return this.#out.add("Concat", [typed, own], { axis: 1 });
  }

  /** Zeros in front: these positions' answers are cut off again. */
  #withRoom(lift: string): string {
    const pads = this.#out.add("Mul", [this.#out.vector([0, 1, 0, 0, 0, 0]), PAST_LENGTH]);
    return this.#out.add("Pad", [this.value(lift, "own"), pads]);
  }

  #isState(name: string): boolean {
    return this.#path.values.has(name) || this.#cut.sameShape.has(name);
  }

  /** Whether a value differs between the lengths. */
  #varies(name: string): boolean {
    if (this.#isState(name)) return true;
    const known = this.#varying.get(name);
    if (known !== undefined) return known;
    const index = this.#wiring.producer.get(name);
    const varies =
      index === undefined
        ? isSequenceInput(name)
        : this.#wiring.reads[index]!.some((read) => this.#varies(read));
    this.#varying.set(name, varies);
    return varies;
  }
}

/** Where a block turns from its own positions to all positions, and back. */
export interface LiftPoints {
  /** Projections that keys or values come from, `[rows, positions, width]`: one (packed) or two. */
  readonly kept: readonly string[];
  /** Projections that are asked at their own position alone, as queries: what they are in the prefix does not matter. */
  readonly asking: readonly string[];
  /** Attention's output, `[rows, positions, ...]`: read by the output projection. */
  readonly end: string;
  /** Nodes of the block that run at all positions. */
  readonly between: ReadonlySet<number>;
  /** Those among them where positions meet, the softmax included. */
  readonly meetings: ReadonlySet<number>;
  /** Their results and what depends on them: read at other positions, they would not be cut to them. */
  readonly mixed: ReadonlySet<string>;
}
