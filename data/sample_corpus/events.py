"""Events: a subject, a verb frame and complements that make sense together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from data.sample_corpus.clause import Clause, clause
from data.sample_corpus.grammar import NP, Gen, Skip
from data.sample_corpus.lexicon import adverbials, people
from data.sample_corpus.lexicon.load import FRAMES, Frame, frame, members, rows
from data.sample_corpus.lexicon.verbs import LONG, PLACE_USE, RARE, SCENES
from data.sample_corpus.morphology import agree
from data.sample_corpus.text import word_set
from data.sample_corpus.words import EMPTY, Phrase

DETERMINERS = {"d": "the", "i": "a", "p": "poss", "m": "this", "n": "number", "b": "bare"}
QUANTITIES = ("two", "three", "four", "many", "several", "a few")


@dataclass(frozen=True, slots=True)
class Event:
    """A clause with the things it speaks of."""

    clause: Clause
    frame: Frame
    object: NP | None = None


# Denied of several: "we do not visit any churches", but "he does not wear a tie".
DENIED_OF_ALL = word_set("visit eat see read write draw meet")
ONE_AT_A_TIME = ("fall off", "drive")


def thing(g: Gen, classes: str, dets: str, owner: NP, negative: bool = False, verb: str = "") -> NP:
    """A complement: a noun of the classes with one of the determiners."""
    noun = g.some(classes)
    det = DETERMINERS[g.pick(dets)]
    letters = noun.adjectives
    if noun in members("family") and letters == "P" and det in ("the", "poss"):
        return _kin(g, owner)
    if det == "poss" and letters in ("P", "Y"):
        det = "the"
    if det == "the" and g.chance(0.07) and letters in ("T", "C", "V", "A") and not noun.mass:
        return g.owned_by(noun, g.name())
    # One sits on one chair and is in one room.
    single = letters in ("S", "L", "V", "N") and det not in ("number", "bare")
    many = not noun.mass and not single and g.chance(0.22) and verb not in ONE_AT_A_TIME
    if noun.en in ("shoe", "boot", "glove", "sock"):
        many = True
    if det == "poss":
        many = many and noun.en in SEVERAL
    if det == "number":
        if noun.mass:
            det = "a"
        else:
            det, many = g.pick(QUANTITIES), True
    if negative and det in ("a", *QUANTITIES):
        det, many = "any", many or (det != "a") or verb in DENIED_OF_ALL
    adjective = g.adjective(noun, verb not in ("clean", "wash")) if g.chance(0.22) else None
    if adjective and (adjective.en == "clean" or det == "any"):
        adjective = None
    if adjective and adjective.en == "old" and letters == "L" and det != "the":
        adjective = None
    if det in ("any", "a") and noun.mass:
        adjective = None
    return g.np(noun, det, many, adjective, owner)


SEVERAL = word_set(
    "shoe boot glove sock book key toy flower friend letter pencil notebook gift cousin "
    "brother sister painting photo neighbor colleague cat dog rabbit tomato carrot shirt "
    "dress ticket ball plate glass cup"
)


def _kin(g: Gen, owner: NP) -> NP:
    """A relative of the subject; an animal looks at the speaker's family."""
    owner = owner if owner.human else g.pronoun("I")
    if owner.phrase.en[0].text in ("who", "Who"):
        owner = g.pronoun("I")
    return g.np(g.relative(owner), "poss", False, None, owner)


def _prepositional(g: Gen, code: list[str], owner: NP) -> tuple[Phrase, NP]:
    _, en, fr, classes, dets = code
    target = thing(g, classes, dets, owner)
    en_words = "" if en == "-" else " ".join(f"{w}/p" for w in en.split("_"))
    fr_words = " ".join(f"{w}/p" for w in fr.split("_"))
    phrase = g.say(f"{en_words} {{x}}", f"{fr_words} {{x}}", x=target.phrase)
    return phrase, target


def receiver(g: Gen, subject: NP) -> NP:
    """Somebody to whom something is given or told."""
    if g.chance(0.5):
        return g.name()
    return _kin(g, subject)


