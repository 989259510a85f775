/** Names as Markdown and people read them. */
import { describe, expect, it } from "vitest";
import { modelName } from "../../../src/shared/text/model-name.ts";
import { commandLink, tokenCode } from "../../../src/extension/markdown.ts";

describe("names", () => {
  it("of models are their folders' where the file's says nothing", () => {
    expect(modelName("/m/countries-2m/onnx/model.onnx")).toBe("countries-2m");
    expect(modelName(String.raw`C:\m\SmolLM2.Q4_1.gguf`)).toBe("SmolLM2.Q4_1");
    expect(modelName("/m/gpt2/")).toBe("gpt2");
    expect(modelName("")).toBe("");
  });

  it("of tokens cannot leave their table cell or their code", () => {
    expect(tokenCode(" a|b")).toBe("`␣a\\|b`");
    expect(tokenCode("`")).toBe("`` ` ``");
    expect(tokenCode("\n")).toBe("`⏎`");
  });

  it("of links carry their arguments encoded", () => {
    expect(commandLink("Run", "x.y", [12], "Do it")).toBe('[Run](command:x.y?%5B12%5D "Do it")');
  });
});
