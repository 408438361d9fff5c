"""Imperatives and requests."""

from __future__ import annotations

from dataclasses import replace

from data.sample_corpus.clause import clause, direct, imperative, indirect
from data.sample_corpus.events import build, manner, pick_frame, thing, when
from data.sample_corpus.grammar import Gen
from data.sample_corpus.lexicon.load import frame
from data.sample_corpus.patterns.registry import pattern
from data.sample_corpus.words import Phrase


@pattern(6)
def order(g: Gen) -> Phrase:
    """Close the door, please."""
    subject = g.you()
    verb = pick_frame(g, "ksxi", "", "HB")
    c = build(g, verb, "present", subject, "", 0.2).clause
    if g.chance(0.3):
        return _please(g, imperative(c))
    return imperative(c)


def _please(g: Gen, phrase: Phrase) -> Phrase:
    words = "s'/p il/p te/p plaît/p" if g.tu else "s'/p il/p vous/p plaît/p"
    return g.say("{x} , please/p", f"{{x}} , {words}", x=phrase)


BAD = ("break", "lose", "forget", "fall off", "cry", "make fun of", "laugh", "run")


@pattern(4)
def prohibition(g: Gen) -> Phrase:
    """Do not open the box."""
    subject = g.you()
    verb = g.pick([frame(n) for n in BAD]) if g.chance(0.5) else pick_frame(g, "ksxi", "", "HB")
    c = build(g, verb, "present", subject, "not", 0.2).clause
    return imperative(c)


@pattern(3)
def lets(g: Gen) -> Phrase:
    """Let's visit the castle tomorrow."""
    subject = g.pronoun("we")
    verb = pick_frame(g, "ksxi", "", "HB")
    c = build(g, verb, "present", subject, "", 0.2).clause
    if g.chance(0.35):
        c = replace(c, comp=c.comp + when(g, "will", verb.en))
    return imperative(c)


@pattern(4)
def give_me(g: Gen) -> Phrase:
    """Give me the key, please."""
    subject = g.you()
    verb = frame(g.pick(["give", "show", "bring", "send", "lend"]))
    classes, dets = verb.complements[0].split()[1:]
    key = g.pick(["I", "I", "we", "he", "she", "they"])
    owner = g.pronoun("I") if key != "we" else g.pronoun("we")
    item = thing(g, classes, dets.replace("p", "d"), owner)
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
    subject = g.you()
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
    if g.chance(0.45):
        comp = g.place("x") if en == "wait for" else when(g, "will")
    negation = g.pick(["", "not"])
    c = clause(g, subject, en, fr, comp=comp, clitics=(clitic,), negation=negation)
    phrase = imperative(c)
    return _please(g, phrase) if g.chance(0.3) else phrase


@pattern(2)
def how_to_do_it(g: Gen) -> Phrase:
    """Drive slowly, please."""
    subject = g.you()
    verb = frame(g.pick(["drive", "walk", "repeat", "explain", "sleep", "work", "run", "swim"]))
    if verb.en in ("drive", "sleep"):
        verb = verb._replace(complements=())
    c = build(g, verb, "present", subject, "", 0.2).clause
    c = replace(c, manner=manner(g, verb))
    return _please(g, imperative(c)) if g.chance(0.5) else imperative(c)
