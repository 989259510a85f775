/** Test runner: unit and golden tests run in Node beside real models. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/unit/**/*.test.ts", "test/golden/**/*.test.ts", "src/**/*.test.ts"],
    // Each file gets its own process: onnxruntime sessions of one file must not weigh on the next.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
