from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from translator.config import DataConfig
from translator.corpora import TrainingCorpus, read_test_set
from translator.corpora.formats import tmx, xml
from translator.tokenizer.placeholders import protect_pair

Write = Callable[..., Path]
Read = Callable[..., TrainingCorpus]
Pairs = Callable[..., list[tuple[str, str]]]
Refused = Callable[..., tuple[str, str | None, str]]


def unit(*variants: tuple[str, str], more: str = "") -> str:
    texts = "".join(f'<tuv xml:lang="{tag}"><seg>{text}</seg></tuv>' for tag, text in variants)
    return f"<tu>{more}{texts}</tu>\n"


def memory(*units: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>\n') -> str:
    body = "".join(units)
    return f'{head}<tmx version="1.4"><header srclang="en"/><body>\n{body}</body></tmx>\n'


PAIR = unit(("en", "one"), ("fr", "un"))


def test_units(pairs: Pairs, write: Write, compression: str) -> None:
    text = memory(PAIR, unit(("fr", "deux &amp; trois"), ("en", "two &#38; three")))
    assert pairs(write(f"a.tmx{compression}", text)) == [
        ("one", "un"),
        ("two & three", "deux & trois"),
    ]


def test_older_memories_name_the_language_otherwise(pairs: Pairs, write: Write) -> None:
    text = memory(
        PAIR, "<tu><tuv lang='EN'><seg>a</seg></tuv><tuv lang='FR'><seg>b</seg></tuv></tu>"
    )
    assert pairs(write("a.tmx", text)) == [("one", "un"), ("a", "b")]


@pytest.mark.parametrize(
    ("source", "target", "languages", "expected"),
    [
        ("en", "fr", ["en-US", "fr-FR"], ("0", "1")),
        ("en", "fr", ["EN_us", "FR_fr"], ("0", "1")),
        ("en", "fr", ["en-GB", "fr-CA", "fr"], ("0", "2")),
        ("en", "fr-CA", ["en", "fr", "fr-CA"], ("0", "2")),
        ("en", "fr-CA", ["en", "fr"], ("0", "1")),
        ("en", "fr", ["de", "fr-FR", "fr-CA", "en"], ("3", "1")),
        ("fr", "en", ["en", "fr"], ("1", "0")),
        ("en-GB", "en-US", ["en-US", "en-GB"], ("1", "0")),
        ("en", "fr", ["eng", "fra"], ("0", "1")),
    ],
)
def test_variants_of_languages(
    pairs: Pairs,
    write: Write,
    source: str,
    target: str,
    languages: list[str],
    expected: tuple[str, str],
) -> None:
    text = memory(unit(*((tag, str(at)) for at, tag in enumerate(languages))))
    assert pairs(write("a.tmx", text), source=source, target=target) == [expected]


def test_a_unit_without_one_of_the_languages_is_counted(read: Read, write: Write) -> None:
    only, other = unit(("en", "two"), ("de", "zwei")), unit(("de", "drei"), ("it", "tre"))
    corpus = read(write("a.tmx", memory(PAIR, only, other, unit(("fr", "quatre")))))
    assert corpus.dataset["source"][:] == ["one"]
    assert corpus.dropped == {"target blank": 1, "source blank": 1}


def test_further_texts_are_references(write: Write) -> None:
    text = memory(unit(("en", "one"), ("fr-FR", "un"), ("fr-CA", "une"), ("de", "eins")))
    found = read_test_set(str(write("a.tmx", text)), source="en", target="fr", options=DataConfig())
    assert (found.sources, found.references) == (["one"], [["un"], ["une"]])


TAGGED = memory(
    unit(
        ("en", 'Press <bpt i="1" x="5">&lt;b></bpt>Save<ept i="1">&lt;/b></ept> <ph x="2"/> now.'),
        ("fr", 'Voir <ph x="2"><sub>no text</sub></ph> sur <bpt i="9" x="5"/>Sauver<ept i="9"/>.'),
    ),
    unit(("en", "a<ph type='lb'/>b <hi>c</hi>"), ("fr", "a\n      b")),
)


def test_tags_are_removed(pairs: Pairs, write: Write) -> None:
    assert pairs(write("a.tmx", TAGGED)) == [
        ("Press Save now.", "Voir sur Sauver."),
        ("a b c", "a b"),
    ]


def test_tags_are_kept_as_placeholders(pairs: Pairs, write: Write) -> None:
    source, target = pairs(write("a.tmx", TAGGED), inline_tags="keep")[0]
    assert source == "Press <g5>Save</g5> <x2/> now."
    assert target == "Voir <x2/> sur <g5>Sauver</g5>."
    shown, also = protect_pair(source, target)
    assert "<" not in shown + also
    assert sorted(set(shown) - set(source)) == sorted(set(also) - set(target))


def test_tags_decide_how_it_is_stored(read: Read, write: Write) -> None:
    path = write("a.tmx", TAGGED)
    assert read(path).fingerprint != read(path, inline_tags="keep").fingerprint


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "gb18030"]
)
def test_encodings(pairs: Pairs, write: Write, encoding: str) -> None:
    text = memory(
        unit(("en", "one"), ("fr", "été")), head=f'<?xml version="1.0" encoding="{encoding}"?>'
    )
    assert pairs(write("a.tmx", text.encode(encoding))) == [("one", "été")]


