from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from translator.corpora import TrainingCorpus
from translator.corpora.formats import po
from translator.corpora.formats.po import one_and_others, po_units

Write = Callable[..., Path]
Read = Callable[..., TrainingCorpus]
Pairs = Callable[..., list[tuple[str, str]]]
Refused = Callable[..., tuple[str, str | None, str]]

POLISH = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"


def header(
    language: str = "fr", charset: str = "UTF-8", plurals: str = "nplurals=2; plural=(n > 1);"
) -> str:
    return (
        '# made for a test\nmsgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n"Content-Type: text/plain; charset={charset}\\n"\n'
        f'"Plural-Forms: {plurals}\\n"\n\n'
    )


def entry(source: str, target: str, before: str = "") -> str:
    return f'{before}msgid "{source}"\nmsgstr "{target}"\n\n'


def test_entries(pairs: Pairs, write: Write, compression: str) -> None:
    text = header() + entry("one", "un", "#: a.c:1\n#. a hint\n") + entry("two", "deux")
    text += 'msgid ""\n"a \\"long\\" "\n"text\\n"\nmsgstr ""\n"un texte\\t"\n"long"\n'
    assert pairs(write(f"a.po{compression}", text)) == [
        ("one", "un"),
        ("two", "deux"),
        ('a "long" text', "un texte\tlong"),
    ]


def test_what_is_left_out(read: Read, write: Write) -> None:
    text = header() + entry("a", "b") + entry("c", "d", "#, fuzzy\n") + entry("e", "")
    text += entry("g", "h", '#, c-format, fuzzy\n#| msgid "G"\n')
    text += '#~ msgid "i"\n#~ msgstr "j"\n'
    corpus = read(write("a.po", text))
    assert corpus.dataset["source"][:] == ["a"]
    assert corpus.dropped == {"fuzzy": 2, "target blank": 1, "obsolete": 1}


def test_plurals(pairs: Pairs, write: Write) -> None:
    forms = "".join(f'msgstr[{n}] "{text}"\n' for n, text in enumerate(["plik", "pliki", "plików"]))
    text = header("pl", plurals=POLISH) + f'msgid "%d file"\nmsgid_plural "%d files"\n{forms}'
    assert pairs(write("a.po", text), target="pl") == [
        ("%d file", "plik"),
        ("%d files", "pliki"),
        ("%d files", "plików"),
    ]


@pytest.mark.parametrize(
    ("number", "expression", "expected"),
    [
        (1, "0", (0, [0])),
        (2, "(n > 1)", (0, [1])),
        (3, "n==1 ? 2 : n==2 ? 0 : 1", (2, [0, 1])),
        (2, "n ** n ** n", (0, [1])),
        (2, "__import__('os')", (0, [1])),
        (2, "n/0", (0, [1])),
        (2, "7", (0, [1])),
        (2, "(" * 400, (0, [1])),
    ],
)
def test_the_form_for_one(number: int, expression: str, expected: tuple[int, list[int]]) -> None:
    assert one_and_others(number, expression) == expected


def test_languages(pairs: Pairs, refused: Refused, write: Write, tmp_path: Path) -> None:
    assert pairs(write("a.po", header("fr_FR") + entry("one", "un"))) == [("one", "un")]
    assert pairs(write("b.po", header("en") + entry("un", "one"))) == [("one", "un")]
    assert pairs(write("c.po", header("") + entry("one", "un"))) == [("one", "un")]
    assert refused(write("de.po", header("") + entry("one", "eins")))[0] == (
        "holds no text in 'en': found unnamed (1), de (1)"
    )
    (tmp_path / "fr" / "LC_MESSAGES").mkdir(parents=True)
    assert pairs(write("fr/LC_MESSAGES/x.po", header("") + entry("one", "un")), source="de") == [
        ("one", "un")
    ]


def test_the_name_counts_where_the_header_says_nothing(read: Read, write: Write) -> None:
    """The same bytes under another name are another corpus."""
    text = header("") + entry("one", "two")
    assert read(write("en.po", text)).dataset["source"][:] == ["two"]
    assert read(write("fr.po", text)).dataset["source"][:] == ["one"]


@pytest.mark.parametrize("charset", ["ISO-8859-1", "windows-1252", "UTF-8", "CHARSET", "utf-16"])
def test_charsets(pairs: Pairs, write: Write, charset: str) -> None:
    text = header(charset=charset) + entry("summer", "été")
    assert pairs(write("a.po", text)) == [("summer", "été")]
    if charset in ("ISO-8859-1", "windows-1252"):
        assert pairs(write("b.po", text.encode(charset))) == [("summer", "été")]


def test_context_is_known(write: Write) -> None:
    text = header() + entry("Open", "Ouvrir", 'msgctxt "menu"\n') + entry("Open", "Ouvert")
    assert [unit.extras for unit in po_units(write("a.po", text))] == [{"context": "menu"}, {}]


def test_lines_over_many_blocks(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    text = header() + "".join(entry(f"s{n}", f"t{n}\u2028", "# note\n") for n in range(400))
    path = write("a.po", text)
    lines = text.split("\n")
    expected = [at for at, line in enumerate(lines, start=1) if line == "# note"]
    for block in (1, 100, 1 << 16):
        monkeypatch.setattr(po, "BLOCK", block)
        units = list(po_units(path))
        assert [unit.line for unit in units] == expected
        assert units[7].variants == [("", "s7"), ("fr", "t7 ")]


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ('msgid "a', "is not PO: a text that does not end with a quote", 8),
        ('msgid "a"\nmsgstr "b\\"', "is not PO: a text that does not end with a quote", 9),
        ('msgid "a"\nmsgstr "b"c"', "is not PO: unescaped double quote found", 9),
        ('msgid "a"\nnothing here', "is not PO: nothing that may stand here", 9),
        ('msgstr[x] "b"', "is not PO: nothing that may stand here", 8),
        ('"a text of its own"', None, 0),
    ],
)
def test_damage(refused: Refused, write: Write, text: str, what: str | None, line: int) -> None:
    if what is None:
        text, what, line = '"lost"\n', "is not PO: nothing that may stand here", 1
        found = refused(write("a.po", text))
    else:
        found = refused(write("a.po", header() + text + "\n"))
    assert found[:2] == (what, f"a.po:{line}")
    assert "msgfmt --check" in found[2]


def test_wrong_encoding(refused: Refused, write: Write) -> None:
    text = header() + entry("summer", "été")
    assert refused(write("a.po", text.encode("latin-1")))[:2] == (
        "not UTF-8: byte 0xE9 (byte 9 of the line)",
        "a.po:9",
    )


def test_an_endless_entry(refused: Refused, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(po, "ENTRY", 10_000)
    text = header() + 'msgid ""\n' + '"a a a a "\n' * 3000
    what, where, _ = refused(write("a.po", text))
    assert what.startswith("has an entry of more than")
    assert where is not None
    assert where.startswith("a.po:")


def test_a_file_is_never_taken_for_another_ones_name(
    refused: Refused, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library opens a text that is the name of a file."""
    write("other", header() + entry("secret", "secret"))
    monkeypatch.chdir(tmp_path)
    assert refused(write("a.po", "other"))[1] == "a.po:1"


def test_without_the_library(
    refused: Refused, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "polib", None)
    assert refused(write("a.po", header() + entry("a", "b"))) == (
        "PO files are read by polib, which is not installed",
        "a.po",
        "Install it: pip install polib, or translator[formats].",
    )
