from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor

from translator.decoding.search.beam import beam_search
from translator.decoding.search.hypothesis import Hypothesis
from translator.decoding.search.rules import Rules
from translator.decoding.search.scoring import forced_log_probs, forced_scores
from translator.errors import ModelError

EOS = 3


@pytest.mark.parametrize("penalty", [-1.0, 0.0, 0.6, 1.0, 2.0])
@pytest.mark.parametrize("n_best", [1, 12])
def test_a_beam_that_holds_everything_finds_what_enumeration_finds(
    new_model: Any, new_sources: Any, everything: Any, penalty: float, n_best: int
) -> None:
    vocab, limits = 7, [4, 2, 3, 4, 1]
    model = new_model(vocab, seed=4)
    sources = new_sources([5, 3, 6, 2, 4], vocab)
    found = beam_search(
        model, sources, beam=150, length_penalty=penalty, max_lengths=limits, n_best=n_best
    )
    for row, limit, hypotheses in zip(sources.tolist(), limits, found, strict=True):
        source = row[: row.index(EOS)]
        expected = everything(model, source, vocab, limit, penalty)[:n_best]
        assert [one.ids for one in hypotheses] == [one.ids for one in expected]
        assert [one.complete for one in hypotheses] == [one.complete for one in expected]
        for one, other in zip(hypotheses, expected, strict=True):
            assert one.log_prob == pytest.approx(other.log_prob, abs=1e-5)
            assert one.score == pytest.approx(other.score, abs=1e-5)


@pytest.mark.parametrize(
    ("min_length", "no_repeat", "begun"),
    [(3, 0, []), (0, 1, []), (0, 2, []), (3, 2, []), (0, 0, [5]), (4, 2, [6, 5]), (0, 2, [5, 5])],
)
def test_rules_leave_of_everything_what_they_allow(
    new_model: Any,
    new_sources: Any,
    everything: Any,
    min_length: int,
    no_repeat: int,
    begun: list[int],
) -> None:
    vocab, limits = 7, [4, 4, 3]
    model = new_model(vocab, seed=4)
    sources = new_sources([5, 3, 6], vocab)
    prefixes = [begun, [], begun]
    found = beam_search(
        model,
        sources,
        beam=150,
        length_penalty=1.0,
        max_lengths=limits,
        n_best=150,
        rules=Rules(min_length=min_length, no_repeat_ngram=no_repeat),
        prefixes=prefixes,
        token_log_probs=True,
    )
    for row, limit, prefix, hypotheses in zip(
        sources.tolist(), limits, prefixes, found, strict=True
    ):
        expected = [
            one
            for one in everything(model, row[: row.index(EOS)], vocab, limit, 1.0)
            if (not one.complete or len(one.ids) + 1 >= min_length)
            and one.ids[: len(prefix)] == prefix
            # what is forced may repeat itself
            and not (no_repeat and repeats(one.ids, no_repeat, len(prefix)))
        ]
        assert [one.ids for one in hypotheses] == [one.ids for one in expected]
        for one, other in zip(hypotheses, expected, strict=True):
            assert one.log_prob == pytest.approx(other.log_prob, abs=1e-5)
            assert sum(one.token_log_probs) == pytest.approx(one.log_prob, abs=1e-5)
            assert len(one.token_log_probs) == len(one.ids) + one.complete


def repeats(ids: list[int], n: int, start: int) -> bool:
    """Whether an n-gram that ends behind `start` tokens has been there before."""
    grams = [tuple(ids[i : i + n]) for i in range(len(ids) - n + 1)]
    return any(gram in grams[:i] for i, gram in enumerate(grams) if i + n > start)


def garden_path(sentence: int, ids: tuple[int, ...]) -> list[float]:
    """Token 4 begins best and goes on badly; token 5 begins worse and ends surely."""
    #                    0  1  2  eos   4     5     6
    table = {
        (): [0, 0, 0, 0.0, 0.6, 0.4, 0.0],
        (4,): [0, 0, 0, 0.3, 0.3, 0.2, 0.2],
        (5,): [0, 0, 0, 0.9, 0.0, 0.0, 0.1],
    }
    return table.get(ids, [0, 0, 0, 1.0, 0, 0, 0])


