/** Runner of measurements (`npm run bench:editor`) and pictures (`npm run pictures`) in a real VS Code. No part of the tests: both depend on the machine. */
import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: join(import.meta.dirname, "../.."),
    include: ["test/e2e/**/*.{bench,pictures}.ts"],
    globalSetup: ["test/e2e/global-setup.ts"],
    // Two workbenches at once on a small machine make each other time out.
    fileParallelism: false,
    // A walk is one story: after a failed step the rest would only repeat the failure.
    bail: 1,
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 45_000, interval: 100 } },
  },
});
