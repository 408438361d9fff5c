"""Findings as text for a terminal, or as a page."""

from __future__ import annotations

import json
import textwrap
import unicodedata
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from translator.corpora.doctor.findings import (
    LENGTH_STEP,
    RATIO_BINS,
    RATIO_STEP,
    Findings,
    Sample,
    as_dict,
)
from translator.corpora.doctor.rules import RULES
from translator.progress import counted, shortened
from translator.reports.page import percent

_SHOWN_LINES, _SHOWN_TEXT = 5, 85
_WIDTH = 96


def as_text(findings: Findings, names: Sequence[str]) -> str:
    """Return the report for a terminal.

    Args:
        findings: of all corpora.
        names: of the corpora, as the user gave them.
    """
    parts = [f"{', '.join(names)}: {counted(findings.pairs, 'pair')}"]
    if findings.empty:
        parts[0] += f", {counted(findings.empty, 'blank line')}"
    if findings.left_out:
        parts[0] += f", {counted(findings.left_out, 'unfinished entry')}".replace(
            "entrys", "entries"
        )
    rows = [rule for rule, found in findings.found.items() if found.count]
    if rows:
        parts.append(f"\n  {'rule':<16}{'pairs':>10}{'share':>14}   {'':<10}what")
    for rule in rows:
        count = findings.found[rule].count
        share = percent(findings.share(rule))
        level = findings.level(rule) or ""
        level = "" if level == "note" else level
        parts.append(f"  {rule:<16}{count:>10,}{share:>14}   {level:<10}{RULES[rule].title}")
    if findings.sample:
        parts.append(f"\n{findings.sample}")
    for rule, counts in findings.overlap.items():
        parts.append(f"\n{_overlap_text(rule, counts)}")
    several = len(findings.corpora) > 1
    for rule in rows:
        parts.append(f"\n{rule}: {RULES[rule].title}")
        parts += textwrap.wrap(
            RULES[rule].meaning, _WIDTH, initial_indent="  ", subsequent_indent="  "
        )
        found = findings.found[rule]
        lines = ", ".join(_place(*place, several) for place in found.lines[:_SHOWN_LINES])
        parts.append(f"  line {lines}{', …' if found.count > _SHOWN_LINES else ''}")
        parts += [
            _sample_text(sample, several, one_side=rule == "separators")
            for sample in found.samples[:2]
        ]
    if findings.not_checked:
        parts.append("\nNot checked")
        parts += [f"  {rule}: {reason}" for rule, reason in findings.not_checked.items()]
    parts.append("")
    parts += [
        textwrap.fill(f"{one.level}: {one.text}", _WIDTH, subsequent_indent="  ")
        for one in findings.problems()
        if one.level == "serious"
    ]
    parts.append(findings.verdict())
    return "\n".join(parts) + "\n"


def as_json(findings: Findings) -> str:
    """Return everything as one JSON object."""
    return json.dumps(as_dict(findings), ensure_ascii=False, indent=2) + "\n"


def as_page(findings: Findings, names: Sequence[str], languages: Sequence[str]) -> str:
    """Return the report as an HTML page."""
    from translator.reports import render

    several = len(findings.corpora) > 1
    rules = [
        {
            "rule": RULES[name],
            "count": found.count,
            "share": findings.share(name),
            "level": findings.level(name),
            "samples": [(_place(one.corpus, one.line, several), one) for one in found.samples],
            "lines": [_place(*place, several) for place in found.lines],
        }
        for name, found in findings.found.items()
    ]
    return render(
        "corpus.html",
        title=f"Corpus check: {', '.join(names)}",
        made=f"Made by translator {version('translator')}.",
        findings=findings,
        names=names,
        languages=languages,
        rules=rules,
        overlap=[
            {"set": rule.removesuffix("-overlap"), "text": _overlap_text(rule, counts), **counts}
            for rule, counts in findings.overlap.items()
        ],
        lengths=_bars(findings.lengths.tolist(), [f"{n * LENGTH_STEP}" for n in range(99)]),
        ratios=_bars([findings.ratios.tolist()], _factors()),
    )


def _overlap_text(rule: str, counts: dict[str, int]) -> str:
    name = {"test-overlap": "test", "dev-overlap": "validation"}[rule]
    total = counts["sentences"]
    return (
        f"Of {counted(total, f'{name} sentence')}, {counts['source']:,} "
        f"({percent(counts['source'] / total)}) have their source in the training data, and "
        f"{counts['target']:,} ({percent(counts['target'] / total)}) a translation."
    )


def _bars(series: list[list[int]], labels: Sequence[str]) -> dict[str, Any]:
    """Return what the picture of a histogram needs: heights from 0 to 1, and labels."""
    most = max((value for one in series for value in one), default=0) or 1
    return {
        "series": [[value / most for value in one] for one in series],
        "counts": series,
        "labels": labels[: len(series[0])],
    }


def _factors() -> list[str]:
    """Return the label of each bar of the ratio."""
    middle = RATIO_BINS // 2
    return [f"{2 ** ((n - middle) * RATIO_STEP):.2g}" for n in range(RATIO_BINS)]


def _place(corpus: str, line: int, several: bool) -> str:
    return f"{corpus}:{line:,}" if several else f"{line:,}"


def _sample_text(sample: Sample, several: bool, one_side: bool) -> str:
    place = _place(sample.corpus, sample.line, several)
    if one_side:
        return f"    {place}: {_short(sample.source)}"
    return f"    {place}: {_short(sample.source)}\n      -> {_short(sample.target)}"


def _short(text: str) -> str:
    return shortened("".join(map(_shown, text)), _SHOWN_TEXT)


def _shown(char: str) -> str:
    """Return a character as it can be seen; a space of any width is one."""
    if char.isprintable():
        return char
    return " " if unicodedata.category(char) == "Zs" else "\ufffd"
