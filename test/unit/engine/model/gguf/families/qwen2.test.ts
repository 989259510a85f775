/** Qwen2: what its files have beside llama's, through the suite of every family. */
import { QWEN2 } from "../../../../../../src/engine/model/gguf/families/qwen2.ts";
import { familySuite } from "../../../../../support/gguf/family-suite.ts";

familySuite(QWEN2, { biases: { biases: true, type: () => "Q8_0" } });
