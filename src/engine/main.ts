/** Entry of the engine process: serves the protocol over the channel to the process that started it. */
import * as v from "valibot";
import type { CancellationToken } from "vscode-jsonrpc/node";
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
} from "vscode-jsonrpc/node";
import { SwapError, toErrorData } from "../shared/errors.ts";
import type { Method } from "../shared/protocol/engine.ts";
import { issueText, PROTOCOL_VERSION, REQUEST_SCHEMAS } from "../shared/protocol/engine.ts";
import { VERSION } from "../shared/version.ts";
import { pulse } from "./pulse.ts";
import { EngineService } from "./service.ts";
import type { RequestEnvelope } from "./transport.ts";
import { helloNotification, logNotification, progressType, SWAP_ERROR } from "./transport.ts";

const [, , cacheFolder = null] = process.argv;
const service = new EngineService(cacheFolder);
const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));

async function answer(method: Method, envelope: RequestEnvelope, token: CancellationToken): Promise<unknown> {
  const abort = new AbortController();
  token.onCancellationRequested(() => {
    abort.abort();
  });
  try {
    const parsed = v.safeParse(REQUEST_SCHEMAS[method], envelope.params);
    if (!parsed.success) {
      throw new SwapError(
        "engine-failed",
        `The request ${method} is malformed: ${issueText(parsed.issues)}.`,
      );
    }
    const { output } = parsed;
    return await pulse.during({ what: WORK[method] }, () =>
      service.handle(method, output, {
        signal: abort.signal,
        emit: (progress) => void connection.sendProgress(progressType, envelope.progressToken, progress),
      }),
    );
  } catch (error) {
    if (!(error instanceof SwapError) || error.cause !== undefined) {
      void connection.sendNotification(logNotification, { text: describe(error) });
    }
    const data = toErrorData(error);
    throw new ResponseError(SWAP_ERROR, data.message, data);
  }
}

/** What each request is, behind "while it was". */
const WORK: Readonly<Record<Method, string>> = {
  open: "opening a model",
  estimate: "reading a model's header",
  hash: "hashing the model",
  tokenize: "splitting a text into tokens",
  tokensOf: "reading tokens",
  encodeAnswer: "splitting an answer into tokens",
  applyChatTemplate: "filling in the chat template",
  sweep: "running a sweep",
  grid: "running a grid",
  plan: "planning a run",
  continuation: "continuing a text",
  attention: "reading attention",
  states: "reading hidden states",
  inspect: "describing the model",
  diagnose: "looking at the machine",
  ping: "answering",
};

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${describe(error.cause)}`;
  return (error.stack ?? error.message) + cause;
}

for (const method of Object.keys(REQUEST_SCHEMAS) as Method[]) {
  connection.onRequest(method, (envelope: RequestEnvelope, token: CancellationToken) =>
    answer(method, envelope, token),
  );
}
connection.listen();
pulse.start();
// Without its parent there is nobody to serve: an orphan must not keep a model in memory.
process.once("disconnect", () => process.exit(0));
void connection.sendNotification(helloNotification, { protocol: PROTOCOL_VERSION, version: VERSION });
