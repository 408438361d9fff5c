"""Events: a subject, a verb frame and complements that make sense together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from data.sample_corpus.clause import Clause, clause
from data.sample_corpus.grammar import NP, Gen, Skip
from data.sample_corpus.lexicon import adverbials, people
from data.sample_corpus.lexicon.load import FRAMES, Frame, Noun, frame, members, rows
from data.sample_corpus.lexicon.verbs import PLACE_USE
from data.sample_corpus.morphology import agree
from data.sample_corpus.text import word_set
from data.sample_corpus.words import EMPTY, Phrase

DETERMINERS = {
    "d": "the",
    "D": "the",
    "i": "a",
    "I": "a",
    "p": "poss",
    "m": "this",
    "b": "bare",
}
QUANTITIES = ("two", "three", "four", "many", "several", "a few")


@dataclass(frozen=True, slots=True)
class Event:
    """A clause with its verb's frame."""

    clause: Clause
    frame: Frame


# Denied of several: "we do not visit any churches", but "he does not wear a tie".
DENIED_OF_ALL = word_set("visit eat see write")
PERSONAL = members("clothing,small,bicycle,guitar")
# Where several sit or lie, there is room for them: verb and subjects.
ROOMY = {
    ("sit on", "C"): "wide",
    ("sit on", "H"): "wide",
    ("lie down on", "C"): "wide",
    ("lie down on", "H"): "bed,floor",
    ("jump on", "C"): "wide",
    ("sleep", "C"): "wide",
    ("sleep", "H"): "bed,sofa,floor",
    ("fall asleep", "C"): "wide",
    ("fall asleep", "H"): "bed,sofa,bench,floor",
    ("fall off", "C"): "bed,sofa,bench",
    ("fall off", "H"): "bed,sofa,bench",
}


def thing(g: Gen, classes: str, dets: str, owner: NP, negative: bool = False, verb: str = "") -> NP:
    """A complement: a noun of the classes with one of the determiners."""
    noun = g.some(classes)
    det = g.pick(dets)
    letters = noun.adjectives
    owner = owner if owner.human and not _is_who(owner) else g.pronoun("I")
    if (det == "p" or verb == "wear") and not suits(noun, owner):
        raise Skip
    if noun in members("family") and letters == "P" and det in "pd":
        return g.np(g.relative(owner, noun.en), "poss", False, None, owner)
    if det == "o":
        return g.owned_by(noun, g.name())
    if det == "y":
        det, owner = "p", g.pronoun(g.pick(["I", "I", "we"]))
    if det == "n" and (noun.mass or noun.en in PAIRS or not g.counting):
        det = "i"
    many = det in "DIbn" or noun.en in PAIRS
    if verb == "drive" and det == "i" and owner.many:
        raise Skip
    # Several people have several hats, lose several keys and wear several coats.
    if verb == "wear" and det == "i" and owner.many:
        det = "b"
    many = many or det == "b" or (det == "p" and owner.many and noun in PERSONAL)
    if not many and det in "dmpi" and noun.en in SEVERAL:
        many = g.chance(0.22)
    name = g.pick(QUANTITIES) if det == "n" else DETERMINERS[det]
    if negative and det in "iInb":
        # "He does not eat any bread", but "he never reads novels".
        if det in "in" and noun.en not in PAIRS:
            many = verb in DENIED_OF_ALL
        name = "none" if det == "b" else "any"
    adjective = g.adjective(noun, known=det in "dDpm") if g.chance(0.2) else None
    if adjective and verb not in ONLY_WITH.get(adjective.en, (verb,)):
        adjective = None
    if name in ("any", "none", "bare") or (noun.mass and name == "a"):
        adjective = None
    return g.np(noun, name, many, adjective, owner)


# Adjectives that matter to few verbs.
ONLY_WITH = {
    "delicious": ("eat", "prepare"),
    "long": ("read", "write", "receive", "answer", "repeat", "understand", "explain", "watch"),
}


def suits(noun: Noun, owner: NP) -> bool:
    """Whether somebody may well wear or own a thing."""
    return noun.en not in ("dress", "skirt") or owner.gender == "f"


