/** Test runner of the end-to-end tests: one real VS Code at a time, steps in order. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["test/e2e/**/*.test.ts"],
    globalSetup: ["test/e2e/global-setup.ts"],
    // Two workbenches at once on a small machine make each other time out.
    fileParallelism: false,
    setupFiles: ["test/e2e/one-story.ts"],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 45_000, interval: 100 } },
  },
});
