import json
import random
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import alignment
from translator.alignment.passages import Pair


@pytest.fixture
def gold(few, tmp_path):
    """Links between the words of a few pairs, of which some are possible only."""
    chance = random.Random(2)
    source, _ = few.split(",")
    path = tmp_path / "gold.talp"
    links = [
        " ".join(f"{i}{chance.choice('-p')}{i}" for i in range(len(line.split())))
        for line in Path(source).read_text(encoding="utf-8").splitlines()
    ]
    path.write_text("".join(f"{own}\n" for own in links))
    return path


def test_choices_and_directions_are_compared(benchmark, few, model, gold, tmp_path):
    file = tmp_path / "found.json"
    command = [f"--model={model}", f"--data={few}", f"--gold={gold}", "--rounds=1"]
    printed = benchmark(alignment, *command, f"--dev={few}", f"--dev-gold={gold}", f"--json={file}")
    facts = json.loads(file.read_text())
    assert [(row["choice"], row["directions"]) for row in facts["rows"]] == [
        ("default", "one"),
        ("gold links", "one"),
    ]
    assert all(0 < row["aer"] <= 1 for row in facts["rows"])
    assert facts["align_to_score"] > 0
    assert "| read by " in printed


class Aligner:
    """In place of eflomal's: links what stands at the same place, and backwards one ahead."""

    def align(self, sources, targets, *, links_filename_fwd, links_filename_rev):
        assert len(sources) == len(targets) == 20 + 400  # the test pairs come first
        sizes = [min(len(a.split()), len(b.split())) for a, b in zip(sources, targets, strict=True)]
        for name, ahead in ((links_filename_fwd, 0), (links_filename_rev, 1)):
            lines = [" ".join(f"{i}-{i + ahead}" for i in range(n - ahead)) for n in sizes]
            Path(name).write_text("".join(f"{line}\n" for line in lines))


def test_eflomal_is_compared(benchmark, few, corpus, model, gold, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "eflomal", SimpleNamespace(Aligner=Aligner))
    file = tmp_path / "found.json"
    command = [f"--model={model}", f"--data={few}", f"--gold={gold}", "--rounds=1"]
    benchmark(alignment, *command, f"--train={corpus}", f"--json={file}")
    rows = {
        row["directions"]: row
        for row in json.loads(file.read_text())["rows"]
        if row["choice"] == "eflomal"
    }
    assert set(rows) == {"one", "intersection", "union", "grow-diag", "grow-diag-final-and"}
    assert rows["one"]["aer"] == 0
    assert rows["intersection"]["recall"] == 0
    assert rows["union"]["recall"] == 1
    assert 0 < rows["union"]["precision"] < 1


def test_without_eflomal(benchmark, few, corpus, model, gold, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "eflomal", None)
    command = [f"--model={model}", f"--data={few}", f"--gold={gold}", f"--train={corpus}"]
    with pytest.raises(SystemExit) as ended:
        benchmark(alignment, *command, "--rounds=1")
    assert ended.value.code == 2
    assert "pip install eflomal" in capsys.readouterr().err


def test_links_between_parts_are_links_between_their_words():
    source = ("Let's eat, dad.", [(0, 3), (3, 4), (4, 5), (6, 9), (9, 10), (11, 14), (14, 15)])
    target = ("Mange, papa.", [(0, 5), (5, 6), (7, 11), (11, 12)])
    pair = Pair(("Let's", "eat,", "dad."), ("Mange", ",", "papa."), [])
    found = alignment._in_words("1-0 3-0 4-1 5-2 6-3", source, target, pair)
    assert sorted(map(tuple, np.argwhere(found).tolist())) == [(0, 0), (0, 1), (1, 1), (2, 2)]


def test_a_dev_set_without_gold_links(benchmark, few, model, gold, capsys):
    with pytest.raises(SystemExit) as ended:
        benchmark(alignment, f"--model={model}", f"--data={few}", f"--gold={gold}", f"--dev={few}")
    assert ended.value.code == 2
    assert "--dev and --dev-gold go together" in capsys.readouterr().err


def test_turned_pairs_have_turned_links(few, model, gold):
    translator = alignment.load(model)
    test = alignment.read_set(translator, few, gold, from_one=False)
    turned = [alignment._turned(one) for one in test.gold]
    assert {(t, s) for s, t in test.gold[0].possible} == turned[0].possible
    assert turned[0].sure <= turned[0].possible
