/** Test runner of the webview alone, in a real Chromium through its host abstraction. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/webview/**/*.test.ts"],
    pool: "forks",
    // One browser each: two cores draw two panels in little more time than one.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
