import json
from pathlib import Path

import pytest

TEXT = """\
train.tsv
  format      TSV, 1 file, 0.0 MB
  languages   English (en) -> French (fr)
  pairs       4; left out: 1 target blank
  columns     origin 4
  words       source 3.8 on average, 12 at most (line 5); target 1.0 on average, 1 at most (line 2)
  characters  source 6.5 on average, 23 at most (line 5); target 1.0 on average, 1 at most (line 2)
  lengths     in words
                   1-4  source  75% ##################        target 100% ########################
                   5-8  source   0%                           target   0%
                  9-16  source  25% ######                    target   0%
"""


@pytest.fixture
def train():
    rows = ["a", "a", "a", "b " * 11 + "b", "c"]
    lines = [f"{row}\t{'' if row == 'c' else 'x'}\tweb\n" for row in rows]
    Path("train.tsv").write_text("en\tfr\torigin\n" + "".join(lines), encoding="utf-8")
    return Path("train.tsv")


def test_info(fast, train):
    result = fast("corpus", "info", train)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == TEXT


def test_info_of_several(fast, train):
    Path("b.tsv").write_text("a\tb\n", encoding="utf-8")
    text = fast("corpus", "info", train, "b.tsv").stdout
    assert text.startswith(TEXT + "\nb.tsv\n")
    assert "  languages   not named -> not named\n" in text


def test_info_as_json(fast, train):
    value = json.loads(fast("corpus", "info", train, "--json").stdout)
    assert (value["source"], value["target"], value["pairs"]) == ("en", "fr", 4)
    assert value["dropped"] == {"target blank": 1}
    assert value["words"]["source"] == {
        "total": 15,
        "longest": 12,
        "where": "5",
        "bins": [3, 0, 1, 0, 0, 0, 0],
    }
    assert value["bins"][-1] == [129, None]
    both = fast("corpus", "info", train, train, "--json").stdout.splitlines()
    assert [json.loads(line)["pairs"] for line in both] == [4, 4]


def test_lengths_in_characters_where_words_are_not_parted(fast):
    Path("a.tsv").write_text("猫がマットの上に座った猫がマット\tThe cat.\n", encoding="utf-8")
    text = fast("corpus", "info", "a.tsv", "-s", "ja", "-t", "en").stdout
    assert "lengths     in characters\n" in text


def test_convert(fast, train):
    result = fast("corpus", "convert", train, "out.tmx", "--source", "en", "--target", "fr")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == (
        "out.tmx: 4 pairs; left out: 1 target blank\nout.tmx: further columns: origin\n"
    )
    result = fast("corpus", "convert", "out.tmx", "o.en,o.fr", "-s", "en", "-t", "fr")
    assert result.stderr == (
        "o.en,o.fr: 4 pairs; left out: none\no.en,o.fr: two text files have no room for origin\n"
    )
    assert Path("o.fr").read_text(encoding="utf-8") == "x\n" * 4


def test_convert_tells_what_it_replaced(fast):
    Path("a.jsonl").write_text('{"en": "a\\tb", "fr": "c"}\n', encoding="utf-8")
    result = fast("corpus", "convert", "a.jsonl", "o.tsv", "-s", "en", "-t", "fr")
    assert "characters that the format cannot hold were replaced in 1 text\n" in result.stderr


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["convert", "train.tsv", "o.tmx"], "--source, --target missing"),
        (["convert", "train.tsv", "o.xyz", "-s", "en", "-t", "fr"], "no format that is written"),
        (["convert", "train.tsv", "no/o.tmx", "-s", "en", "-t", "fr"], "mkdir -p no"),
        (["convert", "none.tsv", "o.tmx", "-s", "en", "-t", "fr"], "there is no such file"),
        (["convert", "train.tsv@2", "o.tmx", "-s", "en", "-t", "fr"], "only training corpora"),
        (["convert", "train.tsv", "o.tmx", "-s", "enn", "-t", "zzzz"], "is not a language tag"),
        (["info", "none.tsv"], "there is no such file"),
        (["info", "train.tsv", "--set", "training.seed=1"], "have no effect here"),
        (["info"], "SPEC..."),
        ([], "Usage: translator corpus"),
    ],
)
def test_bad_input_is_one_message(fast, train, args, told):
    result = fast("corpus", *args)
    assert result.exit_code == 2
    assert told in result.stderr + result.stdout
    assert "Traceback" not in result.stderr
    assert {path.name for path in Path().iterdir()} == {"train.tsv"}


def test_each_command_explains_itself(fast):
    for command in ("convert", "info"):
        text = fast("corpus", command, "--help").stdout
        assert f"  translator corpus {command} " in text
    assert "..." not in fast("corpus", "--help").stdout.partition("Commands:")[2]
