from __future__ import annotations

import gzip
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard

from translator.config import DataConfig
from translator.corpora import TrainingCorpus, open_training_corpus
from translator.errors import DataError

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.compress,
}


@pytest.fixture(params=sorted(COMPRESS), ids=lambda ending: ending or "plain")
def compression(request: pytest.FixtureRequest) -> str:
    """One ending after the other."""
    return str(request.param)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file, compressed as its name says."""

    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(COMPRESS.get(path.suffix, bytes)(data))
        return path

    return write


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., TrainingCorpus]:
    """Read training corpora, English to French."""

    def read(*specs: object, source: str = "en", target: str = "fr", **options: Any) -> Any:
        return open_training_corpus(
            [str(spec) for spec in specs],
            source=source,
            target=target,
            options=DataConfig(**options),
            cache_dir=tmp_path / "cache",
        )

    return read


@pytest.fixture
def pairs(read: Callable[..., TrainingCorpus]) -> Callable[..., list[tuple[str, str]]]:
    """The pairs that training would see."""

    def pairs(*specs: object, **options: Any) -> list[tuple[str, str]]:
        dataset = read(*specs, **options).dataset
        return list(zip(dataset["source"], dataset["target"], strict=True))

    return pairs


@pytest.fixture
def refused(
    read: Callable[..., TrainingCorpus], tmp_path: Path
) -> Callable[..., tuple[str, str | None, str]]:
    """What, where (without the directory) and hint of the error; nothing is left in the store."""

    def refused(*specs: object, **options: Any) -> tuple[str, str | None, str]:
        with pytest.raises(DataError) as caught:
            read(*specs, **options)
        assert not list((tmp_path / "cache").glob("*"))
        where = caught.value.where and caught.value.where.replace(f"{tmp_path}/", "")
        hint = (caught.value.hint or "").replace(f"{tmp_path}/", "")
        return caught.value.message.replace(f"{tmp_path}/", ""), where, hint

    return refused
