/** Whether a later result is the same session's: asked of recorded sessions and of the same with one thing changed. */
import { expect, test } from "vitest";
import { isSameQuestion } from "../../../../src/extension/sessions/same-question.ts";
import { parseSession } from "../../../../src/shared/session/parse.ts";
import type { Session, SessionSweep } from "../../../../src/shared/session/session.ts";
import { goldenText, withoutIdentity } from "../../../support/session/session-files.ts";

const whole = parseSession(goldenText("swap-and-grid"));
const alone: Session = { ...whole, grid: null };
const withSweep = (change: Partial<SessionSweep>): Session => ({
  ...alone,
  sweep: { ...whole.sweep!, ...change },
});

test("it is for the same run again, also with a grid more", () => {
  const again = { ...withSweep({ rows: [], flip: null, runMs: 7 }), savedAt: "2026-02-01T00:00:00.000Z" };
  expect(isSameQuestion(alone, again)).toBe(true);
  expect(isSameQuestion(alone, whole)).toBe(true);
  expect(isSameQuestion(whole, alone)).toBe(true);
});

test("it is not for other tokens, range, condition, answers or prompts, nor for a grid beside a sweep", () => {
  const { condition, request } = whole.sweep!;
  if (condition.kind !== "swap") throw new Error("not a swap");
  const [{ source } = { source: [0] }] = condition.pairs;
  const { tokenization } = whole.target;
  const others: readonly Session[] = [
    withSweep({ condition: { ...condition, pairs: [{ target: 1, source }] } }),
    withSweep({ condition: { ...condition, strength: 0.5 } }),
    withSweep({ condition: parseSession(goldenText("freeze")).sweep!.condition }),
    withSweep({ layers: { from: 2, to: 7 } }),
    withSweep({ request: { ...request, target: { ids: [1], text: "x" } } }),
    {
      ...alone,
      target: { ...whole.target, tokenization: { ...tokenization, ids: tokenization.ids.slice(1) } },
    },
    { ...whole, sweep: null },
  ];
  for (const other of others) {
    expect(isSameQuestion(alone, other)).toBe(false);
    expect(isSameQuestion(other, alone)).toBe(false);
  }
});

test("it is not for other weights behind the same graph, as far as they are known", () => {
  const weights = (letter: string): Session => {
    const identity = { weights: letter.repeat(64), tokenizer: "c".repeat(64), template: null };
    return { ...alone, model: { ...alone.model, identity } };
  };
  expect(isSameQuestion(weights("a"), weights("a"))).toBe(true);
  expect(isSameQuestion(weights("a"), weights("b"))).toBe(false);
  expect(isSameQuestion(withoutIdentity(weights("a")), weights("b"))).toBe(true);
});
