/** Metadata below an architecture's prefix: numbers in the forms that converters write them, and the error for what is not computed. */
import { SwapError } from "../../../shared/errors.ts";
import type { GgufFile, GgufValue } from "./reader.ts";

/** Numbers below the architecture's prefix. Remembers which were read. */
export class MetadataFields {
  readonly gguf: GgufFile;
  readonly #prefix: string;
  readonly #read = new Set<string>();

  constructor(gguf: GgufFile, architecture: string) {
    this.gguf = gguf;
    this.#prefix = architecture;
  }

  /** A number, or undefined when absent. An array stands for its element when all are equal. */
  optional(name: string): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const values = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    const first = values[0];
    if (typeof first !== "number" || values.some((entry) => entry !== first)) {
      throw unsupported(this.gguf, `layers of different shapes (${this.#prefix}.${name})`);
    }
    return first;
  }

  /** llama.cpp writes 0 for "not used". */
  positiveOrNull(name: string): number | null {
    const value = this.optional(name);
    return value === undefined || value <= 0 ? null : value;
  }

  positive(name: string): number {
    const value = this.optional(name);
    if (value === undefined || !(value > 0)) {
      throw new SwapError(
        "not-a-decoder",
        `${this.gguf.file} has no usable ${this.#prefix}.${name}.`,
        "The file is incomplete or was made by another tool than llama.cpp's converter.",
      );
    }
    return value;
  }

  raw(name: string): GgufValue | undefined {
    this.#read.add(name);
    return this.gguf.metadata.get(`${this.#prefix}.${name}`);
  }

  /** Whether someone has asked for it. */
  wasRead(name: string): boolean {
    return this.#read.has(name);
  }
}

/** The error for a variant of a supported architecture that is not computed. */
export function unsupported(gguf: GgufFile, what: string): SwapError {
  return new SwapError(
    "unsupported-model",
    `${gguf.file} uses ${what}, which the GGUF reader does not compute.`,
    "Use an ONNX export of this model.",
  );
}
