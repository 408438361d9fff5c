import pytest

from translator.evaluation import warning_signs

PLAIN = ["Le chat dort.", "Où est-il ? Là-bas !", "Il coûte 3,50 euros.", "", None]


def test_plain_text_gives_no_warning():
    assert warning_signs(PLAIN, "hypotheses") == []
    assert warning_signs([], "hypotheses") == []


def test_a_table_in_place_of_text():
    (warning,) = warning_signs(["The cat sleeps.\tLe chat dort."] * 3 + ["a"], "references")
    assert warning.startswith("3 of 4 references hold a tab")
    assert warning_signs(["a\tb", "Le chat dort."], "references") == []


@pytest.mark.parametrize("line", ["▁Le ▁chat", "Le ch@@ at dort", "un deman@@", "un chat ##on"])
def test_subword_marks(line):
    (warning,) = warning_signs([*PLAIN, line], "hypotheses")
    assert warning.startswith("1 of 4 hypotheses hold sub-word marks")


@pytest.mark.parametrize(
    "line", ["Le chat dort .", "Oui , je viens.", "un arc @-@ en @-@ ciel", "l &apos; eau"]
)
def test_tokenised_text(line):
    (warning,) = warning_signs([*PLAIN, line], "references")
    assert warning.startswith("1 of 4 references look tokenised")


def test_a_single_line_among_many_is_no_sign():
    assert warning_signs(["Le chat dort."] * 200 + ["see .@@ or ."], "hypotheses") == []
