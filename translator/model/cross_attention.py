"""Cross-attention: how a decoder looks at its source. Start reading the model here.

Two sequences meet. The decoder has T states and asks one question each; the memory (the encoder's
output, or anything else that comes as a sequence of vectors) has S positions and answers.

    q_i = W_q x_i          the question of target position i
    k_j = W_k m_j          what memory position j can be asked about
    v_j = W_v m_j          what it answers

    alpha_ij = softmax over j of (q_i . k_j / sqrt(K))      how much i looks at j
    z_i      = sum over j of alpha_ij v_j                   the context vector of i

This is done H times side by side ("heads"), each on its own K = D / H numbers of the vectors, and
W_o mixes the H context vectors. The output has the length of the asking sequence, the cost is
O(T x S), and the order of the memory does not matter: position is only in what the vectors hold.

Self-attention (`self_attention.py`) is this with one sequence for both roles. (arXiv 1706.03762,
section 3.2; alignment by attention is from arXiv 1409.0473.)
"""

from __future__ import annotations

from torch import Tensor, nn

from translator.model.attention import attend, attend_with_weights, merge_heads, split_heads
from translator.model.linear import Linear, side_by_side


class CrossAttention(nn.Module):
    """Multi-head attention from one sequence (`states`) to another (`memory`).

    Args:
        d_model: width D of the asking states and of the output.
        heads: number of heads H; D is a multiple of it.
        memory_dim: width of the memory's vectors, where it differs from D (another modality).
    """

    def __init__(self, d_model: int, heads: int, memory_dim: int | None = None) -> None:
        super().__init__()
        if d_model % heads:
            raise ValueError(f"d_model {d_model} is not a multiple of heads {heads}")
        self.heads = heads
        self.q_proj = Linear(d_model, d_model)
        self.k_proj = Linear(memory_dim or d_model, d_model)
        self.v_proj = Linear(memory_dim or d_model, d_model)
        self.out_proj = Linear(d_model, d_model)

    def forward(self, states: Tensor, memory: Tensor, allowed: Tensor | None = None) -> Tensor:
        """Return what each state learns from the memory.

        Args:
            states: B x T x D, the asking sequence.
            memory: B x S x memory_dim, the answering sequence.
            allowed: boolean, broadcastable to B x H x T x S, True = may attend. A state that may
                attend to nothing gets a context vector of zeros.

        Returns:
            B x T x D.
        """
        return self.look_up(states, *self.project_memory(memory), allowed)

    def forward_with_weights(
        self, states: Tensor, memory: Tensor, allowed: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Do the same by the readable path, and return the weights alpha too (B x H x T x S)."""
        return self.look_up_with_weights(states, *self.project_memory(memory), allowed)

    def project_memory(self, memory: Tensor) -> tuple[Tensor, Tensor]:
        """Return keys and values, both B x H x S x K: fixed as long as the memory is."""
        keys, values = side_by_side((self.k_proj, self.v_proj), memory)  # B x S x D each
        return split_heads(keys, self.heads), split_heads(values, self.heads)

    def look_up(
        self, states: Tensor, keys: Tensor, values: Tensor, allowed: Tensor | None = None
    ) -> Tensor:
        """Attend to keys and values that `project_memory` gave (B x T x D -> B x T x D)."""
        queries = split_heads(self.q_proj(states), self.heads)  # B x T x D -> B x H x T x K
        context = attend(queries, keys, values, allowed)  # B x H x T x K
        return self.out_proj(merge_heads(context))  # B x H x T x K -> B x T x D

    def look_up_with_weights(
        self, states: Tensor, keys: Tensor, values: Tensor, allowed: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """Do what `look_up` does, by the readable path, and return the weights (B x H x T x S)."""
        queries = split_heads(self.q_proj(states), self.heads)
        context, weights = attend_with_weights(queries, keys, values, allowed)
        return self.out_proj(merge_heads(context)), weights
