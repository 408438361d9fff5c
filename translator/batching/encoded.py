"""Sentence pairs -> ids, once: kept in an Arrow file, memory-mapped, keyed by content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from translator.progress import progress
from translator.run_directory import replacing
from translator.tokenizer import Tokenizer, protect_pair

if TYPE_CHECKING:
    from datasets import Dataset

_CHUNK = 10_000
"""Pairs encoded at once; twice as many are on their way."""
_FORMAT = "2"


@dataclass(frozen=True)
class EncodedCorpus:
    """Rows of ids with their lengths.

    With two tags there are twice as many rows as pairs: behind all pairs come the same pairs the
    other way round. They are turned when they are read, and stored once.

    Attributes:
        dataset: columns `source_ids` and `target_ids`, without special ids, memory-mapped.
        source_lengths, target_lengths: tokens of each row, tag and eos included.
        tags: ids that the sources begin with, for one direction or for both.
    """

    dataset: Dataset
    source_lengths: NDArray[np.int32]
    target_lengths: NDArray[np.int32]
    tags: tuple[list[int], ...] = ([],)

    def __len__(self) -> int:
        return len(self.source_lengths)

    def ids(self, rows: NDArray[np.int64]) -> tuple[list[list[int]], list[list[int]]]:
        """Return source and target ids of these rows."""
        ways, pairs = np.divmod(rows, len(self.dataset))
        columns = self.dataset[pairs]
        sources, targets = list(columns["source_ids"]), list(columns["target_ids"])
        for at, way in enumerate(ways):
            if way:
                sources[at], targets[at] = targets[at], sources[at]
            sources[at] = [*self.tags[way], *sources[at]]
        return sources, targets

    def tagged(self, tags: Sequence[list[int]]) -> EncodedCorpus:
        """Return the rows of untagged pairs in as many directions as there are tags."""
        sides = self.source_lengths, self.target_lengths
        ways = [sides, sides[::-1]][: len(tags)]
        return EncodedCorpus(
            self.dataset,
            np.concatenate([way[0] + len(tag) for way, tag in zip(ways, tags, strict=True)]),
            np.concatenate([way[1] for way in ways]),
            tuple(tags),
        )


def encode_corpus(
    dataset: Dataset, tokenizer: Tokenizer, *, fingerprint: str, cache_dir: Path
) -> EncodedCorpus:
    """Encode all pairs (columns `source`, `target`), or take the result of an earlier time.

    Args:
        dataset: the pairs, any number.
        tokenizer: what encodes them.
        fingerprint: of the pairs' content.
        cache_dir: where results are kept.
    """
    from datasets import Dataset

    key = hashlib.blake2b(
        f"{_FORMAT} {fingerprint} {tokenizer.fingerprint}".encode(), digest_size=16
    ).hexdigest()
    path = cache_dir / f"ids-{key}.arrow"
    if not _is_whole(path, len(dataset)):
        with replacing(path) as temporary:
            _write(dataset, tokenizer, temporary)
    encoded = Dataset.from_file(str(path))
    return EncodedCorpus(
        encoded,
        _lengths(encoded.data.column("source_ids")),
        _lengths(encoded.data.column("target_ids")),
    )


def _write(dataset: Dataset, tokenizer: Tokenizer, path: Path) -> None:
    import pyarrow as pa

    ids = pa.list_(pa.int32())
    schema = pa.schema([("source_ids", ids), ("target_ids", ids)])

    def encoded(start: int) -> Any:
        chunk = dataset[start : start + _CHUNK]
        pairs: Iterable[tuple[str, str]] = zip(chunk["source"], chunk["target"], strict=True)
        if tokenizer.placeholders:
            pairs = (protect_pair(*pair, words=True) for pair in pairs)
        columns = [tokenizer.encode(side) for side in zip(*pairs, strict=True)]
        return pa.record_batch([pa.array(column, ids) for column in columns], schema)

    with (
        pa.OSFile(str(path), "wb") as sink,
        pa.ipc.new_stream(sink, schema) as writer,
        progress("Encoding", total=len(dataset), unit="pairs") as bar,
        # SentencePiece leaves Python free: the next chunk is made ready meanwhile
        ThreadPoolExecutor(2) as pool,
    ):
        starts = iter(range(0, len(dataset), _CHUNK))
        waiting = [pool.submit(encoded, start) for start in islice(starts, 2)]
        while waiting:
            batch = waiting.pop(0).result()
            waiting += [pool.submit(encoded, start) for start in islice(starts, 1)]
            writer.write_batch(batch)
            bar.advance(len(batch))


def _is_whole(path: Path, rows: int) -> bool:
    """Return whether a kept result can be used; a damaged one is made again."""
    import pyarrow as pa
    from datasets import Dataset

    if not path.exists():
        return False
    try:
        return len(Dataset.from_file(str(path))) == rows
    except (pa.ArrowInvalid, OSError, ValueError):
        return False


def _lengths(column: Any) -> NDArray[np.int32]:
    import pyarrow.compute as pc

    lengths: NDArray[np.int32] = pc.list_value_length(column).to_numpy().astype(np.int32)
    return lengths + 1
