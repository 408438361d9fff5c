from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.corpora.lines import read_lines
from translator.decoding.text.documents import Reader


def rendered(text: str, translate: Callable[[str], str], target: str = "fr") -> str:
    lines = read_lines(text.encode().splitlines(keepends=True))
    last = 0
    result = ""
    for block in Reader("en", target).blocks(lines):
        assert block.first == last + 1
        assert len(block.texts) == len(block.numbers)
        assert all(block.first <= number <= block.last for number in block.numbers)
        last = block.last
        result += block.join([translate(one) for one in block.texts])
    return result


def texts(text: str) -> list[str]:
    lines = read_lines(text.encode().splitlines(keepends=True))
    return [one for block in Reader("en", "fr").blocks(lines) for one in block.texts]


DOCUMENT = """---
title: Our garden
---
# About our garden #

The garden of Mr. Green lies behind the house, between the river
and the road.  It has two gates, and a [very old
wall](https://example.org/wall_(north)) of stone.
  * Apples and pears.
  * [ ] Plums, which ripen late in the year and are eaten by the
    birds before we can pick them.

    An indented paragraph stays there. So does this.
> A quote has two sentences. This is one.
> > And this is in another.

| Plant | What it *needs* |
|-------|:---------------:|
| rose  | run `water` daily |

```python
garden = "no text"

```
Roses are red
Violets are blue

A line that ends here.\\
Another.\u0020\u0020
See **our list** at https://example.org/list.html, please.

12345
[wall]: https://example.org/wall
<b>Bold</b> is this.
No line end"""


def test_what_is_not_translated_stays_as_it_is() -> None:
    assert rendered(DOCUMENT, lambda text: text) == DOCUMENT


def test_what_is_translated() -> None:
    expected = DOCUMENT
    for kept in ("title: Our garden", "https://example.org/wall_(north)", "[wall]", "`water`"):
        assert kept in expected
    result = rendered(DOCUMENT, str.upper)
    assert result.upper() == DOCUMENT.upper()
    for line in (
        "title: Our garden",
        "# ABOUT OUR GARDEN #",
        "THE GARDEN OF MR. GREEN LIES BEHIND THE HOUSE, BETWEEN THE RIVER",
        "AND THE ROAD.  IT HAS TWO GATES, AND A [VERY OLD",
        "WALL](https://example.org/wall_(north)) OF STONE.",
        "  * [ ] PLUMS, WHICH RIPEN LATE IN THE YEAR AND ARE EATEN BY THE",
        "    BIRDS BEFORE WE CAN PICK THEM.",
        "> > AND THIS IS IN ANOTHER.",
        "| PLANT | WHAT IT *NEEDS* |",
        "| ROSE  | RUN `water` DAILY |",
        'garden = "no text"',
        "SEE **OUR LIST** AT https://example.org/list.html, PLEASE.",
        "[wall]: https://example.org/wall",
        "<b>BOLD</b> IS THIS.",
    ):
        assert line in result.split("\n"), line


def test_sentences_are_translated_one_by_one() -> None:
    assert texts("Mr. Green came at 3.30 p.m. yesterday. He left soon!  Why?\n") == [
        "Mr. Green came at 3.30 p.m. yesterday.",
        "He left soon!",
        "Why?",
    ]
    assert rendered("One is here. Two  \n", lambda text: f"<{text}>") == "<One is here.> <Two>  \n"


def test_lines_broken_for_their_length_are_one_sentence() -> None:
    text = "It was a long and cold winter in the\nvalley, and nobody came to see us.\n"
    assert texts(text) == [text.replace("\n", " ").strip()]
    # line endings and quote marks stay
    quoted = "".join(f"> {line}\r\n" for line in text.splitlines())
    assert rendered(quoted, lambda text: text) == quoted
    longer = rendered(quoted, lambda text: text.replace("long", "very, very long"))
    assert longer.splitlines() == [
        "> It was a very, very long and cold",
        "> winter in the valley, and nobody",
        "> came to see us.",
    ]


def test_a_clause_on_a_line_of_its_own_is_no_sentence() -> None:
    assert texts("When the winter was long and cold outside,\nnobody came.\nGood.\n") == [
        "When the winter was long and cold outside, nobody came.",
        "Good.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Dear friends,\nJohn and Mary\nOld Road 5\n",  # short lines mean something
        "- one thing\n- two things\n1. three\n2) four\na) five\n",
        "* **a**\n\n\n*\n",
        "~~~\n```\nnot text\n~~~\ntext\n",
        "```\nnever closed",
        "    indented\n  less\nnot\n",
        "# \n#hashtag\n####### seven\n",
        "| a | b\n|c|\n||\n",
        "***\n---\n===\n",
        "---\nno front matter, a rule\n---\n",
        "\t\ttabs\tinside\n",
        " \n\u3000\n\x00\n",
        '[a](b) ![c](d "e") <f@g.h> `i` ``j`k`` *l* **m** __n__ ***o*** snake_case_name 2*3*4\n',
    ],
)
def test_all_kinds_of_lines_come_back(text: str) -> None:
    assert rendered(text, lambda text: text) == text


