"""The Transformer that torch brings along, as a program of its own would build it from the parts.

Same sizes, tied embeddings, sinusoidal positions and pre-norm as ours: what differs is the code.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from translator.config import ModelConfig
from translator.model.embedding import sinusoids

_LONGEST = 4096


class PlainTransformer(nn.Module):
    """Encoder and decoder of torch.nn between shared embeddings (ids -> logits)."""

    positions: Tensor

    def __init__(self, config: ModelConfig, vocab_size: int, pad_id: int) -> None:
        super().__init__()
        D, H, F, p = config.d_model, config.attention_heads, config.ffn_dim, config.dropout
        options = {"batch_first": True, "norm_first": True}
        self.pad_id = pad_id
        self.embedding = nn.Embedding(vocab_size, D)
        nn.init.normal_(self.embedding.weight, std=D**-0.5)
        self.register_buffer("positions", sinusoids(_LONGEST, D), persistent=False)
        self.dropout = nn.Dropout(p)
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(D, H, F, p, **options),
            config.encoder_layers,
            nn.LayerNorm(D),
            enable_nested_tensor=False,
        )
        self.decoder = nn.TransformerDecoder(
            nn.TransformerDecoderLayer(D, H, F, p, **options),
            config.decoder_layers,
            nn.LayerNorm(D),
        )

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Return each next token's logits, B x T x V, for source ids B x S and target ids B x T."""
        padding = source == self.pad_id
        memory = self.encoder(self._embedded(source), src_key_padding_mask=padding)
        T = target.shape[1]
        later = torch.ones(T, T, dtype=torch.bool, device=target.device).triu(1)
        states = self.decoder(
            self._embedded(target),
            memory,
            tgt_mask=later,
            tgt_is_causal=True,
            memory_key_padding_mask=padding,
        )
        return nn.functional.linear(states, self.embedding.weight)

    def _embedded(self, ids: Tensor) -> Tensor:
        vectors = self.embedding(ids) * math.sqrt(self.embedding.embedding_dim)
        states: Tensor = self.dropout(vectors + self.positions[: ids.shape[1]])
        return states
