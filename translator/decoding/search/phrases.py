"""Texts that a translation must hold, as tokens, and how far a hypothesis has come with them.

A phrase can be spelt in several ways: cut into other sub-words, after a space or after an
apostrophe, with a capital at the start of a sentence. All of these count, and all are followed at
the same time, token by token.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from translator.decoding.text.scripts import in_word, is_unspaced, joins
from translator.tokenizer.tokenizer import Tokenizer

SPACE = "▁"
_SEGMENTATIONS = 3
"""Ways to cut a text into sub-words that are followed; the model rarely uses others."""
_ENDERS = re.compile(r"[.!?…:。！？«“„\"(]")  # noqa: RUF001 - full-width marks are meant
"""What a capital may follow."""
_BYTE = re.compile(r"<0x[0-9A-F]{2}>")


@dataclass(frozen=True)
class Phrase:
    """One text that is required `count` times."""

    count: int
    forms: tuple[str, ...]
    """Its spellings that count anywhere."""
    initial: tuple[str, ...] = ()
    """Further ones that count at the start of a sentence."""


class _Piece(NamedTuple):
    """What has to be known of a sub-word."""

    spaced: bool
    first: str
    """First character; empty for a space alone. A byte counts as a letter."""
    last: str
    """Last character, which may be a space."""
    opens: bool
    """Whether a sentence may begin behind it."""


class Spellings:
    """The tokens of phrases, found once for each vocabulary."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self.of = cache(self._of)
        self.piece = cache(self._piece)

    def _of(self, form: str) -> tuple[list[list[int]], list[list[int]]]:
        """Return the segmentations of a text after a space, and directly after a mark."""
        spaced = self._tokenizer.segmentations(form, _SEGMENTATIONS)
        joined = []
        for ids in self._tokenizer.segmentations(f"'{form}", _SEGMENTATIONS):
            pieces = self._tokenizer.pieces(ids)
            for cut in (1, 2):
                if "".join(pieces[:cut]) == f"{SPACE}'":
                    joined.append(ids[cut:])
        return spaced, [ids for ids in joined if ids]

    def _piece(self, token: int) -> _Piece:
        [text] = self._tokenizer.pieces([token])
        if _BYTE.fullmatch(text):
            return _Piece(False, "a", "a", False)
        plain = text.replace(SPACE, " ")
        body = plain.lstrip()
        opens = _ENDERS.search(plain) is not None and not in_word(plain[-1:] or " ")
        return _Piece(text.startswith(SPACE), body[:1], plain[-1:], opens)


Near = Sequence[tuple[float, float]]
"""For each phrase how well it would stand here, and how well something else would: 0 or less."""


class State(NamedTuple):
    """How far one hypothesis has come."""

    missing: tuple[int, ...]
    """How often each phrase is still to come."""
    active: tuple[tuple[int, Near], ...]
    """Nodes of the trie that the last tokens lead to, and what was near where they began."""
    pending: tuple[tuple[int, float], ...]
    """Phrases that the last token has completed, if the word does not go on, and how they stand."""
    placed: float
    """How well the phrases stand that are there, and what is no phrase: 0 is best."""
    last: str
    """The last character; empty at the beginning."""
    initial: bool
    """Whether a sentence may begin here."""

    @property
    def met(self) -> bool:
        """Return whether nothing is missing."""
        return not any(self.missing)


