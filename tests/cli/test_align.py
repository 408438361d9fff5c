"""Links between words: of given pairs, of translations, and beside those of people."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

PAIRS = [
    ("The cat sat on the mat.", "Le chat s'est assis sur le tapis."),
    ("We eat bread.", "Nous mangeons du pain."),
    ("", "Un oiseau chante."),
    ("A bird sings. The river is old.", "Un oiseau chante. La rivière est vieille."),
]


@pytest.fixture
def pairs():
    Path("pairs.tsv").write_text("".join(f"{a}\t{b}\n" for a, b in PAIRS), encoding="utf-8")
    return Path("pairs.tsv")


def links_of(model, **more):
    from translator import Translator
    from translator.alignment import align

    found = align(Translator.load(model, engine="torch"), *zip(*PAIRS, strict=True), **more)
    return [str(one) for one in found]


def test_a_line_for_each_pair(fast, model, pairs):
    result = fast("align", "--model", model, "--data", pairs)
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines == links_of(model)
    assert lines[2] == ""
    assert all(re.fullmatch(r"\d+-\d+( \d+-\d+)*", line) for line in lines if line)
    assert "pairs.tsv: aligned 4 pairs\n" in result.stderr
    result = fast("align", "-m", model, "-d", pairs, "--format", "json", "-o", "out.jsonl")
    assert result.stdout == ""
    values = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    for number, (value, line, pair) in enumerate(zip(values, lines, PAIRS, strict=True), start=1):
        assert (value["line"], value["source"], value["target"]) == (number, *pair)
        assert value["source_words"] == pair[0].split()
        assert value["target_words"] == pair[1].split()
        assert " ".join(f"{s}-{t}" for s, t in value["links"]) == line


def test_a_pair_on_the_command_line(fast, model, pairs):
    result = fast("align", "-m", model, *PAIRS[0])
    assert result.stdout == links_of(model)[0] + "\n"
    result = fast("align", "-m", model, PAIRS[0][0])
    assert result.exit_code == 0, result.stderr
    from translator import Translator

    [text] = Translator.load(model).translate([PAIRS[0][0]])
    assert result.stderr == f"{text}\n"
    assert result.stdout.endswith("\n")


def test_gold_links(fast, model, pairs):
    found = fast("align", "-m", model, "-d", pairs, "--format", "tsv").stdout
    rows = [line.split("\t") for line in found.splitlines()]
    assert [row[:2] for row in rows] == [list(pair) for pair in PAIRS]
    # what was found is right, and one sure link more is not found
    Path("gold.tsv").write_text(found, encoding="utf-8")
    command = ["align", "-m", model, "-d", pairs, "--gold"]
    result = fast(*command, "gold.tsv", "--format", "json")
    links = sum(len(row[2].split()) for row in rows)
    assert json.loads(result.stdout) == {
        "aer": 0.0,
        "precision": 1.0,
        "recall": 1.0,
        "pairs": 4,
        "links": links,
        "sure": links,
        "possible": links,
    }
    missing = next(
        f"{s}-{t}" for s in range(3) for t in range(4) if f"{s}-{t}" not in rows[1][2].split()
    )
    rows[1][2] += f" {missing}"
    text = "".join(row[2].replace("-", "p", 1) + "\n" for row in rows)
    Path("gold.talp").write_text(text, encoding="utf-8")
    result = fast(*command, "gold.talp", "--output", "links.txt")
    sure = links + 1 - 3
    error = 1 - (links - 3 + links) / (links + sure)
    assert result.stdout == (
        f"AER {100 * error:.2f} %  precision 100.00 %  recall {100 * (links - 3) / sure:.2f} %  "
        f"(4 pairs, {links} links, {sure} sure)\n"
    )
    assert Path("links.txt").read_text().splitlines() == links_of(model)
    counted = re.sub(r"\d+", lambda match: str(int(match.group()) + 1), text)
    Path("one.talp").write_text(counted, encoding="utf-8")
    assert fast(*command, "one.talp", "--from-one").stdout == result.stdout


def test_words_that_the_gold_file_names(fast, model, pairs):
    split = [
        ("The cat sat on the mat .", "Le chat s' est assis sur le tapis ."),
        ("We eat bread .", "Nous mangeons du pain ."),
        ("", "Un oiseau chante ."),
        ("A bird sings . The river is old .", "Un oiseau chante . La rivière est vieille ."),
    ]
    Path("gold.tsv").write_text("".join(f"{a}\t{b}\t\n" for a, b in split), encoding="utf-8")
    result = fast(
        "align", "-m", model, "-d", pairs, "--gold", "gold.tsv", "-o", "l.tsv", "--format", "tsv"
    )
    assert result.exit_code == 0, result.stderr
    rows = [line.split("\t")[:2] for line in Path("l.tsv").read_text().splitlines()]
    assert rows == [list(pair) for pair in split]
    Path("gold.tsv").write_text("".join(f"{a}\t{b} x\t\n" for a, b in split), encoding="utf-8")
    result = fast("align", "-m", model, "-d", pairs, "--gold", "gold.tsv")
    assert result.exit_code == 2
    assert "gold.tsv:1: has other words than the text" in result.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0-0\n\n\n", "gold.talp: has the links of 3 pairs, and there are 4"),
        ("0-0\n3-0\n\n\n", "gold.talp:2: the link 3-0 is beyond the 3 and 4 words"),
        ("0-0\n0:0\n\n\n", "gold.talp:2: '0:0' is no link"),
        ("a\tb\t0-0\n", "gold.talp:1: has other words than the text"),
    ],
)
def test_gold_links_of_something_else(fast, model, pairs, text, told):
    Path("gold.talp").write_text(text, encoding="utf-8")
    result = fast("align", "-m", model, "-d", pairs, "--gold", "gold.talp")
    assert result.exit_code == 2
    assert told in result.stderr


def test_marks_are_words_if_asked_for(fast, model, pairs):
    result = fast("align", "-m", model, "-d", pairs, "--format", "tsv", "--words", "marks")
    assert result.exit_code == 0, result.stderr
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    assert rows[0][:2] == ["The cat sat on the mat .", "Le chat s ' est assis sur le tapis ."]
    assert [row[2] for row in rows] == links_of(model, split="marks")
    # what was written is read again
    Path("gold.tsv").write_text(result.stdout, encoding="utf-8")
    again = fast("align", "-m", model, "-d", pairs, "--gold", "gold.tsv", "--format", "json")
    assert json.loads(again.stdout)["aer"] == 0


def test_soft_matrices(fast, model, pairs):
    from translator import Translator
    from translator.alignment import read_attention

    result = fast("align", "-m", model, "-d", pairs, "--attention", "a.npz")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == links_of(model)
    expected = read_attention(Translator.load(model), *zip(*PAIRS, strict=True))
    with np.load("a.npz") as found:
        assert len(found) == 4 * len(PAIRS)
        for number, one in enumerate(expected, start=1):
            np.testing.assert_allclose(found[f"weights_{number}"], one.weights, atol=1e-5)
            np.testing.assert_allclose(found[f"chosen_{number}"], one.chosen, atol=1e-5)
            assert tuple(found[f"source_{number}"]) == one.source
            assert tuple(found[f"target_{number}"]) == one.target
    assert fast("align", "-m", model, "-d", pairs, "--attention", "a.json").exit_code == 0
    values = [json.loads(line) for line in Path("a.json").read_text().splitlines()]
    assert [value["line"] for value in values] == [1, 2, 3, 4]
    np.testing.assert_allclose(values[1]["weights"], expected[1].weights, atol=1e-3)
    result = fast("align", "-m", model, "-d", pairs, "--attention", "a.txt")
    assert result.exit_code == 2
    assert "attention is written to .npz or .json" in result.stderr
    assert not Path("a.txt").exists()


def test_both_directions(fast, model, model_for_both, pairs):
    own = fast("align", "-m", model_for_both, "-d", pairs)
    other = fast("align", "-m", model_for_both, "-d", pairs, "--reverse", model_for_both)
    assert own.exit_code == 0, own.stderr
    assert own.stdout == other.stdout
    one = fast("align", "-m", model_for_both, "-d", pairs, "--symmetrisation", "none")
    assert one.stdout.splitlines() == links_of(model_for_both) != own.stdout.splitlines()
    names = ("intersection", "union")
    sets = {}
    for name in names:
        result = fast(
            "align", "-m", model, "--reverse", model_for_both, "-d", pairs, "--symmetrisation", name
        )
        assert result.exit_code == 0, result.stderr
        sets[name] = [set(line.split()) for line in result.stdout.splitlines()]
    forward = [set(line.split()) for line in links_of(model)]
    for smaller, larger, line in zip(*sets.values(), forward, strict=True):
        assert smaller <= line <= larger
    result = fast("align", "-m", model, "-d", pairs, "--symmetrisation", "union")
    assert result.exit_code == 2
    assert "this model knows en -> fr only" in result.stderr
    result = fast("align", "-m", model, "--reverse", model, "-d", pairs)
    assert result.exit_code == 2
    assert "this model translates en -> fr, and the opposite of en -> fr is" in result.stderr


def test_the_choice_is_kept(fast, model_for_both, pairs, tmp_path):
    run = shutil.copytree(model_for_both, tmp_path / "run")
    before = json.loads((run / "manifest.json").read_text())
    gold = "".join(
        " ".join(f"{i}-{i}" for i in range(min(map(len, map(str.split, pair))))) + "\n"
        for pair in PAIRS
    )
    Path("gold.talp").write_text(gold)
    command = ["align", "-m", run, "-d", pairs]
    error = json.loads(
        fast(*command, "--gold", "gold.talp", "--format", "json", "--symmetrisation", "none").stdout
    )["aer"]
    result = fast(*command, "--gold", "gold.talp", "--tune")
    assert result.exit_code == 0, result.stderr
    assert re.fullmatch(
        # counted as --layer and --head of attend are
        r".*run en -> fr: layer 1, (head [12]|mean of 2 heads), (in|out)put rows, by gold links: "
        r"error [\d.]+% on \d pairs\n",
        result.stdout,
    )
    manifest = json.loads((run / "manifest.json").read_text())
    assert set(manifest["alignment"]) == {"en-fr"}
    assert manifest["alignment"]["en-fr"]["measured"]["by"] == "gold links"
    assert {**manifest, "alignment": None} == {**before, "alignment": None}
    tuned = json.loads(
        fast(*command, "--gold", "gold.talp", "--format", "json", "--symmetrisation", "none").stdout
    )["aer"]
    assert tuned <= error
    result = fast(*command, "--tune", "--format", "json")
    assert result.exit_code == 0, result.stderr
    values = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(value["source"], value["target"]) for value in values] == [("en", "fr"), ("fr", "en")]
    manifest = json.loads((run / "manifest.json").read_text())
    for value in values:
        entry = manifest["alignment"][f"{value.pop('source')}-{value.pop('target')}"]
        assert entry == value
        assert entry["measured"]["by"] == "agreement of both directions"
    manifest["alignment"]["en-fr"]["layer"] = 7
    (run / "manifest.json").write_text(json.dumps(manifest))
    result = fast(*command)
    assert result.exit_code == 2
    assert "names no layer and heads of this model" in result.stderr


def test_what_makes_no_sense(fast, model, pairs):
    for arguments, told in (
        ([], "no pair was given"),
        (["a", "b", "c"], "3 texts were given, and a pair has two"),
        (["a", "--data", "pairs.tsv"], "text on the command line and --data as well"),
        (["a", "b", "--gold", "x"], "--gold is about many pairs"),
        (["a", "b", "--tune"], "--tune is about many pairs"),
        (["--data", "pairs.tsv", "--from-one"], "--from-one is about --gold"),
        (["--data", "pairs.tsv", "--tune"], "chosen by gold links, or by how far two directions"),
        (["--data", "pairs.tsv", "--tune", "-o", "x"], "--tune writes no links"),
        (["--data", "no.tsv"], "no.tsv"),
        (["--data", "pairs.tsv", "--gold", "no.talp"], "no.talp"),
    ):
        result = fast("align", "-m", model, *arguments)
        assert result.exit_code == 2, arguments
        assert told in result.stderr
    Path("empty.tsv").write_text("")
    assert fast("align", "-m", model, "-d", "empty.tsv").exit_code == 2


LINES = (
    "The cat sat on {name}. A bird sings.\n\nWe eat bread.\r\n  She reads.\n"
    "{name} {x}\n\u2028\nlast"
)


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--beam", "1"],
        ["--engine", "torch", "--n-best", "2"],
        ["--engine", "ctranslate2"],
        ["--json"],
    ],
)
def test_links_of_translations(fast, model, options):
    pytest.importorskip("ctranslate2")
    result = fast(
        "translate", "-m", model, *options, "--alignments", "links.txt", stdin=LINES.encode()
    )
    assert result.exit_code == 0, result.stderr
    plain = fast("translate", "-m", model, *options, stdin=LINES.encode())
    assert result.stdout == plain.stdout
    lines = Path("links.txt").read_text().splitlines()
    assert len(lines) == 7
    # what this model writes is often no text, so that a line may be without links
    assert any(lines)
    assert lines[1] == lines[5] == ""
    assert lines[4] == "0-0 1-1"  # nothing but what is copied
    if options == ["--beam", "1"]:
        text = plain.stdout.splitlines()[0]
        size = len(LINES.splitlines()[0].split()), len(text.split())
        for link in lines[0].split():
            s, t = map(int, link.split("-"))
            assert s < size[0]
            assert t < size[1]


def test_links_go_on_with_the_text(fast, model, come_to_harm, tmp_path):
    """What was killed in the middle ends with as many lines of links as of text."""
    lines = "".join(f"cat {i % 9}\n" if i % 4 else "\n" for i in range(150))
    (tmp_path / "in.txt").write_text(lines)

    def command(output, links):
        return [
            *[
                "translate",
                "--model",
                str(model),
                "--beam",
                "1",
                "--input",
                str(tmp_path / "in.txt"),
            ],
            *["--output", str(tmp_path / output), "--alignments", str(tmp_path / links)],
        ]

    assert fast(*command("whole.txt", "whole.links")).exit_code == 0
    whole = Path("whole.links").read_bytes()
    assert whole.count(b"\n") == 150
    request = {
        "arguments": command("out.txt", "out.links"),
        "inside": "translator.cli.translate:translate_alone",
        "constants": {"translator.cli.stream:CHUNK": 40},
        "place": "translator.cli.partial:PartialOutput.keep",
        "call": 2,
        "do": "kill after",
    }
    assert come_to_harm(tmp_path / "told.txt", request) == -9
    assert not Path("out.links").exists()
    result = fast(*command("out.txt", "out.links"))
    assert result.exit_code == 0
    assert "going on after line" in result.stderr
    assert Path("out.links").read_bytes() == whole
    assert Path("out.txt").read_bytes() == Path("whole.txt").read_bytes()


def test_places_that_are_the_same(fast, model):
    Path("in.txt").write_text("cat\n")
    for option, other in (("--output", "--alignments"), ("--input", "--alignments")):
        result = fast("translate", "-m", model, option, "in.txt", other, "in.txt")
        assert result.exit_code == 2
        assert f"{option} and {other} name the same file: in.txt" in result.stderr
    result = fast("translate", "-m", model, "-i", "in.txt", "--report", "x", "--alignments", "x")
    assert "--report and --alignments name the same file" in result.stderr
    result = fast("translate", "-m", model, "-i", "in.txt", "--document", "--alignments", "x")
    assert result.exit_code == 2
    assert "--alignments is about each line of it" in result.stderr
