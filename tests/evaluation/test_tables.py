from translator.evaluation.tables import Table, latex_text

TABLE = Table(
    header=["system", "BLEU"], rows=[["a_b|c", "37.2 ± 1.6"], ["模型", "9.0 ± 0.1"]], names=1
)


def test_text_is_aligned_by_what_is_seen():
    assert TABLE.as_text() == ("system        BLEU\na_b|c   37.2 ± 1.6\n模型     9.0 ± 0.1\n")


def test_markdown():
    assert TABLE.as_markdown() == (
        "| system | BLEU |\n|---|---:|\n| a_b\\|c | 37.2 ± 1.6 |\n| 模型 | 9.0 ± 0.1 |\n"
    )


def test_latex():
    assert TABLE.as_latex() == (
        "\\begin{tabular}{lr}\n\\toprule\nsystem & BLEU \\\\\n\\midrule\n"
        "a\\_b|c & 37.2 $\\pm$ 1.6 \\\\\n模型 & 9.0 $\\pm$ 0.1 \\\\\n\\bottomrule\n\\end{tabular}\n"
    )


def test_no_command_of_latex_comes_through():
    assert latex_text(r"50 % of \x{} & #1 ~^<>") == (
        r"50 \% of \textbackslash{}x\{\} \& \#1 \textasciitilde{}\textasciicircum{}$<$$>$"
    )
