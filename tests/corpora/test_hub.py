from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import datasets
import pytest
from datasets.exceptions import DatasetNotFoundError

from translator.config import DataConfig
from translator.corpora import TrainingCorpus, hub, read_test_set, store
from translator.corpora.convert import convert
from translator.corpora.doctor.check import Question, check
from translator.corpora.info import corpus_info
from translator.errors import DataError
from translator.run_directory import RunDirectory
from translator.training import Request, train
from translator.training.run import _pinned

Read = Callable[..., TrainingCorpus]
Refused = Callable[..., tuple[str, str | None, str]]
Write = Callable[..., Path]

Call = tuple[str, str | None, str]


@pytest.fixture
def hub_sets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, write: Write
) -> Callable[[dict[Call, Any]], list[Call]]:
    """Put data sets, given as JSON lines, or errors on a hub of our own; returns the calls."""

    def install(contents: dict[Call, Any], size: int = 10) -> list[Call]:
        calls: list[Call] = []

        class Builder:
            """As much of `datasets.DatasetBuilder` as is used."""

            cache_dir = str(tmp_path / "hub" / "prepared")
            hash = "0" * 40

            def __init__(self, name: str, config: str | None, *, revision: str | None) -> None:
                self._name, self._config = name, config
                if not any(call[:2] == (name, config) for call in contents):
                    calls.append((name, config, ""))
                    raise DatasetNotFoundError(f"Dataset {name!r} doesn't exist")
                commit = COMMITS.get(
                    revision
                )  # where there is none, the copy in the cache is taken
                self.base_path = f"hf://datasets/{name}@{commit}/data" if commit else ""
                self.info = datasets.DatasetInfo(download_size=size, dataset_size=size)
                self.info.splits = {"train": datasets.SplitInfo("train", num_examples=3)}

            def download_and_prepare(self) -> None:
                assert size == 10

            def as_dataset(self, *, split: str) -> Any:
                return self._opened(split, streaming=False)

            def as_streaming_dataset(self, *, split: str) -> Any:
                return self._opened(split, streaming=True)

            def _opened(self, split: str, *, streaming: bool) -> Any:
                calls.append((self._name, self._config, split))
                found = contents[calls[-1]]
                if isinstance(found, Exception):
                    raise found
                path = tmp_path / f"{self._name.replace('/', '-')}.jsonl"
                if not path.exists():  # once, as a hub does not change between two calls
                    write(path.name, found)
                return datasets.load_dataset(
                    "json",
                    data_files=str(path),
                    split="train",
                    cache_dir=str(tmp_path / "hub"),
                    streaming=streaming,
                )

        monkeypatch.setattr(datasets, "load_dataset_builder", Builder)
        return calls

    monkeypatch.setattr(hub, "_answers", lambda address: True)
    # the tests at large are offline; this hub can be reached
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", False)
    datasets.disable_progress_bars()
    return install


COMMITS = {None: "0" * 40, "main": "0" * 40, "v1": "1" * 40}
COMMITS |= {commit: commit for commit in list(COMMITS.values())}

NESTED = (
    '{"id": "1", "translation": {"en": "a\\u2028b", "fr": "c"}}\n'
    '{"id": "2", "translation": {"en": "d", "fr": ""}}\n'
    '{"id": "3", "translation": {"en": " e ", "fr": "f"}}\n'
)
FLAT = '{"en": "a", "fr": "b"}\n{"en": "c", "fr": "d"}\n'


def test_nested_columns(read: Read, hub_sets: Any) -> None:
    calls = hub_sets({("books", None, "train"): NESTED})
    corpus = read("hf:books")
    assert calls == [("books", None, "train")]
    assert corpus.dataset[:] == {"source": ["a b", "e"], "target": ["c", "f"]}
    assert corpus.dropped == {"target blank": 1}
    assert corpus.records[0]["spec"] == "hf:books"


def test_flat_columns_config_and_split(read: Read, hub_sets: Any) -> None:
    calls = hub_sets({("a/b", "en-fr", "train[:50%]"): FLAT})
    corpus = read("hf:a/b/en-fr:train[:50%]@2")
    assert calls == [("a/b", "en-fr", "train[:50%]")]
    assert corpus.dataset[:] == {"source": ["a", "c"], "target": ["b", "d"]}
    assert corpus.weights == ((0, 2, 2.0),)


def test_namespace_first_then_config(read: Read, hub_sets: Any) -> None:
    calls = hub_sets({("a/b", None, "train"): FLAT, ("a", "b", "train"): NESTED})
    assert len(read("hf:a/b")) == 2
    assert calls == [("a/b", None, "train")]
    calls = hub_sets({("opus", "en-fr", "train"): FLAT})
    assert len(read("hf:opus/en-fr")) == 2
    assert calls == [("opus/en-fr", None, ""), ("opus", "en-fr", "train")]


