"""State swaps and the paper's other conditions in PyTorch: every k of a sweep is one row of a batch.

k is the 0-based block whose input is replaced; the answer is the argmax after the last token.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from transformers import LlamaForCausalLM

from model import final_states


class Prompt(NamedTuple):
    """A tokenized prompt and the position that a swap reads or writes."""

    ids: list[int]
    position: int


def last_logits(
    model: LlamaForCausalLM,
    ids: list[int],
    rows: int = 1,
    edit: Callable[[int, Tensor], Tensor] | None = None,
    attention_blocks: Tensor | None = None,
) -> Tensor:
    """The logits after the last token, `[rows, vocabulary]`, for `rows` copies of the prompt."""
    batch = torch.tensor([ids]).expand(rows, -1)
    states = final_states(model, batch, edit=edit, attention_blocks=attention_blocks)
    return model.lm_head(states[:, -1])


def block_inputs(model: LlamaForCausalLM, ids: list[int]) -> Tensor:
    """The inputs of all blocks, unpatched, `[blocks, positions, width]`."""
    inputs: list[Tensor] = []

    def record(_: int, states: Tensor) -> Tensor:
        inputs.append(states[0])
        return states

    last_logits(model, ids, edit=record)
    return torch.stack(inputs)


def swap_sweep(model: LlamaForCausalLM, target: Prompt, source: Prompt) -> Tensor:
    """Row k: the logits when the source's state replaces the target's at the input of block k."""
    vectors = block_inputs(model, source.ids)[:, source.position]

    def edit(k: int, states: Tensor) -> Tensor:
        states = states.clone()
        states[k, target.position] = vectors[k]
        return states

    return last_logits(model, target.ids, len(vectors), edit)


def random_sweep(model: LlamaForCausalLM, ids: list[int], generator: torch.Generator) -> Tensor:
    """Row k: at the input of block k, all states but the last are noise of the same length."""

    def edit(k: int, states: Tensor) -> Tensor:
        states = states.clone()
        old = states[k, :-1]
        noise = torch.randn(old.shape, generator=generator)
        states[k, :-1] = noise / noise.norm(dim=-1, keepdim=True) * old.norm(dim=-1, keepdim=True)
        return states

    return last_logits(model, ids, model.config.num_hidden_layers, edit)


def freeze_sweep(model: LlamaForCausalLM, ids: list[int]) -> Tensor:
    """Row k >= 1: from block k upward, all states but the last stay as they were at the input of block k - 1.

    Row 0 is not defined; it is computed like row 1 and means nothing.
    """
    inputs = block_inputs(model, ids)

    def edit(block: int, states: Tensor) -> Tensor:
        states = states.clone()
        for k in range(block + 1):
            states[k, :-1] = inputs[max(k - 1, 0), :-1]
        return states

    return last_logits(model, ids, len(inputs), edit)


def skip_attention_sweep(model: LlamaForCausalLM, ids: list[int]) -> Tensor:
    """Row k: from block k upward, attention adds nothing, for all positions."""
    blocks = model.config.num_hidden_layers
    return last_logits(model, ids, blocks, attention_blocks=torch.arange(blocks))
