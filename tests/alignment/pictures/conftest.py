from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from translator.alignment.attention import Attention

# Our own sentences, in scripts that a picture must cope with.
SENTENCES = {
    "short": ("The cat sat on the mat.", "Le chat s'est assis sur le tapis."),
    "one word": ("Yes.", "Oui."),
    "long words": (
        "Counterrevolutionaries misunderstood internationalisation.",
        "Donaudampfschifffahrtsgesellschaftskapitänsmütze!",
    ),
    "sixty": (" ".join(f"word{i}" for i in range(60)), " ".join(f"mot{i}s" for i in range(60))),
    "from Arabic": ("جلست القطة على السجادة الجديدة.", "The cat sat on the new carpet."),
    "to Hebrew": ("The cat sat on the mat.", "החתול ישב על המחצלת."),
    "from Chinese": ("猫 坐 在 新 垫子 上 。", "The cat sat on the new mat."),
}


def new_attention(
    source: Sequence[str] | str,
    target: Sequence[str] | str,
    *,
    layers: int = 2,
    heads: int = 3,
    links: Sequence[tuple[int, int]] = (),
) -> Attention:
    """Return attention of random weights, most of each row going to one word."""
    source, target = (
        tuple(side.split() if isinstance(side, str) else side) for side in (source, target)
    )
    S, T = len(source), len(target)
    weights = np.random.default_rng(S + T).random((layers, heads, T, S)) ** 4
    for i in range(T):
        weights[..., i, min(i, S - 1)] += 2 * np.arange(1, heads + 1)
    weights = (0.95 * weights / weights.sum(axis=-1, keepdims=True)).astype(np.float32)
    return Attention(
        source=source, target=target, weights=weights, chosen=weights[-1, -1], links=tuple(links)
    )


@pytest.fixture(scope="session")
def attention() -> Callable[..., Attention]:
    """See `new_attention`."""
    return new_attention


@pytest.fixture(params=SENTENCES)
def sentence(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A sentence and its translation, of each kind."""
    return SENTENCES[request.param]
