/** Errors for people: a code for programs, a sentence that says what is wrong, and what to do about it. */
import * as l10n from "@vscode/l10n";
import type { HintCode } from "./hints.ts";
import { editorHint } from "./hints.ts";

/** Every way in which the product says no. One code, one meaning; codes are part of the command line's contract. */
export type ErrorCode =
  // Files and models
  | "file-not-found"
  | "not-a-model"
  | "truncated-file"
  | "missing-external-data"
  | "not-a-decoder"
  | "unsupported-architecture"
  | "unsupported-tensor-type"
  | "unsupported-model"
  | "tokenizer-missing"
  | "tokenizer-unsupported"
  | "self-test-failed"
  | "not-enough-memory"
  | "runtime-unavailable"
  // Fetching models
  | "hub-unreachable"
  | "hub-refused"
  | "hub-gated"
  | "proxy-refused"
  | "certificate-unknown"
  | "download-damaged"
  | "download-incomplete"
  // Sessions
  | "not-a-session"
  | "session-damaged"
  | "session-newer"
  // Prompts and spans
  | "empty-prompt"
  | "prompt-too-long"
  | "text-not-found"
  | "text-ambiguous"
  | "bad-span"
  | "bad-token-id"
  | "span-lengths-differ"
  | "bad-layer-range"
  | "bad-vectors"
  | "bad-condition"
  // Running
  | "usage"
  | "cancelled"
  | "engine-failed"
  | "engine-crashed"
  | "engine-timeout"
  | "write-failed"
  | "internal";

/** The plain-data form of an error, as it crosses process borders and stands in `--json` output. */
export interface ErrorData {
  readonly code: ErrorCode;
  /** One sentence: what is wrong, and where. */
  readonly message: string;
  /** What to do about it; empty when there is nothing to do. */
  readonly hint: string;
  /** Of a hint that each face words with what it offers; `hint` is then the editor's. */
  readonly hintCode?: HintCode;
}

/** An error with a code, a sentence for the user, and what to do. Raw runtime text belongs in `cause` and the log. */
export class SwapError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly hintCode: HintCode | null;

  /** @param hint a sentence that holds on every face, or the code of one that each face words itself */
  constructor(
    code: ErrorCode,
    message: string,
    hint: string | { readonly code: HintCode } = "",
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "SwapError";
    this.code = code;
    this.hint = typeof hint === "string" ? hint : editorHint(hint.code);
    this.hintCode = typeof hint === "string" ? null : hint.code;
  }

  /** The same refusal in a sentence that says more, such as where it arose. */
  retold(message: string): SwapError {
    const hint = this.hintCode === null ? this.hint : { code: this.hintCode };
    return new SwapError(this.code, message, hint, { cause: this });
  }

  toData(): ErrorData {
    const { code, message, hint, hintCode } = this;
    return { code, message, hint, ...(hintCode === null ? {} : { hintCode }) };
  }
}

/** Turns whatever was thrown into plain data; an unknown error becomes `internal` with its own message. */
export function toErrorData(error: unknown): ErrorData {
  if (error instanceof SwapError) return error.toData();
  const message = error instanceof Error ? error.message : String(error);
  return (
    refusedBySystem(error) ?? {
      code: "internal",
      message,
      hint: l10n.t("This is a defect: please report it with the log."),
    }
  );
}

/** What the operating system refuses, by the fields that Node gives such an error: no defect, wherever it came up. */
function refusedBySystem(error: unknown): ErrorData | null {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return null;
  const { message } = error;
  if (error.syscall === "uv_cwd") {
    return {
      code: "file-not-found",
      message: l10n.t("The working folder does not exist any more."),
      hint: l10n.t("Change to a folder that exists, or give a whole path."),
    };
  }
  return {
    code: "file-not-found",
    message: l10n.t("A file cannot be used: {0}.", message),
    hint: l10n.t("Check that it exists, that it can be read, and that it is not being changed."),
  };
}
