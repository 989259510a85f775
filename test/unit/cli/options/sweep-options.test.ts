/** Options of a sweep beside its condition: how answers count, and what is shown beside the rows. */
import { describe, expect, test } from "vitest";
import type { AskedScoring } from "../../../../src/shared/experiment/answer-choice.ts";
import { answerRequest } from "../../../../src/shared/experiment/answer-choice.ts";
import { checkBeside } from "../../../../src/cli/extras.ts";
import { identityOf, sweepOf, usageOf } from "../../../support/cli/cli-lines.ts";

describe("what comes beside a sweep", () => {
  test("is off unless asked for", () => {
    expect(identityOf()).toMatchObject({
      lens: false,
      attention: false,
      continuation: null,
      controls: false,
      unrelated: "A large wooden table",
    });
    const all = ["--lens", "--attention", "--continue", "8", "--controls", "--unrelated", "Blue"];
    expect(sweepOf("--swap", "x", "--with", "x", ...all)).toMatchObject({
      lens: true,
      attention: true,
      continuation: 8,
      controls: true,
      unrelated: "Blue",
    });
  });

  test("has no place in CSV, which would lose it", () => {
    const beside = ["--lens", "--continue", "2"];
    for (const csv of [["--csv"], ["-o", "rows.csv"]]) {
      expect(usageOf(() => identityOf(...beside, ...csv))).toMatch(
        /CSV holds the rows alone, not what --lens, --continue gives/,
      );
    }
    identityOf(...beside, "--json");
    identityOf(...beside);
    identityOf("--csv");
  });

  test("attention is refused where the file does not give it, with the reason", () => {
    const asked = identityOf("--attention");
    const none = { givesAttention: false, whyNoAttention: "in block 0 no softmax was found" };
    expect(() => {
      checkBeside(asked, none);
    }).toThrow("This model's file gives no attention weights: in block 0 no softmax was found");
    checkBeside(asked, { givesAttention: true });
    checkBeside(identityOf(), none);
  });

  test("an unrelated source without controls, and too long continuations, are refused", () => {
    expect(usageOf(() => sweepOf("--swap", "x", "--with", "x", "--unrelated", "Blue"))).toMatch(
      /to --controls/,
    );
    expect(usageOf(() => identityOf("--continue", "0"))).toMatch(/from 1 to 100/);
  });
});

describe("answers", () => {
  const [one, two] = [
    { ids: [1], text: " a" },
    { ids: [1, 2], text: " a b" },
  ];
  const asked = (...argv: string[]): AskedScoring => {
    const { scoring, answerTokens } = identityOf(...argv);
    return { scoring, tokens: answerTokens };
  };
  const scoring = (...argv: string[]): ReturnType<typeof answerRequest>["scoring"] =>
    answerRequest({ target: one, source: two }, asked(...argv)).scoring;

  test("of several tokens count whole unless told otherwise", () => {
    expect(scoring()).toBe("likelihood");
    expect(scoring("--answer", "next-token")).toBe("next-token");
    const short = answerRequest({ target: one, source: null }, asked());
    expect(short).toMatchObject({ scoring: "next-token", tokens: 1 });
  });

  test("that are found can have several tokens", () => {
    const found = answerRequest({ target: null, source: null }, asked("--answer-tokens", "3"));
    expect(found).toMatchObject({ scoring: "likelihood", tokens: 3 });
    const clash = ["--answer", "next-token", "--answer-tokens", "3"];
    expect(usageOf(() => identityOf(...clash))).toMatch(/belongs to --answer full/);
  });
});