@pytest.mark.parametrize("declared", ["iso-8859-1", "utf-16", "windows-1252"])
def test_a_declared_encoding_that_is_not_so(pairs: Pairs, write: Write, declared: str) -> None:
    text = memory(
        unit(("en", "one"), ("fr", "été")), head=f'<?xml version="1.0" encoding="{declared}"?>'
    )
    assert pairs(write("a.tmx", text)) == [("one", "été")]


def test_wrong_bytes(refused: Refused, write: Write) -> None:
    text = memory(PAIR, unit(("en", "two"), ("fr", "été")))
    what, where, hint = refused(write("a.tmx", text.encode("latin-1")))
    assert (what, where) == ("not utf-8: byte 0xE9", "a.tmx:4")
    assert "windows-1252" in hint


@pytest.mark.parametrize("name", ["zlib_codec", "rot13", "utf_7", "nonsense", "unicode_escape"])
def test_no_encoding(refused: Refused, write: Write, name: str) -> None:
    text = memory(PAIR, head=f'<?xml version="1.0" encoding="{name}"?>')
    assert refused(write("a.tmx", text))[:2] == (
        f"is said to be in an unknown encoding, {name!r}",
        "a.tmx:1",
    )


LAUGHS = """<?xml version="1.0"?>
<!DOCTYPE tmx [
<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
]>
"""
OUTSIDE = '<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/hostname">]>\n'


@pytest.mark.parametrize(("head", "line"), [(LAUGHS, 3), (OUTSIDE, 1)])
def test_entities_are_refused(refused: Refused, write: Write, head: str, line: int) -> None:
    text = memory(unit(("en", "&a;"), ("fr", "b")), head=head)
    what, where, _ = refused(write("a.tmx", text))
    assert what == "declares an entity, 'a', and entities of a file's own are refused"
    assert where == f"a.tmx:{line}"


def test_nothing_outside_is_read(pairs: Pairs, refused: Refused, write: Write) -> None:
    head = '<!DOCTYPE tmx SYSTEM "http://127.0.0.1:9/tmx14.dtd">\n'
    text = memory(unit(("en", "a&nbsp;b"), ("fr", "&eacute;")), head=head)
    assert pairs(write("a.tmx", text)) == [("a\u00a0b", "é")]
    what, where, _ = refused(write("b.tmx", memory(unit(("en", "&zzz;"), ("fr", "b")), head=head)))
    assert (what, where) == ("has an entity that nothing declares: &zzz;", "b.tmx:3")


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        (memory(PAIR, PAIR)[:-40], "is cut short: the XML ends too early", 3),
        ("", None, 0),
        ("no XML", "is not XML: syntax error (character 1 of the line)", 1),
        ("<html></html>", "is not TMX: its outermost element is <html>", 1),
        (memory(PAIR, "<tu></tuv>"), "is not XML: mismatched tag (character 7 of the line)", 4),
        (
            memory(PAIR, "a \0 b"),
            "is not XML: not well-formed (invalid token) (character 3 of the line)",
            4,
        ),
        (memory("<a>" * 300), "has more than 200 elements inside of each other", 3),
        (
            memory(*(f"<a{n}/>\n" for n in range(2100))),
            "has more than 2,000 kinds of elements or attributes",
            2000,
        ),
    ],
    ids=["cut", "empty", "text", "html", "crossed", "nul", "deep", "many"],
)
def test_no_memory(refused: Refused, write: Write, text: str, what: str | None, line: int) -> None:
    found, where, _ = refused(write("a.tmx", text))
    assert found == (what or "is empty")
    assert where == (f"a.tmx:{line}" if what else "a.tmx")


@pytest.mark.parametrize("size", ["TOKEN", "SIZE"])
@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", "<tu><tuv xml:lang='en'><seg>" + "x " * 20_000),
        ("", "<tu><prop type='a'>" + "x " * 20_000),
        ("", "<tu>" + "<tuv/>" * 20_000),
        ("", "<tu tuid='" + "x " * 20_000),
        ("<!--" + "x" * 90_000, ""),
        ("<!DOCTYPE tmx [" + "<!ELEMENT x ANY>" * 9000, ""),
    ],
    ids=["text", "property", "elements", "attribute", "comment", "dtd"],
)
def test_what_would_fill_the_memory_is_refused(
    refused: Refused, write: Write, monkeypatch: pytest.MonkeyPatch, size: str, head: str, body: str
) -> None:
    monkeypatch.setattr(xml, "TOKEN", 30_000)
    monkeypatch.setattr(xml, "SIZE", 20_000)
    monkeypatch.setattr(xml, "BLOCK", 8192)
    what, where, _ = refused(write("a.tmx", memory(body + PAIR * 3000, head=head)))
    assert "more than 0 M" in what
    assert where is not None
    assert where.startswith("a.tmx:")


def test_other_languages(refused: Refused, write: Write) -> None:
    path = write("a.tmx", memory(PAIR, PAIR))
    what, where, hint = refused(path, target="de")
    assert (what, where) == ("holds no text in 'de': found en (2), fr (2)", "a.tmx")
    assert "--source and --target" in hint


def test_memory_stays_flat(write: Write) -> None:
    """Units are handed on block by block, however many there are."""
    machine = tmx._Memory(keep=False)
    kept = [
        len(machine.units)
        for _ in xml.xml_units(write("a.tmx", memory(PAIR * 5000)), machine, "tmx", None)
    ]
    assert len(kept) == 5000
    assert max(kept) < 1000
