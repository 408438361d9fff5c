"""`translator evaluate --save FILE` and `--verify FILE`."""

import json
import shutil
from functools import partial
from pathlib import Path

import pytest

from translator.cli import again, evaluation
from translator.cli.evaluation import Metrics, Report
from translator.evaluation import significance
from translator.evaluation.results import Evaluation, Part, System, Task, evaluate_systems


@pytest.fixture(autouse=True)
def _few_trials(monkeypatch):
    monkeypatch.setattr(significance, "RANDOMISED", 100)
    monkeypatch.setattr(significance, "RESAMPLED", 100)
    for module in (again, evaluation):
        few = partial(evaluate_systems, bootstrap=40)
        monkeypatch.setattr(module, "evaluate_systems", few)


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
    assert set(told["versions"]) >= {"translator", "sacrebleu", "sentencepiece", "torch"}
    assert told["manifests"]["run"]["source"] == "en"
    [one] = told["test_sets"]
    assert one["lines"] == [1, 3]
    assert one["sources"] == ["The cat.", "A bird sings."]
    assert one["data"]["fingerprint"]
    ours, theirs = one["systems"]
    assert len(ours["translations"]) == 2
    assert len(ours["weights"]) == 32
    assert ours["decoding"]["beam"] == 1
    assert ("ctranslate2" in told["versions"]) == (ours["engine"] == "ctranslate2")
    assert theirs["translations"] == ["Le chat.", "Un oiseau."]
    assert theirs["sentence_scores"]["chrF2"][0] == 100
    assert theirs["sentence_scores"]["BLEU"][0] == 100


@pytest.mark.parametrize(
    ("engine", "metrics", "further"),
    [
        ("torch", Metrics(), set()),
        (None, Metrics(ter=True), set()),
        ("ctranslate2", Metrics(), {"ctranslate2"}),
        ("torch", Metrics(tokenised=True, comet="x"), {"sacremoses", "unbabel-comet"}),
    ],
)
def test_the_versions_are_those_of_what_was_used(engine, metrics, further):
    system = System(name="run", hypotheses=[], details={"engine": engine} if engine else {})
    part = Part(label="", sentences=0, scores=[[]], comparisons=[])
    task = Task(name="t", target="", sources=None, references=[[]], lines=[], total=0)
    one = Evaluation(task=task, systems=[system], whole=part, parts=[])
    told = Report(evaluations=[one], metrics=metrics).versions
    assert set(told) - {"translator", "sacrebleu", "sentencepiece", "torch"} == further


def test_the_same_things_are_found_again(fast, saved):
    result = fast("evaluate", "--verify", saved)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert {line[:12].strip() for line in lines} == {"same"}
    told = {line[12:].partition(" of ")[0].partition(" test")[0] for line in lines}
    assert {"BLEU", "chrF2", "data", "weights and vocabulary", "translations"} <= told
    assert "translations of run: 2 sentences" in result.stdout
    assert "things that could be checked are the same" in result.stderr


def test_another_version_is_told(fast, saved):
    record = json.loads(saved.read_text())
    record["versions"] |= {"torch": "0.1", "ctranslate3": "4.0"}
    saved.write_text(json.dumps(record))
    result = fast("evaluate", "--verify", saved)
    assert result.exit_code == 0
    assert "not checked version of torch: 0.1 was saved, and it is " in result.stdout
    assert "version of ctranslate3: 4.0 was saved, and it is unknown\n" in result.stdout


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


FILES = ["--references", "r.fr"]
CORPUS = ["--data", "s.en,r.fr", "--source", "en", "--target", "fr"]


@pytest.fixture
def labelled(fast):
    """Evaluate files of translations with labels on each of their lines, and return the record."""
    write("s.en", ["The cat sleeps here.", "A bird sings.", "The dog eats here."])
    write("r.fr", ["Le chat dort ici.", "Un oiseau chante.", "Le chien mange ici."])
    write("h", ["Le chat dort là.", "Un oiseau mange.", "Un chien mange ici."])
    write("other", ["Le chat est ici.", "Un oiseau vole.", "Un chien qui mange."])
    write("labels", ["pets", "farm", "pets"])

    def saved(test_set, name):
        asked = ["--hypotheses", "h", *test_set, "--against", "other", "--subset", "labels"]
        result = fast("evaluate", *asked, "--save", name)
        assert result.exit_code == 0, result.stderr
        return json.loads(Path(name).read_text())

    return saved


@pytest.mark.parametrize("test_set", [FILES, CORPUS])
def test_parts_are_computed_again(fast, labelled, test_set):
    [one] = labelled(test_set, "result.json")["test_sets"]
    name = one["test_set"]
    result = fast("evaluate", "--verify", "result.json")
    assert result.exit_code == 0, result.stdout
    assert {line[:12].strip() for line in result.stdout.splitlines()} == {"same"}
    for told in (
        f"scores of the parts of {name}: pets, farm",
        f"parts of {name}: 3 sentences",
        f"sentence scores of h on {name}: 3 sentences",
        "hypotheses h: 3 sentences",
    ):
        assert f"same        {told}\n" in result.stdout


