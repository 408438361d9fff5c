"""Subordinate and relative clauses."""

from __future__ import annotations

from dataclasses import replace

from data.sample_corpus.clause import clause, predicate, statement
from data.sample_corpus.events import SEVERAL, Event, add, build, caused, chosen, pick_frame
from data.sample_corpus.grammar import NP, Gen
from data.sample_corpus.lexicon import adjectives
from data.sample_corpus.lexicon.causes import CAUSES, DONT, NEEDS, REAL_MEANS
from data.sample_corpus.lexicon.load import ADJECTIVES, frame, members, rows
from data.sample_corpus.lexicon.uses import AT_HOME, AWAY, HOPES, ON_RETURN, ON_WAKING, YOUNG
from data.sample_corpus.patterns.descriptions import GROWN, LYING, be, predicate_adjective, where
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.times import when
from data.sample_corpus.words import Phrase


def happening(g: Gen, tense: str, subject: NP, place: float = 0.2) -> Event:
    """Something that somebody does."""
    use = {"past": "p", "was": "g", "progressive": "g", "will": "f"}[tense]
    return build(g, pick_frame(g, use, "HY"), tense, subject, "", place)


def not_same(first: NP, second: NP) -> None:
    """Refuse two subjects that a reader would mix up."""
    if first.person == second.person and (first.person != 3 or first.pronoun or second.pronoun):
        raise Skip
    if first.phrase.en[-1].text == second.phrase.en[-1].text:
        raise Skip


PEOPLE = {noun.en for noun in members("family,person")}


def apart(one: Phrase, two: Phrase) -> None:
    """Refuse two clauses in which the same relative or stranger is spoken of."""
    if PEOPLE & {w.text for w in one.en} & {w.text for w in two.en}:
        raise Skip


@pattern(5)
def who_relative(g: Gen) -> Phrase:
    """The man who is reading the newspaper is my uncle."""
    tense, use = g.pick([("progressive", "g"), ("past", "p"), ("present", "")])
    noun = g.some("person,profession,youth" if use else "profession")
    many = g.chance(0.1)
    head = g.np(noun, "the", many, g.adjective(noun, known=True) if g.chance(0.1) else None)
    # A baker may well work in Paris, but not at the hospital.
    home = frame(g.pick(["work", "live"]))._replace(complements=("l2",))
    verb = pick_frame(g, use, "HY") if use else home
    if verb.en == "build":
        raise Skip
    inner = predicate(build(g, verb, tense, head).clause)
    phrase = g.say("{h} who/w {r}", "{h} qui/w {r}", h=head.phrase, r=inner)
    subject = replace(head, phrase=phrase)
    draw = g.rng.random()
    if draw < 0.45 and not many:
        relative = g.some("brother,sister,uncle,aunt,cousin,friend,neighbor,nephew,niece,son")
        if relative.gender != noun.gender or (noun in members("kid") and relative.en in GROWN):
            raise Skip
        owner = g.pronoun(g.pick(["I", "he", "she", "we"]))
        comp = g.np(relative, "poss", False, None, owner).phrase
        return statement(be(g, subject, comp))
    if draw < 0.7:
        known = ("tall", "young", "kind", "polite", "shy")
        en, fr = g.pick([r for r in rows(adjectives.CHARACTERS) if r[0] in known])
        if en in {w.text for w in phrase.en}:
            raise Skip
        return statement(be(g, subject, predicate_adjective(g, head, en, fr), "present"))
    knower = g.subject()
    c = clause(g, knower, "know", "connaître", "present", comp=phrase)
    if g.chance(0.4):
        c = replace(c, negation="not")
    return statement(c)


