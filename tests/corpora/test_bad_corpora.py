"""The pair contract: each mistake is one message with file and line, and leaves nothing behind."""

from __future__ import annotations

import gzip
import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from translator.corpora import TrainingCorpus, lines
from translator.corpora import compression as compression_module
from translator.corpora.compression import split_compression
from translator.errors import ConfigError

Write = Callable[..., Path]
Read = Callable[..., TrainingCorpus]
Refused = Callable[..., tuple[str, str | None, str]]

AGAIN = "Fetch or compress the file again."
QUOTES = 'A quoted text ends with a quote; a quote inside of it is written twice: "".'


def test_no_corpus(read: Read) -> None:
    with pytest.raises(ConfigError, match="no training corpus is named"):
        read()


def test_missing_file(refused: Refused, write: Write, tmp_path: Path) -> None:
    write("train.tsv.gz", "a\tb\n")
    write("other", "a\tb\n")
    assert refused(tmp_path / "trian.tsv.gz") == (
        "there is no such file",
        "trian.tsv.gz",
        "Did you mean train.tsv.gz?",
    )
    assert refused(tmp_path / "zzz") == ("there is no such file", "zzz", "")
    assert refused(tmp_path / "none" / "a.tsv") == (
        "there is no such file",
        "none/a.tsv",
        "There is no directory none either.",
    )


def test_missing_second_file_is_told_before_the_first_is_read(
    refused: Refused, write: Write, tmp_path: Path
) -> None:
    one = write("a.tsv", "only one column\n")
    assert refused(one, tmp_path / "zzz")[:2] == ("there is no such file", "zzz")
    assert refused(f"{one},{tmp_path / 'zzz'}")[:2] == ("there is no such file", "zzz")


def test_directory(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "data.tsv").mkdir()
    what, where, hint = refused(tmp_path / "data.tsv")
    assert (what, where) == ("is a directory without a corpus of en and fr", "data.tsv")
    assert hint.startswith("It is searched for .csv, .jsonl, ")


