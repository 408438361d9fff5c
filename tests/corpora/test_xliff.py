from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from translator.corpora import TrainingCorpus

Write = Callable[..., Path]
Read = Callable[..., TrainingCorpus]
Pairs = Callable[..., list[tuple[str, str]]]
Refused = Callable[..., tuple[str, str | None, str]]


def old(body: str, languages: str = 'source-language="en-US" target-language="fr-FR"') -> str:
    return (
        '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">\n'
        f'<file original="page.html" {languages}><header/><body>\n{body}</body></file></xliff>'
    )


def new(body: str) -> str:
    return (
        '<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en" '
        f'trgLang="fr"><file id="f"><group id="g">\n{body}</group></file></xliff>'
    )


def pair(source: str, target: str, more: str = "", state: str = "") -> str:
    state = f' state="{state}"' if state else ""
    return (
        f'<trans-unit id="1"><source>{source}</source><target{state}>{target}</target>{more}'
        "</trans-unit>\n"
    )


@pytest.mark.parametrize("ending", ["xlf", "xliff", "sdlxliff", "mxliff", "mqxliff", "xlf.gz"])
def test_both_versions(pairs: Pairs, write: Write, ending: str) -> None:
    assert pairs(write(f"a.{ending}", old(pair("one", "un")))) == [("one", "un")]
    segment = "<segment><source>one</source><target>un</target></segment>"
    ignorable = "<ignorable><source> </source><target> </target></ignorable>"
    unit = f'<unit id="u"><notes><note>n</note></notes>{segment}{ignorable}{segment}</unit>'
    assert pairs(write(f"b.{ending}", new(unit)), clean=False) == [("one", "un")] * 2


def test_the_languages_may_be_the_other_way_round(pairs: Pairs, write: Write) -> None:
    path = write("a.xlf", old(pair("un", "one"), 'source-language="fr" target-language="en"'))
    assert pairs(path) == [("one", "un")]
    path = write("b.xlf", old(pair("one", "un"), 'source-language="en"'))
    assert pairs(path) == [("one", "un")]


def test_what_is_no_translation_is_left_out(read: Read, write: Write) -> None:
    units = [
        pair("a", "b", state="final"),
        pair("a", "b", state="needs-translation"),
        pair("a", "b", state="new"),
        pair("a", "b").replace("<target>", '<target state-qualifier="rejected-grammar">'),
        pair("a", "b").replace("<trans-unit ", '<trans-unit translate="no" '),
        pair("a", ""),
        "<trans-unit id='2'><source>a</source></trans-unit>",
    ]
    corpus = read(write("a.xlf", old("".join(units))))
    assert len(corpus) == 1
    assert corpus.dropped == {"unfinished": 3, "not to be translated": 1, "target blank": 2}
    states = ["", ' state="initial"', ' state="translated"', ' state="final"']
    segments = "".join(
        f"<segment{state}><source>a</source><target>b</target></segment>" for state in states
    )
    corpus = read(write("b.xlf", new(f'<unit id="u">{segments}</unit>')), clean=False)
    assert len(corpus) == 3
    assert corpus.dropped == {"unfinished": 1}


def test_suggestions_are_not_the_translation(pairs: Pairs, write: Write) -> None:
    aside = "<alt-trans><source>x</source><target>y</target></alt-trans>"
    assert pairs(write("a.xlf", old(pair("a", "b", more=aside)))) == [("a", "b")]
    matches = (
        '<mtc:matches xmlns:mtc="urn:oasis:names:tc:xliff:matches:2.0"><mtc:match ref="#1">'
        "<source>x</source><target>y</target></mtc:match></mtc:matches>"
    )
    unit = f"<unit id='u'>{matches}<segment><source>a</source><target>b</target></segment></unit>"
    assert pairs(write("b.xlf", new(unit))) == [("a", "b")]


def test_marked_segments_are_pairs_of_their_own(pairs: Pairs, write: Write) -> None:
    def marked(*texts: str) -> str:
        return " ".join(
            f'<g id="0"><mrk mtype="seg" mid="{at}">{text}</mrk></g>'
            for at, text in enumerate(texts)
        )

    ours, theirs = marked("One.", "Two <g id='1'>it</g>."), marked("Un.", "<g id='1'>Deux</g>.")
    unit = (
        "<trans-unit id='1'><source>One. Two <g id='1'>it</g>.</source>"
        f"<seg-source>{ours}</seg-source><target>{theirs}</target></trans-unit>"
    )
    path = write("a.xlf", old(unit))
    assert pairs(path) == [("One.", "Un."), ("Two it.", "Deux.")]
    assert pairs(path, inline_tags="keep")[1] == ("Two <g1>it</g1>.", "<g1>Deux</g1>.")
    # the segments of one side only: the unit as a whole
    unit = unit.replace('mid="1"', 'mid="7"', 1)
    assert pairs(write("b.xlf", old(unit))) == [("One. Two it.", "Un. Deux.")]


@pytest.mark.parametrize(
    ("source", "removed", "kept"),
    [
        ('a <x id="1"/> b', "a b", "a <x1/> b"),
        ('a<x id="1" ctype="lb"/>b', "a b", "a b"),
        ('<bpt id="1">{b}</bpt>a<ept id="1">{/b}</ept>', "a", "<g1>a</g1>"),
        ('<bx id="3" rid="2"/>a<ex id="4" rid="2"/>', "a", "<g3>a</g3>"),
        ('<pc id="1">a</pc> <ph id="2"/>', "a", "<g1>a</g1> <x2/>"),
        ('<sc id="1"/>a<ec startRef="1"/>', "a", "<g1>a</g1>"),
        ('a<cp hex="001A"/>b', "a b", "a b"),
        (
            '<mrk id="m" type="term">a</mrk> <ph id="1">code <sub>more</sub></ph>b',
            "a b",
            "a <x1/>b",
        ),
        ("a <![CDATA[<b>]]> &lt;c&gt;", "a <b> <c>", "a <b> <c>"),
    ],
)
def test_inline_elements(pairs: Pairs, write: Write, source: str, removed: str, kept: str) -> None:
    path = write("a.xlf", old(pair(source, "t")))
    assert pairs(path) == [(removed, "t")]
    assert pairs(path, inline_tags="keep") == [(kept, "t")]


def test_damage(refused: Refused, write: Write) -> None:
    text = old(pair("one", "un") * 3)
    assert refused(write("a.xlf", text[:-60]))[:2] == (
        "is cut short: the XML ends too early",
        "a.xlf:5",
    )
    assert refused(write("b.xlf", "<tmx/>"))[0] == "is not XLIFF: its outermost element is <tmx>"
    assert refused(write("c.xlf", text), target="de")[0] == (
        "holds no text in 'de': found en-US (3), fr-FR (3)"
    )
