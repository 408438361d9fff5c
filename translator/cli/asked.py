"""What is asked for with each line beside its translation, and how it is written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.corpora.lines import clean
from translator.progress import say

if TYPE_CHECKING:
    from translator.decoding.glossary import Glossary, Term
    from translator.decoding.text.parts import Part
    from translator.decoding.translation import Translation

_DIGITS = 6
"""Of a log probability in JSON; float32 has no more."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What translations are to be like, and what is to be told of them."""

    n_best: int = 0
    """Give up to N translations of each line: `line<TAB>rank<TAB>score<TAB>text`; 0: one, plain."""
    json: bool = False
    """Tell everything, as one JSON object for each line."""
    prefix: str = ""
    """What each translation begins with."""
    glossary: Glossary | None = None
    """Terms whose translation is given."""

    def options(self, numbers: Sequence[int]) -> dict[str, Any]:
        """Return what `Translator.search` is to be called with, for lines of these numbers."""
        return {
            "n_best": self.n_best or 1,
            "parts": self.json,
            "prefix": self.prefix,
            "glossary": self.glossary,
            "numbers": numbers,
        }

    @property
    def plain(self) -> bool:
        """Return whether the output is one line of text for each line."""
        return not (self.n_best or self.json)

    def listed(self, number: int, source: str, best: Sequence[Translation]) -> str:
        """Return all that is told of a line; `best` is empty for a blank one."""
        if self.json:
            value = {
                "line": number,
                "source": source,
                "translations": [self._value(one) for one in best],
            }
            return json.dumps(value, ensure_ascii=False) + "\n"
        if not best:
            return f"{number}\t1\t0.0000\t\n"
        return "".join(
            f"{number}\t{rank}\t{one.score:.4f}\t{clean(one.text).replace(chr(9), ' ')}\n"
            for rank, one in enumerate(best, start=1)
        )

    def _value(self, one: Translation) -> dict[str, Any]:
        value = {
            "text": clean(one.text),
            "score": round(one.score, _DIGITS),
            "log_prob": round(one.log_prob, _DIGITS),
            "complete": one.complete,
            "tokens": part_values(one.tokens),
            "words": part_values(one.words),
        }
        if self.glossary is not None or one.missed:
            value["missed"] = [[term.source, term.target] for term in one.missed]
        return value

    def missed(self, name: str, numbers: Sequence[int], found: Sequence[Translation]) -> list[str]:
        """Say by line number what was to be copied, or stands in the glossary, and has no place."""
        return [
            f"{name}:{number}: {self._kind(term)} found no place in the translation"
            for number, one in zip(numbers, found, strict=True)
            for term in dict.fromkeys(one.missed)
        ]

    def _kind(self, term: Term) -> str:
        if self.glossary is not None and self.glossary.has(term):
            return f"the glossary's {term.target!r} (for {term.source!r})"
        return f"{term.source!r}, which is to be copied,"


def part_values(parts: Sequence[Part] | None) -> list[dict[str, Any]]:
    """Return tokens or words as plain values."""
    return [{"text": one.text, "log_prob": round(one.log_prob, _DIGITS)} for one in parts or []]


def read_glossary(path: Path | None) -> Glossary | None:
    """Read the glossary that a command was given, and say what in it is of no use.

    Raises:
        DataError: see `Glossary.read`.
    """
    if path is None:
        return None
    from translator.cli.files import require_file
    from translator.decoding.glossary import Glossary

    require_file(path)
    glossary, remarks = Glossary.read(path)
    for remark in remarks:
        say(remark)
    return glossary
