"""How likely the model finds translations that are given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor
from torch.nn import functional

from translator import batching
from translator.decoding.search.batches import batches_by_length
from translator.model.transformer import Transformer
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID

_BATCH_TOKENS = 4096
"""Padded source and target tokens scored together; affects speed and memory only."""


@torch.no_grad()
def forced_scores(
    model: Transformer, sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]]
) -> list[float]:
    """Return the log probability of each target given its source, its end included.

    One number for each sentence: the sum over its tokens, not divided by its length (nats).

    Args:
        model: the weights; dropout is off while it scores.
        sources: ids of each source, without special ids.
        targets: ids of each target, without special ids.
    """
    if len(sources) != len(targets):
        raise ValueError(f"{len(sources)} sources and {len(targets)} targets")
    scores = [0.0] * len(sources)
    for batch, losses in _losses(model, [[*source, EOS_ID] for source in sources], targets):
        for i, loss in zip(batch, losses.double().sum(dim=1).tolist(), strict=True):
            scores[i] = -loss
    return scores


@torch.no_grad()
def forced_log_probs(
    model: Transformer, rows: Sequence[Sequence[int]], targets: Sequence[Sequence[int]]
) -> Iterator[tuple[list[int], list[list[float]]]]:
    """Yield the log probability of each token of the targets, that of the end last.

    Args:
        model: the weights; dropout is off while it scores.
        rows: ids of each source, tag and end included.
        targets: ids of each target, without special ids.

    Yields:
        Indices of some of the pairs, and the log probabilities of each of these.
    """
    for batch, losses in _losses(model, rows, targets):
        log_probs = (-losses).tolist()
        yield (
            batch,
            [row[: len(targets[i]) + 1] for i, row in zip(batch, log_probs, strict=True)],
        )


def _losses(
    model: Transformer, rows: Sequence[Sequence[int]], targets: Sequence[Sequence[int]]
) -> Iterator[tuple[list[int], Tensor]]:
    """Yield batches of pairs: their indices, and what each token costs (B x T, 0 at padding)."""
    lengths = [max(len(s), len(t) + 1) for s, t in zip(rows, targets, strict=True)]
    for batch in batches_by_length(lengths, _BATCH_TOKENS):
        with evaluating(model):
            source = pad([rows[i] for i in batch], model)
            given = pad([[BOS_ID, *targets[i]] for i in batch], model)
            wanted = pad([[*targets[i], EOS_ID] for i in batch], model)
            logits = model(source, given).float()  # B x T x V
            yield (
                batch,
                functional.cross_entropy(
                    logits.transpose(1, 2), wanted, ignore_index=model.pad_id, reduction="none"
                ),
            )


def pad(rows: Sequence[Sequence[int]], model: Transformer) -> Tensor:
    """Return the rows of ids as one tensor on the model's device, filled up at the end (B x S)."""
    return batching.pad(rows).to(model.device)


@contextmanager
def evaluating(model: Transformer) -> Iterator[None]:
    """Turn dropout off for a while, also on a model that is being trained."""
    training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(training)
