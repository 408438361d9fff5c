"""A search that sees to what translations must hold: terms of a glossary, and what is copied.

What is found without these is kept where it holds them; only where something is missing, one more
search puts it in. Where the engine cannot do that, and in samples, what is missing is told only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from translator.decoding.engines import Engine
from translator.decoding.glossary import Glossary, Requirement, copied, missing, normal
from translator.decoding.search.hypothesis import Hypothesis
from translator.decoding.search.options import SearchOptions
from translator.decoding.search.phrases import Spellings, Tracker, positions
from translator.decoding.text.parts import token_parts, word_parts
from translator.decoding.text.pieces import Piece
from translator.decoding.translation import Translation
from translator.errors import ConfigError
from translator.tokenizer.tokenizer import Tokenizer

_ROOM = 8
"""Tokens that a translation with terms may have beyond 1.5 times that without, and the terms."""

Found = list[tuple[int, list[Translation]]]
"""Indices of some of the pieces, and their translations, best first."""


class Searcher:
    """Searches for the translations of pieces with one engine, and writes them as text."""

    def __init__(self, engine: Engine, tokenizer: Tokenizer, spellings: Spellings) -> None:
        self._engine, self._tokenizer, self._spellings = engine, tokenizer, spellings

    def search(
        self, pieces: Sequence[Piece], options: SearchOptions, glossary: Glossary | None
    ) -> Iterator[Found]:
        """Yield the translations of some of the pieces, until all have come.

        Raises:
            ConfigError: there is a glossary, and the engine cannot keep it.
        """
        if not pieces:
            return
        asked = self._asked(pieces, options, glossary)
        mends = not options.temperature and self._can_mend(options)
        again: dict[int, list[Translation]] = {}
        lengths: dict[int, int] = {}
        for batch, hypotheses in self._engine.search([piece.row for piece in pieces], options):
            ready = []
            texts = self._texts(hypotheses)
            for i, best, found in zip(batch, texts, hypotheses, strict=True):
                if i not in asked or not any(missing(asked[i], one.text) for one in best):
                    ready.append((i, best))
                elif mends:
                    again[i], lengths[i] = best, len(found[0].ids)
                else:
                    ready.append((i, _with_missed(best, asked[i])))
            yield ready
        if again:
            yield from self._constrained(pieces, options, asked, again, lengths)

    def _asked(
        self, pieces: Sequence[Piece], options: SearchOptions, glossary: Glossary | None
    ) -> dict[int, list[Requirement]]:
        """Return what the translations of pieces must hold, by their numbers."""
        if glossary is not None and not self._can_mend(options):
            raise ConfigError(
                f"the engine {self._engine.name} cannot keep a glossary",
                hint="Choose the engine torch.",
            )
        asked: dict[int, list[Requirement]] = {}
        for i, piece in enumerate(pieces):
            requirements = glossary.requirements(piece.text) if glossary is not None else []
            if piece.source.spans:
                requirements += copied(piece.text)
            if requirements:
                asked[i] = requirements
        return asked

    def _can_mend(self, options: SearchOptions) -> bool:
        """Return whether the engine can search for what must be in a translation."""
        return self._engine.refusal(replace(options, trackers=())) is None

    def _constrained(
        self,
        pieces: Sequence[Piece],
        options: SearchOptions,
        asked: Mapping[int, list[Requirement]],
        again: Mapping[int, list[Translation]],
        lengths: Mapping[int, int],
    ) -> Iterator[Found]:
        """Search once more where terms are missing.

        `again` holds what was found without them, `lengths` the number of tokens of the best.
        """
        numbers = list(again)
        trackers = [self._tracker(pieces[i], asked[i]) for i in numbers]
        # with its terms a translation is not much longer than without them
        enough = [
            int(1.5 * lengths[i]) + tracker.total + _ROOM
            for i, tracker in zip(numbers, trackers, strict=True)
        ]
        options = replace(options.of(numbers), trackers=trackers, enough=enough)
        for batch, hypotheses in self._engine.search([pieces[i].row for i in numbers], options):
            ready = []
            for at, best in zip(batch, self._texts(hypotheses), strict=True):
                i = numbers[at]
                if not best or (again[i][0].complete and not best[0].complete):
                    best = again[i]  # no half sentence for the sake of a term
                ready.append((i, _with_missed(best, asked[i])))
            yield ready

    def _tracker(self, piece: Piece, asked: list[Requirement]) -> Tracker:
        """Return what follows the terms of a piece in its translation."""
        written = self._tokenizer.pieces(piece.row[piece.begin : -1])
        text = normal(piece.text)
        places = [[piece.begin + at for at in positions(written, text, one.spans)] for one in asked]
        return Tracker([one.phrase for one in asked], self._spellings, places)

    def _texts(self, found: list[list[Hypothesis]]) -> list[list[Translation]]:
        """Return the texts of all hypotheses of a batch."""
        # one call for all: SentencePiece takes longer to be called than to decode
        texts = iter(self._tokenizer.decode([one.ids for best in found for one in best]))
        return [[self._translation(next(texts), one) for one in best] for best in found]

    def _translation(self, text: str, one: Hypothesis) -> Translation:
        if one.token_log_probs is None:
            return Translation(text, one.score, one.log_prob, one.complete)
        return Translation(
            text,
            one.score,
            one.log_prob,
            one.complete,
            token_parts(self._tokenizer, one.ids, one.token_log_probs),
            word_parts(self._tokenizer, one.ids, one.token_log_probs),
        )


def _with_missed(best: list[Translation], asked: list[Requirement]) -> list[Translation]:
    return [replace(one, missed=missing(asked, one.text)) for one in best]
