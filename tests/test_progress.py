from __future__ import annotations

import pytest

from translator import progress as module
from translator.progress import clock, counted, loading, progress, say, shortened, size


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    stopped = Clock()
    monkeypatch.setattr(module, "time", stopped)
    return stopped


@pytest.mark.parametrize(
    ("text", "shown"), [("", ""), ("eight ch", "eight ch"), ("nine char", "nine ch…")]
)
def test_a_long_text_is_shortened(text: str, shown: str) -> None:
    assert shortened(text, 8) == shown


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0:00"),
        (-3, "0:00"),
        (59.4, "0:59"),
        (59.6, "1:00"),
        (61, "1:01"),
        (3599.9, "1:00:00"),
        (3661, "1:01:01"),
        (90061, "25:01:01"),
    ],
)
def test_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 steps"), (1, "1 step"), (2, "2 steps"), (1000, "1,000 steps")]
)
def test_counted(number: int, text: str) -> None:
    assert counted(number, "step") == text


def test_sizes() -> None:
    assert [size(n) for n in (12_345, 1_500_000, 999_000_000, 2_345_000_000)] == [
        "0.0 MB",
        "2 MB",
        "999 MB",
        "2.3 GB",
    ]


def test_say_writes_to_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    say("a [bold]line[/bold]")
    assert capfd.readouterr() == ("", "a [bold]line[/bold]\n")


def test_plain_lines_come_at_intervals(time: Clock, capfd: pytest.CaptureFixture[str]) -> None:
    with progress("Reading", total=400, unit="pairs") as bar:
        bar.advance(50)
        time.now += 10
        bar.advance(50)
        assert capfd.readouterr().err == ""
        time.now += 10
        bar.advance(100)
        assert capfd.readouterr().err == "Reading: 50%, 200 pairs, 10 pairs/s, 0:20 left\n"
        time.now += 14.9
        bar.advance(10)
        assert capfd.readouterr().err == ""
        time.now += 5.1
        bar.advance(190)
        bar.note("nearly there")
    assert capfd.readouterr() == (
        "",
        "Reading: 100%, 400 pairs, 10 pairs/s, 0:00 left\n"
        "Reading: 100%, 400 pairs, 10 pairs/s, nearly there\n",
    )


def test_short_work_has_no_line(time: Clock, capfd: pytest.CaptureFixture[str]) -> None:
    with progress("Reading", total=10) as bar:
        bar.advance(10)
        time.now += 15
    assert capfd.readouterr().err == ""


def test_work_that_was_begun_before(time: Clock, capfd: pytest.CaptureFixture[str]) -> None:
    with progress("Training", total=1.0, begin=0.5) as bar:
        time.now += 20
        bar.text = "loss 1.5"
        bar.move_to(0.6)
    assert capfd.readouterr().err == "Training: 60%, 1:20 left, loss 1.5\n"


def test_unknown_total(time: Clock, capfd: pytest.CaptureFixture[str]) -> None:
    with progress("Counting", unit="lines") as bar:
        time.now += 16
        bar.advance(1600)
        time.now += 1
        bar.advance(100)
    assert capfd.readouterr().err == (
        "Counting: 1,600 lines, 100 lines/s\nCounting: 1,700 lines, 100 lines/s\n"
    )


def test_the_end_is_told_once(time: Clock, capfd: pytest.CaptureFixture[str]) -> None:
    with progress("Counting", unit="lines") as bar:
        time.now += 16
        bar.advance(0)
        time.now += 16
        bar.advance()
        time.now += 1
    assert capfd.readouterr().err == "Counting: 0 lines\nCounting: 1 line, 0.03 lines/s\n"


def test_a_quiet_process_says_and_shows_nothing(
    capsys: pytest.CaptureFixture[str], time: Clock
) -> None:
    module.keep_quiet(True)
    try:
        say("unheard")
        with progress("Encoding", total=2) as bar:
            time.now += 100
            bar.advance()
            bar.note("unseen")
        assert bar.done == 1
    finally:
        module.keep_quiet(False)
    say("heard")
    assert capsys.readouterr() == ("", "heard\n")


def test_loading_is_shown_on_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with loading():
        pass
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with pytest.raises(KeyboardInterrupt), loading():  # noqa: PT012
        assert capsys.readouterr() == ("", "Starting…")
        raise KeyboardInterrupt
    assert capsys.readouterr() == ("", "\r         \r")
    module.keep_quiet(True)
    try:
        with loading():
            pass
    finally:
        module.keep_quiet(False)
    assert capsys.readouterr() == ("", "")


def test_a_low_rate_is_not_told_as_none(time: Clock) -> None:
    with progress("Reading", total=10, unit="MB") as bar:
        time.now += 20
        bar.advance(5)
        assert bar.rate_text() == "0.2 MB/s"
        bar.advance(2495)
        assert bar.rate_text() == "125 MB/s"


def test_work_that_cannot_be_counted_tells_its_time(
    time: Clock, capfd: pytest.CaptureFixture[str]
) -> None:
    with progress("Scoring"):
        time.now += 75
    assert capfd.readouterr().err == "Scoring: 1:15\n"
