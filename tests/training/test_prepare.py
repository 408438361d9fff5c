from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from translator import progress
from translator.config import load_config
from translator.training import prepare


def test_learning_the_vocabulary_shows_itself(
    toy_files: tuple[Path, Path],
    tiny: Callable[..., list[str]],
    own_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(progress, "PLAIN_INTERVAL", 0.0)
    monkeypatch.setattr(prepare, "_READ_AT_ONCE", 100)
    told = []
    for _ in range(2):
        prepare.prepare(
            [str(toy_files[0])],
            str(toy_files[1]),
            source="en",
            target="fr",
            config=load_config("", tiny()[1::2]),
        )
        lines = capfd.readouterr().err.splitlines()
        told.append([line for line in lines if "vocabulary" in line])
    *read, line, done = told[0]
    assert [one.partition(" sentences, ")[0] for one in read] == [
        "Reading for the vocabulary: 33%, 200",
        "Reading for the vocabulary: 67%, 400",
        "Reading for the vocabulary: 100%, 600",
    ]
    assert line == (
        "Learning the vocabulary from 600 sentences; SentencePiece does not tell how far it is."
    )
    assert done == "Learning the vocabulary: 310 pieces"
    assert told[1] == []  # it is in the cache
