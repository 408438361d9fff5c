"""Questions."""

from __future__ import annotations

from dataclasses import replace

from data.sample_corpus.clause import clause, infinitive, predicate, question
from data.sample_corpus.events import (
    PERSONAL,
    SEVERAL,
    add,
    build,
    chosen,
    pick_frame,
    subject_for,
    suits,
)
from data.sample_corpus.grammar import NP, Gen
from data.sample_corpus.lexicon import adjectives, adverbials, verbs
from data.sample_corpus.lexicon.load import frame, members, rows
from data.sample_corpus.lexicon.uses import ABLE, DATED, DUTIES, MAY
from data.sample_corpus.patterns.actions import DAYS_OF, timed
from data.sample_corpus.patterns.descriptions import be, predicate_adjective, where
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.patterns.states import SENSATIONS, activity, taste
from data.sample_corpus.patterns.wishes import wanted
from data.sample_corpus.times import dated, when
from data.sample_corpus.words import Phrase


def asked(g: Gen, kinds: str = "H") -> NP:
    """Whom a question is about: most often the hearer."""
    if g.chance(0.45):
        return g.you()
    subject = g.subject(kinds)
    # One does not ask others about oneself or one's own family.
    if subject.person == 1 or subject.phrase.en[0].text in ("my", "our"):
        raise Skip
    return subject


@pattern(5, "?")
def yes_no(g: Gen) -> Phrase:
    """Did you close the window?"""
    tense, use = g.pick(
        [("past", "p"), ("past", "p"), ("present", "h"), ("progressive", "g"), ("will", "f")]
    )
    verb = pick_frame(g, use)
    subject = asked(g) if verb.subjects in "HY" else subject_for(g, verb)
    return question(timed(g, tense, 0.3, build(g, verb, tense, subject)))


@pattern(2, "?")
def are_you(g: Gen) -> Phrase:
    """Are you tired, Marie?"""
    subject = asked(g)
    en, fr = g.pick(rows(adjectives.STATES + adjectives.CHARACTERS.lstrip()))
    # One knows whether the person spoken to is tall.
    if subject.person == 2 and en in ("tall", "young", "strong", "polite", "kind", "intelligent"):
        raise Skip
    comp = predicate_adjective(g, subject, en, fr)
    return question(be(g, subject, comp, g.pick(["present", "present", "state"])))


@pattern(2, "?")
def feel(g: Gen) -> Phrase:
    """Are you hungry?"""
    subject = g.subject("C") if g.chance(0.2) else asked(g)
    en, fr = g.pick(SENSATIONS[:-1] if subject.human else SENSATIONS[:4])
    if subject.person == 2 and en in ("be right", "be wrong"):
        raise Skip
    return question(clause(g, subject, en, fr, g.pick(["present", "present", "state"])))


@pattern(3, "?")
def do_you_have(g: Gen) -> Phrase:
    """Do you have a dictionary?"""
    noun = g.some(
        "thing,car,bicycle,boat,pet,coat,hat,tie,brother,sister,bread,milk,coffee,sugar,salt"
    )
    if noun.en == "toy":
        raise Skip
    many = g.chance(0.2) and noun.en in SEVERAL
    adjective = g.adjective(noun, known=True) if g.chance(0.2) and not noun.mass else None
    item = g.np(noun, "question", many, adjective)
    subject = asked(g)
    if not suits(noun, subject) or (subject.many and noun in PERSONAL):
        raise Skip
    return question(clause(g, subject, "have", "avoir", comp=item.phrase))


@pattern(3, "?")
def do_you_like(g: Gen) -> Phrase:
    """Do you like chocolate?"""
    return question(clause(g, asked(g), "like", "aimer", comp=taste(g)))


