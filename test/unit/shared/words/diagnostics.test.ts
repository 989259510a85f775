/** The text of a report: what it says, and what it must not say. */
import { describe, expect, it } from "vitest";
import type { Installation } from "../../../../src/shared/words/diagnostics.ts";
import { diagnosticsText, networkVariables } from "../../../../src/shared/words/diagnostics.ts";

const here: Installation = {
  programs: [["VS Code", "1.139.1"]],
  diagnosis: {
    machine: "linux-x64",
    system: "Linux 6.1",
    node: "v20.20.2",
    cores: 2,
    memoryBytes: 24e9,
    freeBytes: 19e9,
    runtimes: [{ name: "native", fault: null }],
  },
  model: {
    path: "/home/ada/models/a.gguf",
    runtime: { name: "native", asked: "auto", fault: null, parity: null },
    failure: null,
  },
  found: [
    { place: "Ollama", name: "llama3.2:1b" },
    { place: "Ollama", name: "qwen3:0.6b" },
  ],
  caches: [{ what: "downloads", folder: "/home/ada/.cache/state-swap", bytes: 98e6 }],
  network: [],
  home: "/home/ada",
};

describe("the text of a report", () => {
  it("says versions, machine, runtimes, model, models, caches and network", () => {
    const text = diagnosticsText(here);
    for (const part of [
      "VS Code      1.139.1",
      "linux-x64, Linux 6.1, 2 cores, 24.0 GB (19.0 GB free)",
      "native: loads",
      "~/models/a.gguf: open on native (asked for: auto)",
      "Ollama: llama3.2:1b, qwen3:0.6b",
      "98.0 MB in ~/.cache/state-swap",
      "no proxy, no certificates named",
    ]) {
      expect(text).toContain(part);
    }
  });

  it.each([
    ["/home/ada", "/home/ada/models/a.gguf", "~/models/a.gguf"],
    ["/home/ada", "/home/adam/a.gguf", "/home/adam/a.gguf"],
    ["C:\\Users\\Ada L", "C:\\Users\\Ada L\\a.gguf", "~\\a.gguf"],
    ["C:\\Users\\Ada L", "c:/users/ada l/a.gguf", "~/a.gguf"],
    ["C:\\Users\\Ada L", "file:///C:/Users/Ada%20L/a.gguf", "file:///~/a.gguf"],
    ["/Users/ada (work)", "/Users/ada (work)/a.gguf", "~/a.gguf"],
    ["/", "/models/a.gguf", "/models/a.gguf"],
  ])("with the home %s says %s as %s", (home, path, said) => {
    const text = diagnosticsText({ ...here, home, model: { path, runtime: null, failure: "broken" } });
    expect(text).toContain(`model        ${said}\n             does not open: broken\n`);
  });

  it("hides who logs in at a proxy", () => {
    const network = networkVariables({
      https_proxy: "http://ada:s3cr3t@proxy:3128",
      NO_PROXY: "localhost",
      HTTP_PROXY: "ada:s3cr3t@proxy:80",
    });
    const text = diagnosticsText({ ...here, network });
    expect(text).toContain("HTTPS_PROXY=http://***@proxy:3128");
    expect(text).toContain("HTTP_PROXY=***@proxy:80");
    expect(text).toContain("NO_PROXY=localhost");
    expect(text).not.toMatch(/ada:|s3cr3t/);
  });

  it("says why a runtime is not to be had, and that another one runs", () => {
    const fault = {
      runtime: "native" as const,
      code: "missing" as const,
      machine: "linux-x64",
      builtFor: null,
      detail: "no such file in /home/ada/.vscode/x",
    };
    const diagnosis = { ...here.diagnosis, runtimes: [{ name: "native" as const, fault }] };
    const model = {
      path: "/m.gguf",
      runtime: { name: "native" as const, asked: "auto" as const, fault, parity: null },
      failure: null,
    };
    const text = diagnosticsText({ ...here, diagnosis, model });
    expect(text).toContain("native: not to be had: missing (no such file in ~/.vscode/x)");
    expect(text).toContain("asked for: auto, since native is not to be had: missing");
  });

  it("is written where no engine answers, too", () => {
    const text = diagnosticsText({ ...here, diagnosis: { failure: "it ended" }, model: null, found: [] });
    expect(text).toContain("engine       does not answer: it ended\n");
    expect(text).toContain("model        none is open\n");
    expect(text).toContain("models       none found on the disk\n");
  });
});
