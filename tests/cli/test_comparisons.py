"""`translator evaluate` with several systems, test sets and metrics."""

import json
import sys
import types
from pathlib import Path

import pytest
from sacrebleu import BLEU, CHRF

from translator.evaluation import significance

REFERENCES = [
    f"Le {noun} {verb} {place} ce matin."
    for noun in ("chat", "chien", "cheval")
    for verb in ("dort", "mange", "court")
    for place in ("ici", "dehors", "là-bas")
]
GOOD = [text.replace("dort", "dormait") for text in REFERENCES]
BAD = [text.replace("ce", "un").replace("Le ", "Un ") for text in REFERENCES]


@pytest.fixture(autouse=True)
def _few_trials(monkeypatch):
    monkeypatch.setattr(significance, "RANDOMISED", 300)
    monkeypatch.setattr(significance, "RESAMPLED", 200)


@pytest.fixture(autouse=True)
def _files(_in_an_empty_directory):
    write("good", GOOD), write("bad", BAD), write("r.fr", REFERENCES)
    write("s.en", [f"Sentence {i}." for i in range(len(REFERENCES))])
    write("labels", ["pets"] * 18 + ["farm"] * 9)


def write(name, lines):
    Path(name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return name


FILES = ["--hypotheses", "good", "--references", "r.fr"]
CORPUS = ["--hypotheses", "good", "--data", "s.en,r.fr", "--source", "en", "--target", "fr"]


def test_two_files_of_translations(fast):
    result = fast("evaluate", *FILES, "--against", "bad")
    assert result.exit_code == 0, result.stderr
    table, differences, signatures, verdict = result.stdout.split("\n\n")
    scores = [BLEU(force=True).corpus_score(one, [REFERENCES]).score for one in (GOOD, BAD)]
    for line, name, score in zip(table.splitlines()[1:], ("good", "bad"), scores, strict=True):
        assert line.split()[:3] == [name, "27", f"{score:.1f}"]
    gain = scores[0] - scores[1]
    assert differences.splitlines()[1].split()[:3] == ["bad", "BLEU", f"{gain:+.1f}"]
    assert "BLEU: nrefs:1|bs:1000|seed:12345|" in signatures
    assert signatures.splitlines()[-1] == "p: ar:300|bs:200|seed:12345"
    assert verdict == f"good is better than bad by {gain:.1f} BLEU (p = 0.003).\n"


def test_json_tells_everything(fast):
    result = fast("evaluate", *FILES, "--against", "bad", "--json", "--subset", "labels")
    [told] = json.loads(result.stdout)["test_sets"]
    assert [one["name"] for one in told["systems"]] == ["good", "bad"]
    [comparison] = told["comparisons"]
    assert comparison["verdict"].startswith("good is better than bad")
    assert [one["metric"] for one in comparison["differences"]] == ["BLEU", "chrF2"]
    assert [(one["label"], one["sentences"]) for one in told["parts"]] == [
        ("pets", 18),
        ("farm", 9),
    ]
    expected = CHRF().corpus_score(GOOD[18:], [REFERENCES[18:]]).score
    assert told["parts"][1]["systems"][0]["scores"][1]["value"] == expected


def test_markdown_and_latex(fast):
    result = fast("evaluate", *FILES, "--against", "bad", "--markdown")
    assert result.stdout.startswith(
        "| system | sentences | BLEU | chrF2 |\n|---|---:|---:|---:|\n| good"
    )
    assert "- good is better than bad" in result.stdout
    result = fast("evaluate", *FILES, "--against", "bad", "--latex")
    assert result.stdout.startswith("\\begin{tabular}{lrrr}\n\\toprule\n")
    assert "% BLEU: nrefs:1" in result.stdout
    # also of one system
    assert "| good | 27 |" in fast("evaluate", *FILES, "--markdown").stdout


def test_parts_of_a_test_set_by_a_column(fast):
    rows = [
        f"Sentence {i}.\t{text}\t{'pets' if i < 18 else 'farm'}"
        for i, text in enumerate(REFERENCES)
    ]
    write("headed.tsv", ["en\tfr\torigin", *rows]), write("plain.tsv", rows)
    common = ["evaluate", "--hypotheses", "good", "--source", "en", "--target", "fr", "--data"]
    headed = fast(*common, "headed.tsv", "--subset", "origin")
    assert headed.exit_code == 0, headed.stderr
    lines = [line.split()[:2] for line in headed.stdout.splitlines()[:4]]
    assert lines == [["part", "sentences"], ["all", "27"], ["pets", "18"], ["farm", "9"]]
    assert "nrefs:1|" in headed.stdout
    # without a header the column is no further reference either
    plain = fast(*common, "plain.tsv", "--subset", "3")
    assert plain.stdout == headed.stdout


def test_several_test_sets(fast, model):
    write("news.tsv", ["The cat.\tLe chat.", "Where?\tOù ?"])
    write("talks.tsv", ["A bird sings.\tUn oiseau chante."])
    data = ["--data", "news.tsv", "--data", "talks.tsv"]
    result = fast("evaluate", "-m", model, *data)
    assert result.exit_code == 0, result.stderr
    lines = [line.split()[:3] for line in result.stdout.splitlines()[:3]]
    assert lines[0] == ["test", "set", "sentences"]
    assert [line[:2] for line in lines[1:]] == [["news", "2"], ["talks", "1"]]
    told = json.loads(fast("evaluate", "-m", model, *data, "--json").stdout)["test_sets"]
    assert [one["data"]["spec"] for one in told] == ["news.tsv", "talks.tsv"]
    refused = fast("evaluate", "-m", model, *data, "--output", "out.txt")
    assert refused.exit_code == 2
    assert "--output takes the translations of one test set" in refused.stderr


def test_parts_of_several_test_sets(fast, model):
    write("news.tsv", ["en\tfr\torigin", "The cat.\tLe chat.\tpets", "Where?\tOù ?\ttown"])
    write("talks.tsv", ["en\tfr\torigin", "A bird sings.\tUn oiseau chante.\tpets"])
    asked = ["evaluate", "-m", model, "--data", "news.tsv", "--data", "talks.tsv", "--subset"]
    result = fast(*asked, "origin")
    assert result.exit_code == 0, result.stderr
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[0][:4] == ["test", "set", "part", "sentences"]
    assert [line[:3] for line in lines[1:6]] == [
        ["news", "all", "2"],
        ["news", "pets", "1"],
        ["news", "town", "1"],
        ["talks", "all", "1"],
        ["talks", "pets", "1"],
    ]
    told = json.loads(fast(*asked, "origin", "--json").stdout)["test_sets"]
    labels = [[part["label"] for part in one["parts"]] for one in told]
    assert labels == [["pets", "town"], ["pets"]]
    whole, part = (one["systems"][0]["scores"] for one in (told[1], told[1]["parts"][0]))
    assert [score["value"] for score in whole] == [score["value"] for score in part]
    # labels on lines belong to one of them
    write("lines", ["pets", "town"])
    refused = fast(*asked, "lines")
    assert refused.exit_code == 2
    assert "lines: 2 lines, but talks.tsv has 1" in refused.stderr


def test_a_model_against_its_own_translations(fast, model):
    write("test.tsv", ["The cat.\tLe chat.", "\tx", "Where?\tOù ?"])
    args = ["evaluate", "-m", model, "--data", "test.tsv"]
    assert fast(*args, "--output", "out.txt").exit_code == 0
    result = fast(*args, "--against", "out.txt")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.endswith(f"{model} and out.txt have the same BLEU.\n")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([*FILES, "--against", "none"], "none: there is no such file"),
        ([*FILES, "--against", "short"], "short: 1 lines, but r.fr has 27"),
        ([*FILES, "--against", "good"], "good is named twice"),
        ([*FILES, "--against", "."], "is a run, and there are no sources"),
        ([*FILES, "--subset", "origin"], "origin: is no file"),
        ([*FILES, "--subset", "short"], "short: 1 lines, but r.fr has 27"),
        ([*CORPUS, "--subset", "origin"], "there is no column 'origin': these are plain text"),
        ([*CORPUS[:4]], "--hypotheses with --data needs the languages"),
        ([*CORPUS, "--data", "x"], "good holds the translations of one test set"),
        ([*CORPUS, "--model", "x"], "--model cannot be combined with --hypotheses"),
        ([*CORPUS, "--beam", "2"], "--beam cannot be combined with --hypotheses"),
        ([*FILES, "--json", "--latex"], "--json and --latex cannot be combined"),
        ([*FILES, "--report", "r.pdf"], "--report r.pdf: the ending says the format"),
        ([*FILES, "--save", "no/r.json"], "mkdir -p no"),
        ([*FILES, "--comet", "x"], "--comet reads the sources too"),
        (
            [*CORPUS, "--comet", "x"],
            "--comet needs the library of COMET, which is not installed\n"
            "  pip install 'translator[comet]' (it needs",
        ),
    ],
)
def test_mistakes(fast, monkeypatch, args, message):
    monkeypatch.setitem(sys.modules, "comet", None)
    write("short", GOOD[:1])
    result = fast("evaluate", *args)
    assert result.exit_code == 2, result.stderr
    assert message in result.stderr
    assert result.stderr.count("error: ") == 1
    assert result.stdout == ""


