import subprocess
import sys

import pytest
import sacrebleu
from sacrebleu.metrics import BLEU, CHRF, TER

from translator.errors import DataError
from translator.evaluation import bleu, evaluate, tokenizers

HYPOTHESES = [
    "Le chat dort sur le tapis.",
    "Nous avons mangé une pomme.",
    "Il fait froid ce matin dans la rue.",
    "Elle lit.",
]
FIRST = [
    "Le chat dort sur le tapis.",
    "Nous avons mangé une poire.",
    "Il fait très froid dans la rue ce matin.",
    "Elle est en train de lire.",
]
SECOND = [None, "On a mangé une pomme.", None, "Elle lit."]


def by_sacrebleu(metric, references, bootstrap=1000):
    result = metric.corpus_score(HYPOTHESES, references, n_bootstrap=bootstrap)
    return result, str(metric.get_signature())


@pytest.mark.parametrize("references", [[FIRST], [FIRST, HYPOTHESES], [FIRST, SECOND]])
def test_scores_intervals_and_signatures_are_those_of_sacrebleu(references):
    scores = evaluate(HYPOTHESES, references, ter=True)
    assert [score.name for score in scores] == ["BLEU", "chrF2", "TER"]
    for score, metric in zip(scores, [BLEU(), CHRF(), TER()], strict=True):
        expected, signature = by_sacrebleu(metric, references)
        assert score.value == expected.score
        assert score.confidence == pytest.approx(expected._ci, rel=1e-6)
        assert score.mean == pytest.approx(expected._mean, rel=1e-6)
        assert score.signature == signature
        assert "bs:1000" in score.signature
        assert "seed:12345" in score.signature


def test_a_perfect_translation_has_100_and_no_spread():
    bleu_score, chrf = evaluate(FIRST, [FIRST], bootstrap=50)
    assert bleu_score.value == pytest.approx(100)
    assert bleu_score.confidence == pytest.approx(0, abs=1e-9)
    assert chrf.value == pytest.approx(100)


def test_signature_and_text_of_a_score():
    score, _ = evaluate(HYPOTHESES, [FIRST])
    version = sacrebleu.__version__
    assert score.signature == (
        f"nrefs:1|bs:1000|seed:12345|case:mixed|eff:no|tok:13a|smooth:exp|version:{version}"
    )
    assert str(score) == f"BLEU {score.value:.1f} ± {score.confidence:.1f}  ({score.signature})"


def test_without_resampling_there_is_no_interval():
    for score in evaluate(HYPOTHESES, [FIRST], bootstrap=0):
        assert score.confidence is None
        assert score.mean is None
        assert "bs:" not in score.signature
        assert "±" not in str(score)


def test_a_missing_reference_is_as_if_only_the_others_were_there():
    signature = evaluate(HYPOTHESES, [FIRST, SECOND])[0].signature
    assert "nrefs:var" in signature
    everything_missing = [None] * len(FIRST)
    with_missing = evaluate(HYPOTHESES, [FIRST, everything_missing], bootstrap=0)
    assert with_missing == evaluate(HYPOTHESES, [FIRST], bootstrap=0)
    # also where the first sentence has no first reference
    assert evaluate(HYPOTHESES, [SECOND, FIRST]) == evaluate(HYPOTHESES, [FIRST, SECOND])


def test_bleu_alone_is_the_same_number():
    assert bleu(HYPOTHESES, [FIRST, SECOND]) == evaluate(HYPOTHESES, [FIRST, SECOND])[0].value
    assert bleu(["", "", "", ""], [FIRST]) == 0


def test_case_counts():
    assert bleu([text.upper() for text in FIRST], [FIRST]) < 50


@pytest.mark.parametrize(
    ("hypotheses", "references", "message"),
    [
        (HYPOTHESES, [FIRST[:3]], "4 hypotheses, but 3 references"),
        (HYPOTHESES, [FIRST, FIRST[:1]], "4 hypotheses, but 1 references in column 2"),
        ([], [[]], "nothing to score"),
        (HYPOTHESES, [], "no references"),
        (HYPOTHESES, [[*FIRST[:2], None, ""]], "sentence 3 has no reference"),
    ],
)
def test_what_cannot_be_scored(hypotheses, references, message):
    for score in (evaluate, bleu):
        with pytest.raises(DataError, match=message):
            score(hypotheses, references)


def test_tokenizer_follows_the_target_language():
    assert "tok:zh" in evaluate(["我爱你。"], [["我爱你。"]], target="zh-Hans")[0].signature
    assert "tok:char" in evaluate(["ผมรักคุณ"], [["ผมรักคุณ"]], target="th")[0].signature
    ter = evaluate(["我爱你。"], [["我爱她。"]], target="zh", ter=True)[2]
    assert "norm:yes" in ter.signature
    assert "asian:yes" in ter.signature
    assert ter.value == 25
    assert tokenizers.tokenizer_for("fr") == tokenizers.tokenizer_for("") == "13a"


def test_a_tokenizer_that_is_not_installed_is_replaced_and_told(monkeypatch, capsys):
    monkeypatch.setattr(tokenizers, "find_spec", lambda name: None)
    tokenizers.tokenizer_for.cache_clear()
    try:
        score = evaluate(["猫がいます。"], [["猫がいます。"]], target="ja")[0]
    finally:
        tokenizers.tokenizer_for.cache_clear()
    assert "tok:char" in score.signature
    assert 'pip install "sacrebleu[ja]"' in capsys.readouterr().err


def test_importing_the_package_imports_neither_sacrebleu_nor_torch():
    code = "import sys, translator.evaluation; assert not {'sacrebleu', 'torch'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
