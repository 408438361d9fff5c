"""The encoder: source vectors -> memory."""

from __future__ import annotations

from torch import Tensor, nn

from translator.config import ModelConfig
from translator.model.layers import EncoderLayer
from translator.model.linear import LayerNorm


class Encoder(nn.Module):
    """A stack of encoder layers and a last normalisation (B x S x D -> B x S x D)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(EncoderLayer(config) for _ in range(config.encoder_layers))
        self.layer_norm = LayerNorm(config.d_model)

    def forward(self, states: Tensor, allowed: Tensor | None) -> Tensor:
        """Return the memory; `allowed` is the padding mask, B x 1 x 1 x S."""
        for layer in self.layers:
            states = layer(states, allowed)
        return self.layer_norm(states)
