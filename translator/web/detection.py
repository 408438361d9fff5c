"""Which language a text is in, among those that are served; needs the extra languages."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import Any


def can_detect() -> bool:
    """Return whether languages can be told here."""
    return find_spec("py3langid") is not None


def detect(text: str, languages: Sequence[str]) -> list[tuple[str, float]]:
    """Return the languages a text may be in, likeliest first, with their probabilities.

    Args:
        text: any text; a long one is judged by its beginning.
        languages: tags of those to choose from.
    """
    by_code: dict[str, str] = {}
    for tag in languages:
        by_code.setdefault(tag.partition("-")[0].lower(), tag)
    identifier = _identifier(tuple(sorted(by_code)))
    if identifier is None:
        return [(tag, 1 / len(by_code)) for tag in by_code.values()]
    ranked = identifier.rank(text[:_LOOKED_AT])
    return [(by_code[code], float(share)) for code, share in ranked]


_LOOKED_AT = 2000
"""Characters that are enough to tell a language."""


@lru_cache(maxsize=16)
def _identifier(codes: tuple[str, ...]) -> Any:
    """Return what tells these languages; None if it knows none of them."""
    identifier = copy.copy(_of_all())
    known = [code for code in codes if code in identifier.labels]
    if not known:
        return None
    identifier.set_languages(known)
    return identifier


@lru_cache(maxsize=1)
def _of_all() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
