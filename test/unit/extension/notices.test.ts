/** Every error is told once in a message, and to whatever else shows the newest one each time. */
import { describe, expect, it } from "vitest";
import { Notices } from "../../../src/extension/notices.ts";
import type { VsCode } from "../../../src/extension/vs.ts";
import { SwapError } from "../../../src/shared/errors.ts";

describe("errors", () => {
  it("reach the panel's store whatever they came from, the newest last, with two buttons at most; a cancelled run is none", () => {
    const told: string[] = [];
    const shown: string[][] = [];
    const vs = {
      window: {
        showErrorMessage: (...words: string[]) => {
          shown.push(words);
          return Promise.resolve(undefined);
        },
      },
    } as unknown as VsCode;
    const notices = new Notices(
      vs,
      () => undefined,
      ({ code }) => told.push(code),
    );
    const lost = new SwapError("engine-crashed", "The engine process ended.", "Run it again.");
    notices.error(lost);
    notices.error(new SwapError("file-not-found", "There is no file."));
    notices.error(new SwapError("cancelled", "The run was cancelled."));
    notices.error(lost);
    expect(told).toEqual(["engine-crashed", "file-not-found", "engine-crashed"]);
    expect(shown).toEqual([
      ["The engine process ended. Run it again.", "Run Again", "Restart Engine"],
      ["There is no file.", "Select Model", "Show Log"],
    ]);
  });
});
