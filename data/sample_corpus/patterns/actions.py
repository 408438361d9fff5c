"""Simple sentences that say what somebody does, did or will do."""

from __future__ import annotations

from dataclasses import replace

from data.sample_corpus.clause import Clause, clause, infinitive, predicate, statement
from data.sample_corpus.events import (
    Event,
    add,
    build,
    chosen,
    chosen_frame,
    destination,
    manner,
    pick_frame,
    subject_for,
)
from data.sample_corpus.grammar import NP, Gen
from data.sample_corpus.lexicon import adverbials
from data.sample_corpus.lexicon.load import FRAMES, Frame, frame, members, rows
from data.sample_corpus.lexicon.uses import CONTRASTS, NEVER, SEQUENCES
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.times import PARTS, TIMES, clock, dated, when
from data.sample_corpus.words import Phrase

POSTURES = ("sit on", "lie down on", "sleep", "fall asleep", "fall off")
# What cats and dogs do besides.
LEAPS = ("jump on", "climb on", "sit on", "sit on")


def event(g: Gen, tense: str, use: str, negation: str = "", you: bool = True) -> Event:
    """A random event in a tense; one speaks of habits in general."""
    g.plain = g.plain or use == "h"
    verb = pick_frame(g, use)
    return build(g, verb, tense, subject_for(g, verb, you), negation)


def timed(g: Gen, tense: str, chance: float, made: Event) -> Clause:
    """The event, perhaps with an expression of time."""
    letters = made.frame.times
    if tense != "progressive":
        fitting = any(r[2] in letters for r in rows(TIMES[tense]))
        if not letters or not fitting:
            return made.clause
    return add(made, when(g, tense, letters)) if g.chance(chance) else made.clause


@pattern(15)
def past_event(g: Gen) -> Phrase:
    """The boy lost his key yesterday."""
    g.counting = True
    return statement(timed(g, "past", 0.45, event(g, "past", "p")))


@pattern(4)
def time_first(g: Gen) -> Phrase:
    """Last week, Marie visited a castle."""
    made = event(g, "past", "p")
    time = when(g, "past", made.frame.times)
    return g.say("{t} , {s}", "{t} , {s}", t=time, s=statement(made.clause))


@pattern(7)
def habit(g: Gen) -> Phrase:
    """My aunt cleans the kitchen every day."""
    made = event(g, "present", "h")
    return statement(add(made, when(g, "present", made.frame.times)))


@pattern(7)
def ongoing(g: Gen) -> Phrase:
    """The children are playing in the garden."""
    return statement(timed(g, "progressive", 0.2, event(g, "progressive", "g")))


@pattern(6)
def future_will(g: Gen) -> Phrase:
    """We will visit the museum tomorrow."""
    return statement(timed(g, "will", 0.7, event(g, "will", "f")))


def going_to(g: Gen, subject: NP, verb: Frame, negation: str = "", timing: float = 0.55) -> Phrase:
    """A clause with "going to" and the futur proche."""
    action = timed(g, "going", timing, build(g, verb, "present", subject, under=negation))
    outer = clause(
        g,
        subject,
        "be going",
        "aller",
        comp=infinitive(action),
        negation=negation,
    )
    return statement(outer)


@pattern(7)
def future_going(g: Gen) -> Phrase:
    """She is going to sell her car next month."""
    verb = pick_frame(g, "f")
    return going_to(g, subject_for(g, verb), verb)


@pattern(2)
def not_going(g: Gen) -> Phrase:
    """They are not going to leave tomorrow."""
    g.plain = True
    verbs = "leave,visit,call,go,stay,invite,travel,swim,buy,sell,help,work"
    verb, _ = chosen_frame(g, verbs, "f")
    # What one will do soon or in ten minutes one does not deny.
    verb = verb._replace(times="".join(letter for letter in verb.times if letter in "dne"))
    return going_to(g, subject_for(g, verb), verb, "not")


@pattern(3.5)
def used_to(g: Gen) -> Phrase:
    """My grandfather used to read the newspaper every morning."""
    return statement(timed(g, "used", 0.5, event(g, "used", "h")))


