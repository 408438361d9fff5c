"""Verbs with infinitives, modal verbs, impersonal phrases and the subjunctive."""

from __future__ import annotations

from dataclasses import replace

from data.sample_corpus import english
from data.sample_corpus.clause import Clause, clause, infinitive, statement
from data.sample_corpus.events import add, build, chosen, pick_frame, scene, when
from data.sample_corpus.grammar import NP, Gen, key_of, pronoun_forms
from data.sample_corpus.lexicon import adjectives, verbs
from data.sample_corpus.lexicon.causes import TOO
from data.sample_corpus.lexicon.load import Frame, frame, rows
from data.sample_corpus.patterns.descriptions import be, predicate_adjective
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.words import Phrase, Words


def action(
    g: Gen, subject: NP, timing: str = "", place: float = 0.2, verb: Frame | None = None
) -> Clause:
    """Something the subject might do."""
    made = build(g, verb or pick_frame(g, "ksx", "", "HB"), "present", subject, "", place)
    return add(made, when(g, timing, made.frame.en)) if timing else made.clause


LEARNT = ("swim", "drive", "draw", "dance", "repair", "write", "read", "prepare", "sing")


@pattern(8)
def governed(g: Gen) -> Phrase:
    """She decided to learn Italian; we tried to open the box."""
    en, fr, flags = g.pick([r for r in rows(verbs.CONTROL) if "k" not in r[2]])
    verb, _, prep = fr.rpartition(" ") if fr.endswith((" de", " à")) else (fr, "", "")
    subject = g.subject()
    tense = g.pick(["present", "state"]) if "s" in flags else g.pick(["past", "past", "will"])
    timing = "will" if tense in ("present", "will") and en in ("want", "hope") else ""
    timing = timing if g.chance(0.5) else ""
    negation = ""
    if en in ("want", "like", "refuse", "need", "decide") and g.chance(0.25):
        negation = "not"
    learnt = frame(g.pick(LEARNT)) if en == "learn" else None
    aim = infinitive(action(g, subject, timing, 0.2, learnt), prep)
    return statement(clause(g, subject, en, verb, tense, comp=aim, negation=negation))


@pattern(7)
def modal(g: Gen) -> Phrase:
    """You must close the door."""
    en, fr, _ = g.pick(rows(verbs.MODALS))
    subject = g.subject()
    negation = "not" if g.chance(0.35) else ""
    able = en == "be able"
    aim = infinitive(action(g, subject), to=able)
    tense = "state" if able else "present"
    c = clause(g, subject, en, fr, tense, comp=aim, negation=negation)
    return statement(c)


@pattern(4)
def would_like(g: Gen) -> Phrase:
    """I would like to visit the castle next week."""
    subject = g.subject()
    timing = "will" if g.chance(0.5) else ""
    if g.chance(0.25):
        noun = g.some("drink,food,dish,clothing,gift")
        item = g.np(noun, "a").phrase
        return statement(clause(g, subject, "would like", "vouloir", comp=item))
    aim = infinitive(action(g, subject, timing))
    return statement(clause(g, subject, "would like", "vouloir", comp=aim))


@pattern(4)
def want_somebody_to(g: Gen) -> Phrase:
    """My mother wants me to clean my room: the subjunctive."""
    subject = g.subject()
    other = g.subject()
    if other.person == subject.person and (other.pronoun or other.person != 3):
        raise Skip
    if other.phrase.en[-1].text == subject.phrase.en[-1].text:
        raise Skip
    verb = pick_frame(g, "ksx", "", "HB")
    inner = build(g, verb, "subjunctive", other, "", 0.1).clause
    french = statement(inner).fr
    english_aim = infinitive(inner).en
    en_other = other.phrase.en
    if other.pronoun:
        en_other = _objective(other)
    tense = g.pick(["present", "present", "state"])
    negation = g.pick(["", "", "not"])
    que = g.say("x", "que/q").fr
    comp = Phrase(en_other + english_aim, que + french)
    return statement(clause(g, subject, "want", "vouloir", tense, comp=comp, negation=negation))


def _objective(np: NP) -> Words:
    """The English object form of a pronoun."""
    en, _ = pronoun_forms(key_of(np))
    return (replace(np.phrase.en[0], text=en[1], tag=""),)


