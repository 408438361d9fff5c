"""When something happens: times of day, days, weeks and years."""

from __future__ import annotations

from data.sample_corpus.grammar import Gen, Skip
from data.sample_corpus.lexicon import adverbials
from data.sample_corpus.lexicon.load import rows
from data.sample_corpus.text import word_set
from data.sample_corpus.words import Phrase

# The hours of a part of the day.
PARTS = {
    "": "one two three four five six seven eight nine ten eleven",
    "morning": "six seven eight nine ten eleven",
    "afternoon": "two three four five",
    "evening": "six seven eight nine ten",
    "get up": "six seven eight nine",
    "wake up": "six seven eight nine",
    "go to bed": "nine ten eleven",
    "eat": "seven eight",
}


def clock(g: Gen, part: str = "", exact: bool = True) -> Phrase:
    """A time of day, perhaps of a part of it: at half past three, à trois heures et demie."""
    hours = word_set(PARTS.get(part, PARTS[""]))
    hour, french = g.pick([r for r in rows(adverbials.HOURS) if r[0].split("/")[0] in hours])
    draw = g.rng.random() * (1 if exact else 0.75)
    if draw < 0.4:
        return g.say(f"at/p {hour} o'clock/o", f"à/p {french}/o")
    name = french
    if draw < 0.6:
        return g.say(f"at/p half/h past/h {hour}", f"à/p {name} et/h demie/h")
    if draw < 0.75:
        return g.say(f"at/p a/q quarter/q past/s {hour}", f"à/p {name} et/s quart/q")
    if draw < 0.88:
        return g.say(f"at/p a/q quarter/q to/s {hour}", f"à/p {name} moins/s le/q quart/q")
    minutes, count = g.pick([("five", "cinq"), ("ten", "dix"), ("twenty", "vingt")])
    return g.say(f"at/p {minutes}/m past {hour}", f"à/p {name} {count}/m")


# What is too vague, too near or too far for a time of day beside it.
NO_CLOCK = word_set("ago before after minutes hour soon tonight night in now moment week")
TIMES = {
    "past": adverbials.PAST,
    "present": adverbials.HABIT,
    "progressive": adverbials.NOW,
    "will": adverbials.FUTURE,
    "going": adverbials.FUTURE,
    "used": adverbials.HABIT,
}


def _said(row: tuple[str, ...]) -> set[str]:
    """The English words of a marked line."""
    return {part.partition("/")[0] for part in row[0].split()}


def when(g: Gen, tense: str, letters: str, denied: bool = False) -> Phrase:
    """An expression of time that suits a tense and has one of the letters.

    What did not happen did not happen yesterday, rather than two days ago.
    """
    fitting = [
        r
        for r in rows(TIMES[tense])
        if (not r[2] or r[2] in letters) and not (denied and "ago" in r[0])
    ]
    if not fitting:
        raise Skip
    row = g.pick(fitting)
    return g.say(row[0], row[1])


def dated(g: Gen, tense: str, letters: str) -> tuple[Phrase, str]:
    """A day that may stand beside a time of day, and the part of the day that it names."""
    row = g.pick([r for r in rows(TIMES[tense]) if r[2] in letters and not NO_CLOCK & _said(r)])
    part = next((p for p in ("morning", "afternoon", "evening") if p in _said(row)), "")
    return g.say(row[0], row[1]), part
