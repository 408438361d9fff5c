"""The reference engine: our own model and search, in torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from translator.decoding.batches import batches_by_length
from translator.decoding.engines.engine import Engine
from translator.decoding.hypothesis import Hypothesis
from translator.decoding.options import SearchOptions
from translator.decoding.scoring import evaluating, pad
from translator.decoding.search import beam_search
from translator.model.transformer import Transformer


class TorchEngine(Engine):
    """Searches with a `Transformer`, on the device where it is.

    The model's mode (training or not) is left as it is.
    """

    name = "torch"

    def __init__(self, model: Transformer) -> None:
        self._model = model

    @property
    def model(self) -> Transformer:
        """Return the weights."""
        return self._model

    def search(
        self, rows: Sequence[list[int]], options: SearchOptions
    ) -> Iterator[tuple[list[int], list[list[Hypothesis]]]]:
        """Yield what was found; see `Engine.search`."""
        budget = options.batch_tokens // options.beam
        for batch in batches_by_length([len(row) for row in rows], budget):
            chosen = [rows[i] for i in batch]
            with evaluating(self.model):
                found = beam_search(
                    self.model,
                    pad(chosen, self.model),
                    beam=options.beam,
                    length_penalty=options.length_penalty,
                    max_lengths=[options.limit(len(row)) for row in chosen],
                    n_best=options.n_best,
                )
            yield batch, found
