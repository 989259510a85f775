/** Models that the picker offers to fetch: small ones with open licences, exported for `@huggingface/transformers`. */
import * as l10n from "@vscode/l10n";

/** An offer; sizes and licences as the repositories had them when this list was written. */
export interface HubOffer {
  readonly id: string;
  /** The graph, relative to the repository. */
  readonly file: string;
  /** Bytes of all files, about. */
  readonly bytes: number;
  /** As the repository names it. */
  readonly licence: string;
  readonly about: string;
}

/** From small to large. */
export const HUB_OFFERS: readonly HubOffer[] = [
  {
    id: "HuggingFaceTB/SmolLM2-135M-Instruct",
    file: "onnx/model_q4.onnx",
    bytes: 203e6,
    licence: "apache-2.0",
    get about(): string {
      return l10n.t("30 layers, 4-bit; quick on any machine");
    },
  },
  {
    id: "HuggingFaceTB/SmolLM2-360M-Instruct",
    file: "onnx/model_q4.onnx",
    bytes: 420e6,
    licence: "apache-2.0",
    get about(): string {
      return l10n.t("32 layers, 4-bit");
    },
  },
  {
    id: "onnx-community/Qwen2.5-0.5B-Instruct",
    file: "onnx/model_q4.onnx",
    bytes: 793e6,
    licence: "apache-2.0",
    get about(): string {
      return l10n.t("24 layers, 4-bit; knows more facts");
    },
  },
  {
    id: "onnx-community/Qwen2.5-1.5B-Instruct",
    file: "onnx/model_q4.onnx",
    bytes: 1.8e9,
    licence: "apache-2.0",
    get about(): string {
      return l10n.t("28 layers, 4-bit; needs patience");
    },
  },
];
