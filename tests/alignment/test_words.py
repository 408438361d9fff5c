from __future__ import annotations

import random

import numpy as np
import pytest

from translator.alignment.words import Locator, Side, Tokens, make_side, put_out, word_spans
from translator.tokenizer import Protected, Tokenizer, pair_spans, protect, protect_pair


def located(tokenizer: Tokenizer, text: str) -> tuple[Tokens, Side, list[str]]:
    """Return the tokens of a text, its words in tokens, and its words."""
    one = protect(text)
    [tokens] = Locator(tokenizer).tokens([one.text], [one.named])
    spans = word_spans(text, tokens)
    return tokens, make_side(tokens, spans, len(text)), [text[a:b] for a, b in spans]


def pieces_of(tokenizer: Tokenizer, text: str) -> list[tuple[str, str]]:
    """Return each word with the pieces that belong to it alone, joined."""
    tokens, side, words = located(tokenizer, text)
    pieces = tokenizer.pieces(tokens.ids)
    return [
        (word, "".join(pieces[owner] for owner in side.owners[side.words == number]))
        for number, word in enumerate(words)
    ]


def test_the_tokens_of_a_word(tokenizer: Tokenizer) -> None:
    found = pieces_of(tokenizer, " The  cat\u00a0sat. ")
    assert found == [("The", "▁The"), ("cat", "▁cat"), ("sat.", "▁sat.")]


def test_what_the_vocabulary_changes_stays_with_its_word(tokenizer: Tokenizer) -> None:
    # a ligature is two letters there, a letter and its accent one, and half is three signs
    found = dict(pieces_of(tokenizer, "the \ufb01ne e\u0301t\u0301 cat \u00bd letter"))
    assert list(found) == ["the", "\ufb01ne", "e\u0301t\u0301", "cat", "\u00bd", "letter"]
    assert tokenizer.decode(tokenizer.encode(["\ufb01ne"])) == ["fine"]
    spelt = found["\ufb01ne"].replace("<0x66>", "f")
    assert spelt == "▁fine"
    assert found["letter"] == "▁letter"


def test_characters_of_several_bytes(tokenizer: Tokenizer) -> None:
    found = pieces_of(tokenizer, "a \U0001d11e\U0001d11e cat")
    assert [word for word, _ in found] == ["a", "\U0001d11e\U0001d11e", "cat"]
    assert found[1][1] == "▁" + 2 * "<0xF0><0x9D><0x84><0x9E>"


def test_without_spaces_each_token_is_a_word(tokenizer: Tokenizer) -> None:
    assert [word for word, _ in pieces_of(tokenizer, "我爱cat日. on")] == [
        *("我", "爱", "cat", "日", ".", "on")
    ]


def test_a_token_that_two_words_share(tokenizer: Tokenizer) -> None:
    [tokens] = Locator(tokenizer).tokens(["table letter"], [{}])
    assert tokenizer.pieces(tokens.ids) == ["▁ta", "b", "le", "▁lett", "er"]
    side = make_side(tokens, [(0, 4), (4, 5), (6, 7), (7, 12)], 12)
    assert side.owners.tolist() == [0, 1, 2, 2, 3, 3, 4]
    assert side.words.tolist() == [0, 0, 0, 1, 2, 3, 3]
    # the space, of three bytes, goes with the first letter
    assert side.shares == pytest.approx([1, 1, 1 / 2, 1 / 2, 4 / 7, 3 / 7, 1])


def test_what_is_copied_has_the_place_of_what_it_stands_for(tokenizer: Tokenizer) -> None:
    text = "on {name} in 5 km."
    tokens, side, words = located(tokenizer, text)
    assert words == ["on", "{name}", "in", "5", "km."]
    assert len(tokens.ids) < len(tokenizer.encode([text])[0])
    copied = [i for i, id_ in enumerate(tokens.ids) if id_ in tokenizer.placeholders]
    assert len(copied) == 2
    owners = [side.words[side.owners == token].tolist() for token in copied]
    assert owners == [[1], [3, 4]]
    # the other side of a pair
    theirs, spans = put_out(protect(text), "5 km de {name}")
    [found] = Locator(tokenizer).tokens([theirs], [spans])
    side = make_side(found, word_spans("5 km de {name}", found), 14)
    assert side.words[np.isin(side.owners, [found.ids.index(tokens.ids[copied[0]])])].tolist() == [
        3
    ]


def test_a_target_that_holds_such_characters_itself(tokenizer: Tokenizer) -> None:
    assert put_out(protect("a {x}"), "un \ufdd0 {x} \ufdd3") == ("un \ufdd0 {x} \ufdd3", {})
    assert put_out(Protected("a"), "un {x}") == ("un {x}", {})


def test_what_characters_of_a_training_pair_stand_for() -> None:
    found = 0
    for number in range(40):
        pair = f"Anna sees {number}.", f"Anna voit {number}."
        spans = pair_spans(*pair, words=True)
        for text, original in zip(protect_pair(*pair, words=True), pair, strict=True):
            assert "".join(spans.get(character, character) for character in text) == original
        found += bool(spans)
    assert 0 < found < 40
    assert pair_spans("in {x} on", "sur {x}").popitem()[1] == "{x}"


def test_any_text_has_a_place_for_each_token(tokenizer: Tokenizer) -> None:
    chance = random.Random(5)
    signs = "aé \u0301\ufb01½\u200b\u00a0\x00\x85\u3000日ก\U0001f600▁\ufdd0{}%s\ud800cat\u0661."
    for _ in range(2000):
        text = "".join(chance.choices(signs, k=chance.randint(0, 30)))
        tokens, side, words = located(tokenizer, text)
        assert all(not word.isspace() and word for word in words)
        assert set(tokens.owners.tolist()) == set(range(len(tokens.ids)))
        assert len(tokens.places) == len(tokens.owners)
        if len(tokens.places):
            assert 0 <= tokens.places.min() <= tokens.places.max() < len(text)
        for owner in set(side.owners.tolist()):
            assert side.shares[side.owners == owner].sum() <= 1 + 1e-9
