from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from translator.decoding.glossary import Glossary, missing
from translator.errors import DataError


def required(glossary: dict[str, str], text: str) -> dict[str, int]:
    return {one.phrase.forms[0]: one.phrase.count for one in Glossary(glossary).requirements(text)}


@pytest.mark.parametrize(
    ("terms", "text", "expected"),
    [
        ({"printer": "imprimante"}, "The printer is out.", {"imprimante": 1}),
        ({"printer": "imprimante"}, "PRINTER, Printer: printer!", {"imprimante": 3}),
        ({"Printer": "imprimante"}, "my printer", {"imprimante": 1}),
        # whole words
        ({"print": "épreuve"}, "The printer prints.", {}),
        ({"print": "épreuve"}, "re-print 'print'", {"épreuve": 2}),
        ({"5G": "5G"}, "15G or 5G", {"5G": 1}),
        ({"C++": "C++"}, "We like C++.", {"C++": 1}),
        ({"e-mail": "courriel"}, "No e-mail today", {"courriel": 1}),
        ({"é": "x"}, "cafe\u0301 é", {"x": 1}),
        # capitals beyond the first letter mean just this spelling
        ({"US": "États-Unis"}, "The US told us.", {"États-Unis": 1}),
        ({"iPhone": "iPhone"}, "an iphone", {}),
        ({"New York": "New York"}, "a new york of sorts", {}),
        ({"Apple": "Apple", "apple": "pomme"}, "Apple sells no apple.", {"Apple": 1, "pomme": 1}),
        ({"Apple": "Apple", "apple": "pomme"}, "Apple, apple.", {"Apple": 1, "pomme": 1}),
        # the longest first
        (
            {"seat": "siège", "seat belt": "ceinture", "belt": "courroie"},
            "The seat belt of this seat",
            {"ceinture": 1, "siège": 1},
        ),
        ({"seat  belt": "ceinture"}, "seat\tbelt", {"ceinture": 1}),
        # several terms with one target
        ({"car": "voiture", "automobile": "voiture"}, "A car is an automobile", {"voiture": 2}),
        # scripts without spaces
        ({"打印机": "printer"}, "这台打印机坏了", {"printer": 1}),
        ({"ﬁle": "fichier"}, "a file", {"fichier": 1}),
        ({"x": "y"}, "", {}),
    ],
)
def test_terms_are_found(terms: dict[str, str], text: str, expected: dict[str, int]) -> None:
    assert required(terms, text) == expected


@pytest.mark.parametrize(
    ("terms", "source", "translation", "lacking"),
    [
        ({"printer": "imprimante"}, "my printer", "mon imprimante.", []),
        ({"printer": "imprimante"}, "my printer", "mes imprimantes", ["imprimante"]),
        ({"printer": "imprimante"}, "my printer", "l'imprimante", []),
        ({"printer": "imprimante"}, "my printer", "Imprimante prête", []),
        ({"printer": "imprimante"}, "my printer", "Oui. « Imprimante »", []),
        ({"printer": "imprimante"}, "my printer", "mon Imprimante", ["imprimante"]),
        ({"printer": "imprimante"}, "MY PRINTER", "MON IMPRIMANTE", []),
        ({"printer": "imprimante"}, "my printer", "MON IMPRIMANTE", ["imprimante"]),
        ({"cat": "chat"}, "a cat and a cat", "un chat et lui", ["chat"]),
        ({"cat": "chat"}, "a cat and a cat", "un chat et un chat", []),
        ({"cat": "chat", "wild cat": "chat sauvage"}, "cat, wild cat", "un chat sauvage", ["chat"]),
        ({"cat": "chat", "wild cat": "chat sauvage"}, "cat, wild cat", "chat sauvage, chat", []),
        ({"cat": "猫"}, "my cat", "我的猫很好", []),
    ],
)
def test_what_a_translation_lacks(
    terms: dict[str, str], source: str, translation: str, lacking: list[str]
) -> None:
    found = missing(Glossary(terms).requirements(source), translation)
    assert [term.target for term in found] == lacking


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    path = write(
        tmp_path / "terms.tsv",
        "\ufeff# comment\nprinter\timprimante\n\n seat  belt \tceinture de sécurité\r\n"
        "printer\timprimante\nC#\tC#\n",
    )
    glossary, remarks = Glossary.read(path)
    assert {term.source: term.target for term in glossary.terms.values()} == {
        "printer": "imprimante",
        "seat belt": "ceinture de sécurité",
        "C#": "C#",
    }
    assert len(glossary) == 3
    assert remarks == [f"{path}:5: 'printer' is there already, in line 2"]
    packed = tmp_path / "terms.tsv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert len(Glossary.read(packed)[0]) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("printer\timprimante\ncat\n", ":2: has no tab"),
        ("a\tb\tc\n", ":1: has 3 columns"),
        ("\tb\n", ":1: has no source term"),
        ("# x\na\t \n", ":2: has no target term"),
        ("a\tb\na\tc\n", ":2: 'a' is to be 'c', and 'b' in line 1"),
        ("# nothing\n", "holds no term"),
        ("x\n" * 8, "… and 3 more"),
    ],
)
def test_mistakes_are_told_by_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path / "terms.tsv", text)
    with pytest.raises(DataError) as error:
        Glossary.read(path)
    assert message in str(error.value)
    assert "source term, a tab, required target term" in str(error.value)
    assert str(path) in str(error.value)


def test_many_terms_are_found_quickly() -> None:
    glossary = Glossary({f"word{i} thing{i}": f"mot{i}" for i in range(50_000)})
    text = " ".join(f"word{i} thing{i}, word{i}" for i in range(0, 4000, 10))
    assert len(glossary.requirements(text)) == 400
