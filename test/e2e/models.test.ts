/** Models from disk and from a hub: found, chosen, remembered, fetched with consent, cancelled; each is run. */
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { fixtures, gguf, intoOllama } from "../support/models/discovery-layouts.ts";
import type { FakeHub } from "../support/models/fake-hub.ts";
import { startFakeHub } from "../support/models/fake-hub.ts";
import { inlineText } from "./marks.ts";
import type { Session } from "./session.ts";
import { engineProcesses, processesOf, startSession } from "./session.ts";

const file = "tiny.prompt.txt";
const offered = "HuggingFaceTB/SmolLM2-135M-Instruct";
const result = /^(flip \d+\/4|no flip|never changes).*← ◆Italy/;

describe.skipIf(inject("e2e").skip !== null)("models", () => {
  let session: Session;
  let hub: FakeHub;
  const inline = (): Promise<string> => inlineText(session.workbench.editor(file), 1);

  /** Lays models out in the server's own home, as Ollama, LM Studio and the Python hub cache do. */
  const layOut = (home: string, workspace: string): void => {
    intoOllama(join(home, ".ollama/models"), ["registry.ollama.ai", "library", "llama3.2", "1b"], gguf);
    const studio = join(home, ".lmstudio/models/owner/tiny");
    mkdirSync(studio, { recursive: true });
    copyFileSync(join(fixtures, "gguf_llama__Q4_0/model.gguf"), join(studio, "tiny-Q4_0.gguf"));
    const snapshot = join(home, ".cache/huggingface/hub/models--owner--gpt2-tiny/snapshots", "a".repeat(40));
    cpSync(join(fixtures, "gpt2__past"), snapshot, { recursive: true });
    cpSync(join(fixtures, "llama__past"), join(workspace, "models/llama-here"), { recursive: true });
  };

  /** Waits until the disk was searched: rows move until then. */
  const listed = async (): Promise<void> => {
    await session.workbench
      .quickPickRow("Model Folder")
      .or(session.workbench.quickPickRow("Other Hub"))
      .or(session.workbench.quickPickRow("Instruct"))
      .first()
      .waitFor();
    await expect
      .poll(() => session.page.locator(".quick-input-widget .monaco-progress-container.active").count())
      .toBe(0);
  };
  const pick = async (row: string): Promise<void> => {
    await session.workbench.run("State Swap: Select Model…");
    await listed();
    await session.workbench.quickPickRow(row).first().click();
  };
  const dialog = () => session.page.locator(".monaco-dialog-box");
  const press = async (button: string): Promise<void> => {
    await dialog().getByRole("button", { name: button }).click();
    await expect.poll(() => dialog().count()).toBe(0);
  };
  const swap = async (): Promise<void> => {
    const { workbench } = session;
    await workbench.openFile(file);
    await workbench.selectByKeyboard(file, { text: "Italy" });
    await workbench.run("State Swap: Copy State");
    await expect.poll(() => inlineText(workbench.editor(file), 1)).toContain("state copied");
    await workbench.selectByKeyboard(file, { text: "France" });
    await workbench.run("State Swap: Swap State Here");
    await expect.poll(inline).toMatch(result);
  };
  const status = (): Promise<string[]> => session.workbench.statusItems();

  beforeAll(async () => {
    hub = await startFakeHub();
    hub.add(offered, join(fixtures, "llama__q4"), "apache-2.0");
    process.env.HF_ENDPOINT = hub.host;
    session = await startSession({
      name: "models",
      files: { [file]: "the capital of Italy is Rome. the capital of France is" },
    });
    layOut(session.server.folder, session.server.workspace);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === "fail") await session.keepFailure(task.name);
  });
  afterAll(async () => {
    delete process.env.HF_ENDPOINT;
    await session.stop();
    await hub.stop();
  });

  it("lists what is embedded, in the workspace, on disk and on the hub, with size, memory and place", async () => {
    const { workbench } = session;
    await workbench.openFile(file);
    await workbench.run("State Swap: Select Model…");
    await listed();
    await session.shot("picker");
    const rows = (await workbench.quickPickRows()).join("\n");
    for (const part of ["Embedded Model", "llama-here", "llama3.2:1b", "tiny-Q4_0", "gpt2-tiny"]) {
      expect(rows).toContain(part);
    }
    expect(rows).toMatch(/of memory · Ollama/);
    await session.page.locator(".quick-input-widget input[type=text]").fill("Other Hub");
    await workbench.quickPickRow("Other Hub Model").waitFor();
    await session.page.keyboard.press("Escape");
    expect(hub.requests).toEqual([]);
  });

  it("opens the one that is picked, by its name, and runs a swap with it", async () => {
    await pick("llama3.2:1b");
    await expect.poll(status).toEqual([expect.stringMatching(/llama3\.2:1b/)]);
    await swap();
    await session.shot("swapped");
  });

  it("remembers it for the workspace, in no settings file, over a reload", async () => {
    const { server, page, workbench } = session;
    expect(existsSync(join(server.workspace, ".vscode/settings.json"))).toBe(false);
    expect(readFileSync(join(server.folder, "data/User/settings.json"), "utf8")).not.toContain("stateSwap");
    await page.reload();
    await workbench.open(server.url);
    await workbench.openFile(file);
    await workbench.run("State Swap: Show Tokens");
    await expect.poll(status).toEqual([expect.stringMatching(/llama3\.2:1b/)]);
  });

  it("does not switch by itself, but offers next to the current one what the prompt was last run with", async () => {
    const { workbench, page } = session;
    await pick("Embedded Model");
    await expect.poll(status).toEqual([expect.stringMatching(/countries-2m/)]);
    await workbench.openFile(file);
    await expect.poll(status).toEqual([expect.stringMatching(/countries-2m/)]);
    await workbench.run("State Swap: Select Model…");
    await listed();
    const [current, next] = await workbench.quickPickRows();
    expect(current).toMatch(/Embedded Model.*current/);
    expect(next).toMatch(/llama3\.2:1b.*This prompt was last run with it\. Use it\?/);
    await session.shot("used-before");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect.poll(status).toEqual([expect.stringMatching(/llama3\.2:1b/)]);
  });

  it("asks with size and licence before a download, and leaves the network alone when it is declined", async () => {
    await pick(offered);
    await dialog().waitFor();
    await session.shot("consent");
    const text = await dialog().innerText();
    expect(text).toContain(`Download ${offered}?`);
    expect(text).toContain("about 203 MB");
    expect(text).toContain("apache-2.0");
    expect(text).toContain(new URL(hub.host).host);
    await press("Cancel");
    expect(hub.requests).toEqual([]);
    expect(await status()).toEqual([expect.stringMatching(/llama3\.2:1b/)]);
  });

  it("shows progress; what a cancelled download leaves is no model, and hurts no running one", async () => {
    const { server, workbench } = session;
    const engines = engineProcesses(server);
    hub.faults.slowMs = 400;
    await pick(offered);
    await dialog().waitFor();
    await press("Download");
    const toast = await workbench.toast(/Downloading SmolLM2-135M-Instruct: .* of 0\.\d MB/);
    await session.shot("downloading");
    await toast.getByRole("button", { name: "Cancel" }).click();
    await expect.poll(() => workbench.toasts()).toEqual([]);
    hub.faults.slowMs = 0;
    const cache = join(server.folder, "data/User/globalStorage/state-swap.state-swap/models");
    // What arrived is kept under another name, for the next try; nothing says that it is whole.
    const left = readdirSync(cache, { recursive: true, encoding: "utf8" });
    expect(left.filter((name) => /\.onnx$|state-swap-download\.json$/.test(name))).toEqual([]);
    await expect.poll(() => processesOf(server, "hub.mjs")).toEqual([]);
    expect(engineProcesses(server)).toEqual(engines);
    expect(await status()).toEqual([expect.stringMatching(/llama3\.2:1b/)]);
  });

  it("says what is wrong when a file arrives damaged, and deletes it", async () => {
    const { workbench } = session;
    hub.faults.corrupt.add("onnx/model_q4.onnx");
    await pick(offered);
    await dialog().waitFor();
    await press("Download");
    await workbench.toast(/model_q4\.onnx did not arrive as the hub has it: its hash begins with/);
    await session.shot("damaged");
    hub.faults.corrupt.clear();
    await workbench.closeToasts();
  });

  it("fetches the model, opens it and runs a swap with it", async () => {
    await pick(offered);
    await dialog().waitFor();
    await press("Download");
    await expect.poll(status).toEqual([expect.stringMatching(/SmolLM2-135M/)]);
    await swap();
    await session.shot("fetched");
    await session.workbench.run("State Swap: Select Model…");
    await session.workbench.quickPickRow("downloaded by State Swap").waitFor();
    await expect.poll(() => session.workbench.quickPickRow(offered).count()).toBe(1);
    await session.page.keyboard.press("Escape");
  });

  it("says so when the hub cannot be reached", async () => {
    await hub.stop();
    await pick("Qwen2.5-0.5B-Instruct");
    await dialog().waitFor();
    await press("Download");
    await session.workbench.toast(
      /cannot be reached: nothing listens there \(ECONNREFUSED\).*Models on this machine work without/,
    );
    await session.shot("offline");
    expect(session.outside).toEqual([]);
  });
});
