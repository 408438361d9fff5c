"""The reference engine: our own model and search, in torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import torch

from translator.decoding.engines.engine import Engine
from translator.decoding.engines.threads import share_out
from translator.decoding.search.batches import batches_by_length, even_budget
from translator.decoding.search.beam import beam_search
from translator.decoding.search.constrained import constrained_search, width
from translator.decoding.search.hypothesis import Hypothesis
from translator.decoding.search.options import SearchOptions
from translator.decoding.search.rules import Rules
from translator.decoding.search.sampling import sample
from translator.decoding.search.scoring import evaluating, forced_log_probs, pad
from translator.model.linear import LayerNorm
from translator.model.transformer import Transformer

Found = tuple[list[int], list[list[Hypothesis]]]

_MOST_WORKERS = 4
"""Batches side by side if nobody says how many: each one more takes as much memory again."""


class TorchEngine(Engine):
    """Searches with a `Transformer`, on the device where it is.

    The model's mode (training or not) is left as it is.

    Args:
        model: the weights.
        workers: batches side by side on a CPU, each with its share of torch's threads; 0 for one on
            each thread, within limits.
    """

    name = "torch"

    def __init__(self, model: Transformer, workers: int = 0) -> None:
        self._model = model
        threads = torch.get_num_threads()
        self._workers, _ = share_out(threads, workers or min(threads, _MOST_WORKERS))

    @property
    def has_model(self) -> bool:
        """Return whether there is a `model`."""
        return True

    @property
    def model(self) -> Transformer:
        """Return the weights."""
        return self._model

    def search(self, rows: Sequence[list[int]], options: SearchOptions) -> Iterator[Found]:
        """Yield what was found; see `Engine.search`."""
        each = options.n_best if options.temperature else options.beam
        if options.trackers is not None:
            each = max((width(options.beam, one) for one in options.trackers), default=1)
        lengths = [len(row) for row in rows]
        workers = self._workers if self.model.device.type == "cpu" else 1
        budget = even_budget(sum(lengths), options.batch_tokens // each, workers)
        batches = list(batches_by_length(lengths, budget))
        with evaluating(self.model):
            if min(workers, len(batches)) > 1:
                yield from self._side_by_side(batches, rows, options, workers)
            else:
                for batch in batches:
                    yield batch, self._found([rows[i] for i in batch], options.of(batch))

    def _side_by_side(
        self,
        batches: list[list[int]],
        rows: Sequence[list[int]],
        options: SearchOptions,
        workers: int,
    ) -> Iterator[Found]:
        """Search for several batches at a time: small products gain little from two threads."""
        threads = torch.get_num_threads()
        torch.set_num_threads(max(1, threads // workers))
        pool = ThreadPoolExecutor(workers, "search")
        try:
            found = [
                pool.submit(self._found, [rows[i] for i in batch], options.of(batch))
                for batch in batches
            ]
            for batch, one in zip(batches, found, strict=True):
                yield batch, one.result()
        finally:
            pool.shutdown(cancel_futures=True)  # the batches in work use the model until they end
            torch.set_num_threads(threads)

    def _found(self, rows: list[list[int]], options: SearchOptions) -> list[list[Hypothesis]]:
        """Search for the translations of one batch."""
        common: dict[str, Any] = {
            "length_penalty": options.length_penalty,
            "max_lengths": options.limits_of(rows),
            "rules": Rules(min_length=options.min_length, no_repeat_ngram=options.no_repeat_ngram),
            "prefixes": options.prefixes,
            "token_log_probs": options.token_log_probs,
        }
        source = pad(rows, self.model)
        if options.temperature:
            return sample(
                self.model,
                source,
                samples=options.n_best,
                draws=options.draws or [],
                temperature=options.temperature,
                top_k=options.top_k,
                top_p=options.top_p,
                **common,
            )
        common |= {"beam": options.beam, "n_best": options.n_best}
        if options.trackers is not None:
            common |= {"trackers": options.trackers, "enough": options.enough}
            return constrained_search(self.model, source, **common)
        return beam_search(self.model, source, **common)

    def score(
        self, rows: Sequence[list[int]], targets: Sequence[Sequence[int]]
    ) -> Iterator[tuple[list[int], list[list[float]]]]:
        """Yield log probabilities; see `Engine.score`."""
        return forced_log_probs(self.model, rows, targets)


def rounded(model: Transformer, dtype: torch.dtype) -> Transformer:
    """Round the weights to a number format, which the search then computes in.

    Those of the normalisation stay as they are: it is computed in float32.
    """
    model.to(dtype)
    for module in model.modules():
        if isinstance(module, LayerNorm):
            module.float()
    return model
