/** When the command line paints. */
import { describe, expect, test } from "vitest";
import { styleFor } from "../../../src/cli/style.ts";

describe("colours", () => {
  const painted = (stream: { isTTY?: boolean }, env: Record<string, string>): boolean =>
    styleFor(stream, env).outcome("source", "S") !== "S";

  test("only on a terminal, never with NO_COLOR", () => {
    expect(painted({ isTTY: true }, {})).toBe(true);
    expect(painted({}, {})).toBe(false);
    expect(painted({ isTTY: true }, { NO_COLOR: "1" })).toBe(false);
    expect(painted({ isTTY: true }, { NO_COLOR: "" })).toBe(true);
    expect(painted({ isTTY: true }, { TERM: "dumb" })).toBe(false);
    expect(painted({}, { FORCE_COLOR: "1" })).toBe(true);
    expect(painted({}, { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(false);
  });
});
