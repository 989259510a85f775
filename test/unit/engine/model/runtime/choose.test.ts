import { expect, it } from "vitest";
import { withRuntime } from "../../../../../src/engine/model/runtime/choose.ts";
import { RuntimeUnavailable } from "../../../../../src/engine/model/runtime/descriptor.ts";

it("opens on the first choice and says which one that is", async () => {
  const { opened, use } = await withRuntime("auto", 1, (runtime) => Promise.resolve(runtime.name));
  expect(opened).toBe("onnxruntime");
  expect(use).toEqual({ name: "native", asked: "auto", fault: null });
});

it("refuses a runtime that was asked for by name in words, with what to do", async () => {
  const cause = new Error("no such thing");
  const fault = {
    runtime: "native",
    code: "failed",
    machine: "linux-x64",
    builtFor: null,
    detail: "no such thing",
  } as const;
  const refused = withRuntime("native", 1, () => Promise.reject(new RuntimeUnavailable(fault, cause)));
  await expect(refused).rejects.toMatchObject({
    code: "runtime-unavailable",
    message: "The runtime native does not load: no such thing.",
    hintCode: "choose-runtime",
  });
});

it("takes no other runtime when the model is at fault", async () => {
  const refused = withRuntime("auto", 1, () => Promise.reject(new Error("not a model")));
  await expect(refused).rejects.toThrow("not a model");
});
