"""Sentences with object pronouns."""

from __future__ import annotations

from dataclasses import replace

from data.sample_corpus.clause import Clitic, clause, direct, indirect, infinitive, statement
from data.sample_corpus.events import SEVERAL, add, suits, thing
from data.sample_corpus.grammar import NP, Gen
from data.sample_corpus.lexicon.load import FRAMES, frame, rows
from data.sample_corpus.morphology import agree
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.times import when
from data.sample_corpus.words import Phrase, Word, words

PERSONS = ("he", "she", "they", "I", "we", "you")


def other(g: Gen, subject: NP) -> NP:
    """Somebody else than the subject, as a pronoun."""
    key = g.pick(PERSONS)
    np = g.you() if key == "you" else g.pronoun(key)
    if np.person == subject.person and (np.person != 3 or np.many == subject.many):
        raise Skip
    return np


# english | french | direct or indirect | tenses | letters of times | codes of places
HUMAN_OBJECT = """
see|voir|d|past|dnesw|m
meet|rencontrer|d|past|dnew|m
help|aider|d|past past will present progressive|dn|
invite|inviter|d|past past will present|dew|
wait for|attendre|d|past progressive will|n|x
call|appeler|d|past past will present|dnes|
listen to|écouter|d|past present progressive||
look at|regarder|d|past progressive||
find|trouver|d|past will|n|fm
understand|comprendre|d|past present||
thank|remercier|d|past will|d|
follow|suivre|d|past progressive||
talk to|parler|i|past past will progressive|dne|m
answer|répondre|i|past will|dn|
write to|écrire|i|past past will present progressive|dnew|
"""


def object_of(g: Gen, np: NP, kind: str) -> Clitic:
    """The clitic of a verb: direct, or indirect with or without an English preposition."""
    # The preposition of "talk to" is part of the English verb here.
    return direct(g, np) if kind == "d" else indirect(g, np, "")


@pattern(9)
def him_and_her(g: Gen) -> Phrase:
    """I met her at the beach yesterday."""
    en, fr, kind, tenses, letters, places = g.pick(rows(HUMAN_OBJECT))
    subject = g.subject()
    tense = g.pick(tenses.split())
    negation = g.pick(["", "", "not", "never" if tense == "present" else ""])
    np = other(g, subject)
    c = clause(g, subject, en, fr, tense, negation=negation, clitics=(object_of(g, np, kind),))
    if tense == "present" and not negation and letters:
        c = add(c, when(g, tense, "dnew"))
    elif g.chance(0.4) and tense != "progressive" and letters and not negation:
        c = add(c, when(g, tense, letters))
    elif g.chance(0.3) and places:
        c = add(c, g.place(places))
    return statement(c)


@pattern(3)
def knows(g: Gen) -> Phrase:
    """She loves him."""
    en, fr = g.pick([("know", "connaître"), ("love", "aimer"), ("know", "connaître")])
    subject = g.subject()
    clitic = direct(g, other(g, subject))
    comp = g.say("well", "bien") if en == "know" and g.chance(0.4) else Phrase()
    tense = g.pick(["present", "state"])
    negation = g.pick(["", "", "not", "anymore" if en == "love" else ""])
    c = clause(g, subject, en, fr, tense, clitics=(clitic,), negation=negation, manner=comp)
    return statement(c)


# What one does to a thing, what one does to it next, the things, and what stands between the two
# halves: a and, t then, b but, n but with a denial.
TAKEN_UP = (
    ("buy", "sell", "car,bicycle,boat,motorcycle,house,painting,guitar,computer", "aattn"),
    ("find", "lose", "small", "bb"),
    ("lose", "find", "small", "bn"),
    ("look for", "find", "small", "ann"),
    ("buy", "eat", "snack", "aattn"),
    ("prepare", "eat", "salad,cake,soup,sandwich", "aattn"),
    ("buy", "lose", "pen,pencil,ticket,umbrella,phone,watch,notebook", "bba"),
    ("write", "send", "letter,message", "aatnn"),
    ("receive", "read", "letter,message", "aatn"),
    ("receive", "open", "letter,gift", "aatn"),
    ("buy", "read", "newspaper,novel,book,magazine", "aatnn"),
    ("open", "close", "door,window,box,drawer,suitcase", "tt"),
    ("wash", "repair", "car,bicycle", "t"),
    ("buy", "break", "glass,plate,cup,bowl,mirror,phone,watch", "ba"),
    ("see", "catch", "mouse,butterfly", "an"),
    ("choose", "buy", "clothing,present,furniture", "aatn"),
    ("take", "hide", "letter,key,wallet,ring,photo", "aat"),
    ("take", "read", "newspaper,letter,book,magazine", "aat"),
    ("buy", "repair", "car,bicycle,boat,computer,radio,clock", "at"),
    ("find", "read", "letter,message,book", "aat"),
    ("cut", "eat", "cake,bread,apple", "aat"),
    ("buy", "wear", "hat,coat,scarf,dress,tie", "n"),
)


