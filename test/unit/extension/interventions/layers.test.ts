/** Layer ranges: read, refused, cut to the open model. */
import { describe, expect, it } from "vitest";
import { layersFor, parseLayerRange } from "../../../../src/extension/interventions/layers.ts";

describe("a layer range", () => {
  it.each([
    ["0-29", { from: 0, to: 29 }],
    [" 3 – 5 ", { from: 3, to: 5 }],
    ["2..2", { from: 2, to: 2 }],
    ["17", { from: 17, to: 17 }],
    ["ALL", { from: 0, to: 29 }],
  ])("is read from %j", (text, expected) => {
    expect(parseLayerRange(text, 30)).toEqual(expected);
  });

  it.each([["30"], ["5-3"], ["-1"], ["x"], [""], ["1.5"]])("is refused for %j, with a sentence", (text) => {
    expect(parseLayerRange(text, 30)).toEqual(expect.stringMatching(/\.$/));
  });

  it("is cut to the model that is open", () => {
    expect(layersFor({ from: 10, to: 29 }, 12)).toEqual({ from: 10, to: 11 });
    expect(layersFor({ from: 20, to: 29 }, 12)).toEqual({ from: 11, to: 11 });
    expect(layersFor(null, 12)).toEqual({ from: 0, to: 11 });
  });
});
