/** Random sessions for property tests: all conditions, complete and partial. */
import fc from "fast-check";
import type { LayerRange, RowKey } from "../../../src/shared/experiment/experiment.ts";
import type { SweepRow } from "../../../src/shared/experiment/result.ts";
import { rowShapes } from "../../../src/shared/experiment/row-shape.ts";
import type {
  Session,
  SessionControl,
  SessionGrid,
  SessionSweep,
} from "../../../src/shared/session/session.ts";
import type { Trial } from "../properties/any-condition.ts";
import { anyTrial } from "../properties/any-condition.ts";
import {
  SHAPE,
  text,
  real,
  realOrNone,
  finite,
  strength,
  id,
  outcome,
  bos,
  namedAnswer,
  answers,
  namedAnswers,
  scoring,
  flip,
  topToken,
  top,
  state,
  continuation,
  model,
  setup,
  prompt,
  span,
} from "./any-session-parts.ts";

function row({ k, seed }: RowKey): fc.Arbitrary<SweepRow> {
  const bare = fc
    .record({
      k: fc.constant(k),
      outcome,
      targetLogprob: real,
      sourceLogprob: realOrNone,
      logitDifference: realOrNone,
      rankOfTarget: fc.nat(),
      rankOfSource: fc.option(fc.nat()),
      klToBaseline: real,
      recovery: realOrNone,
      deltaNorm: real,
      top,
    })
    .map((one) => (seed === null ? one : { ...one, seed }));
  // Results of older versions have no entropy.
  return fc
    .tuple(bare, fc.option(real))
    .map(([one, entropy]) => (entropy === null ? one : { ...one, entropy }));
}

/** All rows of a complete run, some of a partial one. */
function rowsOf(keys: readonly RowKey[], how: "complete" | "partial"): fc.Arbitrary<SweepRow[]> {
  const kept = how === "complete" ? fc.constant([...keys]) : fc.subarray([...keys]);
  return kept.chain((some) => fc.tuple(...some.map(row)));
}

function control({ target, source, condition }: Trial, layers: LayerRange): fc.Arbitrary<SessionControl> {
  const prompts = fc.record({
    text: fc.option(text),
    ids: fc.constant(source),
    tokens: fc.tuple(...source.map(() => text)),
    bos,
  });
  return state.chain((how) =>
    fc.record({
      name: fc.constantFrom("identity" as const, "random" as const, "unrelated" as const),
      condition: fc.constant(condition),
      source: target.length > 0 && condition.kind === "swap" ? prompts : fc.constant(null),
      state: fc.constant(how),
      flip,
      rows: rowsOf(rowShapes(condition, layers), how),
    }),
  );
}

function sweep(trial: Trial): fc.Arbitrary<SessionSweep> {
  const { condition, layers } = trial;
  const keys = rowShapes(condition, layers).map(({ k, seed }) => ({ k, seed }));
  const lensRow = (k: number): fc.Arbitrary<NonNullable<SessionSweep["lens"]>[number]> =>
    fc.record({
      k: fc.constant(k),
      targetLogprob: real,
      sourceLogprob: realOrNone,
      rankOfTarget: fc.nat(),
      top,
    });
  return state.chain((how) =>
    fc.record({
      condition: fc.constant(condition),
      layers: fc.constant(layers),
      request: fc.record({
        target: fc.option(namedAnswer),
        source: fc.option(namedAnswer),
        scoring,
        tokens: fc.integer({ min: 1, max: 16 }),
      }),
      top: fc.integer({ min: 1, max: 20 }),
      wantsLens: fc.boolean(),
      state: fc.constant(how),
      expectedRows: fc.constant(keys.length),
      runMs: fc.option(finite),
      baseline: fc.array(topToken, { maxLength: 3 }),
      answers: how === "complete" ? answers : fc.option(answers),
      flip,
      rows: rowsOf(keys, how),
      lens: fc.option(fc.tuple(...Array.from({ length: SHAPE.blocks + 1 }, (_, k) => lensRow(k)))),
      continuations: fc.option(
        fc.record({
          scope: fc.constantFrom("prompt" as const, "every-step" as const),
          tokens: fc.integer({ min: 1, max: 100 }),
          baseline: fc.record(continuation),
          rows: fc
            .subarray(keys)
            .chain((some) =>
              fc.tuple(
                ...some.map(({ k, seed }) =>
                  fc.record({ k: fc.constant(k), seed: fc.constant(seed), ...continuation }),
                ),
              ),
            ),
        }),
      ),
      controls: fc.option(
        fc.uniqueArray(control(trial, layers), { maxLength: 2, selector: ({ name }) => name }),
      ),
    }),
  );
}

