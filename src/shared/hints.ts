/** What helps against an error, where each face has its own way to it: a code, and how the editor says it. */
import * as l10n from "@vscode/l10n";

/** Codes of such hints; the command line has its own words for each. */
export const HINT_CODES = [
  "choose-file",
  "bos-policy",
  "name-answers",
  "layer-range",
  "smallest-k",
  "span-form",
  "index-form",
  "copy-span",
  "choose-index",
  "choose-tokens",
  "choose-targets",
  "each-target-once",
  "choose-vectors",
  "align-spans",
  "align-equal",
  "align-grid",
  "node-path",
  "choose-runtime",
  "opening-budget",
  "network",
  "proxy-login",
  "trust-authority",
  "hub-token",
] as const;

export type HintCode = (typeof HINT_CODES)[number];

/** What helps in the editor. */
export function editorHint(code: HintCode): string {
  switch (code) {
    case "choose-file":
      return l10n.t("Choose one of the files with Select Model….");
    case "bos-policy":
      return l10n.t("Set State Swap: Bos to auto or off.");
    case "name-answers":
      return l10n.t("Name two answers that differ with Set Answers…, or leave one to be found by running.");
    case "layer-range":
      return l10n.t("Choose another range with Set Layer Range….");
    case "smallest-k":
      return l10n.t("Start the range there with Set Layer Range….");
    case "span-form":
    case "index-form":
    case "copy-span":
    case "choose-index":
      return l10n.t("Select tokens of the prompt.");
    case "choose-tokens":
      return l10n.t("Select other tokens, or lengthen the prompt.");
    case "choose-targets":
      return l10n.t("Select where the state goes.");
    case "each-target-once":
      return l10n.t("Select each token once.");
    case "choose-vectors":
      return l10n.t("Choose a vectors file with Run Condition….");
    case "align-spans":
    case "align-equal":
      return l10n.t("Run Swap State Here again, and choose Last or Mean where it asks.");
    case "align-grid":
      return l10n.t("Run Grid again, and choose Last or Mean where it asks.");
    case "node-path":
      return l10n.t("Check the setting State Swap: Node Path.");
    case "choose-runtime":
      return l10n.t("Set State Swap: Runtime to auto.");
    case "opening-budget":
      return l10n.t(
        "If the model is one that you trust, on a slow disk or machine, raise the setting State Swap: Opening Budget.",
      );
    case "network":
      return l10n.t(
        "Check the network, and the proxy if yours needs one: the setting http.proxy, or HTTPS_PROXY. Models on this machine work without.",
      );
    case "proxy-login":
      return l10n.t(
        "Download again, and enter name and password of the proxy where State Swap asks for them.",
      );
    case "trust-authority":
      return l10n.t(
        "If it is your organisation's, install its certificate in the system and leave http.systemCertificates on, or start the editor with NODE_EXTRA_CA_CERTS set to its file (PEM).",
      );
    case "hub-token":
      return l10n.t("Then give an access token of yours with Set Hub Token…, and download again.");
  }
}
