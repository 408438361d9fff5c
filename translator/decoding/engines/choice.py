"""Which engine serves a run; what one cannot do, and what is then done, is decided here."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import get_args, get_type_hints

from translator.config import Config, DecodingConfig
from translator.decoding.engines.engine import Engine
from translator.decoding.search.hypothesis import Hypothesis
from translator.decoding.search.options import SearchOptions
from translator.errors import ConfigError, was_interrupted
from translator.export import ctranslate2
from translator.progress import say
from translator.run_directory import RunDirectory
from translator.tokenizer.tokenizer import PAD_ID, Tokenizer

_AUTOMATIC_PRECISIONS = ("float32", "int8")
"""What the fast engine computes in on every CPU that it runs on."""


def open_engine(
    run: RunDirectory, config: Config, decoding: DecodingConfig, tokenizer: Tokenizer
) -> Engine:
    """Return the engine that `decoding` names, with the run's weights.

    ``auto`` is CTranslate2, where it is installed and there is no GPU, and torch for what
    CTranslate2 cannot do.

    Raises:
        ModelError: the run is damaged.
        ConfigError: the engine, the device or the precision does not exist here.
    """

    known = get_args(get_type_hints(DecodingConfig)["engine"])
    if decoding.engine not in known:  # in Python, where nothing has looked at it before
        raise ConfigError(
            f"there is no engine {decoding.engine!r}", hint=f"Known: {', '.join(known)}."
        )

    def with_torch() -> Engine:
        return _with_torch(run, config, decoding, tokenizer)

    if decoding.engine == "torch":
        return with_torch()
    if decoding.engine == "ctranslate2":
        ctranslate2.require_ctranslate2("--engine ctranslate2")
        return _with_ctranslate2(run, config, decoding, tokenizer)
    if not ctranslate2.is_installed():
        return with_torch()
    try:
        if not _suits_ctranslate2(decoding):
            return with_torch()
        # torch has no int8: what only torch can do is done in float32 then
        plain = dataclasses.replace(decoding, precision="float32")
        return AutomaticEngine(
            _with_ctranslate2(run, config, decoding, tokenizer),
            lambda: _with_torch(run, config, plain, tokenizer),
        )
    except ImportError as error:
        if was_interrupted(error):
            raise KeyboardInterrupt from None
        say(f"the engine is torch: CTranslate2 is installed and does not load: {error}")
    except OSError as error:
        reason = error.strerror or error
        if error.filename is not None:
            reason = f"{error.filename}: {reason}"
        say(f"the engine is torch: the model could not be converted for CTranslate2: {reason}")
    return with_torch()


class AutomaticEngine(Engine):
    """The fast engine for all that it can do, and torch for the rest."""

    def __init__(self, fast: Engine, with_torch: Callable[[], Engine]) -> None:
        self.fast = fast
        self.name = fast.name  # type: ignore[misc] # of this object, not of its class
        self._load = with_torch

    def search(
        self, rows: Sequence[list[int]], options: SearchOptions
    ) -> Iterator[tuple[list[int], list[list[Hypothesis]]]]:
        """Yield what was found; see `Engine.search`."""
        engine = self._with_torch if self.fast.refusal(options) else self.fast
        return engine.search(rows, options)

    def score(
        self, rows: Sequence[list[int]], targets: Sequence[Sequence[int]]
    ) -> Iterator[tuple[list[int], list[list[float]]]]:
        """Yield log probabilities; see `Engine.score`."""
        chosen: dict[bool, list[int]] = {True: [], False: []}
        for i, pair in enumerate(zip(rows, targets, strict=True)):
            chosen[self.fast.can_score(*pair)].append(i)
        for is_fast, numbers in chosen.items():
            if not numbers:
                continue
            engine = self.fast if is_fast else self._with_torch
            some = engine.score([rows[i] for i in numbers], [targets[i] for i in numbers])
            for batch, found in some:
                yield [numbers[at] for at in batch], found

    @property
    def has_model(self) -> bool:
        """Return whether there is a `model`."""
        return True

    @property
    def model(self):  # type: ignore[no-untyped-def] # whose type would import torch
        """Return the weights as a torch module, which is loaded when it is first asked for."""
        return self._with_torch.model

    @cached_property
    def _with_torch(self) -> Engine:
        return self._load()


def _suits_ctranslate2(decoding: DecodingConfig) -> bool:
    from translator.decoding.engines.with_ctranslate2 import is_for_gpu

    return decoding.precision in _AUTOMATIC_PRECISIONS and not is_for_gpu(decoding.device)


def _with_ctranslate2(
    run: RunDirectory, config: Config, decoding: DecodingConfig, tokenizer: Tokenizer
) -> Engine:
    from translator.decoding.engines.with_ctranslate2 import CTranslate2Engine

    return CTranslate2Engine(
        ctranslate2.converted(run),
        tokenizer,
        decoding,
        max_length=config.data.max_length,
        positions=ctranslate2.position_count(config),
    )


def _with_torch(
    run: RunDirectory, config: Config, decoding: DecodingConfig, tokenizer: Tokenizer
) -> Engine:
    import torch

    from translator.decoding.engines.with_torch import TorchEngine, rounded
    from translator.hardware import choose_device
    from translator.model.weights import load_model

    device = choose_device(decoding.device)
    # on a CPU they do not pay: int8 products gain nothing in a search, bfloat16 takes three times
    # as long as float32
    if decoding.precision == "int8" or (decoding.precision != "float32" and device.type == "cpu"):
        raise ConfigError(
            f"decoding.precision={decoding.precision}: the engine torch does not compute in it on "
            f"this {device.type} device",
            hint="int8 needs the engine ctranslate2 (translator[fast]), a 16-bit format a GPU.",
        )
    if decoding.threads:
        torch.set_num_threads(decoding.threads)
    model = load_model(run, config.model, len(tokenizer), PAD_ID)
    model = rounded(model, getattr(torch, decoding.precision)).to(device)
    return TorchEngine(model, decoding.workers)
