/** JSON-RPC over the process channel: the message types that both ends use. Payloads are those of shared/protocol.ts. */
import { NotificationType, ProgressType } from "vscode-jsonrpc";
import type { Hello, Progress } from "../shared/protocol/engine.ts";

/** Parameters of every request; progress comes back under the token. */
export interface RequestEnvelope {
  readonly params: unknown;
  readonly progressToken: number;
}

/** Sent once by the engine when it is ready for requests. */
export const helloNotification = new NotificationType<Hello>("hello");

/** Log lines of the engine, for the client's log. */
export const logNotification = new NotificationType<{ readonly text: string }>("log");

export const progressType = new ProgressType<Progress>();

/** File descriptor in the engine on which its pulse beats: a line of JSON each time, a `Beat` (client/heartbeat.ts). */
export const BEAT_DESCRIPTOR = 4;

/** JSON-RPC error code of every SwapError; its plain form travels in `data`. */
export const SWAP_ERROR = 1;
