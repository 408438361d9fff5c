from __future__ import annotations

import errno
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from translator.config import DataConfig
from translator.corpora import TrainingCorpus, open_training_corpus, readers, store
from translator.corpora.doctor import batch
from translator.errors import DataError

Write = Callable[..., Path]
Read = Callable[..., TrainingCorpus]


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The corpora that have been read and written, one name each."""
    names: list[str] = []
    real = store._store

    def counted(records: Any, spec: Any, path: Path, doctor: Any) -> None:
        names.append(spec.name)
        real(records, spec, path, doctor)

    monkeypatch.setattr(store, "_store", counted)
    return names


def entry(tmp_path: Path) -> Path:
    (found,) = (tmp_path / "cache").iterdir()
    return found


def test_a_corpus_is_read_once(read: Read, write: Write, writes: list[str]) -> None:
    path = write("a.tsv", "a\tb\nc\td\n\t\n")
    first, second = read(path), read(path)
    assert writes == ["a.tsv"]
    assert second.dataset[:] == first.dataset[:] == {"source": ["a", "c"], "target": ["b", "d"]}
    assert second.dropped == first.dropped == {"both blank": 1}
    assert second.fingerprint == first.fingerprint
    assert second.records == first.records


def test_what_another_process_has_stored_is_taken_unread(
    write: Write, writes: list[str], tmp_path: Path
) -> None:
    path = write("a.tsv", "a\tb\n")

    def read(*known: str) -> TrainingCorpus:
        place = {"options": DataConfig(), "cache_dir": tmp_path / "cache"}
        return open_training_corpus([str(path)], source="en", target="fr", known=known, **place)

    first = read()
    [record] = first.records
    write("a.tsv", "c\td\n")
    assert read(record["fingerprint"]).dataset[:] == first.dataset[:]
    assert writes == ["a.tsv"]
    # what is not there, or no longer whole, is read
    assert read("0" * 32).dataset[:] == {"source": ["c"], "target": ["d"]}
    (tmp_path / "cache" / f"text-{record['fingerprint']}" / "counts.json").unlink()
    assert read(record["fingerprint"]).dataset[:] == {"source": ["c"], "target": ["d"]}


def test_content_counts_and_neither_name_nor_time(
    read: Read, write: Write, writes: list[str]
) -> None:
    first = read(write("a.tsv", "a\tb\n"))
    moved = read(write("b.tsv", "a\tb\n"))
    assert writes == ["a.tsv"]
    assert moved.fingerprint == first.fingerprint
    changed = read(write("a.tsv", "a\tc\n"))
    assert writes == ["a.tsv", "a.tsv"]
    assert changed.fingerprint != first.fingerprint
    assert changed.dataset["target"][:] == ["c"]


def test_whatever_changes_the_pairs_changes_the_key(read: Read, write: Write) -> None:
    path = write("a.tsv", "en\tfr\tde\na\tb\tc\n")
    seen = {
        read(path).fingerprint,
        read(path, target="de").fingerprint,
        read(path, source="fr", target="en").fingerprint,
        read(path, header="no").fingerprint,
        read(path, target_column="3").fingerprint,
        read(path, source_column="3").fingerprint,
        read(f"{path}@2").fingerprint,
        read(path, path).fingerprint,
    }
    assert len(seen) == 8
    assert read(path, max_length=7, dev_size=9).fingerprint == read(path).fingerprint
    csv, same = write("a.csv", "a,b\tc\n"), write("same.tsv", "a,b\tc\n")
    assert read(csv).fingerprint != read(same).fingerprint


def test_joining_reads_only_what_is_new(read: Read, write: Write, writes: list[str]) -> None:
    one, two = (
        write("a.tsv", "a\tb\n\tx\n"),
        write("b.jsonl", '{"en": "c", "fr": "d"}\n{"en": ""}\n'),
    )
    with pytest.raises(DataError):
        read(one, two)
    two = write("b.jsonl", '{"en": "c", "fr": "d"}\n{"en": "", "fr": "x"}\n')
    corpus = read(one, two, f"{one}@0.5")
    assert writes == ["a.tsv", "b.jsonl", "b.jsonl"]
    assert corpus.dataset[:] == {"source": ["a", "c", "a"], "target": ["b", "d", "b"]}
    assert len(corpus) == 3
    assert corpus.weights == ((0, 1, 1.0), (1, 2, 1.0), (2, 3, 0.5))
    assert corpus.dropped == {"source blank": 3}
    first, second, third = corpus.records
    assert first == {
        "spec": str(one),
        "pairs": 1,
        "weight": 1.0,
        "dropped": {"source blank": 1},
        "fingerprint": first["fingerprint"],
        "rules": ["blank", "duplicate", "untranslated", "extreme-ratio", "script", "encoding"],
    }
    assert third == {**first, "spec": f"{one}@0.5", "weight": 0.5}
    assert second["fingerprint"] != first["fingerprint"]
    assert len(corpus.fingerprint) == 32
    json.dumps(corpus.records)


def test_weights_follow_the_rows(read: Read, write: Write) -> None:
    two, three = write("2.tsv", "a\tb\nc\td\n"), write("3.tsv", "a\tb\nc\td\ne\tf\n")
    corpus = read(f"{three}@2", two)
    assert corpus.weights == ((0, 3, 2.0), (3, 5, 1.0))


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: (path / "pairs.arrow").write_bytes(b""),
        lambda path: (path / "pairs.arrow").unlink(),
        lambda path: (path / "pairs.arrow").write_bytes((path / "pairs.arrow").read_bytes()[:-40]),
        lambda path: (path / "pairs.arrow").write_bytes(
            bytes((path / "pairs.arrow").stat().st_size)
        ),
        lambda path: (path / "counts.json").unlink(),
        lambda path: (path / "counts.json").write_text("{"),
        lambda path: (path / "counts.json").write_text("[]"),
        lambda path: (path / "counts.json").write_text(
            (path / "counts.json").read_text().replace('"pairs": 2', '"pairs": 3')
        ),
        lambda path: (path / "counts.json").write_text('{"pairs": 2}'),
        lambda path: (path / "keys.bin").unlink(),
        lambda path: (path / "keys.bin").write_bytes(b"short"),
        lambda path: (path / "keys.bin").write_bytes(bytes(16)),
    ],
    ids=[
        *["emptied", "gone", "cut", "zeros", "no counts", "no JSON", "list", "other", "bare"],
        *["no keys", "no number", "too few keys"],
    ],
)
def test_a_damaged_entry_is_rebuilt(
    read: Read, write: Write, writes: list[str], tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    path = write("a.tsv", "a\tb\nc\td\n")
    read(path)
    damage(entry(tmp_path))
    assert read(path).dataset["source"][:] == ["a", "c"]
    assert read(path).dataset["target"][:] == ["b", "d"]
    assert writes == ["a.tsv", "a.tsv"]
    assert sorted(file.name for file in entry(tmp_path).iterdir()) == [
        "counts.json",
        "keys.bin",
        "pairs.arrow",
    ]


def test_an_error_half_way_leaves_nothing(read: Read, write: Write, tmp_path: Path) -> None:
    path = write("a.tsv", "a\tb\n" * 50_000 + "one column\n")
    with pytest.raises(DataError, match=r"a\.tsv:50001"):
        read(path)
    assert list((tmp_path / "cache").iterdir()) == []


def test_interrupting_leaves_nothing(
    read: Read, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped() -> Iterator[Any]:
        yield 1, "a", ["b"], {}
        raise KeyboardInterrupt

    monkeypatch.setattr(readers, "read_parts", lambda *_: [((), stopped())])
    with pytest.raises(KeyboardInterrupt):
        read(write("a.tsv", "a\tb\n"))
    assert list((tmp_path / "cache").iterdir()) == []


def test_no_place_to_write(write: Write, tmp_path: Path) -> None:
    path = write("a.tsv", "a\tb\n")
    with pytest.raises(DataError, match="the prepared corpus cannot be written: ") as caught:
        open_training_corpus(
            [str(path)], source="en", target="fr", options=DataConfig(), cache_dir=path / "cache"
        )
    assert caught.value.where == str(path / "cache")


def test_disk_full(
    read: Read, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = write("a.tsv", "a\tb\n")
    monkeypatch.setattr(store, "_write_pairs", full)
    with pytest.raises(DataError) as caught:
        read(path)
    assert caught.value.message == (
        "the prepared corpus cannot be written: No space left on device"
    )
    assert list((tmp_path / "cache").iterdir()) == []


def test_two_processes_at_once(
    read: Read, write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = write("a.tsv", "a\tb\n")
    real = store._write_pairs

    def slow(records: Any, place: Path, doctor: Any) -> Any:
        real(records, place, doctor)
        monkeypatch.setattr(store, "_write_pairs", real)
        read(path)  # the other process is done first
        raise OSError(errno.ENOTEMPTY, "Directory not empty")  # what the renaming would say

    monkeypatch.setattr(store, "_write_pairs", slow)
    assert read(path).dataset["source"][:] == ["a"]


def test_the_dataset_is_memory_mapped(read: Read, write: Write, tmp_path: Path) -> None:
    corpus = read(write("a.tsv", "a\tb\n"))
    assert corpus.dataset.cache_files == [{"filename": str(entry(tmp_path) / "pairs.arrow")}]
    assert corpus.dataset.column_names == ["source", "target"]


def test_many_rows_keep_their_order(
    read: Read, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "CHARACTERS", 1000)
    rows = [f"source {n}\tcible {n}" for n in range(3000)]
    corpus = read(write("a.tsv", "\n".join(rows)))
    assert corpus.dataset["source"][:] == [f"source {n}" for n in range(3000)]
    assert corpus.dataset["target"][:] == [f"cible {n}" for n in range(3000)]
    assert corpus.dataset.data.table.column("source").num_chunks > 10


def test_importing_is_cheap() -> None:
    code = (
        "import sys, translator.corpora; "
        "print([m for m in ('torch', 'datasets', 'pyarrow', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_reading_does_not_need_torch(write: Write, tmp_path: Path) -> None:
    path = write("a.tsv", "a\tb\nc\td\n")
    code = (
        "import sys; from pathlib import Path; from translator.config import DataConfig; "
        "from translator.corpora import hold_out, open_training_corpus; "
        f"c = open_training_corpus([{str(path)!r}], source='en', target='fr', "
        f"options=DataConfig(), cache_dir=Path({str(tmp_path / 'cache')!r})); "
        "hold_out(c.keys[:, 0], dev_size=1); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


BAD = (
    "the old cat sat on the mat\tthe old cat sat on the mat\n"
    "The summer\tL'\u00c3\u00a9t\u00c3\u00a9\n"
    "The cat sleeps.\t\u041a\u043e\u0442 \u0441\u043f\u0438\u0442.\n"
    f"Yes.\t{'x' * 200}\n"
)


def test_what_cannot_be_good_is_left_out_and_counted(read: Read, write: Write) -> None:
    good = "".join(f"The cat number {n}.\tLe chat {n}.\n" for n in range(40))
    path = write("a.tsv", good + BAD + good[: good.index("\n") + 1])
    corpus = read(path)
    assert len(corpus) == 40
    assert corpus.dropped == {
        "not translated": 1,
        "with broken characters": 1,
        "in a wrong script": 1,
        "with sides of very different length": 1,
        "repeated": 1,
    }
    everything = read(path, clean=False)
    assert len(everything) == 45
    assert everything.dropped == {}
    assert everything.records[0]["rules"] == []
    assert everything.fingerprint != corpus.fingerprint


def test_what_a_corpus_is_made_of_is_no_fault(
    read: Read, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """A task of copying, say."""
    words = [f"{a} {b} {c} {d}" for a in "abcd" for b in "efgh" for c in "ijkl" for d in "mnop"]
    path = write("a.tsv", "".join(f"{text}\t{text}\n" for text in words))
    for _ in range(2):  # read from the file, and from the store
        corpus = read(path)
        assert len(corpus) == len(words)
        assert corpus.dropped == {}
        assert "untranslated" not in corpus.records[0]["rules"]
        assert "duplicate" in corpus.records[0]["rules"]
        told = capsys.readouterr().err
        assert "100% of the first pairs would be left out as not translated" in told


@pytest.mark.parametrize("clean", [True, False])
def test_sentences_of_other_sets_are_found(read: Read, write: Write, clean: bool) -> None:
    path = write("a.tsv", "A cat.\tUn chat.\nYes.\t" + "x" * 200 + "\n")
    other = write("b.tsv", "A dog.\tUn chien.\n")
    told = {"sentences": 3, "source": 1, "target": 1, "either": 2}
    sets = ["a CAT", "A bird.", "No"], [["Une chatte", "un chien", None]]
    for _ in range(2):  # read from the files, and from the store
        corpus = read(path, other, clean=clean)
        assert corpus.overlap(*sets) == told
        assert len(corpus.keys) == len(corpus)
