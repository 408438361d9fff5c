"""The error report as plain text."""

from __future__ import annotations

from collections.abc import Sequence

from translator.evaluation.report.analysis import Analysis, Example
from translator.evaluation.report.differences import Pieces
from translator.evaluation.tables import Table
from translator.evaluation.telling import score_text, told


def as_text(analyses: Sequence[Analysis]) -> str:
    """Return everything, test set by test set; [words] differ from the reference."""
    blocks = [told([one.evaluation for one in analyses], "text")]
    for one in analyses:
        if len(analyses) > 1:
            blocks.append(_title(one.evaluation.task.name, "="))
        blocks += _blocks(one)
    return "\n".join(blocks)


def _blocks(analysis: Analysis) -> list[str]:
    systems = analysis.evaluation.systems
    several = len(systems) > 1
    blocks = []
    for grouping in analysis.groupings:
        metrics = list(grouping.bands[0].scores[0])
        header = [grouping.column, *(["system"] if several else []), "sentences", *metrics]
        rows = [
            [band.label, *([system.name] if several else []), f"{band.sentences:,}"]
            + [score_text(scores[metric]) for metric in metrics]
            for band in grouping.bands
            for system, scores in zip(systems, band.scores, strict=True)
        ]
        table = Table(header=header, rows=rows, names=1 + several).as_text()
        note = f"{grouping.note}\n" if grouping.note else ""
        blocks.append(_title(grouping.title) + note + table)
    if analysis.signs:
        header = ["sign", "meaning", *(system.name for system in systems)]
        rows = [
            [sign.name, sign.meaning, *(f"{count:,}" for count in sign.counts)]
            for sign in analysis.signs
        ]
        table = Table(header=header, rows=rows, names=2).as_text()
        blocks.append(_title("Signs of errors") + table)
    ratios = [
        f"{system.name}: {ratio:.2f} letters for each letter of the reference\n"
        for system, ratio in zip(systems, analysis.ratios, strict=True)
    ]
    blocks.append(_title("Length") + "".join(ratios))
    for chosen in analysis.chosen:
        shown = "\n".join(map(_example, chosen.examples))
        blocks.append(_title(chosen.title) + f"{chosen.note} [Words] differ.\n\n{shown}")
    return blocks


def _example(example: Example) -> str:
    lines = [f"line {example.line}"]
    if example.source is not None:
        lines.append(f"  source     {example.source}")
    lines.append(f"  reference  {_marked(example.reference)}")
    lines += [f"             {text}" for text in example.others]
    for one in example.translations:
        name = f" ({one.system})" if len(example.translations) > 1 else ""
        lines.append(f"  {one.score:>9.1f}  {_marked(one.pieces)}{name}")
        lines += [f"             {sign}: {what}".rstrip(": ") for sign, what in one.signs.items()]
    return "".join(f"{line}\n" for line in lines)


def _marked(pieces: Pieces) -> str:
    return "".join(
        f"[{text.strip()}]" + " " * text.endswith(" ") if differs else text
        for differs, text in pieces
    )


def _title(text: str, line: str = "-") -> str:
    return f"{text}\n{line * len(text)}\n"
