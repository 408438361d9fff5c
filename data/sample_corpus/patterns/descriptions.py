"""Sentences that say what somebody or something is like, where it is, what it costs."""

from __future__ import annotations

from dataclasses import replace

from data.sample_corpus.clause import Clause, clause, statement
from data.sample_corpus.events import PAIRS, SEVERAL, place_in_world, suits
from data.sample_corpus.grammar import NP, Gen
from data.sample_corpus.lexicon import adjectives, adverbials, people, spots
from data.sample_corpus.lexicon.load import BY_NAME, CLASSES, Noun, members, rows
from data.sample_corpus.morphology import agree
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.text import word_set
from data.sample_corpus.times import when
from data.sample_corpus.words import Phrase

SAID_OF = "person,profession,animal,wild,thing,furniture,vehicle,building,room,readable,work,shoes"


def predicate_adjective(g: Gen, np: NP, en: str, fr: str) -> Phrase:
    """An adjective after "be", agreeing in French."""
    return g.say(f"{en}/a", f"{agree(fr, np.gender, np.many)}/a")


# Adjectives that one may be "too" or "a little".
UNWELCOME = word_set(
    "tired sad sick busy nervous worried lazy shy expensive heavy dirty difficult long boring "
    "small old"
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


# Adjectives that say little after "be", without anything to compare with.
NOT_SAID = word_set("good old new big young famous light simple")


@pattern(6)
def thing_is(g: Gen) -> Phrase:
    """The new car is very expensive."""
    noun = g.some(SAID_OF)
    owner = g.pronoun(g.pick(["I", "he", "she", "we", "they"]))
    det = g.pick(["the", "the", "this", "poss"])
    if det == "poss" and not set("TCVRS") & set(noun.adjectives):
        det = "the"
    adjective = g.adjective(noun, False)
    if adjective is None or adjective.en in NOT_SAID:
        raise Skip
    many = g.chance(0.3) and noun.en in SEVERAL
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
    often = en in ("tired", "happy", "sick", "busy", "alone", "satisfied", "ready", "worried")
    negation = g.pick(["", "", "", "not", "never" if often and not character else "not"])
    if en not in ("ready", "alone") and negation != "never":
        comp = degree(g, comp, bool(negation))
    tense = g.pick(["present", "present", "state", "will"])
    if tense == "will" and (character or en in ("alone", "sick", "busy", "surprised") or negation):
        raise Skip
    if tense == "state" and not character and g.chance(0.5):
        if negation == "never":
            raise Skip
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
    if {w.text for w in subject.phrase.en} & {"grandfather", "grandmother", "boss", "colleague"}:
        raise Skip
    en, masculine, feminine = g.pick(rows(people.TRADES))
    fr = feminine if subject.gender == "f" else masculine
    article = "an" if en[0] in "aeiou" else "a"
    comp = g.say(f"to/d become/d {article} {en}/t", f"devenir/d {fr}/t")
    if g.chance(0.3):
        comp = g.say(f"{article} {en}/t", f"{fr}/t")
        return statement(clause(g, subject, "become", "devenir", "past", comp=comp))
    return statement(clause(g, subject, "want", "vouloir", g.pick(["present", "state"]), comp=comp))


GROWN = word_set("father mother uncle aunt husband wife boss colleague neighbor")


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
    elif said & GROWN:
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
    noun = g.some("cat,dog,puppy") if g.chance(0.35) else g.some(THINGS)
    pet = noun.adjectives == "A"
    det = g.pick(["the", "the", "poss", "the" if pet else "this"])
    many = noun.en in PAIRS or (noun.en in SEVERAL and g.chance(0.25))
    if det == "poss" and not suits(noun, owner):
        raise Skip
    if many and noun.en == "glass":
        # "My glasses" are spectacles.
        det = "the"
    adjective = g.adjective(noun, known=True) if g.chance(0.2) and not pet else None
    item = g.np(noun, det, many, adjective, owner)
    negation = g.pick(["", "", "", "", "not"])
    return statement(be(g, item, where(g, noun), g.pick(["present", "present", "state"]), negation))


THINGS = "small,small,tableware,clothing,shoes,dictionary,guitar,computer,photo,magazine,newspaper"


def _lying() -> dict[str, list[tuple[str, str]]]:
    """For every thing the prepositions and the things that they may take."""
    found: dict[str, list[tuple[str, str]]] = {}
    for classes, where_ in rows(spots.SPOTS):
        pairs = [tuple(spot.split(":")) for spot in where_.split(";")]
        for noun in members(classes):
            found.setdefault(noun.en, []).extend((prep, places) for prep, places in pairs)
    return found


LYING = _lying()


def where(g: Gen, noun: Noun) -> Phrase:
    """A place where a thing may lie or an animal be."""
    prep, places = g.pick(LYING[noun.en])
    target = g.some(places)
    if target.en == noun.en:
        raise Skip
    en, fr = spots.PREPOSITIONS[prep]
    return g.say(f"{en} {{x}}", f"{fr} {{x}}", x=g.np(target).phrase)


@pattern(6)
def there_is(g: Gen) -> Phrase:
    """There are two cups on the table."""
    noun = g.pick([BY_NAME[name] for name in LYING])
    return _there(g, noun, where(g, noun))


# What a town may have several of.
IN_TOWN = word_set("restaurant hotel bank bakery pharmacy")


def _there(g: Gen, noun: Noun, place: Phrase) -> Phrase:
    draw = g.rng.random()
    past = g.chance(0.35)
    near = noun.en in IN_TOWN and place.en[0].text == "near"
    many = noun.en in PAIRS or (draw >= 0.45 and (noun.en in SEVERAL or near))
    fr_verb = "avait/v" if past else "a/v"
    en_verb = ("were" if many else "was") if past else "are" if many else "is"
    if draw > 0.85 or draw < 0.08:
        # "There are no books", but "there is no museum".
        bare = g.np(noun, "none", many).phrase
        return g.say(
            f"there/t {en_verb}/v no/n {{x}} {{p}}",
            f"il/t n'/n y/tv {fr_verb} pas/n de/n {{x}} {{p}}",
            x=Phrase(bare.en, bare.fr[1:]),
            p=place,
        )
    det = "a" if not many else g.pick(["two", "three", "four", "five", "many", "several", "a"])
    if noun.en in PAIRS:
        det = "a"
    adjective = g.adjective(noun, known=True) if g.chance(0.2) else None
    item = g.np(noun, det, many, adjective)
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
    if noun.en == target.en or "beach" in (noun.en, target.en):
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
    very = g.pick(["", "", "very/d ", "very/d " if adjective == "cool" else "too/d "])
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
    past, future = when(g, "past", "dnew"), when(g, "will", "dne")
    return g.say(*draw, p=place_in_world(g), t=past, f=future)


def present_or_past(g: Gen) -> str:
    """Two parts of present to one of imparfait."""
    return g.pick(["present", "present", "state"])


# What costs between so many and so many euros.
PRICES = (
    ("cake,sandwich,salad,soup", 3, 9),
    ("pen,pencil,notebook,candle,flower,rose,cup,glass,plate,bowl,magazine", 2, 15),
    ("book,novel,ticket,toy,umbrella,basket,ball,doll", 8, 30),
    ("clothing,shoe,boot,glove,dictionary,lamp", 15, 80),
    ("chair,mirror,clock,suitcase,watch", 30, 80),
)
VALUES = dict(
    zip(
        (row[0] for row in rows(adverbials.NUMBERS)),
        (*range(2, 21), 25, 30, 40, 50, 60, 70, 80),
        strict=True,
    )
)


@pattern(2.5)
def price(g: Gen) -> Phrase:
    """This shirt costs twenty euros."""
    classes, low, high = g.pick(PRICES)
    noun = g.some(classes)
    adjective = g.adjective(noun, known=True) if g.chance(0.3) else None
    many = noun.en in PAIRS or (noun.en in SEVERAL and g.chance(0.2))
    item = g.np(noun, g.pick(["the", "this", "this"]), many, adjective)
    if g.chance(0.3):
        whole, cents = g.rng.randint(low, high), g.pick(["50", "20", "80", "95"])
        comp = g.say(f"{whole}.{cents}/n euros/e", f"{whole},{cents}/n euros/e")
    else:
        en, fr = g.pick([r for r in rows(adverbials.NUMBERS) if low <= VALUES[r[0]] <= high])
        comp = g.say(f"{en}/n euros/e", f"{fr}/n euros/e")
    # "cost" in the past looks like the plural present, so the present alone is used.
    return statement(clause(g, item, "cost", "coûter", comp=comp))


@pattern(2)
def color(g: Gen) -> Phrase:
    """The door of the house is green."""
    noun, wholes, shades = g.pick(PAINTED)
    part = g.np(members(noun)[0], "the", g.chance(0.5) if noun in ("window", "wall") else False)
    whole = g.np(g.some(wholes))
    colors = [a for a in rows(adjectives.ATTRIBUTIVE) if a[0] in shades.split()]
    en, fr, *_ = g.pick(colors)
    subject = replace(
        part, phrase=g.say("{a} of/o {b}", "{a} de/o {b}", a=part.phrase, b=whole.phrase)
    )
    return statement(be(g, subject, predicate_adjective(g, part, en, fr), present_or_past(g)))


COLORS = word_set("red blue green black white yellow gray")
# The parts of a building or a car, and their colors.
PAINTED = (
    ("door", "house,church,garage,school", "red blue green black white yellow gray"),
    ("door", "car", "red blue green black white yellow gray"),
    ("roof", "house,school,church,hotel", "red gray black blue green"),
    ("window", "house", "white blue green gray"),
    ("wall", "kitchen,bedroom,living room,office", "white yellow blue green gray"),
    ("wall", "garden,house,school", "white yellow gray red"),
)
