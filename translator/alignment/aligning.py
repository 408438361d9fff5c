"""Texts and their translations -> links between their words; the other way round, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from translator.alignment.attention import Attention
from translator.alignment.choice import Choice, choice_of
from translator.alignment.links import (
    Link,
    Symmetrisation,
    as_links,
    linked,
    linked_both_ways,
    pharaoh,
)
from translator.alignment.passages import Pair, Passage, Places, Reader, Sides, Spans
from translator.alignment.reading import Read, all_weights, chosen_weights
from translator.decoding.translation import Translation
from translator.decoding.translator import Translator
from translator.errors import DataError

_MOST_WEIGHTS = 2**28
"""Weights of one pair, of all layers and heads: 1 GB in float32."""

Progress = Callable[[int], None]


@dataclass(frozen=True, kw_only=True)
class Alignment:
    """Which words of a text and its translation belong together.

    Attributes:
        source: its words, as they are written.
        target: those of the translation.
        links: pairs (source word, target word), counted from 0, in order of the source.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    links: tuple[Link, ...]

    def __str__(self) -> str:
        """Return the links as ``0-0 1-2``."""
        return pharaoh(self.links)


def align(
    translator: Translator,
    sources: Sequence[str],
    targets: Sequence[str],
    *,
    reverse: Translator | None = None,
    symmetrisation: Symmetrisation = "mean",
    words: Sequence[Spans] | None = None,
    on_progress: Progress | None = None,
) -> list[Alignment]:
    """Return which words of given translations belong to which of their sources.

    A word is what stands between spaces; in scripts without spaces, a token. Texts
    of several sentences, or too long for the model, are aligned in passages. A blank text has no
    word.

    Args:
        translator: the model; torch computes, whatever its engine is.
        sources: any number of texts.
        targets: a translation of each.
        reverse: a model of the opposite direction; with it, links are those of both directions.
        symmetrisation: how both directions come together; see `links.linked_both_ways`.
        words: places of the words in each source and in its target, where these are others.
        on_progress: called with the number of pairs that became ready.

    Raises:
        ValueError: there are not as many targets as sources.
        ModelError: the manifest of a model names a layer or head that it does not have.
    """
    pairs = Reader(translator).pairs(*_checked(sources, targets), words=words)
    return align_pairs(translator, pairs, reverse, symmetrisation, on_progress)


def align_pairs(
    translator: Translator,
    pairs: Sequence[Pair],
    reverse: Translator | None = None,
    symmetrisation: Symmetrisation = "mean",
    on_progress: Progress | None = None,
    *,
    choices: tuple[Choice | None, Choice | None] = (None, None),
) -> list[Alignment]:
    """Do what `align` does, for pairs that were prepared.

    `choices` take the place of what is known to be best for the model and for its reverse.
    """
    passages = [one for pair in pairs for one in pair.passages]
    ready = _Ready(pairs, 1 if reverse is None else 2, on_progress)
    choice = choices[0] or choice_of(translator)
    found = [np.zeros((0, 0))] * len(passages)
    for i, weights in _chosen(translator, passages, choice):
        found[i] = weights if reverse is not None else linked(weights, choice)
        ready.add(i)
    if reverse is not None:
        both = choice, choices[1] or choice_of(reverse)
        turned = [one.turned() for one in passages]
        for i, weights in _chosen(reverse, turned, both[1]):
            found[i] = linked_both_ways(found[i], weights, both, symmetrisation)
            ready.add(i)
    links: list[set[Link]] = [set() for _ in pairs]
    for owner, passage, own in zip(ready.owners, passages, found, strict=True):
        links[owner].update(as_links(own, passage.first))
    return [
        Alignment(source=pair.source, target=pair.target, links=tuple(sorted(own)))
        for pair, own in zip(pairs, links, strict=True)
    ]


def own_reverse(translator: Translator) -> Translator | None:
    """Return the other direction of a model that knows both; None for one that knows one."""
    run = translator.run
    if run is None or (translator.target, translator.source) not in run.read_directions():
        return None
    return Translator(
        translator.engine,
        translator.tokenizer,
        source=translator.target,
        target=translator.source,
        max_length=translator.max_length,
        decoding=translator.decoding,
        run=run,
    )


def align_translations(
    translator: Translator,
    sources: Sequence[str],
    translations: Sequence[Translation],
    *,
    reverse: Translator | None = None,
    symmetrisation: Symmetrisation = "mean",
) -> list[Alignment]:
    """Return which words of the translator's own translations belong to which of their sources.

    What was translated piece by piece is aligned so.

    Args:
        translator: what has translated, with any engine.
        sources: any number of texts.
        translations: what `Translator.search` has found for each.
        reverse, symmetrisation: as for `align`.
    """
    targets = [one.text for one in translations]
    parts = [list(_parts(*pair)) for pair in zip(sources, translations, strict=True)]
    pairs = Reader(translator).pairs(sources, targets, parts=parts)
    found = align_pairs(translator, pairs, reverse, symmetrisation)
    return [
        # what holds nothing but what is copied is its own translation, word by word
        replace(one, links=tuple((i, i) for i in range(len(one.source))))
        if not pair.passages and one.source == one.target
        else one
        for one, pair in zip(found, pairs, strict=True)
    ]


