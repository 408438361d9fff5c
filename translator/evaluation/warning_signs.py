"""Text that looks as if it were not for people to read: tokenised, or still in sub-words."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SUBWORD = re.compile(r"▁|@@(?= |$)|(?<= )##\w|</w>")
_TOKENISED = re.compile(r"(?<=\w) [.,](?: |$)|@-@|&(?:apos|quot|amp|#91|#93);")

_SUBWORD_SHARE = 0.01
_TOKENISED_SHARE = 0.1
"""Single lines may quote such marks; a text that has them all over was processed."""


def warning_signs(texts: Iterable[str | None], what: str) -> list[str]:
    """Return a warning for each sign that `texts` (called `what`) are not plain text.

    BLEU on such text does not compare with anyone's: sacrebleu tokenises by itself.
    """
    lines = subwords = tokenised = 0
    for text in texts:
        if not text:
            continue
        lines += 1
        subwords += bool(_SUBWORD.search(text))
        tokenised += bool(_TOKENISED.search(text))
    found = []
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
