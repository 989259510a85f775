/** Show Diagnostics: an untitled text of this installation, also where no engine starts. */
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, expect, it } from "vitest";
import { showDiagnostics } from "../../../../src/extension/commands/show-diagnostics.ts";
import { EngineSupervisor } from "../../../../src/extension/engine/supervisor.ts";
import type { Host } from "../../../../src/extension/host.ts";
import { SwapError } from "../../../../src/shared/errors.ts";
import { Bench, contextIn, installedFor, root } from "../../../support/extension-support.ts";

const bench = new Bench();

afterAll(() => {
  bench.supervisor.dispose();
});

/** What the command shows, in a window that stands in for VS Code's. */
async function shown(supervisor: EngineSupervisor, proxy?: string, folder = root): Promise<string> {
  let text = "";
  const vs = {
    version: "1.139.1",
    env: { appName: "Visual Studio Code", remoteName: "ssh-remote" },
    ProgressLocation: { Window: 10 },
    window: {
      withProgress: (_: unknown, work: () => Promise<string>) => work(),
      showTextDocument: (document: { content: string }) => {
        text = document.content;
        return Promise.resolve();
      },
    },
    workspace: {
      isTrusted: false,
      openTextDocument: (document: { content: string }) => Promise.resolve(document),
      getConfiguration: () => ({
        inspect: (name: string) => (name === "proxy" ? { globalValue: proxy } : undefined),
      }),
    },
  };
  const host = {
    vs,
    supervisor,
    chosen: { current: null },
    hub: { cache: path.join(os.homedir(), ".none-here") },
    context: contextIn(folder),
  };
  await showDiagnostics(host as unknown as Host);
  return text;
}

it("shows editor, machine, runtimes, the open model and the proxy", async () => {
  await bench.supervisor.open();
  const starts = bench.starts;
  const text = await shown(bench.supervisor, "http://ada:s3cr3t@proxy:3128");
  expect(text).toContain("Visual Studio Code 1.139.1");
  expect(text).toMatch(/remote +ssh-remote/);
  expect(text).toContain("native: loads");
  expect(text).toContain("open on native (asked for: auto)");
  expect(text).toContain("http.proxy=http://***@proxy:3128");
  expect(text).toContain(`0.0 MB in ~${path.sep}.none-here`);
  expect(text).not.toContain(os.homedir() + path.sep);
  // The engine that runs may hang: it is not the one that was asked.
  expect(bench.starts).toBe(starts + 1);
});

it("is shown where no engine starts", async () => {
  const supervisor = new EngineSupervisor({
    start: () => Promise.reject(new SwapError("engine-failed", "no such Node")),
    target: () => Promise.resolve({ path: "/m.gguf", threads: 1, runtime: "auto" }),
    log: () => undefined,
  });
  const text = await shown(supervisor);
  expect(text).toMatch(/engine +does not answer: no such Node/);
  expect(text).toMatch(/package +none, a checkout/);
  const folder = installedFor("darwin-arm64");
  expect(await shown(supervisor, undefined, folder)).toMatch(/package +darwin-arm64\n/);
});
