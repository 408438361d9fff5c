"""What is copied and not translated, seen from outside of the `Translator`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from translator.config import DecodingConfig
from translator.decoding.engines import Engine
from translator.decoding.hypothesis import Hypothesis
from translator.decoding.options import SearchOptions
from translator.decoding.translator import Translator
from translator.tokenizer import Tokenizer
from translator.tokenizer.tokenizer import EOS_ID

Answer = Callable[[list[int]], list[list[int]]]


class Puppet(Engine):
    """Gives the answers it was told to, and notes what it was asked."""

    name = "puppet"

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[tuple[list[list[int]], int]] = []

    def search(
        self, rows: Sequence[list[int]], options: SearchOptions
    ) -> Iterator[tuple[list[int], list[list[Hypothesis]]]]:
        self.asked.append((list(rows), options.n_best))
        for i in reversed(range(len(rows))):
            answers = self.answer(rows[i][:-1])[: options.n_best]
            scores = [-0.5 * rank for rank in range(len(answers))]
            yield (
                [i],
                [
                    [
                        Hypothesis(ids, score * len(ids), score, complete=True)
                        for ids, score in zip(answers, scores, strict=True)
                    ]
                ],
            )


@pytest.fixture
def new_puppet(tokenizer: Tokenizer) -> Callable[[Answer], Translator]:
    def build(answer: Answer) -> Translator:
        decoding = DecodingConfig(beam=4)
        return Translator(
            Puppet(answer), tokenizer, source="en", target="fr", max_length=40, decoding=decoding
        )

    return build


def test_spans_come_back_where_the_model_puts_them(
    new_puppet: Callable[[Answer], Translator], tokenizer: Tokenizer
) -> None:
    def backwards(ids: list[int]) -> list[list[int]]:
        (text,) = tokenizer.decode([ids])
        return tokenizer.encode([" ".join(reversed(text.split()))])

    translator = new_puppet(backwards)
    texts = ["the %s sees {name} (5 km)", "the cat", "a b@c.example, cat"]
    assert translator.translate(texts) == [
        "(5 km) {name} sees %s the",
        "cat the",
        "cat b@c.example, a",
    ]


def test_the_model_sees_one_piece_for_each(
    new_puppet: Callable[[Answer], Translator], tokenizer: Tokenizer
) -> None:
    translator = new_puppet(lambda ids: [ids])
    url = f"https://example.org/{'abc/' * 500}"
    assert translator.translate([f"the old {url} dog"]) == [f"the old {url} dog"]
    ((rows, _),) = translator.engine.asked  # type: ignore[attr-defined]
    assert len(rows) == 1
    assert rows[0][-1] == EOS_ID
    assert sum(i in tokenizer.placeholders for i in rows[0]) == 1
    assert len(rows[0]) < 15


def test_a_hypothesis_that_copies_everything_comes_first(
    new_puppet: Callable[[Answer], Translator], tokenizer: Tokenizer
) -> None:
    def answer(ids: list[int]) -> list[list[int]]:
        marks = [i for i in ids if i in tokenizer.placeholders]
        (cat, dog) = (row[0] for row in tokenizer.encode(["cat", "dog"]))
        return [[cat], [cat, *marks, *marks], [cat, *marks], [dog, *marks]]

    translator = new_puppet(answer)
    assert translator.translate(["a %s", "a cat"]) == ["cat%s", "cat"]
    ((plain, one), (marked, several)) = translator.engine.asked  # type: ignore[attr-defined]
    assert (len(plain), one) == (1, 1)
    assert (len(marked), several) == (1, 4)
    ranked = translator.search(["a %s"], n_best=3)[0]
    assert [one.text for one in ranked] == ["cat%s", "dog%s", "cat"]
    # what is invented has no span, and is left out
    assert new_puppet(lambda ids: [[*ids, *sorted(tokenizer.placeholders)]]).translate(
        ["a %s"]
    ) == ["a %s%s"]


def test_spans_alone_are_not_translated(new_puppet: Callable[[Answer], Translator]) -> None:
    translator = new_puppet(lambda ids: [[]])
    texts = ["https://a.example/b?c=d", " 5 km  (%s) 👍! ", "cat"]
    assert translator.translate(texts) == ["https://a.example/b?c=d", "5 km (%s) 👍!", ""]
    assert [len(rows) for rows, _ in translator.engine.asked] == [1]  # type: ignore[attr-defined]


def test_progress_counts_all_of_them(new_puppet: Callable[[Answer], Translator]) -> None:
    counts: list[int] = []
    texts = ["%s", "a %s", "a cat", "", "the %d cat"]
    new_puppet(lambda ids: [ids]).translate(texts, on_progress=counts.append)
    assert sum(counts) == 5


def test_an_older_vocabulary_spells_them(
    new_puppet: Callable[[Answer], Translator], monkeypatch: pytest.MonkeyPatch
) -> None:
    translator = new_puppet(lambda ids: [ids])
    monkeypatch.setitem(translator.tokenizer.__dict__, "placeholders", frozenset())
    assert translator.translate(["a %s 5 km", "%d"]) == ["a %s 5 km", "%d"]
    ((rows, _),) = translator.engine.asked  # type: ignore[attr-defined]
    assert len(rows) == 2
