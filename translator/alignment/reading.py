"""Passages -> what their words look at: forced decoding, with the cross-attention observed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from translator.alignment.choice import Choice, Row
from translator.alignment.passages import Sides
from translator.alignment.words import Side
from translator.decoding.search.batches import batches_by_length
from translator.decoding.search.scoring import evaluating, pad
from translator.decoding.translator import Translator
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID

_BATCH_TOKENS = 4096
"""Padded tokens of one side that are read together; affects speed and memory only."""

Read = tuple[int, np.ndarray]
"""The index of a passage, and its weights."""


def all_weights(translator: Translator, sides: Sequence[Sides], row: Row) -> Iterator[Read]:
    """Yield the weights of each passage, layers x H x T x S (words), in any order."""
    for batch, layers in _observed(translator, sides, row):
        stacked = torch.stack(layers, dim=1).numpy()
        for k, i in enumerate(batch):
            yield i, _own(stacked[k], sides[i])


def chosen_weights(
    translator: Translator, sides: Sequence[Sides], choice: Choice
) -> Iterator[Read]:
    """Yield the chosen weights of each passage, T x S (words), in any order."""
    for batch, layers in _observed(translator, sides, choice.row, choice):
        stacked = layers[0].numpy()
        for k, i in enumerate(batch):
            yield i, _own(stacked[k], sides[i])


def _own(weights: np.ndarray, sides: Sides) -> np.ndarray:
    source, target = sides
    return weights[..., : target.size, : source.size].copy()


@torch.no_grad()
def _observed(
    translator: Translator, sides: Sequence[Sides], row: Row, choice: Choice | None = None
) -> Iterator[tuple[list[int], list[Tensor]]]:
    """Yield batches of passages: their indices, and what was observed in them.

    That is for each layer the weights of all heads, B x H x T x S (words); with a choice, only the
    mean of its heads, B x T x S.
    """
    model, tag = translator.model, translator.tag
    lengths = [max(len(source.ids) + len(tag), len(target.ids)) + 1 for source, target in sides]
    for batch in batches_by_length(lengths, _BATCH_TOKENS):
        sources, targets = zip(*(sides[i] for i in batch), strict=True)
        rows = pad([[*tag, *one.ids, EOS_ID] for one in sources], model)
        given = pad([[BOS_ID, *one.ids] for one in targets], model)
        # in `given` the beginning of the sentence stands before the first token
        asking = _merger(targets, int(row == "input"), given.shape[1], mean=True)
        answering = _merger(sources, len(tag), rows.shape[1], mean=False).transpose(1, 2)
        observer = _Observer(asking.to(model.device), answering.to(model.device), choice)
        with evaluating(model):
            model.decode(given, *model.encode(rows), observe=observer)
        yield batch, observer.layers


class _Observer:
    """Merges the weights of tokens into those of words, layer by layer."""

    def __init__(self, asking: Tensor, answering: Tensor, choice: Choice | None) -> None:
        self._asking, self._answering, self._choice = asking, answering, choice
        self.layers: list[Tensor] = []
        if choice is not None:
            self.layer = choice.layer  # no other one is looked at

    def __call__(self, layer: int, weights: Tensor) -> None:
        choice = self._choice
        asking, answering = self._asking, self._answering
        if choice is None:
            asking, answering = asking[:, None], answering[:, None]  # for each head
        else:
            weights = weights[:, list(choice.heads)].mean(dim=1)
        # words x tokens, T x S, tokens x words
        self.layers.append((asking @ weights.float() @ answering).cpu())


def _merger(sides: Sequence[Side], offset: int, width: int, *, mean: bool) -> Tensor:
    """Return what turns positions into words (B x words x positions).

    Args:
        sides: of the passages of a batch.
        offset: position of the first token.
        width: number of positions.
        mean: whether the tokens of a word count 1 together, or 1 each.
    """
    height = max(side.size for side in sides)
    merger = np.zeros((len(sides), height, width), dtype=np.float32)
    for rows, side in zip(merger, sides, strict=True):
        rows[side.words, side.owners + offset] = side.shares
    if mean:
        merger /= np.maximum(merger.sum(axis=2, keepdims=True), 1e-9)
    return torch.from_numpy(merger)
