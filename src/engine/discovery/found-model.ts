/** A model that was found on disk, and where models are looked for. */
import type { ModelProblem, PlaceKind } from "../../shared/words/found-model.ts";

/** A folder to search. */
export interface Place {
  readonly kind: PlaceKind;
  /** Absolute. */
  readonly folder: string;
}

/** A model on disk: one file to open, however many files it consists of. */
export interface FoundModel {
  /** For people, for example `SmolLM2-135M-Instruct` or `llama3.2:1b`. */
  readonly name: string;
  /** What to open; symlinks are not resolved, since neighbours (tokenizer, shards) are found by it. */
  readonly path: string;
  readonly kind: "onnx" | "gguf";
  /** Of all its files. */
  readonly bytes: number;
  readonly place: PlaceKind;
  /** For example `llama`; null when the header or the configuration does not say. */
  readonly architecture: string | null;
  /** For example `Q4_K_M` or `fp16`; null when neither header nor name say. */
  readonly quantisation: string | null;
  /** Bytes of memory that it takes once open, by file size and number type: about. */
  readonly memoryBytes: number;
  /** Why it cannot be opened; null for all that may. */
  readonly problem: ModelProblem | null;
}
