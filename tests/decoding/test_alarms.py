from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from typing import Any

import pytest

from translator.decoding import alarms as module
from translator.decoding.alarms import (
    CONFIDENCE,
    COPIED,
    LENGTH,
    REPETITION,
    SCRIPT,
    checked,
    find_alarms,
)
from translator.decoding.translation import Translation
from translator.decoding.translator import Translator

New = Callable[..., Translator]


def alarms(source: str, translation: str, target: str = "fr", **options: Any) -> tuple[str, ...]:
    given = {"log_prob": -1.0, "tokens": 10, **options}
    return find_alarms(source, translation, target=target, **given)


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("The cat sat on the mat.", "Le chat s'est assis sur le tapis."),
        ("Yes.", "Oui."),
        ("Paris", "Paris"),
        ("Anna Smith, John Miller, Mary Jones", "Anna Smith, John Miller, Mary Jones"),
        ("Very, very, very, very good!", "Très, très, très, très bien !"),
        ("12:30 - 14:00", "12:30 - 14:00"),
        ("The letter Ω is the last one.", "La lettre Ω est la dernière."),
        ("Ha ha ha ha ha ha", "Ha ha ha ha ha ha ha"),
        (
            "The man who is at the door and the man who is at the window are brothers of mine.",
            "L'homme qui est à la porte et l'homme qui est à la fenêtre sont mes frères.",
        ),
        ("Gone.", "Il est parti."),
    ],
)
def test_good_translations_raise_no_alarm(source: str, translation: str) -> None:
    assert alarms(source, translation) == ()


@pytest.mark.parametrize(
    ("source", "translation", "alarm"),
    [
        ("The cat sat on the mat.", "Le chat sur le tapis sur le tapis sur le tapis.", REPETITION),
        ("The cat sat.", "Le chat chat chat chat chat chat chat.", REPETITION),
        ("The house is green.", "hahahahahahahahahahahaha", REPETITION),
        ("The cat sat on the old mat here.", "The cat sat on the old mat here.", COPIED),
        ("The cat sat on the old mat here.", "Le cat sat on the old mat here.", COPIED),
        ("in here", "in here", COPIED),
        ("The cat sat on the mat and looked at the birds in the tree.", "Le chat.", LENGTH),
        ("The cat sat on the mat.", "", LENGTH),
        ("Yes.", "Oui, bien sûr, je suis tout à fait d'accord avec toi là-dessus.", LENGTH),
        ("The cat sat.", "Кот сидел.", SCRIPT),
        ("The cat sat on the mat.", "Le chat \ufffd\ufffd\ufffd\ufffd sur le.", SCRIPT),
        ("The cat sat.", "Le \ue000\ue001\ue002\ue003", SCRIPT),
    ],
)
def test_bad_translations_raise_theirs(source: str, translation: str, alarm: str) -> None:
    assert alarm in alarms(source, translation)


def test_confidence_is_the_mean_of_the_tokens() -> None:
    assert alarms("A cat.", "Un chat.", log_prob=-30.0, tokens=5) == (CONFIDENCE,)
    assert alarms("A cat.", "Un chat.", log_prob=-3.0, tokens=5) == ()
    assert alarms("A cat.", "Un chat.", log_prob=None) == ()


def test_scripts_of_other_languages() -> None:
    assert alarms("The cat sat on the mat.", "Кошка сидела на коврике.", "ru") == ()
    assert alarms("The cat sat on the mat.", "The koshka sidela na kovrike", "ru") == (SCRIPT,)
    assert alarms("We use Python here.", "Здесь мы используем Python.", "ru") == ()
    assert alarms("The cat sat on the mat.", "猫はマットの上に座った。", "ja") == ()
    assert alarms("The cat sat on the mat.", "猫坐在垫子上。", "zh") == ()
    assert alarms("猫坐在垫子上。", "The cat sat on the mat.", "en") == ()
    assert alarms("The cat sat.", "\u1d43\u1d47 kedi", "tlh") == (), "a script that is not known"


def test_blank_sources_raise_none() -> None:
    assert alarms("", "") == ()
    assert alarms(" \t", "x") == ()


@pytest.mark.parametrize("text", ["x" * 100_000, "ab " * 33_000, "\u200b" * 100_000, "é" * 99_999])
def test_long_lines_take_no_time_to_speak_of(text: str) -> None:
    assert REPETITION in alarms("The cat sat.", text)


def test_where_all_hypotheses_loop_one_without_repetitions_is_searched_for(
    new_translator: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    translator = new_translator(beam=5)
    loop = Translation("le chat le chat le chat le chat", -4.0, -40.0, True)
    poor = Translation("le petit chat vert", -2.0, -20.0, True)
    asked = []

    def search(
        self: Translator, texts: list[str], *, n_best: int = 1, **options: Any
    ) -> list[list[Translation]]:
        asked.append((self.decoding.beam, self.decoding.no_repeat_ngram, n_best))
        return [[poor if self.decoding.no_repeat_ngram else loop] * n_best for _ in texts]

    monkeypatch.setattr(Translator, "search", search)
    [found] = checked(translator, ["the small green cat"])
    assert asked == [(5, 0, 1), (10, 0, 10), (1, 4, 1)]
    assert found.translation == poor
    assert found.alarms == (CONFIDENCE,)
    assert found.first == loop.text


def test_a_second_try_takes_what_raises_fewer_alarms(
    new_translator: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    translator = new_translator(beam=2)
    loop = Translation("le chat le chat le chat le chat", -4.0, -40.0, True)
    good = Translation("le petit chat vert", -0.3, -3.0, True)
    asked = []

    def search(
        self: Translator, texts: list[str], *, n_best: int = 1, **options: Any
    ) -> list[list[Translation]]:
        asked.append((self.decoding.beam, list(texts), n_best))
        fine = {"the old bird": [good]}
        return [
            fine.get(text, [loop, loop, good][-n_best:] if n_best > 1 else [loop]) for text in texts
        ]

    monkeypatch.setattr(Translator, "search", search)
    found = checked(translator, ["the old bird", "the small green cat"])
    assert asked == [
        (2, ["the old bird", "the small green cat"], 1),
        (8, ["the small green cat"], 8),
    ]
    assert [one.translation for one in found] == [good, good]
    assert [one.first for one in found] == [None, loop.text]
    assert translator.decoding.beam == 2
    [kept] = checked(translator, ["the small green cat"], retry=False)
    assert REPETITION in kept.alarms
    assert kept.as_dict()["source"] == "the small green cat"
    assert dataclasses.is_dataclass(kept)


def test_no_loop_is_passed_over_before_it_is_searched_for() -> None:
    chance = random.Random(3)
    loops = 0
    for _ in range(3000):
        unit, *around = (
            "".join(chance.choices("abc ", k=chance.randint(least, 9))) for least in (1, 0, 0)
        )
        text = around[0] + unit * chance.randint(1, 6) + around[1]
        found = [match[0] for match in module._LOOP.finditer(text)]
        if any(len(one) >= module._LOOP_LENGTH for one in found):
            loops += 1
            assert module._has_repeats(text)
    assert loops > 1000
    assert not module._has_repeats("The cat sat on the mat.")