def test_models_of_other_languages_are_not_compared(fast, model, model_for_both):
    write("test.tsv", ["Le chat.\tThe cat."])
    result = fast("evaluate", "-m", model_for_both, "--against", model, "--data", "test.tsv")
    assert result.exit_code == 0, result.stderr
    asked = ["-m", model_for_both, "--source", "fr", "--against", model, "--data", "test.tsv"]
    result = fast("evaluate", *asked)
    assert result.exit_code == 2
    assert "this model translates en -> fr, and --source fr was asked for" in result.stderr


def test_tokenised_bleu(fast):
    pytest.importorskip("sacremoses")
    write("h", ["LE CHAT dort, « ici ».", "L'oiseau chante."])
    write("r", ['le chat dort , " ici ".', "L'OISEAU chante ."])
    result = fast(
        "evaluate", "--hypotheses", "h", "--references", "r", "--target", "fr", "--tokenised-bleu"
    )
    assert result.exit_code == 0, result.stderr
    [line] = [line for line in result.stdout.splitlines() if line.startswith("BLEU-lc-tok")]
    assert "tok:moses-fr-sacremoses" in line
    assert "case:lc" in line
    assert "smooth:none" in line
    assert line.split()[1] == "100.0"
    assert "English" not in result.stderr
    told = fast("evaluate", "--hypotheses", "h", "--references", "r", "--tokenised-bleu").stderr
    assert "tokenised as English: name the language with --target" in told