def positions(pieces: Sequence[str], text: str, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Return which pieces hold these parts of a text; none if the pieces spell it differently."""
    spelt = "".join(pieces).replace(SPACE, " ")
    shift = len(spelt) - len(text)
    if spelt.removeprefix(" ") != text:
        return []
    found = []
    end = -shift
    for position, piece in enumerate(pieces):
        start, end = end, end + len(piece)
        if any(start < last and end > first for first, last in spans):
            found.append(position)
    return found


_SPACED, _JOINED, _ANYWHERE = 0, 1, 2
"""Roots of the trie: for what follows a space, a mark, or anything (scripts without spaces)."""
_ROOTS = 6
"""Each of them twice: for the spellings that count anywhere, then for those of a sentence start."""


class Tracker:
    """Follows the phrases of one sentence."""

    def __init__(
        self,
        phrases: Sequence[Phrase],
        spellings: Spellings,
        places: Sequence[Sequence[int]] | None = None,
    ) -> None:
        """Follow these phrases.

        Args:
            phrases: what is required.
            spellings: their tokens.
            places: for each the positions in the source row that it translates; empty where that
                is not known.
        """
        self.places = [[] for _ in phrases] if places is None else [list(one) for one in places]
        self._nowhere = [(0.0, 0.0)] * len(phrases)
        self._piece = spellings.piece
        self._children: list[dict[int, int]] = [{} for _ in range(_ROOTS)]
        self._depth = [0] * _ROOTS
        self._ends: list[set[int]] = [set() for _ in range(_ROOTS)]
        self._leads: list[set[int]] = [set() for _ in range(_ROOTS)]
        self._lengths: list[int] = []
        self._counts = tuple(phrase.count for phrase in phrases)
        for number, phrase in enumerate(phrases):
            for shift, forms in ((0, phrase.forms), (3, phrase.initial)):
                for form in forms:
                    self._add(form, number, shift, spellings)
            spaced, joined = spellings.of(phrase.forms[0])
            self._lengths.append(max(1, min(map(len, spaced or joined), default=1)))
        self.total = sum(
            count * length for count, length in zip(self._counts, self._lengths, strict=True)
        )
        """Tokens of all phrases together."""

    def start(self) -> State:
        """Return the state of the empty translation."""
        return State(self._counts, (), (), 0.0, "", True)

    def advance(self, state: State, token: int, near: Near | None = None) -> State:
        """Return the state after one more token, given what is near its place."""
        piece = self._piece(token)
        missing, placed = list(state.missing), state.placed
        if state.pending and not piece.spaced and piece.first and joins(state.last, piece.first):
            for number, stands in state.pending:  # the word goes on: it was another one
                missing[number] += 1
                placed -= stands
        active: list[tuple[int, Near]] = []
        pending: dict[int, float] = {}
        here = near or self._nowhere
        for node, began in (*state.active, *((root, here) for root in self._entries(state))):
            child = self._children[node].get(token)
            if child is None:
                continue
            active.append((child, began))
            for number in self._ends[child]:
                if missing[number] and number not in pending:
                    missing[number] -= 1
                    placed += began[number][0]
                    pending[number] = began[number][0]
        within = {number for node, _ in active for number in self._leads[node]}
        placed += sum(other for number, (_, other) in enumerate(here) if number not in within)
        last = piece.last or state.last
        blank = not piece.first or not in_word(piece.first)
        initial = piece.opens or (state.initial and blank and not in_word(last))
        return State(tuple(missing), tuple(active), tuple(pending.items()), placed, last, initial)

    def wanted(self, state: State) -> set[int]:
        """Return the tokens that begin a missing phrase, or go on with it."""
        return {
            token
            for node in (*(node for node, _ in state.active), *self._entries(state))
            for token, child in self._children[node].items()
            if any(state.missing[number] for number in self._leads[child])
        }

    def progress(self, state: State) -> tuple[int, float]:
        """Return how many tokens of the phrases there are (0 to `total`), and how they stand."""
        done = sum(
            (count - missing) * length
            for count, missing, length in zip(
                self._counts, state.missing, self._lengths, strict=True
            )
        )
        begun = [
            (min(self._depth[node], self._lengths[number] - 1), began[number][0])
            for node, began in state.active
            for number in self._leads[node]
            if state.missing[number] and number not in self._ends[node]
        ]
        depth, stands = max(begun, default=(0, 0.0))
        return done + depth, state.placed + stands

    def _entries(self, state: State) -> list[int]:
        """Return the roots where a phrase may begin."""
        entries = [_SPACED, _ANYWHERE]
        if state.last and not in_word(state.last):
            entries.append(_JOINED)
        return entries + [root + 3 for root in entries] if state.initial else entries

    def _add(self, form: str, number: int, shift: int, spellings: Spellings) -> None:
        spaced, joined = spellings.of(form)
        root = _ANYWHERE if is_unspaced(form[0]) or not in_word(form[0]) else _JOINED
        for start, rows in ((_SPACED, spaced), (root, joined)):
            for ids in rows:
                node = start + shift
                for depth, token in enumerate(ids, start=1):
                    if token not in self._children[node]:
                        self._children[node][token] = len(self._children)
                        self._children.append({})
                        self._depth.append(depth)
                        self._ends.append(set())
                        self._leads.append(set())
                    node = self._children[node][token]
                    self._leads[node].add(number)
                self._ends[node].add(number)
