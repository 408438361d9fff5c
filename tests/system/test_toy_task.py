"""A small bilingual language is learned through the real command line, and translated exactly."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Pairs = list[tuple[str, str]]
Run = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.slow

SETTINGS = {
    "model.d_model": 64,
    "model.ffn_dim": 128,
    "model.attention_heads": 4,
    "model.encoder_layers": 2,
    "model.decoder_layers": 1,
    "model.dropout": 0,
    "tokenizer.vocab_size": 339,
    "training.batch_tokens": 800,
    "training.learning_rate": 4e-3,
    "training.warmup_steps": 60,
    "training.ema_decay": 0.98,
    "training.validate_every": 220,
    "training.max_steps": 440,
    "training.precision": "fp32",
}


@pytest.fixture(scope="module")
def test_pairs(toy: Callable[..., Pairs]) -> Pairs:
    return toy(4200, longest=5)[-150:]


def with_names(pairs: Pairs) -> Pairs:
    """Put one of ten names, the same on both sides, into every fifth pair."""
    found = list(pairs)
    for i in range(0, len(pairs), 5):
        source, target = (side.split() for side in pairs[i])
        place = i // 5 % (len(source) + 1)
        name = "BCDFGHJKLM"[i // 5 % 10] + "oro"
        source.insert(place, name)
        target.insert(len(target) - place, name)
        found[i] = " ".join(source), " ".join(target)
    return found


@pytest.fixture(scope="module")
def trained(
    tmp_path_factory: pytest.TempPathFactory, toy: Callable[..., Pairs]
) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """The run directory, and what training said."""
    directory = tmp_path_factory.mktemp("toy")
    pairs = toy(4200, longest=5)
    for name, part in (
        ("train", with_names(pairs[:4000])),
        ("dev", pairs[4000:-150]),
        ("test", pairs[-150:]),
    ):
        text = "".join(f"{a}\t{b}\n" for a, b in part)
        (directory / f"{name}.tsv").write_text(text, encoding="utf-8")
    settings = [text for name, value in SETTINGS.items() for text in ("--set", f"{name}={value}")]
    command = [sys.executable, "-m", "translator", "train", "--out", f"{directory}/run"]
    command += ["--train", f"{directory}/train.tsv", "--dev", f"{directory}/dev.tsv"]
    command += ["--source", "en", "--target", "fr", *settings]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=500)
    return directory / "run", done


def test_training_tells_everything_on_stderr(
    trained: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    path, done = trained
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "\x1b" not in done.stderr  # no terminal, so nothing but plain lines
    assert "\r" not in done.stderr
    assert f"Training English -> French in {path}" in done.stderr
    assert "4,000 pairs; dropped: none" in done.stderr
    assert "Finished after 440 steps" in done.stderr


def test_bleu(trained: tuple[Path, subprocess.CompletedProcess[str]], run_translator: Run) -> None:
    path, _ = trained
    done = run_translator("evaluate", "--model", path, "--data", path.parent / "test.tsv", "--json")
    assert done.returncode == 0, done.stderr
    bleu = json.loads(done.stdout)["scores"][0]
    assert bleu["name"] == "BLEU"
    assert bleu["value"] > 90
    assert "tok:13a" in bleu["signature"]


def test_sentences(
    trained: tuple[Path, subprocess.CompletedProcess[str]], test_pairs: Pairs, run_translator: Run
) -> None:
    path, _ = trained
    sources = "".join(f"{source}\n" for source, _ in test_pairs)
    done = run_translator("translate", "--model", path, "--beam", "1", stdin=None, input=sources)
    assert done.returncode == 0, done.stderr
    translations = done.stdout.splitlines()
    assert len(translations) == len(test_pairs)
    right = sum(
        found == target for found, (_, target) in zip(translations, test_pairs, strict=True)
    )
    assert right > 0.85 * len(test_pairs)


def test_a_sentence_as_argument(
    trained: tuple[Path, subprocess.CompletedProcess[str]], run_translator: Run
) -> None:
    path, _ = trained
    done = run_translator("translate", "--model", path, "fura kanu bito")
    assert done.stdout == "leix reax neux\n"


def test_what_is_copied(
    trained: tuple[Path, subprocess.CompletedProcess[str]], run_translator: Run
) -> None:
    path, _ = trained
    spans = ["%s", "{name}", "https://example.org/a?b=c", "me@example.org", "5 km", "<b>", "👍"]
    sources = "".join(f"fura {span} bito\n" for span in spans)
    done = run_translator("translate", "--model", path, stdin=None, input=sources)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [f"leix {span} neux" for span in spans]


@pytest.mark.thorough
def test_a_smaller_model_learns_from_its_translations(
    trained: tuple[Path, subprocess.CompletedProcess[str]], run_translator: Run, tmp_path: Path
) -> None:
    """Distillation, as the README has it; the student never sees what people have translated."""
    teacher, _ = trained
    convert = ["convert", teacher.parent / "train.tsv", f"{tmp_path}/train.en,{tmp_path}/train.fr"]
    done = run_translator("corpus", *convert, "--source", "en", "--target", "fr")
    assert done.returncode == 0, done.stderr
    files = ["--input", tmp_path / "train.en", "--output", tmp_path / "taught.fr"]
    done = run_translator("translate", "--model", teacher, *files, "--beam", 1)
    assert done.returncode == 0, done.stderr
    lines = [
        (tmp_path / name).read_text("utf-8").splitlines() for name in ("train.fr", "taught.fr")
    ]
    assert len(lines[0]) == len(lines[1]) == 4000
    assert 0 < sum(one != other for one, other in zip(*lines, strict=True)) < 400
    smaller = SETTINGS | {"model.encoder_layers": 1, "model.ffn_dim": 64}
    settings = [text for name, value in smaller.items() for text in ("--set", f"{name}={value}")]
    data = ["--train", f"{tmp_path}/train.en,{tmp_path}/taught.fr"]
    data += ["--dev", teacher.parent / "dev.tsv", "--source", "en", "--target", "fr"]
    done = run_translator("train", *data, *settings, "--out", tmp_path / "run", timeout=500)
    assert done.returncode == 0, done.stderr
    test = ["--data", teacher.parent / "test.tsv", "--json"]
    done = run_translator("evaluate", "--model", tmp_path / "run", *test)
    assert json.loads(done.stdout)["scores"][0]["value"] > 80
