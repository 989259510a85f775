/** Options of a sweep beside its condition: how answers count, and what is shown beside the rows. */
import { describe, expect, test } from "vitest";
import { scoringOptions } from "../../src/cli/answers.ts";
import { answerRequest } from "../../src/shared/experiment/answer-choice.ts";
import { besideOptions, checkBeside, checkBesideFormat } from "../../src/cli/extras.ts";
import { lineOf, usageOf } from "./cli-lines.ts";

describe("what comes beside a sweep", () => {
  test("is off unless asked for", () => {
    expect(besideOptions(lineOf("sweep"))).toEqual({
      lens: false,
      attention: false,
      continuation: null,
      controls: false,
      unrelated: "A large wooden table",
    });
    const all = ["--lens", "--attention", "--continue", "8", "--controls", "--unrelated", "Blue"];
    expect(besideOptions(lineOf("sweep", ...all))).toEqual({
      lens: true,
      attention: true,
      continuation: 8,
      controls: true,
      unrelated: "Blue",
    });
  });

  test("has no place in CSV, which would lose it", () => {
    const asked = besideOptions(lineOf("sweep", "--lens", "--continue", "2"));
    expect(
      usageOf(() => {
        checkBesideFormat(asked, "csv");
      }),
    ).toMatch(/CSV holds the rows alone, not what --lens, --continue gives/);
    for (const format of ["json", "table"] as const) checkBesideFormat(asked, format);
    checkBesideFormat(besideOptions(lineOf("sweep")), "csv");
  });

  test("attention is refused where the file does not give it, with the reason", () => {
    const asked = besideOptions(lineOf("sweep", "--attention"));
    const none = { givesAttention: false, whyNoAttention: "in block 0 no softmax was found" };
    expect(() => {
      checkBeside(asked, none);
    }).toThrow("This model's file gives no attention weights: in block 0 no softmax was found");
    checkBeside(asked, { givesAttention: true });
    checkBeside(besideOptions(lineOf("sweep")), none);
  });

  test("an unrelated source without controls, and too long continuations, are refused", () => {
    expect(usageOf(() => besideOptions(lineOf("sweep", "--unrelated", "Blue")))).toMatch(/to --controls/);
    expect(usageOf(() => besideOptions(lineOf("sweep", "--continue", "0")))).toMatch(/from 1 to 100/);
  });
});

describe("answers", () => {
  const [one, two] = [
    { ids: [1], text: " a" },
    { ids: [1, 2], text: " a b" },
  ];
  const scoring = (...argv: string[]): ReturnType<typeof answerRequest>["scoring"] =>
    answerRequest({ target: one, source: two }, scoringOptions(lineOf("sweep", ...argv))).scoring;

  test("of several tokens count whole unless told otherwise", () => {
    expect(scoring()).toBe("likelihood");
    expect(scoring("--answer", "next-token")).toBe("next-token");
    const short = answerRequest({ target: one, source: null }, scoringOptions(lineOf("sweep")));
    expect(short).toMatchObject({ scoring: "next-token", tokens: 1 });
  });

  test("that are found can have several tokens", () => {
    const found = answerRequest(
      { target: null, source: null },
      scoringOptions(lineOf("sweep", "--answer-tokens", "3")),
    );
    expect(found).toMatchObject({ scoring: "likelihood", tokens: 3 });
    const clash = lineOf("sweep", "--answer", "next-token", "--answer-tokens", "3");
    expect(usageOf(() => scoringOptions(clash))).toMatch(/belongs to --answer full/);
  });
});
