"""The models that are served, by direction, and what is asked of them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from translator.config import DecodingConfig, WebConfig
from translator.decoding.alarms import checked, inspected
from translator.decoding.glossary import Glossary
from translator.decoding.translation import GivenScore, Translation
from translator.decoding.translator import Translator
from translator.errors import ConfigError
from translator.run_directory import RunDirectory
from translator.web.batches import Batcher

if TYPE_CHECKING:
    from translator.alignment.attention import Attention

Direction = tuple[str, str]
Load = Callable[[Path], list[Translator]]
"""Reads a run: a translator for each of its directions, with one engine for all of them."""

_LOOK_COST = 4
"""What it takes to look at the attention of a sentence, beside translating one as long."""


class Found(NamedTuple):
    """The translations of one text."""

    best: list[Translation]
    """Best first; never empty."""
    alarms: tuple[str, ...]
    """What makes the first one doubtful."""


@dataclass(frozen=True)
class _Search:
    """A kind of work: texts -> `Found`."""

    direction: Direction
    n_best: int
    parts: bool
    glossary: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Score:
    """A kind of work: pairs of texts -> `GivenScore`, or None."""

    direction: Direction


@dataclass(frozen=True)
class _Look:
    """A kind of work: pairs of texts -> `Attention`."""

    direction: Direction


class Served:
    """One run that is served, in one direction or in both.

    Args:
        translators: one for each direction, with a common engine.
        options: how requests are gathered.
        on_batch: called with the number of items of each batch.
    """

    def __init__(
        self,
        translators: Sequence[Translator],
        options: WebConfig,
        on_batch: Callable[[int], None] = lambda count: None,
    ) -> None:
        self.translators = {(one.source, one.target): one for one in translators}
        self._batcher: Batcher[_Search | _Score | _Look] = Batcher(
            self._work,
            window=options.batch_window / 1000,
            most=options.batch_characters,
            on_batch=on_batch,
        )
        self._loading = threading.Lock()

    @property
    def waiting(self) -> int:
        """Return how many texts wait to be worked on."""
        return self._batcher.waiting

    def search(
        self,
        direction: Direction,
        texts: Sequence[str],
        *,
        n_best: int = 1,
        parts: bool = False,
        glossary: Mapping[str, str] | None = None,
    ) -> list[asyncio.Future[Found]]:
        """Return the translations to come of each text, which do not depend on other requests.

        The first one is what `translator translate` gives, further tries included. No more than
        the beam allows come with it.
        """
        terms = tuple(sorted((glossary or {}).items()))
        n_best = min(n_best, self.translators[direction].decoding.beam)
        kind = _Search(direction, n_best, parts, terms)
        return self._submit(kind, texts, [len(text) for text in texts])

    def score(
        self, direction: Direction, pairs: Sequence[tuple[str, str]]
    ) -> list[asyncio.Future[GivenScore | None]]:
        """Return how likely the model finds given translations; see `Translator.score`."""
        return self._submit(_Score(direction), pairs, [len(a) + len(b) for a, b in pairs])

    async def look(
        self, direction: Direction, pairs: Sequence[tuple[str, str]]
    ) -> list[asyncio.Future[Attention]]:
        """Return what the words of given translations look at."""
        # torch may have to be loaded, which must not keep translations waiting
        await asyncio.to_thread(self._load_weights, direction)
        sizes = [_LOOK_COST * (len(a) + len(b)) for a, b in pairs]
        return self._submit(_Look(direction), pairs, sizes)

    def _load_weights(self, direction: Direction) -> None:
        with self._loading:
            _ = self.translators[direction].model

    def _submit(
        self, kind: _Search | _Score | _Look, values: Sequence[Any], sizes: Sequence[int]
    ) -> list[asyncio.Future[Any]]:
        found: list[Future[Any]] = self._batcher.submit(kind, values, sizes)
        return [asyncio.wrap_future(one) for one in found]

    def _work(self, kind: _Search | _Score | _Look, values: list[Any]) -> Sequence[Any]:
        translator = self.translators[kind.direction]
        if isinstance(kind, _Search):
            return _search(translator, kind, values)
        sources, targets = [a for a, _ in values], [b for _, b in values]
        if isinstance(kind, _Score):
            return translator.score(sources, targets, parts=True)
        from translator.alignment import read_attention

        return read_attention(translator, sources, targets)


def _search(translator: Translator, kind: _Search, texts: list[str]) -> list[Found]:
    # samples are drawn by a text's number: each is the first of its request
    options: dict[str, Any] = {
        "parts": kind.parts,
        "glossary": Glossary(dict(kind.glossary)) if kind.glossary else None,
    }
    numbers = [1] * len(texts)
    rows = translator.search(texts, n_best=kind.n_best, numbers=numbers, **options)
    found = [
        Found(list(row), one.alarms)
        for row, one in zip(rows, inspected(translator, texts, rows), strict=True)
    ]
    doubtful = [i for i, one in enumerate(found) if one.alarms]
    if not doubtful or not translator.decoding.retry:
        return found
    again = checked(
        translator, [texts[i] for i in doubtful], numbers=[1] * len(doubtful), **options
    )
    for i, one in zip(doubtful, again, strict=True):
        others = [other for other in found[i].best if other.text != one.translation.text]
        found[i] = Found([one.translation, *others][: kind.n_best], one.alarms)
    return found


class Models:
    """All runs that are served.

    Args:
        paths: the run directories.
        load: reads one of them.
        options: how requests are gathered.
        on_batch: called with the number of items of each batch.

    Raises:
        ConfigError: two of them translate in the same direction.
        ModelError: one cannot be loaded.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        load: Load,
        options: WebConfig,
        on_batch: Callable[[int], None] = lambda count: None,
    ) -> None:
        self._paths, self._load = paths, load
        self._options, self._on_batch = options, on_batch
        self._by_direction = self._loaded()

    def reload(self) -> None:
        """Read all runs again; until all are there, and if one fails, the old ones serve.

        What is in work ends with the model that it began with.

        Raises:
            TranslatorError: one cannot be loaded; nothing has changed.
        """
        self._by_direction = self._loaded()

    def _loaded(self) -> dict[Direction, Served]:
        found: dict[Direction, tuple[Served, Path]] = {}
        for path in self._paths:
            served = Served(self._load(path), self._options, self._on_batch)
            for direction in served.translators:
                if direction in found:
                    raise ConfigError(
                        f"{found[direction][1]} and {path} both translate "
                        f"{direction[0]} -> {direction[1]}",
                        hint="Name one --model for each direction.",
                    )
                found[direction] = served, path
        return {direction: served for direction, (served, _) in found.items()}

    @property
    def directions(self) -> list[Direction]:
        """Return what can be translated, in the order in which the runs were named."""
        return list(self._by_direction)

    @property
    def waiting(self) -> int:
        """Return how many texts wait to be worked on."""
        return sum(one.waiting for one in set(self._by_direction.values()))

    def most_alternatives(self) -> int:
        """Return how many translations of a text can be asked for, in any direction."""
        return max(
            translator.decoding.beam
            for served in self._by_direction.values()
            for translator in served.translators.values()
        )

    def languages(self) -> dict[str, list[str]]:
        """Return the languages that can be translated from or to, each with those it leads to."""
        found: dict[str, list[str]] = {}
        for source, target in self._by_direction:
            found.setdefault(source, []).append(target)
            found.setdefault(target, [])
        return found

    def find(self, source: str, target: str) -> tuple[Served, Direction]:
        """Return what translates in a direction, and the tags that it calls it by.

        A tag without a region, such as `pt`, finds the model for `pt-BR` if it is the only one, and
        the other way round.

        Raises:
            LookupError: there is none; its text says what there is.
        """
        served = self._by_direction
        direction = (_standard(source), _standard(target))
        if direction in served:
            return served[direction], direction
        near = [one for one in served if _primary(one) == _primary(direction)]
        if len(near) == 1:
            return served[near[0]], near[0]
        known = ", ".join(f"{a} -> {b}" for a, b in served)
        raise LookupError(f"no model translates {source} -> {target}; there is: {known}")


def in_all_directions(run: RunDirectory, decoding: DecodingConfig) -> list[Translator]:
    """Return a translator for each direction of a run; they share its weights.

    Raises:
        ModelError: the run is damaged.
        ConfigError: the engine or the device does not exist here.
    """
    first, *others = run.read_directions()
    one = Translator.load(run.path, source=first[0], target=first[1], decoding=decoding)
    more = [
        Translator(
            one.engine,
            one.tokenizer,
            source=source,
            target=target,
            max_length=one.max_length,
            decoding=one.decoding,
            run=run,
        )
        for source, target in others
    ]
    return [one, *more]


def _standard(tag: str) -> str:
    import langcodes

    # a tag may come in as anything, and goes out in a message
    return str(langcodes.standardize_tag(tag)) if langcodes.tag_is_valid(tag) else tag


def _primary(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(tag.partition("-")[0].lower() for tag in tags)
