"""Sentences that say what somebody or something is like, where it is, what it costs."""

from __future__ import annotations

from dataclasses import replace

from data.sample_corpus.clause import Clause, clause, statement
from data.sample_corpus.events import SEVERAL, place_in_world
from data.sample_corpus.grammar import NP, Gen
from data.sample_corpus.lexicon import adjectives, adverbials, people
from data.sample_corpus.lexicon.load import CLASSES, Noun, members, rows
from data.sample_corpus.morphology import agree
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.text import word_set
from data.sample_corpus.words import Phrase

SAID_OF = "person,profession,animal,wild,thing,furniture,vehicle,building,room,readable,story,shoes"


def predicate_adjective(g: Gen, np: NP, en: str, fr: str) -> Phrase:
    """An adjective after "be", agreeing in French."""
    return g.say(f"{en}/a", f"{agree(fr, np.gender, np.many)}/a")


# Adjectives that one may be "too" or "a little".
UNWELCOME = word_set(
    "tired sad sick busy nervous surprised worried lazy shy expensive heavy dirty difficult "
    "long boring strange small old"
)


def degree(g: Gen, adjective: Phrase, denied: bool = False) -> Phrase:
    """An adjective, perhaps with very, too or really before it."""
    if {w.text for w in adjective.en} & adjectives.ABSOLUTE or g.chance(0.55):
        return adjective
    options = [("very", "très"), ("very", "très"), ("really", "vraiment")]
    if denied:
        options = options[:1]
    elif {w.text for w in adjective.en} & UNWELCOME:
        options += [("too", "trop"), ("a/d little/d", "un/d peu/d")]
    en, fr = g.pick(options)
    mark = "" if "/" in en else "/d"
    return g.say(f"{en}{mark} {{a}}", f"{fr}{mark} {{a}}", a=adjective)


def be(g: Gen, np: NP, comp: Phrase, tense: str = "present", negation: str = "") -> Clause:
    """A clause with "be"."""
    return clause(g, np, "be", "être", tense, comp=comp, negation=negation)


@pattern(6)
def thing_is(g: Gen) -> Phrase:
    """The new car is very expensive."""
    noun = g.some(SAID_OF)
    owner = g.pronoun(g.pick(["I", "he", "she", "we", "they"]))
    det = g.pick(["the", "the", "this", "poss"])
    if det == "poss" and not set("TCVRS") & set(noun.adjectives):
        det = "the"
    adjective = g.adjective(noun, False)
    if adjective is None or adjective.en in ("good", "old", "big", "young", "famous"):
        raise Skip
    many = g.chance(0.3) and (det != "poss" or noun.en in SEVERAL)
    many = many or noun in CLASSES["shoes"]
    subject = g.np(noun, det, many, None, owner)
    fr = {"small": "petit", "new": "neuf"}.get(adjective.en, adjective.fr)
    comp = predicate_adjective(g, subject, adjective.en, fr)
    negation = g.pick(["", "", "not"])
    if adjective.en not in COLORS:
        comp = degree(g, comp, bool(negation))
    tense = g.pick(["present", "present", "state"])
    return statement(be(g, subject, comp, tense, negation))


@pattern(6)
def person_is(g: Gen) -> Phrase:
    """Marie was tired yesterday."""
    subject = g.subject("H")
    character = g.chance(0.4)
    en, fr = g.pick(rows(adjectives.CHARACTERS if character else adjectives.STATES))
    comp = predicate_adjective(g, subject, en, fr)
    negation = g.pick(["", "", "", "not", "not" if character else "never"])
    if en not in ("ready", "alone"):
        comp = degree(g, comp, bool(negation))
    tense = g.pick(["present", "present", "state", "will"])
    if tense == "will" and character:
        raise Skip
    if tense == "state" and not character and g.chance(0.5):
        comp = comp + g.line(adverbials.STATE_PAST)
    return statement(be(g, subject, comp, tense, negation))


def _somebody(g: Gen) -> NP:
    """One person of whom one may say what he or she does for a living."""
    draw = g.rng.random()
    if draw < 0.4:
        return g.name()
    if draw < 0.6:
        return g.pronoun(g.pick(["I", "he", "she"]))
    owner = g.pronoun(g.pick(["I", "I", "he", "she"]))
    if draw < 0.9:
        return g.np(g.relative(owner), "poss", False, None, owner)
    owner = g.name()
    return g.owned_by(g.relative(owner), owner)


@pattern(3)
def trade(g: Gen) -> Phrase:
    """Her sister is a lawyer."""
    subject = _somebody(g)
    en, masculine, feminine = g.pick(rows(people.TRADES))
    fr = feminine if subject.gender == "f" else masculine
    if any(w.text == en for w in subject.phrase.en):
        raise Skip
    article = "an" if en[0] in "aeiou" else "a"
    comp = g.say(f"{article} {en}/t", f"{fr}/t")
    return statement(be(g, subject, comp, g.pick(["present", "state"]), g.pick(["", "", "not"])))


