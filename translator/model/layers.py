"""One encoder layer and one decoder layer, pre-norm (arXiv 2002.04745)."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor, nn

from translator.config import ModelConfig
from translator.model import fused
from translator.model.cache import LayerCache
from translator.model.cross_attention import CrossAttention
from translator.model.dropout import Dropout
from translator.model.linear import LayerNorm, Linear
from translator.model.self_attention import SelfAttention

WeightsObserver = Callable[[Tensor], None]
"""Receives a layer's cross-attention weights, B x H x T x S."""


class FeedForward(nn.Module):
    """Two linear layers with ReLU between, on each position by itself (B x T x D -> B x T x D)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.fc1 = Linear(config.d_model, config.ffn_dim)
        self.fc2 = Linear(config.ffn_dim, config.d_model)
        self.dropout = Dropout(config.dropout)

    def forward(self, states: Tensor) -> Tensor:
        """Return the transformed states."""
        if fused.is_fusible(states):
            return self._fused(states)
        return self.fc2(self.dropout(self.fc1(states).relu()))

    def _fused(self, states: Tensor) -> Tensor:
        """Do the same in fewer passes."""
        dropout, dtype = self.dropout, states.dtype
        drops = dropout.training and dropout.threshold
        shape = (*states.shape[:-1], self.fc1.out_features)
        return fused.feed_forward(
            states,
            (self.fc1.weight, self.fc1.bias),
            (self.fc2.weight, self.fc2.bias),
            mask=dropout.mask(shape, dtype) if drops else None,
            scale=dropout.scale(dtype) if drops else 1.0,
        )


class EncoderLayer(nn.Module):
    """Self-attention, then feed-forward; each adds to the states."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.self_attn_layer_norm = LayerNorm(config.d_model)
        self.self_attn = SelfAttention(config.d_model, config.attention_heads)
        self.final_layer_norm = LayerNorm(config.d_model)
        self.feed_forward = FeedForward(config)
        self.dropout = Dropout(config.dropout)

    def forward(self, states: Tensor, allowed: Tensor | None) -> Tensor:
        """Return the new states, B x S x D; `allowed` is the source's padding mask."""
        # 1. source positions look at each other
        update = self.self_attn(self.self_attn_layer_norm(states), allowed)
        states = self.dropout.add(states, update)
        # 2. each position by itself
        return self.dropout.add(states, self.feed_forward(self.final_layer_norm(states)))


class DecoderLayer(nn.Module):
    """Masked self-attention, cross-attention over the memory, feed-forward."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.self_attn_layer_norm = LayerNorm(config.d_model)
        self.self_attn = SelfAttention(config.d_model, config.attention_heads)
        self.encoder_attn_layer_norm = LayerNorm(config.d_model)
        self.encoder_attn = CrossAttention(config.d_model, config.attention_heads)
        self.final_layer_norm = LayerNorm(config.d_model)
        self.feed_forward = FeedForward(config)
        self.dropout = Dropout(config.dropout)

    def forward(
        self,
        states: Tensor,
        memory: Tensor | None,
        *,
        causal: Tensor | None,
        memory_allowed: Tensor | None,
        cache: LayerCache | None = None,
        observe: WeightsObserver | None = None,
    ) -> Tensor:
        """Return the new states, R x T x D.

        Args:
            states: R x T x D; with a cache, only the new positions.
            memory: B x S x D, R a multiple of B; may be None once the cache holds it.
            causal: T x T, None for a single new position (which may see all that came before).
            memory_allowed: B x 1 x 1 x S.
            cache: the keys and values of this layer.
            observe: called with the cross-attention weights, B x H x (R/B x T) x S.
        """
        # 1. target positions look at the earlier ones
        normed = self.self_attn_layer_norm(states)
        states = self.dropout.add(states, self.self_attn(normed, causal, cache))
        # 2. they look at the source
        normed = self.encoder_attn_layer_norm(states)
        update = self._look_at(normed, memory, memory_allowed, cache, observe)
        states = self.dropout.add(states, update)
        # 3. each position by itself
        return self.dropout.add(states, self.feed_forward(self.final_layer_norm(states)))

    def _look_at(
        self,
        states: Tensor,
        memory: Tensor | None,
        allowed: Tensor | None,
        cache: LayerCache | None,
        observe: WeightsObserver | None,
    ) -> Tensor:
        if cache is not None and cache.memory is not None:
            keys, values = cache.memory
        elif memory is not None:
            keys, values = self.encoder_attn.project_memory(memory)
            if cache is not None:
                cache.memory = keys, values
        else:
            raise ValueError("the decoder needs a memory, or a cache that holds it")
        R, T, D = states.shape
        # hypotheses of one sentence share its memory: they ask side by side, as more positions
        asking = states.reshape(len(keys), -1, D)  # R x T x D -> B x (R/B x T) x D
        if observe is None:
            context = self.encoder_attn.look_up(asking, keys, values, allowed)
        else:
            context, weights = self.encoder_attn.look_up_with_weights(asking, keys, values, allowed)
            observe(weights)
        return context.view(R, T, D)
