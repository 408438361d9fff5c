from __future__ import annotations

import ast
import dataclasses
import inspect
import typing
from pathlib import Path
from typing import Any

import pytest

from translator import config as module
from translator.config import (
    Config,
    DataConfig,
    TrainingConfig,
    config_from_dict,
    load_config,
    override,
    parse_duration,
    preset_names,
    read_toml,
)
from translator.errors import ConfigError

SECTIONS = {f.name: typing.cast(Any, f.default_factory) for f in dataclasses.fields(Config)}


def refusal(*settings: str, preset: str = "") -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load_config(preset, settings)
    return caught.value


@pytest.mark.parametrize("section", SECTIONS)
def test_each_option_is_documented(section: str) -> None:
    (node,) = [
        node
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.ClassDef) and node.name == SECTIONS[section].__name__
    ]
    documented = {}
    for statement, below in zip(node.body, node.body[1:], strict=False):
        if isinstance(statement, ast.AnnAssign) and isinstance(below, ast.Expr):
            assert isinstance(statement.target, ast.Name)
            documented[statement.target.id] = ast.literal_eval(below.value)
    assert list(documented) == [f.name for f in dataclasses.fields(SECTIONS[section])]
    for text in documented.values():
        assert text[:1].isupper() or text.startswith("auto")
        assert text.endswith(".")


@pytest.mark.parametrize("section", SECTIONS)
def test_options_are_frozen_and_keyword_only(section: str) -> None:
    cls = SECTIONS[section]
    for field in dataclasses.fields(cls):
        assert field.kw_only
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(cls(), dataclasses.fields(cls)[0].name, 0)


def test_defaults_are_possible_values() -> None:
    assert config_from_dict(Config().to_dict()) == Config()
    assert load_config() == Config()


def test_shipped_presets_are_known_smallest_first() -> None:
    assert preset_names() == ["sample", "tiny", "small", "base"]


@pytest.mark.parametrize("name", ["sample", "tiny", "small", "base"])
def test_shipped_presets(name: str) -> None:
    values = read_toml(module.PRESETS / f"{name}.toml")
    config = load_config(name)
    for section, options in values.items():
        for option, value in options.items():
            assert getattr(getattr(config, section), option) == value
    assert config != Config()
    limits = config.training
    assert limits.max_steps or limits.max_epochs or limits.max_time
    assert (module.PRESETS / f"{name}.toml").read_text(encoding="utf-8").startswith("# ")


def test_settings_win_over_the_preset_and_the_last_one_wins() -> None:
    config = load_config(
        "sample",
        ["model.d_model=96", "training.seed=3", "model.attention_heads=3", "model.d_model=48"],
    )
    assert (config.model.d_model, config.model.attention_heads) == (48, 3)
    assert config.training.seed == 3
    assert config.model.ffn_dim == load_config("sample").model.ffn_dim


@pytest.mark.parametrize(
    ("setting", "kept"),
    [
        ("training.max_steps=40", (40, 0, "")),
        ("training.max_epochs=2", (0, 2, "")),
        ("training.max_time=1h", (0, 0, "1h")),
        ("training.seed=2", (0, 5, "5m")),
    ],
)
def test_a_limit_takes_the_place_of_those_of_the_preset(
    setting: str, kept: tuple[int, int, str]
) -> None:
    options = load_config("sample", [setting]).training
    assert (options.max_steps, options.max_epochs, options.max_time) == kept


