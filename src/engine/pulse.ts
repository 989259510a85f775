/**
 * The engine's pulse: a thread of its own tells the client every 2 s that the process lives, for how long the main thread has been
 * silent, and what it is doing. A kernel holds up the main thread and not the pulse; a stopped process has none.
 */
import { Worker } from "node:worker_threads";
import { BEAT_DESCRIPTOR } from "./transport.ts";

/** Something that the engine does, for whoever reads that it was ended over it. */
export interface Activity {
  /** Goes on "while it was": `opening /models/m.gguf`. */
  readonly what: string;
  /** Milliseconds that it may keep the main thread, beside what any work may. */
  readonly silentMs?: number;
  /** Milliseconds that it may take in all; absent: as long as it gives signs of life. */
  readonly mostMs?: number;
  /** Resident bytes that the process may reach over it; absent: all that there are. */
  readonly mostBytes?: number;
}

const BEAT_MS = 2_000;
/** How often the thread looks. */
const LOOK_MS = 500;
/** How often the main thread shows that it lives. */
const TICK_MS = 1_000;
/** When the thread starts, and the longest expected silence of the main thread that it need not be there for. */
const START_MS = 1_000;
const START_BEFORE_MS = 5_000;
/** Two for each weight, and of 4-bit weights a byte holds two. */
const OPERATIONS_PER_BYTE = 4;
/** A millisecond on a machine that is slow and busy. */
const SLOWEST_OPERATIONS = 1e6;
/** The same, from a slow disk. */
const SLOWEST_BYTES = 1e4;

/** Places in the numbers that both threads see. */
const TICKS = 0;
const KERNEL_MS = 1;

// A worker of its own file would need a bundle of its own; these lines do not. Time is counted in looks: a machine that slept, and
// a clock that was set, have taken none.
const WORKER = `
  const { writeSync } = require("node:fs");
  const { parentPort, workerData } = require("node:worker_threads");
  const { descriptor, numbers, lookMs, beatMs } = workerData;
  let activity = null, ticks = 0, silent = 0, taken = 0, sinceBeat = beatMs;
  parentPort.on("message", (message) => {
    if (message?.id !== activity?.id) taken = 0;
    activity = message;
    silent = 0;
  });
  setInterval(() => {
    silent = numbers[${TICKS}] === ticks ? silent + lookMs : 0;
    ticks = numbers[${TICKS}];
    taken += lookMs;
    sinceBeat += lookMs;
    const residentBytes = process.memoryUsage.rss();
    const isTooLarge = activity !== null && residentBytes > (activity.mostBytes ?? Infinity);
    if (sinceBeat < beatMs && !isTooLarge) return;
    sinceBeat = 0;
    const allowedMs = (activity?.silentMs ?? 0) + numbers[${KERNEL_MS}];
    const beat = { silentMs: silent, allowedMs, residentBytes, activity: activity && { ...activity, takenMs: taken } };
    try {
      writeSync(descriptor, JSON.stringify(beat) + "\\n");
    } catch (error) {
      // A client that is halted (by a debugger) reads no beats: this one is lost, later ones are not.
      if (error.code !== "EAGAIN") process.exit();
    }
  }, lookMs);
`;

/** The process's own, which kernels far below tell how long they may take. */
class Pulse {
  #worker: Worker | null = null;
  readonly #numbers = new Float64Array(new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT));
  readonly #activities = new Map<number, Activity>();
  #nextId = 1;
  /** Whether there is a client: tests open models without one. */
  #mayStart = false;
  /** Bytes of the open model's files. */
  modelBytes = 0;

  /** Begins to beat in a second: a small model is open by then, and the thread's start took nothing from it. */
  start(): void {
    setTimeout(() => {
      this.#startNow();
    }, START_MS).unref();
    this.#mayStart = true;
  }

  #startNow(): void {
    if (this.#worker || !this.#mayStart) return;
    this.#worker = new Worker(WORKER, {
      eval: true,
      workerData: {
        descriptor: BEAT_DESCRIPTOR,
        numbers: this.#numbers,
        lookMs: LOOK_MS,
        beatMs: BEAT_MS,
      },
      resourceLimits: { maxOldGenerationSizeMb: 16 },
    });
    this.#worker.unref();
    // Without a pulse the client ends the engine; an error of the thread must not do it before that.
    this.#worker.once("error", () => undefined);
    setInterval(() => {
      this.#numbers[TICKS]!++;
    }, TICK_MS).unref();
    this.#tell();
  }

  /** Does something that is told to the client meanwhile, with its limits. */
  async during<T>(activity: Activity, work: () => Promise<T>): Promise<T> {
    const id = this.#nextId++;
    this.#activities.set(id, activity);
    // Before the main thread falls silent for longer than the client waits for a first beat.
    if ((activity.silentMs ?? 0) > START_BEFORE_MS) this.#startNow();
    this.#tell();
    try {
      return await work();
    } finally {
      this.#activities.delete(id);
      this.#tell();
    }
  }

  /**
   * Runs a kernel: nothing ends it, and it keeps the main thread for as long as its work takes on a slow machine.
   *
   * @param tokens token positions that it computes
   */
  async kernel<T>(tokens: number, run: () => Promise<T>): Promise<T> {
    const ms = (tokens * this.modelBytes * OPERATIONS_PER_BYTE) / SLOWEST_OPERATIONS;
    return this.#allowing(ms, run);
  }

  /** Makes a session of some of the model's weights, as `kernel`. */
  async preparing<T>(make: () => Promise<T>): Promise<T> {
    return this.#allowing(this.modelBytes / SLOWEST_BYTES, make);
  }

  /** The same for work that holds the main thread and ends by itself in time. */
  busy<T>(mostMs: number, work: () => T): T {
    this.#numbers[KERNEL_MS]! += mostMs;
    try {
      return work();
    } finally {
      this.#numbers[KERNEL_MS]! -= mostMs;
    }
  }

  async #allowing<T>(ms: number, work: () => Promise<T>): Promise<T> {
    this.#numbers[KERNEL_MS]! += ms;
    try {
      return await work();
    } finally {
      this.#numbers[KERNEL_MS]! -= ms;
    }
  }

  /** The last that began is what the main thread is at. */
  #tell(): void {
    const last = [...this.#activities].at(-1);
    this.#worker?.postMessage(last === undefined ? null : { id: last[0], ...last[1] });
  }
}

export const pulse = new Pulse();
