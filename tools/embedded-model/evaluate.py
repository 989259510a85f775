"""Measure the shipped model: accuracy on what training never showed, swaps and the other conditions by k.

All figures are from the shipped file's weights (dequantised), in fp32 PyTorch, with fixed seeds.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypedDict

import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import LlamaForCausalLM

import corpus
from corpus import QuestionAnswer
from export import shipped_model
from facts import COUNTRIES, FACTS, RELATIONS
from model import final_states
from swap import Prompt, freeze_sweep, last_logits, random_sweep, skip_attention_sweep, swap_sweep

FEW_SHOT = "Q: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of {}? \n A:"
ZERO_SHOT = "Q: What is the capital of {}? \n A:"
STATEMENT = "The capital of {} is"
TOPIC = "The country {}"

Ask = Callable[[random.Random], QuestionAnswer]

QUESTIONS = 300
PAIRS = 30


class Trial(NamedTuple):
    """A swap and the first tokens of the two answers that it is between."""

    target: Prompt
    target_answer: int
    source: Prompt
    source_answer: int


class SwapTable(TypedDict):
    """How many of the trials gave the target's, the source's or neither answer, per k, and each trial's row of letters."""

    name: str
    asked: int
    target: list[int]
    source: list[int]
    neither: list[int]
    rows: list[str]


class Figures(TypedDict):
    """All that is measured; `kept` is by prompt, condition and k."""

    demo: str
    accuracy: dict[str, float]
    swaps: list[SwapTable]
    kept: dict[str, dict[str, list[float]]]


class Subject:
    """The model with its tokenizer."""

    def __init__(self, directory: Path, model: LlamaForCausalLM | None = None) -> None:
        self.model = model or shipped_model(directory)
        self.tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))

    def ids(self, text: str) -> list[int]:
        """The text's tokens."""
        return self.tokenizer.encode(text).ids

    def first(self, answer: str) -> int:
        """The first token of an answer, which a leading space belongs to."""
        return self.ids(" " + answer)[0]

    def prompt(self, template: str, word: str) -> Prompt:
        """A prompt with `word` in it, at the word's last occurrence as one token (with or without a leading space)."""
        ids = self.ids(template.format(word))
        tokens = {tuple(self.ids(text)) for text in (word, " " + word)}
        return Prompt(ids, max(index for index, token in enumerate(ids) if (token,) in tokens))

    def answers(self, question: str, answer: str) -> bool:
        """Whether the greedy continuation is the whole answer, token by token."""
        prompt, whole = self.ids(question), self.ids(question + answer)
        logits = self.model.lm_head(final_states(self.model, torch.tensor([whole]))[0])
        guessed = logits.argmax(-1)[len(prompt) - 1 : len(whole) - 1].tolist()
        return whole[: len(prompt)] == prompt and guessed == whole[len(prompt) :]


# --- accuracy -----------------------------------------------------------------------------------------------------


def in_paper_frame(ask: Ask, shots: Ask | None = None) -> Ask:
    """Prompts in the paper's frame; with `shots`, after two other questions and their answers."""

    def make(rng: random.Random) -> QuestionAnswer:
        shown = [shots(rng) for _ in range(2)] if shots is not None else []
        question, answer = ask(rng)
        return "".join(f"Q: {q} \n A:{a} \n " for q, a in shown) + f"Q: {question} \n A:", answer

    return make


def equation(rng: random.Random) -> QuestionAnswer:
    """A sum without words."""
    a, b = rng.randint(0, 9), rng.randint(0, 9)
    return f"{a} + {b} =", f" {a + b}"


