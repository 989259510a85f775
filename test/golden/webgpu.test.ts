/**
 * The WebGPU runtime on a software adapter: the embedded model, an ONNX export and a 4-bit GGUF file open on it, give PyTorch's
 * goldens, and on the last two every condition gives what it gives on the CPU.
 */
import * as path from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { openModel } from "../../src/engine/open.ts";
import { PARITY_TOLERANCE } from "../../src/engine/parity.ts";
import { embeddedSubject, fixtureSubject, otherRuntimeSuite } from "../support/other-runtime.ts";
import { useSoftwareGpu } from "../support/software-gpu.ts";

const missing = useSoftwareGpu();
if (missing !== null)
  console.warn(`SKIPPED: WebGPU on a software adapter: ${missing} is not on this machine.`);

// Seconds of shader compilation on one core, minutes beside other work.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const folder = path.resolve(import.meta.dirname, "../fixtures");
const fixture = (name: string) => fixtureSubject({ name, folder: path.join(folder, name) });
/** Few rows and tokens: a software adapter is slow, and compiles shaders for each number of rows. */
const subjects = [
  { subject: embeddedSubject(), mostBlocks: 1, conditionTokens: 0 },
  { subject: fixture("llama__past"), mostBlocks: 2, conditionTokens: 4 },
  { subject: fixture("gguf_llama__Q4_0"), mostBlocks: 2, conditionTokens: 4 },
];

describe.skipIf(missing !== null)("on a software adapter", () => {
  test("half floats, which it has not, run on the CPU, with the reason", async () => {
    const { path: model } = fixture("llama__fp16");
    const opened = await openModel({ path: model, file: null, threads: 1, runtime: "webgpu" });
    onTestFinished(() => opened.decoder.close());
    expect(opened.runtime).toMatchObject({
      name: "native",
      asked: "webgpu",
      fault: { code: "not-this-model", detail: expect.stringContaining("requires f16") as string },
    });
  });

  for (const { subject, ...size } of subjects) {
    let parity = "";
    otherRuntimeSuite("webgpu", subject, {
      ...size,
      opened: ({ runtime, decoder }, native) => {
        // Rows of a batch stay on the device.
        expect(decoder.device).toBeTruthy();
        expect(native.decoder.device).toBeFalsy();
        expect(runtime.parity).toBeGreaterThan(0);
        expect(runtime.parity).toBeLessThan(PARITY_TOLERANCE.float / 10);
        expect(native.runtime.parity).toBeNull();
        parity = runtime.parity!.toExponential(1);
      },
      measured: ({ other, between, nats }) => {
        console.log(
          `${subject.name}: parity ${parity}, goldens within ${other.toExponential(1)}, the CPU ${between.toExponential(1)}, ${nats.toExponential(1)} nats`,
        );
      },
    });
  }
});
