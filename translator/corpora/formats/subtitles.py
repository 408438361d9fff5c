"""Subtitles: two SRT files of one film, paired by the time that they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from translator.corpora.columns import Wanted
from translator.corpora.compression import Count, open_bytes
from translator.corpora.formats.records import LEFT_OUT, NOTHING, Record
from translator.corpora.lines import clean_lines
from translator.errors import DataError
from translator.progress import say

CUES = 100_000
"""Subtitles of one file; a film has some 1,500."""
CHARACTERS = 1 << 25

_OVERLAP = 0.5
"""Share of the shorter of two subtitles' time that both are shown, if they belong together."""
_GROUP = 4
"""Subtitles of one side that may belong together; more are out of step."""

_TIME = r"(\d{1,4}):(\d{1,2}):(\d{1,2})[,.](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,200}>|\{\\[^{}]{0,200}\}")


class Cue(NamedTuple):
    """One subtitle."""

    line: int
    start: int
    """Milliseconds."""
    end: int
    text: str


def read_subtitles(
    paths: Sequence[Path], wanted: Wanted, count: Count | None = None
) -> Iterator[Record]:
    """Read two SRT files, the source first; a number is a line of the source file.

    Subtitles that are shown together are a pair, several of one side as one text. What has no
    counterpart is blank on the other side.

    Raises:
        DataError: other than two files; not SRT; or no subtitle of one meets one of the other.
    """
    if len(paths) != 2:
        raise DataError(
            "subtitles come as two files", where=paths[0], hint="Give film.en.srt,film.fr.srt."
        )
    sources, targets = (list(_cues(path, count)) for path in paths)
    groups = align(sources, targets)
    met = sum(len(ours) for ours, theirs in groups if ours and theirs)
    if sources and targets and not met:
        raise DataError(
            f"no subtitle is shown at the time of one of {paths[1]}",
            where=paths[0],
            hint="The two must belong to the same version of a film.",
        )
    if met < len(sources) / 2:
        say(
            f"{paths[0]}: only {met:,} of {len(sources):,} subtitles are shown with one of "
            f"{paths[1]}: do they belong to the same version of the film?"
        )
    for ours, theirs in groups:
        lost = len(ours) > _GROUP or len(theirs) > _GROUP
        extras = {LEFT_OUT: "out of step"} if lost else NOTHING
        if wanted.extras and ours:
            extras = {**extras, "time": _clock(ours[0].start)}
        line = ours[0].line if ours else 0
        yield line, " ".join(cue.text for cue in ours), [" ".join(c.text for c in theirs)], extras


def align(sources: list[Cue], targets: list[Cue]) -> list[tuple[list[Cue], list[Cue]]]:
    """Return the groups of subtitles that are shown together, in the order of time."""
    sources, targets = (
        sorted(cues, key=lambda cue: (cue.start, cue.line)) for cues in (sources, targets)
    )
    groups: list[tuple[list[Cue], list[Cue]]] = []
    last = [-1, -1]  # of each side, the last subtitle that is in a group
    for at, other in _links(sources, targets):
        if groups and (at <= last[0] or other <= last[1]):
            ours, theirs = groups[-1]
        else:
            ours, theirs = [], []
            groups.append((ours, theirs))
        if at > last[0]:
            ours.append(sources[at])
        if other > last[1]:
            theirs.append(targets[other])
        last = [max(last[0], at), max(last[1], other)]
    met = {id(cue) for group in groups for side in group for cue in side}
    groups += [([cue], []) for cue in sources if id(cue) not in met]
    groups += [([], [cue]) for cue in targets if id(cue) not in met]
    return sorted(groups, key=lambda group: min(cue.start for side in group for cue in side))


def _links(sources: list[Cue], targets: list[Cue]) -> Iterator[tuple[int, int]]:
    """Yield which subtitles overlap in time: for each source, those of the target in order."""
    begin = 0
    for at, cue in enumerate(sources):
        while begin < len(targets) and targets[begin].end <= cue.start:
            begin += 1
        for other in range(begin, min(begin + 50, len(targets))):
            theirs = targets[other]
            if theirs.start >= cue.end:
                break
            shared = min(cue.end, theirs.end) - max(cue.start, theirs.start)
            shorter = max(min(cue.end - cue.start, theirs.end - theirs.start), 1)
            if shared >= _OVERLAP * shorter:
                yield at, other


def _cues(path: Path, count: Count | None) -> Iterator[Cue]:
    """Yield the subtitles of a file, without markup."""
    line, times = 0, None
    texts: list[str] = []
    cues = size = 0
    with open_bytes(path, count) as stream:
        for number, text in clean_lines(stream, path):
            size += len(text)
            match = _TIMES.fullmatch(text) if "-->" in text else None
            if match is None:
                _check(text, times is not None, f"{path}:{number}")
                texts.append(text)
                continue
            index = texts.pop() if texts and texts[-1].strip().isdecimal() else ""
            if times is not None:
                yield Cue(line, *times, _text(texts))
            texts = []
            line, times = number - bool(index), (_milliseconds(match, 1), _milliseconds(match, 5))
            cues += 1
            if cues > CUES or size > CHARACTERS:
                raise DataError(
                    "is too large for the subtitles of a film", where=f"{path}:{number}"
                )
    if times is not None:
        yield Cue(line, *times, _text(texts))


def _check(text: str, begun: bool, where: str) -> None:
    if "-->" in text:
        raise DataError(
            f"is not a time of SRT: {text.strip()[:60]!r}",
            where=where,
            hint="It should look like 00:01:02,500 --> 00:01:04,000",
        )
    if not begun and text.strip() and not text.strip().isdecimal():
        raise DataError(
            "is not SRT: text before the first subtitle's time",
            where=where,
            hint="A subtitle is a number, a line like 00:01:02,500 --> 00:01:04,000, and its text.",
        )


def _text(lines: list[str]) -> str:
    return " ".join(" ".join(_MARKUP.sub("", line) for line in lines).split())


def _milliseconds(match: re.Match[str], first: int) -> int:
    hours, minutes, seconds, rest = (match[first + part] for part in range(4))
    return (int(hours) * 3600 + int(minutes) * 60 + int(seconds)) * 1000 + int(rest.ljust(3, "0"))


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d},{rest:03d}"
