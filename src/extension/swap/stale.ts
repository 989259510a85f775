/** Whether a result still stands: it does while everything that it was made from is as it was. */
import type { KnownPrompt } from "../prompt/prompt-register.ts";
import type { GridRun, Reading, ReadPrompt, Swap, SweepRun } from "./records.ts";
import { samePairs } from "./records.ts";

/** Looks a known prompt up. */
export type PromptLookup = (id: number) => KnownPrompt | null;

/** Why a sweep no longer stands, in a sentence; null while it does. */
export function staleSweep(swap: Swap, run: SweepRun, prompts: PromptLookup, now: Reading): string | null {
  return (
    staleInputs(swap, prompts, now) ?? (samePairs(swap.pairs, run.pairs) ? null : "Other tokens were chosen.")
  );
}

/** Why a grid no longer stands, in a sentence; null while it does. */
export function staleGrid(swap: Swap, run: GridRun, prompts: PromptLookup, now: Reading): string | null {
  const positions = sourcePositions(swap);
  return (
    staleInputs(swap, prompts, now) ??
    (String(positions) === String(run.sourcePositions) ? null : "Other source tokens were chosen.")
  );
}

/** Positions that a grid reads: those of the swap's pairs. */
export function sourcePositions(swap: Swap): number[] {
  return [...new Set(swap.pairs.flatMap((pair) => pair.source))].sort((a, b) => a - b);
}

/** Why a read prompt is not what the model would read now; null while it is. */
export function staleRead(
  read: ReadPrompt,
  name: string,
  prompts: PromptLookup,
  now: Reading,
): string | null {
  if (read.promptId !== null) {
    const prompt = prompts(read.promptId);
    if (!prompt?.current) return `The ${name} was deleted.`;
    if (prompt.current.text !== read.text) return `The ${name} was edited.`;
  }
  const { reading } = read;
  if (reading.modelKey !== now.modelKey) return "Another model was chosen.";
  if (reading.bos !== now.bos) return "The setting for the beginning-of-sequence token was changed.";
  if (reading.useChatTemplate !== now.useChatTemplate)
    return "The setting for the chat template was changed.";
  return null;
}

function staleInputs(swap: Swap, prompts: PromptLookup, now: Reading): string | null {
  return (
    staleRead(swap.target, "prompt", prompts, now) ??
    staleRead(swap.source.read, "source prompt", prompts, now)
  );
}
