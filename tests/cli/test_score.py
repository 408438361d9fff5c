import json
import math
from pathlib import Path

import pytest

PAIRS = [
    ("The cat sat on the mat.", "Le chat s'est assis sur le tapis."),
    ("We eat bread.", "Nous mangeons du pain."),
    ("", "Un oiseau chante."),
    ("A bird", "\u2028 "),
    ("She reads an old book.", "Elle lit un vieux livre."),
]


@pytest.fixture
def pairs():
    Path("pairs.tsv").write_text("".join(f"{a}\t{b}\n" for a, b in PAIRS), encoding="utf-8")
    for side, name in enumerate(("pairs.en", "pairs.fr")):
        texts = [pair[side].replace("\u2028", "") for pair in PAIRS]
        Path(name).write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    return Path("pairs.tsv")


def test_a_line_for_each_pair(fast, model, pairs):
    result = fast("score", "--model", model, "--data", pairs)
    assert result.exit_code == 0, result.stderr
    lines = [line.split("\t") for line in result.stdout.splitlines()]
    assert [line[0] for line in lines] == ["1", "2", "3", "4", "5"]
    assert lines[2][1:] == lines[3][1:] == ["", "", ""]
    assert "pairs.tsv: 2 pairs without score: one side is blank in lines 3-4\n" in result.stderr
    assert "pairs.tsv: scored 3 pairs, perplexity " in result.stderr

    from translator.decoding.translator import Translator

    found = Translator.load(model).score(*zip(*PAIRS, strict=True))
    for line, one in zip(lines, found, strict=True):
        if one is not None:
            told = [float(value) for value in line[1:]]
            assert told == pytest.approx([one.log_prob, one.score, one.perplexity], abs=1e-3)
            assert one.perplexity == pytest.approx(math.exp(-one.score))
    other = fast("score", "-m", model, "-d", "pairs.en,pairs.fr", "-o", "out.tsv")
    assert other.exit_code == 0
    assert other.stdout == ""
    assert Path("out.tsv").read_text() == result.stdout


def test_json_tells_words_and_tokens(fast, model, pairs):
    result = fast("score", "-m", model, "-d", pairs, "--json", "--length-penalty", "0")
    values = [json.loads(line) for line in result.stdout.splitlines()]
    assert [value["line"] for value in values] == [1, 2, 3, 4, 5]
    assert [(value["source"], value["target"].strip()) for value in values] == [
        (a, b.strip()) for a, b in PAIRS
    ]
    for value in values:
        if value["log_prob"] is None:
            assert (value["score"], value["perplexity"]) == (None, None)
            assert value["tokens"] == value["words"] == []
            continue
        assert value["score"] == value["log_prob"]
        assert sum(one["log_prob"] for one in value["tokens"]) == pytest.approx(
            value["log_prob"], abs=1e-3
        )
        assert [one["text"] for one in value["words"]] == value["target"].split()


def test_formats_and_columns(fast, model, pairs):
    plain = fast("score", "-m", model, "-d", pairs).stdout.splitlines()
    rows = [json.dumps({"fr": b, "en": a}) for a, b in PAIRS]
    Path("pairs.jsonl").write_text("\n".join(rows) + "\n")
    assert fast("score", "-m", model, "-d", "pairs.jsonl").stdout.splitlines() == plain
    # the line numbers are those of the file
    Path("named.tsv").write_text("x\tfr\ten\n" + "".join(f"-\t{b}\t{a}\n" for a, b in PAIRS))
    named = fast("score", "-m", model, "-d", "named.tsv").stdout.splitlines()
    assert [line.split("\t")[1:] for line in named] == [line.split("\t")[1:] for line in plain]
    assert named[0].startswith("2\t")
    # of several targets the first
    Path("many.tsv").write_text("".join(f"{a}\t{b}\tx\n" for a, b in PAIRS))
    assert fast("score", "-m", model, "-d", "many.tsv").stdout.splitlines() == plain
    result = fast(
        "score",
        "-m",
        model,
        "-d",
        "many.tsv",
        "--set",
        "data.source_column=2",
        "--set",
        "data.target_column=1",
    )
    assert result.exit_code == 0
    assert result.stdout.splitlines() != plain


def test_both_directions(fast, model_for_both, pairs):
    there = fast("score", "-m", model_for_both, "-d", pairs)
    back = fast("score", "-m", model_for_both, "-d", pairs, "--source", "fr")
    assert (there.exit_code, back.exit_code) == (0, 0)

    from translator.decoding.translator import Translator

    sources, targets = zip(*PAIRS, strict=True)
    found = Translator.load(model_for_both, source="fr").score(targets, sources)
    told = [line.split("\t")[1] for line in back.stdout.splitlines()]
    assert told == [f"{one.log_prob:.4f}" if one else "" for one in found]
    assert there.stdout != back.stdout


def test_chunks_do_not_show(fast, model, monkeypatch):
    from translator.cli import given

    rows = [f"The cat {i % 5}\tLe chat {i % 7}\n" for i in range(60)]
    Path("many.tsv").write_text("".join(rows))

    def scores():
        lines = fast("score", "-m", model, "-d", "many.tsv").stdout.splitlines()
        # products of other shapes are rounded in another way on some processors
        return [pytest.approx(list(map(float, line.split("\t"))), rel=1e-5) for line in lines]

    expected = [one.expected for one in scores()]
    assert len(expected) == 60
    monkeypatch.setattr(given, "_CHUNK", 7)
    assert scores() == expected
    monkeypatch.setattr(given, "_CHUNK_CHARACTERS", 1)
    assert scores() == expected


def test_pairs_too_long_are_told(fast, model):
    Path("long.tsv").write_text("cat\tchat\n" + "cat " * 9000 + "\tchat\n" + "a\tb\n")
    result = fast("score", "-m", model, "-d", "long.tsv")
    assert result.exit_code == 0
    assert "1 pair without score: one side has more than 2,048 tokens in line 2" in result.stderr
    assert result.stdout.splitlines()[1] == "2\t\t\t"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "--data missing"),
        (["-d", "none.tsv"], "none.tsv"),
        (["-d", "pairs.tsv@2"], "only training corpora have weights"),
        (["-d", "empty.tsv"], "empty.tsv: is empty"),
        (["-d", "head.tsv"], "head.tsv: holds no sentence pair"),
        (["-d", "short.tsv"], "short.tsv:2: has 1 column"),
        (["-d", "pairs.en,short.tsv"], "has 5 lines, and short.tsv has 2"),
        (["-d", "pairs.tsv", "--source", "de"], "--source de was asked for"),
        (["-d", "pairs.tsv", "--set", "decoding.beam=3"], "decoding"),
        (["-d", "pairs.tsv", "-o", "no/where.tsv"], "there is no such directory"),
    ],
)
def test_mistakes(fast, model, pairs, args, message):
    Path("empty.tsv").write_text("")
    Path("head.tsv").write_text("en\tfr\n")
    Path("short.tsv").write_text("a\tb\nc\n")
    result = fast("score", "-m", model, *args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
