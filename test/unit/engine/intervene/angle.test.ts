/** The condition angle: how far what is put in is turned from the state, and how long it is. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { angleStates, turned } from "../../../../src/engine/intervene/angle.ts";
import { randomStates } from "../../../../src/engine/intervene/random.ts";
import type { Matrix } from "../../../../src/engine/matrix.ts";
import { norm, row } from "../../../../src/engine/matrix.ts";
import { normalStream, uniformStream } from "../../../../src/engine/random.ts";

const WIDTH = 64;
const POSITIONS = [0, 3, 4];

/** States of very different lengths, as a BOS token and others have. */
const STATES: Matrix = {
  data: Float32Array.from({ length: POSITIONS.length * WIDTH }, normalStream(uniformStream(1, 2))).map(
    (value, i) => value * (i < WIDTH ? 900 : 1.5),
  ),
  rows: POSITIONS.length,
  width: WIDTH,
};

const degrees = fc.double({ min: 0, max: 180, noNaN: true });
const seed = fc.nat(1000);

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function noiseOf(key: number): Float64Array {
  return Float64Array.from({ length: WIDTH }, normalStream(uniformStream(key)));
}

describe("in double precision", () => {
  it("the angle is the one asked for, and the norm is kept", () => {
    fc.assert(
      fc.property(degrees, seed, fc.nat(2), (angle, key, i) => {
        const state = row(STATES, i);
        const put = turned(state, noiseOf(key), angle);
        expect(Math.abs(cosine(put, state) - Math.cos((angle * Math.PI) / 180))).toBeLessThan(1e-13);
        expect(Math.abs(norm(put) / norm(state) - 1)).toBeLessThan(1e-13);
      }),
    );
  });

  it("0 degrees are the state itself, to the last bit, and 180 its opposite", () => {
    const state = row(STATES, 1);
    expect(turned(state, noiseOf(5), 0)).toEqual(Float64Array.from(state));
    turned(state, noiseOf(5), 180).forEach((value, i) => {
      expect(Math.abs(value + state[i]!)).toBeLessThan(1e-13);
    });
  });

  it("90 degrees are orthogonal", () => {
    expect(Math.abs(cosine(turned(row(STATES, 0), noiseOf(9), 90), row(STATES, 0)))).toBeLessThan(1e-13);
  });

  it("a state of zeros, which has no direction, stays one", () => {
    expect(turned(new Float32Array(WIDTH), noiseOf(1), 45)).toEqual(new Float64Array(WIDTH));
  });
});

describe("states at an angle", () => {
  it("keep norm and angle in single precision", () => {
    fc.assert(
      fc.property(degrees, seed, (angle, key) => {
        const put = angleStates(STATES, POSITIONS, 7, key, angle);
        POSITIONS.forEach((_, i) => {
          const [state, other] = [row(STATES, i), row(put, i)];
          expect(Math.abs(cosine(other, state) - Math.cos((angle * Math.PI) / 180))).toBeLessThan(1e-6);
          expect(Math.abs(norm(other) / norm(state) - 1)).toBeLessThan(1e-6);
        });
      }),
    );
  });

  it("are the states at 0 degrees, to the last bit", () => {
    expect(angleStates(STATES, POSITIONS, 7, 3, 0).data).toEqual(STATES.data);
  });

  it("at 90 degrees are the noise of random without its part along the state", () => {
    const noise = randomStates(STATES, POSITIONS, 7, 3);
    const put = angleStates(STATES, POSITIONS, 7, 3, 90);
    POSITIONS.forEach((_, i) => {
      const [state, random] = [row(STATES, i), row(noise, i)];
      const share = dot(random, state) / dot(state, state);
      const across = Array.from(random, (value, j) => value - share * state[j]!);
      expect(cosine(row(put, i), across)).toBeCloseTo(1, 6);
    });
  });

  it("repeat with the seed, and differ between seeds, blocks and positions", () => {
    const put = (k: number, key: number, positions = POSITIONS): Float32Array =>
      angleStates(STATES, positions, k, key, 60).data;
    expect(put(7, 3)).toEqual(put(7, 3));
    expect(put(7, 4)).not.toEqual(put(7, 3));
    expect(put(8, 3)).not.toEqual(put(7, 3));
    expect(put(7, 3, [1, 3, 4]).subarray(0, WIDTH)).not.toEqual(put(7, 3).subarray(0, WIDTH));
  });

  it("do not depend on what else is replaced", () => {
    const whole = angleStates(STATES, POSITIONS, 7, 3, 60);
    POSITIONS.forEach((position, i) => {
      const alone = angleStates({ data: row(STATES, i), rows: 1, width: WIDTH }, [position], 7, 3, 60);
      expect(alone.data).toEqual(row(whole, i));
    });
  });
});
