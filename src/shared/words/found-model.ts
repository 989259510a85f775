/** Models that were found on the disk, in words: where, and why one cannot be opened. */
import * as l10n from "@vscode/l10n";

/** Why a folder is searched. */
export type PlaceKind =
  "workspace" | "chosen" | "downloaded" | "hugging-face" | "ollama" | "lm-studio" | "llama-cpp";

/** What people call each kind of place. */
export const PLACE_NAMES: Readonly<Record<PlaceKind, string>> = {
  get workspace(): string {
    return l10n.t("this workspace");
  },
  get chosen(): string {
    return l10n.t("your model folders");
  },
  get downloaded(): string {
    return l10n.t("downloaded by State Swap");
  },
  get "hugging-face"(): string {
    return l10n.t("Hugging Face cache");
  },
  ollama: "Ollama",
  "lm-studio": "LM Studio",
  get "llama-cpp"(): string {
    return l10n.t("llama.cpp cache");
  },
};

/** Why a model that was found cannot be opened. */
export type ModelProblem =
  | { readonly code: "unreadable" }
  | { readonly code: "shards"; readonly there: number; readonly of: number }
  | { readonly code: "architecture"; readonly architecture: string };

/** The same in a few words. */
export function problemText(problem: ModelProblem): string {
  switch (problem.code) {
    case "unreadable":
      return l10n.t("not a readable GGUF file");
    case "shards":
      return l10n.t("{0} of {1} shards are there", problem.there, problem.of);
    case "architecture":
      return l10n.t("architecture {0} is not read from GGUF", problem.architecture);
  }
}
