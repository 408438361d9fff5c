"""Verbs with infinitives, modal verbs, impersonal phrases and the subjunctive."""

from __future__ import annotations

from dataclasses import replace

from data.sample_corpus import english
from data.sample_corpus.clause import Clause, clause, infinitive, statement
from data.sample_corpus.events import Event, add, build, chosen, pick_frame, suits
from data.sample_corpus.grammar import NP, Gen, key_of, pronoun_forms
from data.sample_corpus.lexicon.causes import TOO
from data.sample_corpus.lexicon.load import rows
from data.sample_corpus.lexicon.uses import (
    ABLE,
    BEFORE,
    CONTROL,
    DONE,
    DUTIES,
    FEELINGS,
    FORBIDDEN,
    IMPERSONAL,
    IN_TIME,
    UNABLE,
    WITHOUT,
)
from data.sample_corpus.patterns.clauses import not_same
from data.sample_corpus.patterns.descriptions import be, predicate_adjective
from data.sample_corpus.patterns.registry import Skip, pattern
from data.sample_corpus.times import when
from data.sample_corpus.words import Phrase, Words


def wanted(verb: str) -> str:
    """The list of what one wants, hopes or likes to do."""
    return next(row[3] for row in rows(CONTROL) if row[0] == verb)


def to_come(g: Gen, made: Event, chance: float = 0.5) -> Clause:
    """Something wished for, perhaps at a time to come."""
    letters = "".join(letter for letter in made.frame.times if letter in "dnewy")
    if letters and g.chance(chance):
        return add(made, when(g, "will", letters))
    return made.clause


@pattern(8)
def governed(g: Gen) -> Phrase:
    """She decided to learn Italian; we tried to open the box."""
    en, fr, flags, acts, refused = g.pick(rows(CONTROL))
    verb, _, prep = fr.rpartition(" ") if fr.endswith((" de", " à")) else (fr, "", "")
    subject = g.subject()
    tense = g.pick(["present", "state"]) if "s" in flags else g.pick(["past", "past", "will"])
    if "s" not in flags and en != "try":
        tense = "past"
    negation = "not" if refused and g.chance(0.25) else ""
    if acts == "@":
        made = build(g, pick_frame(g, "h", "HY"), "present", subject, "", 0.1, negation)
    else:
        made = chosen(g, refused if negation else acts, subject, "present", 0.1, negation)
    timing = 0.5 if en in ("want", "hope") and tense == "present" else 0
    aim = infinitive(to_come(g, made, timing), prep)
    return statement(clause(g, subject, en, verb, tense, comp=aim, negation=negation))


@pattern(7)
def modal(g: Gen) -> Phrase:
    """You must close the door."""
    en, fr, tense, acts, denied = g.pick(MODALS)
    subject = g.subject()
    negation = "not" if g.chance(0.35) else ""
    made = chosen(g, denied if negation else acts, subject, "present", 0.1, negation).clause
    aim = infinitive(made, to=en == "be able")
    c = clause(g, subject, en, fr, tense, comp=aim, negation=negation)
    return statement(c)


# english | french | tense | what one so does | what one does not
MODALS = (
    ("can", "pouvoir", "present", ABLE, UNABLE),
    ("be able", "pouvoir", "past", DONE, DONE),
    ("must", "devoir", "present", DUTIES, FORBIDDEN),
    ("should", "devoir", "present", DUTIES, FORBIDDEN),
)


@pattern(4)
def would_like(g: Gen) -> Phrase:
    """I would like to visit the castle next week."""
    subject = g.subject(you=False)
    if g.chance(0.25):
        noun = g.some("drink,food,snack,clothing,present")
        if not suits(noun, subject):
            raise Skip
        item = g.np(noun, "a").phrase
        return statement(clause(g, subject, "would like", "vouloir", comp=item))
    aim = infinitive(to_come(g, chosen(g, wanted("want"), subject, "present", 0.1)))
    return statement(clause(g, subject, "would like", "vouloir", comp=aim))


@pattern(4)
def want_somebody_to(g: Gen) -> Phrase:
    """My mother wants me to clean my room: the subjunctive."""
    subject = g.subject("F")
    other = g.subject("F")
    not_same(subject, other)
    inner = chosen(g, DUTIES, other, "subjunctive", 0.1).clause
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
    en, fr = g.pick(
        [
            ("it/i is/v necessary/n for/q", "il/i faut/vn que/q"),
            ("it/i is/v important/n for/q", "il/i est/v important/n que/q"),
            ("it/i was/v necessary/n for/q", "il/i fallait/vn que/q"),
            ("it/i is/v possible/n that/q", "il/i est/v possible/n que/q"),
        ]
    )
    if "possible" in en:
        inner = build(g, pick_frame(g, "f", "HY"), "subjunctive", subject, "", 0.1).clause
    else:
        inner = chosen(g, DUTIES, subject, "subjunctive", 0.1).clause
    clause_fr = statement(inner).fr
    if "possible" in en:
        comp = Phrase(statement(replace(inner, tense="will")).en, clause_fr)
    else:
        who = _objective(subject) if subject.pronoun else subject.phrase.en
        comp = Phrase(who + infinitive(inner).en, clause_fr)
    return g.say(f"{en} {{c}}", f"{fr} {{c}}", c=comp)


