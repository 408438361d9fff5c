from __future__ import annotations

import math
import random
from typing import Any

import pytest
import torch

from translator.decoding.glossary import Requirement, Term, missing
from translator.decoding.search.constrained import constrained_search, width
from translator.decoding.search.phrases import Phrase, Spellings, State, Tracker, positions
from translator.decoding.search.rules import Rules
from translator.decoding.search.scoring import forced_scores

EOS = 3


class Letters:
    """A vocabulary of few pieces: words are a, b, ac, bcc and the like."""

    PIECES = ("", "", "", "</s>", "▁a", "▁b", "c", "'", "▁'")

    def pieces(self, ids: list[int]) -> list[str]:
        return [self.PIECES[i] for i in ids]

    def segmentations(self, text: str, count: int) -> list[list[int]]:
        ids = []
        for i, char in enumerate(text):
            after_space = i == 0 or text[i - 1] == " "
            piece = f"▁{char}" if after_space else char
            if char == " ":
                continue
            if piece not in self.PIECES:
                return []
            ids.append(self.PIECES.index(piece))
        return [ids]

    def decode(self, ids: list[int]) -> str:
        return "".join(self.pieces(ids)).replace("▁", " ").strip()


SPELLINGS = Spellings(Letters())  # type: ignore[arg-type]


def lacks(phrases: list[Phrase], ids: list[int]) -> bool:
    asked = [Requirement(Term("x", phrase.forms[0]), phrase) for phrase in phrases]
    return bool(missing(asked, Letters().decode(ids)))


@pytest.mark.parametrize(
    "texts",
    [
        [("b", 1)],
        [("ac", 1)],
        [("a b", 1)],
        [("bc", 2)],
        [("a", 1), ("bc", 1)],
        [("a", 2), ("b", 1)],
        [("a bc", 1), ("b", 1)],
    ],
)
def test_with_room_for_everything_the_best_that_holds_the_phrases_is_found(
    new_model: Any, new_sources: Any, everything: Any, texts: list[tuple[str, int]]
) -> None:
    vocab, limits = 7, [4, 5, 3]
    phrases = [Phrase(count, (text,)) for text, count in texts]
    model = new_model(vocab, seed=4)
    sources = new_sources([5, 3, 6], vocab)
    found = constrained_search(
        model,
        sources,
        trackers=[Tracker(phrases, SPELLINGS) for _ in limits],
        beam=300,
        length_penalty=1.0,
        max_lengths=limits,
        n_best=300,
    )
    some = 0
    for row, limit, hypotheses in zip(sources.tolist(), limits, found, strict=True):
        whole = everything(model, row[: row.index(EOS)], vocab, limit, 1.0)
        expected = [one for one in whole if not lacks(phrases, one.ids)][:300]
        assert [one.ids for one in hypotheses] == [one.ids for one in expected]
        for one, other in zip(hypotheses, expected, strict=True):
            assert one.log_prob == pytest.approx(other.log_prob, abs=1e-5)
        some += len(expected)
    assert some


def test_small_beams_find_something_that_holds_the_phrases(
    new_model: Any, new_sources: Any
) -> None:
    model = new_model(8, seed=5)
    phrases = [Phrase(1, ("a bc b",)), Phrase(2, ("ac",))]
    for beam in (1, 3):
        found = constrained_search(
            model,
            new_sources([5, 3, 6, 2], 8),
            trackers=[Tracker(phrases, SPELLINGS) for _ in range(4)],
            beam=beam,
            length_penalty=1.0,
            max_lengths=[30] * 4,
            n_best=beam,
            token_log_probs=True,
        )
        for hypotheses in found:
            assert 1 <= len(hypotheses) <= beam
            for one in hypotheses:
                assert not lacks(phrases, one.ids)
                assert sum(one.token_log_probs or []) == pytest.approx(one.log_prob, abs=1e-4)


