// What activating State Swap and its first command cost the extension host, written to activation.json of the workspace.
const { commands, extensions, Uri, workspace } = require("vscode");

/**
 * Processor time of the whole host, which other programs' load changes little, and time on the clock; milliseconds.
 *
 * @param {() => PromiseLike<unknown>} work
 */
async function spent(work) {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const wallMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000, wallMs };
}

exports.activate = (/** @type {import("vscode").ExtensionContext} */ context) => {
  context.subscriptions.push(
    commands.registerCommand("activationClock.measure", async () => {
      const product = extensions.getExtension("state-swap.state-swap");
      const folder = workspace.workspaceFolders?.[0];
      if (!product || !folder || product.isActive)
        throw new Error("State Swap is not there, or active already.");
      const measured = {
        activation: await spent(() => product.activate()),
        // Until the rest of the extension is there, and with it what commands do.
        firstCommand: await spent(() => commands.executeCommand("stateSwap.showLog")),
      };
      const file = Uri.joinPath(folder.uri, "activation.json");
      await workspace.fs.writeFile(file, new TextEncoder().encode(JSON.stringify(measured)));
    }),
  );
};
