from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.decoding.text.segments import cut
from translator.tokenizer import Tokenizer


def letters(text: str) -> int:
    """A count that is easy to follow: one token for each character that is no space."""
    return sum(not char.isspace() for char in text)


def test_a_text_that_fits_is_one_piece() -> None:
    assert cut("  One. Two.  ", letters, 8) == [("One. Two.", "  ")]
    assert cut(" \t ", letters, 8) == []
    assert cut("", letters, 8) == []


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        # the last sentence end in reach, although a comma and a space are nearer to the limit
        ("One is. Two is, three is. Four", 17, ["One is.", "Two is, three is.", "Four"]),
        ("Is it? Yes! And so on", 12, ["Is it? Yes!", "And so on"]),
        ('He said "no." Then he went', 14, ['He said "no."', "Then he went"]),
        # no sentence end: the last clause mark
        ("one two, three four, five six", 17, ["one two, three four,", "five six"]),
        # no mark at all: the last white space
        ("one two three four", 10, ["one two", "three four"]),
        # not even that
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("ab abcdefghij", 4, ["ab", "abcd", "efgh", "ij"]),
        # a full stop inside a number ends nothing
        ("it is 3.1415 or so", 9, ["it is", "3.1415 or", "so"]),
        # scripts that put no space behind a mark
        ("今日は晴れ。明日は雨、多分。", 7, ["今日は晴れ。", "明日は雨、", "多分。"]),
        # an accent of its own stays with its letter
        ("abce\u0301fgh", 4, ["abc", "e\u0301fg", "h"]),
    ],
)
def test_where_a_text_is_cut(text: str, limit: int, pieces: list[str]) -> None:
    assert [one.text for one in cut(text, letters, limit)] == pieces


def test_the_space_behind_a_piece_is_kept() -> None:
    found = cut("One is.\t Two is,  threeisoffour\n", letters, 9)
    assert found == [("One is.", "\t "), ("Two is,", "  "), ("threeisof", ""), ("four", "\n")]


def test_a_character_that_never_fits_is_its_own_piece() -> None:
    def count(text: str) -> int:
        return 5 * len(text)

    assert cut("ab c", count, 3) == [("a", ""), ("b", " "), ("c", "")]


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.sampled_from("ab .,!?\t\n\u2028\u3000。é\u0301🙂"), max_size=80), st.integers(1, 20)
)
def test_pieces_and_their_spaces_are_the_text(text: str, limit: int) -> None:
    pieces = cut(text, letters, limit)
    assert "".join(itertools.chain(*pieces)) == text.lstrip()
    assert all(piece.text == piece.text.strip() != "" for piece in pieces)
    assert all(letters(piece.text) <= limit for piece in pieces)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.integers(16, 40))
def test_pieces_fit_for_a_real_vocabulary(tokenizer: Tokenizer, text: str, limit: int) -> None:
    def count(piece: str) -> int:
        return len(tokenizer.encode([piece])[0])

    pieces = cut(text, count, limit)
    assert "".join(itertools.chain(*pieces)) == text.lstrip()
    assert all(count(piece.text) <= limit or len(piece.text) == 1 for piece in pieces)


@pytest.mark.parametrize("line", ["abcde" * 20_000, "the old cat, " * 8_000, "\u200b" * 100_000])
def test_a_very_long_line_takes_no_more_than_seconds(tokenizer: Tokenizer, line: str) -> None:
    looked_at = 0

    def count(piece: str) -> int:
        nonlocal looked_at
        looked_at += len(piece)
        return len(tokenizer.encode([piece])[0])

    pieces = cut(line, count, 127)
    assert "".join(itertools.chain(*pieces)) == line
    # a length that grew with its square would be thousands of times this
    assert looked_at < 60 * len(line)
