"""Having, feeling, liking, belonging, dates and durations."""

from __future__ import annotations

from dataclasses import replace

from data.sample_corpus import english
from data.sample_corpus.clause import REFLEXIVE, Clause, clause, statement
from data.sample_corpus.events import CHILDREN, PERSONAL, SEVERAL, place_in_world, suits
from data.sample_corpus.grammar import NP, Gen
from data.sample_corpus.lexicon import adverbials, people, verbs
from data.sample_corpus.lexicon.load import BY_NAME, members, rows
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.text import word_set
from data.sample_corpus.times import clock
from data.sample_corpus.words import EMPTY, Phrase, Word

OWNED = "pet,pet,thing,car,truck,boat,motorcycle,house,apartment,clothing,garden,photo"


GROWN_UP_THINGS = "car,truck,boat,motorcycle,house,apartment"


@pattern(6)
def have(g: Gen) -> Phrase:
    """My uncle has a big house."""
    subject = g.subject()
    noun = g.some(OWNED)
    if (
        not suits(noun, subject)
        or noun.en in ("toy", "candle")
        or (subject.many and noun in PERSONAL)
    ):
        raise Skip
    if {w.text for w in subject.phrase.en} & CHILDREN and noun in members(GROWN_UP_THINGS):
        raise Skip
    many = g.chance(0.35) and noun.en in SEVERAL
    det = g.pick(["two", "three", "several", "many"]) if many else "a"
    item = g.np(noun, det, many, g.adjective(noun) if g.chance(0.4) else None)
    tense = g.pick(["present", "present", "state"])
    return statement(clause(g, subject, "have", "avoir", tense, comp=item.phrase))


@pattern(3)
def have_not(g: Gen) -> Phrase:
    """We do not have a car."""
    subject = g.subject()
    noun = g.some(OWNED + ",brother,sister,cousin,money,bread,coffee,milk,salt,sugar")
    if not suits(noun, subject) or (subject.many and noun in PERSONAL):
        raise Skip
    kin = noun.en in ("brother", "sister", "cousin")
    item = g.np(noun, "any", noun.en in SEVERAL and g.chance(0.25))
    tense = g.pick(["present", "present", "state"])
    negation = g.pick(["not", "not", "not" if kin or noun.en in SEVERAL else "anymore"])
    return statement(
        clause(g, subject, "have", "avoir", tense, comp=item.phrase, negation=negation)
    )


YOUNG = CHILDREN | word_set("son sons daughter daughters nephew niece nieces")


@pattern(2)
def relatives(g: Gen) -> Phrase:
    """Claire has two brothers and a sister."""
    subject = g.subject(you=False)
    one, two = g.pick([("brother", "sister"), ("son", "daughter"), ("niece", "nephew")])
    said = {w.text for w in subject.phrase.en}
    if said & {one, two} or (one != "brother" and said & YOUNG):
        raise Skip
    number = g.pick(["two", "three", "four"])
    first = g.np(members(one)[0], number, True)
    second = g.np(members(two)[0], g.pick(["a", number]), False)
    if second.phrase.en[0].text == number:
        second = g.np(members(two)[0], number, True)
    comp = first.phrase
    if g.chance(0.6):
        comp = g.say("{a} and/b {c}", "{a} et/b {c}", a=comp, c=second.phrase)
    return statement(clause(g, subject, "have", "avoir", comp=comp))


SENSATIONS = (
    ("be hungry", "avoir faim"),
    ("be thirsty", "avoir soif"),
    ("be cold", "avoir froid"),
    ("be hot", "avoir chaud"),
    ("be sleepy", "avoir sommeil"),
    ("be right", "avoir raison"),
    ("be wrong", "avoir tort"),
    ("be late", "être en retard"),
    ("be early", "être en avance"),
    ("be on vacation", "être en vacances"),
    ("be in a hurry", "être pressé"),
)


@pattern(4)
def sensation(g: Gen) -> Phrase:
    """The child is hungry."""
    subject = g.subject("C" if g.chance(0.2) else "H")
    en, fr = g.pick(SENSATIONS[:4] if not subject.human else SENSATIONS[:-1])
    tense = g.pick(["present", "present", "state"])
    last = "anymore" if fr.split()[-1] in ("faim", "soif", "froid", "chaud", "sommeil") else "not"
    c = clause(g, subject, en, fr, tense, negation=g.pick(["", "", "", "not", last]))
    return statement(c)


