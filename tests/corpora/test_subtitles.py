from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from translator.corpora import TrainingCorpus
from translator.corpora.formats import subtitles
from translator.corpora.formats.subtitles import Cue, align

Write = Callable[..., Path]
Read = Callable[..., TrainingCorpus]
Pairs = Callable[..., list[tuple[str, str]]]
Refused = Callable[..., tuple[str, str | None, str]]


def clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d},{rest % 1000:03d}"


def film(*cues: tuple[float, float, str]) -> str:
    return "".join(
        f"{at}\n{clock(start)} --> {clock(end)}\n{text}\n\n"
        for at, (start, end, text) in enumerate(cues, start=1)
    )


def both(write: Write, english: str, french: str) -> str:
    return f"{write('film.en.srt', english)},{write('film.fr.srt', french)}"


def test_by_time(pairs: Pairs, write: Write) -> None:
    english = film((1, 3, "Hello\nthere."), (4, 6, "Go!"), (7, 9, "I know"), (9, 11, "that."))
    french = film((1.1, 2, "Bonjour,"), (2, 3.2, "toi."), (4.3, 6.5, "Va !"), (7, 11, "Je sais."))
    assert pairs(both(write, english, french)) == [
        ("Hello there.", "Bonjour, toi."),
        ("Go!", "Va !"),
        ("I know that.", "Je sais."),
    ]


def test_what_stands_alone_is_counted(read: Read, write: Write) -> None:
    english = film((1, 3, "a"), (4, 6, "b"), (20, 22, "c"))
    french = film((1, 3, "x"), (10, 12, "y"), (20, 22, "z"), (30, 31, ""))
    corpus = read(both(write, english, french))
    assert corpus.dataset[:] == {"source": ["a", "c"], "target": ["x", "z"]}
    assert corpus.dropped == {"target blank": 1, "source blank": 1, "both blank": 1}


def test_markup_and_forms(pairs: Pairs, write: Write) -> None:
    english = "\ufeff" + film((1, 3, "<i>Hello</i> {\\an8}<font color='red'>you</font> < 3"))
    french = "1\r\n0:00:01.1 --> 0:00:03.000 X1:10\r\n<b>Toi</b>\r\n\r\nencore\r\n42\r\n\r\n"
    assert pairs(both(write, english, french)) == [("Hello you < 3", "Toi encore 42")]


def test_out_of_step(read: Read, write: Write) -> None:
    english = film((1, 20, "a"), (21, 22, "b"))
    french = film(*((n, n + 0.9, f"x{n}") for n in range(1, 20)), (21, 22, "y"))
    corpus = read(both(write, english, french))
    assert corpus.dataset[:] == {"source": ["b"], "target": ["y"]}
    assert corpus.dropped == {"out of step": 1}


def test_another_version_of_the_film(
    read: Read, refused: Refused, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    english = film(*((n, n + 0.9, "a") for n in range(10)))
    what, _, hint = refused(both(write, english, film((100, 102, "x"))))
    assert what.startswith("no subtitle is shown at the time of one of ")
    assert hint == "The two must belong to the same version of a film."
    read(both(write, english, film((1, 2, "x"))))
    assert "only 1 of 10 subtitles are shown with one of" in capsys.readouterr().err


def test_each_subtitle_is_in_one_group() -> None:
    """Whatever the times: nothing is lost, nothing is doubled."""
    import random

    chance = random.Random(5)
    for _ in range(200):
        sides = []
        for side in "st":
            cues = []
            for at in range(chance.randint(0, 12)):
                start = chance.randint(0, 40)
                cues.append(Cue(at + 1, start, start + chance.randint(-2, 9), f"{side}{at}"))
            sides.append(cues)
        groups = align(*sides)
        for side, cues in enumerate(sides):
            found = [cue for group in groups for cue in group[side]]
            assert sorted(found) == sorted(cues)


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("Hello\n", "is not SRT: text before the first subtitle's time", 1),
        (
            "WEBVTT\n\n00:01.000 --> 00:02.000\na\n",
            "is not SRT: text before the first subtitle's time",
            1,
        ),
        (
            film((1, 2, "a")) + "2\n00:00:03 --> 00:00:04\nb\n",
            "is not a time of SRT: '00:00:03 --> 00:00:04'",
            6,
        ),
    ],
)
def test_damage(refused: Refused, write: Write, text: str, what: str, line: int) -> None:
    spec = both(write, film((1, 2, "a")), text)
    assert refused(spec)[:2] == (what, f"film.fr.srt:{line}")


def test_wrong_encoding(refused: Refused, write: Write) -> None:
    path = write("film.fr.srt", film((1, 2, "été")).encode("cp1252"))
    assert refused(f"{write('film.en.srt', film((1, 2, 'a')))},{path}")[:2] == (
        "not UTF-8: byte 0xE9 (byte 1 of the line)",
        "film.fr.srt:3",
    )


def test_too_many(refused: Refused, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subtitles, "CUES", 5)
    text = film(*((n, n + 0.9, "a") for n in range(10)))
    assert refused(both(write, text, text))[0] == "is too large for subtitles of a film"


def test_which_files(refused: Refused, write: Write) -> None:
    one, two = write("film.en.srt", film((1, 2, "a"))), write("film.fr.srt", film((1, 2, "b")))
    assert refused(one)[2] == "Give both files: film.en.srt,film.fr.srt."
    assert refused(f"{two},{one}")[2] == "Swap the two files."
    assert refused(f"{one},{two},{two}")[0] == "subtitles come as two files"
