"""A run that starts from the weights and the vocabulary of another one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from safetensors.torch import load_file
from typer.testing import CliRunner

from translator.cli.app import app
from translator.corpora.trained_on import TrainedOn
from translator.model.weights import save_weights
from translator.run_directory import RunDirectory
from translator.training.step import Stepper

Train = Callable[..., Any]


@pytest.fixture(scope="module")
def first(
    tmp_path_factory: pytest.TempPathFactory,
    toy: Callable[..., list[tuple[str, str]]],
    tiny: Callable[..., list[str]],
) -> RunDirectory:
    """A trained run, with its data beside it."""
    folder = tmp_path_factory.mktemp("start")
    pairs = toy(330)
    for name, part in (("train.tsv", pairs[:300]), ("dev.tsv", pairs[300:])):
        text = "".join(f"{a}\t{b}\n" for a, b in part)
        (folder / name).write_text(text, encoding="utf-8")
    options = tiny(training__max_steps=60, training__validate_every=60, data__max_length=32)
    result = CliRunner().invoke(app, ["train", *given(folder), *options, "--out", f"{folder}/run"])
    assert result.exit_code == 0, result.stderr
    return RunDirectory(folder / "run")


def given(folder: Path) -> list[str]:
    data = ["--train", f"{folder}/train.tsv", "--dev", f"{folder}/dev.tsv"]
    return [*data, "--source", "en", "--target", "fr"]


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return RunDirectory(tmp_path / "run")


@pytest.fixture
def train(first: RunDirectory, run: RunDirectory) -> Train:
    """Start a run from the first one, with the options of the default preset but for these."""

    def call(*arguments: object, command: str = "train", start: Path = first.path) -> Any:
        options = ["--set", "training.validate_every=6", "--set", "training.batch_tokens=200"]
        options += ["--max-steps", "6", "--from-run", str(start), *map(str, arguments)]
        data = given(first.path.parent)
        return CliRunner().invoke(app, [command, *data, *options, "--out", str(run.path)])

    return call


def validations(run: RunDirectory) -> list[dict[str, Any]]:
    lines = map(json.loads, run.metrics_file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line["type"] == "validation"]


def test_it_starts_where_the_other_one_ended(
    first: RunDirectory, run: RunDirectory, train: Train
) -> None:
    result = train("--set", "training.learning_rate=1e-9", "--set", "training.weight_decay=0")
    assert result.exit_code == 0, result.stderr
    assert f"  start       weights and vocabulary of {first.path}\n" in result.stderr
    before, after = load_file(first.weights_file), load_file(run.weights_file)
    assert before.keys() == after.keys()
    assert all((before[name] - after[name]).abs().max() < 1e-6 for name in before)
    assert first.tokenizer_file.read_bytes() == run.tokenizer_file.read_bytes()
    assert validations(run)[-1]["loss"] == pytest.approx(validations(first)[-1]["loss"], rel=0.02)
    assert run.read_manifest()["from_run"]["run"] == str(first.path)
    # what the first one was trained on, this one knows too
    known = TrainedOn.load(run.trained_on_file)
    assert known is not None
    assert len(known.filters) == 2
    assert known.complete


def test_shape_and_vocabulary_are_those_of_the_other_one(
    first: RunDirectory, run: RunDirectory, train: Train
) -> None:
    new = ["--set", "model.dropout=0.3", "--set", "tokenizer.sampling=0.1"]
    assert train(*new, "--preset", "base", "--set", "training.accumulate=1").exit_code == 0
    config, start = run.read_config(), first.read_config()
    assert config.model.d_model == start.model.d_model
    assert config.model.encoder_layers == start.model.encoder_layers
    assert config.tokenizer.vocab_size == start.tokenizer.vocab_size
    assert (config.model.dropout, config.tokenizer.sampling) == (0.3, 0.1)
    assert config.training.learning_rate == 1.5e-3  # the preset's


@pytest.mark.parametrize(
    ("setting", "has", "asked"),
    [
        ("model.d_model=512", "model.d_model=16", "512"),
        ("tokenizer.vocab_size=9000", "tokenizer.vocab_size=300", "9000"),
        ("tokenizer.algorithm=bpe", "tokenizer.algorithm=unigram", "bpe"),
    ],
)
def test_another_shape_is_refused(
    first: RunDirectory, run: RunDirectory, train: Train, setting: str, has: str, asked: str
) -> None:
    result = train("--set", setting)
    assert result.exit_code == 2
    name = setting.partition("=")[0]
    value = first.read_config().to_dict()[name.partition(".")[0]][name.partition(".")[2]]
    assert f"error: {first.path} has {name}={value}, not {asked}" in result.stderr
    assert not run.path.exists()


def test_a_run_without_a_model(run: RunDirectory, train: Train, tmp_path: Path) -> None:
    result = train(start=tmp_path / "nowhere")
    assert result.exit_code == 2
    assert f"{tmp_path / 'nowhere'}: there is no such run directory" in result.stderr
    (tmp_path / "begun").mkdir()
    result = train(start=tmp_path / "begun")
    assert result.exit_code == 2
    assert "model.safetensors" in result.stderr
    assert not run.path.exists()


def test_damaged_weights(run: RunDirectory, train: Train, first: RunDirectory) -> None:
    copy = run.path.with_name("copy")
    shutil.copytree(first.path, copy)
    (copy / "model.safetensors").write_bytes(b"no weights")
    result = train(start=copy)
    assert result.exit_code == 2
    assert f"{copy}/model.safetensors: is damaged" in result.stderr
    assert not run.holds_run()


@pytest.fixture
def stopped_at_once(train: Train, monkeypatch: pytest.MonkeyPatch) -> Train:
    """Start a run that is broken off in its second step, before it has a training state."""

    def call(start: Path) -> None:
        def take(self: Stepper, groups: Any, step: int, rate: float) -> Any:
            if step == 1:
                raise KeyboardInterrupt
            return whole(self, groups, step, rate)

        whole = Stepper.take
        with monkeypatch.context() as changed:
            changed.setattr(Stepper, "take", take)
            assert train(start=start).exit_code == 130

    return call


def resume(run: RunDirectory, *more: object) -> Any:
    return CliRunner().invoke(app, ["train", "--out", str(run.path), "--resume", *map(str, more)])


def test_without_a_state_it_starts_there_again(
    run: RunDirectory, train: Train, stopped_at_once: Train, first: RunDirectory
) -> None:
    assert train().exit_code == 0
    straight = load_file(run.weights_file)
    shutil.rmtree(run.path)
    stopped_at_once(first.path)
    assert not run.states()
    assert resume(run, "--from-run", first.path).exit_code == 0
    weights = load_file(run.weights_file)
    assert all((weights[name] == straight[name]).all() for name in straight)
    assert run.read_manifest()["from_run"]["run"] == str(first.path)


def test_with_a_state_the_other_run_is_no_longer_needed(
    run: RunDirectory, train: Train, first: RunDirectory
) -> None:
    copy = run.path.with_name("copy")
    shutil.copytree(first.path, copy)
    assert train(start=copy).exit_code == 0
    shutil.rmtree(copy)
    result = resume(run, "--max-steps", 8)
    assert result.exit_code == 0, result.stderr
    assert "after 8 steps" in result.stderr


def test_what_has_changed_in_between_is_refused(
    run: RunDirectory, stopped_at_once: Train, first: RunDirectory
) -> None:
    copy = run.path.with_name("copy")
    shutil.copytree(first.path, copy)
    stopped_at_once(copy)
    shutil.copy(run.tokenizer_file, copy)
    weights = load_file(copy / "model.safetensors")
    save_weights(copy / "model.safetensors", {name: -x for name, x in weights.items()})
    result = resume(run)
    assert result.exit_code == 2
    assert f"{copy}/model.safetensors: has changed since the run" in result.stderr


def test_another_start_is_another_run(run: RunDirectory, train: Train, first: RunDirectory) -> None:
    assert train().exit_code == 0
    copy = run.path.with_name("copy")
    shutil.copytree(first.path, copy)
    result = resume(run, "--from-run", copy, "--max-steps", 8)
    assert result.exit_code == 2
    told = f"this run was started with --from-run {first.path}, not --from-run {copy}"
    assert told in result.stderr


@pytest.mark.slow
def test_a_plan_is_for_the_model_of_the_other_run(train: Train, first: RunDirectory) -> None:
    result = train("--json", command="plan")
    assert result.exit_code == 0, result.stderr
    known = json.loads(result.stdout)
    assert known["parameters"] == sum(t.numel() for t in load_file(first.weights_file).values())
