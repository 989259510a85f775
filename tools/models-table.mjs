/** Writes the table of tried models in docs/models.md anew, from what the fixtures give now. */
import { spawnSync } from "node:child_process";

const run = "vitest run test/golden/models-table.test.ts --config vitest.config.ts";
const { status } = spawnSync("npx", run.split(" "), {
  stdio: "inherit",
  env: { ...process.env, STATE_SWAP_WRITE_TABLE: "1" },
  shell: process.platform === "win32",
});
if (status === 0) spawnSync("npx", ["prettier", "--write", "docs/models.md"], { stdio: "inherit" });
process.exit(status ?? 1);