def _is_who(owner: NP) -> bool:
    return owner.phrase.en[0].text in ("who", "Who")


PAIRS = word_set("shoe boot glove sock")
# What is often met or owned in the plural.
SEVERAL = word_set(
    "book key toy flower rose friend letter pencil pen notebook gift cousin brother sister photo "
    "neighbor colleague cat dog rabbit tomato carrot potato onion mushroom apple orange banana "
    "pear peach strawberry egg cookie shirt dress ticket ball plate cup window message word "
    "sentence question exercise horse cow hen duck sheep goat bird mouse kitten puppy fox boy girl "
    "child student tourist customer lesson answer rule candle lion monkey elephant"
)


def _prepositional(g: Gen, code: list[str], owner: NP) -> Phrase:
    _, en, fr, classes, dets = code
    target = thing(g, classes, dets, owner)
    en_words = "" if en == "-" else " ".join(f"{w}/p" for w in en.split("_"))
    fr_words = " ".join(f"{w}/p" for w in fr.split("_"))
    return g.say(f"{en_words} {{x}}", f"{fr_words} {{x}}", x=target.phrase)


def receiver(g: Gen, subject: NP) -> NP:
    """Somebody to whom something is given or told."""
    if g.chance(0.5):
        return g.name()
    owner = subject if subject.human and not _is_who(subject) else g.pronoun("I")
    return g.np(g.relative(owner), "poss", False, None, owner)


def complement(g: Gen, code: str, subject: NP, verb: Frame, negative: bool) -> Phrase:
    """The words of one complement."""
    kind, *rest = code.split(None, 1)
    if kind == "o":
        classes, dets = rest[0].split()
        if subject.many:
            classes = ROOMY.get((verb.en, verb.subjects), classes)
        # "Il ne mange pas de pain", but "il ne joue pas avec un enfant".
        governed = len(verb.fr.split()) > 1
        return thing(g, classes, dets, subject, negative and not governed, verb.en).phrase
    if kind == "p":
        parts = code.split()
        if subject.many:
            parts[3] = ROOMY.get((verb.en, verb.subjects), parts[3])
        return _prepositional(g, parts, subject)
    if kind == "i":
        person = receiver(g, subject)
        return g.say("to/a {x}", "à/a {x}", x=person.phrase)
    if kind == "x":
        en, fr = rest[0].split("=")
        if negative:
            for partitive in ("du/a ", "de la ", "une/a ", "des "):
                fr = fr.replace(partitive, "de/a " if "/a" in partitive else "de ")
            en = en.replace("some/a", "any/a")
        return g.say(en, fr)
    if kind == "g":
        return g.line(adverbials.GOALS)
    if kind == "g2":
        usual = g.pick([row for row in rows(adverbials.GOALS) if row[2]])
        return g.say(usual[0], usual[1])
    if kind == "g3":
        return g.line(adverbials.ARRIVALS)
    if kind == "l":
        return place_for(g, verb)
    if kind == "l2":
        return place_in_world(g)
    if kind == "l3":
        return country(g, "in")
    raise ValueError(code)


def place_for(g: Gen, verb: Frame) -> Phrase:
    """A place where one does what the verb says."""
    return g.place("c" if verb.subjects == "C" else PLACE_USE[verb.en])


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


def pick_frame(g: Gen, use: str, subjects: str = "") -> Frame:
    """A verb frame that has a use, and perhaps subjects of some kinds."""
    return g.pick(_frames(use, subjects))


@cache
def _frames(use: str, subjects: str, name: str = "") -> list[Frame]:
    return [
        f
        for f in FRAMES
        if set(use) <= set(f.uses)
        and (not subjects or f.subjects in subjects)
        and name in ("", f.en)
    ]


def chosen_frame(g: Gen, verbs: str, use: str = "i") -> tuple[Frame, bool]:
    """One of a list of verbs, and whether it is denied; the lists are explained in `uses`."""
    choice = g.pick(verbs.split(","))
    name, colon, codes = choice.removeprefix("-").partition(":")
    if not colon:
        return g.pick(_frames(use, "HY", name)), choice[0] == "-"
    new = tuple(c for c in codes.replace("+", ",").split(";") if c)
    # "Leave the house" is "quitter la maison", but "leave" is "partir".
    kinds = [c[0] for c in new]
    fitting = [f for f in FRAMES if f.en == name and [c[0] for c in f.complements] == kinds]
    verb = (fitting or [frame(name)])[0]
    return verb._replace(complements=new, uses="", times=""), choice[0] == "-"


