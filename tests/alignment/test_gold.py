from __future__ import annotations

from pathlib import Path

import pytest

from translator.alignment.gold import check_gold, error_of, read_gold, word_places
from translator.errors import DataError


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_sure_and_possible_links(tmp_path: Path) -> None:
    gold = read_gold(write(tmp_path / "a.talp", "0-0 1p2 2-1\n\n3P3\n"))
    assert [(set(one.sure), set(one.possible)) for one in gold] == [
        ({(0, 0), (2, 1)}, {(0, 0), (2, 1), (1, 2)}),
        (set(), set()),
        (set(), {(3, 3)}),
    ]
    assert [one.words for one in gold] == [None] * 3


def test_words_from_one(tmp_path: Path) -> None:
    [gold] = read_gold(write(tmp_path / "a.talp", "1-1 2p3\n"), from_one=True)
    assert gold.possible == {(0, 0), (1, 2)}
    with pytest.raises(DataError, match=r"a\.talp:2: '0-1': words are counted from 1"):
        read_gold(write(tmp_path / "a.talp", "1-1\n0-1\n"), from_one=True)


def test_words_in_the_file(tmp_path: Path) -> None:
    [gold] = read_gold(write(tmp_path / "a.tsv", "ca n't .\tne peut pas .\t0-1 1-0\n"))
    assert gold.words == (["ca", "n't", "."], ["ne", "peut", "pas", "."])
    assert gold.sure == {(0, 1), (1, 0)}


@pytest.mark.parametrize("line", ["0-0 1:1", "0-0 a-1", "a b\t0-0", "0--1"])
def test_what_is_no_link(tmp_path: Path, line: str) -> None:
    with pytest.raises(DataError, match=r"a\.talp:2: "):
        read_gold(write(tmp_path / "a.talp", f"0-0\n{line}\n"))


def test_the_error_rate(tmp_path: Path) -> None:
    gold = read_gold(write(tmp_path / "a.talp", "0-0 1-1 2p2\n0-0\n"))
    error = error_of([[(0, 0), (2, 2), (3, 3), (0, 0)], [(0, 1)]], gold)
    # four links, two of them possible, one of them sure; three sure links
    assert (error.links, error.sure, error.right_sure, error.right) == (4, 3, 1, 2)
    assert error.precision == 2 / 4
    assert error.recall == 1 / 3
    assert error.rate == pytest.approx(1 - (1 + 2) / (4 + 3))
    perfect = error_of([[(0, 0), (1, 1)], [(0, 0)]], gold)
    assert (perfect.rate, perfect.recall, perfect.precision) == (0.0, 1.0, 1.0)
    with_possible = error_of([[(0, 0), (1, 1), (2, 2)], [(0, 0)]], gold)
    assert with_possible.rate == 0.0
    nothing = error_of([[], []], gold)
    assert (nothing.rate, nothing.precision, nothing.recall) == (1.0, 0.0, 0.0)
    empty = error_of([[]], read_gold(write(tmp_path / "b.talp", "\n")))
    assert (empty.rate, empty.recall) == (0.0, 1.0)


def test_gold_links_of_other_pairs(tmp_path: Path) -> None:
    path = write(tmp_path / "a.talp", "0-0\n1p2\n")
    gold = read_gold(path)
    check_gold(gold, [(1, 1), (2, 3)], path)
    with pytest.raises(DataError, match=r"a\.talp: has the links of 2 pairs, and there are 3"):
        check_gold(gold, [(1, 1), (2, 3), (1, 1)], path)
    with pytest.raises(DataError, match=r"a\.talp:2: the link 1-2 is beyond the 2 and 2 words"):
        check_gold(gold, [(1, 1), (2, 2)], path)


def test_words_in_their_text() -> None:
    text = "She can't go\u00a0!"
    assert word_places(["She", "ca", "n't", "go", "!"], text, "a.tsv:1") == [
        *((0, 3), (4, 6), (6, 9), (10, 12), (13, 14))
    ]
    for words in (["She", "can", "not"], ["She"], ["She", "can't", "go", "!", "!"]):
        with pytest.raises(DataError, match=r"a\.tsv:1: has other words than the text"):
            word_places(words, text, "a.tsv:1")
