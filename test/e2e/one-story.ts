/** A file of steps is one story: after a failed step the rest of that file is skipped, and said to be. Other files run. */
import { beforeEach, onTestFailed } from "vitest";

let failed: string | null = null;

beforeEach((context) => {
  if (failed !== null) context.skip(`after the failed step "${failed}"`);
  onTestFailed(() => {
    failed ??= context.task.name;
  });
});
