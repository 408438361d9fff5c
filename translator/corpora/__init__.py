"""Path of a sentence, step 1: anything -> sentence pairs (read, check, clean, split).

    spec.py         what the user named: FILE, SOURCE_FILE,TARGET_FILE or hf:NAME, with @WEIGHT
    folders.py      which files a folder or a pattern stands for
    compression.py  a file as a stream of bytes, decompressed on the way
    lines.py        bytes into lines, and the line contract
    columns.py      which columns are source and target
    formats/        one reader for each format: rows of (line number, source, targets)
    readers.py      any corpus of files as such rows
    hub.py          the same for data sets of the Hugging Face hub
    store.py        rows into Arrow files, kept by content and memory-mapped: the training corpus
    doctor/         what is wrong with pairs, and which to leave out
    parting.py      train, dev and test sets that share no sentence
    split.py        which pairs are held out when there is no validation set
    test_sets.py    test sets with their references, in memory
    writers.py      pairs into files
    convert.py      a corpus from one format into another
    info.py         a corpus in figures
    trained_on.py   what a run remembers of its training text

Start with `store.open_training_corpus`. Libraries that take long to load are imported where they
are used, so that importing this package is cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.corpora.lines import Line, read_lines, read_text_lines

if TYPE_CHECKING:
    from translator.corpora.split import hold_out
    from translator.corpora.store import TrainingCorpus, open_training_corpus
    from translator.corpora.test_sets import TestSet, read_column, read_test_set

__all__ = [
    "Line",
    "TestSet",
    "TrainingCorpus",
    "hold_out",
    "open_training_corpus",
    "read_column",
    "read_lines",
    "read_test_set",
    "read_text_lines",
]

_HOMES = {
    "hold_out": "split",
    "TrainingCorpus": "store",
    "open_training_corpus": "store",
    "TestSet": "test_sets",
    "read_column": "test_sets",
    "read_test_set": "test_sets",
}


def __getattr__(name: str) -> object:
    """Import what is asked for only then: `translator --help` reads no corpus (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
