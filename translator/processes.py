"""Several processes that torchrun started, as their environment tells it."""

from __future__ import annotations

import os

from translator.errors import ConfigError

_NEEDED = ("RANK", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT")


def process_count() -> int:
    """Return how many processes the environment speaks of; 1 without torchrun.

    Raises:
        ConfigError: it speaks of several, and does not say how they find each other.
    """
    text = os.environ.get("WORLD_SIZE", "").strip() or "1"
    if not text.isdecimal():
        raise ConfigError(f"WORLD_SIZE={text!r} is not a number", hint="Unset it, or use torchrun.")
    missing = [name for name in _NEEDED if not os.environ.get(name)]
    if int(text) > 1 and missing:
        raise ConfigError(
            f"WORLD_SIZE={text} asks for several processes, and {', '.join(missing)} missing",
            hint="Start them with torchrun, or unset WORLD_SIZE.",
        )
    return max(int(text), 1)