@pattern(2)
def afraid(g: Gen) -> Phrase:
    """The little girl is afraid of the dog."""
    subject = g.subject()
    noun = g.some("wild,dog,horse,mouse,snake,cow")
    item = g.np(noun, "generic", True)
    tense = g.pick(["present", "state"])
    comp = g.say("of/o {x}", "de/o {x}", x=item.phrase)
    negation = g.pick(["", "", "not", "anymore"])
    return statement(
        clause(g, subject, "be afraid", "avoir peur", tense, comp=comp, negation=negation)
    )


@pattern(2)
def ache(g: Gen) -> Phrase:
    """My grandmother's back hurts: "ma grand-mère a mal au dos"."""
    subject = g.subject()
    en, fr = g.pick(
        [
            ("a/v headache/h", "mal/v à/v la/h tête/h"),
            ("a/v toothache/h", "mal/v aux/h dents/h"),
            ("a/v stomachache/h", "mal/v au/h ventre/h"),
            ("a/v sore/v throat/h", "mal/v à/v la/h gorge/h"),
            ("a/v fever/h", "de/v la/v fièvre/h"),
            ("a/v cold/h", "un/v rhume/h"),
        ]
    )
    tense = g.pick(["present", "present", "state"])
    comp = g.say(en, fr)
    if tense == "state" and g.chance(0.6):
        days = [row for row in rows(adverbials.STATE_PAST) if "time" not in row[0]]
        comp = comp + g.say(*g.pick(days))
    return statement(clause(g, subject, "have", "avoir", tense, comp=comp))


def taste(g: Gen) -> Phrase:
    """Something that one likes or not, taken generally."""
    return _taste(g, g.pick(TASTES))


def _taste(g: Gen, classes: str) -> Phrase:
    noun = g.some(classes)
    return g.np(noun, "generic", not noun.mass).phrase


# Things of which one may like some and not others.
TASTES = (
    "food,spread",
    "drink",
    "fruit",
    "vegetable,cheese,fish,soup",
    "cat,dog,rabbit,bird,horse",
    "novel,poem,magazine",
    "museum,concert,party,film",
)


@pattern(5)
def likes(g: Gen) -> Phrase:
    """She likes cats but she does not like dogs."""
    subject = g.subject()
    en, fr = g.pick([("like", "aimer"), ("like", "aimer"), ("hate", "détester")])
    negation = g.pick(["", "not"]) if en == "like" else ""
    tense = g.pick(["present", "present", "state"])
    # One hates what one eats or fears, but not songs or museums.
    kind = g.pick(TASTES[:5] if en == "hate" else TASTES)
    liked = _taste(g, kind)
    first = statement(clause(g, subject, en, fr, tense, comp=liked, negation=negation))
    if not subject.pronoun or g.chance(0.6):
        return first
    flip = "" if negation or en == "hate" else "not"
    again = g.pronoun_for(subject)
    other = _taste(g, kind)
    if [w.text for w in other.en] == [w.text for w in liked.en]:
        raise Skip
    second = statement(clause(g, again, "like", "aimer", tense, comp=other, negation=flip))
    return g.say("{a} but/b {c}", "{a} mais/b {c}", a=first, c=second)


@pattern(3)
def preference(g: Gen) -> Phrase:
    """My father prefers tea to coffee."""
    subject = g.subject()
    group = g.pick(["drink", "fruit", "language", *TASTES])
    if group == "language":
        a, b = (g.say(f"{en}/a", f"le/d {fr}/a") for en, fr in _two_languages(g))
    else:
        one, two = g.rng.sample(members(group), 2)
        a, b = (g.np(n, "generic", not n.mass).phrase for n in (one, two))
    tense = g.pick(["present", "present", "state"])
    comp = g.say("{a} to/p {b}", "{a} à/p {b}", a=a, b=b)
    return statement(clause(g, subject, "prefer", "préférer", tense, comp=comp))


def _two_languages(g: Gen) -> list[tuple[str, ...]]:
    return g.rng.sample(rows(people.LANGUAGES), 2)


