/** Messages to the user: what is wrong, what to do, and buttons that do it. Each error is shown once. */
import type { ErrorCode } from "../shared/errors.ts";
import { SwapError, toErrorData } from "../shared/errors.ts";
import { commandIds } from "./ids.ts";
import type { VsCode } from "./vs.ts";

/** Shows messages. */
export class Notices {
  readonly #vs: VsCode;
  readonly #log: (text: string) => void;
  readonly #shown = new WeakSet();

  constructor(vs: VsCode, log: (text: string) => void) {
    this.#vs = vs;
    this.#log = log;
  }

  /** Shows an error with what helps against it; a cancelled run is no error. */
  error(error: unknown): void {
    if (error instanceof SwapError && error.code === "cancelled") return;
    if (typeof error === "object" && error !== null) {
      if (this.#shown.has(error)) return;
      this.#shown.add(error);
    }
    this.#log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const { code, message, hint } = toErrorData(error);
    const actions = actionsFor(code);
    void this.#vs.window
      .showErrorMessage(
        [message, hint].filter((text) => text !== "").join(" "),
        ...actions.map(([label]) => label),
      )
      .then((chosen) => {
        const command = actions.find(([label]) => label === chosen)?.[1];
        if (command !== undefined) void this.#vs.commands.executeCommand(command);
      });
  }

  /** Says something in the status bar for a while. */
  hint(text: string): void {
    this.#vs.window.setStatusBarMessage(text, 8000);
  }

  /** Says something that is no error. */
  info(text: string): void {
    void this.#vs.window.showInformationMessage(text);
  }
}

/** What helps after an error: label and command. */
export function actionsFor(code: ErrorCode): readonly (readonly [string, string])[] {
  const showLog = ["Show Log", commandIds.showLog] as const;
  switch (code) {
    case "engine-crashed":
    case "engine-timeout":
    case "engine-failed":
      return [["Restart Engine", commandIds.restartEngine], showLog];
    case "internal":
    case "write-failed":
      return [showLog];
    case "file-not-found":
    case "not-a-model":
    case "truncated-file":
    case "missing-external-data":
    case "not-a-decoder":
    case "unsupported-architecture":
    case "unsupported-tensor-type":
    case "unsupported-model":
    case "tokenizer-missing":
    case "tokenizer-unsupported":
    case "self-test-failed":
      return [["Select Model", commandIds.selectModel], showLog];
    case "empty-prompt":
    case "prompt-too-long":
    case "text-not-found":
    case "text-ambiguous":
    case "bad-span":
    case "bad-token-id":
    case "span-lengths-differ":
    case "bad-layer-range":
    case "bad-vectors":
    case "bad-condition":
    case "usage":
    case "cancelled":
      return [];
  }
}
