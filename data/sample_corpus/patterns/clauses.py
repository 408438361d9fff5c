"""Subordinate and relative clauses."""

from __future__ import annotations

from dataclasses import replace

from data.sample_corpus.clause import clause, predicate, statement
from data.sample_corpus.events import Event, add, build, caused, pick_frame, scene, when
from data.sample_corpus.grammar import NP, Gen
from data.sample_corpus.lexicon import adjectives
from data.sample_corpus.lexicon.causes import CAUSES, REAL_MEANS
from data.sample_corpus.lexicon.load import Frame, frame, members, rows
from data.sample_corpus.patterns.descriptions import be, predicate_adjective, where
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.words import Phrase


def happening(
    g: Gen, tense: str, subject: NP, place: float = 0.2, among: list[Frame] | None = None
) -> Event:
    """Something that somebody does, perhaps one of the verbs of a scene."""
    without = "ks" + {"was": "nx", "progressive": "nx", "will": "x", "would": "xn"}.get(tense, "")
    if among:
        verb = g.pick([f for f in among if not set(f.flags) & set(without)])
    else:
        verb = pick_frame(g, without, "", "HB")
    return build(g, verb, tense, subject, "", place)


def not_same(first: NP, second: NP) -> None:
    """Refuse two subjects that a reader would mix up."""
    if first.person == second.person and (first.person != 3 or first.pronoun or second.pronoun):
        raise Skip
    if first.phrase.en[-1].text == second.phrase.en[-1].text:
        raise Skip


@pattern(5)
def who_relative(g: Gen) -> Phrase:
    """The man who is reading the newspaper is my uncle."""
    noun = g.some("person,profession,youth")
    many = g.chance(0.2)
    head = g.np(noun, "the", many, g.adjective(noun) if g.chance(0.1) else None)
    tense = g.pick(["progressive", "past", "present"])
    verb = pick_frame(g, "ks" + {"progressive": "n", "present": "nu"}.get(tense, ""), "", "HB")
    usual = tense == "present"
    inner = predicate(build(g, verb, tense, head, "", 0.2, usual).clause)
    phrase = g.say("{h} who/w {r}", "{h} qui/w {r}", h=head.phrase, r=inner)
    subject = replace(head, phrase=phrase)
    draw = g.rng.random()
    if draw < 0.45 and not many:
        relative = g.some("brother,sister,uncle,aunt,cousin,friend,neighbor,nephew,niece,son")
        if relative.gender != noun.gender:
            raise Skip
        owner = g.pronoun(g.pick(["I", "he", "she", "we"]))
        comp = g.np(relative, "poss", False, None, owner).phrase
        return statement(be(g, subject, comp))
    if draw < 0.7:
        en, fr = g.pick(rows(adjectives.CHARACTERS))
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
            ("buy", "clothing,thing,furniture,vehicle"),
            ("find", "small,clothing"),
            ("receive", "letter,gift,message"),
            ("read", "readable"),
            ("write", "letter,novel,poem"),
            ("repair", "machine"),
            ("choose", "clothing,gift"),
            ("lose", "small"),
            ("break", "tableware,mirror"),
            ("wash", "clothing,tableware"),
            ("look for", "small"),
            ("hide", "gift,key,letter"),
        ]
    )
    noun = g.some(classes)
    many = g.chance(0.35) and verb != "repair"
    head = g.np(noun, "the", many, g.adjective(noun) if g.chance(0.15) else None)
    maker = g.subject()
    entry = frame(verb)
    agreement = (head.gender, many)
    c = clause(g, maker, entry.en, entry.fr, "past", agreement=agreement)
    if g.chance(0.3):
        c = add(c, when(g, "past"))
    relative = g.say("{h} that/q {r}", "{h} que/q {r}", h=head.phrase, r=statement(c))
    subject = replace(head, phrase=relative)
    draw = g.rng.random()
    portable = {n.en for n in members("small,tableware,readable,gift")} - {"bicycle"}
    if draw < 0.35 and noun.en in portable:
        return statement(be(g, subject, where(g)))
    if draw < 0.7:
        # "The interesting letter is interesting" says too much.
        if len(head.phrase.en) > 2:
            raise Skip
        adjective = g.adjective(noun, False)
        if adjective is None or adjective.en in ("good", "old", "big", "young", "famous", "new"):
            raise Skip
        tense = g.pick(["present", "state"])
        comp = predicate_adjective(g, head, adjective.en, adjective.fr)
        return statement(be(g, subject, comp, tense))
    en, fr, tense = g.pick(
        [
            ("like", "aimer", "present"),
            ("lose", "perdre", "past"),
            ("find", "trouver", "past"),
            ("see", "voir", "past"),
            ("look for", "chercher", "progressive"),
        ]
    )
    if (en in ("lose", "find") and set("VSR") & set(noun.adjectives)) or entry.en == en:
        raise Skip
    other = g.subject()
    not_same(maker, other)
    return statement(clause(g, other, en, fr, tense, comp=relative))


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
    comp = predicate_adjective(g, head, *choice)
    if g.chance(0.4):
        comp = g.say("very/v {x}", "très/v {x}", x=comp)
    return statement(be(g, subject, comp, "state" if tense == "state" else "present"))


