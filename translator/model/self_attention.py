"""Self-attention: cross-attention in which a sequence asks itself."""

from __future__ import annotations

from torch import Tensor

from translator.model.attention import attend, merge_heads, split_heads
from translator.model.cache import LayerCache
from translator.model.cross_attention import CrossAttention
from translator.model.linear import side_by_side


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
        layers = (self.q_proj, self.k_proj, self.v_proj)
        if cache is None:
            projected = side_by_side(layers, states)
        else:  # a few positions: to put the weights together would take longer than it saves
            projected = tuple(layer(states) for layer in layers)
        queries, keys, values = (split_heads(x, self.heads) for x in projected)  # B x H x T x K
        if cache is not None:
            keys, values = cache.append(keys, values)
        return self.out_proj(merge_heads(attend(queries, keys, values, allowed)))
