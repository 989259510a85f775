/** The conditions, in the order in which they are offered: the one place where a new one is registered. */
import { angle } from "./kinds/angle.ts";
import { freeze } from "./kinds/freeze.ts";
import { identity } from "./kinds/identity.ts";
import { mean } from "./kinds/mean.ts";
import { random } from "./kinds/random.ts";
import { shuffle } from "./kinds/shuffle.ts";
import { skipAttention } from "./kinds/skip-attention.ts";
import { swap } from "./kinds/swap.ts";
import { vectors } from "./kinds/vectors.ts";
import { zero } from "./kinds/zero.ts";

export const KINDS = [
  swap,
  random,
  shuffle,
  freeze,
  skipAttention,
  zero,
  mean,
  angle,
  identity,
  vectors,
] as const;