@pattern(3)
def dont_relative(g: Gen) -> Phrase:
    """The dictionary that I need is at home: "dont"."""
    en, fr, classes = g.pick(
        [
            ("need", "avoir besoin", "thing,small"),
            ("need", "avoir besoin", "clothing,tableware"),
            ("talk about", "parler", "film,novel,book,museum,city,problem,trip"),
            ("be afraid of", "avoir peur", "dog,wolf,bear,snake,lion"),
            ("remember", "se souvenir", "song,trip,story,house"),
            ("dream about", "rêver", "house,trip,car,castle,island"),
        ]
    )
    noun = g.some(classes)
    head = g.np(noun, "the", g.chance(0.2))
    tense = "progressive" if en == "talk about" else g.pick(["present", "state"])
    if en in ("remember", "dream about"):
        tense = "present"
    inner = statement(clause(g, g.subject(), en, fr, tense))
    phrase = g.say("{h} that/w {r}", "{h} dont/w {r}", h=head.phrase, r=inner)
    subject = replace(head, phrase=phrase)
    adjective = g.adjective(noun, False)
    if adjective is None or adjective.en in ("good", "old", "new", "young", "fresh"):
        raise Skip
    comp = predicate_adjective(g, head, adjective.en, adjective.fr)
    return statement(be(g, subject, comp, "state" if tense == "state" else "present"))


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
    subject = g.subject()
    other = g.subject()
    not_same(subject, other)
    draw = g.rng.random()
    if draw < 0.35 and en != "hope":
        en_a, fr_a = g.pick(rows(adjectives.STATES + adjectives.CHARACTERS.lstrip()))
        inner = statement(be(g, other, predicate_adjective(g, other, en_a, fr_a)))
    elif draw < 0.7 and en != "hope":
        inner = statement(happening(g, "past", other).clause)
    else:
        made = happening(g, "will", other)
        inner = statement(add(made, when(g, "will", made.frame.en)))
    main = clause(g, subject, en, fr, g.pick(["present", "present", "state"]))
    if en == "say":
        if subject.person == 1:
            raise Skip
        main = replace(main, tense="present")
    if main.tense == "state" and en == "hope":
        main = replace(main, tense="present")
    if main.tense == "state":
        inner = statement(be(g, other, predicate_adjective(g, other, *random_state(g)), "state"))
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
            ("enter the living room", "entrer dans le salon"),
            ("wake up", "se réveiller"),
            ("call", "appeler"),
            ("leave", "partir"),
            ("open the door", "ouvrir la porte"),
        ]
    )
    one = statement(clause(g, first, en, fr, "past"))
    two = statement(happening(g, "was", second, 0.2, scene(g)).clause)
    if g.chance(0.5):
        return g.say("when/w {a} , {c}", "quand/w {a} , {c}", a=one, c=two)
    return g.say("{c} when/w {a}", "{c} quand/w {a}", a=one, c=two)


@pattern(4)
def while_past(g: Gen) -> Phrase:
    """While the baby was sleeping, his mother read a book."""
    first, second = g.subject(), g.subject()
    not_same(first, second)
    verbs = scene(g)
    one_event = happening(g, "was", first, 0, verbs)
    two_event = happening(g, g.pick(["was", "past"]), second, 0, verbs)
    if one_event.frame.en == two_event.frame.en:
        raise Skip
    one, two = statement(one_event.clause), statement(two_event.clause)
    if g.chance(0.4):
        return g.say("while/w {a} , {c}", "pendant/w que/w {a} , {c}", a=one, c=two)
    return g.say("{c} while/w {a}", "{c} pendant/w que/w {a}", a=one, c=two)