def test_pipe(refused: Refused, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tsv")
    assert refused(tmp_path / "pipe.tsv")[:2] == ("is not a regular file", "pipe.tsv")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(refused: Refused, write: Write) -> None:
    path = write("a.tsv", "a\tb\n")
    path.chmod(0)
    assert refused(path)[:2] == ("cannot be read: Permission denied", "a.tsv")


def test_name_too_long(refused: Refused, tmp_path: Path) -> None:
    assert refused(tmp_path / ("x" * 300))[0] == "cannot be read: File name too long"


@pytest.mark.parametrize("ending", ["tsv", "csv", "jsonl", "parquet", "tsv.zst"])
def test_empty_file(refused: Refused, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    path.touch()
    hint = "Check whether it was written, or fetched, to its end."
    assert refused(path) == ("is empty", f"a.{ending}", hint)


@pytest.mark.parametrize("ending", ["tsv.gz", "csv.xz", "jsonl.zst"])
def test_empty_when_decompressed(refused: Refused, write: Write, ending: str) -> None:
    path = write(f"a.{ending}", "")
    assert refused(path)[:2] == ("holds no sentence pair (no line)", f"a.{ending}")


def test_no_usable_pair(refused: Refused, write: Write) -> None:
    path = write("a.tsv", "\n \t \na\t\n\tb\n")
    assert refused(path)[:2] == (
        "holds no sentence pair (2 both blank, 1 target blank, 1 source blank)",
        "a.tsv",
    )
    assert refused(write("b.tsv", "en\tfr\n"))[:2] == ("holds no sentence pair (no line)", "b.tsv")


def test_blanks_are_counted_by_reason(read: Read, write: Write) -> None:
    text = "a\tb\n\n\u3000\t\u2028\na\t\n \tb\n\tb\nc\td\n"
    corpus = read(write("a.tsv", text))
    assert corpus.dropped == {"both blank": 2, "target blank": 1, "source blank": 2}
    assert len(corpus) == 2
    one, two = write("a.en", "a\n\n\nd\n"), write("a.fr", "a\nb\n\n\n")
    assert read(f"{one},{two}").dropped == {"source blank": 1, "both blank": 1, "target blank": 1}


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_blanks_of_other_formats_are_counted_by_reason(
    read: Read, write: Write, tmp_path: Path, ending: str
) -> None:
    rows = [("a", "b"), (" ", "\u3000"), ("a", ""), (" ", "b"), ("", "b"), ("c", "d")]
    path = tmp_path / "a.parquet"
    if ending == "csv":
        path = write("a.csv", "".join(f'"{a}","{b}"\n' for a, b in rows))
    elif ending == "jsonl":
        path = write("a.jsonl", "".join(f"{json.dumps({'en': a, 'fr': b})}\n" for a, b in rows))
    else:
        sources, targets = zip(*rows, strict=True)
        pq.write_table(pa.table({"en": sources, "fr": targets}), path)
    corpus = read(path)
    assert corpus.dropped == {"both blank": 1, "target blank": 1, "source blank": 2}
    assert len(corpus) == 2


def test_one_column(refused: Refused, write: Write) -> None:
    path = write("a.tsv", "a\tb\nc\td\nonly one\n")
    assert refused(path) == (
        "has 1 column, and the target is column 2",
        "a.tsv:3",
        "Columns are parted by tabs; --set data.target_column=… names another one.",
    )
    assert refused(path, source_column="3", target_column="1") == (
        "has 2 columns, and the source is column 3",
        "a.tsv:1",
        "Columns are parted by tabs; --set data.source_column=… names another one.",
    )
    path = write("a.csv", '"a\nb",c\n"d\ne"\n')
    assert refused(path)[:2] == ("has 1 column, and the target is column 2", "a.csv:3")


def test_one_text_file(refused: Refused, write: Write) -> None:
    formats = "Give plain text as SOURCE_FILE,TARGET_FILE; one file with both sides must be "
    formats += ".tsv, .tab, .csv, .jsonl, .ndjson, .json, .parquet, .tmx, .xlf, .xliff, "
    formats += ".sdlxliff, .mxliff, .mqxliff, .po (also .gz, .xz, .zst)."
    what = "is one text without tabs, and a corpus has two sides"
    assert refused(write("a.txt", "a b\nc\td\n")) == (what, "a.txt", formats)
    assert refused(write("a.en.gz", "a b\n")) == (what, "a.en.gz", formats)
    path = write("a.jsnl", "{}\n")
    assert refused(path)[:2] == (what, "a.jsnl")
    assert refused(path)[2].startswith("Did you mean .jsonl")


def test_unequal_line_counts(refused: Refused, write: Write, compression: str) -> None:
    one = write(f"a.en{compression}", "a\n" * 1200)
    two = write(f"a.fr{compression}", "a\n" * 1199 + "b\nc")
    hint = "Line n of one file must be the translation of line n of the other."
    assert refused(f"{one},{two}") == (
        f"has 1,200 lines, and {two.name} has 1,201",
        one.name,
        hint,
    )
    assert refused(f"{two},{one}", source="fr", target="en") == (
        f"has 1,201 lines, and {one.name} has 1,200",
        two.name,
        hint,
    )


def test_three_files_to_train_on(refused: Refused, write: Write) -> None:
    path = write("a.en", "a\n")
    assert refused(f"{path},{path},{path}")[0] == (
        "3 files are named, and training takes SOURCE_FILE,TARGET_FILE"
    )


@pytest.mark.parametrize("ending", ["tsv", "csv", "jsonl", "tsv.gz", "csv.xz", "jsonl.zst"])
def test_wrong_encoding(refused: Refused, write: Write, ending: str) -> None:
    line = {"t": "a\tété\n", "c": "a,été\n", "j": '{"en": "a", "fr": "été"}\n'}[ending[0]]
    name = f"a.{ending}"
    path = write(name, line.encode() * 2 + line.encode("latin-1"))
    column = line.index("é") + 1
    iconv = "iconv -f WINDOWS-1252 -t UTF-8"
    how = {
        "gz": f"gzip -dc {name} | {iconv} > utf8.a.tsv",
        "xz": f"xz -dc {name} | {iconv} > utf8.a.csv",
        "zst": f"zstd -dc {name} | {iconv} > utf8.a.jsonl",
    }.get(ending.rpartition(".")[2], f"{iconv} {name} > utf8.{name}")
    assert refused(path) == (
        f"not UTF-8: byte 0xE9 (byte {column} of the line)",
        f"{name}:3",
        f"Convert it first, for example: {how}",
    )


def test_wrong_encoding_of_one_side(refused: Refused, write: Write) -> None:
    one, two = write("a.en", "a\nb\n"), write("a.fr", "a\nb\xe9\n".encode("latin-1"))
    assert refused(f"{one},{two}")[:2] == ("not UTF-8: byte 0xE9 (byte 2 of the line)", "a.fr:2")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16(refused: Refused, write: Write, encoding: str) -> None:
    assert refused(write("a.tsv", ("The cat\tLe chat\n" * 3).encode(encoding))) == (
        "is UTF-16, and text is read as UTF-8",
        "a.tsv:1",
        "Convert it first, for example: iconv -f UTF-16 -t UTF-8 a.tsv > utf8.a.tsv",
    )


@pytest.mark.parametrize(("ending", "kind"), [("gz", "gzip"), ("xz", "xz"), ("zst", "zstd")])
@pytest.mark.parametrize("form", ["tsv", "parquet"])
def test_cut_short(refused: Refused, write: Write, ending: str, kind: str, form: str) -> None:
    path = write(f"a.{form}.{ending}", "".join(f"source {n}\ttarget {n}\n" for n in range(5000)))
    path.write_bytes(path.read_bytes()[:-9])
    assert refused(path) == (f"is cut short: its {kind} data end too early", path.name, AGAIN)


@pytest.mark.parametrize("ending", ["gz", "xz", "zst"])
def test_damaged(refused: Refused, write: Write, ending: str) -> None:
    path = write(f"a.tsv.{ending}", "".join(f"source {n}\ttarget {n}\n" for n in range(5000)))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 400] = bytes(400)
    path.write_bytes(data)
    what, where, hint = refused(path)
    assert what.startswith("is damaged: ")
    assert (where, hint) == (path.name, AGAIN)


@pytest.mark.parametrize(("ending", "kind"), [("gz", "gzip"), ("xz", "xz"), ("zst", "zstd")])
def test_not_compressed(refused: Refused, tmp_path: Path, ending: str, kind: str) -> None:
    path = tmp_path / f"a.tsv.{ending}"
    path.write_text("a\tb\n", encoding="utf-8")
    assert refused(path) == (
        f"is named .{ending} and is not compressed with {kind}",
        path.name,
        f"If it is plain text, take .{ending} off its name.",
    )


@pytest.mark.parametrize("ending", ["gz", "xz", "zst"])
def test_compressed_without_saying_so(refused: Refused, write: Write, ending: str) -> None:
    path = write(f"a.tsv.{ending}", "a\tb\n")
    plain = path.rename(path.with_suffix(""))
    assert refused(plain) == (
        "is compressed, and its name does not say so",
        "a.tsv",
        f"Add .{ending} to its name.",
    )


def test_compressed_in_pieces_is_whole(read: Read, write: Write, compression: str) -> None:
    one, two = write(f"a.tsv{compression}", "a\tb\n"), write(f"b.tsv{compression}", "c\td\n")
    both = one.with_name(f"c.tsv{compression}")
    both.write_bytes(one.read_bytes() + two.read_bytes())
    assert read(both).dataset["source"][:] == ["a", "c"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "is not JSON: Expecting property name enclosed in double quotes"),
        ('[{"en": "a", "fr": "b"}]', "is not a JSON object"),
        ("[", "is not JSON: Expecting value"),
        ("[" * 100_000, "is not JSON: nested too deeply"),
        (f'{{"en": "a", "fr": {"7" * 4301}}}', "is not JSON: a number too long"),
        ('"text"', "is not a JSON object"),
        ('{"en": "a", "fr": 7}', "'fr' holds 7, not a text"),
        ('{"en": {"x": 1}, "fr": "b"}', "'en' holds {\"x\": 1}, not a text"),
        ('{"en": "\\ud83d", "fr": "b"}', "'en' holds half of a surrogate pair"),
        (
            '{"en": "a", "de": "b"}',
            "there is no column for the target language 'fr': found 'en', 'de'",
        ),
        ("{}", "there is no column for the source language 'en': found "),
    ],
)
def test_json(refused: Refused, write: Write, line: str, what: str) -> None:
    path = write("a.jsonl", f'{{"en": "a", "fr": "b"}}\n{line}\n')
    assert refused(path)[:2] == (what, "a.jsonl:2")


