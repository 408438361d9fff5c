"""Mistakes of the user: one message that says what, where and what to do, and nothing on disk."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from translator.run_directory import RunDirectory

Arguments = Callable[..., list[str]]
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def refused(
    invoke: Callable[..., Any], tiny_run: Arguments, tmp_path: Path, own_cache: Path
) -> Callable[..., str]:
    """Train, see it refused, and return the message without the test's directory."""

    def refused(*more: object, **changed: Any) -> str:
        before = sorted(tmp_path.rglob("*"))
        result = invoke(*tiny_run(more=more, **changed))
        assert result.exit_code == 2, result.stderr
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        assert result.stderr.count("rror: ") == 1
        left = [path for path in sorted(tmp_path.rglob("*")) if path not in before]
        assert [path for path in left if own_cache not in (path, *path.parents)] == []
        assert not list(tmp_path.rglob(".partial-*"))
        return str(result.stderr).replace(f"{tmp_path}/", "")

    return refused


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


Write = Callable[[str, str | bytes], Path]


def test_missing_file(refused: Callable[..., str], tmp_path: Path) -> None:
    message = refused(train=tmp_path / "trian.tsv")
    assert message.startswith("error: trian.tsv: there is no such file\n")
    assert "train.tsv" in message


def test_missing_dev_file(refused: Callable[..., str], tmp_path: Path) -> None:
    assert refused(dev=tmp_path / "nowhere.tsv").startswith(
        "error: nowhere.tsv: there is no such file\n"
    )


def test_directory(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "folder.tsv").mkdir()
    message = refused(train=tmp_path / "folder.tsv")
    assert message.startswith("error: folder.tsv: is a directory without a corpus of en and fr\n")


def test_empty_file(refused: Callable[..., str], write: Write) -> None:
    assert refused(train=write("empty.tsv", "")) == (
        "error: empty.tsv: is empty\n  Check whether it was written, or fetched, to its end.\n"
    )


def test_blank_lines_only(refused: Callable[..., str], write: Write) -> None:
    message = refused(train=write("blank.tsv", "\n \t \n\u3000\t\n" * 10))
    assert message.startswith("error: blank.tsv: holds no sentence pair (30 both blank)")


def test_one_column(refused: Callable[..., str], write: Write) -> None:
    message = refused(train=write("one.tsv", "a\tb\nonly one\n"))
    assert message.startswith("error: one.tsv:2: has 1 column, and the target is column 2\n")


def test_unequal_line_counts(refused: Callable[..., str], write: Write) -> None:
    a, b = write("a.en", "one\ntwo\nthree\n"), write("a.fr", "un\ndeux\n")
    assert refused(train=f"{a},{b}") == (
        "error: a.en: has 3 lines, and a.fr has 2\n"
        "  Line n of one file must be the translation of line n of the other.\n"
    )


@pytest.mark.parametrize("which", ["train", "dev"])
def test_invalid_utf8(refused: Callable[..., str], write: Write, which: str) -> None:
    path = write("latin.tsv", b"a\tb\nc\td\ncaf\xe9\tx\n")
    message = refused(**{which: path})
    assert message.startswith(
        "error: latin.tsv:3: not UTF-8: byte 0xE9 (byte 4 of the line)\n  Convert it first"
    )


def test_two_files_the_other_way_round(refused: Callable[..., str], write: Write) -> None:
    a, b = write("a.fr", "un\n"), write("a.en", "one\n")
    assert refused(train=f"{a},{b}") == (
        "error: a.fr,a.en: the source file is named .fr and the target file .en, and en is to be "
        "translated to fr\n  Swap the two files.\n"
    )


@pytest.mark.parametrize("which", ["train", "dev"])
def test_a_data_set_of_the_hub_without_network(refused: Callable[..., str], which: str) -> None:
    assert refused(**{which: "hf:nobody-here/nothing"}) == (
        "error: hf:nobody-here/nothing: cannot be loaded: the hub cannot be reached, and there is "
        "no copy of the data set on this machine\n"
        "  Go online, or download the data and give the files.\n"
    )


@pytest.mark.parametrize("weight", ["0", "-1"])
def test_a_weight_that_is_not_positive(
    refused: Callable[..., str], toy_files: tuple[Path, Path], weight: str
) -> None:
    assert refused(train=f"{toy_files[0]}@{weight}") == (
        f"error: 'train.tsv@{weight}': the weight '{weight}' is not a positive number\n"
        "  For example @2 to see each pair twice in an epoch, @0.5 to see half of them.\n"
    )


def test_unknown_language(refused: Callable[..., str]) -> None:
    message = refused("--source", "englsh")
    assert message.startswith("error: --source 'englsh' is not a language tag\n")
    assert "Did you mean en (English)" in message


