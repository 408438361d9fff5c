"""Which model is used, and what is said when there is none."""

import shutil
from pathlib import Path

import pytest

from translator.cli.common import choose_model
from translator.errors import ConfigError, ModelError
from translator.languages import check_direction
from translator.run_directory import RunDirectory


def make_run(path, source="en", target="fr", **more):
    run = RunDirectory(path)
    run.path.mkdir(parents=True)
    for file in (run.config_file, run.tokenizer_file, run.weights_file):
        file.write_bytes(b"")
    run.write_manifest({"source": source, "target": target, **more})
    return run


def test_the_only_run_needs_no_name(capsys):
    make_run(Path("checkpoints/en-fr"))
    Path("checkpoints/unfinished").mkdir()
    assert choose_model(None).path == Path("checkpoints/en-fr")
    assert capsys.readouterr().err == "using checkpoints/en-fr\n"


@pytest.fixture
def shipped(monkeypatch):
    """A translator that comes with a model."""
    run = make_run(Path("package/en-fr"), bidirectional=True)
    monkeypatch.setattr("translator.cli.common.shipped_model", lambda: run)
    return run


def test_the_shipped_model_is_the_default(shipped, monkeypatch, capsys):
    own = make_run(Path("checkpoints/own"))
    assert choose_model(None).path == shipped.path
    told = capsys.readouterr()
    assert told.err == "using en-fr, the model that comes with translator (en <-> fr)\n"
    assert told.out == ""
    assert choose_model(own.path).path == own.path
    monkeypatch.setenv("TRANSLATOR_MODEL", "checkpoints/own")
    assert choose_model(None).path == own.path
    assert capsys.readouterr().err == ""


def test_a_shipped_model_that_lacks_a_file_is_told(shipped):
    shipped.tokenizer_file.unlink()
    with pytest.raises(ModelError, match=r"package/en-fr: is not a finished .*tokenizer.model"):
        choose_model(None)


def test_the_environment_may_name_one(monkeypatch):
    make_run(Path("checkpoints/a"))
    make_run(Path("elsewhere/b"))
    monkeypatch.setenv("TRANSLATOR_MODEL", "elsewhere/b")
    assert choose_model(None).path == Path("elsewhere/b")
    assert choose_model(Path("checkpoints/a")).path == Path("checkpoints/a")
    monkeypatch.setenv("TRANSLATOR_MODEL", "elsewhere/bb")
    with pytest.raises(ModelError, match=r"TRANSLATOR_MODEL.*\n.*elsewhere/b"):
        choose_model(None)


def test_several_runs_are_listed_with_their_languages():
    make_run(Path("checkpoints/a"))
    make_run(Path("checkpoints/b"), "de", "en")
    Path("checkpoints/b/manifest.json").write_text("{")
    make_run(Path("checkpoints/c"), "de", "en", bidirectional=True)
    with pytest.raises(ModelError) as caught:
        choose_model(None)
    assert "no model was named" in str(caught.value)
    assert "--model checkpoints/a  (en -> fr)" in str(caught.value)
    assert "--model checkpoints/b  (damaged" in str(caught.value)
    assert "--model checkpoints/c  (de <-> en)" in str(caught.value)
    assert "translator train --train" in str(caught.value)


def test_without_any_run_the_message_says_how_to_train_one():
    with pytest.raises(ModelError, match=r"none under checkpoints/ yet.*\n.*translator train --"):
        choose_model(None)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("checkpoints/en-f", r"no such run directory\n  Did you mean checkpoints/en-fr\?"),
        ("en-fr", r"no such run directory\n  Did you mean checkpoints/en-fr\?"),
        ("nowhere/else", r"There is no directory nowhere either"),
        ("quite/different", r"no such run directory"),
        ("file", r"file: is a file, and a model is a run directory"),
        ("checkpoints", r"is not a finished run directory: config.toml"),
    ],
)
def test_a_wrong_name(named, message):
    make_run(Path("checkpoints/en-fr"))
    Path("file").touch()
    with pytest.raises(ModelError, match=message):
        choose_model(Path(named))


def test_the_direction_is_checked():
    run = make_run(Path("checkpoints/en-fr"))
    assert check_direction(run) == check_direction(run, "EN", "fr") == ("en", "fr")
    with pytest.raises(ModelError, match=r"translates en -> fr, and --source fr was asked for"):
        check_direction(run, "fr", "en")
    with pytest.raises(ConfigError, match=r"'frnech' is not a language tag\n.*fr \(French\)"):
        check_direction(run, None, "frnech")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ((None, None), ("en", "fr")),
        (("en", None), ("en", "fr")),
        ((None, "FR"), ("en", "fr")),
        (("fr", None), ("fr", "en")),
        ((None, "en"), ("fr", "en")),
        (("fr", "en"), ("fr", "en")),
    ],
)
def test_a_model_for_both_directions(asked, found):
    run = make_run(Path("checkpoints/both"), bidirectional=True)
    assert check_direction(run, *asked) == found


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("de", None), "--source de"),
        ((None, "de"), "--target de"),
        (("fr", "de"), "--target de"),
        (("fr", "fr"), "--source fr --target fr"),
    ],
)
def test_a_direction_that_a_model_for_both_does_not_know(asked, told):
    run = make_run(Path("checkpoints/both"), bidirectional=True)
    with pytest.raises(ModelError, match=rf"translates en <-> fr, and {told} was asked for"):
        check_direction(run, *asked)


@pytest.mark.parametrize("languages", [(None, None), ("en", None), ("", "fr")])
def test_a_manifest_without_languages(languages):
    run = make_run(Path("checkpoints/en-fr"), *languages)
    with pytest.raises(ModelError, match="does not name source and target language"):
        check_direction(run)


def test_a_later_format_is_refused():
    run = make_run(Path("checkpoints/en-fr"))
    run.manifest_file.write_text('{"format_version": 99}')
    with pytest.raises(ModelError, match="Upgrade translator"):
        check_direction(run)


COMMANDS = [["translate", "The cat."], ["evaluate", "--data", "test.tsv"]]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_without_a_model_when_there_is_none(fast, command):
    result = fast(*command)
    assert result.exit_code == 2
    assert result.stderr == (
        "error: no model was named, and none came with this translator\n"
        "  There are none under checkpoints/ yet. Train one, for example:\n"
        "  translator train --train train.tsv --source en --target fr --out checkpoints/en-fr\n"
    )
    assert result.stdout == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_without_a_model_when_there_is_one(fast, model, command):
    shutil.copytree(model, "checkpoints/only")
    Path("test.tsv").write_text("The cat.\tLe chat.\n")
    result = fast(*command)
    assert result.exit_code == 0, result.stderr
    assert result.stderr.startswith("using checkpoints/only\n")
    assert result.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_without_a_model_when_there_are_several(fast, command):
    make_run(Path("checkpoints/a"))
    make_run(Path("checkpoints/b"), "de", "en")
    result = fast(*command)
    assert result.exit_code == 2
    assert result.stderr == (
        "error: no model was named, and none came with this translator\n"
        "  Under checkpoints/ there are:\n"
        "    --model checkpoints/a  (en -> fr)\n"
        "    --model checkpoints/b  (de -> en)\n"
        "  Or train one: translator train --train train.tsv --source en --target fr "
        "--out checkpoints/en-fr\n"
    )
    assert result.stdout == ""
