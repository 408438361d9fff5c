"""Rules about characters: what each text alone shows."""

from __future__ import annotations

import re

from translator.corpora.doctor.batch import Batch

_REPLACED = re.compile("\ufffd(?:(?<=\\w\ufffd)|(?=\\w))")
"""A character that was lost, in or beside a word; alone it may be what a text speaks of."""
_NEXT = (
    "[\x80-\xbf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d"
    "\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
)
"""What the later bytes of a UTF-8 character are in Latin-1 or Windows-1252."""
_MOJIBAKE = re.compile(
    # begins with the later byte, as the first one may be a common letter such as é
    _NEXT.replace("]", "\u00df](?:")
    + f"(?<=[\u00c2-\u00df]{_NEXT})|(?<=[\u00e0-\u00ef]{_NEXT}){_NEXT}"
    f"|(?<=[\u00f0-\u00f4]{_NEXT}){_NEXT}{{2}}"
    "|(?<=\u221a[\u00a9\u00ae\u2020\u00df])).*"  # the same as Mac Roman
)
"""What mojibake may look like: cheap to look for, and right text may match too."""

_ESCAPED_TWICE = re.compile(r"&amp;(?:[a-zA-Z]{2,8}|#\d{2,5}|#x[0-9a-fA-F]{2,5});")
_ENTITY = re.compile(
    r"&(?:quot|amp|lt|gt|apos|nbsp|[a-zA-Z]{1,2}(?:grave|acute|circ|uml|cedil|lig|tilde)|#\d{2,5});"
)

# Thai and Lao, Burmese, Khmer, kana, Chinese
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u4e00-\u9fff"
_CONTROL = re.compile(
    "[\x01-\x08\x0e-\x1f\x7f-\x9f\u00ad\u2060\ufeff\u2066-\u2069\ufff9-\ufffb\ue000-\uf8ff]"
)
"""Control characters, soft hyphens, invisible joiners, private use. A tab is no fault in a text."""
_ZERO_WIDTH = re.compile(f"\u200b(?<![{_UNSPACED}]\u200b)(?![{_UNSPACED}])")
"""A space of no width, but not where nothing else parts words."""

_PAIRED = re.compile('[][(){}«»“”"].*')
_KINDS = ("()", "[]", "{}", "«»")


def encoding(batch: Batch) -> list[int]:
    """Find U+FFFD, and text that was decoded with the wrong encoding."""
    found = batch.located(_REPLACED)
    if suspects := batch.located(_MOJIBAKE) - found:
        from ftfy.badness import is_bad

        found |= {at for at in suspects if is_bad(batch.text(at))}
    return batch.pairs_of(found)


def html(batch: Batch) -> list[int]:
    """Find entities that were escaped twice, or that only one side has."""
    half = len(batch)
    found = {at % half for at in batch.located(_ESCAPED_TWICE)}
    entities = batch.located(_ENTITY)
    return sorted(
        found | {at % half for at in entities if (at + half) % (2 * half) not in entities}
    )


def control(batch: Batch) -> list[int]:
    """Find characters that nobody can see."""
    return batch.pairs_of(batch.located(_CONTROL) | batch.located(_ZERO_WIDTH))


def brackets(batch: Batch) -> list[int]:
    """Find pairs of which one side leaves open, or closes, what the other does not."""
    pairs = batch.pairs_of(batch.located(_PAIRED))
    return [at for at in pairs if _open(batch.sources[at]) != _open(batch.targets[at])]


def _open(text: str) -> tuple[int, ...]:
    """Return what is left open in a text, by kind; quotation marks of all kinds count as one."""
    quotes = text.count('"') + text.count("“") + text.count("”") + text.count("„")
    several = [text.count(kind[0]) - text.count(kind[1]) for kind in _KINDS]
    return (*several[:3], (quotes + several[3]) % 2)