@pattern(3)
def perfect(g: Gen) -> Phrase:
    """He has already eaten the cake."""
    g.plain = True
    made = event(g, "perfect", "r")
    return statement(replace(made.clause, adverb=g.line(adverbials.PERFECT)))


@pattern(2)
def just(g: Gen) -> Phrase:
    """She has just arrived at the station."""
    verb = pick_frame(g, "j")
    subject = subject_for(g, verb)
    inner = build(g, verb, "perfect", subject).clause
    en = statement(replace(inner, adverb=g.say("just/j", "x/j")))
    fr = clause(g, subject, "come", "venir", comp=infinitive(inner, "de"))
    # French says "il vient de partir": the finite verb and "de" are English "has just".
    joined = statement(fr).fr
    marks = inner.aux | next(w.ids for w in en.en if w.text == "just")
    fixed = tuple(
        replace(w, ids=marks) if w.ids & (fr.aux | fr.verb | inner.aux) else w for w in joined
    )
    return Phrase(en.en, fixed)


@pattern(6)
def past_negative(g: Gen) -> Phrase:
    """The girl did not close the door."""
    made = event(g, "past", "n", "not")
    days = "".join(letter for letter in made.frame.times if letter in "dne")
    if days and g.chance(0.2):
        return statement(add(made, when(g, "past", days, denied=True)))
    return statement(made.clause)


@pattern(4)
def present_negative(g: Gen) -> Phrase:
    """He does not wear a tie."""
    return statement(event(g, "present", "h", "not").clause)


@pattern(3)
def never(g: Gen) -> Phrase:
    """My brother never cleans his room."""
    return statement(event(g, "present", "h", "never").clause)


@pattern(1.5)
def never_perfect(g: Gen) -> Phrase:
    """I have never seen a lion."""
    verb, _ = chosen_frame(g, NEVER)
    return statement(build(g, verb, "perfect", g.subject(), "never").clause)


@pattern(2.5)
def anymore(g: Gen) -> Phrase:
    """She does not work at the office anymore."""
    return statement(event(g, "present", "h", "anymore").clause)


@pattern(2)
def nothing(g: Gen) -> Phrase:
    """He did not eat anything at the restaurant."""
    verb, french, what, places = g.pick(
        [
            ("eat", "manger", "anything", "e"),
            ("drink", "boire", "anything", "e"),
            ("buy", "acheter", "anything", ""),
            ("find", "trouver", "anything", "f"),
            ("hear", "entendre", "anything", ""),
            ("see", "voir", "anyone", "m"),
            ("meet", "rencontrer", "anyone", "m"),
            ("invite", "inviter", "anyone", ""),
            ("see", "voir", "anything", ""),
            ("forget", "oublier", "anything", ""),
        ]
    )
    c = clause(g, g.subject(), verb, french, "past", negation=what)
    if places and g.chance(0.6):
        c = add(c, g.place(places))
    elif g.chance(0.5):
        c = add(c, when(g, "past", "dne", denied=True))
    return statement(c)


def posture_frame(g: Gen, names: tuple[str, ...], kind: str) -> Frame:
    """A verb of posture with what people, or cats and dogs, sit or lie on."""
    name = g.pick(names)
    return g.pick([f for f in FRAMES if f.en == name and f.subjects == kind and f.complements])


@pattern(11)
def posture(g: Gen) -> Phrase:
    """The dog sat on the mat."""
    kind = "C" if g.chance(0.7) else "H"
    verb = posture_frame(g, POSTURES + LEAPS * (kind == "C"), kind)
    if verb.complements == ("l",):
        raise Skip
    negation = g.pick(["", "", "", "", "not"])
    made = build(g, verb, "past", g.subject(kind), negation, 0)
    return statement(timed(g, "past", 0 if negation else 0.18, made))


