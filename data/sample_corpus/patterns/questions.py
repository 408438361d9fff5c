"""Questions."""

from __future__ import annotations

from dataclasses import replace

from data.sample_corpus.clause import clause, infinitive, predicate, question
from data.sample_corpus.events import add, build, dated, pick_frame, subject_for, when
from data.sample_corpus.grammar import NP, Gen
from data.sample_corpus.lexicon import adjectives, adverbials, verbs
from data.sample_corpus.lexicon.load import frame, members, rows
from data.sample_corpus.patterns.descriptions import be, predicate_adjective, where
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.patterns.states import SENSATIONS, activity, taste
from data.sample_corpus.words import Phrase


def asked(g: Gen, kinds: str = "H") -> NP:
    """Whom a question is about: most often the hearer."""
    subject = g.you() if g.chance(0.45) else g.subject(kinds)
    if subject.person == 1:
        raise Skip
    return subject


@pattern(5, "?")
def yes_no(g: Gen) -> Phrase:
    """Did you close the window?"""
    tense = g.pick(["past", "past", "present", "progressive", "will"])
    verb = pick_frame(g, "ks" + {"past": "", "will": "x"}.get(tense, "nu"))
    subject = asked(g) if verb.subjects in "HB" else subject_for(g, verb)
    made = build(g, verb, tense, subject, usual=tense == "present")
    return question(add(made, when(g, tense, verb.en)) if g.chance(0.3) else made.clause)


@pattern(2, "?")
def are_you(g: Gen) -> Phrase:
    """Are you tired, Marie?"""
    subject = asked(g)
    en, fr = g.pick(rows(adjectives.STATES + adjectives.CHARACTERS.lstrip()))
    comp = predicate_adjective(g, subject, en, fr)
    return question(be(g, subject, comp, g.pick(["present", "present", "state"])))


@pattern(2, "?")
def feel(g: Gen) -> Phrase:
    """Are you hungry?"""
    subject = asked(g, "B")
    en, fr = g.pick(SENSATIONS[:-1] if subject.human else SENSATIONS[:4])
    return question(clause(g, subject, en, fr, g.pick(["present", "present", "state"])))


@pattern(3, "?")
def do_you_have(g: Gen) -> Phrase:
    """Do you have a dictionary?"""
    noun = g.some("thing,vehicle,pet,clothing,brother,sister,bread,milk,coffee,sugar,salt")
    many = g.chance(0.2)
    adjective = g.adjective(noun) if g.chance(0.2) and not noun.mass else None
    item = g.np(noun, "question", many, adjective)
    return question(clause(g, asked(g), "have", "avoir", comp=item.phrase))


@pattern(3, "?")
def do_you_like(g: Gen) -> Phrase:
    """Do you like chocolate?"""
    return question(clause(g, asked(g), "like", "aimer", comp=taste(g)))


@pattern(4, "?")
def where_is(g: Gen) -> Phrase:
    """Where is my umbrella?"""
    owner = g.pronoun(g.pick(["I", "I", "he", "she"]))
    noun = g.some("small,clothing,pet,town,shop,shoes,family")
    if noun in members("family"):
        noun = g.relative(owner)
    det = "poss" if set("PC") & set(noun.adjectives) else g.pick(["the", "the", "poss"])
    if "L" in noun.adjectives:
        det = "the"
    many = noun.en in ("shoe", "glove", "boot", "sock") or (noun.en in ("key",) and g.chance(0.5))
    item = g.np(noun, det, many, None, owner)
    ids = g.say("where/w", "où/w")
    verb = ("are", "sont") if many else ("is", "est")
    if g.chance(0.3):
        verb = ("were", "étaient") if many else ("was", "était")
    return g.say(f"{{w}} {verb[0]}/v {{x}}", f"{{w}} {verb[1]}/v {{x}}", w=ids, x=item.phrase)


