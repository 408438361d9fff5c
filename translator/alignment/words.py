"""The words of a text, as places in it, and which tokens of the vocabulary make each of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from translator.decoding.text.scripts import UNSPACED, is_unspaced
from translator.tokenizer import Protected, Tokenizer

_WORD = re.compile(r"\S+")
_HAS_UNSPACED = re.compile(f"[{UNSPACED}]")
_SPACE = ord("▁")

Span = tuple[int, int]
"""The place of a word: its first character, and the one behind its last."""


class Tokens(NamedTuple):
    """The tokens of a text and their places in it.

    `owners` and `places` go together: for each byte of the text, as the vocabulary sees it, the
    token that it belongs to, and the character of the text that it comes from.
    """

    ids: list[int]
    owners: np.ndarray
    places: np.ndarray


class Side(NamedTuple):
    """The tokens of one side of a pair, and the words that they make.

    The arrays go together: the part `shares[k]` of the token `owners[k]` belongs to the word
    `words[k]`. It is 1 but for a token that several words share.
    """

    ids: list[int]
    owners: np.ndarray
    words: np.ndarray
    shares: np.ndarray
    size: int
    """Number of words."""


class Locator:
    """Finds the tokens of texts, and where in the texts they stand, for one vocabulary."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._sizes = np.array(tokenizer.byte_lengths(), dtype=np.int64)

    def tokens(self, texts: Sequence[str], spans: Sequence[Mapping[str, str]]) -> list[Tokens]:
        """Return the tokens of each text, with their places in the original.

        Args:
            texts: what the model reads.
            spans: for each of them, what characters in it stand for (`Protected.named`).
        """
        encoded = self._tokenizer.encode(texts)
        return list(map(self.located, texts, spans, encoded))

    def located(self, text: str, spans: Mapping[str, str], ids: list[int]) -> Tokens:
        """Return the tokens of a text, cut into the pieces `ids`, with places in the original."""
        normal, offsets = self._tokenizer.normalize_with_places(text)
        points = np.frombuffer(normal.encode("utf-32-le"), dtype="<u4")
        # a space belongs to the word behind it
        starts = np.array(offsets)[np.arange(len(normal)) + (points == _SPACE)]
        # pieces may be single bytes of a character, in UTF-8
        sizes = 1 + (points >= 0x80).astype(np.int64) + (points >= 0x800) + (points >= 0x10000)
        owners = np.repeat(np.arange(len(ids)), self._sizes[ids])
        places = np.repeat(starts, sizes)
        if len(owners) != len(places):
            raise RuntimeError(f"{len(owners)} bytes of tokens for {len(places)} of text: {text!r}")
        if spans:
            owners, places = _in_original(owners, places, text, spans)
        return Tokens(ids, owners, places)


def _in_original(
    owners: np.ndarray, places: np.ndarray, text: str, spans: Mapping[str, str]
) -> tuple[np.ndarray, np.ndarray]:
    """Turn places in a text where characters stand for what is copied into those in the original.

    Such a character has all the places of what it stands for.
    """
    counts = np.array([len(spans.get(character, " ")) for character in text])
    starts = np.cumsum(counts) - counts
    many = counts[places]
    first = np.cumsum(many) - many
    steps = np.arange(many.sum()) - np.repeat(first, many)
    return np.repeat(owners, many), np.repeat(starts[places], many) + steps


def put_out(source: Protected, target: str) -> tuple[str, dict[str, str]]:
    """Return the target with characters for what the source copies, and what they stand for."""
    text = source.put_out(target)
    if text == target or source.restore(text) != target:  # it holds such characters itself
        return target, {}
    return text, source.named


def word_spans(text: str, tokens: Tokens) -> list[Span]:
    """Return the words of a text: what stands between spaces.

    In scripts without spaces each token is a word.
    """
    spans = [match.span() for match in _WORD.finditer(text)]
    if _HAS_UNSPACED.search(text) is None:
        return spans
    first = np.diff(tokens.owners, prepend=-1) != 0
    starts = [
        at
        for at in sorted(set(tokens.places[first].tolist()))
        if at and (is_unspaced(text[at - 1]) or is_unspaced(text[at]))
    ]
    cut: list[Span] = []
    for begin, end in spans:
        inner = [at for at in starts if begin < at < end]
        cut += zip([begin, *inner], [*inner, end], strict=True)
    return cut


def make_side(tokens: Tokens, spans: Sequence[Span], length: int) -> Side:
    """Return which words the tokens make.

    Args:
        tokens: of the text.
        spans: of the words, in order.
        length: characters of the text.
    """
    word_at = np.full(length + 1, -1)
    for number, (begin, end) in enumerate(spans):
        word_at[begin:end] = number
    # bytes of each token in each word
    table = tokens.owners * (len(spans) + 1) + word_at[tokens.places] + 1
    cells, sizes = np.unique(table, return_counts=True)
    owners, words = np.divmod(cells, len(spans) + 1)
    real = words > 0
    shares = sizes / np.bincount(owners, weights=sizes)[owners] if len(owners) else sizes
    return Side(tokens.ids, owners[real], words[real] - 1, shares[real], len(spans))