@pattern(3)
def posture_tenses(g: Gen) -> Phrase:
    """The cat is sleeping on the bed; she will sit on the bench."""
    subject = g.subject("C")
    name = g.pick(["sit on", "lie down on", "jump on", "sleep", "sleep", "play with", "hide under"])
    verb = posture_frame(g, (name,), "C")
    if name in ("sleep", "play with", "hide under") and g.chance(0.6):
        return statement(build(g, verb, g.pick(["progressive", "was"]), subject, "", 0).clause)
    if g.chance(0.4):
        return going_to(g, subject, verb, timing=0)
    adverb = g.line(adverbials.FREQUENCY)
    return statement(replace(build(g, verb, "present", subject, "", 0).clause, adverb=adverb))


# The adverbs that go with a tense: nobody is going to dance badly.
MANNERS_OF = {
    "present": ("well", "badly", "too fast", "slowly", "a lot", "too much", "carefully"),
    "past": ("well", "badly", "too fast", "slowly", "quickly", "a lot", "carefully"),
    "progressive": ("slowly", "quickly", "too fast", "carefully"),
    "used": ("well", "badly", "too fast", "a lot", "too much"),
    "will": ("well", "slowly", "carefully", "a lot"),
}


@pattern(3)
def adverb_of_manner(g: Gen) -> Phrase:
    """He drives too fast."""
    g.plain = True
    verb = pick_frame(g, "m")
    tense = g.pick(sorted(MANNERS_OF))
    if verb.en in ("repeat", "explain") and tense not in ("past", "progressive"):
        raise Skip
    adverb = manner(g, verb, MANNERS_OF[tense])
    return statement(replace(build(g, verb, tense, subject_for(g, verb)).clause, manner=adverb))


@pattern(4)
def frequency(g: Gen) -> Phrase:
    """We often listen to the radio."""
    made = event(g, "present", "h")
    adverb = g.line(adverbials.FREQUENCY)
    # One does not "always read novels".
    now_and_then = ("go", "eat", "drink", "read", "write", "draw", "buy", "visit", "travel", "tell")
    if adverb.en[0].text == "always" and made.frame.en in now_and_then:
        raise Skip
    return statement(replace(made.clause, adverb=adverb))


@pattern(5)
def at_the_hour(g: Gen) -> Phrase:
    """My sister gets up at half past six every day."""
    names = ("get up", "wake up", "leave", "go to bed", "arrive", "come back", "eat", "go", "leave")
    verb = frame(g.pick(names))
    if verb.en in ("eat", "come back"):
        verb = verb._replace(complements=())
    tense = g.pick(["past", "past", "present", "will"])
    if tense == "present" and verb.en in ("arrive", "go"):
        raise Skip
    usual = "w" if tense == "present" else ""
    day, part = dated(g, tense, DAYS_OF.get(verb.en, "dnae") + usual)
    if verb.en in PARTS:
        part = verb.en
    if not g.chance(0.45):
        day = Phrase()
        part = part if verb.en in PARTS else ""
    c = add(build(g, verb, tense, subject_for(g, verb), "", 0), clock(g, part))
    return statement(add(c, day))


# The times that may stand beside the hour of what belongs to a part of the day.
DAYS_OF = {"get up": "dn", "wake up": "dn", "go to bed": "de", "eat": "de"}


@pattern(6)
def two_actions(g: Gen) -> Phrase:
    """He opened the window and looked at the sky."""
    g.plain = True
    first, second = g.pick(rows(SEQUENCES))
    subject = g.subject()
    one = chosen(g, first, subject, "past", 0).clause
    two = chosen(g, second, subject, "past", 0).clause
    return _coordinate(g, one, two)


def _coordinate(g: Gen, first: Clause, second: Clause) -> Phrase:
    """Two clauses with one subject; French repeats a pronoun subject."""
    tail = predicate(second)
    subject = first.subject
    if not subject.pronoun:
        subject = g.pronoun_for(subject)
    tail = Phrase(tail.en, subject.phrase.fr + tail.fr)
    return g.say("{a} and/c {b}", "{a} et/c {b}", a=statement(first), b=tail)


