// Looks for what a family reads otherwise than llama.cpp: one tiny file for each family and entry of metadata or tensor that
// llama.cpp knows, compared with it at all positions. `node tools/gguf/family-traps.mjs PROGRAM [--all] [ARCHITECTURE …]`.
// Says where both read a file and differ, and where one of them refuses it; with --all also where they agree.
import { compare, product } from "./llama-cpp.mjs";

const { FAMILIES, allFamilyFiles, randomNumbers, randomTensor, tinyDecoder, toleranceOf } = product;
const [program, ...rest] = process.argv.slice(2);
const wanted = rest.filter((name) => name !== "--all");

const u32 = (value) => ["u32", value];
const f32 = (value) => ["f32", value];
const bool = (value) => ["bool", value];
const text = (value) => ["string", value];

/** An entry, or several, below the architecture's prefix. */
const entries = (added) => (model, prefix) => {
  for (const [name, entry] of Object.entries(added)) model.metadata[`${prefix}.${name}`] = entry;
};
const tensor = (name, dims, seed = 9, size = 0.2) =>
  randomTensor(name, dims, "F32", randomNumbers(seed), size);
const blocksOf = (model, prefix) => model.metadata[`${prefix}.block_count`][1];
const inBlocks = (make) => (model, prefix) => {
  for (let k = 0; k < blocksOf(model, prefix); k++) {
    const made = make((name) => `blk.${k}.${name}`, model, k);
    for (const one of made) {
      const at = model.tensors.findIndex(({ name }) => name === one.name);
      if (at < 0) model.tensors.push(one);
      else model.tensors[at] = one;
    }
  }
};
const dimsOf = (model, name) => model.tensors.find((one) => one.name === name)?.dims;
const positive = (dims, name, seed) => {
  const made = tensor(name, dims, seed, 0.4);
  const values = new Float32Array(made.bytes.buffer);
  for (let i = 0; i < values.length; i++) values[i] = 1.5 + values[i];
  return made;
};
const ropeHalf = (model, prefix) =>
  (model.metadata[`${prefix}.rope.dimension_count`]?.[1] ??
    model.metadata[`${prefix}.attention.key_length`]?.[1] ??
    16) / 2;

