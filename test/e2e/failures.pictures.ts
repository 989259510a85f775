/**
 * Draws what users read when something fails that they can mend: no runtime, the package for another machine, and the
 * network's refusals of a download. `npm run pictures:failures` writes test-output/e2e/failures, or the folder in PICTURES.
 */
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, inject, it } from "vitest";
import { NATIVE_TARGETS, TARGET_FILE } from "../../src/shared/targets.ts";
import { makeAuthority } from "../support/models/authority.ts";
import { startFakeHub } from "../support/models/fake-hub.ts";
import { startProxy } from "../support/models/loopback-proxy.ts";
import type { Session, SessionOptions } from "./session.ts";
import { outputFolder, startSession } from "./session.ts";
import type { Theme } from "./workbench.ts";

const root = join(import.meta.dirname, "../..");
const pictures = process.env.PICTURES ?? join(outputFolder, "failures");
const offered = "HuggingFaceTB/SmolLM2-135M-Instruct";

/** Not that of any machine that draws these. */
const OTHER = "darwin-arm64";

/** Takes both runtimes' files away. */
function withoutRuntimes(extension: string): void {
  for (const name of ["native", "ort"])
    rmSync(join(extension, "dist", name), { recursive: true, force: true });
}

/** Makes it the package for another machine. */
function forAnother(extension: string): void {
  const { folder, library } = NATIVE_TARGETS[OTHER];
  const native = join(extension, "dist/native");
  rmSync(native, { recursive: true, force: true });
  mkdirSync(native);
  for (const name of ["onnxruntime_binding.node", library])
    copyFileSync(join(root, "node_modules/onnxruntime-node/bin/napi-v6", folder, name), join(native, name));
  writeFileSync(join(extension, "dist", TARGET_FILE), JSON.stringify({ target: OTHER }));
}

describe.skipIf(inject("e2e").skip !== null)("pictures of failures", () => {
  let session: Session | null = null;
  let ends: (() => Promise<void>)[] = [];
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session?.keepFailure(task.name);
    await session?.stop();
    for (const end of ends) await end();
    [session, ends] = [null, []];
  });

  const start = async (options: Partial<SessionOptions>): Promise<Session> => {
    session = await startSession({
      name: "failures-session",
      viewport: { width: 1080, height: 640 },
      ...options,
    });
    return session;
  };

  const keep = async (name: string): Promise<void> => {
    const { page, workbench } = session!;
    mkdirSync(pictures, { recursive: true });
    for (const theme of ["light", "hc-dark", "dark"] as const satisfies readonly Theme[]) {
      await workbench.setTheme(theme);
      await page.screenshot({ path: join(pictures, `${name}-${theme}.png`), animations: "disabled" });
    }
  };

  it("no runtime at all", async () => {
    const { workbench, panel } = await start({ alter: withoutRuntimes });
    await workbench.run("State Swap: Run Demo");
    await workbench.toast(/No model can be opened/);
    await expect.poll(() => panel.text()).toContain("countries-2m");
    await keep("no-runtime");
  });

  it("the package for another machine, and what its diagnostics say", async () => {
    const { workbench, page } = await start({ alter: forAnother });
    await workbench.run("State Swap: Run Demo");
    await workbench.toast(new RegExp(`build of State Swap for ${OTHER}`));
    await keep("wrong-target");
    await expect.poll(() => workbench.statusItems()).toEqual([expect.stringMatching(/countries-2m/)]);
    await workbench.run("State Swap: Show Diagnostics");
    await page.locator(".view-line", { hasText: `package` }).waitFor();
    await keep("wrong-target-diagnostics");
  });

  /** Asks for a model of the hub as a user does. */
  const download = async (settings: Readonly<Record<string, unknown>>): Promise<Session> => {
    const started = await start({ settings });
    const { workbench, page } = started;
    await workbench.choose("State Swap: Select Model…", offered);
    await page.locator(".monaco-dialog-box").getByRole("button", { name: "Download" }).click();
    return started;
  };

  it("a download while offline", async () => {
    // No name ends so: nothing outside is asked, also where this machine has a network.
    process.env.HF_ENDPOINT = "https://hub.invalid";
    ends.push(() => {
      delete process.env.HF_ENDPOINT;
      return Promise.resolve();
    });
    const { workbench } = await download({});
    await workbench.toast(/hub\.invalid cannot be reached/);
    await keep("offline");
  });

  it("a proxy that asks for a password", async () => {
    const proxy = await startProxy();
    ends.push(() => proxy.stop());
    proxy.login = "ann:secret";
    const { workbench, page } = await download({
      "stateSwap.hub": "https://hub.example",
      "http.proxy": `http://${proxy.address}`,
    });
    await page.locator(".quick-input-title", { hasText: "Proxy" }).waitFor();
    await keep("proxy-password");
    await page.keyboard.press("Escape");
    await workbench.toast(/asks for a name and a password/);
    await keep("proxy-password-declined");
  });

  it("a certificate of an authority that is not known", async () => {
    const authority = await makeAuthority("Example Corp Root");
    const hub = await startFakeHub(authority.server);
    ends.push(() => hub.stop());
    const { workbench } = await download({ "stateSwap.hub": hub.host });
    await workbench.toast(/Example Corp Root/);
    await keep("certificate-unknown");
  });
});
