/** Test runner of the end-to-end tests: a real VS Code for each file, its steps in order. */
import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: join(import.meta.dirname, "../.."),
    include: ["test/e2e/**/*.test.ts"],
    globalSetup: ["test/e2e/global-setup.ts"],
    // Two workbenches at once: most of a step is waiting. More would draw too slowly for a user's own eyes too.
    maxWorkers: 2,
    setupFiles: ["test/e2e/one-story.ts"],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 45_000, interval: 100 } },
  },
});
