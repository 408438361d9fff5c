"""All rules over a stream of pairs."""

from __future__ import annotations

import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from translator.corpora.doctor import form, languages, sides
from translator.corpora.doctor.batch import Batch, batches, joined
from translator.corpora.doctor.repeats import Boilerplate, HeldOut, PairKeys, Seen, pair_keys
from translator.corpora.doctor.rules import RULES
from translator.corpora.formats.records import Record

if TYPE_CHECKING:
    from concurrent.futures import Future

JUDGED_ALL, JUDGED_EVERY = 10_000, 10
"""To tell languages apart takes longer than everything else: where a sample is enough, all of the
first pairs are judged, and one of so many after them."""

LARGE_PART = 0.2
"""Share of its pairs that is no accident in a corpus."""

_ALONE = 10
"""Batches that are over before other processes could have started."""


class Unrelated(Protocol):
    """Applies the rule of this name (see `translator.decoding.unrelated`).

    Attributes:
        unfit: why it finds nothing, once it has been called; empty if it does.
    """

    unfit: str

    def __call__(self, sources: Sequence[str], targets: Sequence[str]) -> list[int]:
        """Return the places of the pairs that do not belong together."""


@dataclass(frozen=True)
class Examined:
    """A batch, and the offsets of the pairs that each rule finds."""

    batch: Batch
    found: dict[str, list[int]]
    judged: int = 0
    """Pairs whose languages were looked at."""
    keys: PairKeys | None = None

    def reasons(self) -> dict[int, str]:
        """Return the pairs that a rule finds, each with the names of its rules."""
        reasons: dict[int, str] = {}
        for rule, offsets in self.found.items():
            for at in offsets:
                reasons[at] = f"{reasons[at]},{rule}" if at in reasons else rule
        return reasons


@dataclass(frozen=True)
class Looked:
    """What one pair alone tells, for each pair of a batch."""

    found: dict[str, list[int]]
    keys: PairKeys | None
    judged: int


@dataclass(frozen=True)
class Look:
    """The rules that need to know nothing but the pair; other processes can call it.

    Attributes:
        rules: names of those to apply.
        languages: tags of source and target.
        usual: target length by source length (`sides.usual_ratio`).
        close: whether a sentence may be right in both languages.
        sampled: whether it is enough to tell the languages of a sample.
    """

    rules: frozenset[str]
    languages: tuple[str, str]
    usual: float
    close: bool
    sampled: bool

    def __call__(self, batch: Batch) -> Looked:
        """Return what is found in a batch."""
        rules: dict[str, Callable[[Batch], list[int]]] = {
            "identical": sides.identical,
            "untranslated": sides.untranslated,
            "ratio": lambda batch: sides.ratio(batch, self.usual, sides.FAR),
            "extreme-ratio": lambda batch: sides.ratio(batch, self.usual, sides.MANY),
            "long": sides.long,
            "script": lambda batch: languages.script(batch, self.languages),
            "encoding": form.encoding,
            "html": form.html,
            "control": form.control,
            "numbers": sides.numbers,
            "addresses": sides.addresses,
            "brackets": form.brackets,
        }
        apart = {"identical", "untranslated"} if self.close else set()
        chosen = self.rules - apart
        found = {name: rule(batch) for name, rule in rules.items() if name in chosen}
        judged: Sequence[int] = ()
        one = languages.identifier(self.languages) if chosen & {"language", "swapped"} else None
        if one is not None and not one.unknown:
            every = JUDGED_EVERY if self.sampled and batch.first >= JUDGED_ALL else 1
            judged = range(0, len(batch), every)
            wrong, swapped = one.find(batch, judged)
            found |= {"language": wrong, "swapped": swapped}
        remembered = self.rules & {"duplicate", "near-duplicate", "boilerplate"}
        held = self.rules & {"dev-overlap", "test-overlap"}
        near = "near-duplicate" in self.rules
        keys = pair_keys(batch, near=near) if remembered or held else None
        return Looked({name: at for name, at in found.items() if name in chosen}, keys, len(judged))