def test_greedy_takes_the_garden_path_and_a_beam_does_not(table_model: Any) -> None:
    source = torch.tensor([[4, EOS]])
    [[greedy]] = beam_search(
        table_model(garden_path), source, beam=1, length_penalty=0.0, max_lengths=[5]
    )
    assert greedy.ids == [4]  # eos comes before 4: equal probability, lower id
    assert greedy.log_prob == pytest.approx(math.log(0.6 * 0.3))
    [[first, second, third]] = beam_search(
        table_model(garden_path), source, beam=3, length_penalty=0.0, max_lengths=[5], n_best=3
    )
    assert (first.ids, second.ids, third.ids) == ([5], [4], [4, 4])
    assert math.exp(first.log_prob) == pytest.approx(0.4 * 0.9)
    assert math.exp(third.log_prob) == pytest.approx(0.6 * 0.3)


def two_lengths(sentence: int, ids: tuple[int, ...]) -> list[float]:
    """Either one token and the end (0.36 in all), or 5 and four more (0.4 in all, less the end)."""
    table = {(): [0, 0, 0, 0.0, 0.6, 0.4], (4,): [0, 0, 0, 0.6, 0.4, 0.0]}
    if ids in table:
        return table[ids]
    if ids[0] == 5 and len(ids) < 5:
        return [0, 0, 0, 0.1, 0.0, 0.9]
    return [0, 0, 0, 1.0, 0.0, 0.0]


def test_the_length_penalty_decides_between_short_and_long(table_model: Any) -> None:
    def best(penalty: float) -> Hypothesis:
        [[one]] = beam_search(
            table_model(two_lengths),
            torch.tensor([[4, EOS]]),
            beam=8,
            length_penalty=penalty,
            max_lengths=[8],
        )
        return one

    assert best(0.0).ids == [4]
    assert best(0.0).score == best(0.0).log_prob == pytest.approx(math.log(0.36))
    long = best(1.0)
    assert long.ids == [5] * 5
    assert long.score == pytest.approx(math.log(0.4 * 0.9**4) / 6)
    # a negative exponent makes length cost more than its probability does
    assert best(-1.0).ids == [4]
    assert best(-1.0).score == pytest.approx(math.log(0.36) * 2)


def by_sentence(sentence: int, ids: tuple[int, ...]) -> list[float]:
    """A source that begins with n is translated by n - 4 times the token 4."""
    if len(ids) < sentence - 4:
        return [0, 0, 0, 0.0, 0.9, 0.1]
    return [0, 0, 0, 1.0, 0.0, 0.0]


@pytest.mark.parametrize("beam", [1, 2])
def test_finished_sentences_leave_the_batch(table_model: Any, beam: int) -> None:
    model = table_model(by_sentence)
    source = torch.tensor([[6, EOS], [9, EOS], [4, EOS], [6, EOS], [5, EOS]])
    found = beam_search(model, source, beam=beam, length_penalty=1.0, max_lengths=[9] * 5)
    assert [one.ids for [one] in found] == [[4] * 2, [4] * 5, [], [4] * 2, [4]]
    assert [sentences for sentences, _ in model.rows][:4] == [5, 4, 3, 1]
    assert all(rows <= beam * sentences for sentences, rows in model.rows)
    assert len(model.rows) == 6


def test_a_search_ends_when_nothing_running_can_still_win(table_model: Any) -> None:
    def table(sentence: int, ids: tuple[int, ...]) -> list[float]:
        return [0, 0, 0, 0.9, 0.05, 0.05] if ids else [0, 0, 0, 0.001, 0.6, 0.399]

    model = table_model(table)
    beam_search(model, torch.tensor([[4, EOS]]), beam=5, length_penalty=0.0, max_lengths=[50])
    assert len(model.rows) == 2
    # on average over 50 tokens, probability 0.03 is better than 0.54 over 2
    model = table_model(table)
    [[one]] = beam_search(
        model, torch.tensor([[4, EOS]]), beam=5, length_penalty=1.0, max_lengths=[50]
    )
    assert one.ids == [4]
    assert len(model.rows) > 2