@pattern(4, "?")
def where_is(g: Gen) -> Phrase:
    """Where is my umbrella?"""
    owner = g.pronoun(g.pick(["I", "I", "he", "she"]))
    noun = g.some("small,coat,hat,scarf,jacket,cap,cat,dog,town,shop,shoes,family")
    if noun in members("family"):
        noun = g.relative(owner)
    if not suits(noun, owner):
        raise Skip
    det = "poss" if set("PC") & set(noun.adjectives) else g.pick(["the", "the", "poss"])
    if "L" in noun.adjectives:
        det = "the"
    many = noun.en in ("shoe", "glove", "boot", "sock") or (noun.en in ("key",) and g.chance(0.5))
    item = g.np(noun, det, many, None, owner)
    ids = g.say("where/w", "où/w")
    verb = ("are", "sont") if many else ("is", "est")
    if g.chance(0.3) and "L" not in noun.adjectives:
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
    if en == "play" and (subject.person == 2 or not subject.pronoun):
        raise Skip
    tense = g.pick(tenses.split())
    c = clause(g, subject, en, fr, tense)
    if g.chance(0.35) and en == "go" and tense == "past":
        c = add(c, when(g, tense, "dnes"))
    return question(c, g.say("where/w", "où/w"))


@pattern(4, "?")
def why(g: Gen) -> Phrase:
    """Why is the baby crying?"""
    word = g.say("why/w", "pourquoi/w")
    if g.chance(0.35):
        subject = asked(g)
        en, fr = g.pick([r for r in rows(adjectives.STATES) if r[0] not in ("ready", "sick")])
        c = be(g, subject, predicate_adjective(g, subject, en, fr), g.pick(["present", "state"]))
        return question(c, word)
    tense, use = g.pick([("past", "pi"), ("past", "ni"), ("progressive", "g")])
    g.plain = True
    verb = pick_frame(g, use)
    subject = asked(g) if verb.subjects in "HY" else subject_for(g, verb)
    negation = "not" if use == "ni" else ""
    return question(build(g, verb, tense, subject, negation, 0.1).clause, word)


@pattern(3, "?")
def when_will(g: Gen) -> Phrase:
    """When will you come back from the market?"""
    tense = g.pick(["past", "will"])
    c = chosen(g, DATED, asked(g), tense, 0).clause
    return question(c, g.say("when/w", "quand/w"))


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
            c = add(c, when(g, tense, "dne"))
        elif en in ("eat", "drink", "read", "do"):
            c = add(c, g.place("e"))
    # "Qu'est-ce que": the question word is the elided "que".
    return question(c, g.say("what/w", "que/w"), invert=False)


@pattern(3, "?")
def who(g: Gen) -> Phrase:
    """Who broke the mirror?"""
    tense, use = g.pick([("past", "p"), ("past", "p"), ("progressive", "g"), ("will", "f")])
    verb = pick_frame(g, use, "HY")
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
        c = add(c, when(g, tense, "dne") if tense != "progressive" else g.place("x"))
    return question(c, g.say("who/w", "qui/w"))


@pattern(3, "?")
def how_many(g: Gen) -> Phrase:
    """How many books did you buy?"""
    verb, classes = g.pick(
        [
            ("buy", "snack,vegetable,flower,book,chair,ticket,shirt,plate,glass,cup,candle"),
            ("eat", "snack"),
            ("see", "animal,wild"),
            ("read", "book,novel,letter,poem,article"),
            ("write", "letter,poem,message,article,novel"),
            ("break", "glass,plate,cup,bowl"),
            ("visit", "museum,castle,church,island,city"),
            ("receive", "letter,gift,message"),
            ("repair", "car,bicycle,computer,radio"),
            ("send", "letter,photo,message"),
        ]
    )
    entry = frame(verb)
    noun = g.some(classes)
    item = g.np(noun, "two", True)
    count = g.say("how/h many/h {x}", "combien/h de/h {x}", x=_bare(item))
    c = clause(g, asked(g), entry.en, entry.fr, "past", agreement=(item.gender, True))
    if g.chance(0.3) and verb in ("buy", "see", "receive", "send"):
        c = add(c, when(g, "past", "d"))
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
    tense = g.pick(["present", "state"])
    subject = asked(g)
    if g.chance(0.3):
        owner = g.you()
        subject = g.np(g.relative(owner), "poss", False, None, owner)
    if subject.pronoun:
        return question(clause(g, subject, "be", "avoir", tense), word)
    # "Quel âge a ta sœur ?": the noun comes last in both languages.
    said = {"present": ("are", "ont") if subject.many else ("is", "a")}
    said["state"] = ("were", "avaient") if subject.many else ("was", "avait")
    en, fr = said[tense]
    return word + g.say(f"{en}/v {{x}}", f"{fr}/v {{x}}", x=subject.phrase)


