from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from translator.config import DataConfig
from translator.corpora import TrainingCorpus, convert, writers
from translator.corpora.columns import Wanted
from translator.corpora.convert import Converted
from translator.corpora.lines import clean
from translator.corpora.readers import read_records
from translator.corpora.spec import Spec
from translator.corpora.writers import output_format
from translator.errors import ConfigError, DataError

Write = Callable[..., Path]
Read = Callable[..., TrainingCorpus]

ROWS = [
    {"en": "a <b> & c", "fr": "x\u00a0« y »", "context": "menu", "id": "7"},
    {"en": "é\u2028\x07", "fr": "猫", "note": 'say "hi"'},
]
CLEAN = [("a <b> & c", "x\u00a0« y »"), ("é \x07", "猫")]


@pytest.fixture
def rows(write: Write) -> Path:
    return write("in.jsonl", "".join(json.dumps(row) + "\n" for row in ROWS))


def run(spec: object, out: object, **options: Any) -> Converted:
    return convert.convert(
        str(spec), str(out), source="en", target="fr", options=DataConfig(), **options
    )


@pytest.mark.parametrize("name", ["o.tsv", "o.jsonl", "o.parquet", "o.tmx", "o.en,o.fr"])
def test_each_format_and_back(read: Read, rows: Path, tmp_path: Path, name: str) -> None:
    out = ",".join(str(tmp_path / part) for part in name.split(","))
    done = run(rows, out)
    assert (done.pairs, done.dropped) == (2, Counter())
    expected = [CLEAN[0], ("é \ufffd", "猫")] if name == "o.tmx" else CLEAN
    dataset = read(out).dataset
    assert list(zip(dataset["source"], dataset["target"], strict=True)) == expected
    assert done.changed == (name == "o.tmx")
    if "," in name:
        assert (done.columns, done.lost) == ([], ["context", "id"])
        return
    assert sorted(done.columns) == ["context", "id", "note"]
    back = tmp_path / "back.jsonl"
    run(out, back)
    found = [json.loads(line) for line in back.read_text(encoding="utf-8").splitlines()]
    for row, (source, target), now in zip(ROWS, expected, found, strict=True):
        assert {k: v for k, v in now.items() if v} == row | {"en": source, "fr": target}


def test_two_columns_have_no_header(rows: Path, tmp_path: Path) -> None:
    run(rows, tmp_path / "o.tsv", pairs_only=True)
    text = "".join(f"{source}\t{target}\n" for source, target in CLEAN)
    assert (tmp_path / "o.tsv").read_text(encoding="utf-8") == text
    run(rows, tmp_path / "p.parquet", pairs_only=True)
    assert pyarrow.parquet.read_schema(tmp_path / "p.parquet").names == ["en", "fr"]


def test_columns_are_known_before_they_are_met(rows: Path, tmp_path: Path) -> None:
    run(rows, tmp_path / "o.tsv")
    lines = (tmp_path / "o.tsv").read_text(encoding="utf-8").splitlines()
    assert lines[0].split("\t") == ["en", "fr", "context", "id", "note"]
    assert lines[1].split("\t")[2:] == ["menu", "7", ""]


def test_every_other_value_is_written_as_text(write: Write, tmp_path: Path) -> None:
    row = {"translation": {"en": "a", "fr": ["b", "c\td"], "de": "e"}, "n": 7, "l": [1], "x": None}
    run(write("in.jsonl", json.dumps(row) + "\n"), tmp_path / "o.tsv")
    head, only = (tmp_path / "o.tsv").read_text(encoding="utf-8").splitlines()
    assert dict(zip(head.split("\t"), only.split("\t"), strict=True)) == {
        "en": "a",
        "fr": "b",
        "de": "e",
        "n": "7",
        "l": "[1]",
        "fr.2": "c d",
    }


