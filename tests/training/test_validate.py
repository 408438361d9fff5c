from __future__ import annotations

import itertools
import time
from collections.abc import Callable

import pytest
import torch

from translator.config import Config
from translator.tokenizer import Tokenizer
from translator.training.step import Stepper
from translator.training.validate import Validator

Pairs = list[tuple[str, str]]


@pytest.fixture
def new_validator(
    tokenizer: Tokenizer, toy: Callable[..., Pairs], new_config: Callable[..., Config]
) -> Callable[..., Validator]:
    def build(count: int = 25, pairs: Pairs | None = None, **options: object) -> Validator:
        sources, references = zip(*(pairs or toy(count)), strict=True)
        config = new_config(**options)
        return Validator(sources, [references], tokenizer, config, ("en", "fr"))

    return build


def test_a_small_set_is_taken_whole(new_validator: Callable[..., Validator]) -> None:
    assert len(new_validator(20).sources) == 20
    assert len(new_validator(300, training__validate_every=100_000).sources) == 300


def test_a_large_set_costs_a_fixed_share_of_training(
    new_validator: Callable[..., Validator], tokenizer: Tokenizer
) -> None:
    options = {
        "training__validate_every": 100,
        "training__accumulate": 2,
        "training__batch_tokens": 256,
    }
    validator, again = (new_validator(1000, **options) for _ in range(2))
    assert validator.sources == again.sources
    assert validator.references == again.references
    assert validator.dev_size == 1000
    assert 20 < len(validator.sources) < 1000
    decoded = sum(len(row) for row in tokenizer.encode(validator.sources))
    between = 100 * 2 * 256
    assert decoded == pytest.approx(between / 40, rel=0.05)
    assert 2 * decoded < between / 10


def test_rows_are_spread_evenly_and_pairs_stay_together(
    new_validator: Callable[..., Validator], toy: Callable[..., Pairs]
) -> None:
    pairs = toy(1000)
    validator = new_validator(1000, training__validate_every=10)
    kept = list(zip(validator.sources, validator.references[0], strict=True))
    rows = [pairs.index(pair) for pair in kept]
    steps = {b - a for a, b in itertools.pairwise(rows)}
    assert len(kept) == 20
    assert steps == {50}


def test_what_is_measured(
    new_validator: Callable[..., Validator],
    new_stepper: Callable[..., Stepper],
) -> None:
    model = new_stepper().model
    validator = new_validator(20)
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    for training in (True, False):
        model.train(training)
        result = validator(model)
        assert model.training is training
        assert len(result.hypotheses) == 20
        assert 0 <= result.bleu <= 100
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, before[name])
    assert validator(model) == result
    total, tokens = 0.0, 0
    with torch.no_grad():
        for source, target in zip(validator.sources, validator.references[0], strict=True):
            ids = [validator.tokenizer.encode([text])[0] for text in (source, target or "")]
            logits = model(torch.tensor([[*ids[0], 3]]), torch.tensor([[2, *ids[1]]]))
            right = torch.tensor([*ids[1], 3])
            total += float(torch.nn.functional.cross_entropy(logits[0], right, reduction="sum"))
            tokens += len(right)
    assert result.loss == pytest.approx(total / tokens, rel=1e-5)


def test_the_right_translations_have_bleu_100(
    new_validator: Callable[..., Validator],
    new_stepper: Callable[..., Stepper],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    validator = new_validator(20)
    answers = [text or "" for text in validator.references[0]]
    monkeypatch.setattr(
        "translator.training.validate.Translator.translate", lambda self, texts: answers
    )
    result = validator(new_stepper().model)
    assert result.bleu == pytest.approx(100)
    assert result.hypotheses == answers


def test_a_very_long_line_takes_no_memory_without_measure(
    new_validator: Callable[..., Validator],
    new_stepper: Callable[..., Stepper],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pairs = [("a" * 100_000, "b" * 100_000), ("a b", "c d")]
    validator = new_validator(pairs=pairs, data__max_length=64)
    assert [len(side[0]) for side in validator._ids] == [63, 63]
    monkeypatch.setattr(
        "translator.training.validate.Translator.translate", lambda self, texts: ["x"] * 2
    )
    assert validator(new_stepper().model).loss > 0


def test_it_tells_how_long_it_took(
    new_validator: Callable[..., Validator], new_stepper: Callable[..., Stepper]
) -> None:
    validator, model = new_validator(20), new_stepper().model
    start = time.monotonic()
    seconds = validator(model).seconds
    assert 0 < seconds <= time.monotonic() - start
