"""Sentences with object pronouns."""

from __future__ import annotations

from dataclasses import replace

from data.sample_corpus.clause import Clitic, clause, direct, indirect, infinitive, statement
from data.sample_corpus.events import add, thing, when
from data.sample_corpus.grammar import NP, Gen
from data.sample_corpus.lexicon.load import frame
from data.sample_corpus.morphology import agree
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.words import Phrase, Word, words

PERSONS = ("he", "she", "they", "I", "we", "you")


def other(g: Gen, subject: NP) -> NP:
    """Somebody else than the subject, as a pronoun."""
    key = g.pick(PERSONS)
    np = g.you() if key == "you" else g.pronoun(key)
    if np.person == subject.person and (np.person != 3 or np.many == subject.many):
        raise Skip
    return np


HUMAN_OBJECT = (
    ("see", "voir", "d"),
    ("meet", "rencontrer", "d"),
    ("help", "aider", "d"),
    ("invite", "inviter", "d"),
    ("wait for", "attendre", "d"),
    ("call", "appeler", "d"),
    ("listen to", "écouter", "d"),
    ("look at", "regarder", "d"),
    ("find", "trouver", "d"),
    ("understand", "comprendre", "d"),
    ("thank", "remercier", "d"),
    ("follow", "suivre", "d"),
    ("talk to", "parler", "i"),
    ("answer", "répondre", "i0"),
    ("write to", "écrire", "i"),
)


def object_of(g: Gen, np: NP, kind: str) -> Clitic:
    """The clitic of a verb: direct, or indirect with or without an English preposition."""
    # The preposition of "talk to" is part of the English verb here.
    return direct(g, np) if kind == "d" else indirect(g, np, "")


@pattern(9)
def him_and_her(g: Gen) -> Phrase:
    """I met her at the beach yesterday."""
    en, fr, kind = g.pick(HUMAN_OBJECT)
    subject = g.subject()
    tense = g.pick(["past", "past", "past", "will", "present", "progressive"])
    if tense == "progressive" and en in ("see", "find", "understand", "meet"):
        tense = "past"
    negation = g.pick(["", "", "not", "never" if tense == "present" else ""])
    np = other(g, subject)
    c = clause(g, subject, en, fr, tense, negation=negation, clitics=(object_of(g, np, kind),))
    if g.chance(0.4) and tense != "progressive" and not negation:
        c = add(c, when(g, tense))
    elif g.chance(0.25) and en in ("see", "meet", "wait for", "help"):
        c = add(c, g.place("ekx"))
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


@pattern(7)
def takes_up(g: Gen) -> Phrase:
    """Paul bought a car and he sold it."""
    pairs = [
        ("buy", "sell", "vehicle,house,painting,guitar"),
        ("find", "lose", "small"),
        ("lose", "find", "small"),
        ("buy", "eat", "dish"),
        ("buy", "lose", "small"),
        ("write", "send", "letter,message"),
        ("receive", "read", "letter,message"),
        ("buy", "read", "newspaper,novel,book,magazine"),
        ("open", "close", "opening"),
        ("take", "forget", "small"),
        ("wash", "repair", "vehicle"),
        ("buy", "break", "tableware,watch,mirror,phone"),
        ("see", "catch", "mouse,butterfly,rabbit"),
        ("choose", "buy", "clothing,gift,furniture"),
        ("clean", "sell", "vehicle,furniture"),
        ("take", "hide", "letter,key,wallet,ring"),
    ]
    first, second, classes = g.pick(pairs)
    subject = g.subject()
    if subject.person == 3 and not subject.human:
        raise Skip
    dets = "d" if first in ("open", "wash", "clean", "take", "choose") else "i"
    if first == "lose":
        dets = "p"
    item = thing(g, classes, dets, subject)
    fr_first = {"take": "prendre"}.get(first) or frame(first).fr
    one = statement(clause(g, subject, first, fr_first, "past", comp=item.phrase))
    again = g.pronoun_for(subject)
    negation = g.pick(["", "", "", "not"])
    link = g.pick([("and/b", "et/b"), (",/z then/b", ",/z puis/b"), ("but/b", "mais/b")])
    if negation:
        link = ("but/b", "mais/b")
    elif link[0] == "but/b":
        link = ("and/b", "et/b")
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
    verb = frame(g.pick(["give", "show", "send", "lend", "bring", "tell", "explain"]))
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
    if g.chance(0.25) and not negation:
        c = add(c, when(g, tense))
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
    c = add(c, when(g, "past")) if g.chance(0.5) else c
    # The antecedent comes first, so that the gender of "it" is known.
    opening = _known(g, item)
    return g.say("{a} ; {s}", "{a} ; {s}", a=opening, s=statement(c))


