"""Simple sentences that say what somebody does, did or will do."""

from __future__ import annotations

from dataclasses import replace

from data.sample_corpus.clause import Clause, clause, infinitive, predicate, statement
from data.sample_corpus.events import (
    PARTS,
    Event,
    add,
    build,
    clock,
    dated,
    destination,
    manner,
    pick_frame,
    scene,
    subject_for,
    when,
)
from data.sample_corpus.grammar import NP, Gen
from data.sample_corpus.lexicon import adverbials
from data.sample_corpus.lexicon.load import Frame, frame
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.words import Phrase

POSTURES = ("sit on", "lie down on", "jump on", "sleep", "climb on", "fall asleep", "fall off")


def event(g: Gen, tense: str, negation: str = "", without: str = "k", you: bool = True) -> Event:
    """A random event in a tense."""
    verb = pick_frame(g, without)
    usual = tense in ("present", "used")
    return build(g, verb, tense, subject_for(g, verb, you), negation, usual=usual)


def timed(g: Gen, tense: str, chance: float, made: Event) -> Clause:
    """The event, perhaps with an expression of time."""
    return add(made, when(g, tense, made.frame.en)) if g.chance(chance) else made.clause


@pattern(15)
def past_event(g: Gen) -> Phrase:
    """The boy lost his key yesterday."""
    return statement(timed(g, "past", 0.45, event(g, "past", without="ks")))


@pattern(4)
def time_first(g: Gen) -> Phrase:
    """Last week, Marie visited a castle."""
    made = event(g, "past", without="ks")
    time = when(g, "past", made.frame.en)
    return g.say("{t} , {s}", "{t} , {s}", t=time, s=statement(made.clause))


@pattern(7)
def habit(g: Gen) -> Phrase:
    """My aunt cleans the kitchen every day."""
    made = event(g, "present", without="knsux")
    return statement(timed(g, "present", 0.75, made))


@pattern(7)
def ongoing(g: Gen) -> Phrase:
    """The children are playing in the garden."""
    made = event(g, "progressive", without="kns")
    return statement(timed(g, "progressive", 0.25, made))


@pattern(6)
def future_will(g: Gen) -> Phrase:
    """We will visit the museum tomorrow."""
    made = event(g, "will", without="ksx")
    return statement(timed(g, "will", 0.6, made))


def going_to(g: Gen, subject: NP, verb: Frame, negation: str = "", extra: bool = True) -> Phrase:
    """A clause with "going to" and the futur proche."""
    inner = build(g, verb, "present", subject, "")
    action = inner.clause
    if extra and g.chance(0.55):
        action = add(inner, when(g, "going", verb.en))
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
    verb = pick_frame(g, "ksx")
    return going_to(g, subject_for(g, verb), verb)


@pattern(2)
def not_going(g: Gen) -> Phrase:
    """They are not going to leave tomorrow."""
    verb = g.pick([frame(n) for n in ("leave", "visit", "call", "sit down", "go", "stay")])
    return going_to(g, subject_for(g, verb), verb, "not")


@pattern(3.5)
def used_to(g: Gen) -> Phrase:
    """My grandfather used to read the newspaper every morning."""
    made = event(g, "used", without="knusx")
    return statement(timed(g, "used", 0.5, made))


@pattern(3)
def perfect(g: Gen) -> Phrase:
    """He has already eaten the cake."""
    g.plain = True
    verb = pick_frame(g, "ks", g.pick("uc"), "H")
    made = build(g, verb, "perfect", subject_for(g, verb))
    return statement(replace(made.clause, adverb=g.line(adverbials.PERFECT)))


@pattern(2)
def just(g: Gen) -> Phrase:
    """She has just arrived at the station."""
    verb = pick_frame(g, "ksx", g.pick("ucu"), "H")
    if verb.en in ("look for", "understand", "wait for", "stay"):
        raise Skip
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
    made = event(g, "past", "not", without="ks")
    return statement(timed(g, "past", 0.2, made))


@pattern(4)
def present_negative(g: Gen) -> Phrase:
    """He does not wear a tie."""
    return statement(event(g, "present", "not", without="knu").clause)


@pattern(3)
def never(g: Gen) -> Phrase:
    """My brother never cleans his room."""
    return statement(event(g, "present", "never", without="knu").clause)


@pattern(1.5)
def never_perfect(g: Gen) -> Phrase:
    """I have never seen a lion."""
    names = ("see", "drive", "visit", "sing", "write", "sleep", "break", "eat", "lose", "swim")
    verb = frame(g.pick(names))
    return statement(build(g, verb, "perfect", subject_for(g, verb), "never").clause)


@pattern(2.5)
def anymore(g: Gen) -> Phrase:
    """She does not work at the office anymore."""
    return statement(event(g, "present", "anymore", without="knus").clause)


@pattern(2)
def nothing(g: Gen) -> Phrase:
    """He did not eat anything at the restaurant."""
    verb, french, what = g.pick(
        [
            ("eat", "manger", "anything"),
            ("drink", "boire", "anything"),
            ("buy", "acheter", "anything"),
            ("find", "trouver", "anything"),
            ("hear", "entendre", "anything"),
            ("see", "voir", "anyone"),
            ("meet", "rencontrer", "anyone"),
            ("invite", "inviter", "anyone"),
            ("see", "voir", "anything"),
            ("forget", "oublier", "anything"),
        ]
    )
    tense = "past"
    c = clause(g, g.subject(), verb, french, tense, negation=what)
    if g.chance(0.6) and verb not in ("invite", "forget", "hear"):
        c = add(c, g.place("e" if verb in ("eat", "drink") else "k"))
    elif g.chance(0.5):
        c = add(c, when(g, "past"))
    return statement(c)


