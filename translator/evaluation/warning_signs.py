"""Text that looks as if it were not for people to read: tokenised, or still in sub-words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_SUBWORD = re.compile(r"▁|@@(?= |$)|(?<= )##\w|</w>")
_TOKENISED = re.compile(r"(?<=\w) [.,](?: |$)|@-@|&(?:apos|quot|amp|#91|#93);")

_TABLE_SHARE = 0.5
_SUBWORD_SHARE = 0.01
_TOKENISED_SHARE = 0.1
"""Single lines may quote such marks; a text that has them all over was processed."""


def warning_signs(texts: Iterable[str | None], what: str) -> list[str]:
    """Return a warning for each sign that `texts` (called `what`) are not plain text.

    BLEU on such text does not compare with anyone's: sacrebleu tokenises by itself.
    """
    lines = subwords = tokenised = tables = 0
    for text in texts:
        if not text:
            continue
        lines += 1
        subwords += bool(_SUBWORD.search(text))
        tokenised += bool(_TOKENISED.search(text))
        tables += "\t" in text
    found = []
    if tables > _TABLE_SHARE * lines:
        found.append(
            f"{tables:,} of {lines:,} {what} hold a tab, and count with all their columns: "
            "a table is a test set, which --data reads"
        )
    if subwords > _SUBWORD_SHARE * lines:
        found.append(
            f"{subwords:,} of {lines:,} {what} hold sub-word marks (▁, @@): "
            "join the sub-words before scoring"
        )
    if tokenised > _TOKENISED_SHARE * lines:
        found.append(
            f"{tokenised:,} of {lines:,} {what} look tokenised (a space before the full stop): "
            "BLEU is comparable on detokenised text only"
        )
    return found


_CASED_SHARE, _ENOUGH = 0.5, 20
"""So many of the references begin with a capital letter; of fewer lines nothing is said."""
_COPIED_SHARE = 0.3
_EQUAL_SHARE = 0.98


def case_sign(hypotheses: Sequence[str], references: Sequence[str | None], what: str) -> list[str]:
    """Return a warning if the hypotheses have lost the capital letters that the references have."""
    if len(hypotheses) < _ENOUGH or any(text != text.lower() for text in hypotheses):
        return []
    told = [text for text in references if text]
    cased = sum(text != text.lower() for text in told)
    if cased < _CASED_SHARE * len(told):
        return []
    return [
        f"the {what} have no capital letters, and the references do: BLEU counts case, so restore "
        "it before scoring"
    ]


def copy_sign(hypotheses: Sequence[str], sources: Sequence[str], what: str) -> list[str]:
    """Return a warning if many hypotheses are their sources, unchanged."""
    pairs = zip(hypotheses, sources, strict=True)
    copied = sum(hypothesis.strip() == source.strip() for hypothesis, source in pairs)
    if copied <= _COPIED_SHARE * len(hypotheses):
        return []
    return [
        f"{copied:,} of {len(hypotheses):,} {what} are the source, unchanged: is it the right file?"
    ]


def equal_sign(
    hypotheses: Sequence[str], references: Sequence[Sequence[str | None]], what: str
) -> list[str]:
    """Return a warning if the hypotheses are the references themselves."""
    if len(hypotheses) < _ENOUGH:
        return []
    equal = sum(
        hypothesis.strip() in row for hypothesis, *row in zip(hypotheses, *references, strict=True)
    )
    if equal < _EQUAL_SHARE * len(hypotheses):
        return []
    return [
        f"{equal:,} of {len(hypotheses):,} {what} are the reference itself: is it the right file, "
        "or was the test set in training?"
    ]
