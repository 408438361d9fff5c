"""The whole model: ids -> logits (arXiv 1706.03762, pre-norm, tied embeddings)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from translator.config import ModelConfig
from translator.model.cache import DecoderCache
from translator.model.decoder import AttentionObserver, Decoder
from translator.model.embedding import Embedding
from translator.model.encoder import Encoder
from translator.model.masks import causal_mask, padding_mask


class Transformer(nn.Module):
    """Encoder and decoder over one shared vocabulary.

    Args:
        config: the shape.
        vocab_size: V.
        pad_id: the id that fills short rows; never attended to.
    """

    def __init__(self, config: ModelConfig, vocab_size: int, pad_id: int) -> None:
        super().__init__()
        self.config = config
        self.vocab_size = vocab_size
        self.pad_id = pad_id
        self.embedding = Embedding(vocab_size, config.d_model, config.dropout)
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw new weights: Glorot for matrices, D^-1/2 for embeddings, zero for biases."""
        if self.embedding.weight.is_meta:
            return  # without memory; torch would load its compiler to draw nothing
        for name, parameter in self.named_parameters():
            if name == "embedding.weight":
                nn.init.normal_(parameter, std=self.config.d_model**-0.5)
            elif parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Return each next token's logits, B x T x V, for source ids B x S and target ids B x T."""
        memory, allowed = self.encode(source)
        return self.logits(self.decode(target, memory, allowed))

    def encode(self, source: Tensor, dtype: torch.dtype | None = None) -> tuple[Tensor, Tensor]:
        """Return the memory (B x S x D) of source ids (B x S) and its mask (B x 1 x 1 x S).

        States and matrix products are of type `dtype`, by default that of the weights.
        """
        allowed = padding_mask(source, self.pad_id)
        return self.encoder(self.embedding(source, dtype=dtype), allowed), allowed

    def decode(
        self,
        target: Tensor,
        memory: Tensor | None,
        memory_allowed: Tensor | None,
        *,
        dtype: torch.dtype | None = None,
        cache: DecoderCache | None = None,
        observe: AttentionObserver | None = None,
    ) -> Tensor:
        """Return the decoder's states, R x T x D.

        Args:
            target: ids R x T; with a cache, only the new ones. Rows are padded at the end, where
                causality keeps padding from being seen, so no mask is needed for it.
            memory: B x S x D with R a multiple of B (hypotheses of one sentence are neighbours);
                may be None once the cache holds its projection.
            memory_allowed: B x 1 x 1 x S.
            dtype: of states and matrix products, the memory's; by default that of the weights.
            cache: from `new_cache`; appended to.
            observe: called as ``observe(layer, weights)`` with each cross-attention's weights.
        """
        start = cache.length if cache is not None else 0
        T = target.shape[1]
        if start and T > 1:
            raise ValueError("a cache that has begun takes one new position at a time")
        causal = causal_mask(T, target.device) if T > 1 else None
        return self.decoder(
            self.embedding(target, start, dtype),
            memory,
            causal=causal,
            memory_allowed=memory_allowed,
            cache=cache,
            observe=observe,
        )

    def logits(self, states: Tensor) -> Tensor:
        """Project states (… x D) to the vocabulary (… x V) with the embedding's own weight."""
        return nn.functional.linear(states, self.embedding.weight.to(states.dtype))

    def new_cache(self) -> DecoderCache:
        """Return an empty cache for incremental `decode` calls."""
        return DecoderCache(self.config.decoder_layers)

    def parameter_count(self) -> int:
        """Return the number of weights."""
        return sum(parameter.numel() for parameter in self.parameters())

    @property
    def device(self) -> torch.device:
        """Return where the weights are."""
        return self.embedding.weight.device