def test_the_length_limit_cuts_and_says_so(table_model: Any) -> None:
    def endless(sentence: int, ids: tuple[int, ...]) -> list[float]:
        return [0, 0, 0, 0.0, 0.75, 0.25]

    model = table_model(endless)
    [[one, two]] = beam_search(
        model, torch.tensor([[4, EOS]]), beam=2, length_penalty=1.0, max_lengths=[3], n_best=2
    )
    assert (one.ids, one.complete) == ([4, 4, 4], False)
    assert one.log_prob == pytest.approx(3 * math.log(0.75))
    assert one.score == pytest.approx(math.log(0.75))
    assert (two.ids, two.complete) == ([4, 4, 5], False)
    assert len(model.rows) == 3


def test_a_cut_hypothesis_ranks_behind_a_finished_one(table_model: Any) -> None:
    def loop(sentence: int, ids: tuple[int, ...]) -> list[float]:
        return [0, 0, 0, 0.3, 0.7, 0.0] if len(ids) < 1 else [0, 0, 0, 0.0, 1.0, 0.0]

    [[one, two]] = beam_search(
        table_model(loop),
        torch.tensor([[4, EOS]]),
        beam=2,
        length_penalty=1.0,
        max_lengths=[6],
        n_best=2,
    )
    assert (one.ids, one.complete) == ([], True)
    assert (two.ids, two.complete) == ([4] * 6, False)
    assert two.score > one.score


def test_equal_scores_rank_by_hypothesis_then_by_id(table_model: Any) -> None:
    def even(sentence: int, ids: tuple[int, ...]) -> list[float]:
        if len(ids) < 2:
            return [0, 0, 0, 0, 0.25, 0.25, 0.25, 0.25]
        return [0, 0, 0, 1.0, 0, 0, 0, 0]

    [found] = beam_search(
        table_model(even),
        torch.tensor([[4, EOS]]),
        beam=6,
        length_penalty=1.0,
        max_lengths=[6],
        n_best=6,
    )
    assert [one.ids for one in found] == [[4, 4], [4, 5], [4, 6], [4, 7], [5, 4], [5, 5]]


@pytest.mark.parametrize("beam", [1, 3])
def test_special_tokens_are_never_produced(table_model: Any, beam: int) -> None:
    def tempting(sentence: int, ids: tuple[int, ...]) -> list[float]:
        return [0.3, 0.3, 0.3, 0.01, 0.05, 0.04]

    [[one]] = beam_search(
        table_model(tempting),
        torch.tensor([[4, EOS]]),
        beam=beam,
        length_penalty=1.0,
        max_lengths=[4],
    )
    assert set(one.ids) <= {4, 5}


def greedy_by_hand(model: Any, source: list[int], limit: int) -> tuple[list[int], bool]:
    memory, allowed = model.encode(torch.tensor([source]))
    ids: list[int] = []
    while len(ids) < limit:
        logits = model.logits(model.decode(torch.tensor([[2, *ids]]), memory, allowed))[0, -1]
        logits[:3] = -torch.inf
        best = int(logits.argmax())
        if best == EOS:
            return ids, True
        ids.append(best)
    return ids, False


def test_greedy_is_beam_one_and_equals_a_loop_without_cache(
    new_model: Any, new_sources: Any
) -> None:
    model, lengths = new_model(40, seed=9, ending=2.0), [3, 9, 5, 7, 2, 4, 8, 6]
    sources = new_sources(lengths, 40)
    limits = [2 * n for n in lengths]
    with torch.no_grad():
        found = beam_search(model, sources, beam=1, length_penalty=1.0, max_lengths=limits)
        by_hand = [
            greedy_by_hand(model, row[:n], limit)
            for row, n, limit in zip(sources.tolist(), lengths, limits, strict=True)
        ]
    assert [(one.ids, one.complete) for [one] in found] == by_hand
    assert {complete for _, complete in by_hand} == {True, False}


