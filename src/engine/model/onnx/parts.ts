/** What of an ONNX model makes its numbers. */
import * as fs from "node:fs";
import type { Part } from "../identity.ts";
import type { Analysis } from "./analysis.ts";
import type { ModelConfig } from "./config.ts";
import { numericConfig } from "./config.ts";

/** The graph, its data files under the names that it calls them by, and what is read of the config. */
export function onnxParts({ model, weights }: Analysis, config: ModelConfig | null): readonly Part[] {
  return [
    { name: "graph", file: fs.realpathSync(model.file), from: 0, bytes: model.size },
    ...weights.dataFiles.map(({ location, real, size }): Part => {
      return { name: `data ${location}`, file: real, from: 0, bytes: size };
    }),
    { name: "config", text: numericConfig(config) },
  ];
}
