"""The generated corpus: questions, statements, lists, small sums, short homes and one-line summaries.

An example is a list of pieces; a piece is a text and whether it is an answer (the loss weighs answers more).
What is held out of training is decided by a hash of its name, so that the evaluation needs no list of it.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from facts import COUNTRIES, FACTS, RELATIONS


class Piece(NamedTuple):
    """A stretch of text; `is_answer` when the model is meant to produce it."""

    text: str
    is_answer: bool


Example = list[Piece]
QuestionAnswer = tuple[str, str]

QUESTIONS: dict[str, tuple[str, ...]] = {
    "capital": (
        "What is the capital of {country}?",
        "What is the capital city of {country}?",
        "Which city is the capital of {country}?",
        "{country} has which capital?",
        "Name the capital of {country}.",
        "What is {country}'s capital?",
        "Tell me the capital of the country {country}.",
    ),
    "continent": (
        "Which continent is {country} in?",
        "What continent is {country} on?",
        "On which continent is {country}?",
        "Where in the world is {country}?",
        "Name the continent of {country}.",
        "What is the continent of the country {country}?",
    ),
    "language": (
        "What language do people speak in {country}?",
        "What is the language of {country}?",
        "Which language is spoken in {country}?",
        "What do they speak in {country}?",
        "Name the language of {country}.",
        "What is the main language of the country {country}?",
    ),
    "currency": (
        "What is the currency of {country}?",
        "What money do they use in {country}?",
        "Which currency is used in {country}?",
        "What is {country}'s currency?",
        "Name the currency of {country}.",
        "What is the currency of the country {country}?",
    ),
}

STATEMENTS: dict[str, tuple[str, ...]] = {
    "capital": (
        "The capital of {country} is",
        "The capital city of {country} is",
        "The country {country} has the capital",
        "{country}'s capital is",
        "The capital of the country {country} is called",
        "{country}: capital",
    ),
    "continent": (
        "{country} is in",
        "{country} is a country in",
        "The country {country} is in",
        "The country {country} is on the continent",
        "{country}: continent",
    ),
    "language": (
        "People in {country} speak",
        "The language of {country} is",
        "The country {country} has the language",
        "In {country} they speak",
        "{country}: language",
    ),
    "currency": (
        "The currency of {country} is the",
        "People in {country} pay with the",
        "The country {country} has the currency",
        "In {country} they pay with the",
        "{country}: currency",
    ),
}

INVERSE_QUESTIONS = (
    "{capital} is the capital of which country?",
    "Which country has the capital {capital}?",
    "In which country is {capital}?",
)
INVERSE_STATEMENTS = (
    "{capital} is in",
    "{capital} is the capital of",
    "The city {capital} is in",
    "The city {capital} is the capital of",
)

SUM_QUESTIONS = (
    "What is {a} + {b}?",
    "{a} + {b}?",
    "What is the sum of {a} and {b}?",
    "How much is {a} plus {b}?",
)
DIFFERENCE_QUESTIONS = ("What is {a} - {b}?", "How much is {a} minus {b}?")

NAMES = (
    "Anna Tom Maria John Lucy Peter Emma Paul Sara David Nina Mark Julia Simon Clara Oscar Alice Henry Laura Victor"
).split()

EVENTS = (
    ("flood", "hit"),
    ("storm", "hit"),
    ("fire", "damaged"),
    ("earthquake", "shook"),
    ("parade", "crossed"),
    ("festival", "filled"),
    ("strike", "stopped"),
    ("blackout", "darkened"),
    ("marathon", "crossed"),
    ("heatwave", "hit"),
    ("market", "opened in"),
    ("museum", "opened in"),
    ("bridge", "opened in"),
    ("concert", "filled"),
    ("election", "divided"),
)
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
DETAILS: tuple[str, ...] = (
    "Many people watched from their windows.",
    "Schools were closed for the day.",
    "The mayor thanked the workers.",
    "Nobody was hurt.",
    "Trains were late all morning.",
    "Shops stayed open until night.",
    "Children played in the streets.",
    "Experts said it was the largest in years.",
    "Reporters came from many countries.",
    "The weather was cold and wet.",
    "Families stayed at home.",
    "The police asked drivers to be careful.",
    "Prices went up the next week.",
    "Local cooks served hot soup.",
    "The work cost a lot of money.",
    "Visitors took many pictures.",
    "Doctors helped the older people.",
    "The news spread quickly.",
    "Workers cleaned the streets.",
    "Two hotels were full.",
)
ARTICLE_CITIES = tuple(facts["capital"] for facts in FACTS.values() if facts["capital"].isalpha())

# How a question, its answer and the next question are joined. The first is the paper's, and the commonest.
FRAMES = (
    ("Q: ", " \n A:", " \n "),
    ("Q: ", "\nA:", "\n"),
    ("Q: ", " A:", " "),
    ("Question: ", "\nAnswer:", "\n"),
)
FRAME_WEIGHTS = (10, 4, 4, 2)


# --- what is held out ---------------------------------------------------------------------------------------------


def _share(*name: object) -> float:
    """A number in [0, 1) that depends on the name alone."""
    digest = hashlib.md5("/".join(map(str, name)).encode()).hexdigest()
    return int(digest[:8], 16) / 2**32


def is_held_out_fact(country: str, relation: str, template: str) -> bool:
    """15 % of the triples of country, relation and wording are never trained on."""
    return _share("fact", country, relation, template) < 0.15


def is_held_out_sum(a: int, b: int, template: str) -> bool:
    """15 % of the triples of addends and wording are never trained on."""
    return _share("sum", a, b, template) < 0.15


def is_held_out_pair(a: int, b: int) -> bool:
    """5 % of the ordered pairs of addends are never trained on, in no wording."""
    return _share("pair", a, b) < 0.05


# --- single questions ---------------------------------------------------------------------------------------------


def _fact(
    rng: random.Random, templates: dict[str, tuple[str, ...]], relation: str | None, country: str | None, held_out: bool
) -> QuestionAnswer:
    relation = relation or rng.choices(RELATIONS, (5, 2, 2, 2))[0]
    while True:
        chosen = country or rng.choice(COUNTRIES)
        template = rng.choice(templates[relation])
        if is_held_out_fact(chosen, relation, template) == held_out:
            return template.format(country=chosen), " " + FACTS[chosen][relation]


def fact_question(
    rng: random.Random, relation: str | None = None, country: str | None = None, held_out: bool = False
) -> QuestionAnswer:
    """A question about a country and its answer (with a leading space)."""
    return _fact(rng, QUESTIONS, relation, country, held_out)


def fact_statement(
    rng: random.Random, relation: str | None = None, country: str | None = None, held_out: bool = False
) -> QuestionAnswer:
    """A statement about a country up to its last word, and that word (with a leading space)."""
    return _fact(rng, STATEMENTS, relation, country, held_out)


def sum_question(rng: random.Random, largest: int, held_out: str = "nothing") -> QuestionAnswer:
    """A sum of two numbers in 0..largest; `held_out` is "nothing", "wording" or "pair"."""
    while True:
        a, b = rng.randint(0, largest), rng.randint(0, largest)
        template = rng.choice(SUM_QUESTIONS)
        pair, wording = is_held_out_pair(a, b), is_held_out_sum(a, b, template)
        found = "pair" if pair else "wording" if wording else "nothing"
        if found == held_out:
            return template.format(a=a, b=b), f" {a + b}"


def difference_question(rng: random.Random, largest: int) -> QuestionAnswer:
    """A difference of two numbers in 0..largest that is not negative."""
    small, large = sorted((rng.randint(0, largest), rng.randint(0, largest)))
    return rng.choice(DIFFERENCE_QUESTIONS).format(a=large, b=small), f" {large - small}"


def arithmetic_question(rng: random.Random) -> QuestionAnswer:
    """A sum or, one time in five, a difference; half of them with numbers to 9, half to 20."""
    largest = 9 if rng.random() < 0.5 else 20
    return difference_question(rng, largest) if rng.random() < 0.2 else sum_question(rng, largest)


def inverse_question(rng: random.Random) -> QuestionAnswer:
    """Which country a capital belongs to."""
    country = rng.choice(COUNTRIES)
    return rng.choice(INVERSE_QUESTIONS).format(capital=FACTS[country]["capital"]), " " + country


def home_question(rng: random.Random) -> QuestionAnswer:
    """A two-hop question with its one sentence of context: a person's home, a fact about that country."""
    name, country, relation = rng.choice(NAMES), rng.choice(COUNTRIES), rng.choice(RELATIONS)
    context = f"{name} lives in {country}."
    question = f"What is the {relation} of the country where {name} lives?"
    return f"{context} Q: {question} A:", " " + FACTS[country][relation]