@pattern(4, "?")
def where_does(g: Gen) -> Phrase:
    """Where does your brother work?"""
    subject = asked(g)
    en, fr, tenses = g.pick(
        [
            ("live", "habiter", "present state"),
            ("work", "travailler", "present"),
            ("go", "aller", "progressive past"),
            ("sleep", "dormir", "past will"),
            ("eat", "manger", "past will"),
            ("wait", "attendre", "past"),
            ("study", "étudier", "present"),
            ("play", "jouer", "present past"),
        ]
    )
    tense = g.pick(tenses.split())
    c = clause(g, subject, en, fr, tense)
    if g.chance(0.35) and en == "go" and tense == "past":
        c = add(c, when(g, tense))
    return question(c, g.say("where/w", "où/w"))


@pattern(4, "?")
def why(g: Gen) -> Phrase:
    """Why is the baby crying?"""
    word = g.say("why/w", "pourquoi/w")
    if g.chance(0.35):
        subject = asked(g)
        en, fr = g.pick(rows(adjectives.STATES))
        c = be(g, subject, predicate_adjective(g, subject, en, fr), g.pick(["present", "state"]))
        return question(c, word)
    tense = g.pick(["past", "progressive"])
    verb = pick_frame(g, "ksx" + "n" * (tense == "progressive"))
    subject = asked(g) if verb.subjects == "H" else subject_for(g, verb)
    negation = "not" if tense == "past" and g.chance(0.3) else ""
    return question(build(g, verb, tense, subject, negation).clause, word)


@pattern(3, "?")
def when_will(g: Gen) -> Phrase:
    """When will you come back from the market?"""
    tense = g.pick(["past", "will"])
    names = ("leave", "arrive", "visit", "come back", "return", "buy", "sell", "call")
    verb = frame(g.pick((*names, "send", "repair", "go", "write", "clean", "meet")))
    subject = asked(g)
    return question(build(g, verb, tense, subject, "", 0).clause, g.say("when/w", "quand/w"))


@pattern(3, "?")
def what(g: Gen) -> Phrase:
    """What are you eating?"""
    en, fr, tenses = g.pick(
        [
            ("eat", "manger", "progressive past"),
            ("drink", "boire", "progressive past"),
            ("read", "lire", "progressive past"),
            ("do", "faire", "progressive past will"),
            ("buy", "acheter", "past will"),
            ("look for", "chercher", "progressive"),
            ("say", "dire", "past"),
            ("see", "voir", "past"),
            ("find", "trouver", "past"),
            ("forget", "oublier", "past"),
            ("want", "vouloir", "present"),
            ("choose", "choisir", "past"),
            ("write", "écrire", "progressive"),
            ("prepare", "préparer", "progressive"),
            ("learn", "apprendre", "progressive"),
        ]
    )
    tense = g.pick(tenses.split())
    c = clause(g, asked(g), en, fr, tense)
    if g.chance(0.4):
        if tense in ("past", "will"):
            c = add(c, when(g, tense))
        elif en in ("eat", "drink", "read", "do"):
            c = add(c, g.place("e"))
    # "Qu'est-ce que": the question word is the elided "que".
    return question(c, g.say("what/w", "que/w"), invert=False)


@pattern(3, "?")
def who(g: Gen) -> Phrase:
    """Who broke the mirror?"""
    tense = g.pick(["past", "past", "progressive", "will"])
    verb = pick_frame(g, "ks" + {"past": "", "will": "x"}.get(tense, "nu"), "", "HB")
    somebody = NP(g.say("who/w", "qui/w"))
    c = build(g, verb, tense, somebody).clause
    tail = predicate(c)
    return Phrase(somebody.phrase.en + tail.en, somebody.phrase.fr + tail.fr)


@pattern(3, "?")
def whom(g: Gen) -> Phrase:
    """Who did you meet at the beach?"""
    en, fr, prep = g.pick(
        [
            ("meet", "rencontrer", ""),
            ("see", "voir", ""),
            ("invite", "inviter", ""),
            ("help", "aider", ""),
            ("wait", "attendre", "for"),
        ]
    )
    tense = g.pick(["past", "past", "progressive"]) if prep else g.pick(["past", "past", "will"])
    verb = f"{en} {prep}".strip()
    c = clause(g, asked(g), verb, fr, tense)
    if g.chance(0.5):
        c = add(c, when(g, tense) if tense != "progressive" else g.place("x"))
    return question(c, g.say("who/w", "qui/w"))


