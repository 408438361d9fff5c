"""Conditions: if with the present and with the imparfait."""

from __future__ import annotations

from data.sample_corpus.clause import clause, statement
from data.sample_corpus.events import add, caused, chosen, when
from data.sample_corpus.grammar import NP, Gen
from data.sample_corpus.lexicon.causes import CAUSES, MEANS, WEATHER
from data.sample_corpus.lexicon.load import rows
from data.sample_corpus.patterns.clauses import happening, not_same, random_state
from data.sample_corpus.patterns.descriptions import be, predicate_adjective
from data.sample_corpus.patterns.registry import pattern
from data.sample_corpus.words import Phrase


@pattern(5)
def if_future(g: Gen) -> Phrase:
    """If it rains tomorrow, we will stay at home."""
    subject = g.subject()
    result = statement(happening(g, "will", subject).clause)
    draw = g.rng.random()
    if draw < 0.4:
        en, fr, verbs = g.pick(rows(WEATHER))
        condition = g.say(en, fr)
        result = statement(chosen(g, verbs, subject, "will"))
    else:
        if draw < 0.7:
            condition = _condition(g, subject)
        else:
            again = g.pronoun_for(subject)
            state, act = caused(g, again, subject, "present", "will", CAUSES)
            condition, result = statement(state), statement(act)
            if g.chance(0.5):
                return g.say("if/i {c} , {r}", "si/i {c} , {r}", c=condition, r=result)
    if g.chance(0.5):
        return g.say("if/i {c} , {r}", "si/i {c} , {r}", c=condition, r=result)
    return g.say("{r} if/i {c}", "{r} si/i {c}", c=condition, r=result)


def _condition(g: Gen, subject: NP) -> Phrase:
    """Something that may well come about."""
    other = g.subject()
    not_same(subject, other)
    draw = g.rng.random()
    if draw < 0.3:
        return statement(be(g, other, predicate_adjective(g, other, *random_state(g))))
    if draw < 0.5:
        place = g.np(g.some("shop,museum,restaurant"))
        return statement(be(g, place, predicate_adjective(g, place, *OPEN[g.rng.random() < 0.5])))
    if draw < 0.7:
        again = g.pronoun_for(subject)
        what = g.say(*g.pick([("time/t", "le/t temps/t"), ("money/t", "de/t l'/t argent/t")]))
        return statement(clause(g, again, "have", "avoir", comp=what))
    en, fr = g.pick(
        [
            ("leave", "partir"),
            ("stay here", "rester ici"),
            ("come back", "revenir"),
            ("arrive", "arriver"),
            ("call", "appeler"),
            ("come", "venir"),
        ]
    )
    c = clause(g, other, en, fr)
    return statement(add(c, when(g, "will")) if g.chance(0.3) else c)


OPEN = (("open", "ouvert"), ("closed", "fermé"))


@pattern(4)
def if_unreal(g: Gen) -> Phrase:
    """If I had money, I would buy a house."""
    subject = g.subject()
    again = g.pronoun_for(subject)
    state, act = caused(g, subject, again, "state", "would", MEANS)
    condition, result = statement(state), statement(act)
    return g.say("if/i {c} , {r}", "si/i {c} , {r}", c=condition, r=result)
