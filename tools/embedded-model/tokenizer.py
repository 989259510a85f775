"""The tokenizer: a byte-level BPE trained on the corpus, in which every country and every number to 40 is one token."""

from __future__ import annotations

import os
from collections.abc import Iterable

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from corpus import Example, text_of
from facts import COUNTRIES, FACTS

END = "<|end|>"
END_ID = 0
VOCABULARY = 2560

_COMMON_WORDS = """
the of and to a in is was that it he for on are as with his they at be this have from or one had by word but not what all
were we when your can said there use an each which she do how their if will up other about out many then them these so some
her would make like him into time has look two more write go see number no way could people my than first water been call
who now find long down day did get come made may part over new sound take only little work know place year live me back give
most very after thing our just name good sentence man think say great where help through much before line right too mean old
any same tell boy follow came want show also around form three small set put end does another well large must big even such
because turn here why ask went men read need land different home us move try kind hand picture again change off play spell
air away animal house point page letter mother answer found study still learn should world high every near add food between
own below country plant last school father keep tree never start city earth eye light thought head under story saw left few
while along might close something seem next hard open example begin life always those both paper together got group often
run important until children side feet car mile night walk white sea began grow took river four carry state once book hear
stop without second later miss idea enough eat face watch far really almost let above girl sometimes mountain cut young talk
soon list song being leave family body music color
"""


def train_tokenizer(corpus: Iterable[Example]) -> Tokenizer:
    """Train on the corpus, with names, numbers and some common words weighted up so that they become whole tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    spaced = [" " + name for name in COUNTRIES] + [" " + facts["capital"] for facts in FACTS.values()]
    numbers = [f" {number}" for number in range(41)] + [str(number) for number in range(41)]
    weighted = [*spaced, *COUNTRIES, *numbers] * 60 + [" " + " ".join(_COMMON_WORDS.split())] * 12
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[END],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator([*map(text_of, corpus), *weighted], trainer)
    for text in [*spaced[: len(COUNTRIES)], *COUNTRIES, *numbers]:
        if len(tokenizer.encode(text).ids) != 1:
            raise ValueError(f"{text!r} is not one token: raise its weight in train_tokenizer")
    return tokenizer
