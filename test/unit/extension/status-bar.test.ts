/** The status bar's item is one short phrase: VS Code drops other items for a long one. */
import { describe, expect, it } from "vitest";
import { shortName, statusText } from "../../../src/extension/status-bar.ts";

describe("the item", () => {
  const closed = { state: "closed", info: null, path: null, failure: null } as const;

  it("names the model without what does not tell it apart, and counts in few characters", () => {
    expect(shortName("SmolLM2-135M-Instruct.Q4_1")).toBe("SmolLM2-135M");
    expect(shortName("countries-2m")).toBe("countries-2m");
    expect(shortName("gpt2.Q8_0")).toBe("gpt2");
    expect(shortName("a-very-long-name-of-a-model")).toBe("a-very-long-n…");
    const work = { label: "", done: 17, total: 30, startedAt: 0, expectedMs: null };
    const { text, label } = statusText(closed, "/m/SmolLM2-135M-Instruct.Q4_1.gguf", work);
    expect(text).toBe("$(loading~spin) SmolLM2-135M 17/30");
    expect(label, "screen readers hear the whole name").toContain("SmolLM2-135M-Instruct.Q4_1");
    expect(statusText(closed, "/m/SmolLM2-135M-Instruct.Q4_1.gguf", null).text).toBe(
      "$(arrow-swap) SmolLM2-135M",
    );
  });
});
