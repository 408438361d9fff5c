from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from translator.config import DataConfig
from translator.corpora import TestSet, read_test_set
from translator.errors import ConfigError, DataError

Write = Callable[..., Path]

SOURCES = ["Say that again.", "Freedom is not free.", "Come in."]
REFERENCES: list[list[str | None]] = [
    ["Redis ça !", "La liberté n'est pas gratuite.", "Entrez."],
    ["Redites ça !", None, "Entre."],
    [None, None, "Venez."],
]


def read(spec: object, **options: Any) -> TestSet:
    return read_test_set(str(spec), source="en", target="fr", options=DataConfig(**options))


def rows(separator: str) -> str:
    table = zip(SOURCES, *REFERENCES, strict=True)
    return "".join(separator.join(text for text in row if text) + "\n" for row in table)


def test_further_columns_are_references(
    write: Write, compression: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(f"test.tsv{compression}", rows("\t"))
    found = read(path)
    assert capsys.readouterr().err == (
        f"{path}: up to 3 references for a sentence, each from a column of its own; "
        "--set data.target_column=2 would take the second column only\n"
    )
    assert found.sources == SOURCES
    assert found.references == REFERENCES
    assert found.dropped == {}
    assert len(found) == 3
    assert found.record == {
        "spec": found.record["spec"],
        "pairs": 3,
        "references": 3,
        "dropped": {},
        "fingerprint": found.fingerprint,
    }
    assert read(write(f"test.csv{compression}", rows(","))).references == REFERENCES


def test_only_the_asked_for_columns(write: Write) -> None:
    path = write("test.tsv", rows("\t"))
    assert read(path, target_column="2").references == REFERENCES[:1]
    assert read(path, target_column="2,4").references == [REFERENCES[0], REFERENCES[2]]
    with pytest.raises(DataError, match="has 2 columns, and the target is column 3"):
        read(path, target_column="3,2")


def test_named_columns(write: Write) -> None:
    text = "fr.2\tnote\ten\tfr\tfr_b\tfra\tfr-3\nc\tx\ta\tb\td\tx\te\n\tx\tf\tg\n"
    found = read(write("test.tsv", text))
    assert found.sources == ["a", "f"]
    # the bare name is the first reference, the others stay in order
    assert found.references == [["b", "g"], ["c", None], ["d", None], ["e", None]]
    named = read(write("test.tsv", text), target_column="fr,fr_b")
    assert named.references == [["b", "g"], ["d", None]]


def test_suffixes_alone(write: Write) -> None:
    found = read(write("test.csv", "en,fr.1,fr.2\na,b,c\n"))
    assert (found.sources, found.references) == (["a"], [["b"], ["c"]])


def test_parallel_files(write: Write) -> None:
    files = [write("t.en", "a\nb\n"), write("t.fr1", "c\nd\n"), write("t.fr2.gz", "e\n\n")]
    found = read(",".join(map(str, files)))
    assert (found.sources, found.references) == (["a", "b"], [["c", "d"], ["e", None]])
    short = write("t.fr3", "e\n")
    with pytest.raises(DataError) as caught:
        read(f"{files[0]},{files[1]},{short}")
    assert caught.value.message == f"has 2 lines, and {short} has 1"
    assert caught.value.where == str(files[0])


def test_json(write: Write) -> None:
    text = (
        '{"en": "a", "fr": ["b", "c"]}\n'
        '{"en": "d", "fr": "e"}\n'
        '{"en": "f", "fr": "g", "fr.2": "h", "fr_score": 0.5}\n'
        '{"translation": {"en": "i", "fr": ["j", null, "k"]}}\n'
    )
    found = read(write("test.jsonl", text))
    assert found.sources == ["a", "d", "f", "i"]
    assert found.references == [
        ["b", "e", "g", "j"],
        ["c", None, "h", None],
        [None, None, None, "k"],
    ]


def test_parquet(write: Write) -> None:
    sink = io.BytesIO()
    table = {"en": ["a", "d"], "fr": [["b", "c"], ["e"]], "fr_score": [0.5, 1.0]}
    pq.write_table(pa.table(table), sink)
    found = read(write("test.parquet", sink.getvalue()))
    assert (found.sources, found.references) == (["a", "d"], [["b", "e"], ["c", None]])


def test_blanks_are_left_out_and_counted(write: Write) -> None:
    found = read(write("test.tsv", "a\tb\t \n\tc\nd\t\te\n\n f \t g\t\n"))
    assert found.sources == ["a", "f"]
    assert found.references == [["b", "g"]]
    assert found.dropped == {"source blank": 1, "target blank": 1, "both blank": 1}


def test_nothing_left(write: Write) -> None:
    with pytest.raises(DataError, match=r"holds no sentence pair \(2 both blank\)"):
        read(write("test.tsv", "\n\n"))


def test_no_weights(write: Write) -> None:
    path = write("test.tsv", "a\tb\n")
    with pytest.raises(ConfigError, match="only training corpora have weights"):
        read(f"{path}@2")


def test_fingerprint_is_of_the_content(write: Write) -> None:
    one = read(write("a.tsv", "a\tb\n")).fingerprint
    assert read(write("b.tsv", "a\tb\n")).fingerprint == one
    assert read(write("a.tsv", "a\tc\n")).fingerprint != one


def test_line_of_an_error(write: Write) -> None:
    path = write("test.tsv", b"a\tb\nc\t\xff\n")
    with pytest.raises(DataError) as caught:
        read(path)
    assert caught.value.where == f"{path}:2"


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="there is no such file"):
        read(tmp_path / "test.tsv")


