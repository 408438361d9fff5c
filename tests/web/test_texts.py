from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator import Translator
from translator.web.texts import Segment, segments, space_after, whole


def test_lines_and_sentences(translator):
    text = "  One is here. Two is there.\r\n\r\nThree.\n"
    assert segments(text, translator) == [
        Segment("", "  "),
        Segment("One is here.", " "),
        Segment("Two is there.", "\r\n"),
        Segment("", "\r\n"),
        Segment("Three.", "\n"),
    ]


def test_what_is_copied_is_not_cut(translator):
    text = "See https://example.org/a?b=c. It is at 5.5 km. Write to me@example.org!"
    found = [one.text for one in segments(text, translator)]
    assert found == [
        "See https://example.org/a?b=c.",
        "It is at 5.5 km.",
        "Write to me@example.org!",
    ]


def test_more_copied_than_there_are_characters_for(translator):
    text = " ".join(f"<b{i}>" for i in range(30)) + " are tags. And here is more."
    assert "".join(one.text + one.space for one in segments(text, translator)) == text


def test_a_model_of_lines_gets_lines(translator):
    other = Translator(
        translator.engine,
        translator.tokenizer,
        source="en",
        target="fr",
        max_length=64,
        decoding=dataclasses.replace(translator.decoding, split_sentences=False),
    )
    found = segments("One is here. Two is there.\nThree.", other)
    assert found == [Segment("One is here. Two is there.", "\n"), Segment("Three.", "")]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\n x", "a\u2028b. C d.", "\ufdd0\ufdd1 a. B"])
def test_nothing_is_lost_of_odd_texts(text, translator):
    assert "".join(one.text + one.space for one in segments(text, translator)) == text


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="aB.?! \n\r\t<>/é中。{}x1%s\ufdd0", max_size=60))
def test_nothing_is_lost(translator, text):
    found = segments(text, translator)
    assert "".join(one.text + one.space for one in found) == text
    assert all(one.text == one.text.strip() for one in found)
    assert whole(found, [one.text for one in found if one.text], translator).split() == text.split()


def test_what_stands_between_translations(translator):
    assert space_after(Segment("a", " "), translator) == " "
    assert space_after(Segment("a", " \n"), translator) == " \n"
    assert space_after(Segment("", "  "), translator) == "  "
