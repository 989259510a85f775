// Makes media/demo-result.json, the result of the demo that the side panel shows before any model has run: the command
// line's own sweep and grid on the embedded model. Run it after the model or the schemas change (build first).
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const target = "Q: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of France? \n A:";
const swap = [
  "--target",
  target,
  "--source",
  "The country Italy",
  "--swap",
  "France",
  "--with",
  "Italy",
  "--json",
];

function result(command, ...options) {
  const run = spawnSync(process.execPath, [path.join(root, "dist/cli.mjs"), command, ...swap, ...options], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(run.stderr);
  const parsed = JSON.parse(run.stdout);
  // Where the maker's checkout stands is nobody's business, and would differ on each machine; so would the times.
  parsed.model.path = path.relative(root, parsed.model.path);
  parsed.timing = { openMs: 0, runMs: 0, blockTokens: parsed.timing.blockTokens };
  return parsed;
}

/** Six digits say all that the panel shows. */
const rounded = (key, value) =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;

fs.writeFileSync(
  path.join(root, "media/demo-result.json"),
  `${JSON.stringify({ sweep: result("sweep", "--lens"), grid: result("grid") }, rounded)}\n`,
);
