/** Settings that hold what they must not. */
import { describe, expect, it } from "vitest";
import { readSettings } from "../../../src/extension/settings.ts";

describe("settings", () => {
  it("of the wrong kind become the default", () => {
    const values: Record<string, unknown> = {
      threads: "many",
      bos: "maybe",
      model: 3,
      "inline.maxLength": 5,
    };
    const { threads, bos, model, inlineMaxLength } = readSettings(
      { get: (key: string) => values[key], inspect: () => undefined },
      true,
    );
    expect({ threads, bos, model, inlineMaxLength }).toEqual({
      threads: 0,
      bos: "auto",
      model: "",
      inlineMaxLength: 20,
    });
  });
});
