/** Test runner of the faults: one file, one engine after the other. */
import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: join(import.meta.dirname, "../.."),
    include: ["test/faults/**/*.test.ts"],
    pool: "forks",
    testTimeout: 24 * 3_600_000,
    hookTimeout: 60_000,
  },
});
