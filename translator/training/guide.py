"""Guided alignment: one head learns to look at the word that a word translates.

The head is supervised with links between words, made by a first model or by people (arXiv
1909.02074). It is asked at the position where a token is the decoder's input, so that what it has
to find is known and not to be guessed (arXiv 2004.14837); the other heads stay free.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from translator.alignment.choice import Choice
from translator.alignment.gold import parse_gold, word_places
from translator.alignment.words import Locator, Side, make_side
from translator.batching import EncodedCorpus
from translator.batching.plan import Rows
from translator.config import ModelConfig
from translator.corpora.lines import read_text_lines
from translator.errors import DataError
from translator.tokenizer import Tokenizer, pair_spans, protect_pair

if TYPE_CHECKING:
    from datasets import Dataset


def guided_choice(config: ModelConfig) -> Choice:
    """Return the head that is guided: the first one of the decoder's last layer but one."""
    return Choice(layer=max(0, config.decoder_layers - 2), heads=(0,), row="input")


class AlignmentHead:
    """Observes the head that is guided.

    Attributes:
        layer: of the decoder.
        weights: B x T x S, after the decoder has run.
    """

    weights: Tensor

    def __init__(self, config: ModelConfig) -> None:
        choice = guided_choice(config)
        self.layer, (self._head,) = choice.layer, choice.heads

    def __call__(self, layer: int, weights: Tensor) -> None:
        """Take the weights of a layer, B x H x T x S."""
        self.weights = weights[:, self._head]


class Guide:
    """Tells what each token of a training pair is to look at.

    Args:
        path: the links of training pairs, with their words; in any order, and not for all of them.
        text: the training pairs, columns `source` and `target`.
        corpus: the same pairs as ids, in one direction or in both.
        tokenizer: the vocabulary.

    Attributes:
        fingerprint: of the file.
        known: pairs in it.

    Raises:
        DataError: the file cannot be read, or is of another form.
    """

    def __init__(
        self, path: Path, text: Dataset, corpus: EncodedCorpus, tokenizer: Tokenizer
    ) -> None:
        self._path, self._text, self._corpus, self._tokenizer = path, text, corpus, tokenizer
        self._locator = Locator(tokenizer)
        self._lines: dict[bytes, tuple[int, str]] = {}
        content = hashlib.blake2b(digest_size=16)
        for number, line in enumerate(read_text_lines(path), start=1):
            content.update(line.encode() + b"\n")
            columns = line.split("\t")
            if len(columns) != 3:
                raise DataError(
                    f"has {len(columns)} columns, and links for training stand in the third, "
                    "behind the words of both sides",
                    where=f"{path}:{number}",
                    hint="Make such a file with: translator align --format tsv",
                )
            self._lines.setdefault(_key(columns[0], columns[1]), (number, line))
        self.fingerprint, self.known = content.hexdigest(), len(self._lines)

    def found_in(self, rows: Rows) -> int:
        """Return for how many of these rows there are links."""
        columns = self._text[rows % len(self._text)]
        pairs = zip(columns["source"], columns["target"], strict=True)
        return sum(_key(*pair) in self._lines for pair in pairs)

    def matrix(
        self, rows: Rows, sources: Sequence[list[int]], targets: Sequence[list[int]]
    ) -> Tensor:
        """Return what each position of the decoder is to look at (B x T x S).

        Each row sums to 1, or to 0 where no link is known.

        Args:
            rows: of the corpus.
            sources, targets: their ids, the tag included, as they are trained on.
        """
        shape = max(map(len, targets)) + 1, max(map(len, sources)) + 1
        guide = np.zeros((len(rows), *shape), dtype=np.float32)
        ways, pairs = np.divmod(rows, len(self._text))
        columns = self._text[pairs]
        texts = zip(columns["source"], columns["target"], strict=True)
        for own, way, text, source, target in zip(
            guide, ways.tolist(), texts, sources, targets, strict=True
        ):
            tag = len(self._corpus.tags[way])
            ids = (source[tag:], target) if not way else (target, source[tag:])
            found = self._links(*text, ids)
            if found is None:
                continue
            ours, theirs, links = found
            if way:
                ours, theirs, links = theirs, ours, [(t, s) for s, t in links]
            _fill(own, ours, theirs, links, tag)
        return torch.from_numpy(guide)

    def _links(
        self, source: str, target: str, ids: tuple[list[int], list[int]]
    ) -> tuple[Side, Side, list[tuple[int, int]]] | None:
        """Return the words of a pair in tokens, and the links; None if none are known."""
        known = self._lines.get(_key(source, target))
        if known is None:
            return None
        number, line = known
        where = f"{self._path}:{number}"
        gold = parse_gold(line, where, number)
        assert gold.words is not None
        texts, spans = (source, target), {}
        if self._tokenizer.placeholders:
            texts = protect_pair(source, target, words=True)
            spans = pair_spans(source, target, words=True)
        sides = []
        for original, text, own, words in zip(
            (source, target), texts, ids, gold.words, strict=True
        ):
            tokens = self._locator.located(text, spans, own)
            sides.append(make_side(tokens, word_places(words, original, where), len(original)))
        for link in gold.possible:
            if link[0] >= sides[0].size or link[1] >= sides[1].size:
                raise DataError(f"the link {link[0]}-{link[1]} is beyond the words", where=where)
        return sides[0], sides[1], sorted(gold.possible)


def _fill(
    guide: np.ndarray, source: Side, target: Side, links: list[tuple[int, int]], tag: int
) -> None:
    """Write what the tokens of a target are to look at (T x S)."""
    linked = np.zeros((target.size, source.size), dtype=np.float32)
    for s, t in links:
        linked[t, s] = 1.0
    asking = np.zeros((len(target.ids), target.size), dtype=np.float32)
    asking[target.owners, target.words] = target.shares
    answering = np.zeros((source.size, len(source.ids)), dtype=np.float32)
    answering[source.words, source.owners] = source.shares
    wanted = asking @ linked @ answering  # tokens x words, words x words, words x tokens
    wanted /= np.maximum(wanted.sum(axis=1, keepdims=True), 1e-9)
    # before the first token stand the beginning of the sentence, and the tag
    guide[1 : len(target.ids) + 1, tag : tag + len(source.ids)] = wanted


def _key(source: str, target: str) -> bytes:
    """Return the same for the same pair, whatever its white space."""
    text = "\t".join("".join(side.split()) for side in (source, target))
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=12).digest()
