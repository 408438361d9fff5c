"""Path of a sentence, step 1: anything -> sentence pairs (read, check, clean, split).

    spec.py         what the user named: FILE, SOURCE_FILE,TARGET_FILE or hf:NAME, with @WEIGHT
    compression.py  a file as a stream of bytes, decompressed on the way
    lines.py        bytes into lines, and the line contract
    columns.py      which columns are source and target
    readers.py      one reader for each format: rows of (line number, source, targets)
    arrow.py        the same for Parquet and other Arrow tables
    hub.py          the same for data sets of the Hugging Face hub
    store.py        rows into Arrow files, kept by content and memory-mapped: the training corpus
    split.py        which pairs are held out when there is no validation set
    test_sets.py    test sets with their references, in memory
    trained_on.py   what a run remembers of its training text

Start with `store.open_training_corpus`. Libraries that take long to load are imported where they
are used, so that importing this package is cheap.
"""

from translator.corpora.lines import Line, read_lines, read_text_lines
from translator.corpora.split import hold_out, shares_target
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
    "shares_target",
]
