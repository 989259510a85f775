/** Test runner: unit and golden tests run in Node beside real models. */
import * as path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/unit/**/*.test.ts", "test/golden/**/*.test.ts", "src/**/*.test.ts"],
    // Each file gets its own process: onnxruntime sessions of one file must not weigh on the next.
    pool: "forks",
    maxWorkers: 2,
    // What the command line keeps in the user's folder for caches must not be there after tests.
    env: {
      XDG_CACHE_HOME: path.resolve("test-output/cache"),
      LOCALAPPDATA: path.resolve("test-output/cache"),
    },
    // None of these is a benchmark: the longest take a minute on two quiet cores, and five times that on busy ones.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
