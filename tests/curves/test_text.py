from __future__ import annotations

from collections.abc import Callable

import pytest
from rich.cells import cell_len

from translator.curves import Curve, Validated, summary, table
from translator.curves.text import sparkline

NewCurve = Callable[..., Curve]


def test_one_run(curve: NewCurve) -> None:
    one = curve("demo", bleu=[10, 30.25, 20], loss=[4, 3, 2.125])
    assert summary([one]) == (
        "                             demo\n"
        "steps                        300\n"
        "epochs                       1.50\n"
        "minutes                      4.5\n"
        "target tokens/s (median)     2,000\n"
        "skipped steps                3\n"
        "best dev BLEU                30.2 at step 200\n"
        "best dev loss                2.125 at step 300\n"
        "last dev BLEU                20.0 at step 300\n"
        "last dev loss                2.125 at step 300\n"
        "dev BLEU (▁ 10.0, █ 30.2)           ▁▂▃▄▅▆▇███▇▇▆▆▅▅▄\n"
        "dev loss (▁ 2.125, █ 4.000)         ██▇▇▆▆▅▅▄▄▃▃▂▂▁▁▁\n"
    )


def test_runs_are_compared_on_one_scale(curve: NewCurve) -> None:
    long = curve("long", bleu=[0, 20, 40, 60], loss=[4, 3, 2, 1])
    short = curve("short", bleu=[0, 15], loss=[4, 3])
    lines = summary([long, short]).splitlines()
    assert lines[0].split() == ["long", "short"]
    assert lines[1].split() == ["steps", "400", "200"]
    second = lines[0].index("short")
    bleu = next(line for line in lines if line.startswith("dev BLEU (▁ 0.0, █ 60.0)"))
    # the short run ends in the middle, and low
    assert bleu[second:] == "     ▁▁▁▂▂▂▃"
    assert bleu[:second].rstrip()[-1] == "█"


def test_what_there_is_not_yet(curve: NewCurve) -> None:
    late = Curve(name="late", log=[], validations=[Validated(step=100, loss=None, bleu=0)])
    lines = summary([curve("new", logged=1), late]).splitlines()
    second = lines[0].index("late")
    first = lines[0].index("new")
    cells = [
        (line[:first].strip(), line[first:second].strip(), line[second:].strip()) for line in lines
    ]
    assert cells == [
        ("", "new", "late"),
        ("steps", "100", "100"),
        ("epochs", "0.50", "-"),
        ("minutes", "1.5", "-"),
        ("target tokens/s (median)", "1,000", "-"),
        ("skipped steps", "1", "-"),
        ("best dev BLEU", "-", "0.0 at step 100"),
        ("best dev loss", "-", "-"),
        ("last dev BLEU", "-", "0.0 at step 100"),
        ("last dev loss", "-", "- at step 100"),
        ("dev BLEU (▁ 0.0, █ 0.0)", "-", "▁"),
        ("dev loss", "-", "-"),
    ]


def test_runs_that_do_not_fit_stand_below(curve: NewCurve) -> None:
    runs = [curve(f"run{i}", bleu=[1, 2], loss=[2, 1]) for i in range(5)]
    text = summary(runs, width=100)
    assert [block.splitlines()[0].split() for block in text.split("\n\n")] == [
        ["run0", "run1"],
        ["run2", "run3"],
        ["run4"],
    ]
    assert max(map(cell_len, text.splitlines())) <= 100
    assert len(summary(runs, width=1).split("\n\n")) == 5
    assert len(summary(runs).split("\n\n")) == 1


def test_names_of_wide_characters_keep_the_columns(curve: NewCurve) -> None:
    runs = [curve("翻訳モデルの実験のとても長い名前", bleu=[1], loss=[2]), curve("b", [1], [2])]
    lines = summary(runs).splitlines()
    begin = cell_len(lines[0][: lines[0].rindex("b")])
    assert cell_len(lines[1][: lines[1].rindex("100")]) == begin


@pytest.mark.parametrize(
    ("points", "low", "high", "expected"),
    [
        ([], 0, 1, ""),
        ([(240, 5.0)], 5, 5, " " * 23 + "▁"),
        ([(0, 8.0)], 0, 8, "█"),
        ([(10, 8.0)], 0, 8, "█"),
        # eight columns, a block each
        ([(10, 0.0), (80, 7.0)], 0, 8, "▁▂▃▄▅▆▇█"),
        # nothing is drawn before the first point and after the last
        ([(30, 0.0), (50, 8.0)], 0, 8, "  ▁▅█"),
        # of two points at one step the later counts
        ([(10, 0.0), (10, 8.0)], 0, 8, "█"),
        ([(10, 0.0), (10, 4.0), (30, 8.0)], 0, 8, "▅▇█"),
    ],
)
def test_sparklines(
    points: list[tuple[int, float]], low: float, high: float, expected: str
) -> None:
    assert sparkline(points, 240, low, high) == expected


def test_a_table_of_validations(curve: NewCurve) -> None:
    one = curve("demo", bleu=range(1, 8), loss=[4, 3, 2, None, 1, 1, 0.5])
    assert table(one, 3) == (
        "| step | epoch | minutes | dev loss | dev BLEU |\n"
        "| ---: | ----: | ------: | -------: | -------: |\n"
        "|  200 |  1.00 |     3.0 |    3.000 |      2.0 |\n"
        "|  400 |  2.00 |     6.0 |        - |      4.0 |\n"
        "|  700 |  3.50 |    10.5 |    0.500 |      7.0 |\n"
    )
    assert len(table(one, 100).splitlines()) == 2 + 7
    early = Curve(name="", log=[], validations=[Validated(step=1, loss=1, bleu=2)])
    assert table(early, 1).splitlines()[2] == "|    1 |     - |       - |    1.000 |      2.0 |"
    assert len(table(Curve(name="", log=[], validations=[]), 5).splitlines()) == 2
