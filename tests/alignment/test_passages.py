from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from translator.alignment.passages import Pair, Reader, beside
from translator.decoding.text.sentences import Stretch
from translator.decoding.translator import Translator


def stretches(*texts: str) -> list[Stretch]:
    return [Stretch(text, " ") for text in texts[:-1]] + [Stretch(texts[-1], "")]


def parts_of(ours: list[Stretch], theirs: list[Stretch]) -> list[tuple[str, str]]:
    """Return the texts that are put beside each other."""
    texts = ["".join(one.text + one.space for one in side) for side in (ours, theirs)]
    return [
        (texts[0][slice(*place)], texts[1][slice(*other)]) for place, other in beside(ours, theirs)
    ]


def test_sentences_beside_each_other() -> None:
    short, long = "A cat.", "The old bird in the green garden sings a small song."
    assert parts_of(stretches(short, long), stretches(short, long)) == [
        (short, short),
        (long, long),
    ]
    # a long sentence that became two
    first, second = "The old bird in the garden.", "It sings a small song."
    assert parts_of(stretches(short, long), stretches(short, first, second)) == [
        (short, short),
        (long, f"{first} {second}"),
    ]


def test_many_sentences_one_of_which_is_missing() -> None:
    chance = random.Random(1)
    sentences = ["x" * chance.randint(5, 120) + "." for _ in range(400)]
    others = [*sentences[:200], *sentences[201:]]
    found = parts_of(stretches(*sentences), stretches(*others))
    right = sum(a == b for a, b in found)
    assert right >= 390


@pytest.fixture(scope="module")
def reader(translator: Translator) -> Reader:
    return Reader(translator)


def test_a_sentence_is_one_passage(reader: Reader) -> None:
    [pair] = reader.pairs(["The cat sat."], ["Le chat est là ?"])
    assert pair.source == ("The", "cat", "sat.")
    assert pair.target == ("Le", "chat", "est", "là", "?")
    [passage] = pair.passages
    assert (passage.source, passage.target) == ("The cat sat.", "Le chat est là ?")
    assert passage.first == (0, 0)
    assert (
        passage.turned().source_words
        == passage.target_words
        == [*((0, 2), (3, 7), (8, 11), (12, 14), (15, 16))]
    )


def test_sentences_are_passages(reader: Reader) -> None:
    source = "The cat sat. A green bird sings in the garden."
    target = "Le chat s'est assis. Un oiseau vert chante dans le jardin."
    [pair] = reader.pairs([source], [target])
    assert [(one.source, one.target, one.first) for one in pair.passages] == [
        ("The cat sat.", "Le chat s'est assis.", (0, 0)),
        ("A green bird sings in the garden.", "Un oiseau vert chante dans le jardin.", (3, 4)),
    ]
    # one sentence cannot be two, so nothing is cut
    [pair] = reader.pairs([source], ["Le chat et un oiseau."])
    assert len(pair.passages) == 1


def words_of(pair: Pair, side: int) -> list[str]:
    """Return the words of all passages, each once."""
    words: dict[int, str] = {}
    for passage in pair.passages:
        text = (passage.source, passage.target)[side]
        spans = (passage.source_words, passage.target_words)[side]
        for number, (a, b) in enumerate(spans, start=passage.first[side]):
            words[number] = words.get(number, "") + text[a:b]
    assert sorted(words) == list(range(len(words)))
    return [words[number] for number in sorted(words)]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("the cat sat on the mat, " * 40, "le chat est sur le tapis, " * 40),
        ("the cat " * 150, "le chat est sur le tapis " * 90),
        ("catcat" * 60, "chatchat" * 50),  # one word only
    ],
)
def test_long_sentences_are_cut(
    translator: Translator, reader: Reader, source: str, target: str
) -> None:
    [pair] = reader.pairs([source], [target])
    assert len(pair.passages) > 3
    for passage in pair.passages:
        counts = [len(ids) for ids in translator.tokenizer.encode([passage.source, passage.target])]
        assert min(counts) > 0
        assert max(counts) <= translator.max_length - 1
    assert words_of(pair, 0) == source.split() == list(pair.source)
    assert words_of(pair, 1) == target.split() == list(pair.target)


def test_what_is_blank_and_what_is_odd(reader: Reader) -> None:
    sources = ["", " ", "a", "\u200b", "x\u0301. \ufdd0", "a. b. c. " * 60]
    targets = ["", "b", "", "c", "{x}. %s", "d"]
    pairs = reader.pairs(sources, targets)
    for pair, source, target in zip(pairs, sources, targets, strict=True):
        assert (pair.source, pair.target) == (tuple(source.split()), tuple(target.split()))
    assert reader.sides(pairs[3].passages)[0][0].ids == []


def test_without_splitting_sentences(new_translator: Callable[..., Translator]) -> None:
    import dataclasses

    whole = new_translator()
    whole.decoding = dataclasses.replace(whole.decoding, split_sentences=False)
    [pair] = Reader(whole).pairs(["A cat. A bird. A mat."], ["Un chat. Un oiseau. Un tapis."])
    assert len(pair.passages) == 1
    assert (
        len(Reader(new_translator()).pairs(["A cat. A bird."], ["Un chat. Un oiseau."])[0][2]) == 2
    )


def test_words_that_are_given(reader: Reader) -> None:
    spans = [([(0, 2), (2, 5)], [(0, 1), (1, 2), (2, 6)])]
    [pair] = reader.pairs(["cat's"], ["l'chat"], words=spans)
    assert (pair.source, pair.target) == (("ca", "t's"), ("l", "'", "chat"))
    assert pair.passages[0].source_words == [(0, 2), (2, 5)]