@pytest.mark.parametrize("beam", [1, 4])
def test_a_sentence_is_searched_alike_alone_and_in_company(
    new_model: Any, new_sources: Any, beam: int
) -> None:
    model, lengths = new_model(8, seed=7), [3, 9, 5, 7, 11, 2, 6, 4]
    sources = new_sources(lengths, 8)
    texts = ["a", "bc", "a bc b", "ac ac", "b", "a", "b bc", "ac"]
    chance = random.Random(4)

    def search(order: list[int]) -> dict[int, Any]:
        n = max(lengths[i] for i in order)
        found = constrained_search(
            model,
            sources[order, :n],
            trackers=[Tracker([Phrase(1, (texts[i],))], SPELLINGS) for i in order],
            beam=beam,
            length_penalty=1.0,
            max_lengths=[20] * len(order),
            rules=Rules(min_length=3),
            prefixes=[[5] if i % 2 else [] for i in order],
        )
        return dict(zip(order, found, strict=True))

    together = search(list(range(8)))
    order = list(range(8))
    chance.shuffle(order)
    shuffled = search(order)
    for i, n in enumerate(lengths):
        alone = search([i])[i]
        assert [one.ids for one in alone] == [one.ids for one in together[i]]
        assert [one.ids for one in alone] == [one.ids for one in shuffled[i]]
        for one in alone:
            assert one.ids[0] == 5 or not i % 2
            [forced] = forced_scores(model, [sources[i, : n - 1].tolist()], [one.ids])
            assert one.log_prob == pytest.approx(forced, abs=1e-4)
    assert all(together.values())


def test_where_a_phrase_stands_is_what_the_model_finds_likeliest(table_model: Any) -> None:
    def table(sentence: int, ids: tuple[int, ...]) -> list[float]:
        """`a c` and the end, all but sure; 5 is least unlikely in the second place."""
        if len(ids) == 0:
            return [0, 0, 0, 0.01, 0.97, 0.01, 0.01]
        if len(ids) == 1:
            return [0, 0, 0, 0.02, 0.02, 0.06, 0.9]
        return [0, 0, 0, 0.97, 0.01, 0.01, 0.01]

    [found] = constrained_search(
        table_model(table),
        torch.tensor([[4, EOS]]),
        trackers=[Tracker([Phrase(1, ("b",))], SPELLINGS)],
        beam=2,
        length_penalty=1.0,
        max_lengths=[9],
        n_best=2,
    )
    assert found[0].ids == [4, 5]


