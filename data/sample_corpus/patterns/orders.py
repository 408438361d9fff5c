"""Imperatives and requests."""

from __future__ import annotations

from dataclasses import replace

from data.sample_corpus.clause import clause, direct, imperative, indirect
from data.sample_corpus.events import build, manner, pick_frame, thing
from data.sample_corpus.grammar import NP, Gen
from data.sample_corpus.lexicon.load import frame
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.times import when
from data.sample_corpus.words import Phrase


def addressed(g: Gen) -> NP:
    """Whom one may order about; a doctor gives the orders."""
    if g.vocative.en and g.vocative.en[-1].text == "Doctor":
        raise Skip
    return g.you()


@pattern(6)
def order(g: Gen) -> Phrase:
    """Close the door, please."""
    subject = addressed(g)
    c = build(g, pick_frame(g, "o"), "present", subject, "", 0.1).clause
    if g.chance(0.3):
        return _please(g, imperative(c))
    return imperative(c)


def _please(g: Gen, phrase: Phrase) -> Phrase:
    words = "s'/p il/p te/p plaît/p" if g.tu else "s'/p il/p vous/p plaît/p"
    return g.say("{x} , please/p", f"{{x}} , {words}", x=phrase)


@pattern(4)
def prohibition(g: Gen) -> Phrase:
    """Do not open the box."""
    c = build(g, pick_frame(g, "b"), "present", addressed(g), "not", 0.1).clause
    phrase = imperative(c)
    return _please(g, phrase) if g.chance(0.15) else phrase


@pattern(3)
def lets(g: Gen) -> Phrase:
    """Let's visit the castle tomorrow."""
    subject = g.pronoun("we")
    verb = pick_frame(g, "t")
    c = build(g, verb, "present", subject, "", 0.1).clause
    letters = "".join(letter for letter in verb.times if letter in "dnea")
    if letters and g.chance(0.35):
        c = replace(c, comp=c.comp + when(g, "will", letters))
    return imperative(c)


# What one may ask somebody to hand over.
HANDED = (
    ("give", "key,pen,book,ball,newspaper,bag,glass,knife,letter,ticket,umbrella,box", "ddm"),
    ("give", "apple,orange,pear,cookie,coffee,tea,water,bread,pen", "i"),
    ("show", "photo,painting,letter,house,garden,watch,ring,book,ticket", "ddm"),
    ("bring", "chair,newspaper,bag,suitcase,coat,umbrella,glass,plate,book,key", "d"),
    ("bring", "coffee,tea,water,bread,chair,glass,knife,fork,spoon", "i"),
    ("send", "photo,gift,book", "i"),
    ("send", "letter,photo,book", "d"),
    ("lend", "pen,book,bicycle,umbrella,dictionary,car,guitar,pencil,phone", "dm"),
)


@pattern(4)
def give_me(g: Gen) -> Phrase:
    """Give me the key, please."""
    subject = addressed(g)
    name, classes, dets = g.pick(HANDED)
    verb = frame(name)
    key = g.pick(["I", "I", "we", "he", "she", "they"])
    item = thing(g, classes, dets, g.pronoun("I"))
    c = clause(
        g,
        subject,
        verb.en,
        verb.fr,
        comp=item.phrase,
        clitics=(indirect(g, g.pronoun(key), ""),),
    )
    phrase = imperative(c)
    return _please(g, phrase) if g.chance(0.5) else phrase


@pattern(3)
def look_at_it(g: Gen) -> Phrase:
    """Listen to me; do not wait for them."""
    subject = addressed(g)
    en, fr, kind = g.pick(
        [
            ("listen to", "écouter", "d"),
            ("look at", "regarder", "d"),
            ("wait for", "attendre", "d"),
            ("help", "aider", "d"),
            ("follow", "suivre", "d"),
            ("call", "appeler", "d"),
            ("answer", "répondre", "i"),
            ("talk to", "parler", "i"),
            ("write to", "écrire", "i"),
            ("invite", "inviter", "d"),
        ]
    )
    np = g.pronoun(g.pick(["I", "we", "he", "she", "they"]))
    clitic = direct(g, np) if kind == "d" else indirect(g, np, "")
    comp = Phrase()
    negation = g.pick(["", "not"])
    if en == "wait for" and g.chance(0.5):
        comp = g.place("x")
    elif en in ("help", "call", "write to", "invite") and not negation and g.chance(0.5):
        comp = when(g, "will", "dnea")
    c = clause(g, subject, en, fr, comp=comp, clitics=(clitic,), negation=negation)
    phrase = imperative(c)
    return _please(g, phrase) if g.chance(0.3) else phrase


@pattern(2)
def how_to_do_it(g: Gen) -> Phrase:
    """Drive slowly, please."""
    subject = addressed(g)
    names = ("drive", "walk", "repeat", "explain", "sleep", "work", "run", "swim", "draw")
    g.plain = True
    verb = pick_frame(g, "m")
    if verb.en not in names:
        raise Skip
    c = build(g, verb, "present", subject).clause
    c = replace(c, manner=manner(g, verb, ("slowly", "well", "carefully", "quickly")))
    return _please(g, imperative(c)) if g.chance(0.5) else imperative(c)
