"""The decoder: target vectors and memory -> states that predict the next token."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from translator.config import ModelConfig
from translator.model.cache import DecoderCache
from translator.model.layers import DecoderLayer
from translator.model.linear import LayerNorm

AttentionObserver = Callable[[int, Tensor], None]
"""Receives a layer's number and its cross-attention weights, B x H x T x S.

One with an attribute `layer` sees this layer only; the others take their faster path.
"""


class Decoder(nn.Module):
    """A stack of decoder layers and a last normalisation (R x T x D -> R x T x D)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(DecoderLayer(config) for _ in range(config.decoder_layers))
        self.layer_norm = LayerNorm(config.d_model)

    def forward(
        self,
        states: Tensor,
        memory: Tensor | None,
        *,
        causal: Tensor | None,
        memory_allowed: Tensor | None,
        cache: DecoderCache | None = None,
        observe: AttentionObserver | None = None,
    ) -> Tensor:
        """Return the last states; arguments as in `DecoderLayer.forward`."""
        for number, layer in enumerate(self.layers):
            states = layer(
                states,
                memory,
                causal=causal,
                memory_allowed=memory_allowed,
                cache=None if cache is None else cache.layers[number],
                observe=_numbered(observe, number) if _sees(observe, number) else None,
            )
        return self.layer_norm(states)


def _sees(observe: AttentionObserver | None, layer: int) -> bool:
    return observe is not None and getattr(observe, "layer", layer) == layer


def _numbered(observe: AttentionObserver | None, layer: int) -> Callable[[Tensor], None]:
    assert observe is not None
    return lambda weights: observe(layer, weights)
