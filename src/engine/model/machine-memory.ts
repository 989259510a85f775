/** This machine's memory: what there is, and what could be had now. */
import * as fs from "node:fs";
import * as os from "node:os";

/** Memory of this machine, bytes. */
export interface Memory {
  /** All that this process may ever have: the machine's, or its container's. */
  readonly total: number;
  /** What could be had now; null where the system does not say it usefully. */
  readonly available: number | null;
}

/**
 * This machine's memory.
 *
 * @param givenBack bytes that are freed before more are taken
 */
export function memoryNow(givenBack: number): Memory {
  const machine = os.totalmem();
  const container = containerLimit();
  const total = container === null ? machine : Math.min(machine, container);
  // macOS counts as free only what nothing has used yet, and gives far more when it is asked for.
  const available = process.platform === "darwin" ? null : Math.min(total, os.freemem() + givenBack);
  return { total, available };
}

/** Limit of the control group, bytes; null without one. */
function containerLimit(): number | null {
  for (const file of ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]) {
    try {
      const limit = Number(fs.readFileSync(file, "utf8").trim());
      if (Number.isSafeInteger(limit) && limit > 0) return limit;
    } catch {
      // No control groups of this version here.
    }
  }
  return null;
}