@pattern(7)
def takes_up(g: Gen) -> Phrase:
    """Paul bought a car and he sold it."""
    first, second, classes, links = g.pick(TAKEN_UP)
    subject = g.subject()
    dets = {"lose": "p", "look for": "p", "open": "d", "wash": "p", "take": "d"}
    g.plain = second == "repair"
    item = thing(g, classes, dets.get(first, "i"), subject)
    fr_first = {"take": "prendre"}.get(first) or frame(first).fr
    one = statement(clause(g, subject, first, fr_first, "past", comp=item.phrase))
    again = g.pronoun_for(subject)
    kind = g.pick(links)
    link = {"a": ("and/b", "et/b"), "t": (",/z then/b", ",/z puis/b")}.get(
        kind, ("but/b", "mais/b")
    )
    negation = "not" if kind == "n" else ""
    two = statement(
        clause(
            g,
            again,
            second,
            frame(second).fr,
            "past",
            clitics=(direct(g, item),),
            negation=negation,
        )
    )
    return g.say(f"{{a}} {link[0]} {{b}}", f"{{a}} {link[1]} {{b}}", a=one, b=two)


@pattern(5)
def gives_to(g: Gen) -> Phrase:
    """She gave him a book."""
    name = g.pick(["give", "show", "send", "lend", "bring", "tell", "explain"])
    verb = g.pick([f for f in FRAMES if f.en == name and "i" in f.complements])
    subject = g.subject()
    np = other(g, subject)
    classes, dets = verb.complements[0].split()[1:]
    negation = g.pick(["", "", "", "not"]) if verb.en != "explain" else ""
    item = thing(g, classes, dets, subject, bool(negation))
    tense = g.pick(["past", "past", "will"])
    clitic = indirect(g, np, "to" if verb.en == "explain" else "")
    if verb.en == "explain":
        made = clause(g, subject, verb.en, verb.fr, tense, comp=item.phrase, clitics=(clitic,))
        # English says "explained the lesson to him".
        phrase = statement(made)
        bare = statement(replace(made, clitics=()))
        return Phrase(bare.en + clitic.en, phrase.fr)
    c = clause(
        g,
        subject,
        verb.en,
        verb.fr,
        tense,
        comp=item.phrase,
        clitics=(clitic,),
        negation=negation,
    )
    letters = "".join(letter for letter in verb.times if letter in "dnes")
    if g.chance(0.25) and not negation and letters:
        c = add(c, when(g, tense, letters.replace("s", "") if tense == "will" else letters))
    return statement(c)


@pattern(3)
def both_pronouns(g: Gen) -> Phrase:
    """The letter is here: he gave it to me yesterday."""
    noun = g.some("letter,book,key,ring,photo,watch,ticket,umbrella")
    item = g.np(noun, g.pick(["the", "this"]))
    subject = g.subject()
    np = other(g, subject)
    clitics = (direct(g, item), indirect(g, np))
    verb = frame(g.pick(["give", "show", "lend", "bring", "send"]))
    c = clause(g, subject, verb.en, verb.fr, "past", clitics=clitics)
    c = add(c, when(g, "past", "dnew")) if g.chance(0.5) else c
    # The antecedent comes first, so that the gender of "it" is known.
    opening = _known(g, item, np)
    return g.say("{a} ; {s}", "{a} ; {s}", a=opening, s=statement(c))


