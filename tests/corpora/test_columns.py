from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from translator.errors import ConfigError

Pairs = Callable[..., list[tuple[str, str]]]
Write = Callable[..., Path]
Refused = Callable[..., tuple[str, str | None, str]]

AB = [("a", "b"), ("c", "d")]


@pytest.mark.parametrize(
    "header",
    ["en\tfr", "EN\tFr", "en\tfr\tnote", "English\tFrench", "en_GB\tfr-CA", " en \t fr "],
)
def test_header_is_known_by_the_languages(pairs: Pairs, write: Write, header: str) -> None:
    assert pairs(write("a.tsv", f"{header}\na\tb\tx\nc\td\n")) == AB


@pytest.mark.parametrize(
    "header", ["source\ttarget", "Source\tTARGET\tnote", "src\ttgt", " SRC \ttrg", "en\ttarget"]
)
def test_header_is_known_by_the_sides(pairs: Pairs, write: Write, header: str) -> None:
    assert pairs(write("a.tsv", f"{header}\na\tb\tx\nc\td\n")) == AB


def test_a_language_comes_before_a_side(pairs: Pairs, write: Write) -> None:
    assert pairs(write("a.tsv", "source\tid\tfr\ten\tsrc\nx\t1\tb\ta\ty\n")) == [("a", "b")]
    assert pairs(write("b.tsv", "target\tsource\nb\ta\nd\tc\n")) == AB
    assert pairs(write("c.jsonl", '{"tgt": "b", "src": "a"}\n')) == [("a", "b")]


def test_a_side_alone_is_text(pairs: Pairs, write: Write) -> None:
    assert pairs(write("a.tsv", "source\tsource\na\tb\n"))[0] == ("source", "source")


def test_header_orders_the_columns(pairs: Pairs, write: Write) -> None:
    assert pairs(write("a.tsv", "id\tfr\ten\n1\tb\ta\n2\td\tc\n")) == AB
    assert pairs(write("a.csv", "id,fr,en\n1,b,a\n2,d,c\n")) == AB


def test_no_header_where_one_language_is_not_named(pairs: Pairs, write: Write) -> None:
    assert pairs(write("a.tsv", "en\tb\n")) == [("en", "b")]


@pytest.mark.parametrize("header", ["de,en,note", "en,pt-BR", "id,EN,es"])
def test_a_header_of_other_languages_is_refused(
    refused: Refused, write: Write, header: str
) -> None:
    path = write("a.csv", f"{header}\na,b,x\n")
    told = refused(path)
    assert told[0].startswith("the first line names columns, and none is 'fr': ")
    assert told[1] == "a.csv:1"
    assert "data.target_column" in told[2]


def test_header_yes_and_no(pairs: Pairs, write: Write) -> None:
    path = write("a.tsv", "en\tfr\na\tb\n")
    assert pairs(path, header="no") == [("en", "fr"), ("a", "b")]
    assert pairs(write("b.tsv", "left\tright\na\tb\n"), header="yes") == [("a", "b")]
    assert pairs(write("b.tsv", "left\tright\na\tb\n")) == [("left", "right"), ("a", "b")]


def test_columns_by_number(pairs: Pairs, write: Write) -> None:
    path = write("a.tsv", "1\tb\ta\n2\td\tc\n")
    assert pairs(path, source_column="3", target_column="2") == AB
    assert pairs(path, source_column="3", target_column="2,1") == AB
    headed = write("b.tsv", "fr\ten\tfr2\nx\ta\tb\ny\tc\td\n")
    assert pairs(headed, target_column="3") == AB


def test_columns_by_name(pairs: Pairs, write: Write) -> None:
    path = write("a.csv", "left,right,en,fr\na,b,x,y\nc,d,x,y\n")
    assert pairs(path, source_column="left", target_column="right") == AB
    assert pairs(path, source_column="left", target_column="Right") == AB
    assert pairs(path, source_column="left", target_column="2") == AB
    assert pairs(path, source_column="left") == [("a", "y"), ("c", "y")]


