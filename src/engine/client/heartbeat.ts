/** Listens to an engine's pulse, and says when the engine is to be ended: silent for too long, or beyond a limit of what it does. */
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import * as v from "valibot";
import { SwapError } from "../../shared/errors.ts";
import { sizeText } from "../../shared/text/format.ts";

const beatSchema = v.object({
  /** Milliseconds since the main thread last gave a sign of life. */
  silentMs: v.number(),
  /** Milliseconds that it may be silent beside what any work may: a kernel of known length runs. */
  allowedMs: v.number(),
  /** Of the process. */
  residentBytes: v.number(),
  /** What the main thread is at, and for how long. */
  activity: v.nullable(
    v.object({
      what: v.string(),
      takenMs: v.number(),
      mostMs: v.optional(v.number()),
      mostBytes: v.optional(v.number()),
    }),
  ),
});

/** What an engine says of itself every 2 s. */
type Beat = v.InferOutput<typeof beatSchema>;

/** What to do with what is heard. */
export interface HeartbeatOptions {
  /** Milliseconds without a beat, or a main thread silent beyond what its work may, after which an engine counts as hung. */
  readonly silenceMs: number;
  readonly onBytes: (residentBytes: number) => void;
  /** The engine is to be ended, for this reason; told once. */
  readonly onFault: (reason: SwapError) => void;
}

const LISTEN_MS = 2_000;

/** Listens until the returned function is called. */
export function listen(beats: Readable, { silenceMs, onBytes, onFault }: HeartbeatOptions): () => void {
  const interval = Math.min(LISTEN_MS, silenceMs / 2);
  let last: Beat | null = null;
  // Counted in ticks of our own timer, not by the clock: a machine that slept has missed nothing.
  let missed = 0;
  const stop = (): void => {
    clearInterval(timer);
    lines.close();
  };
  const fault = (reason: SwapError): void => {
    stop();
    onFault(reason);
  };
  const lines = createInterface({ input: beats });
  lines.on("line", (line) => {
    const beat = beatOf(line);
    if (!beat) return;
    last = beat;
    missed = 0;
    onBytes(beat.residentBytes);
    const reason = faultOf(beat, silenceMs);
    if (reason) fault(reason);
  });
  // The channel breaks with the process, whose end is told by its exit.
  beats.on("error", () => undefined);
  const timer = setInterval(() => {
    missed++;
    if (missed * interval >= silenceMs) fault(silence(last?.activity?.what, missed * interval));
  }, interval);
  timer.unref();
  return stop;
}

function beatOf(line: string): Beat | null {
  try {
    const parsed = v.safeParse(beatSchema, JSON.parse(line));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}

function faultOf(beat: Beat, silenceMs: number): SwapError | null {
  const { silentMs, allowedMs, residentBytes, activity } = beat;
  if (silentMs >= silenceMs + allowedMs) return silence(activity?.what, silentMs);
  if (!activity) return null;
  const { what, takenMs, mostMs = Infinity, mostBytes = Infinity } = activity;
  if (takenMs > mostMs) {
    return new SwapError(
      "engine-timeout",
      `The engine was ended while it was ${what}: it took longer than ${duration(mostMs)}.`,
      { code: "opening-budget" },
    );
  }
  if (residentBytes > mostBytes) {
    return new SwapError(
      "not-enough-memory",
      `The engine was ended while it was ${what}: it took more than ${sizeText(mostBytes)} of memory.`,
      { code: "opening-budget" },
    );
  }
  return null;
}

function silence(what: string | undefined, ms: number): SwapError {
  const doing = what === undefined ? "" : ` while it was ${what}`;
  return new SwapError(
    "engine-timeout",
    `The engine did not answer for ${duration(ms)}${doing}, and was ended.`,
    RESTART_HINT,
  );
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`;
}

/** What helps when an engine is gone. */
export const RESTART_HINT = "Only the running pass was lost: run it again; a new engine is started for it.";
