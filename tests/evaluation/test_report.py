"""The error report: signs, differences, bands, and the page."""

import random
import re

import numpy as np
import pytest
from datasets import Dataset

from translator.corpora.trained_on import TrainedOn
from translator.evaluation.report.analysis import analyse
from translator.evaluation.report.differences import differences
from translator.evaluation.report.page import as_page
from translator.evaluation.report.signs import find_signs
from translator.evaluation.report.text import as_text
from translator.evaluation.results import System, Task, evaluate_systems
from translator.evaluation.scores import metrics_for


@pytest.mark.parametrize(
    ("source", "hypothesis", "reference", "expected"),
    [
        ("The cat.", "Le chat.", "Le chat.", {}),
        ("The cat.", " ", "Le chat.", {"empty": ""}),
        ("The old cat sleeps.", "Le chat.", "Le vieux chat dort bien.",
         {"under-translation": "8 letters for 24"}),
        ("The cat.", "Le vieux chat dort ici.", "Le chat.",
         {"over-translation": "23 letters for 8"}),
        ("It costs 1,200 euros.", "Il coûte 120 euros.", "Il coûte 1200 euros.",
         {"lost number": "1,200", "new number": "120"}),
        ("It costs 1,200 euros.", "Il coûte 1 200 euros.", "Il coûte 1.200 euros.", {}),
        ("It is 5 p.m.", "Il est 17 heures.", "Il est 17 heures.", {}),
        ("I know Anna well.", "Je connais bien Hanna.", "Je connais bien Anna.",
         {"lost name": "Anna"}),
        ("I saw London today.", "J'ai vu London ce jour.", "J'ai vu Londres ce jour.",
         {"untranslated name": "London"}),
        ("The garden is old.", "Le garden est vieux.", "Le jardin est vieux.",
         {"copied word": "garden"}),
        ("He will be here today.", "He will be here today.", "Il sera ici ce jour-là.",
         {"copied source": ""}),
    ],
)  # fmt: skip
def test_signs(source, hypothesis, reference, expected):
    assert find_signs(source, hypothesis, [reference], target="fr") == expected


def test_a_second_reference_excuses():
    signs = find_signs("A nice garden.", "Un joli garden.", ["Un joli jardin."], target="fr")
    assert signs == {"copied word": "garden"}
    both = ["Un joli jardin.", "Un joli garden."]
    assert find_signs("A nice garden.", "Un joli garden.", both, target="fr") == {}


def test_without_a_source_only_the_length_tells():
    assert find_signs(None, "7 mots", ["8 mots"], target="fr") == {}
    assert "over-translation" in find_signs(None, "mot " * 9, ["mot"], target="fr")


def test_words_that_differ():
    reference, hypothesis = differences("Le chat noir dort, ici.", "Le grand chien dort ici.")
    assert reference == [
        (False, "Le "), (True, "chat noir"), (False, " dort"), (True, ","), (False, " ici."),
    ]  # fmt: skip
    assert hypothesis == [(False, "Le "), (True, "grand chien"), (False, " dort ici.")]
    for side, text in (
        (reference, "Le chat noir dort, ici."),
        (hypothesis, "Le grand chien dort ici."),
    ):
        assert "".join(piece for _, piece in side) == text
    assert differences("我爱你", "我恨你")[1] == [(False, "我"), (True, "恨"), (False, "你")]
    assert differences("", "a b") == ([], [(True, "a b")])


def test_a_very_long_text_is_shown_as_it_is():
    long = "mot " * 50_000
    assert differences("court", long) == ([(False, "court")], [(False, long)])


NASTY = "<script>alert(\"x\")</script> & 'quoted' {{ 7 * 7 }}"


