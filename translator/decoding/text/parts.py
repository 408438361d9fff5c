"""The log probabilities of a translation's tokens and words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from translator.decoding.text.scripts import is_unspaced
from translator.tokenizer.tokenizer import EOS_ID, Tokenizer

_SPACE = "▁"
_BYTE = re.compile(r"<0x([0-9A-F]{2})>")


class Part(NamedTuple):
    """A token or a word of a translation."""

    text: str
    log_prob: float
    """Natural logarithm of its probability, given the source and what comes before it."""


def token_parts(tokenizer: Tokenizer, ids: Sequence[int], log_probs: Sequence[float]) -> list[Part]:
    """Return the tokens; `▁` marks the start of a word, and the end of the sentence is one too."""
    # a complete translation has one log probability more, that of its end
    ids = [*ids, EOS_ID][: len(log_probs)]
    return list(map(Part, tokenizer.pieces(ids), log_probs))


def word_parts(tokenizer: Tokenizer, ids: Sequence[int], log_probs: Sequence[float]) -> list[Part]:
    """Return the words: what stands between spaces, with the sum of its tokens' log probabilities.

    In scripts without spaces each token is a word. The end of the sentence belongs to none.
    """
    words: list[Part] = []
    for text, log_prob in _characters(tokenizer.pieces(ids), log_probs):
        body = text.removeprefix(_SPACE)
        if words and (not words[-1].text or not _begins(words[-1].text, text)):
            words[-1] = Part(words[-1].text + body, words[-1].log_prob + log_prob)
        else:
            words.append(Part(body, log_prob))
    if len(words) > 1 and not words[-1].text:  # a space at the end
        space = words.pop()
        words[-1] = Part(words[-1].text, words[-1].log_prob + space.log_prob)
    return words


def _begins(before: str, text: str) -> bool:
    """Return whether a piece begins a word of its own after the text `before`."""
    return text.startswith(_SPACE) or is_unspaced(before[-1]) or is_unspaced(text[:1])


def _characters(pieces: Sequence[str], log_probs: Sequence[float]) -> list[tuple[str, float]]:
    """Join the bytes that spell one character; what they do not spell is U+FFFD."""
    joined: list[tuple[str, float]] = []
    pending, total = b"", 0.0
    for piece, log_prob in zip(pieces, log_probs, strict=False):
        byte = _BYTE.fullmatch(piece)
        if pending and (byte is None or int(byte[1], 16) & 0xC0 != 0x80):
            joined.append((pending.decode(errors="replace"), total))
            pending, total = b"", 0.0
        if byte is None:
            joined.append((piece, log_prob))
            continue
        pending, total = pending + bytes([int(byte[1], 16)]), total + log_prob
        try:
            joined.append((pending.decode(), total))
            pending, total = b"", 0.0
        except UnicodeDecodeError:
            pass  # more bytes are to come
    if pending:
        joined.append((pending.decode(errors="replace"), total))
    return joined
