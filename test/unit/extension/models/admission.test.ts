/** What stands before opening: the user's word for large models, refusals in numbers, and unfinished downloads. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createAdmission } from "../../../../src/extension/models/admission.ts";
import { memoryNow } from "../../../../src/engine/model/machine-memory.ts";
import type { Host } from "../../../../src/extension/host.ts";

const cache = fs.mkdtempSync(path.join(os.tmpdir(), "state-swap-admission-"));
afterAll(() => {
  fs.rmSync(cache, { recursive: true });
});

/** An admission in front of a user who gives these answers. */
function admission(answers: (string | undefined)[], limit = 0, embedded = false) {
  const asked: string[] = [];
  const host = {
    vs: {
      window: {
        showWarningMessage: (message: string) => {
          asked.push(message);
          return Promise.resolve(answers.shift());
        },
      },
    },
    settings: () => ({ memoryLimit: limit }),
    chosen: { current: { path: "/m/big.gguf", embedded, name: "big" } },
  } as unknown as Host;
  const admit = createAdmission(host, cache);
  const candidate = (memoryBytes: number, file = "/m/big.gguf") => ({
    path: file,
    residentBytes: 0,
    estimate: () => Promise.resolve({ path: file, fileBytes: 1, memoryBytes, leastBytes: null }),
  });
  return { asked, admit: (bytes: number, file?: string) => admit(candidate(bytes, file)) };
}

/** More than is free, less than there is; this machine's own numbers. */
const { total, available } = memoryNow(0);
const tight = ((available ?? 0.9 * total) + total) / 2;

describe("before opening", () => {
  it("a model that fits is opened without a word", async () => {
    const { asked, admit } = admission([]);
    await admit(50e6);
    expect(asked).toEqual([]);
  });

  it("a large one is opened on the user's word, and only once is it asked for", async () => {
    const { asked, admit } = admission(["Open Anyway"]);
    await admit(tight);
    await admit(tight);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/^big would take about \d+\.\d GB of memory, .*\d+\.\d GB/);
  });

  it("a large one is not opened without it, which is no error to report", async () => {
    const { admit } = admission([undefined]);
    await expect(admit(tight)).rejects.toMatchObject({ code: "cancelled" });
  });

  it("one above the user's limit, or above the machine, is refused without a question", async () => {
    const limited = admission([], 0.1);
    await expect(limited.admit(200e6)).rejects.toMatchObject({ code: "not-enough-memory" });
    const huge = admission([]);
    await expect(huge.admit(os.totalmem() * 2)).rejects.toMatchObject({ code: "not-enough-memory" });
    expect([...limited.asked, ...huge.asked]).toEqual([]);
  });

  it("the embedded one is never asked about", async () => {
    const { admit } = admission([], 0.001, true);
    await admit(os.totalmem() * 2);
  });

  it("a file in the product's cache needs its finished download", async () => {
    const file = path.join(cache, "a/b/c/onnx/model.onnx");
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, "half");
    const { admit } = admission([]);
    await expect(admit(1, file)).rejects.toMatchObject({ code: "download-incomplete" });
  });
});