def test_a_phrase_stands_where_the_attention_is_on_its_words(table_model: Any) -> None:
    class Watched(table_model):  # type: ignore[misc]
        """Attends to the n-th position of the source at the n-th step."""

        def decode(
            self, target: Any, memory: Any, allowed: Any, *, cache: Any, observe: Any
        ) -> Any:
            states = super().decode(target, memory, allowed, cache=cache)
            S = allowed.shape[-1]
            weights = torch.full((len(allowed), 2, len(target) // len(allowed), S), 0.01)
            weights[..., min(len(cache.prefixes[0]), S) - 1] = 1 - 0.01 * (S - 1)
            observe(0, weights / 2)
            observe(1, weights)
            return states

    def table(sentence: int, ids: tuple[int, ...]) -> list[float]:
        """`a a a` and the end; 5 is likeliest behind it."""
        if len(ids) < 3:
            return [0, 0, 0, 0.01, 0.97, 0.01, 0.01]
        return [0, 0, 0, 0.9, 0.04, 0.05, 0.01]

    def best(place: int | None) -> list[int]:
        places = None if place is None else [[place]]
        model = table_model(table) if place is None else Watched(table)
        [[one]] = constrained_search(
            model,
            torch.tensor([[4, 5, 6, 4, EOS]]),
            trackers=[Tracker([Phrase(1, ("b",))], SPELLINGS, places)],
            beam=3,
            length_penalty=0.0,
            max_lengths=[9],
        )
        [forced] = [
            sum(math.log(table(0, tuple(one.ids[:i]))[token]) for i, token in enumerate(whole))
            for whole in [[*one.ids, EOS]]
        ]
        assert one.log_prob == pytest.approx(forced, abs=1e-4)  # attention changes no score
        return one.ids

    assert best(None) == [4, 4, 4, 5]
    assert [best(place).index(5) for place in range(4)] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("pieces", "text", "spans", "expected"),
    [
        (["▁the", "▁prin", "ter", "."], "the printer.", [(4, 11)], [1, 2]),
        (["▁the", "▁prin", "ter", "."], "the printer.", [(0, 3), (11, 12)], [0, 3]),
        (["▁", "the", "▁cat"], "the cat", [(0, 3)], [1]),
        (["the", "▁cat"], "the cat", [(4, 7)], [1]),
        (["▁the", "<0xE7>"], "the 猫", [(4, 5)], []),
    ],
)
def test_the_pieces_of_a_part_of_a_text(
    pieces: list[str], text: str, spans: list[tuple[int, int]], expected: list[int]
) -> None:
    assert positions(pieces, text, spans) == expected


def test_what_finds_no_place_is_not_found(new_model: Any, new_sources: Any) -> None:
    found = constrained_search(
        new_model(8, seed=5),
        new_sources([5, 3], 8),
        trackers=[Tracker([Phrase(1, ("a bc b",))], SPELLINGS), Tracker([], SPELLINGS)],
        beam=3,
        length_penalty=1.0,
        max_lengths=[3, 9],
    )
    assert found[0] == []
    assert len(found[1]) == 1


def after(tracker: Tracker, text: str) -> State:
    """Follow the pieces of a text such as `▁a c`."""
    state = tracker.start()
    for piece in text.split():
        state = tracker.advance(state, Letters.PIECES.index(piece))
    return state


@pytest.mark.parametrize(
    ("form", "text", "met"),
    [
        ("b", "▁a ▁b", True),
        ("b", "▁a ▁b ▁a", True),
        ("b", "▁a ▁b '", True),
        # a word that goes on is another one
        ("b", "▁a ▁b c", False),
        ("bc", "▁a ▁b c", True),
        ("bc", "▁a ▁b c c", False),
        ("bc", "▁b c c ▁b c", True),
        # after an apostrophe there is no space
        ("c", "▁a ' c", True),
        ("c", "▁a c", False),
        ("c", "c", False),
        ("a b", "▁a ▁a ▁b", True),
        ("a b", "▁a c ▁b", False),
    ],
)
def test_a_phrase_is_known_by_its_whole_words(form: str, text: str, met: bool) -> None:
    tracker = Tracker([Phrase(1, (form,))], SPELLINGS)
    assert after(tracker, text).met is met


def test_progress_counts_the_tokens_of_phrases() -> None:
    tracker = Tracker([Phrase(2, ("bc",)), Phrase(1, ("a a ac",))], SPELLINGS)
    assert tracker.total == 8
    steps = ["▁b", "c", "▁a", "▁a", "▁a", "▁a", "c", "▁b", "c"]
    progress = [
        tracker.progress(after(tracker, " ".join(steps[:n])))[0] for n in range(len(steps) + 1)
    ]
    assert progress == [0, 1, 2, 3, 4, 5, 5, 6, 7, 8]
    assert after(tracker, " ".join(steps)).met


def test_more_hypotheses_run_for_more_phrases() -> None:
    few, many = Tracker([Phrase(1, ("b",))], SPELLINGS), Tracker([Phrase(30, ("bc",))], SPELLINGS)
    assert 1 < width(1, few) < width(5, few) < width(5, many) <= 40
    assert width(150, many) == 150


def test_spellings_of_a_bpe_vocabulary(bpe: Any) -> None:
    """It knows one way to write a form after a space, and one after a mark."""
    spellings = Spellings(bpe)
    for form in ("river", "old river", "Garten", "猫"):
        spaced, joined = spellings.of(form)
        assert [bpe.decode(rows) for rows in (spaced, joined)] == [[form], [form]]
        assert spaced == bpe.encode([form])
        tracker = Tracker([Phrase(1, (form,))], spellings)
        for before, row in (("the", spaced[0]), ("the -", joined[0])):
            state = tracker.start()
            for token in [*bpe.encode([before])[0], *row]:
                assert not state.met
                state = tracker.advance(state, token)
            assert state.met
