/**
 * What a condition says of itself: all that the product knows of it but its numbers (`src/engine/intervene/<kind>.ts`).
 * Schemas, sentences, fields, options, help and tables are read from it.
 */
import type * as v from "valibot";
import type { Frozen } from "../frozen.ts";
import type { ConditionOptions, ConditionPlace } from "./condition-options.ts";
import type { DiagramFace } from "./diagram-face.ts";
import type { OwnNumber } from "./own-number.ts";

/** What a condition needs or allows; a new one says all of it. */
export interface Takes {
  /**
   * Its tokens: a rule (all but the last) or the chosen ones; the chosen ones; those that a file gives; or none, since it
   * acts at all tokens.
   */
  readonly places: "rule" | "chosen" | "given" | "none";
  /** A source: tokens of a prompt whose states are put in, and the layer that they are taken from. */
  readonly source: boolean;
  /** It draws random numbers; each seed gives a row of its own for every k. */
  readonly seeds: boolean;
  /** It puts states in at one block and can do so in part. */
  readonly strength: boolean;
  /** Numbers of its own. */
  readonly numbers: readonly OwnNumber[];
}

/** A condition as data and words; `C` is its own type. */
export interface Descriptor<C> {
  /** Its name for people. */
  name(): string;
  /** What it does, in one sentence that fits beside its name. */
  sentence(): string;
  /**
   * What a run does, in a phrase without strength and seeds: a template of `sentence` (words/parts.ts), in which `{0}` are the
   * replaced tokens and `{1}` the source's states, for conditions with a source.
   */
  action(): string;
  /** What it means that every row gives the unpatched answer. */
  ignored(): string;
  /** What stands at the input of block k, in few words: for the command line and the tables of the documentation. */
  readonly help: string;
  /** Whether the paper has it. */
  readonly paper: string;
  readonly takes: Takes;
  /** Smallest k: 1 where a block below k is read. */
  readonly smallestK: 0 | 1;
  /**
   * After the input of block k: `once` all blocks evolve naturally; `held` the states are put in at all later inputs too;
   * `skips-attention` blocks from k on run without their attention sublayer.
   */
  readonly acts: "once" | "held" | "skips-attention";
  /** What it puts in has an answer of its own: the most likely token at the smallest k becomes the source's answer. */
  readonly hasAnswer: boolean;
  readonly face: DiagramFace;
  /** Whether it is meant to put in what stands there already; absent: never. */
  changesNothing?(condition: C): boolean;
  /** Replaced positions of the target prompt; may repeat. */
  replaced(condition: C): readonly number[];
  /** Positions of the source prompt that are read; may repeat. */
  read(condition: C): readonly number[];
  /**
   * The condition that a choice makes at a place.
   *
   * @throws SwapError `bad-span` when no position is left, `bad-condition` when something it needs is missing
   */
  build(options: ConditionOptions, place: ConditionPlace): C;
}

/** A condition's descriptor; its schema tells the type. */
export interface KindDescriptor<S extends v.GenericSchema<unknown, { kind: string }>> extends Descriptor<
  Frozen<v.InferOutput<S>>
> {
  readonly kind: v.InferOutput<S>["kind"];
  readonly schema: S;
}