@pattern(2, "?")
def how_much(g: Gen) -> Phrase:
    """How much does this hat cost?"""
    noun = g.some(
        "clothing,small,snack,flower,furniture,car,boat,bicycle,motorcycle,tableware,present"
    )
    many = noun in members("snack") or (g.chance(0.3) and noun.en in SEVERAL)
    adjective = g.adjective(noun, known=True) if g.chance(0.4) else None
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
        c = add(c, dated(g, tense, DAYS_OF.get(verb[0], "dn"))[0])
    return question(c, word)


@pattern(4, "?")
def can_you(g: Gen) -> Phrase:
    """Can you open the door?"""
    subject = g.you() if g.chance(0.65) else asked(g)
    should = False
    if subject.person == 2:
        inner = build(g, pick_frame(g, "oi"), "present", subject, "", 0.1).clause
    else:
        should = g.chance(0.3)
        inner = chosen(g, DUTIES if should else ABLE, subject, "present", 0.1).clause
    modal, french = ("should", "devoir") if should else ("can", "pouvoir")
    outer = clause(g, subject, modal, french, comp=infinitive(inner, to=False))
    return question(outer)


@pattern(2, "?")
def may_i(g: Gen) -> Phrase:
    """May I open the window?"""
    subject = g.pronoun("I")
    action = infinitive(chosen(g, MAY, subject, "present", 0).clause, to=False)
    return g.say("may/m I/i {x}", "puis/m -je/i {x}", x=action)


@pattern(3, "?")
def want_to(g: Gen) -> Phrase:
    """Do you want to come with us?"""
    subject = asked(g)
    if g.chance(0.4):
        en, fr, _ = g.pick(rows(verbs.ACTIVITIES))
        aim = activity(g, subject, en, fr)
    else:
        aim = infinitive(chosen(g, wanted("want"), subject, "present", 0).clause)
    return question(clause(g, subject, "want", "vouloir", comp=aim), invert=subject.pronoun)


@pattern(2, "?")
def would_you_like(g: Gen) -> Phrase:
    """Would you like some tea?"""
    subject = g.you()
    noun = g.some("drink,food,spread,snack")
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
        noun = g.some("small,tableware,snack,cat,dog,flower,dictionary")
        place = where(g, noun)
    many = g.chance(0.3) and noun.en in SEVERAL
    item = g.np(noun, "question", many)
    be_ = "are" if many else "is"
    return g.say(f"{be_}/v there/t {{x}} {{p}}", "y/tv a/v -t-il/t {x} {p}", x=item.phrase, p=place)


@pattern(3, "?")
def which(g: Gen) -> Phrase:
    """Which book did she choose?"""
    verb, classes = g.pick(
        [
            ("choose", "clothing,present,readable"),
            ("buy", "clothing,furniture,car,bicycle,boat,motorcycle,flower"),
            ("read", "readable"),
            ("watch", "film,match"),
            ("visit", "sight"),
            ("sell", "car,bicycle,boat,motorcycle,furniture"),
            ("take", "train,bus"),
        ]
    )
    entry = frame(verb)
    noun = g.some(classes)
    many = g.chance(0.25) and noun.en in SEVERAL
    item = g.np(noun, "which", many)
    tense = g.pick(["past", "past", "will"])
    c = clause(g, asked(g), entry.en, entry.fr, tense, agreement=(item.gender, many))
    if g.chance(0.25):
        c = add(c, when(g, tense, "d"))
    return question(c, item.phrase)


@pattern(2.5, "?")
def have_you_ever(g: Gen) -> Phrase:
    """Have you already visited the castle?"""
    g.plain = True
    made = build(g, pick_frame(g, "r", "HY"), "perfect", asked(g), "", 0).clause
    return question(replace(made, adverb=g.line(adverbials.PERFECT)))
