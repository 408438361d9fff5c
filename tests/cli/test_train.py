from pathlib import Path

import pytest

from translator import training

REQUIRED = ["--train", "a.tsv", "--source", "en", "--target", "fr", "--out", "run"]


@pytest.fixture(autouse=True)
def corpora():
    for name in ("a.tsv", "b.en", "b.fr", "dev.tsv"):
        Path(name).write_text("Good day.\tBonjour.\n", encoding="utf-8")


@pytest.fixture
def request_of(fast, monkeypatch):
    """Give the request that a command line makes, without training."""

    def run(*args):
        made = []
        monkeypatch.setattr(training, "train", made.append)
        result = fast("train", *args)
        assert result.exit_code == 0, result.stderr
        return made[0]

    return run


def test_everything_reaches_the_training(request_of):
    request = request_of(
        *REQUIRED,
        *["--train", "b.en,b.fr@2", "--dev", "dev.tsv", "--preset", "tiny"],
        *["--set", "training.seed=7", "--max-time", "30m", "--max-steps", "9", "--max-epochs", "2"],
    )
    assert request.train == ("a.tsv", "b.en,b.fr@2")
    assert request.dev == "dev.tsv"
    assert (request.source, request.target) == ("en", "fr")
    assert request.out == Path("run")
    assert request.preset == "tiny"
    assert request.settings == (
        "training.seed=7",
        "training.max_time=30m",
        "training.max_steps=9",
        "training.max_epochs=2",
    )
    assert not request.resume
    assert request.command[0] == "translator"


def test_to_go_on_only_the_run_is_needed(request_of):
    request = request_of("--out", "run", "--resume", "--max-epochs", "20")
    assert request.resume
    assert (request.train, request.dev, request.source, request.target) == ((), None, "", "")
    assert request.preset == ""
    assert request.settings == ("training.max_epochs=20",)


def test_the_check_of_resuming_needs_no_place(fast, monkeypatch):
    made = []
    monkeypatch.setattr(training, "verify_resume", made.append)
    monkeypatch.setattr(training, "train", lambda request: pytest.fail("training was started"))
    result = fast("train", *REQUIRED[:6], "--preset", "tiny", "--verify-resume")
    assert result.exit_code == 0, result.stderr
    [request] = made
    assert (request.train, request.preset, request.resume) == (("a.tsv",), "tiny", False)


def test_the_check_of_resuming_is_not_made_by_several_processes(fast, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    result = fast("train", *REQUIRED[:6], "--verify-resume")
    assert result.exit_code == 2
    assert result.stderr == (
        "error: --verify-resume starts the processes it needs by itself\n"
        "  Use it without torchrun, or unset WORLD_SIZE.\n"
    )


def test_tags_are_normalised(request_of):
    request = request_of("--train", "a.tsv", "-s", "EN", "-t", "pt_br", "--out", "run")
    assert (request.source, request.target) == ("en", "pt-BR")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "--out is missing\n  Name the run directory to make"),
        (["--resume"], "--out is missing\n  Name the run directory to go on with"),
        (["--out", "run"], "--train, --source, --target missing"),
        (["--out", "file/run", *REQUIRED[:6]], "file: is a file, and --out names a directory"),
        (["--verify-resume"], "--train, --source, --target missing"),
        (["--out", "run", "--resume", "--verify-resume"], "--verify-resume begins two of its own"),
        ([*REQUIRED, "--target", "frnech"], "'frnech' is not a language tag"),
        ([*REQUIRED, "--set", "training.sed=3"], "Did you mean seed?"),
        ([*REQUIRED, "--set", "trainin.seed=3"], "Did you mean training?"),
        ([*REQUIRED, "--set", "seed"], "not of the form section.option=value"),
        ([*REQUIRED, "--max-time", "soon"], "training.max_time='soon' is not a duration"),
        ([*REQUIRED, "--train", "missing.tsv"], "missing.tsv: there is no such file"),
        ([*REQUIRED, "--dev", "missing.tsv"], "missing.tsv: there is no such file"),
        ([*REQUIRED, "--test", "file"], "file: is empty"),
        ([*REQUIRED, "--out", "other"], "other: is not empty\n  Choose another --out."),
        ([*REQUIRED, "--preset", "smal"], "Did you mean small"),
        ([*REQUIRED, "--preset", "my.toml"], "my.toml: cannot be read"),
    ],
)
def test_what_is_told_before_anything_is_loaded(fast, args, message, monkeypatch):
    monkeypatch.setattr(training, "train", lambda request: pytest.fail("training was started"))
    Path("file").touch()
    Path("other").mkdir()
    Path("other/file").touch()
    result = fast("train", *args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert not Path("run").exists()
