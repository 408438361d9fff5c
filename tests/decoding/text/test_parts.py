from __future__ import annotations

import pytest

from translator.decoding.text.parts import token_parts, word_parts


class Pieces:
    """Stands for a vocabulary: ids are places in a list."""

    def __init__(self, *pieces: str) -> None:
        self._pieces = ["", "", "", "</s>", *pieces]

    def pieces(self, ids: list[int]) -> list[str]:
        return [self._pieces[i] for i in ids]


def words(*pieces: str) -> list[tuple[str, float]]:
    """Words of a translation whose n-th token has the log probability -n."""
    ids = [4 + i for i in range(len(pieces))]
    log_probs = [-float(i + 1) for i in range(len(pieces) + 1)]  # and the end
    parts = word_parts(Pieces(*pieces), ids, log_probs)  # type: ignore[arg-type]
    return [(part.text, part.log_prob) for part in parts]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["▁Le", "▁ta", "pis", "."], [("Le", -1), ("tapis.", -9)]),
        (["▁l", "'", "hôtel"], [("l'hôtel", -6)]),
        # a space of its own belongs to the word behind it
        (["▁a", "▁", "bc", "▁d"], [("a", -1), ("bc", -5), ("d", -4)]),
        (["▁", "▁a"], [("a", -3)]),
        (["▁a", "▁"], [("a", -3)]),
        (["a", "b"], [("ab", -3)]),
        # no spaces between words
        (["▁我", "喜欢", "猫", "。"], [("我", -1), ("喜欢", -2), ("猫", -3), ("。", -4)]),
        (["▁用", "▁Linux", "的", "▁人"], [("用", -1), ("Linux", -2), ("的", -3), ("人", -4)]),
        (["▁ฉัน", "รัก"], [("ฉัน", -1), ("รัก", -2)]),
        (["▁나는", "▁고양이", "를"], [("나는", -1), ("고양이를", -5)]),
        # bytes spell characters
        (["▁caf", "<0xC3>", "<0xA9>", "s"], [("cafés", -10)]),
        (["▁", "<0xE7>", "<0x8C>", "<0xAB>", "猫"], [("猫", -10), ("猫", -5)]),
        (["▁a", "<0xC3>", "b"], [("a\ufffdb", -6)]),
        (["▁a", "<0xC3>"], [("a\ufffd", -3)]),
        ([], []),
    ],
)
def test_words(pieces: list[str], expected: list[tuple[str, float]]) -> None:
    assert words(*pieces) == expected


def test_tokens_tell_the_end_where_there_is_one() -> None:
    pieces = Pieces("▁a", "b")
    whole = token_parts(pieces, [4, 5], [-1.0, -2.0, -0.5])  # type: ignore[arg-type]
    assert whole == [("▁a", -1.0), ("b", -2.0), ("</s>", -0.5)]
    cut = token_parts(pieces, [4, 5], [-1.0, -2.0])  # type: ignore[arg-type]
    assert cut == [("▁a", -1.0), ("b", -2.0)]
