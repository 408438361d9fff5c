from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from translator.config import DataConfig
from translator.corpora import TrainingCorpus, read_test_set

Write = Callable[..., Path]
Read = Callable[..., TrainingCorpus]
Refused = Callable[..., tuple[str, str | None, str]]

SRT = "1\n00:00:01,000 --> 00:00:03,000\n{}\n"


@pytest.fixture
def folder(tmp_path: Path, write: Write) -> Path:
    """A folder with a bit of everything."""
    for name in ("more/deep", ".hidden", "locale/fr", "locale/de"):
        (tmp_path / "all" / name).mkdir(parents=True)
    write("all/a.tsv.gz", "a\tA\n")
    write("all/more/b.jsonl", '{"en": "b", "fr": "B"}\n')
    write("all/more/deep/c.en", "c\nd\n")
    write("all/more/deep/c.fr.gz", "C\nD\n")
    write("all/more/deep/c.de", "nichts\n")
    write("all/e.en.srt", SRT.format("e"))
    write("all/e.fr.srt", SRT.format("E"))
    write("all/.hidden/f.tsv", "f\tF\n")
    write("all/locale/fr/g.po", 'msgid ""\nmsgstr "Language: fr\\n"\n\nmsgid "g"\nmsgstr "G"\n')
    write("all/locale/de/g.po", 'msgid ""\nmsgstr "Language: de\\n"\n\nmsgid "g"\nmsgstr "X"\n')
    write("all/README", "read me\n")
    return tmp_path / "all"


def test_a_folder_that_may_not_be_opened(
    folder: Path, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = folder / "more"
    scandir = os.scandir

    def as_another_user(path: str) -> object:
        if Path(path) == closed:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", as_another_user)
    what, where, _ = refused(folder)
    assert what == "cannot be read: Permission denied"
    assert Path(where or "").name == "more"


def found(corpus: TrainingCorpus) -> list[tuple[str, str]]:
    return sorted(zip(corpus.dataset["source"], corpus.dataset["target"], strict=True))


def test_a_folder_is_all_that_can_be_read(
    read: Read, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = read(f"{folder}@2")
    assert found(corpus) == [(letter, letter.upper()) for letter in "abcdeg"]
    assert corpus.weights == ((0, 6, 2.0),)
    assert corpus.dropped == {}
    told = capsys.readouterr().err
    assert f"{folder}: not read: README, c.de\n" in told
    assert "left out, as they are in other languages: " in told
    assert told.rstrip().endswith("locale/de/g.po")


def test_a_folder_is_a_test_set(folder: Path) -> None:
    result = read_test_set(str(folder), source="en", target="fr", options=DataConfig())
    assert sorted(result.sources) == list("abcdeg")


def test_content_decides_whether_it_is_read_again(read: Read, folder: Path) -> None:
    first = read(folder)
    assert read(folder).fingerprint == first.fingerprint
    (folder / "h.tsv").write_text("h\tH\n", encoding="utf-8")
    assert read(folder).fingerprint != first.fingerprint


def test_patterns(read: Read, folder: Path) -> None:
    assert found(read(folder / "*.tsv*")) == [("a", "A")]
    assert found(read(folder / "**" / "*.jsonl")) == [("b", "B")]
    pair = f"{folder}/more/*/*.en,{folder}/more/*/*.fr.gz"
    assert found(read(pair)) == [("c", "C"), ("d", "D")]
    subtitles = f"{folder}/*.en.srt,{folder}/*.fr.srt"
    assert found(read(subtitles)) == [("e", "E")]


def test_a_name_that_looks_like_a_pattern(read: Read, write: Write) -> None:
    write("a.tsv", "x\ty\n")
    assert found(read(write("[a].tsv", "a\tA\n"))) == [("a", "A")]


def test_patterns_that_find_too_little(refused: Refused, folder: Path) -> None:
    assert refused(folder / "*.tmx")[0] == "no file has a name like this"
    (folder / "z.en").write_text("z\n", encoding="utf-8")
    what, _, hint = refused(f"{folder}/**/*.en,{folder}/**/*.fr.gz")
    assert what.startswith("has no file for ")
    assert what.endswith("all/z")
    assert hint.startswith("Each file of one pattern needs one of the other")


def test_a_folder_in_other_languages(refused: Refused, folder: Path) -> None:
    assert refused(folder / "locale", source="it", target="es")[0].startswith("holds no text in")
    assert refused(folder / "more" / "deep", target="it")[:2] == (
        "is a directory without a corpus of en and it",
        "all/more/deep",
    )


def test_a_damaged_file_of_a_folder_is_an_error(refused: Refused, folder: Path) -> None:
    (folder / "more" / "bad.tsv").write_text("one column\n", encoding="utf-8")
    assert refused(folder)[:2] == ("has 1 column, and the target is column 2", "all/more/bad.tsv:1")
