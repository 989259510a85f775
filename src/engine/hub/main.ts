/** Entry of the download process: does one job and ends. Ending it is how a download is cancelled. */
import * as v from "valibot";
import { SwapError, toErrorData } from "../../shared/errors.ts";
import type { HubJob, HubMessage } from "../../shared/protocol/hub.ts";
import { hubJobSchema } from "../../shared/protocol/hub.ts";
import { issueText } from "../../shared/protocol/engine.ts";
import { download } from "./download.ts";
import { planOf } from "./plan.ts";
import { verifiedFetch } from "./verified-fetch.ts";

const PROGRESS_MS = 100;

async function answer(job: HubJob): Promise<HubMessage> {
  if (job.kind === "plan") {
    const fetch = verifiedFetch({ expected: new Map(), onBytes: () => undefined });
    return { kind: "planned", plan: await planOf(fetch, job.host, job.id) };
  }
  let saidAt = 0;
  const path = await download({
    ...job,
    onProgress: (file, done, total) => {
      const now = Date.now();
      if (now - saidAt < PROGRESS_MS && done < total) return;
      saidAt = now;
      say({ kind: "progress", file, done, total });
    },
  });
  return { kind: "downloaded", path };
}

function say(message: HubMessage): void {
  if (process.connected) process.send!(message);
}

/** Says the last word and ends when it was sent. */
function end(message: HubMessage): void {
  if (process.connected) process.send!(message, () => process.exit(0));
  else process.exit(0);
}

function fail(error: unknown): void {
  if (!(error instanceof SwapError) || error.cause !== undefined) console.error(error);
  end({ kind: "failed", error: toErrorData(error) });
}

process.once("message", (message) => {
  const parsed = v.safeParse(hubJobSchema, message);
  if (!parsed.success) fail(new SwapError("internal", `The job is malformed: ${issueText(parsed.issues)}.`));
  else answer(parsed.output).then(end, fail);
});
process.once("disconnect", () => process.exit(0));
// The library leaves some promises alone; what failed first was said already.
process.on("unhandledRejection", (error) => {
  console.error(error);
});
say({ kind: "ready" });
