"""The interface of all engines."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from translator.decoding.search.hypothesis import Hypothesis
from translator.decoding.search.options import SearchOptions
from translator.errors import ConfigError

if TYPE_CHECKING:
    from translator.model.transformer import Transformer


class Engine(ABC):
    """A loaded model that searches for translations, ids to ids."""

    name: ClassVar[str]
    """What it is called on the command line."""

    @abstractmethod
    def search(
        self, rows: Sequence[list[int]], options: SearchOptions
    ) -> Iterator[tuple[list[int], list[list[Hypothesis]]]]:
        """Yield what was found, batch by batch, in any order.

        Args:
            rows: the ids of each source, its tag and end included.
            options: how to search.

        Yields:
            Indices of some of the rows, and for each of these its hypotheses, best first. Every
            row comes once.

        Raises:
            ConfigError: this engine cannot do what `options` ask for.
            ModelError: the model computes something that is no number.
        """

    def score(
        self, rows: Sequence[list[int]], targets: Sequence[Sequence[int]]
    ) -> Iterator[tuple[list[int], list[list[float]]]]:
        """Yield how likely given translations are, batch by batch, in any order.

        Args:
            rows: the ids of each source, its tag and end included.
            targets: the ids of each translation, without special ids.

        Yields:
            Indices of some of the rows, and for each of these the log probability of each token of
            its translation, that of the end last. Every row comes once.

        Raises:
            ConfigError: this engine cannot score, or not these pairs.
        """
        raise ConfigError(
            f"the engine {self.name} does not score given translations",
            hint="Choose the engine torch.",
        )

    def can_score(self, row: Sequence[int], target: Sequence[int]) -> bool:
        """Return whether this engine can score a pair, given as for `score`."""
        return True

    def refusal(self, options: SearchOptions) -> str | None:
        """Return what of the `options` this engine cannot do; None if it can do all."""
        return None

    @property
    def has_model(self) -> bool:
        """Return whether there is a `model`."""
        return False

    @property
    def model(self) -> Transformer:
        """Return the weights as a torch module.

        Raises:
            AttributeError: this engine has none.
        """
        raise AttributeError(f"the engine {self.name} has no torch module")