@pattern(3)
def speaks(g: Gen) -> Phrase:
    """He speaks French very well."""
    subject = g.subject()
    language, french = g.pick(rows(people.LANGUAGES))
    draw = g.rng.random()
    if draw < 0.3:
        comp = g.say(f"{language}/a very/v well/w", f"très/v bien/w {french}/a")
    elif draw < 0.55:
        comp = g.say(f"{language}/a well/w", f"bien/w {french}/a")
    elif draw < 0.8:
        other, autre = next(r for r in _two_languages(g) if r[0] != language)
        comp = g.say(f"{language}/a and/b {other}/c", f"{french}/a et/b {autre}/c")
    else:
        comp = g.say(f"{language}/a at/h home/h", f"{french}/a à/h la/h maison/h")
    tense = g.pick(["present", "present", "state"])
    if tense == "state" and draw >= 0.8:
        tense = "present"
    negation = g.pick(["", "", "not"]) if draw < 0.3 else ""
    return statement(clause(g, subject, "speak", "parler", tense, comp=comp, negation=negation))


@pattern(3)
def studies(g: Gen) -> Phrase:
    """I have been learning Spanish for three years."""
    subject = g.subject()
    language, french = g.pick(rows(people.LANGUAGES))
    en, fr = g.pick(rows(adverbials.NUMBERS)[:9])
    unit, unite = g.pick([("years", "ans"), ("months", "mois"), ("weeks", "semaines")])
    length = g.say(f"for/f {en}/n {unit}/u", f"depuis/f {fr}/n {unite}/u")
    activity = g.pick(["learn", "live", "work", "wait", "study"])
    if activity in ("learn", "study"):
        comp = g.say(f"{language}/a", f"le {french}/a")
        lemma = "apprendre" if activity == "learn" else "étudier"
    elif activity == "live":
        comp, lemma = place_in_world(g), "habiter"
    elif activity == "work":
        comp, lemma = g.place("w"), "travailler"
    else:
        number = g.pick([("ten", "dix"), ("twenty", "vingt"), ("five", "cinq")])
        length = g.say(f"for/f {number[0]}/n minutes/u", f"depuis/f {number[1]}/n minutes/u")
        comp, lemma = EMPTY, "attendre"
    have_been = clause(g, subject, activity, lemma, "perfect", comp=comp + length)
    return _perfect_progressive(have_been)


def _perfect_progressive(c: Clause) -> Phrase:
    """has been waiting: the present in French."""
    french = statement(replace(c, tense="present")).fr
    head = statement(replace(c, en="be", comp=EMPTY)).en
    been = tuple(Word(w.text, c.aux, w.tag) if w.text == "been" else w for w in head)
    return Phrase((*been, Word(english.gerund(c.en), c.verb), *c.comp.en), french)


@pattern(3)
def lives(g: Gen) -> Phrase:
    """My cousins live in Canada."""
    subject = g.subject()
    tense = g.pick(["present", "present", "state", "used", "will"])
    return statement(clause(g, subject, "live", "habiter", tense, comp=place_in_world(g)))


@pattern(2)
def born(g: Gen) -> Phrase:
    """She was born in Lyon in 1998."""
    subject = g.subject()
    said = {w.text for w in subject.phrase.en}
    first, last = 1960, 1999
    if said & YOUNG:
        first, last = 2005, 2018
    elif said & {"grandfather", "grandmother"}:
        first, last = 1930, 1950
    elif said & {"father", "mother", "uncle", "aunt", "uncles", "aunts", "boss"}:
        first, last = 1955, 1980
    year = str(g.rng.randint(first, last))
    comp = place_in_world(g) if g.chance(0.6) else EMPTY
    if g.chance(0.6) or not comp.en:
        comp = comp + g.say(f"in/i {year}/y", f"en/i {year}/y")
    be_born = clause(g, subject, "be born", "naître", "past", comp=comp)
    return statement(be_born)


