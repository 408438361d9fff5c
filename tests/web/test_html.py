"""HTML: what is translated of it, and where its tags come to stand."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.web.html import Document, Run, Sentence

ENGLISH = "The cat sat on the mat."
FRENCH = "Le chat s'est assis sur le tapis."
LINKS = [(0, 0), (1, 1), (2, 2), (2, 3), (3, 4), (4, 5), (5, 6)]


def spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"\S+", text)]


def sentence(
    source: str, target: str, links: list[tuple[int, int]], at: tuple[int, int]
) -> Sentence:
    return Sentence(source, at[0], target, at[1], spans(source), spans(target), links)


def placed(html: str, *pairs: tuple[str, str, list[tuple[int, int]]]) -> str:
    """Return the HTML with its only run translated, sentence by sentence."""
    document = Document(html)
    [run] = document.runs
    assert run.text == " ".join(source for source, _, _ in pairs)
    found, at = [], (0, 0)
    for source, target, links in pairs:
        found.append(sentence(source, target, links, at))
        at = at[0] + len(source) + 1, at[1] + len(target) + 1
    return document.join([run.written(" ".join(target for _, target, _ in pairs), found)])


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (ENGLISH, FRENCH),
        (f"<p id='a'>{ENGLISH}</p>", f"<p id='a'>{FRENCH}</p>"),
        (f"<p><b>{ENGLISH}</b></p>", f"<p><b>{FRENCH}</b></p>"),
        (
            "The <b>cat</b> <i>sat</i> on the mat.",
            "Le <b>chat</b> <i>s'est assis</i> sur le tapis.",
        ),
        # the full stop is in it where it was in it
        (
            'The cat sat on <a href="x?a=1&amp;b=2">the mat</a>.',
            'Le chat s\'est assis sur <a href="x?a=1&amp;b=2">le tapis</a>.',
        ),
        (
            "The cat sat on <em>the <b>mat.</b></em>",
            "Le chat s'est assis sur <em>le <b>tapis.</b></em>",
        ),
        ("The cat sat on the mat<i></i>.", "Le chat s'est assis sur le <i></i>tapis."),
    ],
)
def test_tags_come_back_around_the_words_that_are_linked(html: str, expected: str) -> None:
    assert placed(html, (ENGLISH, FRENCH, LINKS)) == expected


def test_what_changes_places_takes_its_tags_along() -> None:
    pair = ("The green house.", "La maison verte.", [(0, 0), (1, 2), (2, 1)])
    html = "The <i>green</i> <b>house</b>."
    assert placed(html, pair) == "La <b>maison</b> <i>verte</i>."
    # what is inside stays inside, whatever the links say
    html = "<u>The <i>green</i></u> house."
    assert placed(html, pair) == "<u>La maison <i>verte</i></u>."
    assert placed("The <i>green <b>house</b></i>.", pair) == "La <i><b>maison</b> verte</i>."


def test_a_tag_around_several_sentences() -> None:
    pairs = (ENGLISH, FRENCH, LINKS), ("We eat.", "Nous mangeons.", [(0, 0), (1, 1)])
    html = "The cat <b>sat on the mat. We</b> eat."
    assert placed(html, *pairs) == "Le chat <b>s'est assis sur le tapis. Nous</b> mangeons."
    assert placed(f"{ENGLISH} <b>We eat.</b>", *pairs) == f"{FRENCH} <b>Nous mangeons.</b>"


def test_without_links_a_tag_stands_about_where_it_was() -> None:
    html = "The cat sat on the <b>mat</b>."
    assert placed(html, (ENGLISH, FRENCH, [])) == "Le chat s'est assis sur le <b>tapis.</b>"


def test_what_a_translation_holds_is_text() -> None:
    html = "<p>We <b>eat</b> &lt;bread&gt;.</p>"
    [run] = Document(html).runs
    assert run.text == "We eat <bread>."
    pair = ("We eat <bread>.", "Nous <script>mangeons</script> & co.", [(1, 1)])
    expected = "<p>Nous <b>&lt;script&gt;mangeons&lt;/script&gt;</b> &amp; co.</p>"
    assert placed(html, pair) == expected


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("", []),
        ("<p>12</p>", []),
        ("<h1>One</h1><p>Two <b>three</b><br>four</p>", ["One", "Two three", "four"]),
        ("<ul>\n  <li>One\n two</li>\n</ul>", ["One two"]),
        ("One<script>two</script><style>three</style><!-- four -->five", ["One", "five"]),
        ("<!DOCTYPE html><title>One &amp; two</title>", ["One & two"]),
        ("One <code>two &lt; <b>three</b></code> four", ["One ", " four"]),
        ('One <span translate="no">two <i>three</i></span> four', ["One ", " four"]),
        ('<p class="a notranslate">One</p> two', [" two"]),
        ("One <img alt='x > y'> two", ["One ", " two"]),
        # tags that do not fit stay where they are
        ("One <b>two <i>three</b> four</i>", ["One ", "two ", "three", " four"]),
        ("One <b>two<p>three</b> four", ["One ", "two", "three", " four"]),
        ("<b>" * 40 + "one" + "</b>" * 40, ["one"]),
        ("<b>one</b>" * 101, ["one"] * 101),
        ("One <!-- two", ["One "]),
        ("One <SCRIPT>two</b></Script> three", ["One ", " three"]),
    ],
)
def test_what_is_translated(html: str, texts: list[str]) -> None:
    document = Document(html)
    assert [run.text for run in document.runs] == texts
    same = document.join([run.written(run.text, whole(run)) for run in document.runs])
    assert without_spaces(same) == without_spaces(html)


def test_a_sign_that_begins_no_tag_is_a_sign() -> None:
    document = Document("<p>1 < 2, a <b")
    [run] = document.runs
    assert run.text == "1 < 2, a <b"
    assert document.join([run.written(run.text, [])]) == "<p>1 &lt; 2, a &lt;b"


def whole(run: Run) -> list[Sentence]:
    """Return a text as a translation of itself, each word linked to itself."""
    own = [(i, i) for i, _ in enumerate(spans(run.text))]
    return [sentence(run.text, run.text, own, (0, 0))]


def without_spaces(html: str) -> str:
    return re.sub(r"\s+", "", html)


BITS = [
    *("<b>", "</b>", "<p>", "<i x='>'>", "</i>", "<br/>", "<pre>", "</pre>", "<![x", "<?", "<!--"),
    *("-->", "]]>", "a", " ", "&lt;", "<", "&", "é."),
]


@given(st.lists(st.sampled_from(BITS), max_size=12).map("".join))
def test_any_text_is_read_and_keeps_its_words(html: str) -> None:
    document = Document(html)
    same = document.join([run.written(run.text, whole(run)) for run in document.runs])
    again = Document(same)
    assert [run.text.strip() for run in again.runs] == [run.text.strip() for run in document.runs]
    assert same.count("é") == html.count("é")