def _likely(subject: NP, verb: Frame, phrase: Phrase) -> None:
    """Refuse a cat that follows a cat, and a child that sells its car."""
    said = {w.text for w in phrase.en}
    child = {w.text for w in subject.phrase.en} & CHILDREN
    if child and (verb.en in GROWN_UP or said & NOT_OF_CHILDREN):
        raise Skip
    if subject.phrase.en[-1].text.removesuffix("s") == phrase.en[-1].text.removesuffix("s"):
        raise Skip
    # Several pilots have no grandmother in common.
    strangers = subject.many and subject.phrase.en[0].text in ("the", "these")
    if strangers and said & KIN:
        raise Skip


CHILDREN = word_set("boy girl child boys girls children")
GROWN_UP = word_set("drive sell build work")
NOT_OF_CHILDREN = word_set("wine beer coffee colleague boss husband wife son daughter nephew niece")
KIN = {noun.en for noun in members("family")} - {"neighbor", "colleague", "boss", "friend"}


def build(
    g: Gen,
    verb: Frame,
    tense: str,
    subject: NP,
    negation: str = "",
    place: float = 0.3,
    under: str = "",
) -> Event:
    """A clause of a frame; its complements are denied too `under` a negation of another verb."""
    comp = EMPTY
    negative = bool(negation or under)
    for code in verb.complements:
        phrase = complement(g, code, subject, verb, negative)
        _likely(subject, verb, phrase)
        comp = comp + phrase
    if "l" in verb.uses and g.chance(place):
        comp = comp + place_for(g, verb)
    made = clause(g, subject, verb.en, verb.fr, tense, comp=comp, negation=negation)
    return Event(made, verb)


def add(event: Event | Clause, extra: Phrase) -> Clause:
    """The event's clause with a further adjunct at its end."""
    made = event.clause if isinstance(event, Event) else event
    return replace(made, comp=made.comp + extra)


def chosen(
    g: Gen, verbs: str, subject: NP, tense: str, place: float = 0.2, under: str = ""
) -> Event:
    """What somebody does, one of a list of verbs."""
    verb, denied = chosen_frame(g, verbs)
    return build(g, verb, tense, subject, "not" if denied else "", place, under)


def caused(
    g: Gen, subject: NP, again: NP, state_tense: str, act_tense: str, table: str
) -> tuple[Clause, Clause]:
    """A state or a means, and what somebody does on account of it."""
    en, fr, verbs = g.pick(rows(table))
    act = chosen(g, verbs, again, act_tense).clause
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


# Verbs with the adverbs that suit them; those of a habit or a skill have no progressive form.
MANNERS = {
    "drive": ("slowly", "too fast", "well", "carefully"),
    "sleep": ("well", "badly"),
    "swim": ("well", "quickly"),
    "run": ("quickly", "slowly"),
    "walk": ("quickly", "slowly"),
    "sing": ("well", "badly"),
    "dance": ("well", "badly"),
    "work": ("a lot", "well", "too much"),
    "study": ("a lot",),
    "draw": ("well", "badly"),
    "repeat": ("slowly",),
    "explain": ("slowly",),
}
ADVERBS = {
    "slowly": "lentement",
    "too fast": "trop vite",
    "well": "bien",
    "badly": "mal",
    "carefully": "prudemment",
    "quickly": "vite",
    "a lot": "beaucoup",
    "too much": "trop",
}


def manner(g: Gen, verb: Frame, among: tuple[str, ...] = tuple(ADVERBS)) -> Phrase:
    """An adverb of manner that suits the verb."""
    fitting = [a for a in MANNERS[verb.en] if a in among]
    if not fitting:
        raise Skip
    choice = g.pick(fitting)
    return g.say(choice, ADVERBS[choice])
