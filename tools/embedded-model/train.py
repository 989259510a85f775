"""Train the tokenizer and the decoder from scratch, by steps, from one seed.

The regulariser: in 60 % of the steps the lowest blocks attend only to the token itself and the one before it, so that facts
must be fetched higher up. Without it they are fetched in block 0 and a swap flips at k = 1 (README.md): nothing to see.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import random
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor
from transformers import LlamaForCausalLM

from corpus import Example, examples, text_of
from model import BLOCKS, final_states, new_model
from tokenizer import END_ID, train_tokenizer

SEED = 20240905
EXAMPLES = 200_000
TOKENIZER_EXAMPLES = 30_000

STEPS = 5500
BATCH_TOKENS = 1024
WARM_UP_STEPS = 30
SHORT_SHARE = 0.25  # of the steps, first: only short examples
SHORT_TOKENS = 18
CONTEXT_WEIGHT = 0.1  # loss weight of what is not an answer

MATRIX_RATE = 4e-3  # Muon, on the blocks' matrices
VECTOR_RATE = 2e-3  # AdamW, on embeddings and norms
WEIGHT_DECAY = 0.05

REPORT_STEPS = 25
CHECKPOINT_STEPS = 200

LOCAL_SHARE = 0.6
LOCAL_BLOCKS = 4


class Encoded(NamedTuple):
    """An example as tokens, and which of them are answers."""

    ids: list[int]
    is_answer: list[bool]


def encode(tokenizer: Tokenizer, example: Example) -> Encoded:
    """Tokenize an example as one text; a token is an answer if it ends inside an answer's piece."""
    ends: list[tuple[int, bool]] = []
    length = 0
    for piece in example:
        length += len(piece.text)
        ends.append((length, piece.is_answer))
    encoding = tokenizer.encode(text_of(example))
    flags = [next(flag for end, flag in ends if token_end <= end) for _, token_end in encoding.offsets]
    return Encoded([*encoding.ids, END_ID], [*flags, flags[-1]])


def batches(data: list[Encoded], rng: random.Random) -> list[list[Encoded]]:
    """Group examples of similar length into batches of about BATCH_TOKENS tokens, padding included, in random order."""
    ordered = sorted(data, key=lambda example: len(example.ids) + rng.random() * 3)
    grouped: list[list[Encoded]] = [[]]
    longest = 0
    for example in ordered:
        longest = max(longest, len(example.ids))
        if grouped[-1] and (len(grouped[-1]) + 1) * longest > BATCH_TOKENS:
            grouped.append([])
            longest = len(example.ids)
        grouped[-1].append(example)
    rng.shuffle(grouped)
    return grouped


def _endless(data: list[Encoded], rng: random.Random) -> Iterator[list[Encoded]]:
    while True:
        yield from batches(data, rng)


def curriculum(data: list[Encoded], steps: int, rng: random.Random) -> Iterator[list[Encoded]]:
    """One batch per step: for the first SHORT_SHARE of the steps of short examples, then of all."""
    short = [example for example in data if len(example.ids) <= SHORT_TOKENS]
    yield from islice(_endless(short, rng), round(SHORT_SHARE * steps))
    yield from _endless(data, rng)


def tensors(batch: list[Encoded]) -> tuple[Tensor, Tensor]:
    """A batch as ids and loss weights, both `[rows, positions]`, padded on the right with weight 0."""
    longest = max(len(example.ids) for example in batch)
    ids = torch.full((len(batch), longest), END_ID)
    weights = torch.zeros(len(batch), longest)
    for row, example in enumerate(batch):
        ids[row, : len(example.ids)] = torch.tensor(example.ids)
        weights[row, : len(example.ids)] = torch.tensor([1.0 if flag else CONTEXT_WEIGHT for flag in example.is_answer])
    return ids, weights


def local_masks(rows: int, positions: int, rng: random.Random) -> list[Tensor | None] | None:
    """The regulariser's masks for one step: None (nothing special), or the lowest n blocks see self and previous only."""
    if rng.random() >= LOCAL_SHARE:
        return None
    count = LOCAL_BLOCKS if rng.random() < 0.5 else rng.randint(1, LOCAL_BLOCKS)
    index = torch.arange(positions)
    distance = index[:, None] - index[None, :]
    mask = ((distance >= 0) & (distance <= 1))[None, None].expand(rows, 1, positions, positions)
    return [mask if k < count else None for k in range(BLOCKS)]


def schedule(step: int, steps: int) -> float:
    """The factor of both learning rates: linear warm-up, cosine to 5 %."""
    cosine = 0.5 * (1 + math.cos(math.pi * step / steps))
    return min(1.0, (step + 1) / WARM_UP_STEPS) * (0.05 + 0.95 * cosine)


