"""Which characters make words, and which scripts are written without spaces between them."""

from __future__ import annotations

import re
import unicodedata

UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029"  # Chinese, and the next line too
    "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Japanese
)
"""Ranges for a regular expression's brackets. (Korean has spaces.)"""

_UNSPACED = re.compile(f"[{UNSPACED}]")


def is_unspaced(char: str) -> bool:
    """Return whether words end without a sign in the script of this character."""
    return _UNSPACED.match(char) is not None


def in_word(char: str) -> bool:
    """Return whether a word goes on with this character: letters, their accents, and digits."""
    return char.isalnum() or char == "_" or unicodedata.category(char).startswith("M")


def joins(before: str, after: str) -> bool:
    """Return whether two neighbouring characters belong to the same word."""
    return in_word(before) and in_word(after) and not (is_unspaced(before) or is_unspaced(after))
