/** SHA-256 of stretches of files, computed in a worker thread so that opening and running do not wait for it. */
import { Worker } from "node:worker_threads";

/** A stretch of a file, in bytes. */
export interface Stretch {
  readonly file: string;
  readonly from: number;
  readonly bytes: number;
}

// A worker of its own file would need a bundle of its own; these lines do not. A file is read once, whatever is wanted of
// it. On Linux a priority belongs to a thread: a run beside has the cores first. Elsewhere it would be the whole process's.
const WORKER = `
  const { closeSync, openSync, readSync } = require("node:fs");
  const { createHash } = require("node:crypto");
  const { setPriority } = require("node:os");
  const { parentPort, workerData } = require("node:worker_threads");
  if (process.platform === "linux") setPriority(10);
  const chunk = Buffer.alloc(1 << 20);
  const digests = (file, stretches) => {
    const hashes = stretches.map(() => createHash("sha256"));
    const end = Math.max(...stretches.map(({ from, bytes }) => from + bytes));
    const descriptor = openSync(file, "r");
    try {
      for (let at = 0, got = 0; at < end; at += got) {
        got = readSync(descriptor, chunk, 0, chunk.length, at);
        if (got === 0) throw new Error(file + " is cut short");
        stretches.forEach(({ from, bytes }, i) => {
          const [first, last] = [Math.max(from, at), Math.min(from + bytes, at + got)];
          if (first < last) hashes[i].update(chunk.subarray(first - at, last - at));
        });
      }
    } finally {
      closeSync(descriptor);
    }
    return hashes.map((hash) => hash.digest("hex"));
  };
  try {
    parentPort.postMessage({ digests: workerData.map(([file, stretches]) => digests(file, stretches)) });
  } catch (error) {
    parentPort.postMessage({ error: error.message });
  }
`;

interface Answer {
  readonly digests?: readonly (readonly string[])[];
  readonly error?: string;
}

/**
 * Lower-case hexadecimal SHA-256 of each stretch.
 *
 * @returns in the order of `stretches`. Rejects when a file cannot be read or ends before a stretch does.
 */
export async function digestsOf(stretches: readonly Stretch[]): Promise<string[]> {
  const files = [...new Set(stretches.map(({ file }) => file))];
  const byFile = files.map((file) => [file, stretches.filter((one) => one.file === file)] as const);
  const answer = await new Promise<Answer>((resolve, reject) => {
    const worker = new Worker(WORKER, { eval: true, workerData: byFile });
    worker.once("error", reject);
    worker.once("message", resolve);
  });
  if (!answer.digests) throw new Error(answer.error ?? "no digests");
  const { digests } = answer;
  const found = new Map(byFile.flatMap(([, own], f) => own.map((one, i) => [one, digests[f]![i]!] as const)));
  return stretches.map((one) => found.get(one)!);
}