/** What to change. */
const TRAPS = {
  nothing: () => {},
  "rope.dimension_count": entries({ "rope.dimension_count": u32(8) }),
  "rope.freq_base": entries({ "rope.freq_base": f32(500) }),
  "rope.scaling linear": entries({ "rope.scaling.type": text("linear"), "rope.scaling.factor": f32(4) }),
  "rope.scale_linear": entries({ "rope.scale_linear": f32(4) }),
  "rope.scaling none": entries({ "rope.scaling.type": text("none"), "rope.scaling.factor": f32(4) }),
  "rope.scaling factor alone": entries({ "rope.scaling.factor": f32(4) }),
  "rope.scaling.attn_factor": entries({ "rope.scaling.attn_factor": f32(1.3) }),
  yarn: entries({
    "rope.scaling.type": text("yarn"),
    "rope.scaling.factor": f32(4),
    "rope.scaling.original_context_length": u32(16),
  }),
  "yarn, all its entries": entries({
    "rope.scaling.type": text("yarn"),
    "rope.scaling.factor": f32(4),
    "rope.scaling.original_context_length": u32(16),
    "rope.scaling.attn_factor": f32(1.3),
    "rope.scaling.yarn_log_multiplier": f32(0.7),
    "rope.scaling.yarn_beta_fast": f32(4),
    "rope.scaling.yarn_beta_slow": f32(0.5),
    "rope.scaling.yarn_ext_factor": f32(0.5),
    "rope.scaling.yarn_attn_factor": f32(1.1),
  }),
  "yarn without a factor": entries({ "rope.scaling.type": text("yarn") }),
  longrope: (model, prefix) => {
    entries({
      "rope.scaling.type": text("longrope"),
      "rope.scaling.attn_factor": f32(1.2),
      "rope.scaling.original_context_length": u32(1000),
    })(model, prefix);
    const half = ropeHalf(model, prefix);
    model.tensors.push(positive([half], "rope_factors_short.weight", 3));
    model.tensors.push(positive([half], "rope_factors_long.weight", 4));
  },
  "rope_freqs.weight": (model, prefix) => {
    model.tensors.push(positive([ropeHalf(model, prefix)], "rope_freqs.weight", 3));
  },
  "rope.scaling.finetuned false": entries({ "rope.scaling.finetuned": bool(false) }),
  "rope.dimension_sections": entries({ "rope.dimension_sections": ["array", "i32", [4, 2, 2, 0]] }),
  "rope.freq_base_swa": entries({ "rope.freq_base_swa": f32(500), "attention.sliding_window": u32(4) }),
  "attention.sliding_window": entries({ "attention.sliding_window": u32(4) }),
  "attention.sliding_window 0": entries({ "attention.sliding_window": u32(0) }),
  "sliding_window_pattern 2": entries({
    "attention.sliding_window": u32(4),
    "attention.sliding_window_pattern": u32(2),
  }),
  "sliding_window_pattern, a list": (model, prefix) => {
    const blocks = blocksOf(model, prefix);
    entries({
      "attention.sliding_window": u32(4),
      "attention.sliding_window_pattern": [
        "array",
        "bool",
        Array.from({ length: blocks }, (_, k) => k % 3 === 1),
      ],
    })(model, prefix);
  },
  "sliding window, scaled": entries({
    "attention.sliding_window": u32(4),
    "rope.scaling.type": text("linear"),
    "rope.scaling.factor": f32(4),
  }),
  attn_logit_softcapping: entries({ attn_logit_softcapping: f32(0.2) }),
  final_logit_softcapping: entries({ final_logit_softcapping: f32(1.5) }),
  logit_scale: entries({ logit_scale: f32(0.5) }),
  embedding_scale: entries({ embedding_scale: f32(3) }),
  residual_scale: entries({ residual_scale: f32(0.4) }),
  "attention.scale": entries({ "attention.scale": f32(0.7) }),
  "attention.output_scale": entries({ "attention.output_scale": f32(0.4) }),
  "attention.temperature_scale": entries({
    "attention.temperature_scale": f32(0.3),
    "rope.scaling.original_context_length": u32(4),
  }),
  "attention.clamp_kqv": entries({ "attention.clamp_kqv": f32(0.3) }),
  "attention.max_alibi_bias": entries({ "attention.max_alibi_bias": f32(4) }),
  "attention.causal false": entries({ "attention.causal": bool(false) }),
  "norm epsilon": (model) => {
    for (const name of Object.keys(model.metadata))
      if (/epsilon$/.test(name)) model.metadata[name] = f32(0.3);
  },
  "both norm epsilons": entries({
    "attention.layer_norm_epsilon": f32(0.3),
    "attention.layer_norm_rms_epsilon": f32(0.1),
  }),
  expert_weights_scale: entries({ expert_weights_scale: f32(2.5) }),
  "expert_weights_norm true": entries({ expert_weights_norm: bool(true) }),
  "expert_weights_norm false": entries({ expert_weights_norm: bool(false) }),
  "expert_gating_func softmax": entries({ expert_gating_func: u32(1) }),
  "expert_gating_func sigmoid": entries({ expert_gating_func: u32(2) }),
  "expert_gating_func softmax of chosen": entries({ expert_gating_func: u32(3) }),
  "use_parallel_residual false": entries({ use_parallel_residual: bool(false) }),
  "use_parallel_residual true": entries({ use_parallel_residual: bool(true) }),
  "output tied or not": (model) => {
    const at = model.tensors.findIndex(({ name }) => name === "output.weight");
    if (at >= 0) model.tensors.splice(at, 1);
    else model.tensors.push(tensor("output.weight", dimsOf(model, "token_embd.weight")));
  },
  "output.bias": (model) => {
    model.tensors.push(tensor("output.bias", [dimsOf(model, "token_embd.weight")[1]]));
  },
  "output_norm.bias": (model) => {
    if (!dimsOf(model, "output_norm.bias")) model.tensors.push(tensor("output_norm.bias", [64]));
  },
  "biases of queries, keys and values": inBlocks((at, model, k) =>
    ["attn_q", "attn_k", "attn_v"].flatMap((name) => {
      const dims = dimsOf(model, at(`${name}.weight`));
      return dims ? [tensor(at(`${name}.bias`), [dims[1]], k)] : [];
    }),
  ),
  "bias of attn_output": inBlocks((at, _, k) => [tensor(at("attn_output.bias"), [64], k)]),
  "biases of the feed-forward sublayer": inBlocks((at, model, k) =>
    ["ffn_gate", "ffn_up", "ffn_down"].flatMap((name) => {
      const dims = dimsOf(model, at(`${name}.weight`));
      return dims ? [tensor(at(`${name}.bias`), [dims[1]], k)] : [];
    }),
  ),
  "bias of attn_norm": inBlocks((at, _, k) => [tensor(at("attn_norm.bias"), [64], k)]),
  "norms of heads": inBlocks((at, model, k) => {
    const width = 16;
    return ["attn_q_norm", "attn_k_norm"].map((name, i) => positive([width], at(`${name}.weight`), k + i));
  }),
  "norms over all heads": inBlocks((at, model, k) =>
    [
      ["attn_q_norm", "attn_q"],
      ["attn_k_norm", "attn_k"],
    ].map(([name, of], i) =>
      positive([dimsOf(model, at(`${of}.weight`))?.[1] ?? 64], at(`${name}.weight`), k + i),
    ),
  ),
  attn_sinks: inBlocks((at, _, k) => [tensor(at("attn_sinks.weight"), [4], k)]),
  "queries, keys and values in one tensor": (model, prefix) => {
    for (let k = 0; k < blocksOf(model, prefix); k++) {
      const parts = ["attn_q", "attn_k", "attn_v"].map((name) =>
        model.tensors.find((one) => one.name === `blk.${k}.${name}.weight`),
      );
      if (parts.some((part) => !part)) return;
      model.tensors = model.tensors.filter((one) => !parts.includes(one));
      model.tensors.push({
        ...parts[0],
        name: `blk.${k}.attn_qkv.weight`,
        dims: [parts[0].dims[0], parts.reduce((sum, { dims }) => sum + dims[1], 0)],
        bytes: Buffer.concat(parts.map(({ bytes }) => bytes)),
      });
    }
  },
  "gate and up of experts in one tensor": (model, prefix) => {
    for (let k = 0; k < blocksOf(model, prefix); k++) {
      const [gate, up] = ["gate", "up"].map((name) =>
        model.tensors.find((one) => one.name === `blk.${k}.ffn_${name}_exps.weight`),
      );
      if (!gate || !up) continue;
      model.tensors = model.tensors.filter((one) => one !== gate && one !== up);
      const [width, inner, experts] = gate.dims;
      const each = gate.bytes.length / experts;
      const parts = Array.from({ length: experts }, (_, e) => [
        gate.bytes.subarray(e * each, (e + 1) * each),
        up.bytes.subarray(e * each, (e + 1) * each),
      ]);
      model.tensors.push({
        ...gate,
        name: `blk.${k}.ffn_gate_up_exps.weight`,
        dims: [width, 2 * inner, experts],
        bytes: Buffer.concat(parts.flat()),
      });
    }
  },
  exp_probs_b: inBlocks((at, model, k) => {
    const dims = dimsOf(model, at("ffn_gate_inp.weight"));
    return dims ? [tensor(at("exp_probs_b.bias"), [dims[1]], k, 0.5)] : [];
  }),
  ffn_gate_inp_shexp: inBlocks((at, model, k) =>
    dimsOf(model, at("ffn_up_shexp.weight")) ? [tensor(at("ffn_gate_inp_shexp.weight"), [64], k)] : [],
  ),
  "scales of weights": inBlocks((at, model, k) =>
    [
      ...["attn_q", "attn_k", "attn_v", "attn_qkv", "attn_output"],
      ...["ffn_gate", "ffn_up", "ffn_down", "ffn_gate_shexp", "ffn_up_shexp", "ffn_down_shexp"],
      ...["ffn_gate_exps", "ffn_up_exps", "ffn_down_exps"],
    ].flatMap((name, i) => {
      const dims = dimsOf(model, at(`${name}.weight`));
      return dims ? [positive([dims[2] ?? 1], at(`${name}.scale`), 7 * k + i)] : [];
    }),
  ),
  "context_length 16": entries({ context_length: u32(16) }),
  "feed_forward_length, a list": (model, prefix) => {
    const entry = model.metadata[`${prefix}.feed_forward_length`];
    if (entry?.[0] === "u32")
      model.metadata[`${prefix}.feed_forward_length`] = [
        "array",
        "u32",
        Array(blocksOf(model, prefix)).fill(entry[1]),
      ];
  },
};

