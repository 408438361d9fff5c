"""A corpus with planted faults of every kind: what is found of them, and what else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from benchmarks.corpus_doctor import SAMPLE, found_lines, plant, read, scores, write
from translator.config import DataConfig
from translator.corpora.doctor.check import Question, check
from translator.corpora.doctor.findings import as_dict
from translator.corpora.doctor.report import as_page, as_text
from translator.corpora.doctor.rules import RULES


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, set[int]]]:
    """A corpus of 2,000 good pairs and 40 with each fault."""
    place = tmp_path_factory.mktemp("faulty")
    held = {"test": read(SAMPLE / "test.tsv")[:100], "dev": read(SAMPLE / "dev.tsv")[:100]}
    planted = plant(read(SAMPLE / "train.tsv")[:4000], held, 40)
    for name, rows in {"train": planted.rows, **held}.items():
        write(place / f"{name}.tsv", rows)
    return place, planted.truth


def test_planted_faults_are_found_and_little_else(faulty) -> None:
    place, truth = faulty
    found, _, _ = found_lines(place / "train.tsv", place / "test.tsv", place / "dev.tsv", workers=1)
    assert set(truth) == set(RULES) - {"unrelated"}  # which needs a model
    results = scores(found, truth)
    assert {rule for rule, one in results.items() if one["precision"] < 0.9} == set()
    # of boilerplate the first occurrences are not found; very short languages cannot be told
    weak = {rule for rule, one in results.items() if one["recall"] < 0.9}
    assert weak <= {"boilerplate", "language", "untranslated"}
    assert results["language"]["recall"] > 0.6
    assert results["untranslated"]["recall"] > 0.8


def test_the_reports_say_what_was_found(faulty) -> None:
    place, truth = faulty
    findings = check(
        Question(
            specs=[str(place / "train.tsv")],
            source="en",
            target="fr",
            options=DataConfig(),
            rules=list(RULES),
            test=str(place / "test.tsv"),
            workers=1,
        )
    )
    assert findings.serious
    told = as_dict(findings)
    assert told["rules"]["encoding"]["count"] == len(truth["encoding"])
    assert told["rules"]["test-overlap"]["level"] == "serious"
    assert told["overlap"]["test-overlap"]["source"] == len(truth["test-overlap"])
    assert told["not_checked"] == {
        "dev-overlap": "no --dev was given",
        "unrelated": "no --model was given",
    }
    assert "dev-overlap" not in told["rules"]
    assert sum(told["histograms"]["source"]) == told["pairs"] - len(truth["blank"])
    text = as_text(findings, ["train.tsv"])
    assert "Of 100 test sentences, 40 (40 %) have their source in the training data" in text
    assert "\x07" not in text
    page = as_page(findings, ["<train>.tsv"], ["en", "fr"])
    assert "&lt;train&gt;.tsv" in page
    assert "<script" not in page
    assert page.count("<rect") > 30
