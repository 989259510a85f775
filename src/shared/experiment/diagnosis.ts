/** What the engine knows of the machine that it runs on: the reply to `diagnose`. */
import * as v from "valibot";
import { runtimeFaultSchema, RUNTIMES } from "./runtime.ts";
import type { Frozen } from "../frozen.ts";

export const diagnosisSchema = v.object({
  /** By the names of VS Code's targets: `linux-x64`, with musl `alpine-x64`. */
  machine: v.string(),
  /** Kernel and release: `Linux 6.1.0`. */
  system: v.string(),
  /** Of the engine's process. */
  node: v.string(),
  cores: v.number(),
  memoryBytes: v.number(),
  freeBytes: v.number(),
  /** In the table's order; `fault` null: it loads. */
  runtimes: v.array(v.object({ name: v.picklist(RUNTIMES), fault: v.nullable(runtimeFaultSchema) })),
});

export type Diagnosis = Frozen<v.InferOutput<typeof diagnosisSchema>>;
