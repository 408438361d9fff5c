import json
import random
from pathlib import Path

import pytest

from benchmarks import alignment


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
