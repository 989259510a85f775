/** Ways to run the same thing, which must not be seen in its numbers: threads, memory, batches, kept runs. */
import fc from "fast-check";
import { estimateModel } from "../../../src/engine/estimate.ts";
import type { DecoderModel } from "../../../src/engine/model/decoder.ts";
import { openGgufDecoder } from "../../../src/engine/model/gguf/gguf-decoder.ts";
import { readGguf } from "../../../src/engine/model/gguf/reader.ts";
import type { RunEnvironment } from "../../../src/engine/pass/environment.ts";
import { runGrid } from "../../../src/engine/pass/grid.ts";
import { runSweep } from "../../../src/engine/pass/sweep.ts";
import { UnpatchedRunCache } from "../../../src/engine/pass/unpatched-run-cache.ts";
import type { Experiment, GridExperiment } from "../../../src/shared/experiment/experiment.ts";
import type { GridReply, SweepReply } from "../../../src/shared/protocol/engine.ts";
import { testRuntime } from "../runtime.ts";
import { environmentOf } from "./properties.ts";

/** A way to run. */
export interface Way {
  readonly threads: 1 | 2 | 4;
  /** With the least memory, blocks are read as they run. */
  readonly hasLeastMemory: boolean;
  /** Rows x positions that run at once. */
  readonly batch: number;
  /** Whether unpatched runs are kept and used again. */
  readonly keepsRuns: boolean;
}

/** One thread, all blocks in memory, batches of any size. */
export const PLAIN: Way = { threads: 1, hasLeastMemory: false, batch: Infinity, keepsRuns: false };

export const anyWay: fc.Arbitrary<Way> = fc.record({
  threads: fc.constantFrom(1, 2, 4),
  hasLeastMemory: fc.boolean(),
  batch: fc.integer({ min: 1, max: 60 }),
  keepsRuns: fc.boolean(),
});

/** What a run says, without how long it took. */
export type Said<T> = Omit<T, "timing">;

/** A model that is open in some way. */
export class Runs {
  readonly decoder: DecoderModel;
  readonly #environment: RunEnvironment;

  constructor(decoder: DecoderModel, { batch, keepsRuns }: Pick<Way, "batch" | "keepsRuns"> = PLAIN) {
    const kept = new UnpatchedRunCache(decoder);
    this.decoder = decoder;
    this.#environment = {
      ...environmentOf(decoder),
      limits: { tokens: batch, bytes: Infinity },
      ...(keepsRuns && {
        unpatchedRun: (ids, control) => kept.get(ids, control),
        isKept: (ids) => kept.has(ids),
        keep: (run) => {
          kept.keep(run);
        },
      }),
    };
  }

  async sweep(experiment: Experiment): Promise<Said<SweepReply>> {
    return withoutTiming(await runSweep(experiment, this.#environment));
  }

  async grid(experiment: GridExperiment): Promise<Said<GridReply>> {
    return withoutTiming(await runGrid(experiment, this.#environment));
  }
}

/** Opens a GGUF file in some way, and closes it after use. */
export async function during(file: string, way: Way, use: (runs: Runs) => Promise<void>): Promise<void> {
  const { leastBytes } = estimateModel(file, null);
  const decoder = await openGgufDecoder({
    gguf: readGguf(file),
    runtime: testRuntime(way.threads),
    ...(way.hasLeastMemory && { memory: leastBytes! }),
  });
  try {
    await use(new Runs(decoder, way));
  } finally {
    await decoder.close();
  }
}

function withoutTiming<Reply extends { timing: unknown }>(reply: Reply): Said<Reply> {
  const said: Partial<Reply> = { ...reply };
  delete said.timing;
  return said as Said<Reply>;
}