def test_a_column_named_like_a_language(write: Write, tmp_path: Path) -> None:
    path = write("in.tsv", "first\tsecond\ten\tfr\na\tb\tc\td\n")
    convert.convert(
        str(path),
        str(tmp_path / "o.jsonl"),
        source="en",
        target="fr",
        options=DataConfig(source_column="first", target_column="second"),
    )
    [line] = (tmp_path / "o.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {"en": "a", "fr": "b", "en_": "c", "fr_": "d"}


def test_what_is_no_pair_is_counted(write: Write, tmp_path: Path) -> None:
    text = 'msgid ""\nmsgstr "Language: fr\\n"\n\n#, fuzzy\nmsgid "a"\nmsgstr "b"\n\n'
    path = write("a.po", text + 'msgctxt "k"\nmsgid "c"\nmsgstr "d"\n\nmsgid "e"\nmsgstr ""\n')
    done = run(path, tmp_path / "o.jsonl")
    assert done == Converted(1, Counter({"fuzzy": 1, "target blank": 1}), ["context"])
    assert (tmp_path / "o.jsonl").read_text(encoding="utf-8") == (
        '{"en": "c", "fr": "d", "context": "k"}\n'
    )


@pytest.mark.parametrize("name", ["o.tsv", "o.jsonl", "o.parquet", "o.tmx", "o.en,o.fr"])
def test_an_error_leaves_what_was_there(write: Write, tmp_path: Path, name: str) -> None:
    path = write("in.tsv", "a\tb\n" * 30_000 + "one column\n")
    outs = [tmp_path / part for part in name.split(",")]
    outs[0].write_text("before", encoding="utf-8")
    with pytest.raises(DataError, match=r"in\.tsv:30001: has 1 column"):
        run(path, ",".join(map(str, outs)))
    assert outs[0].read_text(encoding="utf-8") == "before"
    assert {file.name for file in tmp_path.iterdir()} == {"in.tsv", outs[0].name}
    with pytest.raises(DataError, match="holds no sentence pair"):
        run(write("empty.tsv", "\t\n"), ",".join(map(str, outs)))
    assert outs[0].read_text(encoding="utf-8") == "before"


def test_a_corpus_may_be_written_over_itself(write: Write, read: Read) -> None:
    path = write("a.tsv", "a\tb\n\tc\n")
    run(path, path)
    assert path.read_text(encoding="utf-8") == "a\tb\n"


def test_batches_of_parquet(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "BATCH_ROWS", 7)
    path = write("in.tsv", "".join(f"a{n}\tb{n}\n" for n in range(50)))
    run(path, tmp_path / "o.parquet")
    table = pyarrow.parquet.read_table(tmp_path / "o.parquet")
    assert table["fr"].to_pylist() == [f"b{n}" for n in range(50)]


@pytest.mark.parametrize("name", ["o.en,o.en", "o.en,./o.en"])
def test_two_sides_in_one_file(name: str) -> None:
    with pytest.raises(ConfigError, match="names the same file twice"):
        output_format(name)


@pytest.mark.parametrize("name", ["out", "out.txt", "out.csv", "a,b,c", ",", "out.jsnol"])
def test_no_format(name: str) -> None:
    with pytest.raises(ConfigError, match="names no format that is written"):
        output_format(name)


def test_too_many_columns(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "KINDS", 5)
    row = {"en": "a", "fr": "b"} | {f"c{n}": "x" for n in range(9)}
    path = write("in.jsonl", json.dumps(row) + "\n")
    with pytest.raises(ConfigError, match="more than 5 columns"):
        run(path, tmp_path / "o.tsv")
    assert run(path, tmp_path / "o.jsonl").pairs == 1


TEXTS = (
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"), min_size=1)
    .map(lambda text: clean(text).strip())
    .filter(bool)
)
LEGAL = TEXTS.filter(lambda text: not writers._NOT_XML.search(text))


@pytest.mark.parametrize("form", ["tsv", "text", "jsonl", "parquet", "tmx"])
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(st.tuples(LEGAL, LEGAL, LEGAL), min_size=1, max_size=5))
def test_whatever_is_written_is_read(
    tmp_path: Path, form: str, rows: list[tuple[str, str, str]]
) -> None:
    names = ["o.en", "o.fr"] if form == "text" else [f"o.{form}"]
    paths = [tmp_path / name for name in names]
    with writers.open_writer(form, paths, ("en", "fr"), ["kept"]) as writer:
        for source, target, more in rows:
            writer.write(source, target, {"kept": more})
    wanted = Wanted(source="en", target="fr", extras=True)
    found = list(read_records(Spec(text="", paths=tuple(paths)), wanted))
    expected = rows
    if form == "tsv":
        expected = [tuple(text.replace("\t", " ").strip() for text in row) for row in rows]
    assert [(source, texts[0]) for _, source, texts, _ in found] == [row[:2] for row in expected]
    if form != "text":
        assert [extras["kept"] for *_, extras in found] == [row[2] for row in expected]
