from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest
import torch

from translator.decoding.search.beam import beam_search
from translator.decoding.search.rules import Rules
from translator.decoding.search.sampling import sample
from translator.decoding.search.scoring import forced_scores
from translator.errors import ModelError

EOS = 3


def one_token(sentence: int, ids: tuple[int, ...]) -> list[float]:
    """One of four tokens, and then the end."""
    return [0, 0, 0, 1.0, 0, 0, 0, 0] if ids else [0.5, 0, 0, 0, 0.2, 0.15, 0.1, 0.05]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"temperature": 1.0}, [0.4, 0.3, 0.2, 0.1]),
        ({"temperature": 0.5}, [0.16 / 0.3, 0.09 / 0.3, 0.04 / 0.3, 0.01 / 0.3]),
        ({"temperature": 1.0, "top_k": 2}, [4 / 7, 3 / 7, 0, 0]),
        ({"temperature": 1.0, "top_k": 90}, [0.4, 0.3, 0.2, 0.1]),
        ({"temperature": 1.0, "top_p": 0.65}, [4 / 7, 3 / 7, 0, 0]),
        ({"temperature": 1.0, "top_p": 0.75}, [4 / 9, 3 / 9, 2 / 9, 0]),
        ({"temperature": 1.0, "top_p": 0.01}, [1, 0, 0, 0]),
        # of the two likeliest, one holds more than half
        ({"temperature": 1.0, "top_k": 2, "top_p": 0.5}, [1, 0, 0, 0]),
    ],
)
def test_tokens_come_as_often_as_they_should(
    table_model: Any, options: dict[str, Any], expected: list[float]
) -> None:
    count = 4000
    [found] = sample(
        table_model(one_token),
        torch.tensor([[4, EOS]]),
        samples=count,
        draws=["1 1"],
        length_penalty=1.0,
        max_lengths=[5],
        **options,
    )
    assert len(found) == count
    seen = Counter(one.ids[0] for one in found)
    for token, share in zip(range(4, 8), expected, strict=True):
        assert abs(seen[token] - count * share) <= 4 * math.sqrt(count * share * (1 - share))
    # scores are the model's, whatever the temperature
    probabilities = dict(zip(range(4, 8), [0.2, 0.15, 0.1, 0.05], strict=True))
    for one in found[:20]:
        assert one.complete
        assert one.log_prob == pytest.approx(math.log(probabilities[one.ids[0]]), abs=1e-5)
        assert one.score == pytest.approx(one.log_prob / 2)


def test_a_sample_does_not_depend_on_its_company(new_model: Any, new_sources: Any) -> None:
    model, lengths = new_model(40, seed=7), [3, 9, 5, 7, 11, 2, 6, 4]
    sources = new_sources(lengths, 40)
    draws = [f"1 {i}" for i in range(8)]
    options: dict[str, Any] = {"temperature": 0.9, "top_p": 0.95, "length_penalty": 1.0}

    def ids(rows: torch.Tensor, draws: list[str], samples: int) -> list[list[list[int]]]:
        found = sample(
            model, rows, samples=samples, draws=draws, max_lengths=[20] * len(rows), **options
        )
        return [[one.ids for one in row] for row in found]

    together = ids(sources, draws, 3)
    for i, n in enumerate(lengths):
        assert ids(sources[i : i + 1, :n], draws[i : i + 1], 3) == together[i : i + 1]
        # fewer samples are the first ones of many
        assert ids(sources[i : i + 1, :n], draws[i : i + 1], 1) == [together[i][:1]]
    assert ids(sources, [f"2 {i}" for i in range(8)], 3) != together
    assert len({tuple(one) for row in together for one in row}) > 4


def test_the_likeliest_token_alone_is_greedy_search(new_model: Any, new_sources: Any) -> None:
    model, lengths = new_model(40, seed=9, ending=2.0), [3, 9, 5, 7, 2, 4, 8, 6]
    sources = new_sources(lengths, 40)
    rules = Rules(min_length=4, no_repeat_ngram=2)
    common: dict[str, Any] = {
        "length_penalty": 1.0,
        "max_lengths": [2 * n for n in lengths],
        "rules": rules,
        "prefixes": [[], [6, 7], *[[]] * 6],
        "token_log_probs": True,
    }
    greedy = beam_search(model, sources, beam=1, **common)
    found = sample(model, sources, samples=2, draws=["x"] * 8, temperature=1.0, top_k=1, **common)
    for [expected], row in zip(greedy, found, strict=True):
        for one in row:
            assert (one.ids, one.complete) == (expected.ids, expected.complete)
            assert one.log_prob == pytest.approx(expected.log_prob, abs=1e-4)
            assert one.token_log_probs == pytest.approx(expected.token_log_probs, abs=1e-4)


def test_a_sample_tells_its_forced_score(new_model: Any, new_sources: Any) -> None:
    model, lengths = new_model(40, seed=3), [3, 9, 5, 7, 11, 2]
    sources = new_sources(lengths, 40)
    found = sample(
        model,
        sources,
        samples=4,
        draws=[str(i) for i in range(6)],
        temperature=1.3,
        length_penalty=0.5,
        max_lengths=[15] * 6,
        token_log_probs=True,
    )
    checked = 0
    for row, n, hypotheses in zip(sources.tolist(), lengths, found, strict=True):
        assert len(hypotheses) == 4
        for one in hypotheses:
            assert sum(one.token_log_probs or []) == pytest.approx(one.log_prob, abs=1e-4)
            if one.complete:
                checked += 1
                [forced] = forced_scores(model, [row[: n - 1]], [one.ids])
                assert one.log_prob == pytest.approx(forced, abs=1e-4)
                assert one.score == pytest.approx(forced / (len(one.ids) + 1) ** 0.5, abs=1e-4)
            else:
                assert len(one.ids) == 15
    assert checked > 10


def test_finished_sentences_leave_the_batch(table_model: Any) -> None:
    def by_sentence(sentence: int, ids: tuple[int, ...]) -> list[float]:
        return [0, 0, 0, 0, 1.0, 0] if len(ids) < sentence - 4 else [0, 0, 0, 1.0, 0, 0]

    model = table_model(by_sentence)
    source = torch.tensor([[6, EOS], [9, EOS], [4, EOS], [6, EOS]])
    found = sample(
        model,
        source,
        samples=2,
        draws=["a"] * 4,
        temperature=1.0,
        length_penalty=1.0,
        max_lengths=[9] * 4,
    )
    assert [[one.ids for one in row] for row in found] == [[[4] * n, [4] * n] for n in (2, 5, 0, 2)]
    assert model.rows == [(4, 8), (3, 6), (3, 6), (1, 2), (1, 2), (1, 2)]


def test_wrong_arguments_and_values_are_refused(new_model: Any, new_sources: Any) -> None:
    model, sources = new_model(10), new_sources([4, 3], 10)
    common: dict[str, Any] = {"length_penalty": 1.0, "max_lengths": [5, 5], "draws": ["a", "b"]}
    with pytest.raises(ValueError, match="temperature 0"):
        sample(model, sources, samples=1, temperature=0.0, **common)
    with pytest.raises(ValueError, match="0 samples"):
        sample(model, sources, samples=0, temperature=1.0, **common)
    with torch.no_grad():
        model.decoder.layer_norm.bias.fill_(torch.nan)
    with pytest.raises(ModelError, match="not numbers"):
        sample(model, sources, samples=1, temperature=1.0, **common)