@pytest.mark.parametrize(
    ("keys", "source"),
    [
        (("en", "fr"), "en-GB"),
        (("en-GB", "fr"), "en"),
        (("en_GB", "fr"), "en"),
        (("EN", "fr"), "en"),
    ],
)
def test_regions_stand_in(pairs: Pairs, write: Write, keys: tuple[str, str], source: str) -> None:
    text = json.dumps(dict(zip(keys, ("a", "b"), strict=True)))
    assert pairs(write("a.jsonl", text), source=source) == [("a", "b")]
    nested = json.dumps({"translation": dict(zip(keys, ("a", "b"), strict=True))})
    assert pairs(write("b.jsonl", nested), source=source) == [("a", "b")]


def test_the_exact_tag_comes_first(pairs: Pairs, write: Write) -> None:
    path = write("a.jsonl", '{"en": "x", "en-GB": "a", "fr": "b"}')
    assert pairs(path, source="en-GB") == [("a", "b")]
    assert pairs(path, source="en") == [("x", "b")]


def test_two_regions_are_not_guessed_between(refused: Refused, write: Write) -> None:
    path = write("a.jsonl", '{"en-US": "x", "en-GB": "a", "fr": "b"}')
    assert refused(path) == (
        "there is no column for the source language 'en': found 'en-US', 'en-GB', 'fr'",
        "a.jsonl:1",
        "Name it with --set data.source_column=…",
    )


def test_a_language_to_itself(pairs: Pairs, write: Write) -> None:
    assert pairs(write("a.tsv", "en\ten\na\tb\n"), target="en") == [("a", "b")]


def test_json_columns_by_name(pairs: Pairs, write: Write) -> None:
    path = write("a.jsonl", '{"src": "a", "tgt": "b", "translation": {"en": "x", "fr": "y"}}')
    assert pairs(path, source_column="src", target_column="tgt") == [("a", "b")]
    assert pairs(path) == [("x", "y")]
    inner = write("b.jsonl", '{"translation": {"eng": "a", "fra": "b"}}')
    assert pairs(inner, source_column="eng", target_column="fra") == [("a", "b")]


def test_parquet_columns(pairs: Pairs, write: Write, refused: Refused) -> None:
    sink = io.BytesIO()
    table = {"id": [1, 2], "src": ["a", "c"], "tgt.x": ["b", "d"]}
    pq.write_table(pa.table(table), sink)
    path = write("a.parquet", sink.getvalue())
    assert refused(path, source_column="id", target_column="src") == (
        "column 'id' holds int64, not text",
        "a.parquet",
        "",
    )
    assert refused(path)[0] == (
        "there is no column for the target language 'fr': found 'id', 'src', 'tgt.x'"
    )
    assert refused(path, source_column="2", target_column="4")[0] == (
        "there is no column 4: found 'id', 'src', 'tgt.x'"
    )
    assert pairs(path, source_column="src", target_column="tgt.x") == AB
    assert pairs(path, source_column="2", target_column="3") == AB


def test_missing_column_by_name(refused: Refused, write: Write) -> None:
    path = write("a.tsv", "source\ttarget\na\tb\n")
    assert refused(path, source_column="sorce", target_column="target") == (
        "there is no column 'sorce': found 'source', 'target'",
        "a.tsv:1",
        "Did you mean source?",
    )
    path = write("a.jsonl", '{"source": "a", "target": "b"}\n{"source": "a"}\n')
    assert refused(path, source_column="source", target_column="target") == (
        "there is no column 'target': found 'source'",
        "a.jsonl:2",
        "Known: source.",
    )


def test_same_column_twice(refused: Refused, write: Write) -> None:
    path = write("a.tsv", "a\tb\n")
    expected = (
        "source and target are both column 2",
        "a.tsv:1",
        "Name both with --set data.source_column=… and --set data.target_column=…",
    )
    assert refused(path, source_column="2") == expected
    headed = write("b.tsv", "x\ten\na\tb\n")
    assert refused(headed, header="yes") == (expected[0], "b.tsv:1", expected[2])


@pytest.mark.parametrize("number", ["0", "00"])
def test_columns_are_counted_from_one(pairs: Pairs, write: Write, number: str) -> None:
    with pytest.raises(ConfigError, match="counted from 1"):
        pairs(write("a.tsv", "a\tb\n"), source_column=number)


def test_names_need_a_header(pairs: Pairs, write: Write) -> None:
    with pytest.raises(ConfigError, match="without names"):
        pairs(write("a.tsv", "en\tfr\na\tb\n"), source_column="en", header="no")