def test_json_hint(refused: Refused, write: Write) -> None:
    hint = 'Each line is one object, {"en": "…", "fr": "…"}; of an array, jq -c ".[]" makes lines.'
    assert refused(write("a.json", '[\n {"en": "a", "fr": "b"}\n]\n')) == (
        "is not JSON: Expecting value",
        "a.json:1",
        hint,
    )


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ('a,b\n"c\nc",d\n"e" f,g\n', 4, "',' expected after '\"'"),
        ('a,b\nc,"d\ne,f\n', 2, "unexpected end of data"),
        ('a,b\nc,"d\n' + "e,f\n" * 400_000, 2, "field larger than field limit (1048576)"),
    ],
)
def test_csv(refused: Refused, write: Write, text: str, line: int, reason: str) -> None:
    assert refused(write("a.csv", text)) == (
        f"the record that starts here is not CSV: {reason}",
        f"a.csv:{line}",
        QUOTES,
    )


def test_not_parquet(refused: Refused, write: Write) -> None:
    assert refused(write("a.parquet", "a\tb\n" * 100)) == (
        "cannot be read as Parquet: is damaged, cut short, or something else",
        "a.parquet",
        "Fetch or write the file again.",
    )


@pytest.mark.parametrize(
    ("name", "head"),
    [("a.xlsx", "PK\x03\x04"), ("a.ods", "PK\x03\x04\t"), ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1")],
)
def test_a_spreadsheet(refused: Refused, write: Write, name: str, head: str | bytes) -> None:
    assert refused(write(name, head)) == (
        "is a workbook of a spreadsheet program",
        name,
        "Save it there as CSV UTF-8, with source and target in two columns.",
    )


def test_split_compression() -> None:
    assert split_compression(Path("x/a.b.TSV.GZ")) == (".tsv", ".gz")
    assert split_compression(Path("a.gz")) == ("", ".gz")
    assert split_compression(Path("a.tsv")) == (".tsv", "")


def test_gzip_with_padding_is_whole(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "a.tsv.gz"
    path.write_bytes(gzip.compress(b"a\tb\n") + bytes(512))
    assert len(read(path)) == 1


@pytest.mark.parametrize(
    ("names", "tags"),
    [
        (("a.fr", "a.en"), ("en", "fr")),
        (("a.fr.gz", "a.EN"), ("en", "fr")),
        (("a.fr-en.fr", "a.fr-en.en"), ("en-GB", "fr")),
        (("a.pt_br", "a.en"), ("en", "pt-BR")),
        (("a.en-US", "a.en-GB"), ("en-GB", "en-US")),
    ],
)
def test_files_the_other_way_round(
    refused: Refused, write: Write, names: tuple[str, str], tags: tuple[str, str]
) -> None:
    first, second = (write(name, "a\n") for name in names)
    ending, other = (name.removesuffix(".gz").lower().rpartition(".")[2] for name in names)
    assert refused(f"{first},{second}@2", source=tags[0], target=tags[1]) == (
        f"the source file is named .{ending} and the target file .{other}, and {tags[0]} is to be "
        f"translated to {tags[1]}",
        ",".join(names),
        "Swap the two files.",
    )


@pytest.mark.parametrize(
    ("names", "tags"),
    [
        (("a.en", "a.fr"), ("en", "fr")),
        (("a.txt", "a.en"), ("en", "fr")),
        (("a.fr", "b.fr"), ("en", "fr")),
        (("a.fr", "a.de"), ("en", "fr")),
        (("a.fra", "a.eng"), ("en", "fr")),
        # both tags have this short form
        (("a.en", "b.en"), ("en-GB", "en-US")),
        (("a.en", "a.en-US"), ("en-GB", "en-US")),
    ],
)
def test_files_whose_endings_do_not_tell(
    read: Read, write: Write, names: tuple[str, str], tags: tuple[str, str]
) -> None:
    first, second = (write(name, "a\n") for name in names)
    assert len(read(f"{first},{second}", source=tags[0], target=tags[1])) == 1


def test_parquet_with_a_damaged_name(refused: Refused, write: Write) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"en": ["a"], "fr": ["b"], "other": ["c"]}), sink)
    path = write("a.parquet", sink.getvalue().replace(b"other", b"\xec\xff\xff\xff\xff"))
    what, where, _ = refused(path)
    assert what.startswith("cannot be read as Parquet: ")
    assert where == "a.parquet"