class Doctor:
    """Applies rules to one corpus after the other, and remembers what was there."""

    def __init__(
        self,
        rules: Iterable[str],
        source: str,
        target: str,
        *,
        held_out: Sequence[HeldOut] = (),
        unrelated: Unrelated | None = None,
        sampled: bool = False,
        sparing: bool = False,
        workers: int = 1,
    ) -> None:
        """Make a doctor.

        Args:
            rules: names of those to apply.
            source, target: language tags.
            held_out: validation and test sets that training must not hold.
            unrelated: applies the rule of this name.
            sampled: whether it is enough to tell the languages of a sample.
            sparing: whether a rule is not applied to a corpus of which it would find a large part:
                such pairs are then what somebody wants to learn, as in a task of copying.
            workers: processes for what takes time; 0 takes one for each core.
        """
        self.rules = frozenset(rules)
        self.languages = source, target
        self.held_out = [one for one in held_out if one.rule in self.rules]
        self.spared: dict[str, float] = {}
        """Rules that were not applied to some corpus, with the share of pairs that they find."""
        self._unrelated = unrelated if "unrelated" in self.rules else None
        self._sampled, self._sparing = sampled, sparing
        self._workers = workers or os.cpu_count() or 1
        self._exact, self._near = Seen(), Seen()
        self._often = Boilerplate(), Boilerplate()

    def examine(self, records: Iterable[Record]) -> Iterator[Examined]:
        """Examine the records of a corpus (see `translator.corpora.readers`), batch by batch."""
        return self.examine_batches(batches(records))

    def examine_batches(self, stream: Iterator[Batch]) -> Iterator[Examined]:
        """Examine a corpus that has been cut into batches already."""
        head = list(islice(stream, sides.RATIO_BATCHES))
        look = Look(
            rules=self.rules,
            languages=self.languages,
            usual=sides.usual_ratio(joined(head)),
            close=languages.are_close(*self.languages),
            sampled=self._sampled,
        )
        if self._sparing:
            look = replace(look, rules=look.rules - self._too_much(look, head))
        for batch, looked in _in_order(look, _chained(head, stream), self._workers):
            if self._unrelated is not None:
                looked.found["unrelated"] = self._unrelated(batch.sources, batch.targets)
            yield Examined(batch, self._all_found(looked), looked.judged, looked.keys)

    def _too_much(self, look: Look, head: list[Batch]) -> set[str]:
        """Return the rules that find a large part of the first pairs."""
        found: Counter[str] = Counter()
        for batch in head:
            found.update({rule: len(offsets) for rule, offsets in look(batch).found.items()})
        pairs = max(sum(map(len, head)), 1)
        too_much = {rule: n / pairs for rule, n in found.items() if n > LARGE_PART * pairs}
        self.spared |= too_much
        return set(too_much)

    def _all_found(self, looked: Looked) -> dict[str, list[int]]:
        """Add what only somebody who remembers can find."""
        found, keys = dict(looked.found), looked.keys
        if keys is None:
            return {rule: found[rule] for rule in RULES if rule in found}
        again = (
            self._exact.add(keys.exact) if self.rules & {"duplicate", "near-duplicate"} else None
        )
        if again is not None and "duplicate" in self.rules:
            found["duplicate"] = again.nonzero()[0].tolist()
        if again is not None and keys.near is not None:
            found["near-duplicate"] = (self._near.add(keys.near) & ~again).nonzero()[0].tolist()
        if "boilerplate" in self.rules:
            sides_found = (
                one.add(side)
                for one, side in zip(self._often, (keys.sources, keys.targets), strict=True)
            )
            found["boilerplate"] = sorted({at for side in sides_found for at in side})
        for held in self.held_out:
            found[held.rule] = held.meet(keys.sources, keys.targets).nonzero()[0].tolist()
        return {rule: found[rule] for rule in RULES if rule in found}


def _chained(head: list[Batch], rest: Iterator[Batch]) -> Iterator[Batch]:
    yield from head
    yield from rest


def _in_order(look: Look, stream: Iterator[Batch], workers: int) -> Iterator[tuple[Batch, Looked]]:
    """Look at each batch; at those of a long stream in several processes."""
    for batch in islice(stream, None if workers < 2 else _ALONE):
        yield batch, look(batch)
    following = next(stream, None)
    if following is None:
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # spawned, as the libraries of a forked process may hold locks
    with ProcessPoolExecutor(workers, get_context("spawn"), _leave_interrupts) as pool:
        waiting: deque[tuple[Batch, Future[Looked]]] = deque()
        try:
            for batch in _chained([following], stream):
                waiting.append((batch, pool.submit(look, batch)))
                if len(waiting) > 2 * workers:
                    first, result = waiting.popleft()
                    yield first, result.result()
            while waiting:
                first, result = waiting.popleft()
                yield first, result.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _leave_interrupts() -> None:
    """Let Ctrl-C be the business of the process that speaks with the user."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
