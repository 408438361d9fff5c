"""Comparatives and superlatives."""

from __future__ import annotations

from data.sample_corpus.clause import statement
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
    if other.phrase.en == subject.phrase.en or other.phrase.en[0].text == subject.phrase.en[0].text:
        raise Skip
    en, fr = g.pick(table)
    return statement(be(g, subject, _compare(g, subject, en, fr, other), present_or_past(g)))


def _compare(g: Gen, subject: NP, en: str, fr: str, other: NP) -> Phrase:
    """An adjective in the comparative, with the standard of comparison."""
    form = agree(fr, subject.gender, subject.many)
    if g.chance(0.25) and not en.startswith(("more", "less")):
        base = {"kinder": "kind", "lazier": "lazy"}.get(en, en.removesuffix("er"))
        return g.say(f"as/p {base}/a as/q {{o}}", f"aussi/p {form}/a que/q {{o}}", o=other.phrase)
    more = "moins" if en.startswith("less") else "plus"
    marked = f"{en.split()[0]}/p {en.split()[1]}/a" if " " in en else f"{en}/pa"
    return g.say(f"{marked} than/q {{o}}", f"{more}/p {form}/a que/q {{o}}", o=other.phrase)


@pattern(3)
def thing_comparison(g: Gen) -> Phrase:
    """This chair is more comfortable than the sofa."""
    choices = [
        ("more expensive", "cher", "vehicle,furniture,thing"),
        ("less expensive", "cher", "vehicle,furniture,clothing"),
        ("heavier", "lourd", "carried,furniture"),
        ("more comfortable", "confortable", "chair,bed,sofa,armchair,bench"),
        ("more interesting", "intéressant", "readable,story"),
        ("more difficult", "difficile", "learnable,exam"),
        ("easier", "facile", "learnable,exam"),
        ("bigger", "grand", "building,furniture,vehicle"),
        ("smaller", "petit", "building,furniture,vehicle"),
        ("older", "vieux", "building,vehicle"),
        ("more beautiful", "beau", "building,sight,flower"),
        ("longer", "long", "readable,story"),
    ]
    en, fr, classes = g.pick(choices)
    # Only things of one class are worth comparing.
    group = g.pick(classes.split(",")) if "chair" not in classes else classes
    kinds = {"exam": classes, "story": "story,readable", "flower": "sight"}
    one, two = g.some(kinds.get(group, group)), g.some(kinds.get(group, group))
    if one.en == two.en:
        raise Skip
    many = g.chance(0.2)
    subject = g.np(one, g.pick(["the", "this"]), many)
    return statement(
        be(g, subject, _compare(g, subject, en, fr, g.np(two, "the", many)), present_or_past(g))
    )


@pattern(3)
def superlative(g: Gen) -> Phrase:
    """It is the most expensive hotel in the city."""
    choices = [
        ("tallest", "grand", True, "youth"),
        ("most intelligent", "intelligent", False, "youth"),
        ("most serious", "sérieux", False, "student,girl,boy"),
        ("most expensive", "cher", False, "restaurant,hotel,bookstore,house,apartment"),
        ("oldest", "vieux", True, "building,museum,castle"),
        ("most beautiful", "beau", True, "building,museum,castle,garden"),
        ("biggest", "grand", True, "building,shop,museum"),
        ("smallest", "petit", True, "building,shop"),
        ("most famous", "célèbre", False, "writer,singer,painter,actor,museum,castle"),
    ]
    en, fr, before, classes = g.pick(choices)
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
    where_ = g.pick(
        ["in/i the/j class/k|de/i la/j classe/k", "in/i the/j school/k|de/i l'/j école/k"]
        if classes in ("youth", "student,girl,boy")
        else [
            "in/i the/j city/k|de/i la/j ville/k",
            "in/i the/j country/k|de/i le/j pays/k",
            "in/i the/j village/k|de/i le/j village/k",
            "in/i the/j world/k|de/i le/j monde/k",
        ]
    )
    scope = g.say(*where_.split("|"))
    if classes in ("youth", "student,girl,boy"):
        name = g.name(noun.gender)
        if noun.en in ("child", "student"):
            name = g.name("m")
        return statement(be(g, name, thing + scope, present_or_past(g)))
    verb, french_verb = g.pick([("is", "est"), ("was", "était")])
    return g.say(
        f"it/i {verb}/v {{x}} {{y}}", f"ce/i {french_verb}/v {{x}} {{y}}", x=thing, y=scope
    )