/** Families whose goldens are fixtures. */
const BASES = {
  llama: {},
  "llama, experts": { experts: { count: 4, used: 2 }, feedForward: 32 },
  qwen2: { biases: false },
  qwen3: { headNorms: true },
  "gpt-oss": {
    blocks: 4,
    experts: { count: 4, used: 2 },
    feedForward: 32,
    biases: true,
    metadata: { "gpt-oss.attention.sliding_window": u32(4) },
    extraTensors: [0, 1, 2, 3].map((k) => tensor(`blk.${k}.attn_sinks.weight`, [4], k)),
  },
  gemma: { tied: true },
  gemma2: { tied: true, blocks: 4, metadata: { "gemma2.attention.sliding_window": u32(4) } },
  gemma3: {
    tied: true,
    blocks: 7,
    headNorms: true,
    metadata: { "gemma3.attention.sliding_window": u32(4) },
  },
  phi3: {},
  granite: { metadata: { "granite.logit_scale": f32(2), "granite.attention.scale": f32(0.3) } },
  "command-r": { normBiases: false, tied: true, metadata: { "command-r.logit_scale": f32(0.5) } },
  exaone4: { headNorms: true },
  falcon: { keyValueHeads: 1 },
  starcoder2: { biases: true },
  gpt2: {
    keyValueHeads: 4,
    biases: true,
    extraTensors: [tensor("position_embd.weight", [64, 128])],
  },
  bloom: {
    keyValueHeads: 4,
    biases: true,
    extraTensors: [positive([64], "token_embd_norm.weight", 1), tensor("token_embd_norm.bias", [64])],
  },
};