def accuracy_tasks() -> dict[str, Ask]:
    """Per row of the accuracy table: a maker of a prompt and its answer."""
    tasks: dict[str, Ask] = {}
    for relation in RELATIONS:
        seen = partial(corpus.fact_question, relation=relation)
        unseen = partial(corpus.fact_question, relation=relation, held_out=True)
        tasks[f"{relation}, question held out"] = in_paper_frame(unseen)
        tasks[f"{relation}, question held out, after two others"] = in_paper_frame(unseen, seen)
        tasks[f"{relation}, statement held out"] = partial(corpus.fact_statement, relation=relation, held_out=True)
    for largest in (9, 20):
        for held_out, words in (("wording", "held out in this wording"), ("pair", "held out in all wordings")):
            ask = partial(corpus.sum_question, largest=largest, held_out=held_out)
            tasks[f"sum of numbers to {largest}, {words}"] = in_paper_frame(ask)
        tasks[f"difference of numbers to {largest}"] = in_paper_frame(
            partial(corpus.difference_question, largest=largest)
        )
    tasks["equation `a + b =`, numbers to 9"] = equation
    tasks["country of a capital"] = in_paper_frame(corpus.inverse_question)
    tasks["fact about the country where someone lives"] = corpus.home_question
    tasks["one-line summary"] = corpus.summary_question
    return tasks


def accuracies(subject: Subject) -> dict[str, float]:
    """Exact match of the whole answer."""
    table: dict[str, float] = {}
    for name, make in accuracy_tasks().items():
        rng = random.Random(name)
        table[name] = sum(subject.answers(*make(rng)) for _ in range(QUESTIONS)) / QUESTIONS
    for name, template in (("capital of every country, zero-shot", ZERO_SHOT), ("the same, after Spain", FEW_SHOT)):
        right = [subject.answers(template.format(c), " " + FACTS[c]["capital"]) for c in COUNTRIES]
        table[f"{name} ({len(COUNTRIES)})"] = sum(right) / len(right)
    return table


# --- swaps --------------------------------------------------------------------------------------------------------


def country_trials(subject: Subject, target: str, source: str, seed: int, relation: str = "capital") -> list[Trial]:
    """Pairs of countries with different answers in one template for the target and one for the source."""
    rng = random.Random(seed)
    trials: list[Trial] = []
    while len(trials) < PAIRS:
        own, other = rng.sample([country for country in COUNTRIES if country != "Spain"], 2)
        answers = [subject.first(FACTS[country][relation]) for country in (own, other)]
        if answers[0] != answers[1]:
            trials.append(Trial(subject.prompt(target, own), answers[0], subject.prompt(source, other), answers[1]))
    return trials


def sum_trials(subject: Subject, seed: int) -> list[Trial]:
    """Sums in which the first addend of the question is swapped for another."""
    rng = random.Random(seed)
    template = "Q: What is 2 + 6? \n A: 8 \n Q: What is {} + {}? \n A:"
    trials: list[Trial] = []
    for _ in range(PAIRS):
        own, other, second = rng.sample(range(1, 10), 3)
        ids = [subject.ids(template.format(first, second)) for first in (own, other)]
        place = max(index for index, (a, b) in enumerate(zip(*ids, strict=True)) if a != b)
        answers = [subject.first(str(first + second)) for first in (own, other)]
        trials.append(Trial(Prompt(ids[0], place), answers[0], Prompt(ids[1], place), answers[1]))
    return trials


def outcomes(logits: Tensor, trial: Trial) -> str:
    """A sweep as letters: t (the target's answer), s (the source's), n (neither)."""
    letters = {trial.target_answer: "t", trial.source_answer: "s"}
    return "".join(letters.get(int(token), "n") for token in logits.argmax(-1))


def swap_table(subject: Subject, name: str, trials: list[Trial]) -> SwapTable:
    """Swap every pair whose target prompt is answered right before the swap."""
    rows = [
        outcomes(swap_sweep(subject.model, trial.target, trial.source), trial)
        for trial in trials
        if int(last_logits(subject.model, trial.target.ids).argmax()) == trial.target_answer
    ]
    counts = [[sum(row[k] == letter for row in rows) for k in range(len(rows[0]))] for letter in "tsn"]
    return SwapTable(name=name, asked=len(trials), target=counts[0], source=counts[1], neither=counts[2], rows=rows)


