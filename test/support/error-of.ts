/** The error that a call throws, for tests that look at its code and words. */
import { SwapError } from "../../src/shared/errors.ts";

/** Runs a call that must throw a SwapError, and gives that error. */
export function errorOf(run: () => unknown): SwapError {
  try {
    run();
  } catch (error) {
    if (error instanceof SwapError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** The error that a promise is rejected with, which must be a SwapError. */
export async function rejectionOf(work: Promise<unknown>): Promise<SwapError> {
  const error: unknown = await work.then(
    () => new Error("nothing was thrown"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof SwapError) return error;
  throw error;
}