@pattern(4)
def it_is_necessary(g: Gen) -> Phrase:
    """It is important that he come: il est important qu'il vienne."""
    subject = g.subject()
    verb = pick_frame(g, "ksx", "", "HB")
    inner = build(g, verb, "subjunctive", subject, "", 0.1).clause
    en, fr = g.pick(
        [
            ("it/i is/v necessary/n for/q", "il/i faut/vn que/q"),
            ("it/i is/v important/n for/q", "il/i est/v important/n que/q"),
            ("it/i was/v necessary/n for/q", "il/i fallait/vn que/q"),
            ("it/i is/v possible/n that/q", "il/i est/v possible/n que/q"),
        ]
    )
    clause_fr = statement(inner).fr
    if "possible" in en:
        comp = Phrase(statement(inner).en, clause_fr)
    else:
        who = _objective(subject) if subject.pronoun else subject.phrase.en
        comp = Phrase(who + infinitive(inner).en, clause_fr)
    return g.say(f"{en} {{c}}", f"{fr} {{c}}", c=comp)


@pattern(3)
def before(g: Gen) -> Phrase:
    """He closed the window before leaving the house."""
    subject = g.subject()
    verbs_here = [v for v in scene(g) if "x" not in v.flags]
    first, second = g.pick(verbs_here), g.pick(verbs_here)
    if first.en == second.en:
        raise Skip
    one = statement(build(g, first, "past", subject, "", 0).clause)
    aim = infinitive(build(g, second, "present", subject, "", 0).clause, "de", to=False)
    aim = _gerund(second.en, aim)
    return g.say("{a} before/b {c}", "{a} avant/b {c}", a=one, c=aim)


@pattern(3)
def without(g: Gen) -> Phrase:
    """She left without closing the door."""
    subject = g.subject("H")
    one = g.pick(
        [
            ("leave", "partir"),
            ("go out", "sortir"),
            ("go to bed", "se coucher"),
            ("come back", "revenir"),
            ("leave the house", "quitter la maison"),
            ("leave the office", "quitter le bureau"),
        ]
    )
    left = ("close", "wash", "clean", "call", "take", "help", "feed", "look at", "repair", "cut")
    second = frame(g.pick(left))
    made = build(g, second, "present", subject, "", 0)
    if made.object is None or made.clause.comp.fr[0].text in ("de", "des", "un", "une"):
        raise Skip
    aim = _gerund(second.en, infinitive(made.clause, "", to=False))
    c = clause(g, subject, one[0], one[1], "past")
    return g.say("{a} without/b {c}", "{a} sans/b {c}", a=statement(c), c=aim)


def _gerund(verb: str, aim: Phrase) -> Phrase:
    """Turn the English infinitive into its -ing form."""
    first = aim.en[0]
    return Phrase((replace(first, text=english.gerund(verb.split()[0])), *aim.en[1:]), aim.fr)


@pattern(3)
def happy_to(g: Gen) -> Phrase:
    """I am happy to see my cousin again; we were sad to leave."""
    subject = g.subject()
    en, fr = g.pick(
        [("happy", "content"), ("ready", "prêt"), ("happy", "content"), ("surprised", "surpris")]
    )
    prep = "à" if fr == "prêt" else "de"
    adjective = predicate_adjective(g, subject, en, fr)
    verb = pick_frame(g, "ks", "", "HB")
    glad = ("visit", "meet", "travel", "help", "invite", "receive", "swim", "dance", "see", "read")
    if en == "happy":
        verb = frame(g.pick((*glad, "take a walk", "go", "leave", "buy", "drive")))
    elif en == "ready":
        verb = frame(g.pick(("leave", "go", "work", "help", "sell", "study", "travel", "answer")))
    if en == "surprised":
        verb = frame(g.pick(("see", "find", "hear", "receive", "meet")))
    aim = infinitive(build(g, verb, "present", subject, "", 0.1).clause, prep)
    comp = adjective + aim
    return statement(be(g, subject, comp, g.pick(["present", "state"])))


@pattern(3)
def too_to(g: Gen) -> Phrase:
    """He is too tired to work."""
    subject = g.subject("H")
    en, fr, verbs = g.pick(rows(TOO))
    adjective = predicate_adjective(g, subject, en, fr)
    aim = infinitive(chosen(g, verbs, subject, "present"), "pour")
    comp = g.say("too/t {a} {b}", "trop/t {a} {b}", a=adjective, b=aim)
    return statement(be(g, subject, comp, g.pick(["present", "state"])))


