"""Path of a sentence, step 8: cross-attention weights -> word links and pictures.

    attention.py  what each word of a translation looked at
    words.py      the words of a text, and the tokens that make them
    passages.py   pairs that are too long to be read at once, in parts that are not
    reading.py    forced decoding, with the cross-attention observed
    choice.py     which layer and heads tell most about who translates whom
    links.py      from weights to links, and from both directions to one
    aligning.py   all of this together: pairs -> links, or attention
    gold.py       links made by people, and how far others are from them
    tuning.py     the choice for a model, by gold links or by the agreement of both directions

Libraries that take long to load are imported where they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.alignment.attention import Attention

if TYPE_CHECKING:
    from translator.alignment.aligning import (
        Alignment,
        align,
        align_translations,
        read_attention,
    )
    from translator.alignment.choice import Choice

__all__ = ["Alignment", "Attention", "Choice", "align", "align_translations", "read_attention"]


def __getattr__(name: str) -> object:
    """Import what loads torch only when it is asked for (PEP 562)."""
    if name == "Choice":
        from translator.alignment.choice import Choice

        return Choice
    if name in __all__:
        from translator.alignment import aligning

        return getattr(aligning, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
