"""From the user's files to ids: steps 1 to 3 of the path, done once and cached."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from translator.batching import EncodedCorpus, encode_corpus, plan_epoch
from translator.batching.plan import Rows
from translator.config import Config, TokenizerConfig, TrainingConfig
from translator.corpora import (
    TrainingCorpus,
    hold_out,
    open_training_corpus,
    read_test_set,
)
from translator.errors import DataError
from translator.progress import counted, progress, say
from translator.run_directory import cache_directory, write_atomically
from translator.tokenizer import Tokenizer, learn_vocabulary, protect_pair
from translator.tokenizer.learn import say_if_smaller

if TYPE_CHECKING:
    from datasets import Dataset

_FORMAT = 2
"""Raised whenever the same text would give another vocabulary."""
_READ_AT_ONCE = 10_000
"""Pairs that are held as rows of the corpus while the texts of a vocabulary are collected."""
_ONE_WAY = "one way only, because the target is held out"


@dataclass(frozen=True)
class Prepared:
    """Data that are ready for training.

    Attributes:
        tokenizer: learned from the training part only.
        corpus: ids of all pairs that were read, in each direction that is learned.
        pairs: how many there are to train on.
        parts: rows to train on, and how often each of them is seen in an epoch.
        dev_sources, dev_references: the validation set, as text.
        dropped: pairs left out, by reason.
        records: what the manifest says of each corpus.
        text, text_keys, rows: the pairs that were read, their hashes (see `TrainingCorpus.keys`),
            and which of them are trained on.
        fingerprint, dev_fingerprint: of the training and validation text.
    """

    tokenizer: Tokenizer
    corpus: EncodedCorpus
    pairs: int
    parts: list[tuple[Rows, float]]
    dev_sources: list[str]
    dev_references: list[list[str | None]]
    dropped: dict[str, int]
    records: dict[str, Any]
    text: Dataset
    text_keys: NDArray[np.uint64]
    rows: Rows
    fingerprint: str
    dev_fingerprint: str
    overlap: dict[str, dict[str, int]]
    """How much of the validation set, and of a test set that was named, is in the training data."""

    def plan(self, options: TrainingConfig, epoch: int) -> list[Rows]:
        """Return the batches of an epoch, as rows of the corpus."""
        return plan_epoch(
            self.corpus.source_lengths,
            self.corpus.target_lengths,
            parts=self.parts,
            batch_tokens=options.batch_tokens,
            seed=options.seed,
            epoch=epoch,
        )


def prepare(
    train: Sequence[str],
    dev: str | None,
    *,
    source: str,
    target: str,
    config: Config,
    tokenizer: Tokenizer | None = None,
    test: str | None = None,
    known: Sequence[str] = (),
) -> Prepared:
    """Read, split, learn the vocabulary (unless given) and encode; `test` is only looked for.

    With the fingerprints of the corpora `known` from another process, training files that the
    cache has are not read.

    Raises:
        DataError: a corpus breaks the pair contract, or nothing is left to train on.
    """
    cache, both = cache_directory(), config.data.bidirectional
    corpus = open_training_corpus(
        train, source=source, target=target, options=config.data, cache_dir=cache, known=known
    )
    dropped = dict(corpus.dropped)
    overlap = {}
    if test is not None:
        test_set = read_test_set(test, source=source, target=target, options=config.data)
        overlap["test"] = corpus.overlap(test_set.sources, test_set.references)
    if dev is not None:
        dev_set = read_test_set(dev, source=source, target=target, options=config.data)
        rows, dev_rows = np.arange(len(corpus)), np.arange(0)
        dev_record, dev_fingerprint = dev_set.record, dev_set.fingerprint
        dev_sources, dev_references = dev_set.sources, dev_set.references
        overlap["dev"] = corpus.overlap(dev_sources, dev_references)
    else:
        rows, dev_rows = hold_out(corpus.keys[:, 0], dev_size=config.data.dev_size)
        held_out = corpus.dataset[dev_rows]
        dev_sources, dev_references = held_out["source"], [held_out["target"]]
        dev_record = {"held_out": len(dev_rows)}
        dev_fingerprint = _held_fingerprint(corpus, dev_rows)
    if tokenizer is None:
        tokenizer = _vocabulary(corpus, rows, config, cache, [source, target] if both else [])
    encoded = encode_corpus(
        corpus.dataset, tokenizer, fingerprint=corpus.fingerprint, cache_dir=cache
    )
    tags = [tokenizer.tag(language) for language in (target, source)[: 1 + both]]
    rows, refused = _trainable(encoded, rows, config.data.max_length, max(map(len, tags)))
    dropped |= refused
    if not len(rows):
        raise DataError(
            "no pairs are left to train on", hint=f"Dropped: {describe_dropped(dropped)}."
        )
    parts = _parts(corpus, rows)
    if both:
        back, one_way = _learned_back(corpus, rows, dev_rows)
        dropped |= one_way
        parts += [(part + len(encoded), weight) for part, weight in _parts(corpus, back)]
    return Prepared(
        tokenizer=tokenizer,
        corpus=encoded.tagged(tags),
        pairs=len(rows),
        parts=[part for part in parts if len(part[0])],
        dev_sources=list(dev_sources),
        dev_references=[list(column) for column in dev_references],
        dropped=dropped,
        records={"train": list(corpus.records), "dev": dev_record},
        text=corpus.dataset,
        text_keys=corpus.keys,
        rows=rows,
        fingerprint=corpus.fingerprint,
        dev_fingerprint=dev_fingerprint,
        overlap=overlap,
    )


def _held_fingerprint(corpus: TrainingCorpus, held: Rows) -> str:
    """Return the same for the same pairs only, so that no run goes on with another division."""
    key = hashlib.blake2b(corpus.fingerprint.encode(), digest_size=16)
    key.update(held.astype("<i8").tobytes())
    return key.hexdigest()


def describe_dropped(dropped: dict[str, int]) -> str:
    """Return the reasons with their counts, most frequent first."""
    counts = sorted(dropped.items(), key=lambda item: -item[1])
    return ", ".join(f"{count:,} {reason}" for reason, count in counts if count) or "none"


def _learned_back(
    corpus: TrainingCorpus, rows: Rows, dev_rows: Rows
) -> tuple[Rows, dict[str, int]]:
    """Return the rows that are used the other way round too, and a count of those that are not."""
    if not len(dev_rows):
        return rows, {}
    targets = corpus.keys[:, 1]  # to the other direction they are the sources
    seen = np.isin(targets[rows], targets[dev_rows])
    return rows[~seen], {_ONE_WAY: int(seen.sum())} if seen.any() else {}


def _parts(corpus: TrainingCorpus, rows: Rows) -> list[tuple[Rows, float]]:
    """Return those of `rows` that each corpus has, with its weight."""
    return [(rows[(rows >= a) & (rows < b)], weight) for a, b, weight in corpus.weights]


def _vocabulary(
    corpus: TrainingCorpus, rows: Rows, config: Config, cache: Path, tagged: list[str]
) -> Tokenizer:
    """Learn the vocabulary from an even sample of the rows, or take it from the cache."""
    options = config.tokenizer
    count = min(len(rows), max(options.sample_size // 2, 1))
    sample = rows[np.arange(count) * len(rows) // count]
    key = _vocabulary_key(corpus.fingerprint, sample, options, tagged)
    path = cache / f"vocabulary-{key}.model"
    if path.exists():
        tokenizer = Tokenizer.load(path)
        say_if_smaller(len(tokenizer), options.vocab_size)
        return tokenizer
    texts = _texts(corpus, sample)
    number = counted(len(texts), "sentence")
    say(f"Learning the vocabulary from {number}; SentencePiece does not tell how far it is.")
    with progress("Learning the vocabulary") as bar:
        tokenizer = learn_vocabulary(texts, options, tagged)
        bar.text = f"{len(tokenizer):,} pieces"
    write_atomically(path, tokenizer.model)
    return tokenizer


def _texts(corpus: TrainingCorpus, sample: Rows) -> list[str]:
    """Return both sides of these rows, as the vocabulary is to see them."""
    texts: list[str] = []
    with progress("Reading for the vocabulary", total=2 * len(sample), unit="sentences") as bar:
        for chunk in np.array_split(sample, max(1, len(sample) // _READ_AT_ONCE)):
            columns = corpus.dataset[chunk]
            for pair in zip(columns["source"], columns["target"], strict=True):
                texts += protect_pair(*pair)
            bar.move_to(len(texts))
    return texts


def _vocabulary_key(
    fingerprint: str, sample: Rows, options: TokenizerConfig, tagged: list[str]
) -> str:
    """Return a name for the vocabulary of these rows: equal names mean equal vocabularies."""
    key = hashlib.blake2b(digest_size=16)
    made = f"{_FORMAT} {version('sentencepiece')}"
    key.update(f"{made} {fingerprint} {options.vocab_size} {options.algorithm} ".encode())
    key.update(sample.astype(np.int64).data)
    key.update(" ".join(tagged).encode())
    return key.hexdigest()


def _trainable(
    encoded: EncodedCorpus, rows: Rows, longest: int, tag: int
) -> tuple[Rows, dict[str, int]]:
    """Return the rows that can be learned from, and counts of the others by reason.

    Args:
        encoded: the pairs without tags.
        rows: those that may be trained on.
        longest: tokens that a side may have.
        tag: how many of them the tag takes; either side may be the source.
    """
    sources, targets = encoded.source_lengths[rows], encoded.target_lengths[rows]
    too_long = np.maximum(sources, targets) + tag > longest
    # such as a side of zero-width characters: only the end of the sentence is left
    empty = np.minimum(sources, targets) < 2
    refused = {
        f"longer than {longest} tokens": int(too_long.sum()),
        "without a visible character": int((empty & ~too_long).sum()),
    }
    return rows[~(too_long | empty)], {reason: n for reason, n in refused.items() if n}
