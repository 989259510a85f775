/** Newer, older and foreign files: told apart, lifted or refused with what to do. */
import { describe, expect, it } from "vitest";
import type { History } from "../../../../src/shared/session/migrate.ts";
import { HISTORY } from "../../../../src/shared/session/migrate.ts";
import { parseSession } from "../../../../src/shared/session/parse.ts";
import { errorOf } from "../../../support/error-of.ts";
import { afterChange, at } from "../../../support/session/session-changes.ts";
import type { Json } from "../../../support/session/session-changes.ts";
import { goldenText } from "../../../support/session/session-files.ts";

describe("a file of a newer version", () => {
  it("says both versions, and that it stays as it is", () => {
    const error = afterChange("freeze", (one) => (one.version = 7));
    expect(error.code).toBe("session-newer");
    expect(error.message).toMatch(/version 7 .* reads versions up to 1\./);
    expect(error.hint).toMatch(/Update State Swap.*left as it is/);
  });

  it("says so also where its fields are others", () => {
    expect(errorOf(() => parseSession('{"format":"state-swap/session","version":2}')).code).toBe(
      "session-newer",
    );
  });

  it.each([0, -1, 1.5, "1", null])("is not meant by the version %s", (version) => {
    expect(afterChange("freeze", (one) => (one.version = version)).message).toMatch(
      /version: an integer from 1 up/,
    );
  });

  it("keeps to the same version where it only has more fields: they are read past", () => {
    const content = JSON.parse(goldenText("freeze")) as Json;
    const more = { ...content, comment: "mine", sweep: { ...at(content, "sweep"), later: [1] } };
    expect(parseSession(JSON.stringify(more))).toStrictEqual(parseSession(goldenText("freeze")));
  });
});

describe("a file of an older version", () => {
  /** A history in which the current form is the third: the label was a title, and the convention not said. */
  const history: History = {
    version: 3,
    steps: {
      1: ({ title, ...content }) => ({ ...content, label: title }),
      2: (content) => ({ ...content, convention: "as always" }),
    },
  };
  const older = (version: number): Json => {
    const { label, convention, ...content } = JSON.parse(goldenText("random-seeds")) as Json;
    if (version === 1) return { ...content, version, title: label };
    return { ...content, version, label, ...(version === 3 ? { convention } : {}) };
  };

  it.each([1, 2, 3])("%i is read, lifted by each step that it needs and by no other", (version) => {
    const session = parseSession(JSON.stringify(older(version)), history);
    const { convention } = parseSession(goldenText("random-seeds"));
    expect(session).toStrictEqual({
      ...parseSession(goldenText("random-seeds")),
      convention: version === 3 ? convention : "as always",
    });
  });

  it("is damaged where its form is not that of its version", () => {
    const error = errorOf(() => parseSession(JSON.stringify({ ...older(2), version: 1 }), history));
    expect(error.message).toContain("label: string is expected, not undefined");
  });

  it("has a step from every version that was ever written", () => {
    const versions = Array.from({ length: HISTORY.version - 1 }, (_, i) => String(i + 1));
    expect(Object.keys(HISTORY.steps)).toEqual(versions);
  });
});

describe("a file that is no session", () => {
  it.each(["[]", "1", "null", '"text"', "{}", '{"name":"x"}'])("is told apart: %s", (text) => {
    expect(errorOf(() => parseSession(text)).code).toBe("not-a-session");
  });

  it("is named where it is a result of the command line", () => {
    const error = errorOf(() => parseSession('{"schema":"state-swap/sweep@1","rows":[]}'));
    expect(error.hint).toContain("command line");
  });

  it("is named where it is an unfinished merge", () => {
    const lines = goldenText("freeze").split("\n");
    lines.splice(5, 0, "<<<<<<< HEAD", '  "label": "a",', "=======", '  "label": "b",', ">>>>>>> other");
    const error = errorOf(() => parseSession(lines.join("\n")));
    expect(error.code).toBe("session-damaged");
    expect(error.message).toContain("unfinished merge");
  });

  it("is none of those with a byte-order mark or the line ends of Windows", () => {
    const text = goldenText("freeze");
    expect(parseSession(`\uFEFF${text.replaceAll("\n", "\r\n")}`)).toStrictEqual(parseSession(text));
  });
});
