"""What computes the search: one interface, several programs behind it.

    engine.py       the interface
    with_torch.py   the reference: our own model and search

Importing this package, or `engine`, loads none of these programs.
"""

from translator.decoding.engines.engine import Engine

__all__ = ["Engine"]