@pattern(2)
def becomes(g: Gen) -> Phrase:
    """He wants to become a pilot."""
    subject = _somebody(g)
    if {w.text for w in subject.phrase.en} & {"grandfather", "grandmother", "boss"}:
        raise Skip
    en, masculine, feminine = g.pick(rows(people.TRADES))
    fr = feminine if subject.gender == "f" else masculine
    article = "an" if en[0] in "aeiou" else "a"
    comp = g.say(f"to/d become/d {article} {en}/t", f"devenir/d {fr}/t")
    if g.chance(0.3):
        comp = g.say(f"{article} {en}/t", f"{fr}/t")
        return statement(clause(g, subject, "become", "devenir", "past", comp=comp))
    return statement(clause(g, subject, "want", "vouloir", g.pick(["present", "state"]), comp=comp))


@pattern(3)
def age(g: Gen) -> Phrase:
    """My brother is twelve years old."""
    subject = _somebody(g) if g.chance(0.7) else g.np(g.some("kid"), g.pick(["the", "this"]))
    said = {w.text for w in subject.phrase.en}
    numbers = rows(adverbials.NUMBERS)
    if said & {"boy", "girl", "child"}:
        numbers = numbers[:15]
    elif said & {"grandfather", "grandmother"}:
        numbers = numbers[-3:]
    elif said & {"father", "mother", "uncle", "aunt", "husband", "wife", "boss", "colleague"}:
        numbers = numbers[19:25]
    elif said & {"son", "daughter", "nephew", "niece"}:
        numbers = numbers[:20]
    en, fr = g.pick(numbers)
    comp = g.say(f"{en}/n years/y old/y", f"{fr}/n ans/y")
    c = clause(g, subject, "be", "avoir", g.pick(["present", "state", "will"]), comp=comp)
    return statement(c)


@pattern(7)
def location(g: Gen) -> Phrase:
    """The book is on the table."""
    owner = g.pronoun(g.pick(["I", "he", "she", "we"]))
    if g.chance(0.35):
        item = g.np(g.some("pet"), g.pick(["the", "the", "poss"]), g.chance(0.25), None, owner)
    else:
        noun = g.some("small,small,tableware,clothing")
        det = g.pick(["the", "the", "poss", "this"])
        many = g.chance(0.25) and (det != "poss" or noun.en in SEVERAL)
        item = g.np(noun, det, many, g.adjective(noun) if g.chance(0.2) else None, owner)
    tense = g.pick(["present", "present", "state"])
    return statement(be(g, item, where(g), tense, g.pick(["", "", "", "not"])))


def where(g: Gen) -> Phrase:
    """A place inside a house where something may lie."""
    en, fr, classes = g.pick(
        [
            ("on/a", "sur/a", "surface"),
            ("on/a", "sur/a", "surface"),
            ("in/a", "dans/a", "container"),
            ("in/a", "dans/a", "room"),
            ("under/a", "sous/a", "table,bed,chair,sofa,desk,mat"),
            ("near/a", "près/a de/a", "door,window,bed,lamp"),
            ("behind/a", "derrière/a", "door,sofa,armchair,house"),
            ("in/a front/a of/a", "devant/a", "door,window,mirror,house"),
            ("next/a to/a", "à/a côté/a de/a", "bed,lamp,computer,phone"),
        ]
    )
    place = g.np(g.some(classes))
    return g.say(f"{en} {{x}}", f"{fr} {{x}}", x=place.phrase)


@pattern(6)
def there_is(g: Gen) -> Phrase:
    """There are two cups on the table."""
    noun = g.some("small,tableware,pet,clothing,dish,thing")
    return _there(g, noun, where(g))


def _there(g: Gen, noun: Noun, place: Phrase) -> Phrase:
    draw = g.rng.random()
    past = g.chance(0.35)
    many = draw >= 0.35
    fr_verb = "avait/v" if past else "a/v"
    en_verb = ("were" if many else "was") if past else "are" if many else "is"
    if draw > 0.85:
        item = g.np(noun, "any", True)
        return g.say(
            f"there/t {en_verb}/v not/n {{x}} {{p}}",
            f"il/t n'/n y/tv {fr_verb} pas/n {{x}} {{p}}",
            x=item.phrase,
            p=place,
        )
    det = "a" if not many else g.pick(["two", "three", "four", "five", "many", "several", "a"])
    item = g.np(noun, det, many, g.adjective(noun) if g.chance(0.2) else None)
    return g.say(
        f"there/t {en_verb}/v {{x}} {{p}}",
        f"il/t y/tv {fr_verb} {{x}} {{p}}",
        x=item.phrase,
        p=place,
    )


