"""Guided alignment: what a head is to look at, that it learns it, and that resuming is exact."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from translator.alignment.choice import Choice, choice_of
from translator.alignment.gold import error_of, parse_gold
from translator.cli.app import app
from translator.config import ModelConfig, TokenizerConfig, TrainingConfig
from translator.decoding.translator import Translator
from translator.errors import ConfigError, DataError
from translator.run_directory import RunDirectory
from translator.tokenizer import Tokenizer, learn_vocabulary, pair_spans, protect_pair
from translator.training.guide import AlignmentHead, Guide, guided_choice
from translator.training.loss import guided_loss

TEXT = [
    ("the cat's mat", "le tapis du chat"),
    ("a bird", "un oiseau"),
    ("the letter", "la lettre"),
    ("at {x} on", "sur {x}"),
]
LINKS = [
    "the cat 's mat\tle tapis du chat\t0-0 1-3 2-2 3-1",
    "the  letter\tla lettre\t0-0 1p1",
    "at {x} on\tsur {x}\t1-1 2-0",
]


class Columns:
    """What a guide takes from the text and from the ids of a corpus."""

    tags: tuple[list[int], ...] = ([4], [5])

    def __len__(self) -> int:
        return len(TEXT)

    def __getitem__(self, rows: Any) -> dict[str, list[str]]:
        some = [TEXT[i] for i in rows]
        return {"source": [a for a, _ in some], "target": [b for _, b in some]}


@pytest.fixture(scope="module")
def words() -> Tokenizer:
    texts = [text for pair in TEXT for text in pair]
    return learn_vocabulary(texts, TokenizerConfig(vocab_size=310), ["en", "fr"])


@pytest.fixture
def guide(words: Tokenizer, tmp_path: Path) -> Guide:
    path = tmp_path / "links.tsv"
    path.write_text("".join(line + "\n" for line in LINKS), encoding="utf-8")
    return Guide(path, Columns(), Columns(), words)  # type: ignore[arg-type]


def ids_of(words: Tokenizer, row: int) -> tuple[list[int], list[int]]:
    pair = protect_pair(*TEXT[row % len(TEXT)], words=True)
    source, target = words.encode(pair)
    if row >= len(TEXT):
        source, target = target, source
    return [*Columns.tags[row // len(TEXT)], *source], target


def pieces_at(words: Tokenizer, ids: list[int], weights: np.ndarray) -> str:
    """Return the pieces that are to be looked at."""
    return "".join(words.pieces([ids[i] for i in np.flatnonzero(weights)]))


@pytest.mark.parametrize("row", [0, 4])
def test_what_each_token_is_to_look_at(guide: Guide, words: Tokenizer, row: int) -> None:
    source, target = ids_of(words, row)
    [found] = guide.matrix(np.array([row]), [source], [target]).numpy()
    assert found.shape == (len(target) + 1, len(source) + 1)
    assert not found[0].any()  # the beginning
    assert not found[:, 0].any()  # the tag
    assert not found[:, -1].any()  # the end
    assert found[1:].sum(axis=1) == pytest.approx(np.ones(len(target)))
    looked = {}
    text = ""
    for token, weights in zip(words.pieces(target), found[1:], strict=True):
        text = token if token.startswith("▁") else text + token
        looked[text] = pieces_at(words, source, weights)
    if row == 0:
        assert looked["▁chat"] == "▁cat"
        assert looked["▁du"] == "'s"
        assert looked["▁tapis"] == "▁mat"
    else:
        assert looked["▁cat"] == "▁chat"
        assert looked["▁cat's"] == "▁du"
        assert looked["▁mat"] == "▁tapis"


def test_pairs_without_links_and_with_copies(guide: Guide, words: Tokenizer) -> None:
    rows = np.array([1, 2, 3])
    sides = [ids_of(words, row) for row in rows]
    found = guide.matrix(rows, [s for s, _ in sides], [t for _, t in sides]).numpy()
    assert not found[0].any()
    # a possible link counts as well
    assert pieces_at(words, sides[1][0], found[1][len(sides[1][1])]) == "▁letter"
    spans = pair_spans(*TEXT[3], words=True)
    [character] = spans
    source, target = sides[2]
    at = words.pieces(target).index(character)
    assert character in pieces_at(words, source, found[2][1 + at])
    assert guide.known == 3
    assert guide.found_in(np.arange(8)) == 6


def test_files_that_are_no_guide(words: Tokenizer, tmp_path: Path) -> None:
    path = tmp_path / "links.tsv"
    path.write_text("0-0 1-1\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"links\.tsv:1: has 1 columns"):
        Guide(path, Columns(), Columns(), words)  # type: ignore[arg-type]
    path.write_text("a bird\tun oiseau\t0-0 1-2\n", encoding="utf-8")
    guide = Guide(path, Columns(), Columns(), words)  # type: ignore[arg-type]
    source, target = ids_of(words, 1)
    with pytest.raises(DataError, match=r"links\.tsv:1: the link 1-2 is beyond the words"):
        guide.matrix(np.array([1]), [source], [target])


def test_the_loss_and_its_gradient() -> None:
    scores = torch.tensor([[[1.0, 2.0, 3.0], [0.5, 0.0, 0.0]]], requires_grad=True)
    weights = scores.softmax(dim=-1)
    wanted = torch.tensor([[[0.5, 0.5, 0.0], [0.0, 0.0, 0.0]]])
    loss = guided_loss(weights, wanted)
    expected = -0.5 * (weights[0, 0, 0].log() + weights[0, 0, 1].log())
    assert loss.item() == pytest.approx(expected.item())
    loss.backward()
    assert scores.grad is not None
    # softmax and cross-entropy: what is looked at, less what is to be
    torch.testing.assert_close(scores.grad[0, 0], weights[0, 0].detach() - wanted[0, 0])
    assert not scores.grad[0, 1].any()
    assert float(guided_loss(torch.tensor([[[0.0]]]), torch.tensor([[[1.0]]]))) < 20


@pytest.mark.parametrize(("layers", "layer"), [(1, 0), (2, 0), (6, 4)])
def test_which_head_is_guided(layers: int, layer: int) -> None:
    config = ModelConfig(decoder_layers=layers)
    head = AlignmentHead(config)
    assert head.layer == guided_choice(config).layer == layer
    weights = torch.rand(2, 8, 3, 4)
    head(layer, weights)
    assert (head.weights == weights[:, 0]).all()


def test_the_options_go_together() -> None:
    with pytest.raises(ConfigError, match="go together"):
        TrainingConfig(guided_alignment=0.1)
    with pytest.raises(ConfigError, match="go together"):
        TrainingConfig(guided_links="a.tsv")


def invoke(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def data(toy: Callable[..., list[tuple[str, str]]], tmp_path: Path) -> list[str]:
    """Training data of the made-up languages, whose words stand in reversed order, and links."""
    pairs = toy(330)
    for name, part in (("train.tsv", pairs[:300]), ("dev.tsv", pairs[300:])):
        text = "".join(f"{a}\t{b}\n" for a, b in part)
        (tmp_path / name).write_text(text, encoding="utf-8")
    links = []
    for source, _ in pairs:
        count = len(source.split())
        links.append(" ".join(f"{i}-{count - 1 - i}" for i in range(count)))
    lines = [f"{a}\t{b}\t{own}\n" for (a, b), own in zip(pairs, links, strict=True)]
    (tmp_path / "links.tsv").write_text("".join(lines[:300]), encoding="utf-8")
    (tmp_path / "dev.links.tsv").write_text("".join(lines[300:]), encoding="utf-8")
    return ["--train", f"{tmp_path}/train.tsv", "--dev", f"{tmp_path}/dev.tsv"]


@pytest.mark.slow
def test_the_head_learns_and_a_resumed_run_is_exact(
    data: list[str],
    tiny: Callable[..., list[str]],
    tmp_path: Path,
    assert_equal_runs: Callable[[RunDirectory, RunDirectory], None],
) -> None:
    options = tiny(
        training__guided_alignment=5.0,
        training__guided_links=tmp_path / "links.tsv",
        training__max_steps=120,
        training__validate_every=60,
        training__schedule="inverse_sqrt",  # which does not depend on the end
        tokenizer__sampling=0.1,
        data__bidirectional=True,
    )
    command = ["train", *data, "--source", "en", "--target", "fr", *options]
    whole, parts = RunDirectory(tmp_path / "whole"), RunDirectory(tmp_path / "parts")
    assert invoke(*command, "--out", whole.path).exit_code == 0
    assert invoke(*command, "--out", parts.path, "--max-steps", 60).exit_code == 0
    result = invoke(*command, "--out", parts.path, "--resume", "--max-steps", 120)
    assert result.exit_code == 0, result.stderr
    for run in (whole, parts):
        manifest = run.read_manifest()
        assert manifest["guided_links"]["share_of_training_pairs"] == 1.0
        assert set(manifest["alignment"]) == {"en-fr", "fr-en"}
    assert_equal_runs(whole, parts)

    translator = Translator.load(whole.path)
    assert choice_of(translator) == guided_choice(translator.model.config)
    errors = {}
    lines = (tmp_path / "dev.links.tsv").read_text(encoding="utf-8").splitlines()
    gold = [parse_gold(line, "", number) for number, line in enumerate(lines, start=1)]
    from translator.alignment import read_attention

    for head in (0, 1):
        choice = Choice(layer=0, heads=(head,), row="input")
        texts = [line.split("\t") for line in lines]
        found = read_attention(
            translator, [a for a, _, _ in texts], [b for _, b, _ in texts], choice=choice
        )
        errors[head] = error_of([one.links for one in found], gold).rate
    # after so few steps the model translates nothing, and the guided head knows its place
    assert errors[0] < 0.75 * errors[1]


def test_links_that_are_not_there_or_have_changed(
    data: list[str], tiny: Callable[..., list[str]], tmp_path: Path
) -> None:
    def command(name: str, *more: object) -> list[object]:
        options = tiny(
            training__guided_alignment=0.1,
            training__guided_links=tmp_path / name,
            training__max_steps=4,
            training__validate_every=4,
        )
        start = ["train", *data, "--source", "en", "--target", "fr", "--out", tmp_path / "run"]
        return [*start, *options, *more]

    result = invoke(*command("no.tsv"))
    assert result.exit_code == 2
    assert "no.tsv: there is no such file, and training.guided_links names it" in result.stderr
    (tmp_path / "other.tsv").write_text("a\tb\t0-0\n", encoding="utf-8")
    result = invoke(*command("other.tsv"))
    assert result.exit_code == 2
    assert "other.tsv: has links for none of the training pairs" in result.stderr
    links = (tmp_path / "links.tsv").read_text(encoding="utf-8")
    (tmp_path / "links.tsv").write_text("".join(links.splitlines(keepends=True)[:150]))
    result = invoke(*command("links.tsv"))
    assert result.exit_code == 0, result.stderr
    assert "links for 50% of the training pairs; the others are not guided" in result.stderr
    known = json.loads((tmp_path / "run/manifest.json").read_text(encoding="utf-8"))
    assert known["guided_links"]["pairs"] == 150
    (tmp_path / "links.tsv").write_text(links)
    result = invoke(*command("links.tsv", "--resume", "--max-steps", 8))
    assert result.exit_code == 2
    assert "links.tsv: has changed since this run was started" in result.stderr
