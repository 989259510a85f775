/** Messages to the user: what is wrong, what to do, and buttons that do it. Each error is shown once. */
import { ERROR_ACTION_LABELS, errorActions } from "../shared/error-actions.ts";
import type { ErrorData } from "../shared/errors.ts";
import { SwapError, toErrorData } from "../shared/errors.ts";
import { COMMAND_IDS } from "./ids.ts";
import type { VsCode } from "./vs.ts";

/** A message of more buttons covers what it is about. */
const MOST_BUTTONS = 2;

/** Shows messages. */
export class Notices {
  readonly #vs: VsCode;
  readonly #log: (text: string) => void;
  readonly #onError: (error: ErrorData) => void;
  readonly #shown = new WeakSet();

  /** @param onError is told of every error, for whatever else shows the newest one */
  constructor(
    vs: VsCode,
    log: (text: string) => void,
    onError: (error: ErrorData) => void = () => undefined,
  ) {
    this.#vs = vs;
    this.#log = log;
    this.#onError = onError;
  }

  /** Shows an error with what helps against it; a cancelled run is no error. */
  error(error: unknown): void {
    if (error instanceof SwapError && error.code === "cancelled") return;
    const data = toErrorData(error);
    this.#onError(data);
    if (typeof error === "object" && error !== null) {
      if (this.#shown.has(error)) return;
      this.#shown.add(error);
    }
    this.#log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const { code, message, hint } = data;
    // The panel has the others.
    const actions = errorActions(code).slice(0, MOST_BUTTONS);
    void this.#vs.window
      .showErrorMessage(
        [message, hint].filter((text) => text !== "").join(" "),
        ...actions.map((action) => ERROR_ACTION_LABELS[action]),
      )
      .then((chosen) => {
        const action = actions.find((one) => ERROR_ACTION_LABELS[one] === chosen);
        if (action !== undefined) void this.#vs.commands.executeCommand(COMMAND_IDS[action]);
      });
  }

  /** Says something in the status bar for a while. */
  hint(text: string): void {
    this.#vs.window.setStatusBarMessage(text, 8000);
  }

  /** Says something with one thing to do about it; whether the user wants it. */
  async offer(text: string, action: string): Promise<boolean> {
    return (await this.#vs.window.showInformationMessage(text, action)) === action;
  }

  /** Says something that is no error. */
  info(text: string): void {
    void this.#vs.window.showInformationMessage(text);
  }
}