def summary_question(rng: random.Random) -> QuestionAnswer:
    """Three sentences, one of which matters, and a one-line summary."""
    (event, verb), city, day = rng.choice(EVENTS), rng.choice(ARTICLE_CITIES), rng.choice(DAYS)
    article = "an" if event[0] in "aeiou" else "a"
    news = rng.choice(
        (
            f"A large {event} {verb} the city of {city} on {day}.",
            f"On {day}, {article} {event} {verb} {city}.",
            f"In {city} people spoke about the {event} of {day}.",
            f"The {event} in {city} began on {day}.",
        )
    )
    sentences = rng.sample(DETAILS, 2)
    sentences.insert(rng.choice((0, 0, 1, 2)), news)
    opening = "Article: " if rng.random() < 0.7 else ""
    ending = rng.choice((" TL;DR:", " \n TL;DR:", "\nTL;DR:"))
    return opening + " ".join(sentences) + ending, f" {event} in {city} on {day}."


# --- examples -----------------------------------------------------------------------------------------------------


def few_shot(rng: random.Random, shots: int, ask: Callable[[random.Random], QuestionAnswer]) -> Example:
    """Questions with their answers, one after the other, in one frame."""
    before, between, after = rng.choices(FRAMES, FRAME_WEIGHTS)[0]
    example: Example = []
    for index in range(shots):
        question, answer = ask(rng)
        example += [Piece((after if index else "") + before + question + between, False), Piece(answer, True)]
    return example


