"""Everything that can be asked of a `Translator` beside the best translation."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from typing import Any

import pytest

from translator import Translator
from translator.config import DecodingConfig
from translator.decoding.engines import Engine
from translator.decoding.glossary import Glossary, missing
from translator.decoding.search.options import SearchOptions
from translator.decoding.search.scoring import forced_scores
from translator.decoding.translation import Translation
from translator.decoding.translator import LONGEST_SCORED
from translator.errors import ConfigError
from translator.tokenizer import Tokenizer

New = Callable[..., Translator]

GLOSSARY = {"cat": "old river", "dog": "green", "house": "the bird finds"}

ASKED = {
    "minimum length": ({"min_length": 14}, {}),
    "no repeated pairs": ({"no_repeat_ngram": 2}, {}),
    "greedy, no repeated tokens": ({"no_repeat_ngram": 1, "beam": 1}, {}),
    "maximum length": ({"longest": 7}, {}),
    "prefix": ({}, {"prefix": "the green"}),
    "samples": ({"temperature": 0.9, "top_p": 0.9}, {"n_best": 2}),
    "glossary": ({}, {"glossary": GLOSSARY, "n_best": 2}),
    "greedy with glossary": ({"beam": 1}, {"glossary": GLOSSARY}),
    "all but samples": (
        {"min_length": 6, "longest": 40, "no_repeat_ngram": 3},
        {"glossary": GLOSSARY, "prefix": "a small", "n_best": 3},
    ),
}


def ids_of(found: list[list[Translation]]) -> list[list[str]]:
    return [[one.text for one in row] for row in found]


@pytest.mark.parametrize(("decoding", "asked"), ASKED.values(), ids=ASKED.keys())
def test_batch_size_and_order_change_nothing(
    new_translator: New, texts: list[str], decoding: dict[str, Any], asked: dict[str, Any]
) -> None:
    texts = texts[: 24 if "glossary" in asked else 32]  # which takes longer
    translator = new_translator(**decoding)
    whole = translator.search(texts, **asked)
    count = len(texts)
    numbers = list(range(1, count + 1))

    def some(chosen: list[int], **options: Any) -> list[list[str]]:
        one = new_translator(**decoding, **options)
        return ids_of(
            one.search([texts[i] for i in chosen], numbers=[numbers[i] for i in chosen], **asked)
        )

    assert len({row[0].text for row in whole}) > 15
    single = [some([i])[0] for i in range(4)]
    assert single == ids_of(whole[:4])
    assert some(list(range(8)), batch_tokens=1) == ids_of(whole[:8])
    eight = [row for start in range(0, count, 8) for row in some(list(range(start, start + 8)))]
    assert eight == ids_of(whole)
    order = list(range(count))
    random.Random(1).shuffle(order)
    shuffled = some(order, batch_tokens=400)
    assert [shuffled[order.index(i)] for i in range(count)] == ids_of(whole)


@pytest.mark.parametrize(("decoding", "asked"), ASKED.values(), ids=ASKED.keys())
def test_a_score_is_the_forced_score_and_the_sum_of_its_parts(
    new_translator: New, texts: list[str], decoding: dict[str, Any], asked: dict[str, Any]
) -> None:
    translator = new_translator(**decoding, length_penalty=0.6)
    tokenizer = translator.tokenizer
    plain = translator.search(texts[:12], **asked)
    found = translator.search(texts[:12], parts=True, **asked)
    assert ids_of(found) == ids_of(plain)
    assert all(one.tokens is None and one.words is None for row in plain for one in row)
    pieces = {tokenizer.pieces([i])[0]: i for i in range(len(tokenizer))}
    for text, row in zip(texts, found, strict=False):
        for one in row:
            assert one.tokens is not None
            assert one.words is not None
            ids = [pieces[part.text] for part in one.tokens]
            total = sum(part.log_prob for part in one.tokens)
            assert total == pytest.approx(one.log_prob, abs=1e-4)
            assert one.score == pytest.approx(one.log_prob / len(ids) ** 0.6, abs=1e-4)
            ended = one.tokens[-1].log_prob if one.complete else 0.0
            words = sum(part.log_prob for part in one.words)
            assert words + ended == pytest.approx(one.log_prob, abs=1e-4)
            if one.complete:
                assert one.tokens[-1].text == "</s>"
                [source] = tokenizer.encode([text])
                [forced] = forced_scores(translator.model, [source], [ids[:-1]])
                assert one.log_prob == pytest.approx(forced, abs=1e-3)


def test_words_are_what_stands_between_spaces(new_translator: New, texts: list[str]) -> None:
    for [one] in new_translator().search(texts, parts=True):
        assert one.words is not None
        assert " ".join(part.text for part in one.words).split() == one.text.split()


def test_limits_are_kept(new_translator: New, texts: list[str], tokenizer: Tokenizer) -> None:
    for [one] in new_translator(longest=5, min_length=5).search(texts, parts=True):
        assert len(one.tokens or []) == 5
    with pytest.raises(ConfigError, match=r"max_length=4 is less than decoding\.min_length=5"):
        DecodingConfig(max_length=4, min_length=5)
    for [one] in new_translator(no_repeat_ngram=2).search(texts, parts=True):
        pairs = [part.text for part in one.tokens or []]
        assert len(set(itertools.pairwise(pairs))) == len(pairs) - 1


def test_a_prefix_for_all_or_for_each(new_translator: New, texts: list[str]) -> None:
    translator = new_translator()
    plain = translator.translate(texts[:4])
    for text in translator.translate(texts[:4], prefix=" the  bird "):
        assert text.startswith("the bird")
    mixed = translator.translate(texts[:4], prefix=["", "a dog", " ", "zebra \u732b"])
    assert [mixed[0], mixed[2]] == [plain[0], plain[2]]
    assert mixed[1].startswith("a dog")
    assert mixed[3].startswith("zebra 猫")
    assert translator.translate(["", texts[0]], prefix="the")[0] == ""
    with pytest.raises(ValueError, match="1 prefixes for 2 texts"):
        translator.translate(texts[:2], prefix=["the"])


def test_a_prefix_always_has_room(new_translator: New) -> None:
    long = "the old cat sees the bird and the small dog likes the river"
    [text] = new_translator(longest=3).translate(["the cat"], prefix=long)
    assert text.startswith(long)


def test_the_first_piece_of_a_long_text_begins_with_the_prefix(new_translator: New) -> None:
    translator = new_translator(max_length=12)
    first, second = "the old cat sees the bird.", "a dog likes the green garden."
    begun = translator.translate([first], prefix="green")
    [joined] = translator.translate([f"{first} {second}"], prefix="green")
    assert joined == f"{begun[0]} {translator.translate([second])[0]}"


def test_samples_depend_on_seed_and_number(new_translator: New, texts: list[str]) -> None:
    def drawn(**options: Any) -> list[list[str]]:
        one = new_translator(temperature=1.2, **options)
        return ids_of(one.search(texts[:6] + texts[:1], n_best=5))

    found = drawn()
    assert found == drawn(beam=1)
    assert found != drawn(seed=2)
    assert found[0] != found[6]  # the same text, another line
    again = new_translator(temperature=1.2).search(texts[:1], n_best=2, numbers=[7])
    assert ids_of(again) == [found[6][:2]]
    assert len({text for row in found for text in row}) > 25
    with pytest.raises(ValueError, match="2 numbers for 1 texts"):
        new_translator(temperature=1.2).search(texts[:1], numbers=[1, 2])


def test_what_cannot_go_together_is_refused(new_translator: New) -> None:
    with pytest.raises(ConfigError, match="drawn at random"):
        new_translator(temperature=1.0).translate(["the cat"], glossary=GLOSSARY)
    with pytest.raises(ConfigError, match=r"top_k=3 has no effect without a temperature"):
        DecodingConfig(top_k=3)
    with pytest.raises(ConfigError, match=r"top_p=0\.5 has no effect"):
        DecodingConfig(top_p=0.5)


class Plain(Engine):
    """An engine that can do nothing but a plain beam search."""

    name = "plain"

    def search(self, rows: Any, options: SearchOptions) -> Any:
        raise AssertionError("nothing is to be searched for")

    def refusal(self, options: SearchOptions) -> str | None:
        return None if options.trackers is None else "trackers"


def test_what_an_engine_cannot_do_is_told_at_once(new_translator: New) -> None:
    translator = new_translator()
    translator.engine = Plain()
    with pytest.raises(ConfigError, match="engine plain cannot keep a glossary"):
        translator.translate(["the cat"], glossary=GLOSSARY)
    with pytest.raises(ConfigError, match="engine plain does not score"):
        translator.score(["the cat"], ["a dog"])


@pytest.mark.parametrize("vocabulary", ["tokenizer", "bpe"])
def test_a_glossary_is_kept_and_changes_nothing_else(
    new_translator: New, texts: list[str], vocabulary: str, request: pytest.FixtureRequest
) -> None:
    glossary = Glossary(GLOSSARY)
    texts = texts if vocabulary == "tokenizer" else texts[:24]
    translator = new_translator(
        max_length_ratio=2.0, vocabulary=request.getfixturevalue(vocabulary)
    )
    plain = translator.search(texts)
    found = translator.search(texts, glossary=glossary)
    kept = 0
    for text, [one], [other] in zip(texts, found, plain, strict=True):
        asked = glossary.requirements(text)
        assert sum(requirement.phrase.count for requirement in asked) == sum(
            word in GLOSSARY for word in text.split()
        )
        assert missing(asked, one.text) == one.missed
        if not missing(asked, other.text):
            assert one.text == other.text
        kept += len(asked) - len(one.missed)
    assert kept > len(texts) / 4
    # these weights hardly ever end a sentence, and no half one is taken for the sake of a term
    assert sum(len(one.missed) for [one] in found) < kept
    assert translator.translate(texts, glossary=GLOSSARY) == [one.text for [one] in found]
    assert [row[0].text for row in plain] == translator.translate(texts, glossary={})


def test_what_finds_no_place_is_told(new_translator: New) -> None:
    translator = new_translator(longest=3)
    plain = translator.translate(["the cat", "the bird"])
    found = translator.search(["the cat", "the bird"], glossary={"cat": "old green river house"})
    assert [row[0].text for row in found] == plain
    assert [[term.target for term in row[0].missed] for row in found] == [
        ["old green river house"],
        [],
    ]


def test_progress_counts_every_text_once(new_translator: New, texts: list[str]) -> None:
    counts: list[int] = []
    new_translator(max_length=24, batch_tokens=300).translate(
        [*texts[:20], "", " ".join(texts[:12])], glossary=GLOSSARY, on_progress=counts.append
    )
    assert sum(counts) == 22
    counts.clear()
    new_translator().score([*texts, "", "a"], [*texts, "a", " "], on_progress=counts.append)
    assert sum(counts) == len(texts) + 2


def test_given_translations_are_scored(new_translator: New, texts: list[str]) -> None:
    translator = new_translator(length_penalty=0.5)
    targets = texts[1:] + texts[:1]
    found = translator.score(texts, targets, parts=True)
    source, target = (translator.tokenizer.encode(side) for side in (texts, targets))
    forced = forced_scores(translator.model, source, target)
    for one, log_prob, ids in zip(found, forced, target, strict=True):
        assert one is not None
        assert one.log_prob == pytest.approx(log_prob, abs=1e-4)
        assert one.length == len(ids) + 1 == len(one.tokens or [])
        assert one.score == pytest.approx(log_prob / one.length**0.5, abs=1e-4)
        assert one.perplexity == pytest.approx(2.718281828 ** (-log_prob / one.length), rel=1e-4)
        assert sum(part.log_prob for part in one.tokens or []) == pytest.approx(log_prob, abs=1e-4)
    alone = [translator.score([a], [b])[0] for a, b in zip(texts[:5], targets[:5], strict=True)]
    assert [one and one.log_prob for one in alone] == pytest.approx(
        [one and one.log_prob for one in found[:5]], abs=1e-4
    )
    assert all(one is not None and one.tokens is None for one in alone)


def test_pairs_without_score(new_translator: New) -> None:
    long = "cat " * (LONGEST_SCORED + 1)
    found = new_translator().score(
        ["the cat", "", "the cat", long, "the cat", "\u200b"],
        ["a dog", "a dog", " ", "a dog", long, "a dog"],
    )
    assert [one is None for one in found] == [False, True, True, True, True, True]
    with pytest.raises(ValueError, match="1 sources and 2 targets"):
        new_translator().score(["a"], ["b", "c"])
    with pytest.raises(TypeError, match=r"\[text\]"):
        new_translator().score("a", "b")
