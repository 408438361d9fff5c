"""Random segmentations, for training on many ways to write the same text.

SentencePiece can draw them too, but its random numbers depend on the process whatever the seed, and
a run that goes on must draw what the unbroken run would have drawn.
"""

from __future__ import annotations

import math
import random
import re
from functools import lru_cache

import sentencepiece

_WORD = re.compile("▁?[^▁]+|▁")
_WORDS_KEPT = 100_000
"""Words whose possible pieces are remembered."""
_UNKNOWN_PENALTY = 10.0
"""Between the rarest piece and a character without a piece, in log probability."""

Edges = list[list[tuple[int, list[int], float]]]
"""For each end in a word: the pieces that may end there, as (start, ids, probability)."""


class Sampler:
    """Draws segmentations of normalised text; no piece goes over the border of a word."""

    def __init__(self, processor: sentencepiece.SentencePieceProcessor) -> None:
        size = processor.get_piece_size()
        self._bytes = {
            int(processor.id_to_piece(i)[3:5], 16): i for i in range(size) if processor.is_byte(i)
        }
        special = {i for i in range(size) if processor.is_control(i) or processor.is_unknown(i)}
        self._ids = {
            processor.id_to_piece(i): i
            for i in range(size)
            if i not in special and not processor.is_byte(i)
        }
        self._scores = {piece: processor.get_score(i) for piece, i in self._ids.items()}
        # the scores of BPE are the ranks of its merges, those of a unigram model log probabilities
        self.is_bpe = all(score.is_integer() for score in self._scores.values())
        self._longest = max(map(len, self._ids), default=1)
        self._unknown = min(self._scores.values(), default=0.0) - _UNKNOWN_PENALTY
        self._lattice = lru_cache(maxsize=_WORDS_KEPT)(self._new_lattice)

    def __call__(self, text: str, alpha: float, chance: random.Random) -> list[int]:
        """Return the ids of one random segmentation of a normalised text."""
        draw = self._merged if self.is_bpe else self._drawn
        return [i for word in _WORD.findall(text) for i in draw(word, alpha, chance)]

    def _merged(self, word: str, dropout: float, chance: random.Random) -> list[int]:
        """Merge the best pair again and again, overlooking each with this probability.

        BPE dropout (arXiv 1910.13267, algorithm 1).
        """
        symbols = list(word)
        while len(symbols) > 1:
            merges = [
                (self._scores[pair], -at)
                for at, pair in enumerate(map(str.__add__, symbols, symbols[1:]))
                if pair in self._scores and chance.random() >= dropout
            ]
            if not merges:
                break
            at = -max(merges)[1]
            symbols[at : at + 2] = [symbols[at] + symbols[at + 1]]
        return [i for symbol in symbols for i in self._ids_of(symbol)]

    def _drawn(self, word: str, alpha: float, chance: random.Random) -> list[int]:
        """Draw a segmentation by its probability to the power `alpha` (arXiv 1804.10959)."""
        lattice = self._lattice(word, alpha)
        pieces: list[list[int]] = []
        end = len(word)
        while end:
            point = chance.random()
            for edge in lattice[end]:
                point -= edge[2]
                if point < 0:
                    break
            end, ids, _ = edge
            pieces.append(ids)
        return [i for ids in reversed(pieces) for i in ids]

    def _new_lattice(self, word: str, alpha: float) -> Edges:
        """Return the pieces that may end at each place, with their probability to be the last.

        Forward filtering: `total[end]` is the log of the summed weight of all ways to `end`.
        """
        total = [0.0]
        lattice: Edges = [[]]
        for end in range(1, len(word) + 1):
            edges = []
            for start in range(max(0, end - self._longest), end):
                piece = word[start:end]
                if piece in self._scores:
                    score = self._scores[piece]
                elif start == end - 1:
                    score = self._unknown
                else:
                    continue
                edges.append((start, self._ids_of(piece), total[start] + alpha * score))
            largest = max(weight for *_, weight in edges)
            total.append(
                largest + math.log(sum(math.exp(weight - largest) for *_, weight in edges))
            )
            lattice.append(
                [(start, ids, math.exp(weight - total[end])) for start, ids, weight in edges]
            )
        return lattice

    def _ids_of(self, piece: str) -> list[int]:
        if piece in self._ids:
            return [self._ids[piece]]
        return [self._bytes[byte] for byte in piece.encode()]
