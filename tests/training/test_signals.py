from __future__ import annotations

import signal

import pytest

from translator.training.signals import Stopped, StopRequest


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_is_noted(number: int, capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(number)
    with StopRequest() as stop:
        stop.check()
        signal.raise_signal(number)
        assert stop.requested == number
        signal.raise_signal(signal.SIGTERM)  # no second message, and nothing is broken off
        with pytest.raises(Stopped) as stopped:
            stop.check()
        assert stopped.value.signal_number == number
    assert signal.getsignal(number) is before
    assert capsys.readouterr().err == "Stopping after this step, to save the state.\n"


def test_a_second_ctrl_c_does_not_wait() -> None:
    with StopRequest() as stop:
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert stop.requested == signal.SIGTERM


def test_long_work_is_broken_off(capsys: pytest.CaptureFixture[str]) -> None:
    with StopRequest() as stop:
        with stop.at_once():
            pass
        with pytest.raises(Stopped), stop.at_once():  # noqa: PT012
            signal.raise_signal(signal.SIGTERM)
            pytest.fail("not reached")
        signal.raise_signal(signal.SIGTERM)  # saving is not broken off
        assert capsys.readouterr().err == "Stopping in this validation, to save the state.\n"
        with pytest.raises(Stopped), stop.at_once():
            pytest.fail("not begun")


def test_a_signal_in_the_midst_of_a_print(monkeypatch: pytest.MonkeyPatch) -> None:
    def reentrant(text: str) -> None:
        raise RuntimeError("reentrant call inside <_io.BufferedWriter name='<stderr>'>")

    monkeypatch.setattr("translator.training.signals.say", reentrant)
    with StopRequest() as stop:
        signal.raise_signal(signal.SIGTERM)
        assert stop.requested == signal.SIGTERM
