/** What must hold of every failing run of the command line. */
import { expect } from "vitest";
import type { ErrorCode, ErrorData } from "../../../src/shared/errors.ts";
import { runCli } from "./cli-support.ts";

/** Runs a command that must fail with a code, and checks exit code, JSON on stdout and message on stderr. */
export async function expectFailure(
  args: readonly string[],
  code: ErrorCode,
  message: RegExp,
): Promise<ErrorData> {
  const run = await runCli([...args, "--json"]);
  const { error } = JSON.parse(run.stdout) as { error: ErrorData };
  expect(error).toEqual({
    code,
    message: expect.stringMatching(message) as string,
    hint: expect.any(String) as string,
  });
  expect(run.code).toBe(code === "usage" ? 2 : 1);
  expect(run.stderr).toContain(`error: ${error.message}`);
  return error;
}