def _known(g: Gen, item: NP, receiver: NP) -> Phrase:
    """What a thing is like or where it is: not here, if somebody elsewhere has it."""
    vieux = "vieille" if item.gender == "f" else "vieux"
    options = []
    if item.phrase.en[-1].text not in ("letter", "ticket"):
        options.append(("is/v very/h old/t", f"est/v très/h {vieux}/t"))
    if receiver.person != 3:
        options.append(("is/v here/h", "est/v ici/h"))
        options.append(("is/v on/p the/d table/t", "est/v sur/p la/d table/t"))
    if receiver.person == 1 and not receiver.many:
        options.append(("is/v in/p my/d bag/t", "est/v dans/p mon/d sac/t"))
    if not options:
        raise Skip
    en, fr = g.pick(options)
    return g.say(f"{{x}} {en}", f"{{x}} {fr}", x=item.phrase)


# Where one returns, and the times that suit it.
REVISITED = (
    ("museum,castle,church,zoo,village,city,island,cathedral,hotel,beach", "y", "wyk"),
    ("library,park,restaurant,theater,swimming pool", "we", "dwek"),
)


@pattern(4)
def there_again(g: Gen) -> Phrase:
    """I like this museum and I go there every Sunday."""
    subject = g.subject(you=False)
    classes, habit, letters = g.pick(REVISITED)
    item = g.np(g.some(classes), "this")
    en, fr = g.pick([("know", "connaître"), ("like", "aimer"), ("love", "adorer")])
    one = statement(clause(g, subject, en, fr, comp=item.phrase))
    again = g.pronoun_for(subject)
    ids = g.ids.new()
    there = Clitic(words("there", ids), Word("y", ids), 3)
    verb = g.pick(
        [
            ("go", "aller", "present"),
            ("go", "aller", "will"),
            ("go", "aller", "past"),
            ("return", "retourner", "will"),
            ("return", "retourner", "past"),
        ]
    )
    c = clause(g, again, verb[0], verb[1], verb[2], clitics=(there,))
    two = statement(add(c, when(g, verb[2], habit if verb[2] == "present" else letters)))
    return g.say("{a} and/b {c}", "{a} et/b {c}", a=one, c=two)


# Things, how one comes by them, and what one does with some of them.
COUNTED = (
    ("snack,fruit", "buy", "eat"),
    ("snack,fruit", "buy", "eat"),
    ("mushroom,strawberry,cherry", "find", "eat"),
    ("book,novel,newspaper,magazine", "buy", "read"),
    ("letter,message", "receive", "read"),
    ("letter,message", "write", "send"),
    ("cake,cookie,sandwich", "prepare", "eat"),
    ("glass,plate,cup,bowl", "buy", "break"),
    ("painting,mirror,chair,clock", "buy", "sell"),
    ("pen,pencil,ticket", "buy", "lose"),
)


@pattern(3)
def some_of_it(g: Gen) -> Phrase:
    """She bought apples and she ate two of them."""
    subject = g.subject()
    classes, verb, then = g.pick(COUNTED)
    item = g.np(g.some(classes), "a", True)
    one = statement(clause(g, subject, verb, frame(verb).fr, "past", comp=item.phrase))
    again = g.pronoun_for(subject)
    number, nombre = g.pick(
        [
            ("two", "deux"),
            ("three", "trois"),
            ("four", "quatre"),
            ("five", "cinq"),
            ("many", "beaucoup"),
            ("several", "plusieurs"),
        ]
    )
    ids = g.ids.new()
    en_pron = Clitic((), Word("en", ids), 4)
    tail = g.say(f"{number}/n", f"{nombre}/n")
    tail = Phrase(tail.en + words("of them", ids), tail.fr)
    second = clause(g, again, then, frame(then).fr, "past", comp=tail, clitics=(en_pron,))
    two = statement(second)
    return g.say("{a} and/b {c}", "{a} et/b {c}", a=one, c=two)


