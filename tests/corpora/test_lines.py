from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.corpora import Line, lines, read_lines, read_text_lines
from translator.errors import DataError

ODD = "a\0b\x0bc\x0cd\x1ce\x1df\x1eg\x85h\u2028i\u2029j\tk\rl"


def test_lines_end_at_newline_only() -> None:
    data = f"one\r\n\n{ODD}\nlast\r".encode()
    assert list(read_lines(io.BytesIO(data))) == [
        Line(1, "one", "\r\n", ""),
        Line(2, "", "\n", ""),
        Line(3, ODD, "\n", ""),
        Line(4, "last\r", "", ""),
    ]


def test_byte_order_mark_goes() -> None:
    assert list(read_lines(io.BytesIO(b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n"))) == [
        Line(1, "a", "\n", ""),
        Line(2, "\ufeffb", "\n", ""),
    ]
    assert list(read_lines(io.BytesIO(b"\xef\xbb\xbf"))) == []
    assert list(read_lines(io.BytesIO(b"\xef\xbb\xbf\n"))) == [Line(1, "", "\n", "")]


def test_invalid_utf8_is_replaced_and_told() -> None:
    data = b"good\nabc\xff def\r\n\xef\xbb\xbf\n\xc3"
    assert list(read_lines(io.BytesIO(data))) == [
        Line(1, "good", "\n", ""),
        Line(2, "abc\ufffd def", "\r\n", "invalid UTF-8 at byte 4"),
        Line(3, "\ufeff", "\n", ""),
        Line(4, "\ufffd", "", "invalid UTF-8 at byte 1"),
    ]
    first = next(read_lines(io.BytesIO(b"\xef\xbb\xbfa\xff\n")))
    assert first == Line(1, "a\ufffd", "\n", "invalid UTF-8 at byte 5")


@given(st.binary(max_size=200))
def test_as_many_lines_as_newlines(data: bytes) -> None:
    found = list(read_lines(io.BytesIO(data)))
    expected = data.count(b"\n") + (not data.endswith(b"\n") and data not in (b"", b"\xef\xbb\xbf"))
    assert [line.number for line in found] == list(range(1, expected + 1))


@given(st.text(max_size=200).filter(lambda text: not text.startswith("\ufeff")))
def test_text_and_endings_give_the_input_back(text: str) -> None:
    found = read_lines(io.BytesIO(text.encode()))
    assert "".join(line.text + line.ending for line in found) == text


def test_text_lines(write: Callable[..., Path], compression: str) -> None:
    path = write(f"hypotheses.txt{compression}", f"\ufeffone\r\n\n{ODD}\n\nlast")
    assert read_text_lines(path) == ["one", "", ODD, "", "last"]


def test_text_lines_one_for_each_newline(write: Callable[..., Path]) -> None:
    assert read_text_lines(write("a", "\n\n")) == ["", ""]
    assert read_text_lines(write("b", "x\n")) == ["x"]
    assert read_text_lines(write("c", "\0\0\0\n\0a\0b\n")) == ["\0\0\0", "\0a\0b"]


def test_text_lines_refuse_other_encodings(write: Callable[..., Path]) -> None:
    path = write("latin.txt", "ok\nd\xe9j\xe0\n".encode("latin-1"))
    with pytest.raises(DataError) as caught:
        read_text_lines(path)
    assert caught.value.where == f"{path}:2"
    assert caught.value.message == "not UTF-8: byte 0xE9 (byte 2 of the line)"
    assert caught.value.hint is not None
    assert f"iconv -f WINDOWS-1252 -t UTF-8 {path} > utf8.latin.txt" in caught.value.hint


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_text_lines_know_utf16(write: Callable[..., Path], encoding: str) -> None:
    with pytest.raises(DataError, match="UTF-16"):
        read_text_lines(write("wide.txt", "The cat sat on the mat.\n".encode(encoding)))


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_blocks_do_not_show(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    text = "\ufeffé\r\n\nthe cat\r\r\n\u2028\n" + "x" * 20 + "\nlast é"
    path = write("blocks.txt", text)
    whole = read_text_lines(path)
    monkeypatch.setattr(lines, "BLOCK", size)
    assert read_text_lines(path) == whole
    assert whole == ["é", "", "the cat\r", "\u2028", "x" * 20, "last é"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1 << 20])
def test_blocks_do_not_shift_line_numbers(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(lines, "BLOCK", size)
    path = write("blocks.txt", b"a\n\n\nbb\nccc\xff\nd\n")
    with pytest.raises(DataError) as caught:
        read_text_lines(path)
    assert caught.value.where == f"{path}:5"
    assert caught.value.message == "not UTF-8: byte 0xFF (byte 4 of the line)"


def test_long_line(write: Callable[..., Path]) -> None:
    long = "x" * 3_000_000
    assert read_text_lines(write("long.txt", f"a\n{long}\nb\n")) == ["a", long, "b"]