@pattern(3)
def before(g: Gen) -> Phrase:
    """He closed the window before leaving the house."""
    subject = g.subject()
    earlier, later = g.pick(rows(BEFORE))
    one = statement(chosen(g, earlier, subject, "past", 0).clause)
    second = chosen(g, later, subject, "present", 0)
    aim = _gerund(second.frame.en, infinitive(second.clause, "de", to=False))
    return g.say("{a} before/b {c}", "{a} avant/b {c}", a=one, c=aim)


@pattern(3)
def without(g: Gen) -> Phrase:
    """She left without closing the door."""
    subject = g.subject("H")
    done, undone = g.pick(rows(WITHOUT))
    one = statement(chosen(g, done, subject, "past", 0).clause)
    second = chosen(g, undone, subject, "present", 0, "without")
    aim = _gerund(second.frame.en, infinitive(second.clause, "", to=False))
    return g.say("{a} without/b {c}", "{a} sans/b {c}", a=one, c=aim)


def _gerund(verb: str, aim: Phrase) -> Phrase:
    """Turn the English infinitive into its -ing form."""
    first = aim.en[0]
    return Phrase((replace(first, text=english.gerund(verb.split()[0])), *aim.en[1:]), aim.fr)


@pattern(3)
def happy_to(g: Gen) -> Phrase:
    """I am happy to see my cousin again; we were sad to leave."""
    subject = g.subject()
    en, fr, acts = g.pick(rows(FEELINGS))
    lemma, prep = fr.split()
    adjective = predicate_adjective(g, subject, en, lemma)
    aim = infinitive(chosen(g, acts, subject, "present", 0.1).clause, prep)
    comp = adjective + aim
    return statement(be(g, subject, comp, g.pick(["present", "state"])))


@pattern(3)
def too_to(g: Gen) -> Phrase:
    """He is too tired to work."""
    g.plain = True
    en, fr, verbs = g.pick(rows(TOO))
    subject = g.subject("Y" if en == "young" else "H")
    adjective = predicate_adjective(g, subject, en, fr)
    aim = infinitive(chosen(g, verbs, subject, "present", 0.1).clause, "pour")
    comp = g.say("too/t {a} {b}", "trop/t {a} {b}", a=adjective, b=aim)
    return statement(be(g, subject, comp, g.pick(["present", "state"])))


@pattern(3)
def hard_to(g: Gen) -> Phrase:
    """It is difficult to repair this machine."""
    en, fr, acts = g.pick(rows(IMPERSONAL))
    made = chosen(g, acts, g.pronoun("he"), "present", 0)
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
    subject, other = g.subject("F"), g.subject("F")
    not_same(subject, other)
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
    g.plain = True
    subject = g.subject("F")
    one = infinitive(chosen(g, IN_TIME, subject, "present", 0).clause, to=False)
    must = clause(g, subject, "must", "devoir", comp=one)
    other = g.subject("F")
    not_same(subject, other)
    verb = g.pick(
        [
            ("arrive", "arriver"),
            ("leave", "partir"),
            ("come back", "revenir"),
            ("wake up", "se réveiller"),
        ]
    )
    if one.en[0].text == "leave" == verb[0]:
        raise Skip
    two = clause(g, other, *verb, "subjunctive")
    return g.say("{a} before/b {c}", "{a} avant/b que/b {c}", a=statement(must), c=statement(two))


# What one is so about: english | french | the verb | its french, or the state after "be".
GLAD = """
happy|content|be here|être ici
happy|content|be|happy=heureux
happy|content|be|satisfied=satisfait
happy|content|be|ready=prêt
happy|content|live here|habiter ici
happy|content|work here|travailler ici
happy|content|speak French|parler français
sad|triste|be|sick=malade
sad|triste|be|tired=fatigué
sad|triste|be|alone=seul
sad|triste|be|sad=triste
surprised|surpris|be here|être ici
surprised|surpris|be|tired=fatigué
surprised|surpris|be|nervous=nerveux
surprised|surpris|be|busy=occupé
surprised|surpris|be|worried=inquiet
surprised|surpris|be|ready=prêt
surprised|surpris|live here|habiter ici
"""


@pattern(3)
def glad_that(g: Gen) -> Phrase:
    """I am happy that you are here: the subjunctive after a feeling."""
    subject = g.subject("H")
    other = g.subject("F")
    not_same(subject, other)
    en, fr, verb, french = g.pick(rows(GLAD))
    comp = predicate_adjective(g, subject, en, fr)
    if verb == "be":
        two = be(g, other, predicate_adjective(g, other, *french.split("=")), "subjunctive")
    else:
        lemma, *rest = french.split()
        head, *tail = verb.split()
        place = g.say(" ".join(f"{w}/h" for w in tail), " ".join(f"{w}/h" for w in rest))
        two = clause(g, other, head, lemma, "subjunctive", comp=place)
    comp = g.say("{a} that/q {c}", "{a} que/q {c}", a=comp, c=statement(two))
    return statement(be(g, subject, comp, g.pick(["present", "present"])))
