/** The caller's end of the download process: starts it for one job, passes progress on, ends it on cancel. */
import { fork } from "node:child_process";
import * as v from "valibot";
import type { ErrorCode } from "../../shared/errors.ts";
import { SwapError } from "../../shared/errors.ts";
import type { HubAccess, HubGraph, HubJob, HubMessage, HubPlan } from "../../shared/protocol/hub.ts";
import { hubMessageSchema } from "../../shared/protocol/hub.ts";
import { issueText } from "../../shared/protocol/engine.ts";
import { ProxyPasswordError } from "./failure.ts";

/** How to start the process. */
export interface HubProcess {
  /** Its bundle. */
  readonly script: string;
  /** A Node executable; in the extension host the editor's own runs as Node. */
  readonly execPath: string;
  readonly onLog: (text: string) => void;
}

/** What to fetch, and who hears of it. */
export interface FetchRequest {
  readonly host: string;
  readonly access: HubAccess;
  readonly cache: string;
  readonly plan: HubPlan;
  readonly graph: HubGraph;
  /** Ends the process, and with it the download. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: HubProgress) => void;
}

/** How far a download is. */
export type HubProgress = Extract<HubMessage, { kind: "progress" }>;

/**
 * Asks a hub what a repository holds.
 *
 * @throws SwapError of `planOf`; `cancelled`
 */
export async function askHub(
  hub: HubProcess,
  { host, access }: Pick<FetchRequest, "host" | "access">,
  id: string,
  signal: AbortSignal,
): Promise<HubPlan> {
  const message = await run(hub, { kind: "plan", host, access, id }, signal, () => undefined);
  if (message.kind === "planned") return message.plan;
  throw new SwapError("internal", `The download process answered ${message.kind}.`);
}

/**
 * Fetches a graph with what it needs.
 *
 * @returns absolute path of the file to open
 * @throws SwapError of `download`; `cancelled`
 */
export async function fetchFromHub(hub: HubProcess, request: FetchRequest): Promise<string> {
  const { signal, onProgress, host, access, cache, plan, graph } = request;
  const job: HubJob = { kind: "download", host, access, cache, plan, graph };
  const message = await run(hub, job, signal, onProgress);
  if (message.kind === "downloaded") return message.path;
  throw new SwapError("internal", `The download process answered ${message.kind}.`);
}

async function run(
  { script, execPath, onLog }: HubProcess,
  job: HubJob,
  signal: AbortSignal,
  onProgress: (progress: HubProgress) => void,
): Promise<HubMessage> {
  if (signal.aborted) throw cancelled();
  const child = fork(script, [], {
    execPath,
    execArgv: [],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (data: Buffer) => {
      onLog(data.toString());
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => {
      resolve();
    });
    child.once("error", () => {
      resolve();
    });
  });
  const cancel = (): void => {
    child.kill("SIGKILL");
  };
  signal.addEventListener("abort", cancel);
  let last: HubMessage | null = null;
  child.on("message", (raw) => {
    const parsed = v.safeParse(hubMessageSchema, raw);
    if (!parsed.success) onLog(`download message dropped: ${issueText(parsed.issues)}`);
    else if (parsed.output.kind === "ready") child.send(job);
    else if (parsed.output.kind === "progress") onProgress(parsed.output);
    else last = parsed.output;
  });
  await ended;
  signal.removeEventListener("abort", cancel);
  return outcome(last, signal);
}

/** The last word of the process, or what its silence means. */
function outcome(last: HubMessage | null, signal: AbortSignal): HubMessage {
  if (last?.kind === "failed") {
    const { code, message, hint, hintCode } = last.error;
    if (last.proxy !== undefined) throw new ProxyPasswordError(last.proxy, message);
    throw new SwapError(code as ErrorCode, message, hintCode === undefined ? hint : { code: hintCode });
  }
  if (last) return last;
  if (signal.aborted) throw cancelled();
  throw new SwapError(
    "download-incomplete",
    "The download process ended unexpectedly.",
    "Try again; what was fetched before is kept.",
  );
}

function cancelled(): SwapError {
  return new SwapError("cancelled", "The download was cancelled.");
}
