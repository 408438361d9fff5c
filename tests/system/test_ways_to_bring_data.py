"""Training from each way to bring data, and what it says of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from translator.run_directory import RunDirectory

Arguments = Callable[..., list[str]]
Pairs = list[tuple[str, str]]


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return RunDirectory(tmp_path / "run")


def plan(stderr: str) -> dict[str, str]:
    """What is told before training, by the first word of the line."""
    return dict(re.findall(r"^  (\w+) +(.*)$", stderr, flags=re.MULTILINE))


def test_held_out(invoke: Callable[..., Any], tiny_run: Arguments, run: RunDirectory) -> None:
    result = invoke(*tiny_run(dev=False, data__dev_size=25))
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    told = plan(result.stderr)
    manifest = run.read_manifest()
    held_out = manifest["data"]["dev"]["held_out"]
    assert 10 <= held_out <= 30
    assert told["data"] == f"{300 - held_out} pairs; dropped: none"
    assert told["dev"].startswith(f"{held_out} pairs")
    assert manifest["dev"] is None
    result = invoke("train", "--out", run.path, "--resume", "--max-steps", 24)
    assert result.exit_code == 0, result.stderr
    assert run.read_manifest()["data"]["dev"]["held_out"] == held_out


def test_two_text_files(
    invoke: Callable[..., Any],
    tiny_run: Arguments,
    run: RunDirectory,
    toy: Callable[..., Pairs],
    tmp_path: Path,
) -> None:
    paths = [tmp_path / f"{name}.{side}" for name in ("train", "dev") for side in ("en", "fr")]
    pairs = toy(230)
    parts = [pairs[:200], pairs[:200], pairs[200:], pairs[200:]]
    for i, (path, part) in enumerate(zip(paths, parts, strict=True)):
        path.write_text("".join(f"{pair[i % 2]}\n" for pair in part), encoding="utf-8")
    train, dev = (f"{a},{b}" for a, b in (paths[:2], paths[2:]))
    result = invoke(*tiny_run(train=train, dev=dev))
    assert result.exit_code == 0, result.stderr
    told = plan(result.stderr)
    assert told["data"] == "200 pairs; dropped: none"
    assert told["dev"] == "30 pairs (20 of them translated)"
    assert run.read_manifest()["train"] == [train]


def test_several_corpora_with_weights_and_what_is_dropped(
    invoke: Callable[..., Any],
    tiny_run: Arguments,
    run: RunDirectory,
    toy: Callable[..., Pairs],
    tmp_path: Path,
) -> None:
    pairs = toy(120)
    lines = [json.dumps({"translation": {"en": a, "fr": b}}) for a, b in pairs[:100]]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    rows = [f"{a}\t{b}" for a, b in pairs[100:]]
    rows += ["alone\t", "\tseul", "\t", "a " * 50_000 + "\t" + "b " * 50_000, "\u200b\tinvisible"]
    (tmp_path / "b.tsv").write_text("\n".join(rows), encoding="utf-8")
    result = invoke(
        *tiny_run(
            train=tmp_path / "a.jsonl",
            more=("--train", f"{tmp_path}/b.tsv@2.5", "--max-epochs", 1),
            training__max_steps=0,
            training__batch_tokens=2000,
        )
    )
    assert result.exit_code == 0, result.stderr
    told = plan(result.stderr)
    assert told["data"].startswith("120 pairs; dropped: ")
    reasons = set(told["data"].partition("dropped: ")[2].split(", "))
    assert reasons == {
        "1 source blank",
        "1 target blank",
        "1 both blank",
        "1 longer than 128 tokens",
        "1 without a visible character",
    }
    assert f"  100 pairs from {tmp_path / 'a.jsonl'}\n" in result.stderr
    assert f"  22 pairs from {tmp_path / 'b.tsv'}@2.5\n" in result.stderr
    manifest = run.read_manifest()
    assert [record["weight"] for record in manifest["data"]["train"]] == [1.0, 2.5]
    assert sum(manifest["dropped"].values()) == 5
    # an epoch is the first corpus once and the second two and a half times
    from translator.tokenizer import Tokenizer

    tokenizer = Tokenizer.load(run.tokenizer_file)
    lengths = [len(row) + 1 for row in tokenizer.encode([b for _, b in pairs])]
    least = sum(lengths[:100]) + 2 * sum(lengths[100:])
    assert least < manifest["result"]["tokens"] < least + sum(lengths[100:])


def test_the_time_is_the_limit(
    invoke: Callable[..., Any], tiny_run: Arguments, run: RunDirectory
) -> None:
    result = invoke(*tiny_run(training__max_steps=0, more=("--max-time", "1.5s")))
    assert result.exit_code == 0, result.stderr
    assert plan(result.stderr)["budget"].startswith("0:02; an epoch is ")
    found = run.read_manifest()["result"]
    assert found["finished"]
    assert found["seconds"] >= 1.5
    assert run.holds_model()


@pytest.mark.parametrize("algorithm", ["unigram", "bpe"])
def test_a_vocabulary_that_the_data_do_not_allow(
    invoke: Callable[..., Any], tiny_run: Arguments, algorithm: str
) -> None:
    arguments = tiny_run(tokenizer__vocab_size=9000, tokenizer__algorithm=algorithm)
    result = invoke(*arguments)
    assert result.exit_code == 0, result.stderr
    found = re.search(r"The data allow a vocabulary of (\d+) pieces, not 9,000", result.stderr)
    assert found
    assert plan(result.stderr)["vocabulary"] == f"{found.group(1)} pieces ({algorithm}, joint)"


def test_prepared_data_are_used_again(
    invoke: Callable[..., Any], tiny_run: Arguments, own_cache: Path, tmp_path: Path
) -> None:
    def contents() -> dict[str, int]:
        return {path.name: path.stat().st_mtime_ns for path in own_cache.rglob("*")}

    assert invoke(*tiny_run()).exit_code == 0
    before = contents()
    kinds = sorted(path.name.partition("-")[0] for path in own_cache.iterdir())
    assert kinds == ["ids", "text", "vocabulary"]
    assert invoke(*tiny_run(more=("--out", tmp_path / "again"))).exit_code == 0
    assert contents() == before
    files = ["model.safetensors", "tokenizer.model", "config.toml"]
    for name in files:
        assert (tmp_path / "run" / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_a_test_set_in_the_training_data_and_no_cleaning(
    invoke: Callable[..., Any],
    tiny_run: Arguments,
    run: RunDirectory,
    toy_files: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    rows = toy_files[0].read_text(encoding="utf-8").splitlines()
    train, test = tmp_path / "twice.tsv", tmp_path / "test.tsv"
    train.write_text("\n".join([*rows, rows[0]]), encoding="utf-8")
    # sources of their own, and of half of them the translation is trained on
    known = [row.partition("\t")[2] for row in rows[:2]]
    lines = [f"new {n}\t{target}" for n, target in enumerate([*known, "neu", "nouveau"])]
    test.write_text("\n".join(lines), encoding="utf-8")
    more = ("--test", test, "--no-clean")
    result = invoke(*tiny_run(train=train, more=more, training__max_steps=1))
    assert result.exit_code == 0, result.stderr
    assert plan(result.stderr)["data"] == "301 pairs; dropped: none"
    assert (
        "\nWARNING: of 4 test sentences, 0 (0%) have their source in the training data, and 2 "
        "(50%) a translation: scores on it would flatter the model. translator corpus clean takes "
        "them out of it.\n"
    ) in result.stderr
    assert "dev sentences" not in result.stderr
    assert run.read_manifest()["overlap"] == {
        "test": {"sentences": 4, "source": 0, "target": 2, "either": 2},
        "dev": {"sentences": 30, "source": 0, "target": 0, "either": 0},
    }
