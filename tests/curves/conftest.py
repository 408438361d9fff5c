from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from translator.curves import Curve, Logged, Validated


def new_curve(
    name: str,
    bleu: Sequence[float] = (),
    loss: Sequence[float | None] = (),
    logged: int | None = None,
) -> Curve:
    """Return a run with a validation each 100 steps, and as many log lines unless said otherwise.

    From one log line to the next there are half an epoch and a minute and a half.
    """
    count = len(bleu) if logged is None else logged
    return Curve(
        name=name,
        log=[
            Logged(
                step=100 * i,
                epoch=i / 2,
                loss=10.0 / i,
                learning_rate=0.001 / i,
                skipped=i,
                seconds=90.0 * i,
                tokens_per_second=1000.0 * i,
            )
            for i in range(1, count + 1)
        ],
        validations=[
            Validated(step=100 * i, loss=one_loss, bleu=one)
            for i, (one, one_loss) in enumerate(zip(bleu, loss, strict=True), start=1)
        ],
    )


@pytest.fixture(scope="session")
def curve() -> Callable[..., Curve]:
    """See `new_curve`."""
    return new_curve
