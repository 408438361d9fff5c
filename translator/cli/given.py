"""What `translator score` does: given pairs in, how likely the model finds each of them out."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from translator.cli.asked import part_values
from translator.cli.files import Output, count_lines
from translator.cli.stream import lines_text
from translator.config import DataConfig
from translator.corpora.columns import wanted_columns
from translator.corpora.hub import hub_rows, load_hub
from translator.corpora.readers import check_files, file_format, read_rows
from translator.corpora.spec import Spec, parse_spec
from translator.errors import ConfigError, DataError, Interrupted
from translator.progress import counted, progress, say

if TYPE_CHECKING:
    from translator.decoding.translation import GivenScore
    from translator.decoding.translator import Translator

_CHUNK = 1024
"""Pairs scored together."""
_CHUNK_CHARACTERS = 200_000
"""A chunk ends earlier at this size."""
_SHOWN = 20
"""Line numbers that a message lists."""
_DIGITS = 6
"""Of a log probability; float32 has no more."""


class Pair(NamedTuple):
    """A source and its given translation."""

    number: int
    """Of the line, or the row, it stands in."""
    source: str
    target: str


@dataclass
class _Lines:
    """Some line numbers, of which only the first are kept."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, number: int) -> None:
        self.count += 1
        if len(self.first) < _SHOWN:
            self.first.append(number)

    def __str__(self) -> str:
        return lines_text(self.first) + ("" if self.count == len(self.first) else ", …")


@dataclass
class Totals:
    """What is told when all pairs are scored."""

    scored: int = 0
    tokens: int = 0
    log_prob: float = 0.0
    blank: _Lines = field(default_factory=_Lines)
    long: _Lines = field(default_factory=_Lines)

    def add(self, pair: Pair, found: GivenScore | None, translator: Translator) -> None:
        """Count a pair."""
        if found is not None:
            self.scored += 1
            self.tokens += found.length
            self.log_prob += found.log_prob
        elif all(translator.tokenizer.encode([pair.source, pair.target])):
            self.long.add(pair.number)
        else:
            self.blank.add(pair.number)

    def tell(self, name: str) -> None:
        """Say how many pairs have a score, which ones have none, and how likely all are."""
        from translator.decoding.translator import LONGEST_SCORED

        for lines, reason in (
            (self.blank, "one side is blank"),
            (self.long, f"one side has more than {LONGEST_SCORED:,} tokens"),
        ):
            if lines.count:
                pairs = counted(lines.count, "pair")
                say(f"{name}: {pairs} without score: {reason} in {lines}")
        if self.scored:
            perplexity = math.exp(min(-self.log_prob / self.tokens, 700.0))
            say(f"{name}: scored {counted(self.scored, 'pair')}, perplexity {perplexity:.3f}")


def open_pairs(
    spec: str, *, source: str, target: str, options: DataConfig, turned: bool
) -> tuple[Iterator[Pair], int | None]:
    """Check a corpus (see `translator.corpora.spec`); return its pairs, and their number if known.

    Of several targets the first is read.

    Raises:
        ConfigError: the name or an option makes no sense.
        DataError: it cannot be read.
    """
    wanted = wanted_columns(options, source=source, target=target, references=True, turned=turned)
    parsed = parse_spec(spec)
    if parsed.weight != 1:
        raise ConfigError(f"{spec!r}: only training corpora have weights")
    check_files(parsed, wanted)
    hub = load_hub(parsed) if parsed.hub else None
    rows = read_rows(parsed, wanted) if hub is None else hub_rows(hub, parsed, wanted)
    total = hub.total if hub is not None else _number_of_lines(parsed)
    return (Pair(number, text, targets[0] or "") for number, text, targets in rows), total


def score_pairs(
    translator: Translator,
    pairs: Iterable[Pair],
    output: Output,
    *,
    name: str,
    as_json: bool = False,
    total: int | None = None,
) -> None:
    """Write one line for each pair, in order; messages call the corpus `name`.

    Raises:
        DataError: there is no pair, or the corpus turns out to be unreadable.
        Interrupted: by Ctrl-C; the message says how far the work had come.
    """
    totals, done = Totals(), 0
    write = _as_json if as_json else _as_text
    try:
        with progress("scoring", total=total, unit="pairs") as bar:
            for chunk in chunks_of(pairs):
                found = _scored(translator, chunk, as_json, bar.advance)
                for pair, one in zip(chunk, found, strict=True):
                    totals.add(pair, one, translator)
                rows = zip(chunk, found, strict=True)
                output.write("".join(write(pair, one) for pair, one in rows))
                done += len(chunk)
    except KeyboardInterrupt:
        raise Interrupted(f"{done:,} pairs of {name} were scored") from None
    if not done:
        raise DataError("holds no sentence pair", where=name)
    totals.tell(name)


def _scored(
    translator: Translator, chunk: list[Pair], parts: bool, advance: Callable[[int], None]
) -> Sequence[GivenScore | None]:
    return translator.score(
        [pair.source for pair in chunk],
        [pair.target for pair in chunk],
        parts=parts,
        on_progress=advance,
    )


def _number_of_lines(spec: Spec) -> int | None:
    path = spec.paths[0]
    if not path.is_file() or path.suffix == ".srt":
        return None
    by_line = len(spec.paths) > 1 or file_format(path) in ("tsv", "csv", "jsonl")
    return count_lines(path) if by_line else None


def chunks_of(pairs: Iterable[Pair]) -> Iterator[list[Pair]]:
    """Yield the pairs in lists that are worked on together."""
    left = iter(pairs)
    while first := list(islice(left, 1)):
        chunk, characters = first, 0
        for pair in islice(left, _CHUNK - 1):
            chunk.append(pair)
            characters += len(pair.source) + len(pair.target)
            if characters >= _CHUNK_CHARACTERS:
                break
        yield chunk


def _as_text(pair: Pair, found: GivenScore | None) -> str:
    if found is None:
        return f"{pair.number}\t\t\t\n"
    return f"{pair.number}\t{found.log_prob:.4f}\t{found.score:.4f}\t{found.perplexity:.4f}\n"


def _as_json(pair: Pair, found: GivenScore | None) -> str:
    value: dict[str, object] = {
        "line": pair.number,
        "source": pair.source,
        "target": pair.target,
        "log_prob": None if found is None else round(found.log_prob, _DIGITS),
        "score": None if found is None else round(found.score, _DIGITS),
        "perplexity": None if found is None else round(found.perplexity, _DIGITS),
        "tokens": part_values(found.tokens if found else None),
        "words": part_values(found.words if found else None),
    }
    return json.dumps(value, ensure_ascii=False) + "\n"
