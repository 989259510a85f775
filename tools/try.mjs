// `npm run try`: State Swap in a VS Code in the browser, opened on a copy of the samples. Runs until Ctrl-C.
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startServer } from "./code-server.mjs";
import { setUpServer } from "./e2e-setup.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const usage =
  "npm run try [-- --port NUMBER] [--folder FOLDER]\n  --port    port of the address, by default a free one\n  --folder  folder to open, copied first; by default samples/";

async function main() {
  const { values } = parseArgs({
    options: { port: { type: "string" }, folder: { type: "string" }, help: { type: "boolean" } },
  });
  if (values.help === true) {
    console.log(usage);
    return;
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536))
    throw new Error(`--port ${values.port ?? ""} is not a port.`);
  const tools = setUpServer((line) => console.log(line));
  console.log("Building ...");
  const build = spawnSync(process.execPath, [path.join(root, "esbuild.mjs"), "--quiet"], {
    cwd: root,
    stdio: "inherit",
  });
  if (build.status !== 0) throw new Error("The build failed.");
  const samples = path.join(root, "samples");
  const workspace = path.resolve(values.folder ?? samples);
  const server = await startServer({
    tools,
    workspace,
    ...(workspace === samples ? { file: "capitals.txt" } : {}),
    ...(port === undefined ? {} : { port }),
  });
  console.log(`
  State Swap runs in VS Code at

    ${server.url}

  Select Italy: Copy State in the context menu. Select France: Swap State Here.
  Or open the State Swap view in the activity bar: it shows a stored result, and Run It Live runs it.

  The folder is a copy of ${path.relative(process.cwd(), workspace) || "."}; what you change there is lost at the end. Ctrl-C ends it.
`);
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    void server.stop();
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  const code = await server.ended;
  if (!ending) {
    await server.stop();
    throw new Error(`The VS Code server ended by itself (${code ?? "killed"}):\n${server.log()}`);
  }
}

main().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