@pattern(2)
def birthday(g: Gen) -> Phrase:
    """My birthday is on June 14."""
    owner = g.subject()
    day = g.rng.randint(2, 28)
    month, mois = g.pick(rows(adverbials.MONTHS))
    noun = BY_NAME["birthday"]
    if owner.pronoun:
        item = g.np(noun, "poss", False, None, owner)
    elif owner.many:
        raise Skip
    else:
        item = g.owned_by(noun, owner)
    comp = g.say(f"on/o {month}/m {day}/d", f"le/o {day}/d {mois}/m")
    return statement(clause(g, item, "be", "être", comp=comp))


@pattern(2)
def date(g: Gen) -> Phrase:
    """The meeting is on Monday at three o'clock."""
    if g.chance(0.35):
        day = g.rng.randint(2, 28)
        month, mois = g.pick(rows(adverbials.MONTHS))
        name, nom = g.pick(rows(adverbials.DAYS))
        return g.say(
            f"today/t is/v {name}/n ,/c {month}/m {day}/d",
            f"aujourd'hui/t ,/c nous/v sommes/v le/d {nom}/n {day}/d {mois}/m",
        )
    noun = g.some("event")
    item = g.np(noun)
    day_en, day_fr = g.pick(rows(adverbials.DAYS))
    comp = g.say(f"on/d {day_en}/d", f"{day_fr}/d")
    comp = comp + clock(g, exact=False) if g.chance(0.6) else comp
    verb = g.pick([("be", "être"), ("start", "commencer")])
    if verb[0] == "start":
        comp = clock(g, exact=False)
        tense = g.pick(["present", "past", "will"])
        return statement(clause(g, item, "start", "commencer", tense, comp=comp))
    return statement(clause(g, item, "be", "être", comp=comp))


@pattern(2.5)
def belongs(g: Gen) -> Phrase:
    """This umbrella belongs to my sister."""
    noun = g.some("thing,car,boat,motorcycle,truck,clothing,house,pet,doll,ball,photo,pencil")
    many = g.chance(0.25) and noun.en in SEVERAL
    adjective = g.adjective(noun, known=True) if g.chance(0.4) else None
    item = g.np(noun, g.pick(["this", "this", "the"]), many, adjective)
    me = g.pronoun("I")
    owner = g.name() if g.chance(0.4) else g.np(g.relative(me), "poss", owner=me)
    comp = g.say("to/t {x}", "à/t {x}", x=owner.phrase)
    tense = g.pick(["present", "present", "state"])
    negation = g.pick(["", "", "not"])
    c = clause(g, item, "belong", "appartenir", tense, comp=comp, negation=negation)
    return statement(c)


@pattern(4)
def likes_doing(g: Gen) -> Phrase:
    """He likes to play the piano."""
    subject = g.subject()
    verb, lemma = g.pick(
        [
            ("like", "aimer"),
            ("hate", "détester"),
            ("prefer", "préférer"),
            ("know how", "savoir"),
            ("learn", "apprendre"),
            ("like", "aimer"),
        ]
    )
    skill = "s" if verb in ("know how", "learn") else "l"
    en, fr, _ = g.pick([row for row in rows(verbs.ACTIVITIES) if skill in row[2]])
    action = activity(g, subject, en, fr)
    negation = g.pick(["", "", "not"]) if verb in ("like", "know how") else ""
    if verb == "learn":
        aim = Phrase(action.en, g.say("to/a", "à/a").fr + action.fr)
        tense = g.pick(["progressive", "past", "will"])
        return statement(clause(g, subject, "learn", "apprendre", tense, comp=aim))
    tense = g.pick(["present", "present", "state"])
    c = clause(g, subject, verb, lemma, tense, comp=action, negation=negation)
    return statement(c)


def activity(g: Gen, subject: NP, en: str, fr: str) -> Phrase:
    """An activity as an infinitive with "to"; a reflexive agrees with its subject."""
    en, fr = _marked(en), _marked(fr)
    letter = en.split()[0].split("/")[1][0]
    if fr.startswith("se/"):
        fr = REFLEXIVE[subject.index] + fr[2:]
    return g.say(f"to/{letter} {en}", fr)


def _marked(text: str) -> str:
    """Mark what the table leaves out: the verb as v, the words after it as w."""
    parts = text.split()
    return " ".join(
        part if "/" in part else f"{part}/{'w' if i else 'v'}" for i, part in enumerate(parts)
    )
