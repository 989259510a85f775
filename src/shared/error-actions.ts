/** What helps after an error, for messages of the editor and for the panel alike. */
import * as l10n from "@vscode/l10n";
import type { ErrorCode } from "./errors.ts";

/** Commands that an error offers, by their names in editor and panel. */
export type ErrorAction = "runAgain" | "restartEngine" | "selectModel" | "setHubToken" | "showLog";

/** The name on each action's button. */
export const ERROR_ACTION_LABELS: Readonly<Record<ErrorAction, string>> = {
  get runAgain(): string {
    return l10n.t("Run Again");
  },
  get restartEngine(): string {
    return l10n.t("Restart Engine");
  },
  get selectModel(): string {
    return l10n.t("Select Model");
  },
  get setHubToken(): string {
    return l10n.t("Set Hub Token…");
  },
  get showLog(): string {
    return l10n.t("Show Log");
  },
};

/** Actions that help against an error, the most likely one first; none where only the user's input is wrong. */
export function errorActions(code: ErrorCode): readonly ErrorAction[] {
  switch (code) {
    // The next run starts another engine by itself; after some ends in a row only a restart does.
    case "engine-crashed":
    case "engine-timeout":
      return ["runAgain", "restartEngine", "showLog"];
    case "engine-failed":
    case "runtime-unavailable":
      return ["restartEngine", "showLog"];
    case "internal":
    case "write-failed":
      return ["showLog"];
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
    case "not-enough-memory":
    case "hub-unreachable":
    case "hub-refused":
    case "proxy-refused":
    case "certificate-unknown":
    case "download-damaged":
    case "download-incomplete":
      return ["selectModel", "showLog"];
    case "hub-gated":
      return ["setHubToken", "selectModel"];
    case "not-a-session":
    case "session-damaged":
    case "session-newer":
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
