"""Given pairs -> what their words look at: forced decoding, with the cross-attention observed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from translator.alignment.attention import Attention
from translator.alignment.choice import Choice, choice_of
from translator.alignment.links import links_of
from translator.alignment.words import Locator, Side, Span, make_side, put_out, word_spans
from translator.decoding.search.batches import batches_by_length
from translator.decoding.search.scoring import evaluating, pad
from translator.decoding.translator import LONGEST_SCORED, Translator
from translator.errors import DataError
from translator.model.transformer import Transformer
from translator.tokenizer import Protected, protect
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID

_BATCH_TOKENS = 4096
"""Padded tokens of one side that are read together; affects speed and memory only."""


class _Pair(NamedTuple):
    """A source and its translation, as words and tokens."""

    source: Side
    target: Side
    source_words: tuple[str, ...]
    target_words: tuple[str, ...]


def read_attention(
    translator: Translator,
    sources: Sequence[str],
    targets: Sequence[str],
    *,
    choice: Choice | None = None,
    on_progress: Callable[[int], None] | None = None,
) -> list[Attention]:
    """Return what each word of given translations looks at in its source.

    A word is what stands between spaces; in scripts without spaces, a token. A blank text has none.

    Args:
        translator: the model; torch computes, whatever its engine is.
        sources: any number of texts.
        targets: a translation of each.
        choice: layer, heads and rows to take; by default, what is known to be best for the model.
        on_progress: called after each batch with the number of pairs that became ready.

    Raises:
        ValueError: there are not as many targets as sources.
        DataError: a side of a pair has more than `LONGEST_SCORED` tokens.
    """
    if len(sources) != len(targets):
        raise ValueError(f"{len(sources)} sources and {len(targets)} targets")
    choice = choice or choice_of(translator)
    pairs = _pairs(translator, sources, targets)
    report = on_progress or (lambda count: None)
    found: list[Attention] = [_nothing(translator.model, pair, choice) for pair in pairs]
    kept = [i for i, pair in enumerate(pairs) if pair.source.ids and pair.target.ids]
    report(len(pairs) - len(kept))
    for batch, weights in _read(translator, [pairs[i] for i in kept], choice):
        for at, one in zip(batch, weights, strict=True):
            found[kept[at]] = _attention(pairs[kept[at]], one, choice)
        report(len(batch))
    return found


def _pairs(translator: Translator, sources: Sequence[str], targets: Sequence[str]) -> list[_Pair]:
    copies = bool(translator.tokenizer.placeholders)
    locator = Locator(translator.tokenizer)
    protected = [protect(text) if copies else Protected(text) for text in sources]
    given = [put_out(one, text) for one, text in zip(protected, targets, strict=True)]
    ours = locator.tokens([one.text for one in protected], [one.spans for one in protected])
    theirs = locator.tokens([text for text, _ in given], [spans for _, spans in given])
    pairs = []
    for number, (source, target, a, b) in enumerate(
        zip(sources, targets, ours, theirs, strict=True), start=1
    ):
        for tokens in (a, b):
            if len(tokens.ids) > LONGEST_SCORED:
                raise DataError(
                    f"pair {number} has a side of {len(tokens.ids):,} tokens, and at most "
                    f"{LONGEST_SCORED:,} can be aligned",
                    hint="Give its sentences one by one.",
                )
        spans = word_spans(source, a), word_spans(target, b)
        pairs.append(
            _Pair(
                make_side(a, spans[0], len(source)),
                make_side(b, spans[1], len(target)),
                _words(source, spans[0]),
                _words(target, spans[1]),
            )
        )
    return pairs


def _words(text: str, spans: Sequence[Span]) -> tuple[str, ...]:
    return tuple(text[begin:end] for begin, end in spans)


@torch.no_grad()
def _read(
    translator: Translator, pairs: Sequence[_Pair], choice: Choice
) -> Iterator[tuple[list[int], list[np.ndarray]]]:
    """Yield batches of pairs: their indices, and the weights of each (layers x H x T x S, words)."""
    model, tag = translator.model, translator.tag
    lengths = [max(len(one.source.ids) + len(tag), len(one.target.ids)) + 1 for one in pairs]
    for batch in batches_by_length(lengths, _BATCH_TOKENS):
        some = [pairs[i] for i in batch]
        rows = pad([[*tag, *one.source.ids, EOS_ID] for one in some], model)
        given = pad([[BOS_ID, *one.target.ids] for one in some], model)
        # a token's own row is that of its place in `given`, where the beginning stands first
        shift = 1 if choice.row == "input" else 0
        asking = _merger([one.target for one in some], shift, given.shape[1], mean=True)
        answering = _merger([one.source for one in some], len(tag), rows.shape[1], mean=False)
        asking, answering = asking.to(model.device), answering.to(model.device)
        layers: list[Tensor] = []

        def observe(layer: int, weights: Tensor) -> None:
            # words x T, T x S, S x words
            merged = asking[:, None] @ weights.float() @ answering.transpose(1, 2)[:, None]
            layers.append(merged.cpu())

        with evaluating(model):
            model.decode(given, *model.encode(rows), observe=observe)
        weights = torch.stack(layers, dim=1).numpy()  # B x layers x H x T x S
        yield (
            batch,
            [
                weights[k, :, :, : one.target.count, : one.source.count].copy()
                for k, one in enumerate(some)
            ],
        )


def _merger(sides: Sequence[Side], offset: int, width: int, *, mean: bool) -> Tensor:
    """Return what turns positions into words (B x words x positions).

    Args:
        sides: of the pairs of a batch.
        offset: position of the first token.
        width: number of positions.
        mean: whether the tokens of a word count 1 together, or 1 each.
    """
    height = max(side.count for side in sides)
    merger = np.zeros((len(sides), height, width), dtype=np.float32)
    for rows, side in zip(merger, sides, strict=True):
        rows[side.words, side.owners + offset] = side.shares
    if mean:
        merger /= np.maximum(merger.sum(axis=2, keepdims=True), 1e-9)
    return torch.from_numpy(merger)


def _attention(pair: _Pair, weights: np.ndarray, choice: Choice) -> Attention:
    chosen = weights[choice.layer, list(choice.heads)].mean(axis=0)
    return Attention(
        source=pair.source_words,
        target=pair.target_words,
        weights=weights,
        chosen=chosen,
        links=links_of(chosen, choice.threshold),
    )


def _nothing(model: Transformer, pair: _Pair, choice: Choice) -> Attention:
    config = model.config
    shape = (
        config.decoder_layers,
        config.attention_heads,
        len(pair.target_words),
        len(pair.source_words),
    )
    return _attention(pair, np.zeros(shape, dtype=np.float32), choice)
