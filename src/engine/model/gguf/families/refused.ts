/** Architectures that are known and not read, and why: what their blocks are made of. */

const REASONS: Readonly<Record<string, readonly string[]>> = {
  "has layers with a state that runs from token to token, in place of keys and values of each position": [
    "mamba",
    "mamba2",
    "rwkv6",
    "rwkv6qwen2",
    "rwkv7",
    "arwkv7",
  ],
  "mixes attention with layers whose state runs from token to token": [
    "jamba",
    "falcon-h1",
    "granitehybrid",
    "nemotron_h",
    "nemotron_h_moe",
    "plamo2",
    "qwen3next",
    "qwen35",
    "qwen35moe",
    "kimi-linear",
    "minimax-01",
  ],
  "mixes attention with short convolutions over neighbouring positions": ["lfm2", "lfm2moe"],
  "is an encoder: its positions see those behind them": [
    "bert",
    "nomic-bert",
    "nomic-bert-moe",
    "neo-bert",
    "modern-bert",
    "jina-bert-v2",
    "jina-bert-v3",
    "eurobert",
    "gemma-embedding",
    "t5encoder",
  ],
  "has an encoder beside its decoder": ["t5"],
  "fills in text by diffusion: its positions see those behind them": [
    "dream",
    "llada",
    "llada-moe",
    "rnd1",
    "diffusion-gemma",
  ],
  "has latent attention (MLA) of another kind than DeepSeek-V2": ["deepseek2-ocr", "deepseek32", "glm-dsa"],
  "has several streams between its blocks, and blocks that share keys and values": ["gemma3n", "gemma4"],
  "attends in chunks, and scales queries by their position": ["llama4"],
  "is computed by no version of llama.cpp": ["gptj"],
};

const REASON_OF = new Map(
  Object.entries(REASONS).flatMap(([reason, names]) => names.map((name) => [name, reason] as const)),
);

/** Why an architecture is not read, as the end of "it …"; undefined for one that is not known. */
export function refusalOf(architecture: string): string | undefined {
  return REASON_OF.get(architecture);
}
