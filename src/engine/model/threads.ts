/** How many threads a model runs on unless the user says otherwise: the physical cores, at most 8. */
import * as fs from "node:fs";
import * as os from "node:os";

const MOST = 8;

/** Physical cores that this process may use, at least 1, at most 8: hyper-threads slow matrix products down. */
export function defaultThreads(): number {
  const usable = os.availableParallelism();
  return Math.max(1, Math.min(MOST, usable, physicalCores() ?? usable));
}

/** Physical cores of this machine, or null where they cannot be told from logical ones. */
function physicalCores(): number | null {
  if (process.platform === "darwin") return os.cpus().length;
  if (process.platform !== "linux") return null;
  try {
    const cores = new Set<string>();
    for (const cpu of fs.readFileSync("/proc/cpuinfo", "utf8").split("\n\n")) {
      const core = /^core id\s*:\s*(\d+)/m.exec(cpu)?.[1];
      if (core !== undefined) cores.add(`${/^physical id\s*:\s*(\d+)/m.exec(cpu)?.[1] ?? "0"}/${core}`);
    }
    return cores.size > 0 ? cores.size : null;
  } catch {
    return null;
  }
}