def optimizers(model: LlamaForCausalLM) -> list[torch.optim.Optimizer]:
    """Muon for the blocks' matrices, AdamW for embeddings (with decay) and norms (without)."""
    matrices = [p for name, p in model.named_parameters() if p.dim() == 2 and "layers" in name]
    embeddings = [p for name, p in model.named_parameters() if p.dim() == 2 and "layers" not in name]
    norms = [p for p in model.parameters() if p.dim() == 1]
    muon = torch.optim.Muon(
        matrices, lr=MATRIX_RATE, weight_decay=WEIGHT_DECAY, momentum=0.95, adjust_lr_fn="match_rms_adamw"
    )
    groups = [{"params": embeddings, "weight_decay": WEIGHT_DECAY}, {"params": norms, "weight_decay": 0.0}]
    adam = torch.optim.AdamW(groups, lr=VECTOR_RATE, betas=(0.9, 0.98))
    return [muon, adam]


class Loss(NamedTuple):
    """What a step minimises, and how it did on the answers alone."""

    total: Tensor
    answers: float
    answers_right: float


def weighted_loss(model: LlamaForCausalLM, ids: Tensor, weights: Tensor, masks: list[Tensor | None] | None) -> Loss:
    """Cross-entropy of each next token, averaged with the loss weights; both `[rows, positions]`."""
    counted = weights[:, 1:] > 0
    logits = model.lm_head(final_states(model, ids[:, :-1], masks)[counted])
    wanted, weight = ids[:, 1:][counted], weights[:, 1:][counted]
    by_token = F.cross_entropy(logits, wanted, reduction="none")
    is_answer = weight == 1
    right = logits.detach().argmax(-1) == wanted
    return Loss(
        (by_token * weight).sum() / weight.sum(),
        by_token.detach()[is_answer].mean().item(),
        right[is_answer].float().mean().item(),
    )


def fit(model: LlamaForCausalLM, data: list[Encoded], steps: int, total: int, checkpoint: Path) -> int:
    """Train for `steps` of a schedule that is `total` steps long; returns the number of tokens seen, padding included."""
    muon, adam = optimizers(model)
    supply, mask_rng = curriculum(data, total, random.Random(SEED + 1)), random.Random(SEED + 2)
    started, tokens = time.time(), 0
    recent: list[Loss] = []
    for step, batch in enumerate(islice(supply, steps)):
        factor = schedule(step, total)
        for optimizer, rate in ((muon, MATRIX_RATE), (adam, VECTOR_RATE)):
            for group in optimizer.param_groups:
                group["lr"] = rate * factor
        ids, weights = tensors(batch)
        loss = weighted_loss(model, ids, weights, local_masks(ids.shape[0], ids.shape[1] - 1, mask_rng))
        model.zero_grad()
        loss.total.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        muon.step()
        adam.step()
        tokens += ids.numel()
        recent.append(loss)
        if len(recent) == REPORT_STEPS:
            answers = sum(each.answers for each in recent) / len(recent)
            right = sum(each.answers_right for each in recent) / len(recent)
            seconds = time.time() - started
            print(f"step {step + 1}, {seconds:.0f} s: answers' loss {answers:.3f}, right {right:.3f}", flush=True)
            recent.clear()
        if (step + 1) % CHECKPOINT_STEPS == 0:
            model.save_pretrained(checkpoint)
    return tokens


def weights_hash(model: LlamaForCausalLM) -> str:
    """SHA-256 of all parameters, in order."""
    digest = hashlib.sha256()
    for _, parameter in sorted(model.named_parameters()):
        digest.update(parameter.detach().contiguous().numpy().tobytes())
    return digest.hexdigest()


def train(output: Path, steps: int = STEPS) -> None:
    """Write `tokenizer.json` and the fp32 weights to `output`."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(SEED)
    output.mkdir(parents=True, exist_ok=True)

    corpus = list(examples(SEED, EXAMPLES))
    tokenizer = train_tokenizer(corpus[:TOKENIZER_EXAMPLES])
    tokenizer.save(str(output / "tokenizer.json"))
    data = [encode(tokenizer, example) for example in corpus]
    print(f"{len(data)} examples, {sum(len(example.ids) for example in data)} tokens", flush=True)

    model = new_model().train()
    print(f"{sum(p.numel() for p in model.parameters())} parameters", flush=True)
    tokens = fit(model, data, steps, STEPS, output)
    model.save_pretrained(output)
    print(f"{steps} steps, {tokens} tokens with padding, weights sha256 {weights_hash(model)}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument(
        "--steps", type=int, default=STEPS, help="stop early (the schedule stays), to test reproducibility"
    )
    arguments = parser.parse_args()
    train(arguments.output, arguments.steps)
