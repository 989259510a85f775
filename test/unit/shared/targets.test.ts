/** Which package is for which machine. */
import { describe, expect, it } from "vitest";
import { targetOf, TARGETS } from "../../../src/shared/targets.ts";

describe("the package for a machine", () => {
  it("is that of its name where there is a native library", () => {
    expect(targetOf("linux", "x64", false)).toBe("linux-x64");
    expect(targetOf("win32", "arm64", false)).toBe("win32-arm64");
  });

  it("is the universal one elsewhere: Alpine, Intel Macs, names of nothing", () => {
    expect(targetOf("linux", "x64", true)).toBe("universal");
    expect(targetOf("darwin", "x64", false)).toBe("universal");
    expect(targetOf("linux", "riscv64", false)).toBe("universal");
  });

  it("comes last in the order of publishing when it is the universal one", () => {
    expect(TARGETS.at(-1)).toBe("universal");
    expect(new Set(TARGETS).size).toBe(6);
  });
});