@pattern(3)
def hard_to(g: Gen) -> Phrase:
    """It is difficult to repair this machine."""
    en, fr = g.pick(
        [
            ("difficult", "difficile"),
            ("easy", "facile"),
            ("important", "important"),
            ("possible", "possible"),
            ("impossible", "impossible"),
            ("dangerous", "dangereux"),
            ("necessary", "nécessaire"),
        ]
    )
    subject = g.pronoun("he")
    verb = pick_frame(g, "ksxi", "", "H")
    if en == "dangerous":
        verb = frame(g.pick(("swim", "drive", "run", "walk", "feed")))
    made = build(g, verb, "present", subject, "", 0.2)
    if any(w.text in ("his", "its") for w in made.clause.comp.en):
        raise Skip
    be_, est = g.pick([("is", "est"), ("was", "était"), ("will be", "sera")])
    marked = " ".join(f"{w}/v" for w in be_.split())
    return g.say(
        f"it/i {marked} {en}/a {{x}}", f"il/i {est}/v {fr}/a {{x}}", x=infinitive(made.clause, "de")
    )


PURPOSES = (
    ("close the window", "fermer la fenêtre", "sleep", "dormir"),
    ("close the door", "fermer la porte", "work", "travailler"),
    ("open the door", "ouvrir la porte", "enter", "entrer"),
    ("prepare dinner", "préparer le/x dîner/0", "eat", "manger"),
    ("sell the house", "vendre la maison", "travel", "voyager"),
    ("bring a chair", "apporter une chaise", "sit down", "s'asseoir"),
    ("buy a computer", "acheter un ordinateur", "work", "travailler"),
    ("light a candle", "allumer une bougie", "read", "lire"),
    ("buy a ball", "acheter un ballon", "play", "jouer"),
    ("make the bed", "faire le lit", "rest", "se reposer"),
    ("open the window", "ouvrir la fenêtre", "see the sea", "voir la mer"),
    ("speak slowly", "parler lentement", "understand", "comprendre"),
    ("buy a dictionary", "acheter un dictionnaire", "study", "étudier"),
    ("repair the car", "réparer la voiture", "leave", "partir"),
)


@pattern(3)
def so_that(g: Gen) -> Phrase:
    """He lights a candle so that his sister can read: "pour que" and the subjunctive."""
    subject, other = g.subject("H"), g.subject("H")
    if other.person == subject.person and (other.pronoun or other.person != 3):
        raise Skip
    en, fr, en_aim, fr_aim = g.pick(PURPOSES)
    head, *rest = en.split()
    lemma, *after = fr.split()
    comp = g.say(_numbered(rest), _numbered(after))
    one = clause(g, subject, head, lemma, g.pick(["present", "will"]), comp=comp)
    inner = clause(g, other, en_aim, fr_aim)
    can = clause(g, other, "can", "pouvoir", "subjunctive", comp=infinitive(inner, to=False))
    return g.say("{a} so/s that/s {c}", "{a} pour/s que/s {c}", a=statement(one), c=statement(can))


def _numbered(parts: list[str]) -> str:
    return " ".join(w if "/" in w else f"{w}/{i}" for i, w in enumerate(parts))


@pattern(3)
def before_they(g: Gen) -> Phrase:
    """We must leave before the guests arrive: avant que and the subjunctive."""
    subject = g.subject("H")
    one = infinitive(action(g, subject, "", 0.1), to=False)
    must = clause(g, subject, "must", "devoir", comp=one)
    other = g.subject("H")
    if other.person == subject.person and (other.pronoun or other.person != 3):
        raise Skip
    verb = g.pick(
        [
            ("arrive", "arriver"),
            ("leave", "partir"),
            ("come back", "revenir"),
            ("wake up", "se réveiller"),
        ]
    )
    two = clause(g, other, *verb, "subjunctive")
    return g.say("{a} before/b {c}", "{a} avant/b que/b {c}", a=statement(must), c=statement(two))


@pattern(3)
def glad_that(g: Gen) -> Phrase:
    """I am happy that you are here: the subjunctive after a feeling."""
    subject = g.subject("H")
    other = g.subject("H")
    if other.person == subject.person and (other.pronoun or other.person != 3):
        raise Skip
    en, fr = g.pick([("happy", "content"), ("sad", "triste"), ("surprised", "surpris")])
    comp = predicate_adjective(g, subject, en, fr)
    kind = g.rng.random()
    if kind < 0.3:
        two = clause(g, other, "be", "être", "subjunctive", comp=g.say("here", "ici"))
    elif kind < 0.6:
        state = g.pick([r for r in rows(adjectives.STATES) if r[0] not in ("happy", "surprised")])
        two = be(g, other, predicate_adjective(g, other, *state), "subjunctive")
    else:
        verb, french = g.pick(
            [("leave", "partir"), ("live here", "habiter ici"), ("cry", "pleurer")]
        )
        two = clause(g, other, verb, french, "subjunctive")
    comp = g.say("{a} that/q {c}", "{a} que/q {c}", a=comp, c=statement(two))
    return statement(be(g, subject, comp, g.pick(["present", "present"])))