@pattern(6)
def that_relative(g: Gen) -> Phrase:
    """The letters that I received yesterday are on the table."""
    verb, classes = g.pick(
        [
            ("buy", "clothing,furniture,bicycle,car,boat,book,novel,lamp,umbrella,watch,suitcase"),
            ("find", "small"),
            ("receive", "letter,gift,message,photo"),
            ("read", "readable"),
            ("write", "letter,poem,article,message"),
            ("repair", "machine"),
            ("choose", "clothing,present"),
            ("lose", "small"),
            ("look for", "small"),
            ("forget", "small"),
            ("draw", "flower,horse,house"),
        ]
    )
    noun = g.some(classes)
    many = g.chance(0.35) and noun.en in SEVERAL
    adjective = g.adjective(noun, known=True) if g.chance(0.15) else None
    head = g.np(noun, "the", many, adjective)
    maker = g.subject()
    entry = frame(verb)
    c = clause(g, maker, entry.en, entry.fr, "past", agreement=(head.gender, many))
    if g.chance(0.3):
        c = add(c, when(g, "past", "dne"))
    relative = g.say("{h} that/q {r}", "{h} que/q {r}", h=head.phrase, r=statement(c))
    subject = replace(head, phrase=relative)
    draw = g.rng.random()
    if draw < 0.35 and noun.en in LYING and verb not in ("lose", "look for", "draw"):
        return statement(be(g, subject, where(g, noun)))
    if draw < 0.7:
        # "The interesting letter is interesting" says too much.
        if len(head.phrase.en) > 2:
            raise Skip
        other = g.adjective(noun, False)
        if other is None or other.en in ("good", "old", "big", "small", "new", "light", "simple"):
            raise Skip
        comp = predicate_adjective(g, head, other.en, other.fr)
        return statement(be(g, subject, comp, g.pick(["present", "state"])))
    en, fr, tense = g.pick(
        [
            ("like", "aimer", "present"),
            ("lose", "perdre", "past"),
            ("find", "trouver", "past"),
            ("see", "voir", "past"),
            ("look for", "chercher", "progressive"),
        ]
    )
    # What one likes, the other bought or made; what one lost, the other finds.
    if en in ("lose", "find", "look for") and noun not in members("small"):
        raise Skip
    if en == "like" and verb in ("find", "lose", "look for", "forget", "repair"):
        raise Skip
    if entry.en == en or {entry.en, en} <= {"lose", "look for", "forget"}:
        raise Skip
    somebody = g.subject()
    not_same(maker, somebody)
    return statement(clause(g, somebody, en, fr, tense, comp=relative))


@pattern(3)
def where_relative(g: Gen) -> Phrase:
    """The town where I was born is very quiet."""
    noun = g.some("city,village,house,hotel,school,apartment")
    head = g.np(noun)
    kinds = {
        "school": [("work", "travailler"), ("study", "étudier")],
        "hotel": [("work", "travailler"), ("sleep", "dormir"), ("stay", "rester")],
    }
    en, fr = g.pick(kinds.get(noun.en, [("live", "habiter"), ("be born", "naître")]))
    tense = {"be born": "past", "sleep": "past", "stay": "past"}.get(en) or g.pick(
        ["present", "state"]
    )
    inner = statement(clause(g, g.subject(), en, fr, tense))
    phrase = g.say("{h} where/w {r}", "{h} où/w {r}", h=head.phrase, r=inner)
    subject = replace(head, phrase=phrase)
    choice = g.pick(
        [
            ("small", "petit"),
            ("old", "vieux"),
            ("quiet", "calme"),
            ("beautiful", "beau"),
            ("big", "grand"),
            ("modern", "moderne"),
        ]
    )
    if en == "be born" and choice[0] == "modern":
        raise Skip
    comp = predicate_adjective(g, head, *choice)
    if g.chance(0.4):
        comp = g.say("very/v {x}", "très/v {x}", x=comp)
    return statement(be(g, subject, comp, "state" if tense == "state" else "present"))


@pattern(3)
def dont_relative(g: Gen) -> Phrase:
    """The dictionary that I need is at home: "dont"."""
    en, fr, classes, adjectives_of = g.pick(rows(DONT))
    noun = g.some(classes)
    many = noun.en in SEVERAL and g.chance(0.2)
    head = g.np(noun, "the", many)
    tense = "progressive" if en == "talk about" else g.pick(["present", "state"])
    if en in ("remember", "dream about"):
        tense = "present"
    inner = statement(clause(g, g.subject(), en, fr, tense))
    phrase = g.say("{h} that/w {r}", "{h} dont/w {r}", h=head.phrase, r=inner)
    subject = replace(head, phrase=phrase)
    now = "state" if tense == "state" else "present"
    if adjectives_of == "where":
        return statement(be(g, subject, where(g, noun), now))
    fitting = [a for a in ADJECTIVES if a.en in adjectives_of.split(",")]
    adjective = g.pick(fitting)
    comp = predicate_adjective(g, head, adjective.en, adjective.fr)
    return statement(be(g, subject, comp, now))