def _parts(source: str, translation: Translation) -> Iterator[Places]:
    """Find the pieces of a translation in it, and what they translate in the source."""
    at = [0, 0]
    for ours, theirs in translation.pieces:
        place = []
        for side, (text, part) in enumerate(((source, ours), (translation.text, theirs))):
            begin = text.index(part, at[side])
            at[side] = begin + len(part)
            place.append((begin, at[side]))
        yield place[0], place[1]


def read_attention(
    translator: Translator,
    sources: Sequence[str],
    targets: Sequence[str],
    *,
    choice: Choice | None = None,
    words: Sequence[Spans] | None = None,
    on_progress: Progress | None = None,
) -> list[Attention]:
    """Return what each word of given translations looks at in its source.

    Words are those of `align`. Where a pair is read in passages, no word looks out of its own.

    Args:
        translator: the model; torch computes, whatever its engine is.
        sources: any number of texts.
        targets: a translation of each.
        choice: layer, heads and rows to take; by default, what is known to be best for the model.
        words: as for `align`.
        on_progress: called with the number of pairs that became ready.

    Raises:
        ValueError: there are not as many targets as sources.
        DataError: a pair is so long that its weights would fill the memory.
        ModelError: the manifest of the model names a layer or head that it does not have.
    """
    choice = choice or choice_of(translator)
    pairs = Reader(translator).pairs(*_checked(sources, targets), words=words)
    config = translator.model.config
    heads = config.decoder_layers, config.attention_heads
    for number, pair in enumerate(pairs, start=1):
        if len(pair.source) * len(pair.target) * heads[0] * heads[1] > _MOST_WEIGHTS:
            raise DataError(
                f"pair {number} has {len(pair.source):,} and {len(pair.target):,} words: all its "
                "attention would fill the memory",
                hint="Give its sentences one by one, or ask for links only.",
            )
    passages = [one for pair in pairs for one in pair.passages]
    ready = _Ready(pairs, 1, on_progress)
    weights = [
        np.zeros((*heads, len(pair.target), len(pair.source)), dtype=np.float32) for pair in pairs
    ]
    sides = Reader(translator).sides(passages)
    kept = _readable(sides)
    for i in _others(sides, kept):
        ready.add(i)
    for at, own in all_weights(translator, [sides[i] for i in kept], choice.row):
        i = kept[at]
        s, t = passages[i].first
        T, S = own.shape[-2:]
        # a word that is cut in two belongs to both passages
        place = weights[ready.owners[i]][..., t : t + T, s : s + S]
        np.maximum(place, own, out=place)
        ready.add(i)
    return [_attention(pair, own, choice) for pair, own in zip(pairs, weights, strict=True)]


def _attention(pair: Pair, weights: np.ndarray, choice: Choice) -> Attention:
    chosen = weights[choice.layer, list(choice.heads)].mean(axis=0)
    return Attention(
        source=pair.source,
        target=pair.target,
        weights=weights,
        chosen=chosen,
        links=tuple(as_links(linked(chosen, choice))),
    )


def _chosen(translator: Translator, passages: Sequence[Passage], choice: Choice) -> Iterator[Read]:
    """Yield the chosen weights of each passage, T x S; zeros where a side has no token."""
    sides = Reader(translator).sides(passages)
    kept = _readable(sides)
    for i in _others(sides, kept):
        source, target = sides[i]
        yield i, np.zeros((target.size, source.size), dtype=np.float32)
    for at, weights in chosen_weights(translator, [sides[i] for i in kept], choice):
        yield kept[at], weights


def _others(sides: Sequence[Sides], kept: Sequence[int]) -> list[int]:
    return sorted({*range(len(sides))} - {*kept})


def _readable(sides: Sequence[Sides]) -> list[int]:
    return [i for i, (source, target) in enumerate(sides) if source.ids and target.ids]


def _checked(sources: Sequence[str], targets: Sequence[str]) -> tuple[list[str], list[str]]:
    if len(sources) != len(targets):
        raise ValueError(f"{len(sources)} sources and {len(targets)} targets")
    return list(sources), list(targets)


class _Ready:
    """Counts how many pairs are ready, of which the passages come one by one."""

    def __init__(self, pairs: Sequence[Pair], times: int, report: Progress | None) -> None:
        self.owners = [i for i, pair in enumerate(pairs) for _ in pair.passages]
        self._left = [times * len(pair.passages) for pair in pairs]
        self._report = report or (lambda count: None)
        self._report(self._left.count(0))

    def add(self, passage: int) -> None:
        """Count a passage."""
        owner = self.owners[passage]
        self._left[owner] -= 1
        if not self._left[owner]:
            self._report(1)
