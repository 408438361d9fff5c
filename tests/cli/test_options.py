import dataclasses
import re
from pathlib import Path

from typer.testing import CliRunner

from translator.cli.app import app
from translator.cli.options import all_options, options_table
from translator.config import Config, load_config

README = Path(__file__).parents[2] / "README.md"


def test_each_option_is_there_once_with_its_text():
    options = list(all_options())
    expected = [
        f"{section}.{name}" for section, values in Config().to_dict().items() for name in values
    ]
    assert [option.name for option in options] == expected
    assert all(option.meaning and option.values for option in options)


def test_defaults_and_presets_are_those_that_load():
    for option in all_options():
        section, _, name = option.name.partition(".")
        if option.default:
            loaded = load_config("", [f"{option.name}={option.default}"])
            assert loaded == Config()
        for preset, value in option.presets.items():
            loaded = dataclasses.asdict(load_config(preset))
            assert str(loaded[section][name]).lower() == value.lower()


def test_a_row_of_the_table():
    rows = options_table().splitlines()
    assert rows[:2] == [
        "| Option | Values | Default | Presets | Meaning |",
        "|---|---|---|---|---|",
    ]
    assert (
        "| `tokenizer.algorithm` | unigram, bpe | `unigram` |  | SentencePiece model type. |"
        in rows
    )
    # an escaped | is no end of a cell
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {6}


def test_train_prints_them():
    result = CliRunner().invoke(app, ["train", "--options"])
    assert result.exit_code == 0
    for option in all_options():
        assert f"\n{option.name}=" in "\n" + result.stdout


def test_the_readme_holds_this_table():
    block = README.read_text(encoding="utf-8").partition("<!-- options -->")[2]
    assert block.partition("<!-- /options -->")[0].strip() == options_table(), (
        "the options table of README.md is stale: put the output of "
        "`python -m translator.cli.options` between its <!-- options --> marks"
    )