def test_files_the_other_way_round(write: Write) -> None:
    files = [write(name, "a\n") for name in ("t.fr", "t.en", "t.fr.2")]
    with pytest.raises(DataError, match=r"the source file is named \.fr"):
        read(",".join(map(str, files)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("headless.tsv", "a\tb\nc\td\n"),
        ("further.csv", "a,b,x\nc,d,y\n"),
        ("sides.tsv", "source\ttarget\na\tb\nc\td\n"),
        ("sides.jsonl", '{"src": "a", "tgt": "b"}\n{"src": "c", "tgt": "d"}\n'),
        ("languages.tsv", "en\tfr\na\tb\nc\td\n"),
        ("turned.tsv", "fr\ten\nb\ta\nd\tc\n"),
        ("languages.jsonl", '{"en": "a", "fr": "b"}\n{"en": "c", "fr": "d"}\n'),
    ],
)
def test_for_the_other_direction(write: Write, name: str, text: str) -> None:
    options = {"source": "fr", "target": "en", "options": DataConfig()}
    found = read_test_set(str(write(name, text)), **options, turned=True)
    assert (found.sources, found.references) == (["b", "d"], [["a", "c"]])


def test_the_other_direction_with_columns_or_files_of_its_own(write: Write) -> None:
    def back(spec: object, **options: str) -> TestSet:
        chosen = DataConfig(**options)
        return read_test_set(str(spec), source="fr", target="en", options=chosen, turned=True)

    table = write("t.tsv", "a\tb\tx\nc\td\ty\n")
    assert back(table, source_column="3").sources == ["x", "y"]
    assert back(table, target_column="1,3").references == [["a", "c"], ["x", "y"]]
    english, french = write("t.en", "a\nc\n"), write("t.fr", "b\nd\n")
    assert back(f"{french},{english}").sources == ["b", "d"]
    with pytest.raises(DataError, match=r"fr is to be translated to en\n  Swap the two files"):
        back(f"{english},{french}")


def test_a_set_has_another_fingerprint_for_the_other_direction(write: Write) -> None:
    path = write("t.tsv", "a\tb\n")
    one, other = (
        read_test_set(str(path), source="en", target="fr", options=DataConfig(), turned=turned)
        for turned in (False, True)
    )
    assert one.fingerprint != other.fingerprint
