/** Factors and soft caps in a stage's graph; nothing is added where a family has none. */
import type { StageGraph } from "./stage-graph.ts";

/** `x * factor`. */
export function addScale(graph: StageGraph, x: string, factor: number): string {
  return factor === 1 ? x : graph.node("Mul", [x, graph.constant("factor", Float32Array.of(factor), [])]);
}

/** `cap * tanh(x / cap)`; x itself for null. */
export function addSoftCap(graph: StageGraph, x: string, cap: number | null): string {
  return cap === null ? x : addScale(graph, graph.node("Tanh", [addScale(graph, x, 1 / cap)]), cap);
}