def test_tokenised_bleu_needs_its_library(fast, monkeypatch):
    monkeypatch.setitem(sys.modules, "sacremoses", None)
    result = fast("evaluate", *FILES, "--tokenised-bleu")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: --tokenised-bleu needs sacremoses, which is not installed\n"
        "  pip install sacremoses\n"
    )


@pytest.fixture
def fake_comet(monkeypatch):
    """A library of COMET that finds long translations good."""
    asked = []

    class Model:
        def predict(self, samples, **options):
            asked.append((samples, options))
            return types.SimpleNamespace(scores=[len(one["mt"]) / 100 for one in samples])

    def load_from_checkpoint(path, local_files_only=False):
        assert local_files_only
        if Path(path).read_text() == "bad":
            raise KeyError("state_dict")
        return Model()

    module = types.ModuleType("comet")
    module.load_from_checkpoint = load_from_checkpoint
    monkeypatch.setitem(sys.modules, "comet", module)
    return asked


def test_comet(fast, fake_comet):
    write("model.ckpt", ["good"])
    result = fast("evaluate", *CORPUS, "--against", "bad", "--comet", "model.ckpt", "--json")
    assert result.exit_code == 0, result.stderr
    [told] = json.loads(result.stdout)["test_sets"]
    score = told["systems"][0]["scores"][-1]
    assert score["name"] == "COMET"
    assert score["value"] == pytest.approx(sum(map(len, GOOD)) / len(GOOD))
    assert 0 < score["confidence"] < score["value"]
    assert "model:model.ckpt|" in score["signature"]
    assert [one["metric"] for one in told["comparisons"][0]["differences"]][-1] == "COMET"
    samples, options = fake_comet[0]
    assert samples[0] == {"src": "Sentence 0.", "mt": GOOD[0], "ref": REFERENCES[0]}
    assert options["gpus"] == 0
    assert len(fake_comet) == 2


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("bad.ckpt", "bad.ckpt: cannot be loaded as a COMET model: 'state_dict'"),
        ("none.ckpt", "none.ckpt: there is no such COMET model on this disk"),
        ("Unbabel/none", "Unbabel/none: there is no such COMET model on this disk"),
        ("folder", "folder: there is no checkpoints/model.ckpt in this folder"),
    ],
)
def test_a_comet_model_that_is_not_there(fast, fake_comet, name, message):
    Path("bad.ckpt").write_text("bad")
    Path("folder").mkdir()
    result = fast("evaluate", *CORPUS, "--comet", name)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("name", ["report.html", "report.txt"])