@pattern(3, "?")
def how_many(g: Gen) -> Phrase:
    """How many books did you buy?"""
    verb, classes = g.pick(
        [
            ("buy", "dish,flower,clothing,thing"),
            ("eat", "dish"),
            ("see", "animal,wild"),
            ("read", "readable"),
            ("write", "writable"),
            ("break", "tableware"),
            ("visit", "sight"),
            ("sell", "vehicle,thing"),
        ]
    )
    entry = frame(verb)
    noun = g.some(classes)
    item = g.np(noun, "two", True)
    count = g.say("how/h many/h {x}", "combien/h de/h {x}", x=_bare(item))
    c = clause(g, asked(g), entry.en, entry.fr, "past", agreement=(item.gender, True))
    if g.chance(0.3):
        c = add(c, when(g, "past"))
    return question(c, count)


def _bare(np: NP) -> Phrase:
    """A noun phrase without its determiner."""
    return Phrase(np.phrase.en[1:], np.phrase.fr[1:])


@pattern(1.5, "?")
def how_many_have(g: Gen) -> Phrase:
    """How many brothers does she have?"""
    noun = g.some("brother,sister,cousin,pet,child,key,book,friend,bag,ticket")
    item = g.np(noun, "two", True)
    count = g.say("how/h many/h {x}", "combien/h de/h {x}", x=_bare(item))
    return question(clause(g, asked(g), "have", "avoir"), count)


@pattern(1.5, "?")
def how_old(g: Gen) -> Phrase:
    """How old is your sister?"""
    word = g.say("how/w old/a", "quel/w âge/a")
    return question(clause(g, asked(g), "be", "avoir", g.pick(["present", "state"])), word)


@pattern(2, "?")
def how_much(g: Gen) -> Phrase:
    """How much does this hat cost?"""
    noun = g.some("clothing,small,dish,flower,furniture,vehicle,tableware")
    many = g.chance(0.3)
    adjective = g.adjective(noun) if g.chance(0.4) else None
    if adjective and adjective.en in ("good", "expensive"):
        raise Skip
    item = g.np(noun, g.pick(["this", "the"]), many, adjective)
    do, cost = ("do", "coûtent") if many else ("does", "coûte")
    return g.say(f"how/h much/h {do}/c {{x}} cost/c", f"combien/h {cost}/c {{x}}", x=item.phrase)


@pattern(3, "?")
def what_time(g: Gen) -> Phrase:
    """What time does the train leave?"""
    word = g.say("what/w time/t", "à/w quelle/w heure/t")
    draw = g.rng.random()
    if draw < 0.5:
        noun = g.some("train,bus,plane,boat")
        verb = g.pick([("leave", "partir"), ("arrive", "arriver")])
        subject = g.np(noun)
    elif draw < 0.7:
        noun = g.some("shop,museum,restaurant,theater")
        verb = g.pick([("open", "ouvrir"), ("close", "fermer")])
        subject = g.np(noun)
    else:
        subject = asked(g)
        verb = g.pick(
            [
                ("get up", "se lever"),
                ("go to bed", "se coucher"),
                ("wake up", "se réveiller"),
                ("leave", "partir"),
                ("arrive", "arriver"),
                ("eat", "manger"),
            ]
        )
    tense = g.pick(["present", "past", "will"])
    c = clause(g, subject, *verb, tense)
    if tense != "present" and g.chance(0.3):
        c = add(c, dated(g, tense, verb[0])[0])
    return question(c, word)


@pattern(4, "?")
def can_you(g: Gen) -> Phrase:
    """Can you open the door?"""
    verb = pick_frame(g, "ksx", "", "HB")
    subject = g.you() if g.chance(0.65) else g.subject()
    inner = build(g, verb, "present", subject, "", 0.15).clause
    modal, french = "can", "pouvoir"
    if subject.person == 1:
        modal, french = "should", "devoir"
    outer = clause(g, subject, modal, french, comp=infinitive(inner, to=False))
    return question(outer)