def test_unknown_option(refused: Callable[..., str]) -> None:
    assert refused("--set", "training.lerning_rate=1") == (
        "error: there is no option training.lerning_rate\n  Did you mean learning_rate?\n"
    )


@pytest.mark.parametrize("value", ["nan", "inf", "-1"])
def test_a_number_that_cannot_be(refused: Callable[..., str], value: str) -> None:
    message = refused("--set", f"training.learning_rate={value}")
    assert re.fullmatch(
        r"error: training\.learning_rate=(nan|inf|-1\.0) must be between 1e-09 and 10\n", message
    )


def test_unknown_flag(refused: Callable[..., str]) -> None:
    message = refused("--max-step", 5)
    assert "No such option: --max-step" in message
    assert "--max-steps" in message


def test_unknown_preset(refused: Callable[..., str]) -> None:
    message = refused("--preset", "tinny")
    assert message.startswith("error: there is no preset 'tinny'\n  Did you mean tiny")


def test_no_end(refused: Callable[..., str]) -> None:
    message = refused("--set", "training.max_steps=0")
    assert message.startswith("error: training has no end\n")


@pytest.mark.parametrize("device", ["cuda:99", "tpu", "mps"])
def test_unknown_device(refused: Callable[..., str], device: str) -> None:
    assert f"device='{device}'" in refused("--set", f"training.device={device}")


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_no_gpu(refused: Callable[..., str]) -> None:
    assert refused("--set", "training.device=cuda") == (
        "error: device='cuda': this machine has 0 CUDA devices\n"
        "  Use --set training.device=cpu (or decoding.device=cpu).\n"
    )


def test_a_directory_with_other_files(
    refused: Callable[..., str], tmp_path: Path, write: Write
) -> None:
    (tmp_path / "run").mkdir()
    write("run/letter.txt", "keep me")
    assert refused() == "error: run: is not empty\n  Choose another --out.\n"
    assert (tmp_path / "run" / "letter.txt").read_text() == "keep me"


def test_out_is_a_file(refused: Callable[..., str], write: Write) -> None:
    write("run", "keep me")
    assert refused() == (
        "error: run: is a file, and --out names a directory\n  Choose another --out.\n"
    )


def test_missing_options(invoke: Callable[..., Any], tmp_path: Path) -> None:
    result = invoke("train", "--train", "x.tsv", "--out", tmp_path / "run")
    assert result.exit_code == 2
    assert result.stderr.startswith("error: --source, --target missing\n")
    assert list(tmp_path.iterdir()) == []


def test_a_dev_set_of_blank_lines(refused: Callable[..., str], write: Write) -> None:
    message = refused(dev=write("blank.tsv", "\t\n\t\n"))
    assert message.startswith("error: blank.tsv: ")


def test_very_long_lines_are_dropped_and_counted(
    invoke: Callable[..., Any],
    tiny_run: Arguments,
    write: Write,
    toy_files: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    long = f"{'word ' * 20_000}\t{'mot ' * 20_000}\n{'y' * 90_000}\t{'x' * 100_000}\n"
    train = write("long.tsv", toy_files[0].read_text(encoding="utf-8") + long)
    dev = write("long_dev.tsv", toy_files[1].read_text(encoding="utf-8"))
    result = invoke(*tiny_run(train=train, dev=dev))
    assert result.exit_code == 0, result.stderr
    assert "300 pairs; dropped: 2 longer than 128 tokens\n" in result.stderr
    assert RunDirectory(tmp_path / "run").read_manifest()["dropped"] == {
        "longer than 128 tokens": 2
    }


@pytest.mark.slow
def test_the_same_through_a_process(
    start_translator: Start, tiny_run: Arguments, tmp_path: Path
) -> None:
    process = start_translator(*tiny_run(train=tmp_path / "absent.tsv"))
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out) == (2, "")
    assert err.startswith(f"error: {tmp_path}/absent.tsv: there is no such file\n")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("place", ["/proc/run", "/sys/run"])
def test_read_only_output(invoke: Callable[..., Any], tiny_run: Arguments, place: str) -> None:
    if not Path(place).parent.is_dir():
        pytest.skip(f"this system has no {place}")
    result = invoke(*tiny_run(more=("--out", place)))
    assert result.exit_code == 2, result.stderr
    assert "Traceback" not in result.stderr
    # before the data are prepared, which may take hours
    assert result.stderr.startswith(f"error: {place}: cannot be written: ")
    assert result.stderr.endswith("\n  Choose another --out.\n")
    assert not Path(place).exists()
