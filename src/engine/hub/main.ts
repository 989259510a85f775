/** Entry of the download process: does one job and ends. Ending it is how a download is cancelled. */
import * as v from "valibot";
import { SwapError, toErrorData } from "../../shared/errors.ts";
import type { HubJob, HubMessage } from "../../shared/protocol/hub.ts";
import { hubJobSchema } from "../../shared/protocol/hub.ts";
import { issueText } from "../../shared/protocol/engine.ts";
import { download } from "./download.ts";
import { ProxyPasswordError } from "./failure.ts";
import { hubFetch } from "./hub-fetch.ts";
import { networkOf } from "./network.ts";
import { planOf } from "./plan.ts";
import { tokenFor } from "./token.ts";

const PROGRESS_MS = 100;

async function answer(job: HubJob): Promise<HubMessage> {
  const { host, access } = job;
  const get = hubFetch(networkOf(access), host, await tokenFor(host, access.token));
  if (job.kind === "plan") return { kind: "planned", plan: await planOf(get, host, job.id) };
  let saidAt = 0;
  const path = await download({
    ...job,
    get,
    onProgress: (progress) => {
      const now = Date.now();
      if (now - saidAt < PROGRESS_MS && progress.done < progress.total) return;
      saidAt = now;
      say({ kind: "progress", ...progress });
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
  const proxy = error instanceof ProxyPasswordError ? { proxy: error.proxy } : {};
  end({ kind: "failed", error: toErrorData(error), ...proxy });
}

process.once("message", (message) => {
  const parsed = v.safeParse(hubJobSchema, message);
  if (!parsed.success) fail(new SwapError("internal", `The job is malformed: ${issueText(parsed.issues)}.`));
  else answer(parsed.output).then(end, fail);
});
process.once("disconnect", () => process.exit(0));
say({ kind: "ready" });
