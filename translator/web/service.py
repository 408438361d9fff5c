"""What all paths have in common: from a request to the translations of its sentences."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from translator.config import WebConfig
from translator.decoding.translation import GivenScore
from translator.web import detection
from translator.web.guard import Refusal
from translator.web.metrics import Metrics
from translator.web.models import Direction, Found, Models, Served
from translator.web.texts import Segment, segments, whole

if TYPE_CHECKING:
    from translator.alignment.attention import Attention
    from translator.decoding.translator import Translator

_AHEAD = 32
"""Sentences of a stream that are in work or waiting: enough to fill batches, and no more."""


MOST_TO_ALIGN = 8_000_000
"""Characters of source times target, over all pairs that are aligned at once: what the weights take
in memory grows with it."""


def cells(pairs: Sequence[tuple[str, str]]) -> int:
    """Return the size of pairs as it is meant by `MOST_TO_ALIGN`."""
    return sum(len(a) * len(b) for a, b in pairs)


@dataclass(frozen=True)
class Job:
    """A text that is translated: its parts, and what does it."""

    served: Served
    direction: Direction
    parts: list[Segment]

    @property
    def translator(self) -> Translator:
        """Return what translates it."""
        return self.served.translators[self.direction]

    @property
    def texts(self) -> list[str]:
        """Return the parts that have something to translate."""
        return [part.text for part in self.parts if part.text]

    def whole(self, translations: Sequence[str]) -> str:
        """Return the translation of the text, made of those of `texts`."""
        return whole(self.parts, translations, self.translator)


class Service:
    """Translates what requests ask for, within the limits of their size."""

    def __init__(self, models: Models, options: WebConfig, metrics: Metrics) -> None:
        self.models, self.options, self.metrics = models, options, metrics

    def check_size(self, texts: Sequence[str]) -> None:
        """Refuse too many texts, or too long ones.

        Raises:
            Refusal: they are.
        """
        count, most = len(texts), self.options.max_texts
        if count > most:
            raise Refusal(413, f"{count} texts in one request; at most {most} are allowed", "texts")
        self.check_length(texts)

    def check_length(self, texts: Iterable[str]) -> None:
        """Refuse texts that are too long together.

        Raises:
            Refusal: they are.
        """
        length, most = sum(map(len, texts)), self.options.max_characters
        if length > most:
            raise Refusal(
                413, f"{length} characters in one request; at most {most} are allowed", "characters"
            )

    def find(self, source: str, target: str) -> tuple[Served, Direction]:
        """Return what translates in a direction.

        Raises:
            Refusal: nothing does.
        """
        try:
            return self.models.find(source, target)
        except LookupError as error:
            raise Refusal(400, str(error), "direction") from None

    def job(self, text: str, source: str, target: str) -> Job:
        """Return a text as what is to be done with it.

        Raises:
            Refusal: nothing translates in this direction.
        """
        served, direction = self.find(source, target)
        return Job(served, direction, segments(text, served.translators[direction]))

    async def translations(
        self,
        job: Job,
        *,
        n_best: int = 1,
        parts: bool = False,
        glossary: Mapping[str, str] | None = None,
    ) -> list[Found]:
        """Return the translations of `job.texts`."""
        waiting = job.served.search(
            job.direction, job.texts, n_best=n_best, parts=parts, glossary=glossary
        )
        with _cancelled_together(waiting):
            found = list(await asyncio.gather(*waiting))
        self._count(job, job.texts)
        return found

    async def stream(
        self, job: Job, *, glossary: Mapping[str, str] | None = None
    ) -> AsyncIterator[Found]:
        """Yield the translations of `job.texts` one after the other, each as soon as it can be."""
        texts = job.texts
        waiting: list[asyncio.Future[Found]] = []
        try:
            for at, text in enumerate(texts):
                # the first ones go together, then one follows for each that is ready
                while len(waiting) < len(texts) and len(waiting) < at + _AHEAD:
                    more = texts[len(waiting) : at + _AHEAD]
                    waiting += job.served.search(job.direction, more, parts=True, glossary=glossary)
                yield await waiting[at]
                self._count(job, [text])
        finally:
            for one in waiting:
                if not one.cancel() and not one.cancelled():
                    one.exception()  # looked at, so that nothing is said about it

    async def scores(
        self, pairs: Sequence[tuple[str, str]], source: str, target: str
    ) -> list[GivenScore | None]:
        """Return how likely the model finds given translations.

        Raises:
            Refusal: nothing translates in this direction.
        """
        served, direction = self.find(source, target)
        waiting = served.score(direction, pairs)
        with _cancelled_together(waiting):
            return list(await asyncio.gather(*waiting))

    async def attentions(
        self, pairs: Sequence[tuple[str, str]], source: str, target: str
    ) -> list[Attention]:
        """Return what the words of given translations look at.

        Raises:
            Refusal: nothing translates in this direction.
        """
        served, direction = self.find(source, target)
        waiting = await served.look(direction, pairs)
        with _cancelled_together(waiting):
            return list(await asyncio.gather(*waiting))

    async def languages_of(
        self, texts: Sequence[str], among: Sequence[str]
    ) -> list[list[tuple[str, float]]]:
        """Return the languages that each text may be in, likeliest first.

        Raises:
            Refusal: languages cannot be told here.
        """
        if not detection.can_detect():
            raise Refusal(
                400,
                "languages cannot be told here: name the source, or let the server's owner "
                "install translator[languages]",
                "detection",
            )
        # the first time, a model has to be loaded
        return await asyncio.to_thread(lambda: [detection.detect(text, among) for text in texts])

    def _count(self, job: Job, texts: Sequence[str]) -> None:
        self.metrics.sentences.labels(*job.direction).inc(len(texts))
        self.metrics.characters.labels(*job.direction).inc(sum(map(len, texts)))


@contextmanager
def _cancelled_together(waiting: Sequence[asyncio.Future[Any]]) -> Iterator[None]:
    """See to it that nothing is computed for whom has gone away, or has got an error."""
    try:
        yield
    finally:
        for one in waiting:
            one.cancel()
