/** How the parts of a split GGUF are named: `name-00002-of-00003.gguf`, by llama.cpp. */

/** A part's name, taken apart. */
export interface ShardName {
  /** What all parts begin with, without the hyphen; a path where a path was given. */
  readonly stem: string;
  /** From 1. */
  readonly number: number;
  readonly count: number;
  /** Name of a part, from 1. */
  readonly sibling: (number: number) => string;
}

/** Reads a name or path; null when it is not one of several parts. */
export function shardName(file: string): ShardName | null {
  const match = /^(.*)-(\d{5})(-of-(\d{5})\.gguf)$/i.exec(file);
  if (!match) return null;
  const [, stem = "", number, ending = "", count] = match;
  return {
    stem,
    number: Number(number),
    count: Number(count),
    sibling: (other) => `${stem}-${String(other).padStart(5, "0")}${ending}`,
  };
}

/** Whether two names are parts of one model. */
export function areSiblings(one: string, other: string): boolean {
  const [a, b] = [shardName(one), shardName(other)];
  return a !== null && b !== null && a.stem === b.stem && a.count === b.count;
}
