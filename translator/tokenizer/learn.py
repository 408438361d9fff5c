"""Learn the joint vocabulary from text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence

import sentencepiece

from translator.config import TokenizerConfig
from translator.errors import ConfigError, DataError
from translator.progress import say
from translator.tokenizer.placeholders import CHARACTERS
from translator.tokenizer.tokenizer import (
    BOS_ID,
    EOS_ID,
    PAD_ID,
    UNK_ID,
    Tokenizer,
    encodable,
    tag_piece,
)

_TOO_LARGE = re.compile(r"value <= (\d+)")
_TOO_SMALL = re.compile(r"smaller than required_chars\D*\d+ vs (\d+)")
_LONGEST = 4000
"""Bytes of a sentence that SentencePiece learns from; what is longer teaches it nothing new."""


def learn_vocabulary(
    texts: Iterable[str], config: TokenizerConfig, tagged: Sequence[str] = ()
) -> Tokenizer:
    """Learn a SentencePiece model with byte fallback; the same texts give the same model.

    A vocabulary larger than the texts allow becomes the largest possible one, and that is said.

    Args:
        texts: what to learn from, spans that are copied put out (`protect_pair`).
        config: size and kind.
        tagged: languages that have a tag (`Tokenizer.tag`) among the pieces.

    Raises:
        DataError: there is no text to learn from.
        ConfigError: the texts have more characters than the vocabulary has pieces.
    """
    sentences = [encodable(text) for text in texts]
    if not any(sentence.strip() and len(sentence.encode()) <= _LONGEST for sentence in sentences):
        raise DataError(
            "there is no text to learn a vocabulary from",
            hint=f"Lines of more than {_LONGEST:,} bytes are not used for it.",
        )
    size = config.vocab_size
    try:
        return Tokenizer(_train(sentences, size, config.algorithm, tagged))
    except RuntimeError as error:
        _refuse_too_small(str(error), size)
        possible = _largest_possible(str(error), sentences, config, tagged)
    say_if_smaller(possible, size)
    return Tokenizer(_train(sentences, possible, config.algorithm, tagged))


def say_if_smaller(possible: int, asked: int) -> None:
    """Say that the data allow fewer pieces than were asked for, if that is so."""
    if possible < asked:
        say(
            f"The data allow a vocabulary of {possible:,} pieces, not {asked:,}: "
            f"using {possible:,}."
        )


def _train(sentences: list[str], size: int, algorithm: str, tagged: Sequence[str]) -> bytes:
    """Run SentencePiece's trainer; RuntimeError if the size is impossible."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_writer=model,
        model_type=algorithm,
        vocab_size=size,
        character_coverage=0.9999,
        byte_fallback=True,
        normalization_rule_name="nmt_nfkc",
        unk_id=UNK_ID,
        pad_id=PAD_ID,
        bos_id=BOS_ID,
        eos_id=EOS_ID,
        user_defined_symbols=CHARACTERS,
        control_symbols=[tag_piece(language) for language in tagged],
        max_sentence_length=_LONGEST,
        # the result depends on the number of threads, and must not depend on the machine
        num_threads=2,
        minloglevel=3,
    )
    return model.getvalue()


def _refuse_too_small(message: str, size: int) -> None:
    needed = _TOO_SMALL.search(message)
    if needed:
        raise ConfigError(
            f"tokenizer.vocab_size={size} is too small: the characters of these texts alone need "
            f"{int(needed.group(1)):,} pieces",
            hint="Ask for a larger one; a few thousand more than the characters need is usual.",
        )


def _largest_possible(
    message: str, sentences: list[str], config: TokenizerConfig, tagged: Sequence[str]
) -> int:
    """Find the largest vocabulary that trains; SentencePiece names it for unigram models."""
    named = _TOO_LARGE.search(message)
    if named:
        return int(named.group(1))
    low, high = 0, config.vocab_size  # low trains, high does not
    while high - low > 1:
        middle = (low + high) // 2
        try:
            _train(sentences, middle, config.algorithm, tagged)
            low = middle
        except RuntimeError:
            high = middle
    if not low:
        raise DataError(f"no vocabulary can be learned from this text: {message.strip()}")
    return low
