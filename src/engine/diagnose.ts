/** The machine that the engine runs on, and which runtimes load here. */
import * as os from "node:os";
import type { Diagnosis } from "../shared/experiment/diagnosis.ts";
import { runtimeFaults } from "./model/runtime/choose.ts";
import { machineName } from "./model/runtime/machine.ts";

/** Looks at the machine, and loads every runtime once. */
export async function diagnose(): Promise<Diagnosis> {
  return {
    machine: machineName(),
    system: `${os.type()} ${os.release()}`,
    node: process.version,
    cores: os.cpus().length,
    memoryBytes: os.totalmem(),
    freeBytes: os.freemem(),
    runtimes: await runtimeFaults(),
  };
}
