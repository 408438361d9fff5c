from __future__ import annotations

import itertools
import time
from collections.abc import Callable

import pytest
import torch

from translator.config import Config, DecodingConfig
from translator.decoding.search.scoring import forced_scores
from translator.decoding.translator import Translator
from translator.evaluation.scores import bleu
from translator.model.transformer import Transformer
from translator.tokenizer import Tokenizer, learn_vocabulary
from translator.tokenizer.tokenizer import PAD_ID
from translator.training.step import Stepper
from translator.training.validate import Validation, Validator

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


@pytest.fixture
def both_ways(
    toy: Callable[..., Pairs], new_config: Callable[..., Config]
) -> Callable[..., tuple[Validator, Transformer]]:
    """Build the validator of a bidirectional run, and a model with its vocabulary."""

    def build(count: int, second: bool = False, **options: object) -> tuple[Validator, Transformer]:
        pairs = toy(count)
        config = new_config(data__bidirectional="true", **options)
        texts = [text for pair in pairs for text in pair]
        tokenizer = learn_vocabulary(texts, config.tokenizer, ["en", "fr"])
        sources, references = map(list, zip(*pairs, strict=True))
        columns = [references, [f"{text} x" for text in references]][: 1 + second]
        torch.manual_seed(1)
        model = Transformer(config.model, len(tokenizer), PAD_ID)
        return Validator(sources, columns, tokenizer, config, ("en", "fr")), model

    return build


def test_both_directions_are_measured(
    both_ways: Callable[..., tuple[Validator, Transformer]], toy: Callable[..., Pairs]
) -> None:
    validator, model = both_ways(20, second=True)
    pairs = toy(20)
    sources, references = map(list, zip(*pairs, strict=True))
    assert validator.pairs == validator.dev_size == 20
    # they take turns, so that the samples show both
    assert validator.sources == [text for pair in pairs for text in pair]
    assert validator.references[0] == [text for pair in pairs for text in pair[::-1]]
    assert validator.references[1][::2] == [f"{text} x" for text in references]
    assert set(validator.references[1][1::2]) == {None}
    result = validator(model)
    tokenizer, config = validator.tokenizer, validator.config
    scores, total, tokens = {}, 0.0, 0
    for way, (name, texts, answers) in enumerate(
        [("en-fr", sources, references), ("fr-en", references, sources)]
    ):
        source, target = name.split("-")
        translator = Translator(
            model,
            tokenizer,
            source=source,
            target=target,
            max_length=config.data.max_length,
            decoding=DecodingConfig(beam=1),
        )
        hypotheses = translator.translate(texts)
        assert result.hypotheses[way::2] == hypotheses
        columns = [answers] if way else [answers, [f"{text} x" for text in answers]]
        scores[name] = bleu(hypotheses, columns, target=target)
        ids = [[*tokenizer.tag(target), *row] for row in tokenizer.encode(texts)]
        total -= sum(forced_scores(model, ids, tokenizer.encode(answers)))
        tokens += sum(len(row) + 1 for row in tokenizer.encode(answers))
    assert result.directions == scores
    assert result.bleu == sum(scores.values()) / 2
    assert result.loss == pytest.approx(total / tokens, rel=1e-5)


def test_both_directions_cost_what_one_costs(
    both_ways: Callable[..., tuple[Validator, Transformer]],
) -> None:
    options = {"training__validate_every": 200, "training__batch_tokens": 256}
    validator, _ = both_ways(1000, **options)
    decoded = sum(len(row) for row in validator.tokenizer.encode(validator.sources))
    assert decoded == pytest.approx(200 * 256 / 40, rel=0.05)
    assert len(validator.sources) == 2 * validator.pairs


def test_a_long_line_and_its_tag_stay_within_the_length(
    both_ways: Callable[..., tuple[Validator, Transformer]],
) -> None:
    validator, _ = both_ways(20, data__max_length=5)
    sources, targets = validator._ids
    assert max(map(len, sources)) == max(map(len, targets)) == 4
    tags = [validator.tokenizer.tag(language) for language in ("fr", "en")]
    assert [row[:1] for row in sources] == tags * 20


def test_how_it_is_told() -> None:
    one = Validation(0.5, 12.34, [], 1.0)
    assert str(one) == "BLEU 12.3"
    both = Validation(0.5, 12.0, [], 1.0, {"en-fr": 14.0, "fr-en": 10.0})
    assert str(both) == "BLEU 12.0: en-fr 14.0, fr-en 10.0"
