/** SHA-256 of a model file, computed in a worker thread so that opening and running do not wait for it. */
import { Worker } from "node:worker_threads";

// A worker of its own file would need a bundle of its own; these lines do not.
const WORKER = `
  const { createReadStream } = require("node:fs");
  const { createHash } = require("node:crypto");
  const { parentPort, workerData } = require("node:worker_threads");
  const hash = createHash("sha256");
  createReadStream(workerData, { highWaterMark: 1 << 20 })
    .on("data", (chunk) => hash.update(chunk))
    .on("error", (error) => parentPort.postMessage({ error: error.message }))
    .on("end", () => parentPort.postMessage({ sha256: hash.digest("hex") }));
`;

/** Lower-case hexadecimal SHA-256 of a file. Rejects when the file cannot be read. */
export function hashFile(file: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, { eval: true, workerData: file });
    worker.once("error", reject);
    worker.once("message", (message: { sha256?: string; error?: string }) => {
      if (message.sha256 === undefined) reject(new Error(message.error ?? "no hash"));
      else resolve(message.sha256);
    });
  });
}
