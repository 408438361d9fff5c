from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

CAT = "The cat sat on the mat."
CHAT = "Le chat s'est assis sur le tapis."


def test_in_the_terminal(fast, model):
    result = fast("attend", "--model", model, CAT, CHAT)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "layer 1, mean of 2 heads (chosen for alignment)"
    assert lines[2].split() == CAT.split()
    assert [line.split()[0] for line in lines[3:10]] == CHAT.split()
    assert lines[-1] == "across: source, down: translation"
    assert result.stderr == ""


def test_without_a_translation_the_model_translates(fast, model):
    result = fast("attend", "--model", model, CAT, "--set", "decoding.beam=1")
    assert result.exit_code == 0, result.stderr
    translated = fast("translate", "--model", model, "--beam", "1", CAT).stdout
    assert result.stderr == translated
    rows = [line.split()[0] for line in result.stdout.splitlines()[3:] if line.strip()][:-2]
    words = translated.split()
    assert rows == [word if len(word) <= 20 else word[:19] + "…" for word in words]


def test_pictures(fast, model):
    pytest.importorskip("matplotlib")
    for name in ("cat.svg", "cat.html", "cat.png"):
        result = fast("attend", "--model", model, CAT, CHAT, "--save", name)
        assert result.exit_code == 0, result.stderr
        assert result.stdout == ""
        assert result.stderr == f"saved {name}\n"
    root = ElementTree.fromstring(Path("cat.svg").read_text(encoding="utf-8"))
    texts = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {*CAT.split(), *CHAT.split()} <= texts
    page = Path("cat.html").read_text(encoding="utf-8")
    assert f'lang="en" dir="auto">{CAT}</p>' in page
    assert 'lang="fr" dir="auto">Le chat s&#39;est assis' in page
    assert Path("cat.png").read_bytes().startswith(b"\x89PNG")


def test_which_heads(fast, model):
    titles = {
        ("--mean",): ["mean of all layers and heads"],
        ("--layer", 1): ["layer 1, mean of 2 heads"],
        ("--head", 2): ["layer 1, head 2"],
        ("--layer", 1, "--head", 1): ["layer 1, head 1"],
        ("--grid",): ["layer 1, head 1", "layer 1, head 2"],
    }
    for options, expected in titles.items():
        result = fast("attend", "--model", model, CAT, CHAT, *options)
        assert result.exit_code == 0, result.stderr
        found = [line for line in result.stdout.splitlines() if line.startswith(("layer", "mean"))]
        assert found == expected


def test_the_other_way_round(fast, model_for_both):
    result = fast("attend", "-m", model_for_both, "-s", "fr", CHAT, CAT, "--save", "other.html")
    assert result.exit_code == 0, result.stderr
    assert f'lang="en" dir="auto">{CAT}' in Path("other.html").read_text(encoding="utf-8")


def test_a_picture_needs_no_matplotlib_but_for_png(fast, model, monkeypatch):
    for name in ("matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(sys.modules, name, None)
    for options in ([], ["--save", "cat.svg"], ["--save", "cat.html"]):
        result = fast("attend", "-m", model, CAT, CHAT, *options)
        assert result.exit_code == 0, result.stderr
    result = fast("attend", "-m", "checked-later", CAT, CHAT, "--save", "cat.png")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: a picture needs Matplotlib, which is not installed\n"
        "  pip install matplotlib; without --save it is drawn in the terminal, and .svg and .html "
        "need nothing.\n"
    )
    assert not Path("cat.png").exists()


LONG = " ".join(["cat"] * 201)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([CAT, CHAT, "--save", "cat.pdf"], "there are no pictures of the kind '.pdf'\n  Known: "),
        ([CAT, CHAT, "--save", "cat.svgg"], "cat.svgg: there are no pictures of the kind"),
        ([CAT, CHAT, "--save", "no/cat.svg"], "no: there is no such directory\n  Make it first"),
        ([CAT, CHAT, "--save", "d.svg"], "d.svg: is a directory, and --save is a file"),
        ([CAT, CHAT, "--save", "/proc/cat.svg"], "/proc/cat.svg: "),
        ([CAT, CHAT, "--layer", "2"], "--layer 2: there is none\n  The model has one layer: 1."),
        ([CAT, CHAT, "--head", "3"], "--head 3: there is none\n  Each layer has the heads 1 to 2."),
        ([CAT, CHAT, "--layer", "first"], "--layer"),
        ([CAT, CHAT, "--mean", "--grid"], "--mean and --grid contradict each other"),
        ([" "], "TEXT is blank: there is nothing to look at"),
        ([CAT, ""], "TRANSLATION is blank: there is nothing to look at"),
        ([LONG, CHAT], "the source has 201 words, and a picture of more than 200 cannot be read"),
        ([CAT, CHAT, "-s", "fr"], "this model translates en -> fr, and --source fr was asked for"),
        ([CAT, CHAT, "--set", "training.seed=1"], "the training options have no effect here"),
        ([], "TEXT"),
    ],
)
def test_mistakes(fast, model, args, message):
    Path("d.svg").mkdir()
    before = sorted(Path().rglob("*"))
    result = fast("attend", "--model", model, *args)
    assert result.exit_code == 2, result.output
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert sorted(Path().rglob("*")) == before


def test_no_such_model(fast):
    result = fast("attend", "--model", "no", CAT, "--save", "cat.svg")
    assert result.exit_code == 2
    assert "no: there is no such run directory" in result.stderr
    assert not Path("cat.svg").exists()