def complement(
    g: Gen, code: str, subject: NP, verb: Frame, negative: bool, usual: bool = False
) -> tuple[Phrase, NP | None]:
    """The words of one complement, and its noun phrase if it is an object."""
    kind, *rest = code.split(None, 1)
    if kind == "o":
        classes, dets = rest[0].split()
        # "Il ne mange pas de pain", but "il ne joue pas avec un enfant".
        governed = len(verb.fr.split()) > 1
        if usual and not negative and verb.en in ("eat", "drink"):
            noun = g.some(classes)
            item = g.np(noun, "bare", not noun.mass)
            return item.phrase, item
        item = thing(g, classes, dets, subject, negative and not governed, verb.en)
        return item.phrase, item
    if kind == "p":
        phrase, item = _prepositional(g, code.split(), subject)
        return phrase, item
    if kind == "i":
        person = receiver(g, subject)
        return g.say("to/a {x}", "à/a {x}", x=person.phrase), None
    if kind == "x":
        en, fr = rest[0].split("=")
        if negative:
            fr = fr.replace("du/a", "de").replace("une/a", "de/a")
            en = en.replace("some/a", "any/a")
        return g.say(en, fr), None
    if kind == "g":
        return g.line(adverbials.GOALS), None
    if kind == "g3":
        return g.line(adverbials.ARRIVALS), None
    if kind == "l":
        return g.place(PLACE_USE[verb.en]), None
    if kind == "l2":
        return place_in_world(g), None
    if kind == "l3":
        return country(g, "in"), None
    raise ValueError(code)


def place_in_world(g: Gen) -> Phrase:
    """A town or a country where one is."""
    if g.chance(0.5):
        en, fr = g.pick(rows(people.CITIES))
        return town(g, "in", en, fr)
    return country(g, "in")


def destination(g: Gen) -> Phrase:
    """A town or a country where one goes."""
    if g.chance(0.5):
        en, fr = g.pick(rows(people.CITIES))
        return town(g, "to", en, fr)
    return country(g, "to")


def town(g: Gen, prep: str, en: str, fr: str) -> Phrase:
    """A town after "in" or "to"; à in French either way."""
    name = " ".join(f"{w}/b" for w in en.split())
    french = " ".join(f"{w}/b" for w in fr.split())
    return g.say(f"{prep}/a {name}", f"à/a {french}")


def country(g: Gen, prep: str) -> Phrase:
    """A country after "in" or "to": en for feminine names, au for masculine ones."""
    en, fr, gender = g.pick(rows(people.COUNTRIES))
    french = "en/a" if gender == "f" else "au/a"
    return g.say(f"{prep}/a {en}/b", f"{french} {fr}/b")


def pick_frame(g: Gen, without: str = "k", needs: str = "", subjects: str = "") -> Frame:
    """A verb frame that has all the flags of `needs` and none of `without`."""
    return g.pick(_frames(without, needs, subjects))


@cache
def _frames(without: str, needs: str, subjects: str) -> list[Frame]:
    return [
        f
        for f in FRAMES
        if not set(f.flags) & set(without)
        and set(needs) <= set(f.flags)
        and (not subjects or f.subjects in subjects)
    ]


def scene(g: Gen) -> list[Frame]:
    """Verbs that may follow one another."""
    names = g.pick(SCENES).split("|")
    return [f for f in FRAMES if f.en in names and "k" not in f.flags and f.subjects in "HB"]


def build(
    g: Gen,
    verb: Frame,
    tense: str,
    subject: NP,
    negation: str = "",
    place: float = 0.3,
    usual: bool = False,
) -> Event:
    """A clause of a frame; a stative verb in the past becomes an imparfait in French.

    What one usually eats has no article: "he eats meat", "il mange de la viande".
    """
    comp = EMPTY
    found: NP | None = None
    negative = negation in ("not", "never", "anymore")
    for code in verb.complements:
        phrase, item = complement(g, code, subject, verb, negative, usual)
        comp = comp + phrase
        found = found or item
    if "l" in verb.flags and verb.en in PLACE_USE and g.chance(place):
        comp = comp + g.place(PLACE_USE[verb.en])
    if tense == "past" and "s" in verb.flags:
        tense = "state"
    made = clause(g, subject, verb.en, verb.fr, tense, comp=comp, negation=negation)
    return Event(made, verb, found)


def add(event: Event | Clause, extra: Phrase) -> Clause:
    """The event's clause with a further adjunct at its end."""
    made = event.clause if isinstance(event, Event) else event
    return replace(made, comp=made.comp + extra)


def chosen(g: Gen, verbs: str, subject: NP, tense: str) -> Clause:
    """One of some verbs separated by commas, denied where it has a "-".

    A colon puts other complements in the place of the frame's; "+" joins their classes.
    """
    choice = g.pick(verbs.split(","))
    name, colon, codes = choice.removeprefix("-").partition(":")
    verb = frame(name)
    if colon:
        new = tuple(c for c in codes.replace("+", ",").split(";") if c)
        verb = verb._replace(complements=new)
    place = 0.0 if colon else 0.2
    return build(g, verb, tense, subject, "not" if choice[0] == "-" else "", place).clause