def swap_tables(subject: Subject) -> list[SwapTable]:
    """The swaps that the model card reports."""
    named = {
        "capital after Spain <- `The country X`": country_trials(subject, FEW_SHOT, TOPIC, 1),
        "capital after Spain <- `X`": country_trials(subject, FEW_SHOT, "{}", 1),
        "capital after Spain <- the same prompt with X": country_trials(subject, FEW_SHOT, FEW_SHOT, 1),
        "capital, zero-shot <- `The country X`": country_trials(subject, ZERO_SHOT, TOPIC, 2),
        "`The capital of C is` <- `The country X`": country_trials(subject, STATEMENT, TOPIC, 3),
        "language, zero-shot <- `The country X`": country_trials(
            subject, "Q: What is the language of {}? \n A:", TOPIC, 4, "language"
        ),
        "sum, first addend <- the same prompt": sum_trials(subject, 5),
    }
    return [swap_table(subject, name, trials) for name, trials in named.items()]


# --- the other conditions -----------------------------------------------------------------------------------------


def kept(subject: Subject, trials: list[Trial]) -> dict[str, list[float]]:
    """Per condition and k: the share of the right answers that survive."""
    model = subject.model
    right = [t for t in trials if int(last_logits(model, t.target.ids).argmax()) == t.target_answer]
    noise = torch.Generator().manual_seed(0)
    sweeps: dict[str, Callable[[list[int]], Tensor]] = {
        "random": lambda ids: random_sweep(model, ids, noise),
        "freeze": lambda ids: freeze_sweep(model, ids),
        "skip attention": lambda ids: skip_attention_sweep(model, ids),
    }
    table: dict[str, list[float]] = {}
    for name, sweep in sweeps.items():
        hits = torch.stack([sweep(t.target.ids).argmax(-1) == t.target_answer for t in right])
        table[name] = hits.float().mean(0).tolist()
    return table


def demo_pair(subject: Subject) -> str:
    """The demo pair's sweep as letters."""
    answers = subject.first("Paris"), subject.first("Rome")
    trial = Trial(subject.prompt(FEW_SHOT, "France"), answers[0], subject.prompt(TOPIC, "Italy"), answers[1])
    return outcomes(swap_sweep(subject.model, trial.target, trial.source), trial)


def evaluate(subject: Subject) -> Figures:
    """All figures, ready for JSON."""
    with torch.inference_mode():
        return Figures(
            demo=demo_pair(subject),
            accuracy=accuracies(subject),
            swaps=swap_tables(subject),
            kept={
                "capital after Spain": kept(subject, country_trials(subject, FEW_SHOT, TOPIC, 1)),
                "sum": kept(subject, sum_trials(subject, 5)),
            },
        )


def print_report(figures: Figures) -> None:
    """The figures as plain text."""
    print("demo pair", figures["demo"])
    for name, value in figures["accuracy"].items():
        print(f"{value:.3f} {name}")
    for table in figures["swaps"]:
        print(f"{table['name']}: {len(table['rows'])} of {table['asked']} right before the swap")
        for outcome, counts in (
            ("target", table["target"]),
            ("source", table["source"]),
            ("neither", table["neither"]),
        ):
            print(f"  {outcome:8}" + "".join(f"{count:5d}" for count in counts))
    for name, conditions in figures["kept"].items():
        print(f"kept: {name}")
        for condition, shares in conditions.items():
            print(f"  {condition:15}" + "".join(f"{share:6.2f}" for share in shares))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path, help="hub-layout directory, or with --trained a training output")
    parser.add_argument("--trained", action="store_true", help="measure unquantised weights instead")
    parser.add_argument("--json", type=Path, help="also write the figures here")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    unquantised = LlamaForCausalLM.from_pretrained(arguments.directory).eval() if arguments.trained else None
    measured = evaluate(Subject(arguments.directory, unquantised))
    print_report(measured)
    if arguments.json:
        arguments.json.write_text(json.dumps(measured, indent=1) + "\n")
