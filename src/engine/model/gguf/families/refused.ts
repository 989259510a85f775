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
  "chooses by a network of its own which positions each one sees": ["deepseek32", "glm-dsa"],
  "has several streams between its blocks (AltUp), so that a layer has no single state": ["gemma3n"],
  "has layers that take keys and values of others, or heads of other widths": ["gemma4"],
  "has layers with different numbers of heads": ["openelm", "deci"],
  "is computed by llama.cpp otherwise than by its own code (RMS norms for LayerNorm, other weights of experts), so that no file says which is meant":
    ["phimoe"],
  "has a second set of experts, which reads what the first gives": ["grovemoe"],
  "is computed by no version of llama.cpp": ["gptj"],
};

const REASON_OF = new Map(
  Object.entries(REASONS).flatMap(([reason, names]) => names.map((name) => [name, reason] as const)),
);

/** Why an architecture is not read, as the end of "it …"; undefined for one that is not known. */
export function refusalOf(architecture: string): string | undefined {
  return REASON_OF.get(architecture);
}
