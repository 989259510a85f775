"""The decoder (Llama architecture, 12 blocks of width 128), and a forward pass with the hooks that we need."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from transformers import LlamaConfig, LlamaForCausalLM

from tokenizer import END_ID, VOCABULARY

BLOCKS = 12
WIDTH = 128

Hook = Callable[[int, Tensor], Tensor]


def new_model() -> LlamaForCausalLM:
    """An untrained decoder; the projections that write to the residual stream start smaller."""
    config = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=WIDTH,
        intermediate_size=344,
        num_hidden_layers=BLOCKS,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        tie_word_embeddings=True,
        rms_norm_eps=1e-5,
        bos_token_id=END_ID,
        eos_token_id=END_ID,
        initializer_range=0.04,
        attention_bias=False,
    )
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        for block in model.model.layers:
            for projection in (block.self_attn.o_proj, block.mlp.down_proj):
                projection.weight.mul_(1 / math.sqrt(2 * BLOCKS))
    return model


def final_states(
    model: LlamaForCausalLM,
    ids: Tensor,
    masks: Sequence[Tensor | None] | None = None,
    edit: Hook | None = None,
    attention_blocks: Tensor | None = None,
) -> Tensor:
    """Run the blocks one by one.

    @param ids `[rows, positions]`, padded on the right if at all
    @param masks per block: which positions may be attended to, `[rows, 1, positions, positions]`; None is causal
    @param edit called as `edit(k, states)` with the input of block k, `[rows, positions, width]`; returns what to use
    @param attention_blocks `[rows]`: in row r, attention adds nothing from block `attention_blocks[r]` upward
    @returns `[rows, positions, width]`, after the final norm
    """
    decoder = model.model
    states = decoder.embed_tokens(ids)
    rotary = decoder.rotary_emb(states, torch.arange(ids.shape[1])[None])
    for k, block in enumerate(decoder.layers):
        if edit is not None:
            states = edit(k, states)
        attended, _ = block.self_attn(
            hidden_states=block.input_layernorm(states),
            position_embeddings=rotary,
            attention_mask=masks[k] if masks is not None else None,
        )
        if attention_blocks is not None:
            attended = attended * (k < attention_blocks)[:, None, None]
        states = states + attended
        states = states + block.mlp(block.post_attention_layernorm(states))
    return decoder.norm(states)
