from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from translator.config import Config, load_config
from translator.training.advice import advise, fitting_batch_tokens, smaller_model
from translator.training.forecast import Forecast


@pytest.fixture
def advice(known: Forecast) -> Callable[..., list[str]]:
    """Advise on the forecast with some parts changed, as ``part__field=value``."""

    def build(config: Config | None = None, **changed: Any) -> list[str]:
        return advise(altered(known, **changed), config or load_config("tiny"))

    return build


def altered(known: Forecast, **changed: Any) -> Forecast:
    for name, value in changed.items():
        part, _, field = name.partition("__")
        if field:
            value = dataclasses.replace(getattr(known, part), **{field: value})
        known = dataclasses.replace(known, **{part: value})
    return known


def test_what_fits_needs_no_advice(advice: Callable[..., list[str]]) -> None:
    assert advice() == []


def test_a_budget_that_ends_before_the_learning_rate_has_risen(
    advice: Callable[..., list[str]],
) -> None:
    config = load_config("tiny", ["training.warmup_steps=100"])
    assert advice(config, steps__total=334) == []
    [told] = advice(config, steps__total=270)
    assert told == (
        "The learning rate rises over 100 steps, and the budget is 270: allow more time or steps, "
        "or try --set training.warmup_steps=27."
    )


def test_smaller_batches_that_fit(advice: Callable[..., list[str]], known: Forecast) -> None:
    # 0.75 GB whatever the batch, and 0.25 MB for each of its 3,000 tokens
    [told] = advice(memory__limit=1_300_000_000)
    assert told == (
        "The largest batch takes about 1.5 GB and the memory is 1.3 GB: lower "
        "--set training.batch_tokens=1100 (with --set training.accumulate=3 a step sees as many "
        "tokens as before)."
    )
    small = altered(known, memory__limit=1_300_000_000)
    assert 750e6 + 0.25e6 * 1100 < 0.8 * 1.3e9 < 750e6 + 0.25e6 * 1200
    assert fitting_batch_tokens(small, 3000) == 1100
    assert fitting_batch_tokens(small, 900) is None


def test_a_gpu_that_has_run_out(advice: Callable[..., list[str]]) -> None:
    [told] = advice(device="cuda", memory__fits=False, memory__measured=False)
    # by what smaller batches took, this one should have fitted
    assert told.startswith("The GPU's memory is not enough: lower --set training.batch_tokens=1200")


def test_a_model_that_is_too_large(advice: Callable[..., list[str]]) -> None:
    for changed in (
        {"memory__limit": 700_000_000},  # less than the weights take
        {"memory__token_bytes": None, "memory__limit": 1_000_000_000},
        {"memory__bytes": None, "memory__fits": False},
    ):
        [told] = advice(**changed)
        assert told.endswith("choose --preset sample.")


@pytest.mark.parametrize(("used", "told"), [(0.89, False), (0.91, True)])
def test_memory_is_not_filled_to_the_brim(
    advice: Callable[..., list[str]], used: float, told: bool
) -> None:
    assert bool(advice(memory__limit=int(1_500_000_000 / used))) is told


def test_a_full_disk(advice: Callable[..., list[str]]) -> None:
    [told] = advice(disk__free=379_000_000)
    assert told.startswith("The run takes up to 380 MB, and 379 MB are free in checkpoints: ")
    assert advice(disk__free=380_000_000) == []


def test_less_than_an_epoch(advice: Callable[..., list[str]]) -> None:
    config = load_config("tiny", ["training.warmup_steps=10"])
    [told] = advice(config, steps__total=100, steps__epochs=0.5)
    assert told == (
        "The budget ends after 0.50 epochs, so that some pairs are never seen; one pass takes "
        "about 3:05. Allow more time or steps, or choose --preset sample."
    )
    [told] = advice(steps__epochs=0.5, time__per_step=None)
    assert "never seen. Allow" in told
    assert advice(steps__epochs=1.0) == []


def test_many_epochs(advice: Callable[..., list[str]]) -> None:
    [told] = advice(steps__epochs=1234.5)
    assert told.startswith("The budget is 1,234 epochs. ")
    assert "--max-epochs 50" in told
    assert advice(steps__epochs=100.0) == advice(steps__epochs=None) == []


def test_a_vocabulary_of_rare_pieces(advice: Callable[..., list[str]]) -> None:
    [told] = advice(data__real_tokens=240_000)
    assert told == (
        "A piece of the vocabulary is seen 40 times on average, too rarely to be learned well: "
        "try --set tokenizer.vocab_size=2000."
    )
    [told] = advice(vocabulary=400, data__real_tokens=4_000)
    assert told.endswith("too rarely to be learned well.")


def test_a_vocabulary_larger_than_the_data_allow(advice: Callable[..., list[str]]) -> None:
    [told] = advice(vocabulary=5500)
    assert told == "The data allow a vocabulary of 5,500 pieces, not 6,000."


def test_few_pairs_for_the_model(advice: Callable[..., list[str]]) -> None:
    [told] = advice(data__pairs=10_000, data__target_tokens=100_000)
    assert told == (
        "10,000 pairs are few for 6,800,000 parameters (68 for each target token), which will "
        "rather learn them by heart: give more pairs, or choose --preset sample."
    )


def test_several_things_at_once(advice: Callable[..., list[str]]) -> None:
    told = advice(memory__limit=1_300_000_000, disk__free=0, steps__epochs=0.1)
    assert len(told) == 3


def test_the_next_smaller_preset() -> None:
    assert smaller_model("base") == "--preset small"
    for preset in ("sample", "mine.toml"):
        assert "model.d_model" in smaller_model(preset)