# A verb with its french, preposition and "to", and what one so wants to do to somebody.
WISHED = (
    ("want", "vouloir", "", True, "see,help,invite,call,talk to,thank,understand,follow"),
    ("can", "pouvoir", "", False, "see,help,invite,call,wait for,talk to,understand,find,follow"),
    ("must", "devoir", "", False, "help,call,wait for,talk to,listen to,answer,thank,invite,find"),
    ("be going", "aller", "", True, "see,help,invite,call,wait for,talk to,write to,thank,answer"),
    ("would like", "vouloir", "", True, "see,meet,help,invite,call,talk to,thank,understand"),
    ("try", "essayer", "de", True, "help,call,find,understand,talk to,follow"),
    ("should", "devoir", "", False, "help,call,wait for,talk to,listen to,answer,thank,invite"),
    ("have", "devoir", "", True, "help,call,wait for,talk to,answer,find,write to"),
    ("decide", "décider", "de", True, "help,call,invite,wait for,write to,follow,answer"),
)


def _human_object(verb: str) -> tuple[str, ...]:
    return next(row for row in rows(HUMAN_OBJECT) if row[0] == verb)


@pattern(4)
def want_it(g: Gen) -> Phrase:
    """He wants to see her; we are going to help them."""
    verb, lemma, prep, to, whom = g.pick(WISHED)
    en, fr, kind, *_ = _human_object(g.pick(whom.split(",")))
    subject = g.subject()
    np = other(g, subject)
    inner = clause(g, subject, en, fr, clitics=(object_of(g, np, kind),))
    tense = "past" if verb in ("try", "decide") else "present"
    negation = "not" if verb in ("want", "can", "be going") and g.chance(0.35) else ""
    aim = infinitive(inner, prep, to)
    return statement(clause(g, subject, verb, lemma, tense, comp=aim, negation=negation))


# What one does, or with "-" does not, to which things | because they are so.
REASONS = """
sell|car,boat,motorcycle,bicycle,house|too old=trop vieux,too small=trop petit
sell|sofa,table,desk,wardrobe,bed|too big=trop grand,too old=trop vieux
buy|clothing,car,boat,motorcycle,bicycle,furniture|beautiful=beau,less expensive=moins cher
-buy|clothing,car,boat,motorcycle,bicycle,furniture|too expensive=trop cher
wash|shirt,dress,skirt,sweater,car,truck,tableware|dirty=sale,very dirty=très sale
clean|room,car,table,desk,sofa,shelf,mat|dirty=sale,too dirty=trop sale
choose|sofa,armchair,chair,bed|comfortable=confortable,less expensive=moins cher
read|readable|interesting=intéressant,very interesting=très intéressant
-read|novel,book,article,letter,text|too long=trop long,boring=ennuyeux
eat|apple,pear,peach,cake,sandwich,cookie,strawberry|delicious=délicieux
carry|carried|light=léger
-carry|carried|heavy=lourd,too heavy=trop lourd
repair|machine|broken=cassé
buy|book,novel|interesting=intéressant,famous=célèbre
-wear|hat,coat,jacket,sweater,scarf|too small=trop petit,dirty=sale,too old=trop vieux
"""


@pattern(4)
def object_and_reason(g: Gen) -> Phrase:
    """He sold the car because it was too old: the gender of "it" is the noun's."""
    verb, classes, reasons = g.pick(rows(REASONS))
    negation = "not" if verb.startswith("-") else ""
    verb = verb.removeprefix("-")
    subject = g.subject()
    noun = g.some(classes)
    if not suits(noun, subject):
        raise Skip
    many = noun.en in SEVERAL and g.chance(0.35)
    item = g.np(noun, g.pick(["the", "the", "this"]), many)
    en, fr = g.pick(reasons.split(",")).split("=")
    *more, adjective = fr.split()
    form = agree(adjective, item.gender, many)
    marked = " ".join(f"{w}/{i}" for i, w in enumerate(en.split()))
    french = " ".join(f"{w}/{i}" for i, w in enumerate([*more, form]))
    made = clause(g, subject, verb, frame(verb).fr, "past", comp=item.phrase, negation=negation)
    again = g.pronoun_for(item)
    why = statement(clause(g, again, "be", "être", "state", comp=g.say(marked, french)))
    return g.say("{a} because/b {c}", "{a} parce/b que/b {c}", a=statement(made), c=why)