@pattern(6)
def says_that(g: Gen) -> Phrase:
    """I think that she is tired."""
    en, fr = g.pick(
        [
            ("think", "penser"),
            ("know", "savoir"),
            ("say", "dire"),
            ("hope", "espérer"),
            ("believe", "croire"),
            ("think", "penser"),
        ]
    )
    subject, other = g.subject("F"), g.subject("F")
    not_same(subject, other)
    draw = g.rng.random()
    if draw < 0.35 and en != "hope":
        told = rows(adjectives.STATES + adjectives.CHARACTERS.lstrip())
        en_a, fr_a = g.pick([r for r in told if r[0] not in ("famous", "tall", "alone")])
        inner = statement(be(g, other, predicate_adjective(g, other, en_a, fr_a)))
    elif draw < 0.7 and en != "hope":
        inner = statement(happening(g, "past", other).clause)
    else:
        hoped = chosen(g, HOPES, other, "will", 0.1)
        made = hoped if en == "hope" else happening(g, "will", other)
        letters = "".join(letter for letter in made.frame.times if letter in "dnewy")
        inner = statement(add(made, when(g, "will", letters)) if letters else made.clause)
    main = clause(g, subject, en, fr, g.pick(["present", "present", "state"]))
    if en == "say":
        if subject.person == 1:
            raise Skip
        main = replace(main, tense="present")
    if main.tense == "state" and en == "hope":
        main = replace(main, tense="present")
    if main.tense == "state":
        inner = statement(be(g, other, predicate_adjective(g, other, *random_state(g)), "state"))
    apart(main.subject.phrase, inner)
    return g.say("{a} that/q {c}", "{a} que/q {c}", a=statement(main), c=inner)


def random_state(g: Gen) -> tuple[str, str]:
    """A passing state, in both languages."""
    en, fr = g.pick(rows(adjectives.STATES))
    return en, fr


@pattern(5)
def when_past(g: Gen) -> Phrase:
    """When I arrived, the children were playing in the garden."""
    first, second = g.subject(), g.subject()
    not_same(first, second)
    en, fr = g.pick(
        [
            ("arrive", "arriver"),
            ("come back", "revenir"),
            ("wake up", "se réveiller"),
            ("call", "appeler"),
            ("leave", "partir"),
            ("come home", "rentrer"),
        ]
    )
    g.plain = True
    away = en in ("arrive", "call", "come back") and g.chance(0.4)
    one = statement(clause(g, first, en, fr, "past"))
    two = statement(chosen(g, AWAY if away else AT_HOME, second, "was").clause)
    apart(one, two)
    if g.chance(0.5):
        return g.say("when/w {a} , {c}", "quand/w {a} , {c}", a=one, c=two)
    return g.say("{c} when/w {a}", "{c} quand/w {a}", a=one, c=two)


@pattern(4)
def while_past(g: Gen) -> Phrase:
    """While the baby was sleeping, his mother read a book."""
    g.plain = True
    first, second = g.subject(), g.subject()
    not_same(first, second)
    act = g.pick([AT_HOME, AT_HOME, AWAY])
    one_event = chosen(g, AT_HOME, first, "was")
    two_event = chosen(g, act, second, "was")
    if one_event.frame.en == two_event.frame.en:
        raise Skip
    one, two = statement(one_event.clause), statement(two_event.clause)
    apart(one, two)
    if g.chance(0.4):
        return g.say("while/w {a} , {c}", "pendant/w que/w {a} , {c}", a=one, c=two)
    return g.say("{c} while/w {a}", "{c} pendant/w que/w {a}", a=one, c=two)


@pattern(3)
def already_gone(g: Gen) -> Phrase:
    """When we arrived at the station, the train had already left."""
    first = g.subject()
    g.plain = True
    place = g.say("at/a the/b station/c", "à/a la/b gare/c")
    arrive = clause(g, first, "arrive", "arriver", "past")
    if g.chance(0.4):
        second = g.np(g.some("train,train,bus,plane,boat"))
        if second.phrase.en[-1].text in ("train", "bus") and g.chance(0.5):
            arrive = replace(arrive, comp=place)
        late = clause(g, second, "leave", "partir", "had")
    else:
        second = g.subject()
        not_same(first, second)
        done = (
            "leave:,eat:,go to bed:,fall asleep:,clean:o cleaned d,wash:o plate+glass+cup D,"
            "prepare:x dinner/a=le/b dîner/a,open:o window+door+letter+gift d,"
            "close:o window+door d,"
            "sell:o car+bicycle+boat p,repair:o car+bicycle+radio d,cut:o cake+bread+meat d"
        )
        late = chosen(g, done, second, "had").clause
    late = replace(late, adverb=g.say("already/a", "déjà/a"))
    return g.say("when/w {a} , {c}", "quand/w {a} , {c}", a=statement(arrive), c=statement(late))


@pattern(3)
def when_young(g: Gen) -> Phrase:
    """When I was young, I used to play in the forest."""
    subject = g.subject()
    again = g.pronoun_for(subject)
    adjective = g.pick(["young|jeune", "little|petit"]).split("|")
    comp = predicate_adjective(g, subject, *adjective)
    if g.chance(0.3):
        comp = g.say("a/a child/c", "enfant/c" if not subject.many else "enfants/c")
        if subject.many:
            comp = g.say("children/c", "enfants/c")
    one = statement(be(g, subject, comp, "state"))
    g.plain = True
    made = chosen(g, YOUNG, again, "used")
    outdoors = made.frame.en in ("swim", "go", "travel", "take a walk")
    yearly = outdoors and g.chance(0.5)
    two = statement(add(made, when(g, "used", "y")) if yearly else made.clause)
    return g.say("when/w {a} , {c}", "quand/w {a} , {c}", a=one, c=two)