class Uncached:
    """The same model, which reads its whole prefix again at every step."""

    class Cache:
        def __init__(self) -> None:
            self.ids = torch.empty(0, 0, dtype=torch.long)
            self.memory = torch.empty(0)

        def reorder(self, rows: Tensor) -> None:
            self.ids = self.ids[rows]

        def select_memory(self, sentences: Tensor) -> None:
            self.memory = self.memory[sentences]

    def __init__(self, model: Any) -> None:
        self.model, self.encode, self.logits = model, model.encode, model.logits
        self.new_cache = Uncached.Cache

    def decode(self, target: Tensor, memory: Tensor | None, allowed: Tensor, *, cache: Any) -> Any:
        if memory is not None:
            cache.memory, cache.ids = memory, target[:, :0]
        cache.ids = torch.cat([cache.ids, target], dim=1)
        return self.model.decode(cache.ids, cache.memory, allowed)[:, -1:]


@pytest.mark.parametrize("beam", [1, 4])
def test_the_cache_changes_nothing(new_model: Any, new_sources: Any, beam: int) -> None:
    model, lengths = new_model(40, seed=2), [3, 9, 5, 7, 2, 4]
    sources = new_sources(lengths, 40)
    options = {"beam": beam, "length_penalty": 1.0, "max_lengths": lengths, "n_best": beam}
    cached = beam_search(model, sources, **options)
    plain: Any = Uncached(model)
    uncached = beam_search(plain, sources, **options)
    assert [[one.ids for one in row] for row in cached] == [
        [one.ids for one in row] for row in uncached
    ]


def test_n_best_is_sorted_distinct_and_begins_with_the_best(
    new_model: Any, new_sources: Any
) -> None:
    model, lengths = new_model(40, seed=3), [3, 9, 5, 7]
    sources = new_sources(lengths, 40)
    options = {"beam": 6, "length_penalty": 1.0, "max_lengths": [12] * 4}
    for row in beam_search(model, sources, n_best=6, **options):
        assert len(row) == 6
        assert len({tuple(one.ids) for one in row}) == 6
        keys = [(one.complete, one.score) for one in row]
        assert keys == sorted(keys, reverse=True)
        for one in row:
            tokens = len(one.ids) + one.complete
            assert one.score == pytest.approx(one.log_prob / tokens, abs=1e-9)


def test_a_log_probability_equals_forced_scoring(new_model: Any, new_sources: Any) -> None:
    model, lengths = new_model(40, seed=3), [3, 9, 5, 7, 11, 2]
    sources = new_sources(lengths, 40)
    found = beam_search(model, sources, beam=4, length_penalty=0.7, max_lengths=[15] * 6, n_best=4)
    checked = 0
    for row, n, hypotheses in zip(sources.tolist(), lengths, found, strict=True):
        whole = [one for one in hypotheses if one.complete]
        checked += len(whole)
        forced = forced_scores(model, [row[: n - 1]] * len(whole), [one.ids for one in whole])
        assert [one.log_prob for one in whole] == pytest.approx(forced, abs=1e-4)
    assert checked > 6


@pytest.mark.parametrize("beam", [1, 4])
def test_a_sentence_is_searched_alike_alone_and_in_company(
    new_model: Any, new_sources: Any, beam: int
) -> None:
    model, lengths = new_model(40, seed=7), [3, 9, 5, 7, 11, 2, 6, 4]
    sources = new_sources(lengths, 40)

    def search(rows: Tensor, limits: list[int]) -> list[Hypothesis]:
        found = beam_search(model, rows, beam=beam, length_penalty=1.0, max_lengths=limits)
        return [one for [one] in found]

    together = search(sources, [2 * n for n in lengths])
    alone = [search(sources[i : i + 1, :n], [2 * n])[0] for i, n in enumerate(lengths)]
    assert [one.ids for one in together] == [one.ids for one in alone]
    for one, other in zip(together, alone, strict=True):
        assert one.log_prob == pytest.approx(other.log_prob, abs=1e-4)