def test_marks_follow_the_words() -> None:
    french = {
        "Read the old book now.": "Maintenant lis le vieux livre.",
        "the old book": "le vieux livre",
        "Run make in here.": "Ici, lance make.",
        "Read it in here.": "Lis-le ici.",
        "Sleep": "Dors !",
        "well": "Bien.",
        "soon.": "bientôt.",
    }

    def translate(text: str) -> str:
        return french.get(text, f"<{text}>")

    def one(text: str) -> str:
        return rendered(text, translate)

    assert one("Read [the old book](a.md) now.") == "Maintenant lis [le vieux livre](a.md)."
    assert one("Read **the old book** now.") == "Maintenant lis **le vieux livre**."
    assert one("Run `make` in here.") == "Ici, lance `make`."
    # what is not found is translated in parts
    assert one("Read `it` in here.") == "<Read> `it` <in here.>"
    # and no part of it ends as only a sentence does
    assert one("Sleep **well** soon.") == "Dors **Bien** bientôt."


def test_a_footnote_is_text_and_the_address_of_a_link_is_none() -> None:
    for address in ("a.md", '<a b> "Old wall"', "https://a.example 'Wall'  ", "a (Wall)"):
        assert texts(f"[wall]: {address}\n") == []
    assert texts("[Anna]: We saw it.\n") == ["[Anna]: We saw it."]
    note = "It is old.[^1]\n\n[^1]: So we heard. Nobody knows.\n    Nobody asks.\n"
    assert rendered(note, str.upper) == note.upper()
    assert texts("It is[^old] old.") == ["It is old.", "It is", "old."]
    assert texts("[^1]: So we heard.\n") == ["So we heard."]


@pytest.mark.parametrize(
    ("text", "found", "shown"),
    [
        ("One. Two.\n", ["Un.", "Deux."], [True, True]),
        ("See **it** now.\n", ["Vois ça ici.", "Vois", "ça", "ici."], [True, False, False, False]),
        ("See **it** now.\n", ["Vois-le ici.", "Vois", "ça", "ici."], [False, True, True, True]),
        ("| a **b** | c |\n", ["A B", "A", "B", "C"], [True, False, False, True]),
        ("```\n", [], []),
    ],
)
def test_what_only_places_marks_is_not_shown(
    text: str, found: list[str], shown: list[bool]
) -> None:
    [block] = Reader("en", "fr").blocks(read_lines([text.encode()]))
    assert len(block.texts) == len(found)
    assert block.shown(found) == shown


def test_no_line_of_a_paragraph_makes_a_mark_of_its_own() -> None:
    text = "Nothing at all was seen of this very old and\nuseful book.\n"
    assert len(rendered(text, lambda text: "a\nb\u2028c").splitlines()) == 1


def test_spaces_between_sentences_follow_the_language() -> None:
    lines = list(read_lines([("今日は晴れ。明日は雨、多分。\n").encode()]))
    [block] = Reader("ja", "en").blocks(lines)
    assert block.texts == ["今日は晴れ。", "明日は雨、多分。"]
    assert block.join(["One.", "Two."]) == "One. Two.\n"
    assert rendered("One is. Two is.\n", lambda text: "一。", target="zh") == "一。一。\n"


def test_a_very_long_paragraph_is_cut() -> None:
    lines = read_lines([b"the cat sat on the mat and slept there\n"] * 1000)
    blocks = list(Reader("en", "fr").blocks(lines))
    assert len(blocks) == 5


@settings(max_examples=200, deadline=None)
@given(
    st.text(
        st.sampled_from("ab #*_`~>|[](){}-+1.)!\\\"'<&:/ \t\n\r\u2028\u3000。é🙂"), max_size=120
    )
)
def test_any_text_comes_back(text: str) -> None:
    back = rendered(text, lambda text: text)
    # what was broken for its length may be broken elsewhere
    assert re.sub(r"[\s\u2028>]+", "", back) == re.sub(r"[\s\u2028>]+", "", text)
    assert back.count("\n\n") == text.count("\n\n")