@pattern(2)
def there_is_in_town(g: Gen) -> Phrase:
    """There is a museum near the station."""
    noun = g.some("shop,town")
    target = g.some("town,shop")
    if noun.en == target.en or noun.en == "beach":
        raise Skip
    en, fr = g.pick(
        [
            ("near/a", "près/a de/a"),
            ("in/a front/a of/a", "devant/a"),
            ("behind/a", "derrière/a"),
            ("next/a to/a", "à/a côté/a de/a"),
        ]
    )
    place = g.say(f"{en} {{x}}", f"{fr} {{x}}", x=g.np(target).phrase)
    return _there(g, noun, place)


@pattern(2.5)
def weather(g: Gen) -> Phrase:
    """It was cold in Berlin yesterday."""
    tenses = {
        "present": ("is/v", "fait/v"),
        "state": ("was/v", "faisait/v"),
        "will": ("will/v be/v", "fera/v"),
    }
    tense = g.pick(sorted(tenses))
    en, fr = tenses[tense]
    adjective, french = g.pick([("hot", "chaud"), ("cold", "froid"), ("cool", "frais")])
    very = g.pick(["", "", "very/d ", "too/d "])
    tres = {"": "", "very/d ": "très/d ", "too/d ": "trop/d "}[very]
    place = g.pick([place_in_world(g), place_in_world(g), g.say("here", "ici")])
    time = {
        "present": ("today", "aujourd'hui"),
        "state": ("yesterday", "hier"),
        "will": ("tomorrow", "demain"),
    }[tense]
    comp = place + g.say(*time) if g.chance(0.5) else place
    return g.say(
        f"it/i {en} {very}{adjective}/a {{c}}", f"il/i {fr} {tres}{french}/a {{c}}", c=comp
    )


@pattern(2)
def rain(g: Gen) -> Phrase:
    """It often rains in London."""
    draw = g.pick(
        [
            ("it/i often/o rains/r {p}", "il/i pleut/r souvent/o {p}"),
            ("it/i is/r raining/r {p}", "il/i pleut/r {p}"),
            ("it/i rained/r a/a lot/a {p} {t}", "il/i a/r beaucoup/a plu/r {p} {t}"),
            ("it/i will/r rain/r {p} {f}", "il/i pleuvra/r {p} {f}"),
            ("it/i snowed/s {p} {t}", "il/i a/s neigé/s {p} {t}"),
            ("it/i is/s snowing/s {p}", "il/i neige/s {p}"),
            ("it/i is/g going/g to/g rain/r {p} {f}", "il/i va/g pleuvoir/r {p} {f}"),
            ("it/i never/n snows/s {p}", "il/i ne/n neige/s jamais/n {p}"),
            ("the/a sun/b is/c shining/c {p}", "le/a soleil/b brille/c {p}"),
        ]
    )
    past, future = g.line(adverbials.PAST), g.line(adverbials.FUTURE)
    return g.say(*draw, p=place_in_world(g), t=past, f=future)


def present_or_past(g: Gen) -> str:
    """Two parts of present to one of imparfait."""
    return g.pick(["present", "present", "state"])


@pattern(2.5)
def price(g: Gen) -> Phrase:
    """This shirt costs twenty euros."""
    noun = g.some("clothing,thing,dish,flower,tableware")
    en, fr = g.pick(rows(adverbials.NUMBERS))
    adjective = g.adjective(noun)
    if adjective and adjective.en in ("good", "expensive"):
        adjective = None
    item = g.np(noun, g.pick(["the", "this", "this"]), g.chance(0.25), adjective)
    if g.chance(0.3):
        whole, cents = g.rng.randint(2, 40), g.pick(["50", "20", "80", "95"])
        comp = g.say(f"{whole}.{cents}/n euros/e", f"{whole},{cents}/n euros/e")
    else:
        comp = g.say(f"{en}/n euros/e", f"{fr}/n euros/e")
    # "cost" in the past looks like the plural present, so the present alone is used.
    return statement(clause(g, item, "cost", "coûter", comp=comp))


@pattern(2)
def color(g: Gen) -> Phrase:
    """The door of the house is green."""
    noun, other = g.pick(
        [
            ("door", "house"),
            ("roof", "house"),
            ("window", "house"),
            ("wall", "kitchen"),
            ("wall", "bedroom"),
            ("door", "church"),
            ("door", "garage"),
            ("roof", "school"),
            ("door", "car"),
            ("wall", "garden"),
        ]
    )
    part = g.np(members(noun)[0], "the", g.chance(0.5) if noun in ("window", "wall") else False)
    whole = g.np(members(other)[0])
    colors = [a for a in rows(adjectives.ATTRIBUTIVE) if a[0] in COLORS]
    en, fr, *_ = g.pick(colors)
    subject = replace(
        part, phrase=g.say("{a} of/o {b}", "{a} de/o {b}", a=part.phrase, b=whole.phrase)
    )
    return statement(be(g, subject, predicate_adjective(g, part, en, fr), present_or_past(g)))


COLORS = word_set("red blue green black white yellow gray")