@pytest.fixture(scope="module")
def evaluation():
    chance = random.Random(5)
    nouns = ["chat", "chien", "cheval", "pont", "jardin", "livre"]
    references = [
        " ".join(chance.choices(nouns, k=chance.randint(2, 24))) + f" {i}." for i in range(60)
    ]
    good = [text.replace("pont", "port") for text in references]
    bad = [text.replace("chat", "rat").replace("livre", "") for text in references]
    references[7] = good[7] = NASTY
    task = Task(
        name="test <b>set</b>",
        target="fr",
        sources=[f"Source rare{'abc'[i % 3]} common {'word ' * (i % 9)}" for i in range(60)],
        references=[references],
        lines=list(range(1, 61)),
        total=60,
        labels=["news" if i % 2 else NASTY for i in range(60)],
    )
    systems = [System(name="good", hypotheses=good), System(name="bad & old", hypotheses=bad)]
    return evaluate_systems(task, systems, metrics_for("fr"), bootstrap=20)


@pytest.fixture(scope="module")
def known():
    texts = {"source": ["Source common word", "common rareb", "rarec common"], "target": ["a"] * 3}
    keys = np.zeros((3, 2), dtype=np.uint64)
    return TrainedOn.read(Dataset.from_dict(texts), np.arange(3), keys)


def test_the_bands_hold_every_sentence_once(evaluation, known):
    found = {one.title: one for one in analyse(evaluation, known).groupings}
    assert list(found) == ["By length of the source", "By the rarest source word", "By part"]
    for grouping in found.values():
        assert sum(band.sentences for band in grouping.bands) == 60
    rare = {band.label: band.sentences for band in found["By the rarest source word"].bands}
    assert rare == {"0": 20, "1-2": 40}
    news = next(band for band in found["By part"].bands if band.label == "news")
    rows = list(range(1, 60, 2))
    for system, scores in zip(evaluation.systems, news.scores, strict=True):
        assert scores["BLEU"].value == system.measured["BLEU"].score(rows).value


def test_the_sentences_that_are_worth_reading(evaluation):
    chosen = {one.title: one.examples for one in analyse(evaluation, None).chosen}
    assert list(chosen) == ["Gained most over bad & old", "Lost most against bad & old",
                            "Worst", "Best"]  # fmt: skip
    first = evaluation.systems[0].measured["chrF2"].sentence_scores()
    worst = [one.line - 1 for one in chosen["Worst"]]
    assert [first[row] for row in worst] == sorted(first)[: len(worst)]
    for one in chosen["Gained most over bad & old"]:
        assert one.translations[0].score > one.translations[1].score
    assert not {one.line for one in chosen["Best"]} & {one.line for one in chosen["Worst"]}


def test_the_page_is_whole_and_asks_for_nothing(evaluation, known):
    page = as_page([analyse(evaluation, known)])
    assert "<script" not in page
    assert "{{ 7 * 7 }}" in page
    assert "&lt;script&gt;alert" in page
    assert "test &lt;b&gt;set&lt;/b&gt;" in page
    assert not re.search(r'(src|href)="|url\(|@import|https?://', page)
    assert "good is better than bad &amp; old" in page
    assert page.count("<svg") == 4
    for heading in ("Scores", "By part", "Worst", "Best", "Where the figures come from"):
        assert f"<h2>{heading}</h2>" in page


def test_one_system_without_sources(evaluation):
    task = Task(name="r", target="", sources=None, references=evaluation.task.references,
                lines=evaluation.task.lines, total=60)  # fmt: skip
    system = System(name="good", hypotheses=evaluation.systems[0].hypotheses)
    one = analyse(evaluate_systems(task, [system], metrics_for(), bootstrap=0), None)
    assert [grouping.title for grouping in one.groupings] == ["By length of the reference"]
    assert "<h2>Worst</h2>" in as_page([one])
    assert "source  " not in as_text([one]).partition("Worst")[2]


def test_the_text_says_the_same(evaluation, known):
    text = as_text([analyse(evaluation, known)])
    for part in (
        "By the rarest source word",
        "Signs of errors",
        "letters for each letter",
        "Worst",
    ):
        assert part in text
    assert "[port" in text
    two = as_text([analyse(evaluation, known)] * 2)
    assert two.count("===") >= 2
