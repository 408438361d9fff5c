"""Which words of a translation differ from those of a reference."""

from __future__ import annotations

import difflib
import re

_TOKEN = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|"
    r"\s+|[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+|[^\w\s]"
)
_LONGEST = 600
"""Tokens; of longer texts no differences are shown, as finding them takes the square of that."""

Pieces = list[tuple[bool, str]]
"""Text in pieces, each with whether it differs."""


def differences(reference: str, hypothesis: str) -> tuple[Pieces, Pieces]:
    """Return both texts in pieces that are alike, and pieces that only one of them has."""
    ours, theirs = _TOKEN.findall(hypothesis), _TOKEN.findall(reference)
    if max(len(ours), len(theirs)) > _LONGEST:
        return [(False, reference)], [(False, hypothesis)]
    # spaces are no words: a piece must not end where they happen to be alike
    kept = [[at for at, token in enumerate(side) if not token.isspace()] for side in (theirs, ours)]
    matcher = difflib.SequenceMatcher(
        None,
        [theirs[at].casefold() for at in kept[0]],
        [ours[at].casefold() for at in kept[1]],
        autojunk=False,
    )
    same: tuple[set[int], set[int]] = set(), set()
    for block in matcher.get_matching_blocks():
        same[0].update(kept[0][block.a : block.a + block.size])
        same[1].update(kept[1][block.b : block.b + block.size])
    return _pieces(theirs, same[0]), _pieces(ours, same[1])


def _pieces(tokens: list[str], same: set[int]) -> Pieces:
    pieces: Pieces = []
    for at, token in enumerate(tokens):
        if token.isspace():
            # between two words that differ, the space does too
            differs = bool(pieces) and pieces[-1][0] and at + 1 < len(tokens) and at + 1 not in same
        else:
            differs = at not in same
        if pieces and pieces[-1][0] == differs:
            pieces[-1] = (differs, pieces[-1][1] + token)
        else:
            pieces.append((differs, token))
    return pieces
