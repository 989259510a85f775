/** Runtimes, which run the graphs of models: which there are, which may be asked for, which one ran, and why another did not. */
import * as v from "valibot";
import { NATIVE_TARGETS } from "../targets.ts";

/** By their names in settings, options and results. */
export const RUNTIMES = ["native", "webgpu", "wasm"] as const;
export type RuntimeName = (typeof RUNTIMES)[number];

/** What may be asked for. `auto`: native, and another only where native does not load. */
export const RUNTIME_CHOICES = ["auto", ...RUNTIMES] as const;
export type RuntimeChoice = (typeof RUNTIME_CHOICES)[number];

/**
 * How far log-probabilities and logit differences of one run may lie apart on the native runtime and on another one, in nats
 * and logits. Native: fp32 sums in another order differ by about 1e-5 in logits; runs with other threads or on another machine
 * stay below 1e-3. WebAssembly: half-float graphs round in other places; on fixtures logits differed from the native ones by up
 * to 1.1e-2 there, by 3.9e-5 in all other graphs (docs/runtimes.md). WebGPU: log-probabilities by up to 6e-6, but the adapter that was at hand has no
 * half floats, which other kernels round as WebAssembly's do (docs/webgpu.md).
 */
const TOLERANCES: Readonly<Record<RuntimeName, number>> = { native: 1e-3, webgpu: 2e-2, wasm: 2e-2 };

/** What may lie between results of two runtimes; of one, or where one is not known, what lies between two machines. */
export function runtimeTolerance(a: RuntimeName | undefined, b: RuntimeName | undefined): number {
  const known =
    a === undefined || b === undefined || a === b ? [TOLERANCES.native] : [TOLERANCES[a], TOLERANCES[b]];
  return Math.max(...known);
}

/** Machines that there is a native library for, by their names among VS Code's targets. */
export const NATIVE_MACHINES: readonly string[] = Object.keys(NATIVE_TARGETS);

/** Why a runtime is not to be had. */
const FAULT_CODES = [
  "no-build",
  "missing",
  "wrong-machine",
  "no-vc-runtime",
  "old-system",
  "failed",
  "no-adapter",
  "no-shader-compiler",
  "differs",
  "not-this-model",
] as const;

export const runtimeFaultSchema = v.object({
  runtime: v.picklist(RUNTIMES),
  code: v.picklist(FAULT_CODES),
  /** This one: `linux-x64`, with musl `alpine-x64`. */
  machine: v.string(),
  /** The machine that the library at hand is for; null where none was found, or none told. */
  builtFor: v.nullable(v.string()),
  /** The raw error in one line, for the log and for reports. */
  detail: v.string(),
});

/** Why a runtime is not to be had here; worded in `words/runtime.ts`. */
export type RuntimeFault = Readonly<v.InferOutput<typeof runtimeFaultSchema>>;

export const runtimeUseSchema = v.object({
  name: v.picklist(RUNTIMES),
  asked: v.picklist(RUNTIME_CHOICES),
  /** Of the runtime that would have been taken before this one; null where this is the first choice. */
  fault: v.nullable(runtimeFaultSchema),
  /** Largest difference from the CPU on the model's first and last block, as a share of a state's length; null: none was made. */
  parity: v.nullable(v.number()),
});

/** Which runtime runs an open model. */
export type RuntimeUse = Readonly<v.InferOutput<typeof runtimeUseSchema>>;
