"""What computes the search: one interface, two programs behind it.

    engine.py             the interface
    choice.py             which engine serves a run, and what one cannot do
    with_torch.py         the reference: our own model and search
    with_ctranslate2.py   the fast one, on a conversion of the weights
    threads.py            how many threads it takes

Only the module of an engine loads its program.
"""

from translator.decoding.engines.engine import Engine

__all__ = ["Engine"]