def test_stored_once(read: Read, hub_sets: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hub_sets({("a", None, "train"): FLAT, ("a", None, "test"): FLAT})
    first = read("hf:a")
    monkeypatch.setattr(store, "_store", None)  # reading it again would fail
    assert read("hf:a").fingerprint == first.fingerprint
    monkeypatch.undo()


def test_test_set(hub_sets: Any) -> None:
    hub_sets({("a", None, "test"): '{"en": "a", "fr": ["b", "c"]}\n{"en": "d", "fr": ["e"]}\n'})
    found = read_test_set("hf:a:test", source="en", target="fr", options=DataConfig())
    assert (found.sources, found.references) == (["a", "d"], [["b", "e"], ["c", None]])


def test_the_revision_is_kept_and_can_be_asked_for(read: Read, hub_sets: Any) -> None:
    hub_sets({("a", None, "train"): FLAT})
    newest, tagged = read("hf:a"), read("hf:a:train#v1@2")
    assert newest.records[0]["revision"] == "0" * 40
    assert tagged.records[0]["revision"] == "1" * 40
    assert tagged.weights == ((0, 2, 2.0),)
    assert newest.records[0]["fingerprint"] != tagged.records[0]["fingerprint"]
    pinned = read(f"hf:a#{'0' * 40}")
    assert pinned.fingerprint == newest.fingerprint


def test_a_run_says_which_revision_it_has_learned_from(
    hub_sets: Any,
    toy: Callable[..., list[tuple[str, str]]],
    tiny: Callable[..., list[str]],
    own_cache: Path,
    tmp_path: Path,
) -> None:
    lines = [json.dumps({"en": source, "fr": target}) for source, target in toy(130)]
    parts = ["\n".join(part) for part in (lines[:100], lines[100:])]
    hub_sets({("a", None, "train"): parts[0], ("b", None, "test"): parts[1]})
    run = RunDirectory(tmp_path / "run")
    request = Request(
        train=("hf:a#v1",),
        dev="hf:b:test",
        source="en",
        target="fr",
        out=run.path,
        settings=tuple(tiny(training__max_steps=1)[1::2]),
    )
    train(request)
    manifest = run.read_manifest()
    assert manifest["data"]["train"][0]["revision"] == "1" * 40
    assert manifest["data"]["dev"]["revision"] == "0" * 40
    assert _pinned(manifest) == {
        "train": (f"hf:a:train#{'1' * 40}",),
        "dev": f"hf:b:test#{'0' * 40}",
    }


def test_a_copy_of_another_revision_is_not_taken(refused: Refused, hub_sets: Any) -> None:
    hub_sets({("a", None, "train"): FLAT})
    what, where, hint = refused("hf:a#gone")
    assert what.startswith("there is no revision 'gone', or the hub cannot be reached; the copy on")
    assert what.endswith(f"is of {'0' * 40}")
    assert (where, hint) == ("hf:a#gone", "Go online, or name another revision, or none.")


def test_what_does_not_fit_is_streamed(
    read: Read, hub_sets: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = hub_sets({("a", None, "train"): NESTED}, size=1 << 60)
    corpus = read("hf:a")
    assert corpus.dataset[:] == {"source": ["a b", "e"], "target": ["c", "f"]}
    assert corpus.records[0]["revision"] == "0" * 40
    assert calls == [("a", None, "train")]
    assert "are free: read over the network" in capsys.readouterr().err
    # of the same revision, it is the same corpus
    hub_sets({("a", None, "train"): NESTED})
    assert read("hf:a").fingerprint == corpus.fingerprint


def test_the_beginning_of_what_does_not_fit(read: Read, refused: Refused, hub_sets: Any) -> None:
    hub_sets({("a", None, "train"): FLAT}, size=1 << 60)
    what, where, hint = refused("hf:a:train[:10%]")
    assert what.endswith("are free, and a part like this cannot be streamed")
    assert (where, hint.endswith("hf:a:train[:1000000], or the whole.")) == (
        "hf:a:train[:10%]",
        True,
    )
    assert read("hf:a:train[:1]").dataset["source"][:] == ["a"]


def test_a_stream_that_breaks_off(
    refused: Refused, hub_sets: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ConnectionError("reset by peer")
        yield

    hub_sets({("a", None, "train"): FLAT}, size=1 << 60)
    monkeypatch.setattr(hub, "arrow_rows", broken)
    assert refused("hf:a")[:2] == ("cannot be read to its end: reset by peer", "hf:a")


def test_the_doctor_sees_odd_separators(hub_sets: Any) -> None:
    hub_sets({("a", None, "train"): NESTED})
    asked = Question(
        specs=["hf:a"],
        source="en",
        target="fr",
        options=DataConfig(),
        rules=["separators"],
        workers=1,
    )
    assert check(asked).found["separators"].lines == [("a", 1)]


def test_info_and_conversion(hub_sets: Any, tmp_path: Path) -> None:
    hub_sets({("a", None, "train"): NESTED})
    found = corpus_info("hf:a", source=None, target=None, options=DataConfig())
    assert (found.source, found.target, found.pairs) == ("en", "fr", 2)
    assert (found.size, found.revision) == (None, "0" * 40)
    assert found.columns == {"id": 2}
    out = tmp_path / "o.tsv"
    done = convert("hf:a", str(out), source="fr", target="en", options=DataConfig())
    assert (done.pairs, done.columns) == (2, ["id"])
    assert out.read_text(encoding="utf-8") == "fr\ten\tid\nc\ta b\t1\nf\te\t3\n"


def test_joined_with_a_file(read: Read, write: Write, hub_sets: Any) -> None:
    hub_sets({("a", None, "train"): FLAT})
    assert read("hf:a", write("x.tsv", "x\ty\n")).dataset["source"][:] == ["a", "c", "x"]


def test_no_such_language(refused: Refused, hub_sets: Any) -> None:
    hub_sets({("a", None, "train"): NESTED})
    assert refused("hf:a", target="de")[:2] == (
        "there is no column for the target language 'de': found 'en', 'fr'",
        "hf:a",
    )


@pytest.mark.parametrize("name", ["a", "a/b", "a/b/c"])
def test_no_such_data_set(refused: Refused, hub_sets: Any, name: str) -> None:
    hub_sets({})
    what, where, hint = refused(f"hf:{name}")
    shown = "a/b" if "/" in name else "a"
    assert (what, where) == (f"cannot be loaded: Dataset '{shown}' doesn't exist", f"hf:{name}")
    assert "hf:NAME[/CONFIG][:SPLIT]" in hint


def test_no_such_configuration(refused: Refused, hub_sets: Any) -> None:
    error = ValueError("BuilderConfig 'x' not found.\nAvailable: ['en-fr']")
    hub_sets({("opus", "x", "train"): error})
    assert refused("hf:opus/x") == (
        "cannot be loaded: BuilderConfig 'x' not found. Available: ['en-fr']",
        "hf:opus/x",
        "Write hf:NAME[/CONFIG][:SPLIT].",
    )


def test_connection_lost(refused: Refused, hub_sets: Any) -> None:
    hub_sets({("a", None, "train"): ConnectionError("many words")})
    assert refused("hf:a") == (
        "cannot be loaded: the hub cannot be reached, "
        "and there is no copy of the data set on this machine",
        "hf:a",
        "Go online, or download the data and give the files.",
    )


@pytest.mark.parametrize("name", ["nobody-here/nothing", "nothing/at/all"])
def test_offline_is_told_at_once(tmp_path: Path, name: str) -> None:
    code = (
        "from pathlib import Path; from translator.config import DataConfig; "
        "from translator.corpora import open_training_corpus; "
        "from translator.errors import DataError\n"
        "try:\n"
        f"    open_training_corpus(['hf:{name}'], source='en', target='fr', "
        f"options=DataConfig(), cache_dir=Path({str(tmp_path / 'cache')!r}))\n"
        "except DataError as error:\n"
        "    print(error)\n"
    )
    environment = {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home"), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
        cwd=tmp_path,
        timeout=120,
    )
    assert done.stdout == (
        f"hf:{name}: cannot be loaded: the hub cannot be reached, and there is no copy of the "
        "data set on this machine\n  Go online, or download the data and give the files.\n"
    )
    assert done.stderr == ""


def test_no_network_is_found_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: Any, **__: Any) -> Any:
        raise OSError("no route")

    monkeypatch.setattr("urllib.request.getproxies", dict)
    monkeypatch.setattr(socket, "create_connection", unreachable)
    assert hub._answers("https://huggingface.co") is False
    was = datasets.config.HF_HUB_OFFLINE
    with hub._quick_when_offline() as online:
        assert online is False
        assert datasets.config.HF_HUB_OFFLINE is True
    assert was == datasets.config.HF_HUB_OFFLINE


def test_a_proxy_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("urllib.request.getproxies", lambda: {"https": "http://proxy"})
    assert hub._answers("https://huggingface.co") is True


def test_the_error_is_a_data_error(hub_sets: Any, read: Read) -> None:
    hub_sets({("a", None, "train"): RuntimeError("Dataset scripts are no longer supported")})
    with pytest.raises(DataError, match="Dataset scripts are no longer supported"):
        read("hf:a")