@pytest.mark.parametrize("beam", [1, 2])
def test_a_sentence_that_can_only_end_ends_before_its_minimum(table_model: Any, beam: int) -> None:
    def two_tokens(sentence: int, ids: tuple[int, ...]) -> list[float]:
        return [0, 0, 0, 0.2, 0.5, 0.3]

    [[one]] = beam_search(
        table_model(two_tokens),
        torch.tensor([[4, EOS]]),
        beam=beam,
        length_penalty=1.0,
        max_lengths=[9],
        rules=Rules(min_length=7, no_repeat_ngram=1),
    )
    assert (one.ids, one.complete) == ([4, 5], True)


@pytest.mark.parametrize("beam", [1, 3])
def test_a_forced_beginning_leaves_the_other_sentences_alone(
    new_model: Any, new_sources: Any, beam: int
) -> None:
    model, lengths = new_model(40, seed=7), [3, 9, 5, 7]
    sources = new_sources(lengths, 40)
    options: dict[str, Any] = {"beam": beam, "length_penalty": 1.0, "max_lengths": [12] * 4}
    plain = beam_search(model, sources, **options)
    begun = [[], [7, 8, 9, 10], [], [11]]
    forced = beam_search(model, sources, prefixes=begun, **options)
    for prefix, [one], [other] in zip(begun, forced, plain, strict=True):
        assert one.ids[: len(prefix)] == prefix
        if not prefix:
            assert one.ids == other.ids
    # what it would have begun with anyway changes nothing
    same = beam_search(model, sources, prefixes=[one.ids[:2] for [one] in plain], **options)
    if beam == 1:
        assert [one.ids for [one] in same] == [one.ids for [one] in plain]


def test_token_log_probs_equal_forced_scoring(new_model: Any, new_sources: Any) -> None:
    model, lengths = new_model(40, seed=3), [3, 9, 5, 7, 11, 2]
    sources = new_sources(lengths, 40)
    found = beam_search(
        model,
        sources,
        beam=4,
        length_penalty=0.7,
        max_lengths=[15] * 6,
        n_best=4,
        rules=Rules(min_length=4, no_repeat_ngram=2),
        prefixes=[[], [5, 6], [], [9], [], [7, 7, 7]],
        token_log_probs=True,
    )
    rows, targets, told = [], [], []
    for row, n, hypotheses in zip(sources.tolist(), lengths, found, strict=True):
        for one in hypotheses:
            if one.complete:
                rows.append(row[:n])
                targets.append(one.ids)
                told.append(one.token_log_probs)
    assert len(rows) > 6
    for batch, forced in forced_log_probs(model, rows, targets):
        for i, log_probs in zip(batch, forced, strict=True):
            assert told[i] == pytest.approx(log_probs, abs=1e-4)


def test_what_is_no_number_is_an_error(new_model: Any, new_sources: Any) -> None:
    model = new_model(40)
    with torch.no_grad():
        model.decoder.layer_norm.bias.fill_(torch.nan)
    with pytest.raises(ModelError, match="not numbers"):
        beam_search(model, new_sources([4, 3], 40), beam=2, length_penalty=1.0, max_lengths=[5, 5])


def test_wrong_arguments_are_refused(new_model: Any, new_sources: Any) -> None:
    model, sources = new_model(10), new_sources([4, 3], 10)
    with pytest.raises(ValueError, match="n_best"):
        beam_search(model, sources, beam=2, length_penalty=1, max_lengths=[5, 5], n_best=3)
    with pytest.raises(ValueError, match="max_lengths"):
        beam_search(model, sources, beam=2, length_penalty=1, max_lengths=[5])
    with pytest.raises(ValueError, match="max_lengths"):
        beam_search(model, sources, beam=2, length_penalty=1, max_lengths=[5, 0])
    empty = torch.empty(0, 3, dtype=torch.long)
    assert beam_search(model, empty, beam=2, length_penalty=1, max_lengths=[]) == []


def test_a_tensor_of_limits_is_taken_too(new_model: Any, new_sources: Any) -> None:
    found = beam_search(
        new_model(10),
        new_sources([4, 3], 10),
        beam=2,
        length_penalty=1,
        max_lengths=torch.tensor([2, 3]),
    )
    assert [len(one.ids) <= limit for [one], limit in zip(found, [2, 3], strict=True)]
