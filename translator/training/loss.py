"""Label-smoothed cross-entropy (arXiv 1512.00567, section 7)."""

from __future__ import annotations

from torch import Tensor


def label_smoothed_loss(logits: Tensor, target: Tensor, smoothing: float) -> tuple[Tensor, Tensor]:
    """Return the smoothed loss and the plain negative log-likelihood, both summed over tokens.

    The target distribution gives 1 - smoothing to the right token and spreads the rest evenly over
    the whole vocabulary, as ``torch.nn.functional.cross_entropy`` does; this form needs fewer
    passes over the logits, which are the largest tensor of a step.

    Args:
        logits: N x V, any floating type; computed in float32.
        target: N ids.
        smoothing: share of the probability that is spread.
    """
    logits = logits.float()
    log_normalizer = logits.logsumexp(dim=-1)  # N x V -> N
    nll = log_normalizer - logits.gather(-1, target[:, None]).squeeze(-1)
    if not smoothing:
        return nll.sum(), nll.detach().sum()
    uniform = log_normalizer - logits.mean(dim=-1)
    loss = (1 - smoothing) * nll + smoothing * uniform
    return loss.sum(), nll.detach().sum()
