"""Greetings, introductions and other set phrases."""

from __future__ import annotations

from data.sample_corpus.clause import clause, statement
from data.sample_corpus.events import place_in_world
from data.sample_corpus.grammar import Gen
from data.sample_corpus.lexicon import adverbials, people, setphrases
from data.sample_corpus.lexicon.load import rows
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.text import word_set
from data.sample_corpus.times import when
from data.sample_corpus.words import Phrase, Word


def addressee(g: Gen, familiar: bool) -> Phrase:
    """Somebody greeted: a first name if familiar, else sir, madam or Mr. Martin."""
    if familiar:
        return g.say(", {x}", ", {x}", x=g.name().phrase)
    draw = g.rng.random() / 2
    if draw < 0.25:
        en, fr, _ = g.pick(rows(people.POLITE))
        return g.say(f", {en}/a", f", {fr}/a")
    name = g.pick(people.SURNAMES)
    en, fr = g.pick([("Mr.", "monsieur"), ("Mrs.", "madame")])
    return g.say(f", {en}/a {name}/b", f", {fr}/a {name}/b")


@pattern(1.5)
def greeting(g: Gen) -> Phrase:
    """Good morning, Mrs. Moreau."""
    en, *french = g.pick(rows(setphrases.GREETINGS))
    familiar = g.chance(0.5)
    fr = french[-1] if familiar else french[0]
    return g.say(f"{en} {{x}}", f"{fr} {{x}}", x=addressee(g, familiar))


@pattern(0.7)
def fixed(g: Gen) -> Phrase:
    """A sentence that is always said in the same way."""
    return g.line(setphrases.FIXED)


@pattern(0.7, "?")
def fixed_question(g: Gen) -> Phrase:
    """A question that is always asked in the same way."""
    return g.line(setphrases.QUESTIONS)


PRAISE = word_set("beautiful good pretty magnificent strange funny interesting delicious big long")


@pattern(0.5, "!")
def exclamation(g: Gen) -> Phrase:
    """What a beautiful day!"""
    if g.chance(0.45):
        return g.line(setphrases.EXCLAMATIONS)
    noun = g.some("flower,city,building,sight,work,idea,snack,clothing,cat,dog")
    adjective = g.adjective(noun)
    if adjective is None or adjective.en not in PRAISE:
        raise Skip
    feminine = noun.gender == "f"
    item = g.np(noun, "the", False, adjective)
    bare = Phrase(item.phrase.en[1:], item.phrase.fr[1:])
    what = "quelle" if feminine else "quel"
    base = g.say("what/w {x}", f"{what}/w {{x}}", x=bare)
    a = Word("a", base.en[0].ids, "a")
    return Phrase((base.en[0], a, *base.en[1:]), base.fr)


@pattern(2.5)
def called(g: Gen) -> Phrase:
    """My sister's name is Claire: "ma sœur s'appelle Claire"."""
    subject = g.subject("H", you=False)
    if subject.pronoun and subject.many:
        owner = g.pronoun("I")
        subject = g.np(g.relative(owner), "poss", owner=owner)
    if subject.many or (not subject.pronoun and subject.phrase.en[-1].text[0].isupper()):
        owner = g.pronoun(g.pick(["I", "he", "she"]))
        subject = g.np(g.relative(owner), "poss", owner=owner)
    gender = subject.gender
    name = g.pick(people.MEN if gender == "m" else people.WOMEN)
    comp = g.say(f"{name}/n", f"{name}/n")
    c = clause(g, subject, "be called", "s'appeler", g.pick(["present"] * 4 + ["state"]), comp=comp)
    return statement(c)


@pattern(2)
def comes_from(g: Gen) -> Phrase:
    """I come from Lyon."""
    subject = g.subject()
    if g.chance(0.5):
        en, fr = g.pick(rows(people.CITIES))
        comp = g.say(
            "from/f " + " ".join(f"{w}/c" for w in en.split()),
            "de/f " + " ".join(f"{w}/c" for w in fr.split()),
        )
    else:
        en, fr, gender = g.pick(rows(people.COUNTRIES))
        comp = g.say(f"from/f {en}/c", f"{'de' if gender == 'f' else 'du'}/f {fr}/c")
    tense = g.pick(["present", "present", "state"])
    negation = g.pick(["", "", "not"])
    return statement(clause(g, subject, "come", "venir", tense, comp=comp, negation=negation))


@pattern(2)
def it_is_time(g: Gen) -> Phrase:
    """It is half past three."""
    hour, french = g.pick(rows(adverbials.HOURS))
    is_, est = g.pick([("is", "est"), ("was", "était")])
    options = [
        (f"{hour} o'clock/o", f"{french}/o"),
        (f"half/h past/h {hour}", f"{french} et/h demie/h"),
        (f"a/q quarter/q past/s {hour}", f"{french} et/s quart/q"),
        (f"a/q quarter/q to/s {hour}", f"{french} moins/s le/q quart/q"),
        (f"ten/m past {hour}", f"{french} dix/m"),
        (f"twenty/m past {hour}", f"{french} vingt/m"),
        (f"ten/m to/s {hour}", f"{french} moins/s dix/m"),
        (f"five/m to/s {hour}", f"{french} moins/s cinq/m"),
    ]
    en, fr = g.pick(options)
    already = g.pick([("", ""), ("", ""), ("already/d ", "déjà/d ")])
    return g.say(
        f"it/i {is_}/v {already[0]}{en}".replace("  ", " "), f"il/i {est}/v {already[1]}{fr}"
    )


@pattern(2)
def welcome_in(g: Gen) -> Phrase:
    """Now I am in Rome; the capital and other places."""
    subject = g.subject()
    tense = g.pick(["present", "state", "will"])
    comp = place_in_world(g)
    if tense == "present":
        comp = comp + g.pick([g.say("now", "maintenant"), g.say("today", "aujourd'hui")])
    elif tense == "state":
        comp = comp + g.say(
            *g.pick([("yesterday", "hier"), ("last/a week/b", "la/b semaine/b dernière/a")])
        )
    else:
        comp = comp + when(g, "will", "dnewk")
    return statement(clause(g, subject, "be", "être", tense, comp=comp))
