"""Self-attention: cross-attention in which a sequence asks itself."""

from __future__ import annotations

from torch import Tensor

from translator.model.attention import attend, merge_heads, split_heads
from translator.model.cache import LayerCache
from translator.model.cross_attention import CrossAttention


class SelfAttention(CrossAttention):
    """Multi-head attention of a sequence to itself (B x T x D -> B x T x D).

    The inherited `forward_with_weights` still takes two sequences: pass the same one twice.
    """

    def __init__(self, d_model: int, heads: int) -> None:
        super().__init__(d_model, heads)

    def forward(  # type: ignore[override] # one sequence where the parent takes two
        self, states: Tensor, allowed: Tensor | None = None, cache: LayerCache | None = None
    ) -> Tensor:
        """Return what each state learns from the others.

        Args:
            states: B x T x D; with a cache, only the new positions.
            allowed: boolean, broadcastable to B x H x T x (T plus the cached positions).
            cache: keys and values of the earlier positions; the new ones are appended to it.
        """
        if cache is None:
            return super().forward(states, states, allowed)
        queries = split_heads(self.q_proj(states), self.heads)  # B x H x T x K
        keys, values = cache.append(*self.project_memory(states))
        return self.out_proj(merge_heads(attend(queries, keys, values, allowed)))
