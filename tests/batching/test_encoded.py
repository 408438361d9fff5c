from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from datasets import Dataset

from translator.batching import EncodedCorpus, encode_corpus
from translator.config import TokenizerConfig
from translator.tokenizer import Tokenizer, learn_vocabulary

SOURCES = ["a cat", "the dog sat", "", "on the mat 猫"]
TARGETS = ["un chat", "le chien", "assis", "sur le tapis"]


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return learn_vocabulary([*SOURCES, *TARGETS], TokenizerConfig(vocab_size=300))


@pytest.fixture
def pairs() -> Dataset:
    return Dataset.from_dict({"source": SOURCES, "target": TARGETS})


def encode(pairs: Dataset, tokenizer: Tokenizer, cache: Path, key: str = "k") -> EncodedCorpus:
    return encode_corpus(pairs, tokenizer, fingerprint=key, cache_dir=cache)


def only_file(cache: Path) -> Path:
    (path,) = cache.iterdir()
    return path


def test_ids_come_back(pairs: Dataset, tokenizer: Tokenizer, tmp_path: Path) -> None:
    corpus = encode(pairs, tokenizer, tmp_path)
    assert len(corpus) == 4
    sources, targets = corpus.ids(np.arange(4))
    assert (sources, targets) == (tokenizer.encode(SOURCES), tokenizer.encode(TARGETS))
    assert (sources, targets) == (tokenizer.encode(SOURCES), tokenizer.encode(TARGETS))
    assert tokenizer.decode(sources) == SOURCES
    assert corpus.source_lengths.tolist() == [len(row) + 1 for row in sources]
    assert corpus.target_lengths.tolist() == [len(row) + 1 for row in targets]


def test_rows_come_in_the_order_asked_for(
    pairs: Dataset, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    sources, targets = encode(pairs, tokenizer, tmp_path).ids(np.array([3, 0, 3]))
    assert tokenizer.decode(sources) == [SOURCES[3], SOURCES[0], SOURCES[3]]
    assert tokenizer.decode(targets) == [TARGETS[3], TARGETS[0], TARGETS[3]]


def test_what_is_kept_is_used_again(pairs: Dataset, tokenizer: Tokenizer, tmp_path: Path) -> None:
    encode(pairs, tokenizer, tmp_path)
    path = only_file(tmp_path)
    os.utime(path, (1, 1))
    encode(pairs, tokenizer, tmp_path)
    assert only_file(tmp_path) == path
    assert path.stat().st_mtime == 1


@pytest.mark.parametrize("damage", ["truncated", "empty", "garbage", "fewer rows"])
def test_a_damaged_file_is_made_again(
    pairs: Dataset, tokenizer: Tokenizer, tmp_path: Path, damage: str
) -> None:
    expected = encode(pairs, tokenizer, tmp_path).ids(np.arange(4))
    path = only_file(tmp_path)
    whole = path.read_bytes()
    path.unlink()  # the file is memory-mapped: replace it, do not change it
    if damage == "fewer rows":
        other = tmp_path / "other"
        encode(pairs.select([0, 1]), tokenizer, other)
        only_file(other).rename(path)
        other.rmdir()
    else:
        broken = {"truncated": whole[: len(whole) // 2], "empty": b"", "garbage": b"x" * 500}
        path.write_bytes(broken[damage])
    corpus = encode(pairs, tokenizer, tmp_path)
    assert corpus.ids(np.arange(4)) == expected
    assert only_file(tmp_path).read_bytes() == whole


def test_other_texts_or_another_vocabulary_have_their_own_file(
    pairs: Dataset, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    other = learn_vocabulary(SOURCES, TokenizerConfig(vocab_size=300, algorithm="bpe"))
    encode(pairs, tokenizer, tmp_path)
    encode(pairs, tokenizer, tmp_path, key="other texts")
    encode(pairs, other, tmp_path)
    assert len(list(tmp_path.iterdir())) == 3


def test_many_chunks_keep_their_order(
    tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("translator.batching.encoded._CHUNK", 3)
    numbers = [str(i) for i in range(10)]
    pairs = Dataset.from_dict({"source": numbers, "target": numbers[::-1]})
    sources, targets = encode(pairs, tokenizer, tmp_path).ids(np.arange(10))
    assert tokenizer.decode(sources) == numbers
    assert tokenizer.decode(targets) == numbers[::-1]


def test_a_failure_leaves_nothing(
    pairs: Dataset, tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("translator.batching.encoded._write", fail)
    with pytest.raises(OSError, match="No space left"):
        encode(pairs, tokenizer, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_both_ways_round(pairs: Dataset, tokenizer: Tokenizer, tmp_path: Path) -> None:
    plain = encode(pairs, tokenizer, tmp_path)
    both = plain.tagged([[7], [9]])
    assert len(both) == 8
    sources, targets = tokenizer.encode(SOURCES), tokenizer.encode(TARGETS)
    there = [[7, *row] for row in sources], targets
    back = [[9, *row] for row in targets], sources
    found = both.ids(np.arange(8))
    assert found == (there[0] + back[0], there[1] + back[1])
    assert both.source_lengths.tolist() == [len(row) + 1 for row in found[0]]
    assert both.target_lengths.tolist() == [len(row) + 1 for row in found[1]]
    # a pair may meet itself, and nothing is stored twice
    assert both.ids(np.array([5, 1, 5])) == (
        [back[0][1], there[0][1], back[0][1]],
        [sources[1], targets[1], sources[1]],
    )
    assert both.dataset is plain.dataset


@pytest.mark.parametrize("tag", [[], [7]])
def test_one_way_with_and_without_a_tag(
    pairs: Dataset, tokenizer: Tokenizer, tmp_path: Path, tag: list[int]
) -> None:
    plain = encode(pairs, tokenizer, tmp_path)
    corpus = plain.tagged([tag])
    sources, targets = corpus.ids(np.arange(4))
    assert sources == [tag + row for row in tokenizer.encode(SOURCES)]
    assert targets == tokenizer.encode(TARGETS)
    assert corpus.source_lengths.dtype == plain.source_lengths.dtype
    assert (corpus.source_lengths - plain.source_lengths == len(tag)).all()
    assert (corpus.target_lengths == plain.target_lengths).all()
