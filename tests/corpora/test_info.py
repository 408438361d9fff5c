from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from translator.config import DataConfig
from translator.corpora.info import Info, Lengths, corpus_info
from translator.errors import DataError

Write = Callable[..., Path]


def info(spec: object, source: str | None = None, target: str | None = None) -> Info:
    return corpus_info(str(spec), source=source, target=target, options=DataConfig())


def test_a_memory(write: Write) -> None:
    variants = (
        "<tuv xml:lang='en-US'><seg>one two</seg></tuv><tuv xml:lang='fr'><seg>un</seg></tuv>"
    )
    other = "<tuv xml:lang='de'><seg>eins</seg></tuv>"
    english = "<tuv xml:lang='en-US'><seg>only</seg></tuv>"
    units = "".join(f"<tu>\n{unit}</tu>" for unit in [variants] * 3 + [variants + other, english])
    path = write("a.tmx", f"<tmx version='1.4'><body>{units}</body></tmx>")
    found = info(path)
    assert (found.formats, found.files, found.size) == (["tmx"], 1, path.stat().st_size)
    assert (found.source, found.target) == ("en-US", "fr")
    assert found.languages == Counter({"en-US": 5, "fr": 4, "de": 1})
    assert (found.rows, found.pairs, found.dropped) == (5, 4, Counter({"target blank": 1}))
    assert found.words["source"] == Lengths(8, 2, "1", [4, 0, 0, 0, 0, 0, 0])
    assert found.characters["target"].total == 8
    assert info(path, target="de").pairs == 1


@pytest.mark.parametrize(
    ("name", "text", "languages", "pairs"),
    [
        ("a.tsv", "en\tfr\na\tb\n", ("en", "fr"), 1),
        ("a.tsv", "id\tde\tpt_BR\n1\ta\tb\n", ("de", "pt-BR"), 1),
        ("a.tsv", "Hi\tOui\nNo\tSi\n", ("", ""), 2),
        ("a.csv", "fr,en\na,b\n", ("fr", "en"), 1),
        ("a.jsonl", '{"translation": {"en": "a", "fr": "b"}}\n', ("en", "fr"), 1),
        ("a.jsonl", '{"source": "a", "target": "b"}\n', ("", ""), 1),
    ],
)
def test_languages_that_a_file_names(
    write: Write, name: str, text: str, languages: tuple[str, str], pairs: int
) -> None:
    found = info(write(name, text))
    assert (found.source, found.target, found.pairs) == (*languages, pairs)


def test_other_formats(write: Write) -> None:
    found = info(f"{write('a.en', 'a b')},{write('a.fr.gz', 'c')}")
    assert (found.formats, found.files, found.source, found.target) == (["text"], 2, "en", "fr")
    head = 'msgid ""\nmsgstr "Language: fr\\n"\n\nmsgctxt "c"\nmsgid "a"\nmsgstr "b"\n'
    found = info(write("a.po", head))
    assert (found.formats, found.source, found.target, found.pairs) == (["po"], "", "fr", 1)
    assert found.columns == Counter({"context": 1})
    sink = io.BytesIO()
    pq.write_table(pa.table({"n": [7], "en": ["a"], "fr": ["b"]}), sink)
    found = info(write("a.parquet", sink.getvalue()))
    assert (found.source, found.target, found.columns) == ("en", "fr", Counter({"n": 1}))


def test_a_folder(write: Write, tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    write("all/a.en", "a\n")
    write("all/a.fr", "b\n")
    write("all/b.tsv", "c\td\n")
    found = info(tmp_path / "all")
    assert (found.formats, found.files, found.pairs) == (["text", "tsv"], 3, 2)


def test_bins() -> None:
    lengths = Lengths()
    for length in (1, 4, 5, 8, 9, 128, 129, 9999):
        lengths.add(length, str(length))
    assert lengths.bins == [2, 2, 1, 0, 0, 1, 2]
    assert (lengths.longest, lengths.where) == (9999, "9999")


def test_errors(write: Write, tmp_path: Path) -> None:
    for path in (tmp_path / "none.tsv", write("a.parquet", "no"), write("b.jsonl", "[")):
        with pytest.raises(DataError):
            info(path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="is an empty directory"):
        info(tmp_path / "empty")


def test_a_folder_whose_files_name_their_languages_in_part(write: Write, tmp_path: Path) -> None:
    (tmp_path / "both").mkdir()
    write("both/a.po", 'msgid ""\nmsgstr "Language: fr\\n"\n\nmsgid "one two three"\nmsgstr "un"\n')
    unit = "<tu><tuv xml:lang='en-GB'><seg>a</seg></tuv><tuv xml:lang='fr-FR'><seg>b c</seg></tuv>"
    write("both/b.tmx", f"<tmx version='1.4'><body>\n{unit}</tu></body></tmx>")
    found = info(tmp_path / "both")
    assert (found.source, found.target, found.pairs) == ("en-GB", "fr-FR", 2)
    assert found.words["source"].where == "a.po:4"
    assert found.words["target"].where == "b.tmx:2"