@pattern(6)
def because(g: Gen) -> Phrase:
    """She went to bed early because she was tired."""
    g.plain = True
    subject = g.subject()
    again = g.pronoun_for(subject)
    reason, act = caused(g, again, subject, "state", "past", CAUSES)
    return g.say(
        "{a} because/b {c}", "{a} parce/b que/b {c}", a=statement(act), c=statement(reason)
    )


@pattern(3)
def because_weather(g: Gen) -> Phrase:
    """They stayed at home because it was raining."""
    first = g.pick(
        [
            ("stay at home", "rester à la maison", "past"),
            ("take an umbrella", "prendre un parapluie", "past"),
            ("come back early", "revenir tôt", "past"),
            ("close the windows", "fermer les fenêtres", "past"),
            ("wear a coat", "porter un manteau", "was"),
            ("take a taxi", "prendre un taxi", "past"),
            ("cancel the trip", "annuler le voyage", "past"),
            ("play in the living room", "jouer dans le salon", "past"),
        ]
    )
    subject = g.subject("Y" if "play" in first[0] else "H")
    reason = g.pick(
        [
            ("it/i was/r raining/r", "il/i pleuvait/r"),
            ("it/i was/v cold/c", "il/i faisait/v froid/c"),
            ("it/i was/s snowing/s", "il/i neigeait/s"),
            ("it/i was/v very/d cold/c", "il/i faisait/v très/d froid/c"),
            ("it/i was/r raining/r a/a lot/a", "il/i pleuvait/r beaucoup/a"),
        ]
    )
    if ("umbrella" in first[0] and "raining" not in reason[0]) or (
        "coat" in first[0] and "raining" in reason[0]
    ):
        raise Skip
    return g.say(
        "{a} because/b {c}",
        "{a} parce/b que/b {c}",
        a=statement(clause(g, subject, *first)),
        c=g.say(*reason),
    )


@pattern(3)
def after_having(g: Gen) -> Phrase:
    """When she comes home, she will prepare dinner: the French future after "quand"."""
    subject = g.subject()
    again = g.pronoun_for(subject)
    if g.chance(0.5):
        state, act = caused(g, subject, again, "future", "will", g.pick([REAL_MEANS, NEEDS]))
        return g.say("when/w {a} , {c}", "quand/w {a} , {c}", a=statement(state), c=statement(act))
    en, fr, acts = g.pick(
        [
            ("come back", "revenir", ON_RETURN),
            ("come home", "rentrer", ON_RETURN),
            ("wake up", "se réveiller", ON_WAKING),
        ]
    )
    one = statement(clause(g, subject, en, fr, "future"))
    two = statement(chosen(g, acts, again, "will", 0).clause)
    return g.say("when/w {a} , {c}", "quand/w {a} , {c}", a=one, c=two)


@pattern(3)
def asks_if(g: Gen) -> Phrase:
    """I do not know where she lives; he wonders why we left."""
    subject, other = g.subject("F"), g.subject("F")
    not_same(subject, other)
    word, mot, en, fr, tense = g.pick(
        [
            ("where", "où", "live", "habiter", "present"),
            ("where", "où", "work", "travailler", "present"),
            ("where", "où", "go", "aller", "past"),
            ("why", "pourquoi", "leave", "partir", "past"),
            ("why", "pourquoi", "cry", "pleurer", "progressive"),
            ("why", "pourquoi", "laugh", "rire", "progressive"),
            ("when", "quand", "come back", "revenir", "will"),
            ("when", "quand", "arrive", "arriver", "past"),
            ("if", "si", "come", "venir", "will"),
            ("if", "si", "leave", "partir", "will"),
            ("how", "comment", "come", "venir", "past"),
        ]
    )
    inner = clause(g, other, en, fr, tense)
    if tense in ("past", "will") and word not in ("when", "how") and g.chance(0.4):
        inner = add(inner, when(g, tense, "dne"))
    ask = g.pick([("know", "savoir", "not"), ("wonder", "se demander", ""), ("know", "savoir", "")])
    main = clause(g, subject, ask[0], ask[1], "present", negation=ask[2])
    if ask[2] == "" and ask[0] == "know" and word == "if":
        raise Skip
    return g.say(
        f"{{a}} {word}/w {{c}}", f"{{a}} {mot}/w {{c}}", a=statement(main), c=statement(inner)
    )
