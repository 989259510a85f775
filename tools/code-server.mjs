// Starts VS Code in the browser on a fresh profile with State Swap installed and a copy of a folder opened.
import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { stageExtension, targetHere } from "./stage.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const startSeconds = 120;

/** Settings under which nothing but the product asks for attention: no welcome, trust, chat, tip, update or survey. */
export const quietSettings = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "workbench.enableExperiments": false,
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "update.showReleaseNotes": false,
  "git.enabled": false,
  "editor.minimap.enabled": false,
};

/**
 * Puts what a user of this machine would install into `<extensions>/<publisher>.<name>-<version>`, so that a missing file
 * shows here and not there.
 *
 * @param {string} extensions the folder of extensions
 * @returns {string} the extension's folder
 * @throws {Error} when the product has not been built
 */
export function installExtension(extensions) {
  const manifest = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
  const folder = path.join(extensions, `${manifest.publisher}.${manifest.name}-${manifest.version}`);
  stageExtension(targetHere(), folder);
  return folder;
}

/** @returns {Promise<number>} a TCP port of the loopback interface that is free now */
async function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
      probe.close(() => resolve(port));
    });
  });
}

/**
 * The environment of the server: this one without what a surrounding VS Code, npm or code-server left in it, and with a
 * home of its own, so that nothing is written outside.
 *
 * @param {string} home
 */
function serverEnvironment(home) {
  // {} as the gallery: no extension gallery is asked.
  const env = { ...process.env, HOME: home, TMPDIR: home, EXTENSIONS_GALLERY: "{}" };
  const foreign =
    /^(VSCODE_|ELECTRON_|CODE_SERVER|npm_|XDG_|PASSWORD$|HASHED_PASSWORD$|NODE_OPTIONS$|VITEST|NODE_ENV$)/;
  for (const key of Object.keys(env))
    if (foreign.test(key)) delete env[/** @type {keyof typeof env} */ (key)];
  return env;
}

/**
 * Starts a process that ends a server when this process ends, however that happens: killed, a test runner would leave
 * the server and its extension hosts running.
 *
 * @param {number} group process group of the server
 * @param {string} folder removed with it
 */
function endWithThisProcess(group, folder) {
  const script = `process.stdin.resume().on("end", () => {
    try { process.kill(-${group}, "SIGKILL"); } catch {}
    setTimeout(() => require("node:fs").rmSync(${JSON.stringify(folder)}, { recursive: true, force: true, maxRetries: 10 }), 300);
  });`;
  const watcher = spawn(process.execPath, ["-e", script], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  watcher.unref();
  /** @type {import("node:net").Socket} */ (watcher.stdin).unref();
}

/**
 * A running server.
 *
 * @typedef {object} Server
 * @property {string} url where the workspace opens, without a password, reachable from this machine only
 * @property {string} workspace the opened folder, a copy
 * @property {string} folder everything the server writes, removed by `stop`
 * @property {number} pid its process, which leads a group of its own
 * @property {Promise<number | null>} ended settles with the exit code when the process ends
 * @property {() => string} log what the server printed so far
 * @property {() => Promise<void>} stop ends the server with all its children
 */

/**
 * Starts a server and waits until it answers.
 *
 * @param {object} options
 * @param {import("./e2e-setup.mjs").ServerTools} options.tools
 * @param {string} options.workspace the folder to open; it is copied first
 * @param {string} [options.file] file of the workspace to open at the start
 * @param {Readonly<Record<string, unknown>>} [options.settings] user settings beside the quiet ones
 * @param {number} [options.port] a free one when left out
 * @param {boolean} [options.asksForTrust] whether folders start untrusted, as in a desktop VS Code
 * @param {readonly string[]} [options.extensions] folders of other extensions to install
 * @param {(folder: string) => void} [options.alter] changes the installed checkout before the start, to break it
 * @param {string} [options.vsix] a packed extension, which is installed as users do in place of the checkout's files
 * @param {string} [options.name] what the copy of the folder is called; as the folder when left out
 * @returns {Promise<Server>}
 * @throws {Error} when the server ends or does not answer, with what it printed
 */
export async function startServer({
  tools,
  workspace,
  file,
  settings = {},
  port,
  asksForTrust,
  extensions = [],
  alter,
  vsix,
  name,
}) {
  const folder = fs.mkdtempSync(path.join(tmpdir(), "state-swap-server-"));
  const at = (/** @type {string} */ name) => path.join(folder, name);
  fs.mkdirSync(at("data/User"), { recursive: true });
  fs.writeFileSync(at("data/User/settings.json"), JSON.stringify({ ...quietSettings, ...settings }, null, 2));
  const installed = vsix === undefined ? installExtension(at("extensions")) : null;
  if (installed !== null) alter?.(installed);
  for (const one of extensions)
    fs.cpSync(one, at(path.join("extensions", path.basename(one))), { recursive: true });
  const opened = at(name ?? path.basename(workspace));
  fs.cpSync(workspace, opened, { recursive: true });
  const chosen = port ?? (await freePort());
  const args = [
    ...[tools.entry, "--auth", "none", "--bind-addr", `127.0.0.1:${chosen}`, "--config", at("config.yaml")],
    ...["--user-data-dir", at("data"), "--extensions-dir", at("extensions"), "--disable-telemetry"],
    ...["--disable-update-check", "--disable-getting-started-override"],
    ...(asksForTrust ? [] : ["--disable-workspace-trust"]),
  ];
  if (vsix !== undefined) {
    const installing = [...args, "--install-extension", vsix];
    const run = spawnSync(tools.node, installing, { env: serverEnvironment(folder), encoding: "utf8" });
    if (run.status !== 0) throw new Error(`${vsix} was not installed:\n${run.stdout}${run.stderr}`);
  }
  // Detached: a process group of its own, so that extension hosts and watchers end with it.
  const child = spawn(tools.node, args, {
    env: serverEnvironment(folder),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  endWithThisProcess(/** @type {number} */ (child.pid), folder);
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (/** @type {Buffer} */ data) => (log += data.toString()));
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const signal = (/** @type {NodeJS.Signals} */ name) => {
    try {
      process.kill(-(/** @type {number} */ (child.pid)), name);
    } catch {
      // The group is gone already.
    }
  };
  const stop = async () => {
    signal("SIGTERM");
    const timer = setTimeout(() => signal("SIGKILL"), 5000);
    await ended;
    clearTimeout(timer);
    // The server's children may outlive it for a moment.
    signal("SIGKILL");
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  const address = `http://127.0.0.1:${chosen}`;
  const deadline = Date.now() + 1000 * startSeconds;
  while (
    !(await fetch(`${address}/healthz`).then(
      (reply) => reply.ok,
      () => false,
    ))
  ) {
    if (child.exitCode === null && Date.now() < deadline) await pause(100);
    else {
      await stop();
      throw new Error(`The VS Code server did not start:\n${log}`);
    }
  }
  const url = new URL(address);
  url.searchParams.set("folder", opened);
  if (file !== undefined) {
    const payload = [["openFile", `vscode-remote://${url.host}${path.join(opened, file)}`]];
    url.searchParams.set("payload", JSON.stringify(payload));
  }
  return {
    url: url.href,
    workspace: opened,
    folder,
    pid: /** @type {number} */ (child.pid),
    ended,
    log: () => log,
    stop,
  };
}
