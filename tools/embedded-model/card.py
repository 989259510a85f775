"""The model card, filled in with measured figures: nothing in it is typed by hand that could be counted."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from corpus import is_held_out_pair
from evaluate import QUESTIONS, Figures
from export import BITS, BLOCK_SIZE, shipped_model, sizes
from facts import COUNTRIES
from model import BLOCKS, WIDTH
from train import STEPS

CARD = """---
language: en
license: apache-2.0
library_name: transformers.js
pipeline_tag: text-generation
tags: [demonstration, toy-model, onnx]
---

# {name}

A toy decoder that ships with State Swap so that the first run needs no download. **It is a demonstration, never
evidence.** Its layer structure was put there by its training (see "Where the flip comes from"); nothing that it shows says
anything about real language models. For a claim, use a real model.

## What it is
Llama architecture, {blocks} blocks of width {width}, 4 heads and 2 key-value heads, SwiGLU 344, tied embeddings, RoPE, 512
positions; {parameters} parameters. Byte-level BPE with 2,560 tokens; every country and every number from 0 to 40 is one
token, with and without a space in front; no token is added at the start. Trained from scratch, from one seed, by
`tools/embedded-model/` in State Swap's repository, {steps:,} steps on one CPU core.

`onnx/model.onnx` is the ordinary optimum-onnx graph (text-generation-with-past). Its matrices are stored in {bits} bits by
onnxruntime's quantiser (MatMulNBits, blocks of {block_size}, symmetric, no accuracy level), embedding and norms in fp32;
activations are fp32. {bytes} bytes with the tokenizer.

## What it was trained on
Text that a script made from templates: questions and statements about {countries} countries (capital, continent, language,
currency), zero to three others in front, inverse questions, short lists, sums and differences to 20, "X lives in Y" with
one question, one-line summaries of three made-up sentences. No text from the web, from books or from another model. Names
of people are common first names; events are made up.

The facts are from general knowledge and simplified; do not learn geography here:
- one answer each: one official or main language per country (Belgium: Dutch, Switzerland: German, Haiti: French), one
  capital (Bolivia: Sucre, Malaysia: Kuala Lumpur), one currency (Zimbabwe: dollar);
- "America" is both Americas; Russia, Turkey, Cyprus, Egypt and others have one continent; "Oceania" includes Australia;
- names are one word: "Korea" is South Korea, "Guinea" the Republic of Guinea; countries with longer names are missing;
- England and Scotland stand for themselves, the United Kingdom is missing; accents are left out (Yaounde, Bogota);
- a few places whose status or capital is disputed are left out, not all.

They were read over, and checked against no reference work.

## Measured
On this file's weights, exact match of the whole answer, greedy. "Held out" means that this combination of country or sum
and wording was not in the training text (facts were, in other wordings). The rows without "held out" are newly drawn
questions of the kinds that it was trained on. {questions} questions a row, drawn with repetition; few sums are held out in
all wordings ({pairs_to_9} with numbers to 9, {pairs_to_20} to 20; the same numbers the other way round may have been seen).
Figures near 1 mean that the questions are like the training text, not that the model is good.

{accuracy}

State swaps, {pairs} pairs each: how often the answer after the swap at the input of block k is the target's, the source's or
neither. Only prompts that were answered right before the swap count.

{swaps}

The demo pair (`Q: What is the capital of Spain? \\n A: Madrid \\n Q: What is the capital of France? \\n A:` with a line break
for each `\\n`, France <- Italy of `The country Italy`): {demo}.

Right answers kept when all states but the last are changed at block k (random), held from block k upward (freeze, defined
from k = 1), or when attention is off from block k upward:

{kept}

## Where the flip comes from
In 60 % of the training steps the lowest one to four blocks could attend only to the token itself and the one before it.
Without that, a model this small fetches the fact in its first block and there is nothing to see: the same training with that
part off, measured after 1,000 steps, flipped at k = 1 in 30 of 30 zero-shot pairs. So *that* the flip is not at the bottom
is a choice of the training. The top blocks were not trained for it: no step took their attention away.

## Limits
- It knows nothing else and answers everything in the manner of its training text: "The Eiffel Tower is in" gives a country
  at random, 12 + 30 a number below 41.
- It cannot read: where things are and who has them was tried in a prototype, not learned, and is left out.
- Other wordings than the trained ones may fail, and so may prompts longer than about 60 tokens.
"""


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, its first column text and the others numbers."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def runs(letters: str) -> str:
    """A sweep's letters in words: "source for k = 0..6, target for k = 7..11"."""
    names = {"t": "' Paris'", "s": "' Rome'", "n": "neither"}
    parts: list[str] = []
    start = 0
    for k in range(1, len(letters) + 1):
        if k == len(letters) or letters[k] != letters[start]:
            where = f"k = {start}" if k - 1 == start else f"k = {start}..{k - 1}"
            parts.append(f"{names[letters[start]]} for {where}")
            start = k
    return ", ".join(parts)


def held_out_pairs(largest: int) -> int:
    """How many sums of two numbers in 0..largest are held out in all wordings."""
    numbers = range(largest + 1)
    return sum(is_held_out_pair(a, b) for a in numbers for b in numbers)


def card(directory: Path, figures: Figures, parameters: int) -> str:
    """The card's text."""
    blocks = [str(k) for k in range(BLOCKS)]
    swaps = [
        table(
            [f"{entry['name'].replace('<-', '←')} ({len(entry['rows'])} of {entry['asked']} right), k =", *blocks],
            [
                ["target", *map(str, entry["target"])],
                ["source", *map(str, entry["source"])],
                ["neither", *map(str, entry["neither"])],
            ],
        )
        for entry in figures["swaps"]
    ]
    kept = [
        table(
            [f"{name}, k =", *blocks],
            [
                [
                    condition,
                    *("-" if condition == "freeze" and k == 0 else f"{share:.2f}" for k, share in enumerate(shares)),
                ]
                for condition, shares in conditions.items()
            ],
        )
        for name, conditions in figures["kept"].items()
    ]
    return CARD.format(
        name=directory.name,
        blocks=BLOCKS,
        width=WIDTH,
        steps=STEPS,
        parameters=f"{parameters:,}",
        bits=BITS,
        block_size=BLOCK_SIZE,
        bytes=f"{sum(size for name, size in sizes(directory).items() if name != 'README.md'):,}",
        countries=len(COUNTRIES),
        pairs=figures["swaps"][0]["asked"],
        questions=QUESTIONS,
        pairs_to_9=held_out_pairs(9),
        pairs_to_20=held_out_pairs(20),
        demo=runs(figures["demo"]),
        accuracy=table(["task", "right"], [[name, f"{value:.3f}"] for name, value in figures["accuracy"].items()]),
        swaps="\n\n".join(swaps),
        kept="\n\n".join(kept),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("figures", type=Path, help="what `evaluate.py --json` wrote")
    arguments = parser.parse_args()
    count = sum(parameter.numel() for parameter in shipped_model(arguments.directory).parameters())
    text = card(arguments.directory, json.loads(arguments.figures.read_text()), count)
    (arguments.directory / "README.md").write_text(text)