@pattern(4)
def contrast(g: Gen) -> Phrase:
    """Paul ate an apple, but Marie ate a pear."""
    g.plain = True
    verb, _ = chosen_frame(g, CONTRASTS)
    planned = ("visit", "take", "go", "travel", "buy", "prepare", "work", "eat", "drink")
    tense = g.pick(["past", "past", "will"]) if verb.en in planned else "past"
    first, other = g.subject(you=False), g.subject(you=False)
    if other.pronoun and (other.person == 3 or (first.pronoun and other.index == first.index)):
        raise Skip
    one = build(g, verb, tense, first, "", 0).clause
    two = build(g, verb, tense, other, "", 0).clause
    said, again = ({w.text for w in c.comp.en} for c in (one, two))
    if said <= again or again <= said or one.comp.en[-1].text == two.comp.en[-1].text:
        raise Skip
    return g.say("{a} , but/b {c}", "{a} , mais/b {c}", a=statement(one), c=statement(two))


OVERSEAS = ("Tokyo", "Montreal", "York", "China", "Canada", "Japan", "Brazil", "Mexico")
ACROSS_THE_SEA = (*OVERSEAS, "London", "England", "Greece", "Lisbon", "Marseille")


@pattern(4)
def travel(g: Gen) -> Phrase:
    """They went to Rome by train last summer."""
    subject = g.subject()
    tense = g.pick(["past", "will", "going", "present"])
    comp = destination(g)
    if g.chance(0.5):
        name = comp.en[-1].text
        ways = ["by/a plane/b|en/a avion/b"]
        if name in ACROSS_THE_SEA:
            ways.append("by/a boat/b|en/a bateau/b")
        if name not in OVERSEAS:
            ways.append("by/a train/b|en/a train/b")
            ways.append("by/a car/b|en/a voiture/b")
            ways.append("by/a bus/b|en/a bus/b")
        comp = comp + g.say(*g.pick(ways).split("|"))
    if tense == "present":
        comp = comp + when(g, "present", "y")
    elif g.chance(0.5):
        comp = comp + when(g, tense, "wyk")
    if tense == "going":
        inner = clause(g, subject, "go", "aller", comp=comp)
        return statement(clause(g, subject, "be going", "aller", comp=infinitive(inner)))
    return statement(clause(g, subject, "go", "aller", tense, comp=comp))


@pattern(2.5)
def going_somewhere(g: Gen) -> Phrase:
    """My mother went to the bakery to buy some bread."""
    pairs = [
        ("to/a the/b bakery/c", "à/a la/b boulangerie/c", "buy", "acheter", "bread,cake"),
        ("to/a the/b library/c", "à/a la/b bibliothèque/c", "read", "lire", "newspaper,novel,book"),
        ("to/a the/b market/c", "au/ab marché/c", "buy", "acheter", "fruit,cheese,fish,flower"),
        ("to/a the/b museum/c", "au/ab musée/c", "see", "voir", "painting"),
        ("to/a the/b station/c", "à/a la/b gare/c", "buy", "acheter", "ticket"),
        ("to/a the/b bookstore/c", "à/a la/b librairie/c", "buy", "acheter", "dictionary,novel"),
        ("to/a the/b cinema/c", "au/ab cinéma/c", "see", "voir", "film"),
        ("to/a the/b post/c office/c", "à/a la/b poste/c", "send", "envoyer", "letter"),
        ("to/a the/b supermarket/c", "au/ab supermarché/c", "buy", "acheter", "food,spread,drink"),
    ]
    en, fr, verb, french, classes = g.pick(pairs)
    subject = g.subject()
    noun = g.some(classes)
    many = noun in members("fruit,flower") or g.chance(0.4)
    item = g.np(noun, "a", many, None)
    aim = infinitive(clause(g, subject, verb, french, comp=item.phrase), "pour")
    tense = g.pick(["past", "past", "will", "progressive"])
    comp = g.say(en, fr) + aim
    return statement(clause(g, subject, "go", "aller", tense, comp=comp))