def test_a_preset_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[model]\nd_model = 64\n[training]\nmax_time = '2h'\n", encoding="utf-8")
    config = load_config(str(path), ["model.ffn_dim=128"])
    assert (config.model.d_model, config.model.ffn_dim) == (64, 128)
    assert config.training.max_time == "2h"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[model]\nd_modle = 64\n", "there is no option model.d_modle"),
        ("[modle]\nd_model = 64\n", "there is no section 'modle'"),
        ("model = 3\n", "[model] must hold option = value lines"),
        ("training = 3\n", "[training] must hold option = value lines"),
        ("[model\n", "not a TOML file"),
        ("[model]\nd_model = 'wide'\n", "model.d_model='wide' must be a whole number"),
        ("[training]\ntensorboard = 3\n", "training.tensorboard=3 must be true or false"),
    ],
)
def test_a_bad_preset_is_named(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(content, encoding="utf-8")
    error = refusal(preset=str(path))
    assert error.where == str(path)
    assert told in error.message


def test_preset_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert "cannot be read: No such file" in refusal(preset=str(tmp_path / "no.toml")).message
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9\n")
    assert "not a TOML file" in refusal(preset=str(tmp_path / "latin.toml")).message


@pytest.mark.parametrize(
    ("setting", "message", "hint"),
    [
        ("modle.d_model=4", "there is no section 'modle'", "Did you mean model?"),
        (
            "training.lerning_rate=1",
            "there is no option training.lerning_rate",
            "Did you mean learning_rate?",
        ),
        (
            "training.schedule=linaer",
            "training.schedule='linaer' is not possible",
            "Did you mean linear?",
        ),
        (
            "seed=3",
            "--set 'seed=3' is not of the form section.option=value",
            "For example: --set training.learning_rate=0.001",
        ),
        (
            "training.seed",
            "--set 'training.seed' is not of the form section.option=value",
            "For example: --set training.learning_rate=0.001",
        ),
        ("training.seed=many", "training.seed='many' must be a whole number", None),
        ("training.seed=1.5", "training.seed='1.5' must be a whole number", None),
        ("training.seed=", "training.seed='' must be a whole number", None),
        ("training.seed=inf", "training.seed='inf' must be a whole number", None),
        ("training.seed=nan", "training.seed='nan' must be a whole number", None),
        ("training.r_drop=-1", "training.r_drop=-1.0 must be between 0 and 100", None),
        ("training.learning_rate=fast", "training.learning_rate='fast' must be a number", None),
        (
            "training.learning_rate=nan",
            "training.learning_rate=nan must be between 1e-09 and 10",
            None,
        ),
        ("training.tensorboard=maybe", "training.tensorboard='maybe' must be true or false", None),
        ("training.accumulate=0", "training.accumulate=0 must be at least 1", None),
        (
            "training.word_dropout=1",
            "training.word_dropout=1.0 must be between 0 and 0.9",
            None,
        ),
        ("model.dropout=0.95", "model.dropout=0.95 must be between 0 and 0.9", None),
        (
            "training.max_time=soon",
            "training.max_time='soon' is not a duration",
            "Write it as 30m, 1h30m or 90s.",
        ),
        (
            "model.attention_heads=5",
            "model.d_model=256 is not an even multiple of model.attention_heads=5",
            "Choose a width that the heads divide, for example 256 with 8 heads.",
        ),
    ],
)
def test_mistakes(setting: str, message: str, hint: str | None) -> None:
    error = refusal(setting)
    assert (error.message, error.hint) == (message, hint)


def test_unknown_presets() -> None:
    error = refusal(preset="smal")
    assert error.message == "there is no preset 'smal'"
    assert error.hint is not None
    assert error.hint.startswith("Did you mean small")
    assert refusal(preset="zzz").hint == "Known: base, sample, small, tiny."


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("training.seed=7", 7),
        ("training.seed=1e3", 1000),
        (" training.seed = 7 ", 7),
        ("training.learning_rate=3e-4", 3e-4),
        ("training.learning_rate=1", 1.0),
        ("training.tensorboard=YES", True),
        ("training.tensorboard=0", False),
        ("data.source_column=2", "2"),
        ("data.source_column=a=b", "a=b"),
    ],
)
def test_texts_become_values(setting: str, value: object) -> None:
    section, _, option = setting.partition("=")[0].strip().partition(".")
    found = getattr(getattr(override(Config(), [setting]), section), option)
    assert (found, type(found)) == (value, type(value))


def test_typed_values_are_checked_too() -> None:
    assert config_from_dict({"training": {"learning_rate": 1}}).training.learning_rate == 1.0
    for bad in (True, [1], 1.5, None):
        with pytest.raises(ConfigError, match="must be a whole number"):
            config_from_dict({"training": {"seed": bad}})
    with pytest.raises(ConfigError, match="between 4 and 4096"):
        DataConfig(max_length=3)
    with pytest.raises(ConfigError, match="not a duration"):
        TrainingConfig(max_time="x")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("30m", 1800),
        ("1h30m", 5400),
        ("1H30M", 5400),
        ("1.5h", 5400),
        ("1d", 86400),
        (" 10m ", 600),
        ("1h30", 3630),
        ("1h 30m", 5400),
        ("", None),
    ],
)
def test_durations(text: str, seconds: float | None) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["0", "0m", "-5m", "m", "5x", "1h30x", "abc", " ", "nan", "inf", "é", "1..5h"]
)
def test_no_durations(text: str) -> None:
    with pytest.raises(ConfigError, match="is not a duration"):
        parse_duration(text)


def test_a_limit_beside_a_section_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("training = 3\n", encoding="utf-8")
    error = refusal("training.max_steps=4", preset=str(path))
    assert error.message == "[training] must hold option = value lines"
