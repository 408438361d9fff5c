"""Conditions: if with the present and with the imparfait."""

from __future__ import annotations

from data.sample_corpus.clause import statement
from data.sample_corpus.events import caused, chosen
from data.sample_corpus.grammar import Gen
from data.sample_corpus.lexicon.causes import (
    CAUSES,
    CLOSED,
    MEANS,
    OPEN,
    PLANS,
    REAL_MEANS,
    WEATHER,
)
from data.sample_corpus.lexicon.load import rows
from data.sample_corpus.patterns.clauses import not_same
from data.sample_corpus.patterns.descriptions import be, predicate_adjective
from data.sample_corpus.patterns.registry import pattern
from data.sample_corpus.words import Phrase


@pattern(5)
def if_future(g: Gen) -> Phrase:
    """If it rains tomorrow, we will stay at home."""
    g.plain = True
    make = g.pick((_weather, _weather, _means, _plan, _plan, _shop))
    condition, result = make(g)
    # A pronoun comes after what it stands for.
    if make is _means or g.chance(0.6):
        return g.say("if/i {c} , {r}", "si/i {c} , {r}", c=condition, r=result)
    return g.say("{r} if/i {c}", "{r} si/i {c}", c=condition, r=result)


def _weather(g: Gen) -> tuple[Phrase, Phrase]:
    """If it snows tonight, he will not leave."""
    en, fr, verbs = g.pick(rows(WEATHER))
    return g.say(en, fr), statement(chosen(g, verbs, g.subject(), "will").clause)


def _means(g: Gen) -> tuple[Phrase, Phrase]:
    """If I have time, I will write a letter."""
    subject = g.subject()
    again = g.pronoun_for(subject)
    table = g.pick((REAL_MEANS, REAL_MEANS, CAUSES))
    state, act = caused(g, subject, again, "present", "will", table)
    return statement(state), statement(act)


def _plan(g: Gen) -> tuple[Phrase, Phrase]:
    """If my cousins come, we will prepare dinner."""
    other, subject = g.subject("F"), g.subject("F")
    not_same(other, subject)
    state, act = caused(g, other, subject, "present", "will", PLANS)
    return statement(state), statement(act)


def _shop(g: Gen) -> tuple[Phrase, Phrase]:
    """If the bakery is closed, I will come back tomorrow."""
    name, bought = g.pick(rows(OPEN))
    place = g.np(g.some(name))
    closed = g.chance(0.4)
    state = ("closed", "fermé") if closed else ("open", "ouvert")
    act = chosen(g, CLOSED if closed else bought, g.subject(), "will").clause
    return statement(be(g, place, predicate_adjective(g, place, *state))), statement(act)


@pattern(4)
def if_unreal(g: Gen) -> Phrase:
    """If I had money, I would buy a house."""
    g.plain = True
    subject = g.subject()
    again = g.pronoun_for(subject)
    state, act = caused(g, subject, again, "unreal", "would", MEANS)
    condition, result = statement(state), statement(act)
    return g.say("if/i {c} , {r}", "si/i {c} , {r}", c=condition, r=result)
