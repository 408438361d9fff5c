"""Path of a sentence, step 8: cross-attention weights -> word links and pictures.

    attention.py  what each word of a translation looked at
    reading.py    given pairs -> their attention
    words.py      the words of a text, and the tokens that make them
    choice.py     which layer and heads tell most about who translates whom
    links.py      from weights to links

Libraries that take long to load are imported where they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.alignment.attention import Attention

if TYPE_CHECKING:
    from translator.alignment.choice import Choice
    from translator.alignment.reading import read_attention

__all__ = ["Attention", "Choice", "read_attention"]


def __getattr__(name: str) -> object:
    """Import what loads torch only when it is asked for (PEP 562)."""
    if name == "read_attention":
        from translator.alignment.reading import read_attention

        return read_attention
    if name == "Choice":
        from translator.alignment.choice import Choice

        return Choice
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
