"""What to change in a training that will not go well, from what is known of it beforehand."""

from __future__ import annotations

import math
from collections.abc import Iterator

from translator.config import Config, preset_names
from translator.progress import clock, size
from translator.training.forecast import Forecast

_FULL = 0.9
_COMFORTABLE = 0.8
"""Shares of the memory: above the first it is told, the second is aimed at."""
_MANY_EPOCHS = 100
"""Passes over the data after which a model rather learns them by heart."""
_WARM_UP = 0.3
"""Share of the steps that the learning rate may take to rise."""
_SEEN = 50
"""Times that a piece of the vocabulary should be seen in the data, on average."""
_WEIGHTS_PER_TOKEN = 50
"""Weights for each target token of the data, above which a model only learns them by heart."""


def advise(forecast: Forecast, config: Config) -> list[str]:
    """Return a sentence or two for each thing that does not fit; none if all does."""
    return [
        *_on_memory(forecast, config),
        *_on_disk(forecast),
        *_on_epochs(forecast, config),
        *_on_warm_up(forecast, config),
        *_on_vocabulary(forecast, config),
        *_on_pairs(forecast),
    ]


def smaller_model(preset: str) -> str:
    """Return how to ask for a smaller model than that of a preset."""
    names = preset_names()
    place = names.index(preset) if preset in names else 0
    if place:
        return f"--preset {names[place - 1]}"
    return "a smaller --set model.d_model, model.ffn_dim or model.encoder_layers"


def fitting_batch_tokens(forecast: Forecast, batch_tokens: int) -> int | None:
    """Return the `training.batch_tokens` that memory is enough for; None if no useful number is."""
    memory = forecast.memory
    if memory.bytes is None or memory.limit is None or not memory.token_bytes:
        return None
    tokens = memory.batch_rows * memory.batch_length
    fixed = memory.bytes - memory.token_bytes * tokens
    possible = (_COMFORTABLE * memory.limit - fixed) / memory.token_bytes
    if not memory.fits:  # whatever was reckoned
        possible = min(possible, batch_tokens / 2)
    # a round number: two digits
    step = 10 ** max(0, int(math.log10(max(possible, 1))) - 1)
    possible = int(possible) // step * step
    return possible if memory.batch_length <= possible < batch_tokens else None


def _on_memory(forecast: Forecast, config: Config) -> Iterator[str]:
    memory = forecast.memory
    known = memory.bytes is not None and memory.limit is not None
    if memory.fits and not (known and memory.bytes > _FULL * memory.limit):  # type: ignore[operator]
        return
    what = "GPU's memory" if forecast.device.startswith("cuda") else "memory"
    why = (
        f"The largest batch takes about {size(memory.bytes)} and the {what} is {size(memory.limit)}"
        if memory.bytes is not None and memory.limit is not None and memory.fits
        else f"The {what} is not enough"
    )
    tokens = fitting_batch_tokens(forecast, config.training.batch_tokens)
    if tokens is not None:
        more = math.ceil(config.training.batch_tokens * config.training.accumulate / tokens)
        yield (
            f"{why}: lower --set training.batch_tokens={tokens}"
            f" (with --set training.accumulate={more} a step sees as many tokens as before)."
        )
    else:
        yield f"{why}: choose {smaller_model(forecast.preset)}."


def _on_disk(forecast: Forecast) -> Iterator[str]:
    disk = forecast.disk
    if disk.run > disk.free:
        yield (
            f"The run takes up to {size(disk.run)}, and {size(disk.free)} are free in "
            f"{disk.place}: free some space, choose another --out, or lower "
            "--set training.keep_states=1."
        )


def _on_epochs(forecast: Forecast, config: Config) -> Iterator[str]:
    epochs, time = forecast.steps.epochs, forecast.time
    if epochs is None:
        return
    if epochs < 1:
        need = ""
        if time.per_step is not None and time.per_validation is not None:
            each = time.per_step + time.per_validation / config.training.validate_every
            need = f"; one pass takes about {clock(each * forecast.steps.per_epoch)}"
        yield (
            f"The budget ends after {epochs:.2f} epochs, so that some pairs are never seen{need}. "
            f"Allow more time or steps, or choose {smaller_model(forecast.preset)}."
        )
    elif epochs > _MANY_EPOCHS:
        yield (
            f"The budget is {epochs:,.0f} epochs. After some tens of them a model learns its pairs "
            f"by heart: --max-epochs {_MANY_EPOCHS // 2} is enough."
        )


def _on_warm_up(forecast: Forecast, config: Config) -> Iterator[str]:
    total, warm_up = forecast.steps.total, config.training.warmup_steps
    if total is not None and warm_up > _WARM_UP * total:
        yield (
            f"The learning rate rises over {warm_up:,} steps, and the budget is {total:,}: allow "
            f"more time or steps, or try --set training.warmup_steps={total // 10}."
        )


def _on_vocabulary(forecast: Forecast, config: Config) -> Iterator[str]:
    asked, pieces = config.tokenizer.vocab_size, forecast.vocabulary
    seen = forecast.data.real_tokens / pieces
    if seen < _SEEN:
        enough = max(500, int(forecast.data.real_tokens / (2 * _SEEN)) // 500 * 500)
        advice = f": try --set tokenizer.vocab_size={enough}" if enough < pieces else ""
        yield (
            f"A piece of the vocabulary is seen {seen:.0f} times on average, too rarely to be "
            f"learned well{advice}."
        )
    elif pieces < asked:
        yield f"The data allow a vocabulary of {pieces:,} pieces, not {asked:,}."


def _on_pairs(forecast: Forecast) -> Iterator[str]:
    weights = forecast.parameters / forecast.data.target_tokens
    if weights > _WEIGHTS_PER_TOKEN:
        yield (
            f"{forecast.data.pairs:,} pairs are few for {forecast.parameters:,} parameters "
            f"({weights:.0f} for each target token), which will rather learn them by heart: give "
            f"more pairs, or choose {smaller_model(forecast.preset)}."
        )
