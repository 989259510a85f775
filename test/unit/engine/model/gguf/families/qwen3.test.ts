/** Qwen3: what its files have beside llama's, through the suite of every family. */
import { QWEN3 } from "../../../../../../src/engine/model/gguf/families/qwen3.ts";
import { familySuite } from "../../../../../support/gguf/family-suite.ts";

familySuite(QWEN3, { "head norms": { headNorms: true, headWidth: 32, type: () => "Q4_0" } });