def caused(
    g: Gen, subject: NP, again: NP, state_tense: str, act_tense: str, table: str
) -> tuple[Clause, Clause]:
    """A state or a means, and what somebody does on account of it."""
    en, fr, verbs = g.pick(rows(table))
    act = chosen(g, verbs, again, act_tense)
    head, *english_rest = en.split()
    lemma, *french_rest = fr.split()
    if "/" in en:
        comp = g.say(" ".join(english_rest), " ".join(french_rest))
        state = clause(g, subject, head, lemma, state_tense, comp=comp)
    elif lemma == "être" and len(french_rest) == 1:
        form = agree(french_rest[0], subject.gender, subject.many)
        comp = g.say(f"{english_rest[0]}/a", f"{form}/a")
        state = clause(g, subject, head, lemma, state_tense, comp=comp)
    else:
        state = clause(g, subject, en, fr, state_tense)
    return state, act


def subject_for(g: Gen, verb: Frame, you: bool = True) -> NP:
    """A subject that can do what the verb says."""
    return g.subject(verb.subjects, you)


def manner(g: Gen, verb: Frame) -> Phrase:
    """An adverb of manner that suits the verb."""
    suits = {
        "drive": ("slowly", "too fast", "well", "carefully"),
        "sleep": ("well",),
        "swim": ("well", "slowly"),
        "run": ("quickly", "slowly"),
        "walk": ("quickly", "slowly"),
        "sing": ("well", "badly"),
        "dance": ("well", "badly", "a lot"),
        "work": ("a lot", "well", "too much"),
        "study": ("a lot",),
        "draw": ("well", "badly"),
        "repeat": ("slowly",),
        "explain": ("slowly",),
    }
    french = {
        "slowly": "lentement",
        "too fast": "trop vite",
        "well": "bien",
        "badly": "mal",
        "carefully": "prudemment",
        "quickly": "vite",
        "a lot": "beaucoup",
        "too much": "trop",
    }
    if verb.en not in suits:
        raise Skip
    choice = g.pick(suits[verb.en])
    return g.say(choice, french[choice])


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


def clock(g: Gen, part: str = "") -> Phrase:
    """A time of day, perhaps of a part of it: at half past three, à trois heures et demie."""
    hours = word_set(PARTS.get(part, PARTS[""]))
    hour, french = g.pick([r for r in rows(adverbials.HOURS) if r[0].split("/")[0] in hours])
    draw = g.rng.random()
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


# What cannot be said of an act that belongs to the morning or to the night.
LATE = word_set("evening night tonight afternoon dinner lunch")
EARLY = word_set("morning afternoon breakfast lunch dinner")
OUT_OF_PLACE = {"get up": LATE, "wake up": LATE, "go to bed": EARLY}
# What is too vague, too near or too far for a time of day beside it.
NO_CLOCK = word_set(
    "ago before after minutes hour week month year summer soon tonight night in time now moment"
)
TIMES = {
    "past": adverbials.PAST,
    "state": adverbials.STATE_PAST,
    "present": adverbials.HABIT,
    "progressive": adverbials.NOW,
    "will": adverbials.FUTURE,
    "going": adverbials.FUTURE,
    "used": adverbials.HABIT,
}


def _said(row: tuple[str, ...]) -> set[str]:
    """The English words of a marked line."""
    return {part.partition("/")[0] for part in row[0].split()}


def when(g: Gen, tense: str, verb: str = "") -> Phrase:
    """An expression of time that suits a tense, and a verb's everyday or larger scale."""
    unfit = "s" if verb in LONG or verb in RARE else "l"
    if verb in RARE:
        unfit += "d"
    wrong = OUT_OF_PLACE.get(verb, frozenset())
    row = g.pick([r for r in rows(TIMES[tense]) if r[-1] not in unfit and not wrong & _said(r)])
    return g.say(row[0], row[1])


def dated(g: Gen, tense: str, verb: str = "") -> tuple[Phrase, str]:
    """A day that may stand beside a time of day, and the part of the day that it names."""
    wrong = OUT_OF_PLACE.get(verb, frozenset()) | NO_CLOCK
    row = g.pick([r for r in rows(TIMES[tense]) if not wrong & _said(r)])
    part = next((p for p in ("morning", "afternoon", "evening") if p in _said(row)), "")
    return g.say(row[0], row[1]), part