function grid({ target, source }: Trial): fc.Arbitrary<SessionGrid> {
  const range = fc
    .tuple(fc.nat(SHAPE.blocks), fc.nat(SHAPE.blocks))
    .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
  return fc.tuple(state, range).chain(([how, layers]) => {
    const list = <T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
      fc.tuple(...Array.from({ length: layers.to - layers.from + 1 }, () => item));
    const column = (position: number): fc.Arbitrary<SessionGrid["columns"][number]> => {
      const whole = fc.record({
        position: fc.constant(position),
        argmax: list(id),
        outcome: list(outcome),
        logitDifference: list(realOrNone),
        targetLogprob: list(real),
        sourceLogprob: list(realOrNone),
        rankOfTarget: list(fc.nat()),
      });
      return how === "complete" ? whole : fc.option(whole);
    };
    const textOfId = fc.tuple(...Array.from({ length: SHAPE.vocab }, () => text));
    return fc.record({
      sourcePositions: fc.subarray(
        source.map((_, position) => position),
        { minLength: 1 },
      ),
      sourceLayer: fc.option(fc.nat(SHAPE.blocks)),
      strength,
      targetPositions: fc.subarray(target.map((_, position) => position)),
      layers: fc.constant(layers),
      request: namedAnswers,
      state: fc.constant(how),
      answers: how === "complete" ? answers : fc.option(answers),
      columns: fc.tuple(...target.map((_, position) => column(position))),
      texts: textOfId.map((texts) => Object.fromEntries(texts.map((said, i) => [String(i), said]))),
    });
  });
}

/** Sessions of all kinds. */
export const anySession: fc.Arbitrary<Session> = anyTrial(SHAPE).chain((trial) => {
  const { target, source } = trial;
  const attention = fc.record({
    note: text,
    weights: fc.option(
      fc.tuple(...Array.from({ length: SHAPE.blocks }, () => fc.tuple(...target.map(() => real)))),
    ),
  });
  return (
    fc
      .record({
        product: text,
        savedAt: fc
          .date({ min: new Date("1970-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
          .map((date) => date.toISOString()),
        label: text,
        convention: text,
        model,
        target: prompt(target),
        source: prompt(source),
        chosen: fc.record({
          targets: fc.array(span(target.length), { maxLength: 2 }),
          source: fc.option(span(source.length)),
          word: fc.option(text),
          align: fc.option(fc.constantFrom("last" as const, "each" as const, "mean" as const)),
          pairs: fc.array(
            fc.record({
              target: fc.nat(target.length - 1),
              source: fc.array(fc.nat(source.length - 1), { minLength: 1, maxLength: 2 }),
            }),
            { maxLength: 2 },
          ),
        }),
        setup,
        sweep: fc.option(sweep(trial)),
        grid: fc.option(grid(trial)),
        attention: fc.option(attention),
        view: fc.record({ k: fc.option(fc.nat()), cell: fc.constant(null) }),
      })
      .chain((session) => {
        if (!session.grid) return fc.constant(session);
        const { columns, layers } = session.grid;
        const k = fc.integer({ min: layers.from, max: layers.to });
        const cell = fc.option(fc.record({ position: fc.nat(columns.length - 1), k }));
        return cell.map((locked) => ({ ...session, view: { ...session.view, cell: locked } }));
      })
      // The generator makes objects without a prototype, too.
      .map((session) => structuredClone(session))
  );
});