@pattern(2, "?")
def may_i(g: Gen) -> Phrase:
    """May I open the window?"""
    verb = pick_frame(g, "ksxi", "", "HB")
    subject = g.pronoun("I")
    inner = build(g, verb, "present", subject, "", 0.2).clause
    action = infinitive(inner, to=False)
    return g.say("may/m I/i {x}", "puis/m -je/i {x}", x=action)


@pattern(3, "?")
def want_to(g: Gen) -> Phrase:
    """Do you want to come with us?"""
    subject = asked(g)
    if g.chance(0.4):
        en, fr = g.pick(rows(verbs.ACTIVITIES))
        aim = activity(g, subject, en, fr)
    else:
        verb = pick_frame(g, "ksx", "", "HB")
        aim = infinitive(build(g, verb, "present", subject, "", 0.2).clause)
    return question(clause(g, subject, "want", "vouloir", comp=aim), invert=subject.pronoun)


@pattern(2, "?")
def would_you_like(g: Gen) -> Phrase:
    """Would you like some tea?"""
    subject = g.you()
    noun = g.some("drink,food,dish")
    item = g.np(noun, "a").phrase
    if noun in members("drink") and g.chance(0.6):
        box = g.pick(
            [("a/d cup/c of/o", "une/d tasse/c de/o"), ("a/d glass/c of/o", "un/d verre/c de/o")]
        )
        hot = noun.en in ("coffee", "tea")
        if hot != ("cup" in box[0]):
            raise Skip
        bare = g.np(noun, "a")
        item = g.say(
            f"{box[0]} {{x}}", f"{box[1]} {{x}}", x=Phrase(bare.phrase.en[1:], bare.phrase.fr[2:])
        )
    c = clause(g, subject, "would like", "vouloir", "present", comp=item)
    return question(c, invert=True)


@pattern(2, "?")
def is_there(g: Gen) -> Phrase:
    """Is there a pharmacy near the station?"""
    if g.chance(0.5):
        noun, target = g.some("shop,town"), g.some("town,shop")
        if noun.en == target.en or noun.en == "beach":
            raise Skip
        place = g.say("near/n {x}", "près/n de/n {x}", x=g.np(target).phrase)
        if g.chance(0.3):
            place = g.say("near/n here/h", "près/n d'/n ici/h")
    else:
        noun, place = g.some("small,tableware,dish,pet"), where(g)
    many = g.chance(0.3) and "L" not in noun.adjectives
    item = g.np(noun, "question", many)
    be_ = "are" if many else "is"
    return g.say(f"{be_}/v there/t {{x}} {{p}}", "y/tv a/v -t-il/t {x} {p}", x=item.phrase, p=place)


@pattern(3, "?")
def which(g: Gen) -> Phrase:
    """Which book did she choose?"""
    verb, classes = g.pick(
        [
            ("choose", "clothing,gift,readable"),
            ("buy", "clothing,furniture,vehicle,flower"),
            ("read", "readable"),
            ("watch", "film,match"),
            ("visit", "sight"),
            ("sell", "vehicle,furniture"),
            ("eat", "cake,fruit"),
        ]
    )
    entry = frame(verb)
    many = g.chance(0.25)
    item = g.np(g.some(classes), "which", many)
    tense = g.pick(["past", "past", "will"])
    c = clause(g, asked(g), entry.en, entry.fr, tense, agreement=(item.gender, many))
    if g.chance(0.25):
        c = add(c, when(g, tense))
    return question(c, item.phrase)


@pattern(2.5, "?")
def have_you_ever(g: Gen) -> Phrase:
    """Have you already visited the castle?"""
    g.plain = True
    verb = pick_frame(g, "ks", "", "HB")
    made = build(g, verb, "perfect", asked(g), "", 0).clause
    return question(replace(made, adverb=g.line(adverbials.PERFECT)))