@pattern(3)
def already_gone(g: Gen) -> Phrase:
    """When we arrived at the station, the train had already left."""
    first = g.subject()
    g.plain = True
    place = g.say("at/a the/b station/c", "à/a la/b gare/c")
    arrive = clause(
        g, first, "arrive", "arriver", "past", comp=place if g.chance(0.4) else Phrase()
    )
    if g.chance(0.4):
        second = g.np(g.some("train,bus,plane,boat"))
        late = clause(g, second, "leave", "partir", "had")
    else:
        second = g.subject()
        not_same(first, second)
        names = ("leave", "eat", "go to bed", "fall asleep", "clean", "wash", "prepare", "open")
        verb = frame(g.pick(names))
        if verb.en == "eat":
            verb = verb._replace(complements=())
        late = build(g, verb, "had", second, "", 0).clause
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
    verb = pick_frame(g, "knusx", "", "HB")
    if verb.en in ("drive", "work", "repair", "build", "drink"):
        raise Skip
    made = build(g, verb, "used", again, usual=True)
    two = statement(add(made, when(g, "used")) if g.chance(0.3) else made.clause)
    return g.say("when/w {a} , {c}", "quand/w {a} , {c}", a=one, c=two)


@pattern(6)
def because(g: Gen) -> Phrase:
    """She went to bed early because she was tired."""
    subject = g.subject()
    again = g.pronoun_for(subject)
    reason, act = caused(g, again, subject, "state", "past", CAUSES)
    return g.say(
        "{a} because/b {c}", "{a} parce/b que/b {c}", a=statement(act), c=statement(reason)
    )


@pattern(3)
def because_weather(g: Gen) -> Phrase:
    """They stayed at home because it was raining."""
    subject = g.subject()
    first = g.pick(
        [
            ("stay at home", "rester à la maison", "past"),
            ("take the umbrella", "prendre le parapluie", "past"),
            ("come back early", "revenir tôt", "past"),
            ("close the windows", "fermer les fenêtres", "past"),
            ("wear a coat", "porter un manteau", "was"),
            ("take a taxi", "prendre un taxi", "past"),
            ("cancel the trip", "annuler le voyage", "past"),
            ("play in the living room", "jouer dans le salon", "past"),
        ]
    )
    reason = g.pick(
        [
            ("it/i was/r raining/r", "il/i pleuvait/r"),
            ("it/i was/v cold/c", "il/i faisait/v froid/c"),
            ("it/i was/s snowing/s", "il/i neigeait/s"),
            ("it/i was/v very/d cold/c", "il/i faisait/v très/d froid/c"),
            ("it/i was/r raining/r a/a lot/a", "il/i pleuvait/r beaucoup/a"),
        ]
    )
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
        state, act = caused(
            g, subject, again, "future", "will", g.pick([REAL_MEANS, REAL_MEANS, CAUSES])
        )
        return g.say("when/w {a} , {c}", "quand/w {a} , {c}", a=statement(state), c=statement(act))
    en, fr = g.pick([("arrive", "arriver"), ("come back", "revenir"), ("wake up", "se réveiller")])
    one = clause(g, subject, en, fr, "future")
    home = [f for f in scene(g) if f.en not in ("wake up", "get up")]
    two = statement(happening(g, "will", again, 0.1, home).clause)
    return g.say("when/w {a} , {c}", "quand/w {a} , {c}", a=statement(one), c=two)


@pattern(3)
def asks_if(g: Gen) -> Phrase:
    """I do not know where she lives; he wonders why we left."""
    subject, other = g.subject(), g.subject()
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
    if tense in ("past", "will") and g.chance(0.4):
        inner = add(inner, when(g, tense))
    ask = g.pick([("know", "savoir", "not"), ("wonder", "se demander", ""), ("know", "savoir", "")])
    main = clause(g, subject, ask[0], ask[1], "present", negation=ask[2])
    if ask[2] == "" and ask[0] == "know" and word == "if":
        raise Skip
    return g.say(
        f"{{a}} {word}/w {{c}}", f"{{a}} {mot}/w {{c}}", a=statement(main), c=statement(inner)
    )