@pattern(11)
def posture(g: Gen) -> Phrase:
    """The dog sat on the mat."""
    verb = frame(g.pick((*POSTURES, "sit on", "sit on", "sleep")))
    if verb.en == "sleep":
        verb = frame("sleep", "dormir")
        verb = verb._replace(complements=("p on sur seat d",))
    subject = g.subject("C") if verb.subjects == "C" or g.chance(0.65) else g.subject("H")
    made = build(g, verb, "past", subject, g.pick(["", "", "", "", "not"]), 0)
    return statement(timed(g, "past", 0.15, made))


@pattern(3)
def posture_tenses(g: Gen) -> Phrase:
    """The cat is sleeping on the bed; she will sit on the bench."""
    verb = frame(g.pick(["sit on", "lie down on", "jump on", "sleep"]))
    if verb.en == "sleep":
        verb = verb._replace(complements=("p on sur seat d",))
    subject = g.subject("C") if g.chance(0.6) else g.subject("H")
    if verb.en == "sleep" and g.chance(0.6):
        return statement(build(g, verb, g.pick(["progressive", "was"]), subject, "", 0).clause)
    tense = g.pick(["present", "will", "going", "used"])
    if tense == "going":
        return going_to(g, subject, verb, "", False)
    made = build(g, verb, tense, subject, "", 0)
    return statement(timed(g, tense, 0.5 if tense == "present" else 0.1, made))


@pattern(3)
def adverb_of_manner(g: Gen) -> Phrase:
    """He drives too fast."""
    verb = pick_frame(g, "k", "m", "HB")
    tense = g.pick(["present", "past", "progressive", "used", "will"])
    made = build(g, verb, tense, subject_for(g, verb), "", 0.3)
    return statement(replace(made.clause, manner=manner(g, verb)))


@pattern(4)
def frequency(g: Gen) -> Phrase:
    """We often listen to the radio."""
    made = event(g, "present", without="knu")
    if "s" in made.frame.flags:
        raise Skip
    return statement(replace(made.clause, adverb=g.line(adverbials.FREQUENCY)))


@pattern(5)
def at_the_hour(g: Gen) -> Phrase:
    """My sister gets up at half past six every day."""
    names = ("get up", "wake up", "leave", "go to bed", "arrive", "come back", "eat", "go", "leave")
    verb = frame(g.pick(names))
    if verb.en in ("eat", "come back"):
        verb = verb._replace(complements=())
    tense = g.pick(["past", "past", "present", "will"])
    subject = subject_for(g, verb)
    day, part = dated(g, tense, verb.en)
    if verb.en in PARTS:
        # "At seven o'clock tomorrow morning", but no dinner in the morning.
        if part == "afternoon" or (part == "morning" and verb.en == "eat"):
            raise Skip
        part = verb.en
    if not g.chance(0.45):
        day = Phrase()
        part = part if verb.en in PARTS else ""
    c = add(build(g, verb, tense, subject, "", 0), clock(g, part))
    return statement(add(c, day))


@pattern(6)
def two_actions(g: Gen) -> Phrase:
    """He opened the window and looked at the sky."""
    verbs = scene(g)
    entry, verb = g.pick(verbs), g.pick(verbs)
    subject = g.subject()
    first = build(g, entry, "past", subject, "", 0.1)
    if verb.en == first.frame.en or entry.en in ("fall asleep", "go to bed"):
        raise Skip
    second = build(g, verb, "past", subject, "", 0.1).clause
    return _coordinate(g, first.clause, second)


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
    first = event(g, g.pick(["past", "past", "will"]), without="ks", you=False)
    tense = first.clause.tense
    other = g.subject(first.frame.subjects, you=False)
    if other.pronoun and first.clause.subject.pronoun and other.person == 3:
        raise Skip
    if other.index == first.clause.subject.index and other.pronoun:
        raise Skip
    # The same verb of another thing, so that the two halves have to do with each other.
    second = build(g, first.frame, tense, other, "", 0)
    if [w.text for w in second.clause.comp.en] == [w.text for w in first.clause.comp.en]:
        if not second.clause.comp.en:
            raise Skip
        second = build(g, first.frame, tense, other, "not", 0)
    one, two = ({w.text for w in c.comp.en} for c in (first.clause, second.clause))
    if one <= two or two <= one:
        raise Skip
    return g.say(
        "{a} , but/b {c}", "{a} , mais/b {c}", a=statement(first.clause), c=statement(second.clause)
    )


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
        comp = comp + g.line(adverbials.YEARLY)
    elif g.chance(0.5):
        comp = comp + when(g, tense, "travel")
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
        ("to/a the/b supermarket/c", "au/ab supermarché/c", "buy", "acheter", "food,drink"),
    ]
    en, fr, verb, french, classes = g.pick(pairs)
    subject = g.subject()
    noun = g.some(classes)
    item = g.np(noun, "a", g.chance(0.4) and not noun.mass)
    aim = infinitive(clause(g, subject, verb, french, comp=item.phrase), "pour")
    tense = g.pick(["past", "past", "will", "progressive"])
    comp = g.say(en, fr) + aim
    return statement(clause(g, subject, "go", "aller", tense, comp=comp))
