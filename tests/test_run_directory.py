from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from translator import run_directory
from translator.config import Config, DataConfig, TrainingConfig
from translator.errors import ConfigError, ModelError
from translator.run_directory import (
    FORMAT_VERSION,
    RunDirectory,
    cache_directory,
    is_shipped,
    read_json,
    remove_leftovers,
    replacing,
    shipped_model,
    write_atomically,
)


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return RunDirectory(tmp_path / "run")


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_a_file_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert names(path.parent) == ["file"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="midway"), replacing(path) as temporary:  # noqa: PT012
        temporary.write_bytes(b"half")
        assert path.read_bytes() == b"old"
        raise RuntimeError("midway")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["file"]


def test_a_failure_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "file") as temporary:  # noqa: PT012
        temporary.write_bytes(b"half")
        raise KeyboardInterrupt
    assert names(tmp_path) == []


def test_a_directory_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "state"
    for name in ("old", "new"):
        with replacing(path) as temporary:
            temporary.mkdir()
            (temporary / name).write_text(name)
    assert names(path) == ["new"]
    assert names(tmp_path) == ["state"]


def test_a_failure_leaves_the_old_directory(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.mkdir()
    (path / "old").touch()
    with pytest.raises(OSError, match="full"), replacing(path) as temporary:  # noqa: PT012
        temporary.mkdir()
        (temporary / "new").touch()
        raise OSError("full")
    assert names(path) == ["old"]
    assert names(tmp_path) == ["state"]


def test_a_full_disk_is_told_with_the_name_that_the_system_leaves_out(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(OSError, match="No space left") as caught, replacing(path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(path))
    assert caught.value.strerror == "No space left on device"
    with pytest.raises(OSError, match="No space left") as caught, replacing(path):
        raise OSError(errno.ENOSPC, "No space left on device", "another")
    assert caught.value.filename == "another"
    with pytest.raises(BrokenPipeError) as broken, replacing(path):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")  # of standard output
    assert broken.value.filename is None
    assert names(tmp_path) == []


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    manager = replacing(tmp_path / "file")
    temporary = manager.__enter__()  # and never leaves, as if killed
    temporary.write_bytes(b"half")
    (tmp_path / "kept").touch()
    assert len(names(tmp_path)) == 2
    remove_leftovers(tmp_path)
    assert names(tmp_path) == ["kept"]
    with pytest.raises(FileNotFoundError):
        manager.__exit__(None, None, None)


def test_what_another_process_may_be_writing_stays(tmp_path: Path) -> None:
    abandoned, at_work = tmp_path / ".partial-old", tmp_path / ".partial-new"
    for holder in (abandoned, at_work):
        holder.mkdir()
        (holder / "file").write_bytes(b"half")
        os.utime(holder, (0, 0))  # what counts is the last thing written inside
    os.utime(abandoned / "file", (0, 0))
    remove_leftovers(tmp_path, older_than=3600)
    assert names(tmp_path) == [".partial-new"]


def test_no_directory_has_no_leftovers(tmp_path: Path) -> None:
    remove_leftovers(tmp_path / "absent")
    assert names(tmp_path) == []


def test_states_come_oldest_first(run: RunDirectory) -> None:
    assert run.states() == []
    for step in (200, 1000, 30):
        run.state_dir(step).mkdir(parents=True)
    (run.states_dir / ".partial-xyz").mkdir()
    (run.states_dir / "step-old").mkdir()
    run.snapshot_file(30).touch()
    assert [path.name for path in run.states()] == ["step-30", "step-200", "step-1000"]
    assert run.states()[-1] == run.state_dir(1000)


def test_snapshots(run: RunDirectory) -> None:
    assert run.snapshots() == []
    run.state_dir(5).mkdir(parents=True)
    for step in (40, 1000):
        run.snapshot_file(step).touch()
    assert sorted(run.snapshots()) == [
        (step, run.states_dir / f"average-step-{step}.safetensors") for step in (40, 1000)
    ]


def test_options_come_back(run: RunDirectory) -> None:
    config = Config(
        data=DataConfig(source_column='odd "name"\n', max_length=99),
        training=TrainingConfig(learning_rate=1 / 3, tensorboard=True, max_time="1h30m"),
    )
    run.write_config(config)
    assert run.read_config() == config


def test_an_unknown_option_in_config_toml_is_named(run: RunDirectory) -> None:
    run.write_config(Config())
    run.config_file.write_text("[model]\nd_modle = 4\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="d_modle") as caught:
        run.read_config()
    assert caught.value.where == str(run.config_file)


def test_the_manifest_comes_back(run: RunDirectory) -> None:
    run.write_manifest({"source": "en", "name": "Œuvre — 猫"})
    assert run.read_manifest() == {
        "format_version": FORMAT_VERSION,
        "source": "en",
        "name": "Œuvre — 猫",
    }
    assert "Œuvre — 猫" in run.manifest_file.read_text(encoding="utf-8")


@pytest.mark.parametrize("version", [FORMAT_VERSION + 1, "1", None])
def test_a_manifest_of_another_version_is_refused(run: RunDirectory, version: object) -> None:
    run.write_manifest({"format_version": version})
    with pytest.raises(ModelError, match="format version") as caught:
        run.read_manifest()
    assert caught.value.where == str(run.manifest_file)
    assert caught.value.hint == "Upgrade translator to use this model."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is damaged: not JSON"),
        (b"", "is damaged: not JSON"),
        (b"\xff", "is damaged: not JSON"),
        (b"[1]", "is damaged: not a JSON object"),
    ],
)
def test_damaged_json(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        read_json(path)
    assert caught.value.message == message
    with pytest.raises(ModelError, match="cannot be read: No such file"):
        read_json(tmp_path / "absent.json")


def test_a_run_and_a_model_are_told_apart(run: RunDirectory) -> None:
    assert not run.holds_run()
    run.write_config(Config())
    assert not run.holds_run()
    run.write_manifest({})
    assert run.holds_run()
    assert not run.holds_model()
    run.weights_file.touch()
    assert run.holds_model()


def test_what_a_model_lacks_is_named(run: RunDirectory) -> None:
    def told() -> str:
        with pytest.raises(ModelError) as caught:
            run.require_model()
        return caught.value.message

    assert told() == "there is no such run directory"
    run.write_config(Config())
    assert told() == (
        "is not a finished run directory: tokenizer.model, model.safetensors, manifest.json missing"
    )
    for file in (run.tokenizer_file, run.weights_file, run.manifest_file):
        file.touch()
    run.require_model()
    run.path.joinpath("file").touch()
    with pytest.raises(ModelError, match="is a file"):
        RunDirectory(run.path / "file").require_model()


def test_the_shipped_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site" / "translator"
    monkeypatch.setattr(run_directory, "__file__", str(package / "run_directory.py"))
    assert shipped_model() is None
    in_a_checkout = RunDirectory(tmp_path / "site" / "checkpoints" / "en-fr")
    assert not is_shipped(in_a_checkout)
    in_a_package = RunDirectory(package / "shipped" / "en-fr")
    for run in (in_a_checkout, in_a_package):
        run.write_manifest({})
        assert not is_shipped(run)  # it has no weights yet
        run.weights_file.touch()
        found = shipped_model()
        assert found is not None
        assert found.path == run.path
        monkeypatch.chdir(run.path)
        assert is_shipped(RunDirectory(""))
    assert not is_shipped(in_a_checkout)


def test_cache_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRANSLATOR_CACHE", str(tmp_path / "named"))
    assert cache_directory() == tmp_path / "named"
    monkeypatch.delenv("TRANSLATOR_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_directory() == tmp_path / "xdg" / "translator"
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache_directory() == tmp_path / "home" / ".cache" / "translator"


def test_files_hold_json_that_others_can_read(run: RunDirectory) -> None:
    run.write_manifest({"a": 1})
    assert json.loads(run.manifest_file.read_bytes()) == {"format_version": 1, "a": 1}
