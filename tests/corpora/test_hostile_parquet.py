"""Parquet that a stranger may have made to fill memory or disk."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from translator.corpora import compression
from translator.corpora.columns import Wanted
from translator.corpora.formats import arrow

Write = Callable[..., Path]
Refused = Callable[..., tuple[str, str | None, str]]

TOO_MUCH = "gives more than 250 times its size when it is read"


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, **options)
    return sink.getvalue()


@pytest.fixture
def measured() -> Iterator[Callable[[], Any]]:
    """Begin to measure what Arrow takes."""
    was = pa.default_memory_pool()

    def begin() -> Any:
        pool = pa.proxy_memory_pool(was)
        pa.set_memory_pool(pool)
        return pool

    yield begin
    pa.set_memory_pool(was)


def test_what_is_compressed_too_well_is_not_read(
    refused: Refused, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compression, "BOMB_SIZE", 1 << 20)
    monkeypatch.setattr(arrow, "arrow_rows", None)
    texts = ["x" * 1000] * 2000
    content = parquet({"en": texts, "fr": texts}, use_dictionary=False, compression="zstd")
    what, where, hint = refused(write("a.parquet", content))
    assert (what, where, "fill your memory" in hint) == (TOO_MUCH, "a.parquet", True)


@pytest.mark.parametrize("form", ["text", "nested", "list"])
def test_a_text_for_many_rows_is_in_memory_once(
    refused: Refused,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    measured: Callable[[], Any],
    form: str,
) -> None:
    long = pa.DictionaryArray.from_arrays(pa.array([0] * 2000, pa.int32()), ["x" * 100_000])
    short = pa.array([f"n {n}" for n in range(2000)])
    columns = {
        "text": {"en": short, "fr": long},
        "nested": {"translation": pa.StructArray.from_arrays([short, long], ["en", "fr"])},
        "list": {"en": short, "fr": pa.ListArray.from_arrays(list(range(2001)), long)},
    }
    path = write("a.parquet", parquet(columns[form], store_schema=False))
    memory = measured()
    rows = arrow.read_parquet(path, Wanted(source="en", target="fr"))
    first, second = next(rows)[2][0], next(rows)[2][0]
    assert first is second
    assert first == "x" * 100_000
    rows.close()
    monkeypatch.setattr(compression, "BOMB_SIZE", 1 << 20)
    assert refused(path)[:2] == (TOO_MUCH, "a.parquet")
    assert memory.max_memory() < 10 << 20


def test_texts_that_begin_as_the_one_before_are_read_few_at_once(
    write: Write, monkeypatch: pytest.MonkeyPatch, measured: Callable[[], Any]
) -> None:
    texts = ["x" * 100_000 + str(n) for n in range(300)]
    coded = {"use_dictionary": False, "column_encoding": {"fr": "DELTA_BYTE_ARRAY"}}
    numbers = [str(n) for n in range(300)]
    path = write("a.parquet", parquet({"en": numbers, "fr": texts}, **coded))
    monkeypatch.setattr(arrow, "LINE_LIMIT", 1 << 20)
    memory = measured()
    rows = arrow.read_parquet(path, Wanted(source="en", target="fr"))
    assert next(rows)[2] == texts[:1]
    rows.close()
    assert memory.max_memory() < 10 << 20


def test_a_text_is_no_longer_than_a_line(
    refused: Refused, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrow, "LINE_LIMIT", 1 << 20)
    path = write("a.parquet", parquet({"en": ["a", "b"], "fr": ["c", "x" * ((1 << 20) + 1)]}))
    assert refused(path)[:2] == ("rows 1 to 2 hold a text of more than 1 MiB", "a.parquet")


DAMAGED = """
import io, sys
from pathlib import Path
import pyarrow as pa, pyarrow.parquet as pq
from translator.corpora.columns import Wanted
from translator.corpora.formats.arrow import read_parquet
from translator.errors import DataError

sink = io.BytesIO()
pairs = [{"en": "A cat.", "fr": "Un chat."}, {"en": "A dog.", "fr": None}]
pq.write_table(pa.table({"translation": pairs}), sink)
whole, path = sink.getvalue(), Path("a.parquet")
footer = int.from_bytes(whole[-8:-4], "little")
refused = 0
for at in range(len(whole) - 8 - footer, len(whole) - 8):
    for value in (0, 0x15, 0xFF):
        path.write_bytes(whole[:at] + bytes([value]) + whole[at + 1 :])
        try:
            list(read_parquet(path, Wanted(source="en", target="fr")))
        except DataError:
            refused += 1
print(refused)
"""


def test_no_damage_of_the_footer_ends_the_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DAMAGED], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]
    assert int(done.stdout) > 500