def _known(g: Gen, item: NP) -> Phrase:
    en, fr = g.pick(
        [
            ("is/v here/h", "est/v ici/h"),
            ("is/v on/p the/d table/t", "est/v sur/p la/d table/t"),
            ("is/v in/p my/d bag/t", "est/v dans/p mon/d sac/t"),
            ("is/v very/h old/t", f"est/v très/h {'vieille' if item.gender == 'f' else 'vieux'}/t"),
        ]
    )
    return g.say(f"{{x}} {en}", f"{{x}} {fr}", x=item.phrase)


@pattern(4)
def there_again(g: Gen) -> Phrase:
    """I like this museum and I go there every Sunday."""
    subject = g.subject(you=False)
    noun = g.some("sight,library,park,restaurant,theater,swimming pool,beach,hotel")
    item = g.np(noun, "this")
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
    two = statement(add(c, when(g, verb[2])))
    return g.say("{a} and/b {c}", "{a} et/b {c}", a=one, c=two)


@pattern(3)
def some_of_it(g: Gen) -> Phrase:
    """She bought apples and she ate two of them."""
    subject = g.subject()
    noun = g.some("dish,fruit")
    item = g.np(noun, "a", True)
    verb = g.pick([("buy", "acheter"), ("find", "trouver"), ("receive", "recevoir")])
    one = statement(clause(g, subject, *verb, "past", comp=item.phrase))
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
    eat = g.pick([("eat", "manger"), ("sell", "vendre"), ("eat", "manger")])
    two = statement(clause(g, again, *eat, "past", comp=tail, clitics=(en_pron,)))
    return g.say("{a} and/b {c}", "{a} et/b {c}", a=one, c=two)


@pattern(4)
def want_it(g: Gen) -> Phrase:
    """He wants to see her; we are going to help them."""
    en, fr, kind = g.pick([o for o in HUMAN_OBJECT if o[0] not in ("find",)])
    subject = g.subject()
    np = other(g, subject)
    inner = clause(g, subject, en, fr, clitics=(object_of(g, np, kind),))
    verb, lemma, prep, to = g.pick(
        [
            ("want", "vouloir", "", True),
            ("can", "pouvoir", "", False),
            ("must", "devoir", "", False),
            ("be going", "aller", "", True),
            ("would like", "vouloir", "", True),
            ("try", "essayer", "de", True),
            ("should", "devoir", "", False),
            ("have", "devoir", "", True),
            ("decide", "décider", "de", True),
        ]
    )
    tense = "past" if verb in ("try", "decide") else "present"
    negation = "not" if verb in ("want", "can", "be going") and g.chance(0.35) else ""
    aim = infinitive(inner, prep, to)
    return statement(clause(g, subject, verb, lemma, tense, comp=aim, negation=negation))


@pattern(4)
def object_and_reason(g: Gen) -> Phrase:
    """He sold the car because it was too old: the gender of "it" is the noun's."""
    verb, classes, reasons = g.pick(
        [
            ("sell", "vehicle,house", "too old|trop vieux,too small|trop petit"),
            ("buy", "clothing,vehicle,furniture", "beautiful|beau,less expensive|moins cher"),
            ("wash", "clothing,vehicle,tableware", "dirty|sale,very dirty|très sale"),
            ("clean", "room,vehicle,furniture", "dirty|sale,too dirty|trop sale"),
            (
                "choose",
                "sofa,armchair,chair,bed",
                "comfortable|confortable,less expensive|moins cher",
            ),
            ("read", "readable", "interesting|intéressant,very interesting|très intéressant"),
            ("eat", "dish", "delicious|délicieux,fresh|frais"),
            ("carry", "carried", "heavy|lourd,too heavy|trop lourd"),
            ("repair", "machine", "broken|cassé,very old|très vieux"),
            ("buy", "book,novel", "interesting|intéressant,famous|célèbre"),
        ]
    )
    subject = g.subject()
    many = g.chance(0.25)
    negation = g.pick(["", "", "", "not"]) if verb not in ("repair", "eat") else ""
    opposite = {"dirty", "interesting", "delicious", "beautiful", "less"}
    item = g.np(g.some(classes), g.pick(["the", "the", "this"]), many)
    en, fr = g.pick(reasons.split(",")).split("|")
    if negation and (set(en.split()) & opposite or verb in ("carry", "buy", "choose")):
        negation = ""
    if verb == "carry":
        negation = "not"
    *more, adjective = fr.split()
    form = agree(adjective, item.gender, many)
    marked = " ".join(f"{w}/{i}" for i, w in enumerate(en.split()))
    french = " ".join(f"{w}/{i}" for i, w in enumerate([*more, form]))
    made = clause(g, subject, verb, frame(verb).fr, "past", comp=item.phrase, negation=negation)
    again = g.pronoun_for(item)
    why = statement(clause(g, again, "be", "être", "state", comp=g.say(marked, french)))
    return g.say("{a} because/b {c}", "{a} parce/b que/b {c}", a=statement(made), c=why)
