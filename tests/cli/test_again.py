"""`translator evaluate --save FILE` and `--verify FILE`."""

import json
import shutil
from pathlib import Path

import pytest

from translator.evaluation import significance


@pytest.fixture(autouse=True)
def _few_trials(monkeypatch):
    monkeypatch.setattr(significance, "RANDOMISED", 200)
    monkeypatch.setattr(significance, "RESAMPLED", 200)


def write(name, lines):
    Path(name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@pytest.fixture
def saved(fast, model, tmp_path):
    shutil.copytree(model, "run")
    write("test.tsv", ["The cat.\tLe chat.\tUn chat.", "\tx", "A bird sings.\tUn oiseau chante."])
    write("other", ["Le chat.", "", "Un oiseau."])
    result = fast(
        "evaluate",
        "-m",
        "run",
        "--data",
        "test.tsv",
        "--against",
        "other",
        "--beam",
        1,
        "--save",
        "result.json",
    )
    assert result.exit_code == 0, result.stderr
    return Path("result.json")


def test_a_result_holds_all_that_it_depends_on(saved):
    told = json.loads(saved.read_text())
    assert told["command"][0] == "translator"
    assert set(told["versions"]) == {"translator", "sacrebleu", "torch"}
    assert told["manifests"]["run"]["source"] == "en"
    [one] = told["test_sets"]
    assert one["lines"] == [1, 3]
    assert one["sources"] == ["The cat.", "A bird sings."]
    assert one["data"]["fingerprint"]
    ours, theirs = one["systems"]
    assert len(ours["translations"]) == 2
    assert len(ours["weights"]) == 32
    assert ours["decoding"]["beam"] == 1
    assert theirs["translations"] == ["Le chat.", "Un oiseau."]
    assert theirs["sentence_scores"]["chrF2"][0] == 100
    assert theirs["sentence_scores"]["BLEU"][0] == 100


def test_the_same_things_are_found_again(fast, saved):
    result = fast("evaluate", "--verify", saved)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert {line[:12].strip() for line in lines} == {"same"}
    told = {line[12:].partition(" of ")[0].partition(" test")[0] for line in lines}
    assert {"BLEU", "chrF2", "data", "weights and vocabulary", "translations"} <= told
    assert "translations of run: 2 sentences" in result.stdout
    assert "things that could be checked are the same" in result.stderr


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda: write("test.tsv", ["The cat.\tLe chat."]), "differs     data test.tsv: not those"),
        (lambda: write("other", ["x", "", "y"]), "differs     hypotheses other"),
        (
            lambda: Path("run/model.safetensors").write_bytes(
                Path("run/model.safetensors").read_bytes()[::-1]
            ),
            "differs     weights of run: not those that translated",
        ),
        (
            lambda: change(Path("result.json"), '"Un oiseau."', '"Un avion."'),
            "differs     chrF2 of other on test.tsv: 62.33 was saved, and it is 34.39",
        ),
        (
            lambda: change(
                Path("result.json"), '"translations": [\n      "', '"translations": [\n      "x'
            ),
            "differs     translations of run: 1 of 2 (line 1)",
        ),
    ],
)
def test_what_differs_is_told(fast, saved, spoil, message):
    spoil()
    result = fast("evaluate", "--verify", saved)
    assert result.exit_code == 1, result.stdout
    assert message in result.stdout
    assert "differ" in result.stderr


def test_what_is_gone_is_not_checked(fast, saved):
    shutil.rmtree("run")
    Path("test.tsv").unlink()
    result = fast("evaluate", "--verify", saved)
    assert result.exit_code == 0
    assert "not checked weights of run: there is no such run here" in result.stdout
    assert "not checked data test.tsv: there is no such file" in result.stdout


def test_references_of_their_own(fast):
    write("h", ["Le chat."]), write("r", ["Le chien."])
    assert (
        fast("evaluate", "--hypotheses", "h", "--references", "r", "--save", "x.json").exit_code
        == 0
    )
    assert "same        references r" in fast("evaluate", "--verify", "x.json").stdout
    write("r", ["Le chat."])
    result = fast("evaluate", "--verify", "x.json")
    assert result.exit_code == 1
    assert "differs     references r: not those that were saved" in result.stdout


@pytest.mark.parametrize("name", ["data", "scores", "decoding", "total", "translations"])
def test_a_file_that_somebody_has_edited(fast, saved, name):
    saved.write_text(saved.read_text().replace(f'"{name}":', '"other":'))
    result = fast("evaluate", "--verify", saved)
    assert result.exit_code == 2, result.stdout
    assert "error: result.json: is " in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is not, or no longer, what `translator evaluate --save` writes"),
        ("[]", "is not, or no longer, what"),
        ('{"test_sets": []}', "is not, or no longer, what"),
        ('{"test_sets": [], "translator_evaluation": 99}', "has format 99"),
        ('{"test_sets": [{}], "translator_evaluation": 1}', "is not, or no longer, what"),
        (None, "there is no such file"),
    ],
)
def test_a_file_of_something_else(fast, content, message):
    if content is not None:
        Path("x.json").write_text(content)
    result = fast("evaluate", "--verify", "x.json")
    assert result.exit_code == 2
    assert f"error: x.json: {message}" in result.stderr
    assert "Traceback" not in result.stderr


def test_it_stands_alone(fast):
    result = fast("evaluate", "--verify", "x.json", "--data", "t.tsv", "--json")
    assert result.exit_code == 2
    assert "--data, --json cannot be combined with --verify" in result.stderr
