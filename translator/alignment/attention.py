"""What each word of a translation looked at in its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, kw_only=True)
class Attention:
    """The cross-attention of one sentence pair, with sub-words merged into words.

    Attributes:
        source: the S words of the source, as they are written.
        target: the T words of the translation.
        weights: float32, layers x H x T x S: how much each target word looks at each source word,
            in every head of every decoder layer. What a head gives to the end of the source is no
            word's, so that a row sums to 1 at most.
        chosen: float32, T x S: the layer and heads that tell most about who translates whom.
        links: pairs (source word, target word), counted from 0, in order of the source.
    """

    source: tuple[str, ...]
    target: tuple[str, ...]
    weights: np.ndarray
    chosen: np.ndarray
    links: tuple[tuple[int, int], ...]
