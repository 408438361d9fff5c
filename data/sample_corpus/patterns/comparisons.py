"""Comparatives and superlatives."""

from __future__ import annotations

from data.sample_corpus.clause import statement
from data.sample_corpus.events import SEVERAL
from data.sample_corpus.grammar import NP, Gen
from data.sample_corpus.morphology import agree, liaison_form, starts_with_vowel
from data.sample_corpus.patterns.descriptions import be, present_or_past
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.words import Phrase


@pattern(4)
def comparison(g: Gen) -> Phrase:
    """Paul is taller than his brother."""
    table = [
        ("taller", "grand"),
        ("younger", "jeune"),
        ("kinder", "gentil"),
        ("stronger", "fort"),
        ("richer", "riche"),
        ("more intelligent", "intelligent"),
        ("more patient", "patient"),
        ("more serious", "sérieux"),
        ("less shy", "timide"),
        ("less famous", "célèbre"),
        ("lazier", "paresseux"),
        ("more polite", "poli"),
    ]
    subject = g.subject("H", you=False)
    other = g.name()
    if g.chance(0.5):
        other = g.np(g.relative(subject), "poss", False, None, subject)
    one, two = ({w.text for w in np.phrase.en} for np in (subject, other))
    if one & two - {"the"} or subject.phrase.en[-1].text == other.phrase.en[-1].text:
        raise Skip
    en, fr = g.pick(table)
    return statement(be(g, subject, _compare(g, subject, en, fr, other), present_or_past(g)))


def _compare(g: Gen, subject: NP, en: str, fr: str, other: NP) -> Phrase:
    """An adjective in the comparative, with the standard of comparison."""
    form = agree(fr, subject.gender, subject.many)
    if g.chance(0.25) and not en.startswith(("more", "less", "small", "easi", "older", "longer")):
        special = {"lazier": "lazy", "heavier": "heavy", "bigger": "big"}
        base = special.get(en, en.removesuffix("er"))
        return g.say(f"as/p {base}/a as/q {{o}}", f"aussi/p {form}/a que/q {{o}}", o=other.phrase)
    more = "moins" if en.startswith("less") else "plus"
    marked = f"{en.split()[0]}/p {en.split()[1]}/a" if " " in en else f"{en}/pa"
    return g.say(f"{marked} than/q {{o}}", f"{more}/p {form}/a que/q {{o}}", o=other.phrase)


# What may be compared in which respect, class by class.
VEHICLES = "car,boat,motorcycle,truck"
COMPARED = (
    ("more expensive", "cher", f"{VEHICLES};furniture;clothing;watch,ring,bag,suitcase,lamp,clock"),
    ("less expensive", "cher", f"{VEHICLES};furniture;clothing;phone,computer,radio,guitar"),
    ("heavier", "lourd", "carried;table,armchair,desk,wardrobe,sofa"),
    ("more comfortable", "confortable", "chair,bed,sofa,armchair,bench;car,bus,train,plane,boat"),
    ("more interesting", "intéressant", "readable;work;museum,castle,church,village,city,island"),
    ("more difficult", "difficile", "lesson,exercise,exam;question,problem,exercise;text,poem"),
    ("easier", "facile", "lesson,exercise,exam;question,problem,exercise;text,poem"),
    ("bigger", "grand", "house,school,church,hotel,library,hospital;room;carried;cat,dog,rabbit"),
    ("smaller", "petit", "house,school,church,hotel,library,hospital;room;carried;cat,dog,rabbit"),
    ("older", "vieux", "building"),
    ("more beautiful", "beau", "castle,church,museum,garden,city;clothing;painting,photo,mirror"),
    ("longer", "long", "letter,novel,poem,article,text;film,play,concert,match;meeting,exam,trip"),
)


@pattern(3)
def thing_comparison(g: Gen) -> Phrase:
    """This chair is more comfortable than the sofa."""
    en, fr, groups = g.pick(COMPARED)
    # Only things of one class are worth comparing.
    kind = g.pick(groups.split(";"))
    one, two = g.some(kind), g.some(kind)
    if one.en == two.en:
        raise Skip
    many = one.en in SEVERAL and two.en in SEVERAL and g.chance(0.3)
    subject = g.np(one, g.pick(["the", "this"]), many)
    return statement(
        be(g, subject, _compare(g, subject, en, fr, g.np(two, "the", many)), present_or_past(g))
    )


# english | french | before the noun | classes | where
SUPERLATIVES = (
    ("tallest", "grand", True, "youth", "class,school"),
    ("most intelligent", "intelligent", False, "youth", "class,school"),
    ("most serious", "sérieux", False, "student,girl,boy", "class,school"),
    ("most expensive", "cher", False, "restaurant,hotel", "city,country,village,world"),
    ("most expensive", "cher", False, "house,apartment,bakery,bookstore", "city,village"),
    ("oldest", "vieux", True, "house,church,school,bridge,hotel", "city,village"),
    ("oldest", "vieux", True, "castle,museum,library,hospital,theater", "city,country"),
    ("most beautiful", "beau", True, "castle,museum,garden,church,bridge", "city,country,world"),
    ("most beautiful", "beau", True, "house,park,library,school,beach", "city,village,country"),
    ("biggest", "grand", True, "museum,hospital,library,bridge,castle", "city,country,world"),
    ("biggest", "grand", True, "house,supermarket,hotel,church,market", "city,village"),
    ("smallest", "petit", True, "house,school,church,bakery,hotel,bank", "city,village"),
    ("most famous", "célèbre", False, "writer,singer,painter,actor,museum,castle", "country,world"),
)
SCOPES = {
    "class": "classe",
    "school": "école",
    "city": "ville",
    "village": "village",
    "country": "pays",
    "world": "monde",
}


@pattern(3)
def superlative(g: Gen) -> Phrase:
    """It is the most expensive hotel in the city."""
    en, fr, before, classes, scopes = g.pick(SUPERLATIVES)
    noun = g.some(classes)
    form = agree(fr, noun.gender, False)
    article = "la" if noun.gender == "f" else "le"
    marked = f"{en.split()[0]}/p {en.split()[1]}/a" if " " in en else f"{en}/pa"
    fr_noun = " ".join(f"{w}/n" for w in noun.fr.split())
    en_noun = " ".join(f"{w}/n" for w in noun.en.split())
    if before:
        if noun.gender == "m" and starts_with_vowel(noun.fr):
            form = liaison_form(form)
        french = f"{article}/t plus/p {form}/a {fr_noun}"
    else:
        french = f"{article}/t {fr_noun} {article} plus/p {form}/a"
    thing = g.say(f"the/t {marked} {en_noun}", french)
    place = g.pick(scopes.split(","))
    fr_place = SCOPES[place]
    article = "la" if place in ("city", "class") else "l'" if place == "school" else "le"
    scope = g.say(f"in/i the/j {place}/k", f"de/i {article}/j {fr_place}/k")
    if "class" in scopes:
        name = g.name(noun.gender)
        if noun.en in ("child", "student"):
            name = g.name("m")
        return statement(be(g, name, thing + scope, present_or_past(g)))
    verb, french_verb = g.pick([("is", "est"), ("was", "était")])
    return g.say(
        f"it/i {verb}/v {{x}} {{y}}", f"ce/i {french_verb}/v {{x}} {{y}}", x=thing, y=scope
    )