def test_a_line_that_does_not_end(
    refused: Refused, write: Write, monkeypatch: pytest.MonkeyPatch, compression: str
) -> None:
    monkeypatch.setattr(lines, "BLOCK", 1000)
    monkeypatch.setattr(lines, "LINE_LIMIT", 1 << 20)
    text = "a\tb\nc\td\n" + "x" * ((1 << 20) + 2000) + "\n"
    for name in ("a.tsv", "a.csv", "a.jsonl"):
        start = text if name != "a.jsonl" else '{"en": "a", "fr": "b"}\n\n' + text[8:]
        assert refused(
            write(name + compression, start.replace("\t", "," if "c" in name else "\t"))
        )[:2] == ("has a line of more than 1 MiB", f"{name}{compression}:3")


@pytest.mark.parametrize("ending", ["gz", "xz", "zst"])
def test_a_bomb(
    refused: Refused, write: Write, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(compression_module, "BOMB_SIZE", 1 << 21)
    path = write(f"a.tsv.{ending}", "a\tb\n" * 1_000_000)
    what, where, hint = refused(path)
    assert what == "gives more than 250 times its size when it is decompressed"
    assert (where, "fill your disk" in hint) == (path.name, True)


def test_a_small_file_may_be_compressed_well(read: Read, write: Write) -> None:
    assert len(read(write("a.tsv.xz", "a\tb\n" * 200_000), clean=False)) == 200_000


def test_zip(refused: Refused, write: Write) -> None:
    path = write("a.tsv", b"PK\x03\x04 and so on\n")
    assert refused(path) == (
        "is a ZIP archive",
        "a.tsv",
        "Unpack it first, and give its files: unzip a.tsv",
    )
