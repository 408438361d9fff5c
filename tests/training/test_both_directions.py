"""One model for both directions: data.bidirectional."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from translator.cli.app import app
from translator.config import load_config
from translator.model.transformer import Transformer
from translator.run_directory import RunDirectory
from translator.tokenizer import Tokenizer
from translator.tokenizer.tokenizer import PAD_ID, UNK_ID
from translator.training.prepare import Prepared, prepare
from translator.training.step import Stepper

BOTH = {"data__bidirectional": "true", "training__max_steps": 20, "tokenizer__sampling": 0.1}
Pairs = list[tuple[str, str]]


def invoke(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, toy: Callable[..., Pairs]) -> list[str]:
    folder = tmp_path_factory.mktemp("both")
    pairs = toy(330)
    for name, part in (("train.tsv", pairs[:300]), ("dev.tsv", pairs[300:])):
        text = "".join(f"{a}\t{b}\n" for a, b in part)
        (folder / name).write_text(text, encoding="utf-8")
    return ["--train", f"{folder}/train.tsv", "--dev", f"{folder}/dev.tsv"]


@pytest.fixture(scope="module")
def arguments(data: list[str], tiny: Callable[..., list[str]]) -> list[str]:
    return ["train", *data, "--source", "en", "--target", "fr", *tiny(**BOTH)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, arguments: list[str]) -> tuple[Any, Any]:
    """A finished run, and what training said."""
    run = RunDirectory(tmp_path_factory.mktemp("trained") / "run")
    result = invoke(*arguments, "--out", run.path)
    assert result.exit_code == 0, result.stderr
    return run, result


@pytest.fixture(scope="module")
def one_way(
    tmp_path_factory: pytest.TempPathFactory, data: list[str], tiny: Callable[..., list[str]]
) -> RunDirectory:
    run = RunDirectory(tmp_path_factory.mktemp("one_way") / "run")
    options = tiny(training__max_steps=2)
    result = invoke("train", *data, "-s", "en", "-t", "fr", *options, "--out", run.path)
    assert result.exit_code == 0, result.stderr
    return run


def test_what_it_tells(trained: tuple[RunDirectory, Any]) -> None:
    run, result = trained
    lines = result.stderr.splitlines()
    start = lines.index(f"Training English <-> French in {run.path}")
    plan = dict(line.split(None, 1) for line in lines[start + 1 : start + 8])
    assert plan["data"] == "300 pairs, both ways round; dropped: none"
    assert plan["dev"] == "30 pairs (20 of them translated)"
    step = next(i for i, line in enumerate(lines) if line.startswith("Step 10: "))
    assert re.fullmatch(
        r"Step 10: dev loss [\d.]+, BLEU [\d.]+: en-fr [\d.]+, fr-en [\d.]+ "
        r"\(best [\d.]+ at step 10\)",
        lines[step],
    )
    # the words of the first language end in a vowel, those of the other one in x
    shown = [line.endswith("x") for line in lines[step + 1 : step + 7 : 2]]
    assert set(shown) == {False, True}
    assert lines[-1] == f'Try: translator translate --model {run.path} "…" (or --source fr)'


def test_what_it_records(trained: tuple[RunDirectory, Any], metrics: Callable[..., Any]) -> None:
    run, _ = trained
    manifest = run.read_manifest()
    assert manifest["bidirectional"] is True
    assert (manifest["source"], manifest["target"]) == ("en", "fr")
    assert (manifest["pairs"], manifest["result"]["dev_sentences"]) == (300, 40)
    for line in metrics(run):
        if line["type"] == "validation":
            assert line["bleu"] == (line["bleu_en-fr"] + line["bleu_fr-en"]) / 2
    tokenizer = Tokenizer.load(run.tokenizer_file)
    assert tokenizer.tag("en") != tokenizer.tag("fr")
    assert len(tokenizer) == 310


def test_without_the_option_nothing_is_tagged(one_way: RunDirectory) -> None:
    tokenizer = Tokenizer.load(one_way.tokenizer_file)
    assert tokenizer.tag("en") == tokenizer.tag("fr") == []
    assert one_way.read_manifest()["bidirectional"] is False
    result = invoke("translate", "--model", one_way.path, "--source", "fr", "neux")
    assert result.exit_code == 2
    assert "this model translates en -> fr, and --source fr was asked for" in result.stderr


@pytest.mark.parametrize("asked", [[], ["--source", "fr"]])
def test_it_is_used_in_both_directions(
    trained: tuple[RunDirectory, Any], data: list[str], asked: list[str]
) -> None:
    run, _ = trained
    result = invoke("translate", "--model", run.path, *asked, "fura kanu", "")
    assert result.exit_code == 0, result.stderr
    assert len(result.stdout.splitlines()) == 2
    result = invoke("evaluate", "--model", run.path, *asked, "--data", data[3])
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("BLEU ")


def test_killed_and_resumed_it_ends_in_the_same_bytes(
    trained: tuple[RunDirectory, Any],
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    assert_equal_runs: Callable[[RunDirectory, RunDirectory], None],
) -> None:
    run, take = RunDirectory(tmp_path / "run"), Stepper.take

    def stopped(self: Stepper, groups: Any, step: int, rate: float) -> Any:
        if step == 13:
            raise KeyboardInterrupt
        return take(self, groups, step, rate)

    with monkeypatch.context() as changed:
        changed.setattr(Stepper, "take", stopped)
        assert invoke(*arguments, "--out", run.path).exit_code == 130
    assert [state.name for state in run.states()] == ["step-10"]
    result = invoke("train", "--out", run.path, "--resume")
    assert result.exit_code == 0, result.stderr
    assert_equal_runs(run, trained[0])


def test_a_run_in_both_directions_stays_one(trained: tuple[RunDirectory, Any]) -> None:
    turned_off = ["--set", "data.bidirectional=false"]
    result = invoke("train", "--out", trained[0].path, "--resume", *turned_off)
    assert result.exit_code == 2
    assert "this run has data.bidirectional=True, not False" in result.stderr


def test_a_language_and_itself(data: list[str], tmp_path: Path) -> None:
    options = ["--set", "data.bidirectional=true", "--out", tmp_path / "run"]
    result = invoke("train", *data, "-s", "en", "-t", "en", *options)
    assert result.exit_code == 2
    assert result.stderr.startswith(
        "error: data.bidirectional=true takes two languages, and both are en\n"
    )
    assert not (tmp_path / "run").exists()


@pytest.fixture
def prepared(tmp_path: Path, own_cache: Path, tiny: Callable[..., list[str]]) -> Callable[..., Any]:
    """Prepare pairs as a run does."""

    def build(pairs: Pairs, *, weight: str = "", dev: bool = True, **options: object) -> Prepared:
        train, held_out = tmp_path / "train.tsv", tmp_path / "dev.tsv"
        train.write_text("".join(f"{a}\t{b}\n" for a, b in pairs), encoding="utf-8")
        held_out.write_text("fura kanu\tleix reax\n", encoding="utf-8")
        return prepare(
            [f"{train}{weight}"],
            str(held_out) if dev else None,
            source="en",
            target="fr",
            config=load_config("", tiny(**{**BOTH, **options})[1::2]),
        )

    return build


def test_an_epoch_is_each_pair_both_ways_round(
    prepared: Callable[..., Prepared], toy: Callable[..., Pairs], own_cache: Path
) -> None:
    pairs = toy(50)
    found = prepared(pairs)
    options = load_config("", ["training.batch_tokens=256"]).training
    plan = found.plan(options, 0)
    assert found.pairs == 50
    assert sorted(np.concatenate(plan)) == list(range(100))
    tokenizer, corpus = found.tokenizer, found.corpus
    sources, targets = corpus.ids(np.arange(100))
    assert [row[:1] for row in sources] == [tokenizer.tag("fr")] * 50 + [tokenizer.tag("en")] * 50
    assert tokenizer.decode(sources) == [a for a, _ in pairs] + [b for _, b in pairs]
    assert tokenizer.decode(targets) == [b for _, b in pairs] + [a for a, _ in pairs]
    for batch in plan:
        widths = np.maximum(corpus.source_lengths[batch], corpus.target_lengths[batch])
        assert len(batch) == 1 or len(batch) * widths.max() <= 256
    # the ids of the pairs are stored once
    (file,) = own_cache.glob("ids-*.arrow")
    assert [Path(one["filename"]) for one in corpus.dataset.cache_files] == [file]


def test_weights_count_in_both_directions(
    prepared: Callable[..., Prepared], toy: Callable[..., Pairs]
) -> None:
    options = load_config("", ["training.batch_tokens=256"]).training
    rows = np.concatenate(prepared(toy(50), weight="@3").plan(options, 0))
    assert np.bincount(rows).tolist() == [3] * 100
    rows = np.concatenate(prepared(toy(50), weight="@0.5").plan(options, 0))
    assert len(set(rows)) == len(rows) == 50
    assert sum(rows < 50) == 25


def test_the_tag_counts_as_a_token(prepared: Callable[..., Prepared]) -> None:
    pairs = [("fura kanu bito", "leix"), ("neux", "fura kanu bito"), ("fura", "leix")] * 9
    longest = int(prepared(pairs, data__clean="false").corpus.source_lengths.max())
    found = prepared(pairs, data__clean="false", data__max_length=longest)
    assert found.pairs == 27
    assert max(len(row) for row in found.corpus.ids(np.arange(54))[0]) == longest - 1
    found = prepared(pairs, data__clean="false", data__max_length=longest - 1)
    assert (found.pairs, found.dropped) == (9, {f"longer than {longest - 1} tokens": 18})


def test_word_dropout_leaves_the_tag(
    prepared: Callable[..., Prepared], toy: Callable[..., Pairs], tiny: Callable[..., list[str]]
) -> None:
    found = prepared(toy(30))
    config = load_config("", tiny(**BOTH, training__word_dropout=0.9)[1::2])
    model = Transformer(config.model, len(found.tokenizer), PAD_ID)
    stepper = Stepper(config, model, found.corpus, found.tokenizer, "fp32")
    seen: list[Any] = []
    model.embedding.register_forward_pre_hook(lambda module, args: seen.append(args[0]))
    stepper.take([np.arange(60)], 0, 0.0)
    source = seen[0]
    tags = sorted({*found.tokenizer.tag("en"), *found.tokenizer.tag("fr")})
    assert sorted(set(source[:, 0].tolist())) == tags
    assert float((source[:, 1] == UNK_ID).float().mean()) > 0.5


def test_no_sentence_is_trained_on_that_is_translated_back_on_dev(
    prepared: Callable[..., Prepared], toy: Callable[..., Pairs]
) -> None:
    # each target stands with ten sources
    targets = [target for _, target in toy(12)]
    pairs = [(source, targets[i % 12]) for i, (source, _) in enumerate(toy(120))]
    found = prepared(pairs, dev=False, data__dev_size=3)
    (held,) = found.dev_references
    rows = np.concatenate([rows for rows, _ in found.parts])
    sources = found.tokenizer.decode(found.corpus.ids(rows)[0])
    assert not set(sources) & {*held, *found.dev_sources}
    one_way = found.dropped["one way only, because the target is held out"]
    assert 0 < one_way < found.pairs
    assert len(rows) == 2 * found.pairs - one_way
    assert found.pairs + len(found.dev_sources) == 120


def start_from(
    run: RunDirectory, data: list[str], out: Path, *more: object, source: str, target: str
) -> Any:
    options = ["--set", "training.validate_every=4", "--set", "training.batch_tokens=256"]
    options += ["--max-steps", "4", "--from-run", str(run.path), "--out", str(out)]
    return invoke("train", *data, "-s", source, "-t", target, *options, *more)


@pytest.mark.parametrize(("source", "target"), [("en", "fr"), ("fr", "en")])
def test_it_starts_from_another_one(
    trained: tuple[RunDirectory, Any], data: list[str], tmp_path: Path, source: str, target: str
) -> None:
    both = ["--set", "data.bidirectional=true"]
    new = RunDirectory(tmp_path / "new")
    result = start_from(trained[0], data, new.path, *both, source=source, target=target)
    assert result.exit_code == 0, result.stderr
    assert new.tokenizer_file.read_bytes() == trained[0].tokenizer_file.read_bytes()
    assert new.read_directions() == [(source, target), (target, source)]


def test_it_needs_a_vocabulary_with_tags(
    trained: tuple[RunDirectory, Any], one_way: RunDirectory, data: list[str], tmp_path: Path
) -> None:
    both = ["--set", "data.bidirectional=true"]
    for run, target, missing in ((one_way, "fr", "en and fr"), (trained[0], "de", "de")):
        result = start_from(run, data, tmp_path / "new", *both, source="en", target=target)
        assert result.exit_code == 2
        assert result.stderr == (
            f"error: {run.path} was not trained in both directions of these languages: its "
            f"vocabulary has no tag for {missing}\n"
            "  Start from a run that was, or leave out --from-run or data.bidirectional=true.\n"
        )
        assert not (tmp_path / "new").exists()


def test_one_direction_starts_from_both_and_keeps_its_tag(
    trained: tuple[RunDirectory, Any], data: list[str], tmp_path: Path
) -> None:
    new = RunDirectory(tmp_path / "new")
    result = start_from(trained[0], data, new.path, source="fr", target="en")
    assert result.exit_code == 0, result.stderr
    assert new.read_directions() == [("fr", "en")]
    assert "300 pairs; dropped: none" in result.stderr
    assert invoke("translate", "--model", new.path, "leix reax").exit_code == 0
    result = invoke("translate", "--model", new.path, "--target", "fr", "fura kanu")
    assert result.exit_code == 2
    assert "this model translates fr -> en, and --target fr was asked for" in result.stderr
