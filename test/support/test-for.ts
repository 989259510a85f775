/** Tests that apply to some fixtures only: for the others they do not exist, rather than being skipped. */
import { test } from "vitest";

/** Registers a test where it applies. */
export function testFor(applies: boolean): (name: string, run: () => Promise<void>) => void {
  return (name, run) => {
    if (applies) test(name, run);
  };
}