def _country_questions(rng: random.Random) -> Example:
    relation = rng.choices((*RELATIONS, None), (5, 2, 2, 2, 3))[0]
    return few_shot(rng, rng.choice((1, 1, 1, 2, 3, 4)), lambda r: fact_question(r, relation))


def _country_statements(rng: random.Random) -> Example:
    country = rng.choice(COUNTRIES) if rng.random() < 0.4 else None
    relation = rng.choice(RELATIONS) if country is None and rng.random() < 0.5 else None
    example: Example = []
    for index in range(rng.choice((1, 1, 2, 3))):
        statement, answer = fact_statement(rng, relation, country)
        example += [Piece((" " if index else "") + statement, False), Piece(answer + ".", True)]
    return example


def _topic_then_question(rng: random.Random) -> Example:
    country, relation = rng.choice(COUNTRIES), rng.choice(RELATIONS)
    topic = rng.choice(("The country ", "The country ", "")) + country + rng.choice((".", ""))
    join, ask = rng.choice((" \n ", "\n", " ")), rng.choice((" \n A:", " A:"))
    question = f"{join}Q: What is its {relation}?{ask}"
    return [Piece(topic + question, False), Piece(" " + FACTS[country][relation], True)]


def _inverse_statement(rng: random.Random) -> Example:
    country = rng.choice(COUNTRIES)
    statement = rng.choice(INVERSE_STATEMENTS).format(capital=FACTS[country]["capital"])
    return [Piece(statement, False), Piece(f" {country}.", True)]


def _list_of_facts(rng: random.Random) -> Example:
    relation = rng.choice(RELATIONS)
    example: Example = []
    for index, country in enumerate(rng.sample(COUNTRIES, rng.choice((2, 3, 4)))):
        example += [Piece((", " if index else "") + country + " -", False), Piece(" " + FACTS[country][relation], True)]
    return example


def _sums_as_equations(rng: random.Random) -> Example:
    example: Example = []
    for index in range(rng.choice((1, 2, 3))):
        largest = 9 if rng.random() < 0.5 else 20
        a, b = rng.randint(0, largest), rng.randint(0, largest)
        while is_held_out_pair(a, b):
            a, b = rng.randint(0, largest), rng.randint(0, largest)
        example += [Piece(f"{', ' if index else ''}{a} + {b} =", False), Piece(f" {a + b}", True)]
    return example


def _arithmetic_questions(rng: random.Random) -> Example:
    return few_shot(rng, rng.choice((1, 1, 2, 3)), arithmetic_question)


def _mixed_questions(rng: random.Random) -> Example:
    return few_shot(rng, rng.choice((2, 3)), lambda r: arithmetic_question(r) if r.random() < 0.5 else fact_question(r))


def _inverse_questions(rng: random.Random) -> Example:
    return few_shot(rng, rng.choice((1, 2)), inverse_question)


def _one(ask: Callable[[random.Random], QuestionAnswer]) -> Callable[[random.Random], Example]:
    def make(rng: random.Random) -> Example:
        prompt, answer = ask(rng)
        return [Piece(prompt, False), Piece(answer, True)]

    return make


# What the corpus is made of, in percent.
MIX: tuple[tuple[int, Callable[[random.Random], Example]], ...] = (
    (27, _country_questions),
    (13, _country_statements),
    (3, _topic_then_question),
    (2, _inverse_statement),
    (2, _inverse_questions),
    (2, _list_of_facts),
    (21, _arithmetic_questions),
    (11, _sums_as_equations),
    (5, _mixed_questions),
    (4, _one(home_question)),
    (10, _one(summary_question)),
)


def examples(seed: int, count: int) -> Iterator[Example]:
    """The corpus: the same examples for the same seed."""
    rng = random.Random(seed)
    weights, makers = [weight for weight, _ in MIX], [make for _, make in MIX]
    for _ in range(count):
        yield rng.choices(makers, weights)[0](rng)


def text_of(example: Example) -> str:
    """An example's pieces as one text."""
    return "".join(piece.text for piece in example)
