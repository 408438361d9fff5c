import random

import pytest
from sacrebleu import BLEU, CHRF
from sacrebleu.significance import PairedTest

from translator.evaluation import significance
from translator.evaluation.scores import measure, metrics_for
from translator.evaluation.significance import Comparison, Difference, compare, p_text

WORDS = [
    "le",
    "chat",
    "dort",
    "sur",
    "un",
    "tapis",
    "vert",
    "et",
    "la",
    "fille",
    "mange",
    "des",
    "pommes",
    "rouges",
    "chaque",
    "matin",
]


def spoiled(texts, share, seed):
    chance = random.Random(seed)
    return [
        " ".join(chance.choice(WORDS) if chance.random() < share else word for word in text.split())
        for text in texts
    ]


REFERENCES = [" ".join(random.Random(i).choices(WORDS, k=8)) for i in range(60)]
GOOD, BAD, OTHER = (
    spoiled(REFERENCES, share, seed) for share, seed in ((0.2, 1), (0.5, 2), (0.2, 3))
)


@pytest.fixture(autouse=True)
def _few_trials(monkeypatch):
    monkeypatch.setattr(significance, "RANDOMISED", 400)
    monkeypatch.setattr(significance, "RESAMPLED", 300)


def measured(hypotheses):
    return list(measure(hypotheses, [REFERENCES], metrics_for()).values())


def compared(*systems, rows=None):
    named = [(f"system {at}", measured(one)) for at, one in enumerate(systems)]
    return compare(named[0], named[1:], rows=rows)


def by_sacrebleu(kind, trials, metric, *systems):
    named = [(str(at), one) for at, one in enumerate(systems)]
    test = PairedTest(named, {"m": metric}, [REFERENCES], test_type=kind, n_samples=trials)
    signatures, scores = test()
    [(name, signature)] = signatures.items()
    return [one.p_value for one in scores[name][1:]], str(signature)


def test_the_figures_are_those_of_sacrebleu():
    found = compared(GOOD, BAD, OTHER)
    for at, metric in enumerate((BLEU(force=True), CHRF())):
        randomised, signature = by_sacrebleu("ar", 400, metric, GOOD, BAD, OTHER)
        resampled, _ = by_sacrebleu("bs", 300, metric, GOOD, BAD, OTHER)
        differences = [one.differences[at] for one in found]
        assert [one.randomisation for one in differences] == randomised
        assert [one.bootstrap for one in differences] == resampled
        told = differences[0].signature
        assert told.replace("|bs:300", "") == signature
        assert "ar:400|bs:300|seed:12345" in told
    scores = [
        metric.corpus_score(one, [REFERENCES]).score
        for one in (GOOD, BAD)
        for metric in [BLEU(force=True)]
    ]
    assert found[0].differences[0].value == scores[0] - scores[1]


def test_a_part_is_compared_as_if_it_were_all():
    rows = list(range(10, 40))
    part = compared(GOOD, BAD, rows=rows)[0].differences
    named = [
        (
            name,
            list(
                measure(
                    [one[i] for i in rows], [[REFERENCES[i] for i in rows]], metrics_for()
                ).values()
            ),
        )
        for name, one in (("a", GOOD), ("b", BAD))
    ]
    assert part == compare(named[0], named[1:])[0].differences


def test_verdicts():
    [better] = compared(GOOD, BAD)
    gain = better.differences[0].value
    p = p_text(better.differences[0].randomisation)
    assert better.verdict() == f"system 0 is better than system 1 by {gain:.1f} BLEU ({p})."
    [worse] = compared(BAD, GOOD)
    assert worse.verdict().startswith(f"system 1 is better than system 0 by {gain:.1f} BLEU")
    [none] = compared(GOOD, OTHER)
    assert none.verdict().startswith("No difference between system 0 and system 1 that this test")
    [same] = compared(GOOD, GOOD)
    assert same.verdict() == "system 0 and system 1 have the same BLEU."
    assert [one.randomisation for one in same.differences] == [None, None]


def test_of_several_comparisons_each_must_be_surer():
    for one in compared(GOOD, BAD, OTHER):
        assert one.level == 0.025


def difference(metric, value, p):
    return Difference(metric=metric, value=value, randomisation=p, bootstrap=p, signature="")


def test_a_metric_that_disagrees_is_told():
    def verdict(*differences):
        return Comparison(first="a", other="b", differences=list(differences)).verdict()

    bleu = difference("BLEU", 1.25, 0.0004)
    assert verdict(bleu, difference("TER", -2, 0.01)) == (
        "a is better than b by 1.2 BLEU (p < 0.001)."
    )
    assert "but TER says the opposite" in verdict(bleu, difference("TER", 2, 0.01))
    assert "opposite" not in verdict(bleu, difference("chrF2", -2, 0.2))
    both = verdict(bleu, difference("TER", 2, 0.01), difference("chrF2", -2, 0.01))
    assert "but TER and chrF2 say the opposite" in both


def test_many_sentences_have_fewer_trials_and_the_signature_says_so(monkeypatch):
    monkeypatch.setattr(significance, "_CELLS", {"ar": 60 * 250, "bs": 60 * 100})
    told = compared(GOOD, BAD)[0].differences[0].signature
    assert "ar:250|bs:200|" in told
