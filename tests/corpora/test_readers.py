from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

Pairs = Callable[..., list[tuple[str, str]]]
Write = Callable[..., Path]

PAIRS = [
    ("The cat sat on the mat.", "Le chat s'est assis sur le tapis."),
    ('He said: "Come in, please."', "Il dit : « Entrez, je vous prie. »"),
    ("emoji 🐈", "猫がマットの上に座った"),
]


def tsv(rows: list[tuple[str, str]]) -> str:
    return "".join(f"{source}\t{target}\n" for source, target in rows)


def comma(rows: list[tuple[str, str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def jsonl(rows: list[tuple[str, str]]) -> str:
    return "".join(json.dumps({"en": s, "fr": t, "id": 7}) + "\n" for s, t in rows)


def parquet(columns: dict[str, object]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def test_each_format_with_each_compression(pairs: Pairs, write: Write, compression: str) -> None:
    sources, targets = map(list, zip(*PAIRS, strict=True))
    files = [
        write(f"a.tsv{compression}", tsv(PAIRS)),
        write(f"a.csv{compression}", comma(PAIRS)),
        write(f"a.jsonl{compression}", jsonl(PAIRS)),
        write(f"a.parquet{compression}", parquet({"en": sources, "fr": targets})),
    ]
    for file in files:
        assert pairs(file) == PAIRS, file
    one = write(f"a.en{compression}", "\n".join(sources))
    two = write(f"a.fr{compression}", "\n".join(targets) + "\n")
    assert pairs(f"{one},{two}") == PAIRS
    assert pairs(*files, f"{one},{two}") == PAIRS * 5


@pytest.mark.parametrize("ending", ["TSV", "tab", "txt", "en-fr", ""])
def test_tabs_make_a_tsv(pairs: Pairs, write: Write, ending: str) -> None:
    assert pairs(write(f"pairs.{ending}" if ending else "pairs", tsv(PAIRS))) == PAIRS


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "bom"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("last", [True, False], ids=["ended", "open"])
def test_bom_and_line_endings(
    pairs: Pairs, write: Write, mark: str, ending: str, last: bool
) -> None:
    def form(text: str) -> str:
        text = mark + text.replace("\r\n", "\n").replace("\n", ending)
        return text if last else text.removesuffix(ending)

    assert pairs(write("a.tsv", form("en\tfr\n" + tsv(PAIRS)))) == PAIRS
    assert pairs(write("a.csv", form("en,fr\n" + comma(PAIRS)))) == PAIRS
    assert pairs(write("a.jsonl", form(jsonl(PAIRS)))) == PAIRS
    one = write("a.en", form("a\nb\n"))
    two = write("a.fr", form("c\nd\n"))
    assert pairs(f"{one},{two}") == [("a", "c"), ("b", "d")]


SEPARATORS = "\0\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\r"


def test_nothing_but_newline_splits_a_line(pairs: Pairs, write: Write) -> None:
    odd = "".join(f"{char}x" for char in SEPARATORS)  # inside, so that stripping leaves them
    spaced = " x" * len(SEPARATORS)
    rows = [(f"a{odd}", f"b{odd}"), ("c", "d")]
    expected = [(f"a{spaced}", f"b{spaced}"), ("c", "d")]
    assert pairs(write("a.tsv", tsv(rows))) == expected
    assert pairs(write("a.csv", "".join(f"{s},{t}\n" for s, t in rows))) == expected
    assert pairs(write("b.csv", "".join(f'"{s}","{t}"\n' for s, t in rows))) == expected
    assert pairs(write("a.jsonl", jsonl(rows))) == expected
    raw = "".join(json.dumps({"en": s, "fr": t}, ensure_ascii=False) + "\n" for s, t in rows)
    assert pairs(write("b.jsonl", raw)) == expected
    table = {"en": [r[0] for r in rows], "fr": [r[1] for r in rows]}
    assert pairs(write("a.parquet", parquet(table))) == expected
    one = write("a.en", f"a{odd}\nc\n")
    two = write("a.fr", f"b{odd}\nd\n")
    assert pairs(f"{one},{two}") == expected


def test_line_breaks_inside_of_a_text_become_spaces(pairs: Pairs, write: Write) -> None:
    expected = [("one two three", "un"), ("a", "b")]
    assert pairs(write("a.csv", '"one\ntwo\r\nthree",un\na,b\n')) == expected
    rows = [("one\ntwo\r\nthree", "un"), ("a", "b")]
    assert pairs(write("a.jsonl", jsonl(rows))) == expected
    table = {"en": [r[0] for r in rows], "fr": [r[1] for r in rows]}
    assert pairs(write("a.parquet", parquet(table))) == expected


def test_text_is_stripped_and_otherwise_left(pairs: Pairs, write: Write) -> None:
    text = " \u3000a  b\u200bc\u00a0\t\ufb01 \n"
    assert pairs(write("a.tsv", text)) == [("a  b\u200bc", "\ufb01")]


def test_tsv_has_no_quoting(pairs: Pairs, write: Write) -> None:
    text = '"open\t"quote\na "b"\tc""\n'
    assert pairs(write("a.tsv", text)) == [('"open', '"quote'), ('a "b"', 'c""')]


def test_csv_quoting(pairs: Pairs, write: Write) -> None:
    text = 'en,fr\n"a ""b"", c", "d"\n1" pipe,tuyau\n'
    assert pairs(write("a.csv", text)) == [('a "b", c', "d"), ('1" pipe', "tuyau")]


def test_csv_with_semicolons(pairs: Pairs, write: Write) -> None:
    assert pairs(write("a.csv", 'en;fr\n"a;b";c\nd, e;f\n')) == [("a;b", "c"), ("d, e", "f")]


def test_csv_long_field(pairs: Pairs, write: Write) -> None:
    long = "x" * 500_000
    assert pairs(write("a.csv", f'"{long}",b\n')) == [(long, "b")]


def test_jsonl_forms(pairs: Pairs, write: Write) -> None:
    text = (
        '{"translation": {"en": "a", "fr": "b"}, "id": 1}\n'
        '{"fr": "d", "en": "c"}\n'
        "\n"
        '{"en": "e", "fr": ["f", "g"]}\n'
        '{"en": null, "fr": "h"}\n'
        '{"en": "\\ud83d\\udc08", "fr": "\\u00e9"}\n'
    )
    expected = [("a", "b"), ("c", "d"), ("e", "f"), ("🐈", "é")]
    assert pairs(write("a.jsonl", text)) == expected
    assert pairs(write("a.json", text)) == expected
    assert pairs(write("a.ndjson", text)) == expected


def test_parquet_forms(pairs: Pairs, write: Write) -> None:
    nested = {"id": ["x", "y"], "translation": [{"fr": "b", "en": "a"}, {"fr": "d", "en": "c"}]}
    assert pairs(write("a.parquet", parquet(nested))) == [("a", "b"), ("c", "d")]
    dictionary = pa.array(["a", "c", None]).dictionary_encode()
    large = pa.array(["b", "d", "e"], pa.large_string())
    assert pairs(write("b.parquet", parquet({"en": dictionary, "fr": large}))) == [
        ("a", "b"),
        ("c", "d"),
    ]
    lists = {"en": ["a", "c"], "fr": [["b", "x"], []]}
    assert pairs(write("c.parquet", parquet(lists))) == [("a", "b")]


def test_parquet_over_many_batches(pairs: Pairs, write: Write) -> None:
    rows = [(f"source {n}", f"cible {n}") for n in range(25_000)]
    table = {"en": [r[0] for r in rows], "fr": [r[1] for r in rows]}
    assert pairs(write("a.parquet", parquet(table))) == rows


def test_long_lines(pairs: Pairs, write: Write) -> None:
    long = "mot " * 400_000 + "fin"
    assert pairs(write("a.tsv", f"a\t{long}\n{long}\tb\n")) == [("a", long), (long, "b")]