const bases = { ...allFamilyFiles };
for (const [name, options] of Object.entries(BASES)) {
  const family = FAMILIES.find(({ architecture }) => architecture === name.split(",", 1)[0]);
  bases[name] = { ...options, family };
}
const counts = { agree: 0, differ: 0, refusedHere: 0, refusedThere: 0 };
for (const [name, options] of Object.entries(bases)) {
  if (wanted.length > 0 && !wanted.includes(name.split(",", 1)[0])) continue;
  // A model of so many blocks takes longer than all the others.
  if (options.blocks > 10) continue;
  const seen = new Set();
  for (const [trap, change] of Object.entries(TRAPS)) {
    const model = tinyDecoder(options);
    const prefix = model.metadata["general.architecture"][1];
    const before =
      JSON.stringify(Object.entries(model.metadata)) + model.tensors.map((one) => one.name).join();
    change(model, prefix);
    const after =
      JSON.stringify(Object.entries(model.metadata)) + model.tensors.map((one) => one.name).join();
    if (trap !== "nothing" && before === after) continue;
    const { largest, difference, logits, theirError, ownError } = await compare(program, model);
    const changes = logits && !seen.has(JSON.stringify(logits));
    if (logits) seen.add(JSON.stringify(logits));
    const said = `${`${name}: ${trap}`.padEnd(70)}`;
    if (theirError && ownError) continue;
    if (theirError) {
      counts.refusedThere++;
      if (rest.includes("--all")) console.log(said, `llama.cpp refuses: ${theirError.slice(0, 150)}`);
    } else if (ownError) {
      counts.refusedHere++;
      console.log(
        said,
        `REFUSED${changes ? "" : ", though llama.cpp does not look at it"}: ${ownError.slice(0, 150)}`,
      );
    } else if (!(difference <= largest * Math.max(2e-5, toleranceOf(name)))) {
      counts.differ++;
      console.log(said, `DIFFERS by ${(difference / largest).toExponential(1)} of ${largest.toFixed(2)}`);
    } else {
      counts.agree++;
      if (rest.includes("--all"))
        console.log(said, `${(difference / largest).toExponential(1)}${changes ? "" : ", no effect"}`);
    }
  }
}
console.log(counts);
