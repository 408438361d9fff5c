from __future__ import annotations

import pytest

from translator.errors import (
    ConfigError,
    DataError,
    Interrupted,
    ModelError,
    TrainingError,
    TranslatorError,
    nearest,
)


@pytest.mark.parametrize(
    ("where", "hint", "text"),
    [
        (None, None, "is wrong"),
        ("data.tsv:3", None, "data.tsv:3: is wrong"),
        (None, "Mend it.", "is wrong\n  Mend it."),
        ("data.tsv:3", "Mend it.", "data.tsv:3: is wrong\n  Mend it."),
    ],
)
def test_messages_say_what_where_and_what_to_do(
    where: str | None, hint: str | None, text: str
) -> None:
    error = DataError("is wrong", where=where, hint=hint)
    assert str(error) == text
    assert (error.message, error.where, error.hint) == ("is wrong", where, hint)


@pytest.mark.parametrize("kind", [ConfigError, DataError, ModelError, TrainingError, Interrupted])
def test_one_family(kind: type[TranslatorError]) -> None:
    with pytest.raises(TranslatorError, match=r"^x$"):
        raise kind("x")


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("betch", "Did you mean batch?"),
        ("layer", "Did you mean layers?"),
        ("zzz", "Known: batch, layers, width."),
    ],
)
def test_nearest(word: str, told: str) -> None:
    assert nearest(word, ["width", "layers", "batch"]) == told