def test_labels_that_are_gone(fast, labelled):
    labelled(FILES, "result.json")
    Path("labels").unlink()
    result = fast("evaluate", "--verify", "result.json")
    assert result.exit_code == 0
    assert "not checked parts of r.fr: their labels are not there\n" in result.stdout
    assert "same        references r.fr: 3 sentences\n" in result.stdout


@pytest.mark.parametrize(
    ("test_set", "file", "old", "new", "message"),
    [
        (FILES, "r.fr", "ici", "là", "references r.fr: 1 of 3 (line 1)"),
        (CORPUS, "r.fr", "ici", "là", "references of s.en,r.fr: 1 of 3 (line 1)"),
        (FILES, "h", "là", "ici", "hypotheses h: 1 of 3 (line 1)"),
        (FILES, "labels", "farm", "wild", "parts of r.fr: 1 of 3 (line 2)"),
    ],
)
def test_a_text_that_was_edited_together_with_its_score(
    fast, labelled, test_set, file, old, new, message
):
    """All that the record says is right by itself: only the file tells."""
    [true] = labelled(test_set, "true.json")["test_sets"]
    before = Path(file).read_text()
    change(Path(file), old, new)
    record = labelled(test_set, "forged.json")
    Path(file).write_text(before)
    [forged] = record["test_sets"]
    assert forged["parts"] != true["parts"]
    forged |= {name: true[name] for name in ("reading", "data") if name in true}
    forged["systems"][0]["checksum"] = true["systems"][0]["checksum"]
    Path("forged.json").write_text(json.dumps(record))
    result = fast("evaluate", "--verify", "forged.json")
    assert result.exit_code == 1
    differing = [line for line in result.stdout.splitlines() if line.startswith("differs")]
    assert differing == [f"differs     {message}"]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            lambda one: one["parts"][0]["systems"][0]["scores"][1].update(value=99.0),
            "differs     chrF2 of h on r.fr (pets): 99.00 was saved, and it is ",
        ),
        (
            lambda one: one["parts"][1].update(sentences=5),
            "differs     sentences on r.fr (farm): 5 were saved, and there are 1",
        ),
        (
            lambda one: one["systems"][0]["scores"][0].update(confidence=0.01),
            ", but its interval is another one",
        ),
        (
            lambda one: one["comparisons"][0]["differences"][1].update(randomisation=0.001),
            "differs     p (randomisation) of chrF2 against other on r.fr: 0.001 was saved, and ",
        ),
        (
            lambda one: one["systems"][1]["sentence_scores"]["BLEU"].__setitem__(2, 100.0),
            "differs     sentence scores of other on r.fr: 1 of 3 (line 3)",
        ),
        (
            lambda one: one.update(lines=[1, 3, 2]),
            "differs     references r.fr: not those that were saved",
        ),
        (
            lambda one: one.update(total=4),
            "differs     references r.fr: r.fr: 3 lines, but r.fr has 4",
        ),
    ],
)
def test_a_figure_that_was_edited(fast, labelled, edit, message):
    record = labelled(FILES, "result.json")
    edit(record["test_sets"][0])
    Path("result.json").write_text(json.dumps(record))
    result = fast("evaluate", "--verify", "result.json")
    assert result.exit_code == 1, result.output
    assert message in result.stdout


def test_a_metric_that_is_not_computed_again(fast, labelled):
    record = labelled(FILES, "result.json")
    record["test_sets"][0]["systems"][0]["scores"][0] |= {"name": "COMET", "value": 83.0}
    Path("result.json").write_text(json.dumps(record))
    told = fast("evaluate", "--verify", "result.json").stdout
    assert "not checked COMET of h on r.fr: 83.00; evaluate once more to compute it\n" in told


def test_the_terms_of_a_glossary_are_saved(fast, model):
    write("test.tsv", ["The cat sat.\tLe chat.", "A bird sings.\tUn oiseau chante."])
    write("terms.tsv", ["cat\tchat"])
    asked = ["--data", "test.tsv", "--set", "decoding.max_length_ratio=2", "--save", "result.json"]
    assert fast("evaluate", "-m", model, *asked, "--glossary", "terms.tsv").exit_code == 0
    path = Path("result.json")
    record = json.loads(path.read_text())
    assert record["glossary"] == {"cat": "chat"}
    Path("terms.tsv").unlink()
    result = fast("evaluate", "--verify", path)
    assert result.exit_code == 0, result.stdout
    what = f"translations of {model}"
    assert f"same        {what}: 2 sentences\n" in result.stdout
    assert f"same        terms of the glossary in the {what}\n" in result.stdout
    path.write_text(json.dumps(record | {"glossary": {"cat": "tapis"}}))
    result = fast("evaluate", "--verify", path)
    assert result.exit_code == 1
    assert f"differs     {what}: 1 of 2 (line 1)\n" in result.stdout
    del record["glossary"]
    path.write_text(json.dumps(record))
    told = fast("evaluate", "--verify", path).stdout
    assert f"not checked {what}: the terms of their glossary were not saved\n" in told


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
