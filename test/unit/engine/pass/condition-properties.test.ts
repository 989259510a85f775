/** The invariants over all conditions, on the decoder in plain TypeScript. */
import { describe } from "vitest";
import { createTinyDecoder } from "../../../support/tiny/tiny-decoder.ts";
import { conditionProperties } from "../../../support/properties/properties.ts";
import { staircaseProperties } from "../../../support/properties/staircase-properties.ts";

const decoder = createTinyDecoder();

describe("any condition on the tiny decoder", () => {
  conditionProperties(() => decoder, { runs: 60, longest: 9, tolerance: 1e-5 });
  staircaseProperties(() => decoder, { runs: 40, longest: 9, tolerance: 1e-5 });
});
