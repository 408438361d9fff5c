"""How the figures of a corpus are told: as text, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from translator.corpora.info import BINS, Info, Lengths
from translator.languages import language_name
from translator.progress import counted, size

_BAR = 24
"""Characters of the longest bar."""
_SHOWN = 12
"""Languages and columns that are listed."""
_LONG_WORD = 15
"""Characters of a word on average; with more, words are not parted by spaces."""
_NAMES = {"tsv": "TSV", "csv": "CSV", "jsonl": "JSON Lines", "parquet": "Parquet", "tmx": "TMX"}
_NAMES |= {"xliff": "XLIFF", "po": "PO", "srt": "SRT", "text": "text files", "hub": "hub data set"}


def as_json(infos: list[Info]) -> str:
    """Return one JSON object for a corpus, one line each for several."""
    lines = []
    for info in infos:
        value = asdict(info)
        value["bins"] = [list(span) for span in BINS]
        lines.append(json.dumps(value, ensure_ascii=False, indent=2 if len(infos) == 1 else None))
    return "\n".join(lines) + "\n"


def as_text(info: Info) -> str:
    """Return the figures in lines like those that training begins with."""
    lines = [info.spec]
    lines += [f"  {name:<12}{fact}".rstrip() for name, fact in _facts(info)]
    return "\n".join(lines) + "\n"


def _facts(info: Info) -> Iterator[tuple[str, str]]:
    names = ", ".join(_NAMES[form] for form in info.formats)
    if info.size is None:
        yield "format", names + (f", revision {info.revision}" if info.revision else "")
    else:
        yield "format", f"{names}, {counted(info.files, 'file')}, {size(info.size)}"
    sides = {"source": _language(info.source), "target": _language(info.target)}
    yield "languages", " -> ".join(sides.values())
    if info.languages:
        yield "texts", _listed(info.languages.most_common())
    dropped = ", ".join(f"{n:,} {reason}" for reason, n in info.dropped.most_common()) or "none"
    yield "pairs", f"{info.pairs:,}; left out: {dropped}"
    if info.columns:
        yield "columns", _listed(info.columns.most_common())
    if info.pairs:
        yield from _lengths(info)


def _language(tag: str) -> str:
    return f"{language_name(tag)} ({tag})" if tag else "not named"


def _listed(counts: list[tuple[str, int]]) -> str:
    shown = ", ".join(f"{name[:40]} {number:,}" for name, number in counts[:_SHOWN])
    return shown + (f" and {len(counts) - _SHOWN} more" if len(counts) > _SHOWN else "")


def _lengths(info: Info) -> Iterator[tuple[str, str]]:
    for name, lengths in (("words", info.words), ("characters", info.characters)):
        parts = [
            f"{side} {one.total / info.pairs:.1f} on average, {one.longest:,} at most (line "
            f"{one.where})"
            for side, one in lengths.items()
        ]
        yield name, "; ".join(parts)
    in_words = all(
        info.characters[side].total <= _LONG_WORD * max(info.words[side].total, 1)
        for side in info.words
    )
    yield "lengths", "in words" if in_words else "in characters"
    yield from _histogram(info.words if in_words else info.characters, info.pairs)


def _histogram(lengths: dict[str, Lengths], pairs: int) -> Iterator[tuple[str, str]]:
    most = max(count for one in lengths.values() for count in one.bins)
    last = max(at for one in lengths.values() for at, count in enumerate(one.bins) if count)
    for at, (shortest, longest) in enumerate(BINS[: last + 1]):
        span = f"{shortest}-{longest}" if longest else f"{shortest} on"
        bars = []
        for side, one in lengths.items():
            bar = "#" * round(_BAR * one.bins[at] / most)
            bars.append(f"{side} {one.bins[at] / pairs:>4.0%} {bar:<{_BAR}}")
        yield "", f"{span:>8}  {'  '.join(bars)}"
