import json
from pathlib import Path

import pytest

from translator import training
from translator.cli.forecast import as_json, as_text
from translator.config import load_config
from translator.training import forecast

REQUIRED = ["--train", "a.tsv", "--source", "en", "--target", "fr"]

TEXT = """\
Plan for English -> French, preset tiny
  data        40,000 pairs; dropped: 12 longer than 128 tokens, 3 source blank
  dev         1,000 pairs (700 of them translated)
  tokens      source 10.0 on average, 15 at most; target 12.5 on average, 16 at most
                   1-4  source  10% ###                       target   0%
                   5-8  source  30% ##########                target  25% ########
                  9-16  source  60% ###################       target  75% ########################
  vocabulary  6,000 pieces (unigram, joint)
  model       6,800,000 parameters: 4+2 layers, width 256, feed-forward 1024, 8 heads
  device      cpu, 2 threads, bf16
  memory      1.5 GB of 8.0 GB (measured; largest batch: 100 pairs of up to 30 tokens)
  padding     10.5% of the source, 2.0% of the target
  budget      20 epochs
  steps       200 an epoch, 4,000 in all (20.0 epochs)
  time        about 1:01:40 (0.90 s a step, 5.0 s a validation)
  disk        up to 380 MB in checkpoints: 2 states of 109 MB, weights of 27 MB; 50.0 GB are free
  cache       9 MB, which training will use
"""


def test_the_text(known):
    assert as_text(known, load_config("tiny")) == TEXT


def test_both_directions(known):
    text = as_text(known, load_config("tiny", ["data.bidirectional=true"]))
    assert text == TEXT.replace("->", "<->").replace(
        "40,000 pairs", "40,000 pairs, both ways round"
    )


def test_advice_stands_under_the_facts(known):
    text = as_text(known, load_config("tiny", ["tokenizer.vocab_size=7000"]))
    assert text == TEXT + ("Advice\n  - The data allow a vocabulary of 6,000 pieces, not 7,000.\n")


def test_the_json_holds_all_of_it(known):
    value = json.loads(as_json(known, load_config("tiny")))
    assert value["memory"]["bytes"] == 1_500_000_000
    assert value["time"] == {"total": 3700.0, "per_step": 0.9, "per_validation": 5.0}
    assert value["lengths"]["bins"] == [[1, 4], [5, 8], [9, 16]]
    assert value["advice"] == []


@pytest.fixture
def planned(fast, monkeypatch, known):
    """Give the request that a command line makes, and what is printed, without any work."""
    made = []

    def instead(request):
        made.append(request)
        return known, load_config("tiny")

    monkeypatch.setattr(forecast, "forecast", instead)

    for name in ("a.tsv", "b.en", "b.fr", "dev.tsv"):
        Path(name).write_text("Good day.\tBonjour.\n", encoding="utf-8")

    def run(*args):
        result = fast("plan", *args)
        assert result.exit_code == 0, result.stderr
        return made[-1], result.stdout

    return run


def test_the_request_is_that_of_train(fast, planned, monkeypatch):
    options = [
        *REQUIRED,
        *["--train", "b.en,b.fr@2", "--dev", "dev.tsv", "--preset", "tiny", "--out", "run"],
        *["--set", "training.seed=7", "--max-time", "30m", "--max-steps", "9", "--max-epochs", "2"],
    ]
    made = []
    monkeypatch.setattr(training, "train", made.append)
    assert fast("train", *options).exit_code == 0
    request, text = planned(*options)
    assert request == made[0]
    assert text == TEXT


def test_no_place_is_needed(planned):
    before = list(Path().iterdir())
    request, text = planned(*REQUIRED, "--json")
    assert request.out == Path("checkpoints")
    assert json.loads(text)["source"] == "en"
    assert list(Path().iterdir()) == before


@pytest.mark.parametrize(
    "args",
    [
        [],
        [*REQUIRED, "--target", "frnech"],
        [*REQUIRED, "--set", "training.sed=3"],
        [*REQUIRED, "--max-time", "soon"],
        [*REQUIRED, "--preset", "smal"],
        [*REQUIRED, "--out", "file"],
        REQUIRED,
        ["--train", "train.tsv", "--dev", "nowhere.tsv", *REQUIRED[2:]],
        ["--train", "one.tsv", *REQUIRED[2:]],
        ["--train", "train.tsv", *REQUIRED[2:], "--set", "training.device=cuda:99"],
        ["--train", "train.tsv", *REQUIRED[2:], "--set", "training.max_epochs=0"],
    ],
)
def test_bad_input_is_told_as_by_train(fast, args, own_cache):
    Path("file").touch()
    Path("one.tsv").write_text("a\tb\nonly one\n")
    Path("train.tsv").write_text("a\tb\nc\td\n")
    plan = fast("plan", *args)
    assert plan.exit_code == 2
    assert plan.stdout == ""
    assert plan.stderr.startswith("error: ")
    assert {path.name for path in Path().iterdir()} <= {
        *("file", "one.tsv", "train.tsv", own_cache.name)
    }
    elsewhere = [] if "--out" in args else ["--out", "run"]
    assert fast("train", *args, *elsewhere).stderr == plan.stderr


@pytest.mark.slow
def test_a_real_plan(run_translator, toy_files, tiny, own_cache):
    train, dev = toy_files
    arguments = ["--train", train, "--dev", dev, "-s", "en", "-t", "fr"]
    arguments += tiny(training__max_steps=20)
    there = sorted(Path().rglob("*"))
    done = run_translator("plan", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    assert "Rehearsing the largest batch" in done.stderr
    left = [path for path in sorted(Path().rglob("*")) if path not in there]
    assert all(own_cache.name in path.parts for path in left)
    value = json.loads(done.stdout)
    assert value["data"]["pairs"] == 300
    assert value["data"]["validated"] == value["steps"]["total"] == 20
    assert value["memory"]["measured"] is True
    # more than the libraries, less than the machine
    assert 100e6 < value["memory"]["bytes"] < value["memory"]["limit"]
    assert 0 < value["time"]["per_step"] < 10
    assert value["time"]["total"] > 20 * value["time"]["per_step"]
