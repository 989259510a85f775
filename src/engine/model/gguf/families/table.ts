/** The families that are read from GGUF files. */
import type { Family } from "./family.ts";
import { AFMOE } from "./afmoe.ts";
import { APERTUS } from "./apertus.ts";
import { ARCEE } from "./arcee.ts";
import { ARCTIC } from "./arctic.ts";
import { BAICHUAN } from "./baichuan.ts";
import { BAILINGMOE, BAILINGMOE2 } from "./bailingmoe.ts";
import { BLOOM } from "./bloom.ts";
import { CHATGLM } from "./chatglm.ts";
import { CODESHELL } from "./codeshell.ts";
import { COHERE2, COHERE2MOE } from "./cohere2.ts";
import { COMMAND_R } from "./command-r.ts";
import { DBRX } from "./dbrx.ts";
import { DEEPSEEK } from "./deepseek.ts";
import { DEEPSEEK2_OCR } from "./deepseek2-ocr.ts";
import { DEEPSEEK2 } from "./deepseek2.ts";
import { DOTS1 } from "./dots1.ts";
import { ERNIE4_5, ERNIE4_5_MOE, PADDLEOCR } from "./ernie4_5.ts";
import { EXAONE } from "./exaone.ts";
import { EXAONE4, EXAONE_MOE } from "./exaone4.ts";
import { FALCON } from "./falcon.ts";
import { GEMMA } from "./gemma.ts";
import { GEMMA2 } from "./gemma2.ts";
import { GEMMA3 } from "./gemma3.ts";
import { GLM4 } from "./glm4.ts";
import { GLM4MOE } from "./glm4moe.ts";
import { GPT_OSS } from "./gpt-oss.ts";
import { GPT2 } from "./gpt2.ts";
import { GPTNEOX } from "./gptneox.ts";
import { GRANITE, GRANITE_SWA, GRANITEMOE } from "./granite.ts";
import { GROK } from "./grok.ts";
import { HUNYUAN_DENSE, HUNYUAN_MOE, HUNYUAN_VL } from "./hunyuan.ts";
import { HY_V3 } from "./hy-v3.ts";
import { INTERNLM2 } from "./internlm2.ts";
import { JAIS, JAIS2 } from "./jais.ts";
import { LLAMA } from "./llama.ts";
import { LLAMA4 } from "./llama4.ts";
import { MAINCODER } from "./maincoder.ts";
import { MELLUM } from "./mellum.ts";
import { MINICPM } from "./minicpm.ts";
import { MINICPM3 } from "./minicpm3.ts";
import { MINIMAX_M2 } from "./minimax-m2.ts";
import { MISTRAL3 } from "./mistral3.ts";
import { MISTRAL4 } from "./mistral4.ts";
import { MPT } from "./mpt.ts";
import { NANBEIGE } from "./nanbeige.ts";
import { NEMOTRON } from "./nemotron.ts";
import { OLMO } from "./olmo.ts";
import { OLMO2 } from "./olmo2.ts";
import { OLMOE } from "./olmoe.ts";
import { ORION } from "./orion.ts";
import { PANGU_EMBEDDED } from "./pangu-embedded.ts";
import { PHI2 } from "./phi2.ts";
import { PHI3 } from "./phi3.ts";
import { PLAMO, PLAMO3 } from "./plamo.ts";
import { PLM } from "./plm.ts";
import { QWEN } from "./qwen.ts";
import { QWEN2, QWEN2MOE, QWEN2VL } from "./qwen2.ts";
import { QWEN3, QWEN3MOE, QWEN3VL, QWEN3VLMOE } from "./qwen3.ts";
import { REFACT } from "./refact.ts";
import { SEED_OSS } from "./seed-oss.ts";
import { SMALLTHINKER } from "./smallthinker.ts";
import { SMOLLM3 } from "./smollm3.ts";
import { STABLELM } from "./stablelm.ts";
import { STARCODER } from "./starcoder.ts";
import { STARCODER2 } from "./starcoder2.ts";
import { XVERSE } from "./xverse.ts";

export const FAMILIES: readonly Family[] = [
  LLAMA,
  MISTRAL3,
  QWEN,
  QWEN2,
  QWEN2MOE,
  QWEN3,
  QWEN3MOE,
  GPT_OSS,
  GEMMA,
  GEMMA2,
  GEMMA3,
  PHI2,
  PHI3,
  GRANITE,
  GRANITEMOE,
  MINICPM,
  COMMAND_R,
  COHERE2,
  EXAONE,
  EXAONE4,
  FALCON,
  GLM4,
  GLM4MOE,
  STARCODER2,
  SMOLLM3,
  STABLELM,
  GPT2,
  GPTNEOX,
  BLOOM,
  MPT,
  BAICHUAN,
  INTERNLM2,
  XVERSE,
  ORION,
  NEMOTRON,
  OLMO,
  OLMO2,
  OLMOE,
  SEED_OSS,
  ERNIE4_5,
  ERNIE4_5_MOE,
  HUNYUAN_DENSE,
  HUNYUAN_MOE,
  ARCEE,
  DOTS1,
  DEEPSEEK,
  DEEPSEEK2,
  BAILINGMOE,
  BAILINGMOE2,
  CHATGLM,
  CODESHELL,
  DBRX,
  HY_V3,
  JAIS,
  JAIS2,
  MAINCODER,
  MELLUM,
  MINICPM3,
  MINIMAX_M2,
  MISTRAL4,
  NANBEIGE,
  PANGU_EMBEDDED,
  PLAMO,
  PLAMO3,
  PLM,
  REFACT,
  STARCODER,
  QWEN2VL,
  QWEN3VL,
  QWEN3VLMOE,
  PADDLEOCR,
  HUNYUAN_VL,
  EXAONE_MOE,
  AFMOE,
  APERTUS,
  ARCTIC,
  GROK,
  LLAMA4,
  SMALLTHINKER,
  DEEPSEEK2_OCR,
  COHERE2MOE,
  GRANITE_SWA,
];

/** Their names in files. */
export const GGUF_ARCHITECTURES: readonly string[] = FAMILIES.map(({ architecture }) => architecture);
