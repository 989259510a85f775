/** Parts of random sessions: texts and numbers of every kind, prompts, models, choices. */
import { RUNTIMES } from "../../../src/shared/experiment/runtime.ts";
import fc from "fast-check";
import { CONDITION_KINDS } from "../../../src/shared/condition/condition.ts";
import type { SessionModel, SessionPrompt, SessionSetup } from "../../../src/shared/session/session.ts";

/** Sizes that sessions keep to. */
export const SHAPE = { vocab: 50, blocks: 4, width: 3, longest: 5 };

/** UTF-16 units of all kinds, halves of pairs and control signs among them. */
export const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.array(fc.nat(0xffff), { maxLength: 6 }).map((units) => String.fromCharCode(...units)),
);
/** Every double but NaN, which no result holds: infinities, -0, the smallest. */
export const real = fc.double({ noNaN: true });
/** Any number that a result can hold, or none. */
export const realOrNone = fc.option(real);
/** Any number of JSON. */
export const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
/** Any share of a put-in state. */
export const strength = fc.double({ min: 0, max: 1, noNaN: true });
/** Any token id. */
export const id = fc.nat(SHAPE.vocab - 1);
/** Any outcome. */
export const outcome = fc.constantFrom("target" as const, "source" as const, "neither" as const);
/** Any BOS record. */
export const bos = fc.record({
  policy: fc.constantFrom("auto" as const, "on" as const, "off" as const),
  added: fc.boolean(),
});
/** Any answer. */
const answer = fc.record({ ids: fc.array(id, { minLength: 1, maxLength: 3 }), text });
/** Any two answers. */
export const answers = fc.record({ target: answer, source: fc.option(answer) });
/** An answer that is named. */
export const namedAnswer = fc.record(
  { ids: fc.array(id, { minLength: 1, maxLength: 3 }), text, first: text },
  { requiredKeys: ["ids", "text"] },
);
/** Answers of which some are named. */
export const namedAnswers = fc.record({ target: fc.option(namedAnswer), source: fc.option(namedAnswer) });
/** Any way to count answers. */
export const scoring = fc.constantFrom("next-token" as const, "likelihood" as const);
/** Any flip. */
export const flip = fc.option(fc.record({ k: fc.nat(SHAPE.blocks - 1), of: fc.constant(SHAPE.blocks) }));
/** Any candidate. */
export const topToken = fc.record({ id, text, logit: real, logprob: real });
/** Any list of candidates. */
export const top = fc.array(topToken, { minLength: 1, maxLength: 3 });
/** Any state. */
export const state = fc.constantFrom("complete" as const, "partial" as const);
/** Fields of any continuation. */
export const continuation = {
  ids: fc.array(id, { maxLength: 3 }),
  text,
  endedBy: fc.constantFrom("length" as const, "end" as const),
};

const sha256 = fc.string({
  unit: fc.constantFrom(..."0123456789abcdef".split(/(?!^)/)),
  minLength: 64,
  maxLength: 64,
});

const modelWithout: fc.Arbitrary<SessionModel> = fc.record({
  name: text,
  file: fc.constantFrom("model.onnx", "a b.gguf"),
  sha256: fc.option(sha256),
  architecture: text,
  blocks: fc.constant(SHAPE.blocks),
  width: fc.constant(SHAPE.width),
  vocab: fc.constant(SHAPE.vocab),
  numeric: text,
  cut: text,
  selfTest: fc.record({
    passed: fc.boolean(),
    maxAbsDiff: realOrNone,
    identity: realOrNone,
    lens: realOrNone,
    note: text,
  }),
  embedded: fc.boolean(),
});

const identity = fc.record({ weights: sha256, tokenizer: sha256, template: fc.option(sha256) });

/** Any model, of this version or of one that kept the file's hash only. */
export const model: fc.Arbitrary<SessionModel> = fc.oneof(
  modelWithout,
  fc
    .tuple(modelWithout, identity, fc.constantFrom(...RUNTIMES))
    .map(([facts, hashes, runtime]) => ({ ...facts, identity: hashes, runtime })),
);

/** Any choices. */
export const setup: fc.Arbitrary<SessionSetup> = fc.record({
  choice: fc.record({
    kind: fc.constantFrom(...CONDITION_KINDS),
    where: fc.constantFrom("all-but-last" as const, "chosen" as const),
    excludeBos: fc.boolean(),
    seed: fc.nat(),
    seeds: fc.integer({ min: 1, max: 50 }),
    strength,
    sourceLayer: fc.option(fc.nat(SHAPE.blocks)),
    numbers: fc.record({ angle: fc.integer({ min: 0, max: 180 }) }, { requiredKeys: [] }),
  }),
  vectorsLabel: fc.option(fc.constantFrom("vectors.json", "v 2.json")),
  answers: fc.record({ target: text, source: text, scoring, tokens: fc.integer({ min: 1, max: 16 }) }),
});

/** Any prompt with these ids. */
export function prompt(ids: readonly number[]): fc.Arbitrary<SessionPrompt> {
  return fc.record({ own: text, wrapped: fc.option(text) }).chain(({ own, wrapped }) => {
    const read = wrapped ?? own;
    const token = fc.record({
      text,
      ends: fc.tuple(fc.nat(read.length), fc.nat(read.length)),
      special: fc.boolean(),
    });
    return fc.record({
      label: text,
      text: fc.constant(own),
      shift: fc.option(fc.nat()),
      chatTemplate: fc.boolean(),
      startsWithBos: fc.boolean(),
      tokenization: fc.record({
        text: fc.constant(read),
        ids: fc.constant(ids),
        tokens: fc.tuple(...ids.map(() => token)).map((tokens) =>
          tokens.map(({ ends: [a, b], ...one }, index) => ({
            index,
            id: ids[index]!,
            text: one.text,
            special: one.special,
            start: Math.min(a, b),
            end: Math.max(a, b),
          })),
        ),
        bos,
        approximate: fc.boolean(),
      }),
    });
  });
}

/** Any stretch of so many positions. */
export function span(length: number): fc.Arbitrary<{ from: number; to: number; text: string }> {
  return fc
    .tuple(fc.nat(length - 1), fc.nat(length - 1), text)
    .map(([a, b, said]) => ({ from: Math.min(a, b), to: Math.max(a, b), text: said }));
}