def test_an_error_report(fast, model, name):
    write("test.tsv", ["The cat.\tLe <b>chat</b>.", "\tx", "Where?\tOù ?"])
    result = fast("evaluate", "-m", model, "--data", "test.tsv", "--report", name)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("BLEU ")
    assert f"wrote {name}" in result.stderr
    assert "holds no word counts" in result.stderr
    report = Path(name).read_text()
    assert "<b>chat" not in report or name.endswith(".txt")
    assert "Worst" in report


def test_what_makes_scores_less_than_they_seem_is_told(fast):
    write("lower", [text.lower() for text in GOOD])
    result = fast("evaluate", "--hypotheses", "lower", "--references", "r.fr")
    assert "warning: the hypotheses have no capital letters" in result.stderr
    result = fast("evaluate", "--hypotheses", "r.fr", "--references", "r.fr")
    assert "warning: 27 of 27 hypotheses are the reference itself" in result.stderr
    write("copied", [f"Sentence {i}." for i in range(27)])
    result = fast("evaluate", "--hypotheses", "copied", *CORPUS[2:])
    assert "warning: 27 of 27 hypotheses are the source, unchanged" in result.stderr
    quiet = fast("evaluate", *CORPUS)
    assert quiet.stderr == ""


def test_a_test_set_that_was_trained_on_is_told(fast, model, tmp_path):
    import shutil

    import numpy as np
    from datasets import Dataset

    from translator.corpora.doctor.repeats import folded, hashes
    from translator.corpora.trained_on import TrainedOn
    from translator.run_directory import RunDirectory

    run = RunDirectory(tmp_path / "run")
    shutil.copytree(model, run.path)
    pairs = {"source": ["The cat.", "Where?"], "target": ["Le chat.", "Là."]}
    keys = np.stack([hashes(map(folded, side)) for side in pairs.values()], axis=1)
    known = TrainedOn.read(Dataset.from_dict(pairs), np.arange(2), keys)
    known.save(run.trained_on_file)
    write("test.tsv", ["the cat\tLe chat !", "Where?\tOù ?", "A bird.\tUn oiseau."])
    result = fast("evaluate", "-m", run.path, "--data", "test.tsv", "--json")
    text = f"{run.path} was trained on 2 of the 3 sources and 1 of the 3 references of test.tsv"
    assert f"warning: {text}: scores on it are too high" in result.stderr
    told = json.loads(result.stdout)
    assert told["in_training"] == {"sources": 2, "references": 1, "both": 1, "exact": True}
    assert told["warnings"] == [f"{text}: scores on it are too high"]
    # the validation set is known by its content
    manifest = run.read_manifest()
    run.write_manifest({**manifest, "dev_fingerprint": told["data"]["fingerprint"]})
    result = fast("evaluate", "-m", run.path, "--data", "test.tsv")
    assert "warning: test.tsv is the validation set of" in result.stderr
