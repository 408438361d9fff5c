"""What is copied and not translated, seen from outside of the `Translator`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from translator.config import DecodingConfig
from translator.decoding.engines import Engine
from translator.decoding.glossary import Term
from translator.decoding.search.hypothesis import Hypothesis
from translator.decoding.search.options import SearchOptions
from translator.decoding.search.phrases import Tracker
from translator.decoding.translator import Translator
from translator.tokenizer import Tokenizer
from translator.tokenizer.tokenizer import EOS_ID

Answer = Callable[[list[int]], list[list[int]]]


class Puppet(Engine):
    """Gives the answers it was told to, and notes what it was asked."""

    name = "puppet"

    def __init__(self, answer: Answer) -> None:
        self.answer = self.constrained = answer
        self.asked: list[tuple[list[list[int]], list[Tracker]]] = []
        self.prefixes: list[list[int]] = []

    def search(
        self, rows: Sequence[list[int]], options: SearchOptions
    ) -> Iterator[tuple[list[int], list[list[Hypothesis]]]]:
        self.asked.append((list(rows), list(options.trackers or [])))
        self.prefixes += map(list, options.prefixes or [])
        answer = self.answer if options.trackers is None else self.constrained
        for i in reversed(range(len(rows))):
            answers = answer(rows[i][:-1])[: options.n_best]
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


def test_a_prefix_holds_what_is_copied_as_the_model_knows_it(
    new_puppet: Callable[[Answer], Translator], tokenizer: Tokenizer
) -> None:
    translator = new_puppet(lambda ids: [ids])
    engine = translator.engine
    assert isinstance(engine, Puppet)
    translator.translate(["the cat {name}", "the cat"], prefix="a {name}")
    (ours, plain) = engine.prefixes
    assert sum(i in tokenizer.placeholders for i in ours) == 1
    assert len(ours) < len(plain)
    assert plain == tokenizer.encode(["a {name}"])[0]


def test_what_is_not_copied_is_searched_for_again(
    new_puppet: Callable[[Answer], Translator], tokenizer: Tokenizer
) -> None:
    (cat,) = tokenizer.encode(["cat"])
    translator = new_puppet(lambda ids: [cat])
    engine = translator.engine
    assert isinstance(engine, Puppet)
    engine.constrained = lambda ids: [[i for i in ids if i in tokenizer.placeholders]]
    assert translator.translate(["the %s", "the cat"]) == ["%s", "cat"]
    (_, (again, (tracker,))) = engine.asked
    assert len(again) == 1
    state = tracker.start()
    assert not state.met
    for token in again[0]:
        state = tracker.advance(state, token)
    assert state.met
    # where it finds no place, that is told
    engine.constrained = lambda ids: []
    ((found,),) = translator.search(["the %s"])
    assert (found.text, found.missed) == ("cat", [Term("%s", "%s")])


def test_nothing_is_searched_for_again_where_the_engine_cannot(
    new_puppet: Callable[[Answer], Translator], tokenizer: Tokenizer
) -> None:
    translator = new_puppet(lambda ids: tokenizer.encode(["cat"]))
    translator.engine.refusal = lambda options: "phrases"  # type: ignore[method-assign]
    ((found,),) = translator.search(["the %s"])
    assert (found.text, found.missed) == ("cat", [Term("%s", "%s")])
    assert len(translator.engine.asked) == 1  # type: ignore[attr-defined]
    # what is invented stands for nothing, and what comes twice is put back once
    marks = sorted(tokenizer.placeholders)
    assert new_puppet(lambda ids: [[*ids, *marks]]).translate(["a %s"]) == ["a %s"]


def test_samples_are_not_drawn_again(
    new_puppet: Callable[[Answer], Translator], tokenizer: Tokenizer
) -> None:
    translator = new_puppet(lambda ids: tokenizer.encode(["cat"]))
    translator.decoding = DecodingConfig(temperature=1.0)
    ((found,),) = translator.search(["the %s"])
    assert (found.text, found.missed) == ("cat", [Term("%s", "%s")])
    assert len(translator.engine.asked) == 1  # type: ignore[attr-defined]


def test_any_number_of_spans_is_copied(
    new_puppet: Callable[[Answer], Translator], tokenizer: Tokenizer
) -> None:
    """By sentences; one with more than there are characters is cut."""
    translator = new_puppet(lambda ids: [ids])
    sentence = "the %s sees {a} or {b}, {c}"
    text = f"{sentence}. The 5 km {sentence}.  The {sentence}!"
    assert translator.translate([text]) == [text]
    many = " ".join([*(f"{{x{i}}}" for i in range(25)), "cat"])
    assert translator.translate([many]) == [many]
    short, long = (rows for rows, _ in translator.engine.asked)  # type: ignore[attr-defined]
    assert [sum(i in tokenizer.placeholders for i in row) for row in short] == [4, 5, 4]
    assert [sum(i in tokenizer.placeholders for i in row) for row in long] == [10, 10, 5]
    # the others of the line do not matter
    translator.translate([f"{sentence}."])
    assert translator.engine.asked[-1][0] == short[:1]  # type: ignore[attr-defined]


def test_spans_alone_are_not_translated(new_puppet: Callable[[Answer], Translator]) -> None:
    translator = new_puppet(lambda ids: [[]])
    texts = ["https://a.example/b?c=d", " 5 km  (%s) 👍! ", "cat", " ".join(["%s"] * 15)]
    assert translator.translate(texts) == [texts[0], "5 km  (%s) 👍!", "", texts[3]]
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
