"""Clauses: verb groups of both languages, statements, questions, infinitives, imperatives."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from data.sample_corpus import english, morphology
from data.sample_corpus.grammar import NP, Gen, key_of, pronoun_forms
from data.sample_corpus.words import EMPTY, Phrase, Word, Words, words

# The name of a tense: the English form, the French form.
TENSES = {
    "present": ("present", "present"),
    "progressive": ("progressive", "present"),
    "past": ("past", "compound"),
    "perfect": ("perfect", "compound"),
    "was": ("past progressive", "imperfect"),
    "state": ("past", "imperfect"),
    "unreal": ("unreal", "imperfect"),
    "used": ("used", "imperfect"),
    "had": ("pluperfect", "pluperfect"),
    "will": ("will", "future"),
    "would": ("would", "conditional"),
    "conditional": ("present", "conditional"),
    "future": ("present", "future"),
    "subjunctive": ("present", "subjunctive"),
}
NEGATIONS = {
    "not": "pas",
    "never": "jamais",
    "anymore": "plus",
    "anything": "rien",
    "anyone": "personne",
}
REFLEXIVE = ("me", "te", "se", "nous", "vous", "se")
# Adverbs that French puts between the auxiliary and the participle.
SHORT = frozenset({"bien", "mal", "beaucoup", "trop"})


@dataclass(frozen=True, slots=True)
class Clitic:
    """An object pronoun."""

    en: Words
    fr: Word
    rank: int
    agreement: tuple[str, bool] | None = None
    """Gender and number, where a participle after it agrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """What a clause says, before it becomes a statement or a question."""

    subject: NP
    en: str
    fr: str
    tense: str = "present"
    comp: Phrase = EMPTY
    """Everything after the verb group."""
    negation: str = ""
    adverb: Phrase = EMPTY
    """Between subject and verb in English: often, already, never with "ever"."""
    manner: Phrase = EMPTY
    clitics: tuple[Clitic, ...] = ()
    agreement: tuple[str, bool] | None = None
    """What the participle agrees with where it is not a clitic: the antecedent of "que"."""
    aux: frozenset[int] = field(default_factory=frozenset)
    verb: frozenset[int] = field(default_factory=frozenset)
    neg: frozenset[int] = field(default_factory=frozenset)
    part: frozenset[int] = field(default_factory=frozenset)


def clause(g: Gen, subject: NP, en: str, fr: str, tense: str = "present", **rest: object) -> Clause:
    """A clause with new ids for its verb group."""
    made = Clause(
        subject=subject,
        en=en,
        fr=fr,
        tense=tense,
        aux=g.ids.new(),
        verb=g.ids.new(),
        neg=g.ids.new(),
        part=g.ids.new(),
    )
    return replace(made, **rest)  # type: ignore[arg-type]


def direct(g: Gen, np: NP) -> Clitic:
    """The direct object pronoun for a noun phrase."""
    en, fr = pronoun_forms(key_of(np))
    ids = g.ids.new()
    g.used_you = g.used_you or np.person == 2
    rank = 1 if np.person == 3 else 0
    return Clitic(words(en[1], ids), Word(fr[1], ids), rank, (np.gender, np.many))


def indirect(g: Gen, np: NP, to: str = "to") -> Clitic:
    """The indirect object pronoun; `to` is the English preposition, perhaps none."""
    en, fr = pronoun_forms(key_of(np))
    ids = g.ids.new()
    g.used_you = g.used_you or np.person == 2
    rank = 2 if np.person == 3 else 0
    return Clitic(words(f"{to} {en[1]}", ids), Word(fr[2], ids), rank)


def _english_head(c: Clause, ask: bool) -> tuple[Words, Words]:
    """The auxiliary, perhaps none, and the main verb."""
    head = c.en.split()[0]
    form = TENSES[c.tense][0]
    both = c.aux | c.verb
    np = c.subject
    plural_be = np.many or np.person == 2
    third = np.person == 3 and not np.many
    if head in english.MODALS:
        return (Word(head, c.aux, "aux"),), ()
    if form == "will" or form == "would":
        return (Word(form, c.aux, "aux"),), words(head, c.verb)
    if form == "progressive" or form == "past progressive":
        was = "were" if plural_be else "was"
        be = english.present_of_be(np.person, np.many) if form == "progressive" else was
        return (Word(be, c.aux, "aux"),), words(english.gerund(head), c.verb)
    if form == "perfect" or form == "pluperfect":
        have = "had" if form == "pluperfect" else "has" if third else "have"
        return (Word(have, c.aux, "aux"),), words(english.participle(head), c.verb)
    if form == "used":
        return (), words("used to", c.aux) + words(head, c.verb)
    if head == "be":
        # "If I were rich", of one person too.
        was = "were" if plural_be or form == "unreal" else "was"
        be = was if form in ("past", "unreal") else english.present_of_be(np.person, np.many)
        return (Word(be, both, "aux"),), ()
    if ask or c.negation not in ("", "never"):
        do = "did" if form in ("past", "unreal") else "does" if third else "do"
        return (Word(do, c.aux, "aux"),), words(head, c.verb)
    if form in ("past", "unreal"):
        return (), words(english.past(head), both)
    return (), words(english.third_person(head) if third else head, both)


def _english(c: Clause, ask: bool = False) -> tuple[Words, Words]:
    """The auxiliary, and all that follows it (after the subject in a question)."""
    aux, main = _english_head(c, ask)
    before: Words = ()
    after: Words = ()
    if c.negation == "never":
        before = words("never", c.neg)
    elif c.negation:
        before = words("not", c.neg)
        if c.negation in ("anything", "anyone"):
            after = words(c.negation, c.neg)
    rest = before + c.adverb.en + main
    rest += _particles(c)
    for item in sorted(c.clitics, key=lambda k: k.agreement is None):
        rest += item.en
    rest += after + _with_manner(c)
    if c.negation == "anymore":
        rest += words("anymore", c.neg)
    return aux, rest


def _particles(c: Clause) -> Words:
    """The words after the English verb: "on" of "sit on" is "sur" of "s'asseoir sur"."""
    _, *particles = c.en.split()
    french = _reflexive(c.fr)[2]
    if not french:
        return words(" ".join(particles), c.verb)
    # "take care of" is one verb but for its preposition; "in front of" is one preposition.
    whole = len(particles) == 1 or len(french) > 1 or french == ["devant"]
    first = c.part if whole else c.verb
    return words(" ".join(particles[:-1]), first) + words("".join(particles[-1:]), c.part)


def _complements(c: Clause, extra: list[str]) -> Words:
    """The words after the French verb; they belong to it where English has a single word."""
    return words(" ".join(extra), c.part if len(c.en.split()) > 1 else c.verb)


def _with_manner(c: Clause) -> Words:
    """English puts the adverb before a place but after an object."""
    if c.comp.en and c.comp.en[0].text in ("in", "at", "near", "under", "behind", "on"):
        return c.manner.en + c.comp.en
    return c.comp.en + c.manner.en


def _reflexive(fr: str) -> tuple[bool, str, list[str]]:
    """Whether a French verb is reflexive, its infinitive, and the words after it."""
    if fr.startswith("s'"):
        fr = "se " + fr[2:]
    parts = fr.split()
    if parts[0] == "se":
        return True, parts[1], parts[2:]
    return False, parts[0], parts[1:]


def _clitics(c: Clause, index: int, own: bool) -> Words:
    """The pronouns before the verb, in their order."""
    ranked = [(k.rank, k.fr) for k in c.clitics]
    if own:
        ranked.append((-1, Word(REFLEXIVE[index], c.verb)))
    return tuple(word for _, word in sorted(ranked, key=lambda pair: pair[0]))


def _agreement(c: Clause, own: bool, lemma: str) -> tuple[str, bool]:
    """Gender and number of the participle."""
    if morphology.auxiliary(lemma, own) == "être":
        return c.subject.gender, c.subject.many
    for item in c.clitics:
        if item.agreement:
            return item.agreement
    return c.agreement or ("m", False)


def _french(c: Clause) -> tuple[Words, Words, Words]:
    """The words before the finite verb, the finite verb, and all that follows it."""
    own, lemma, extra = _reflexive(c.fr)
    index = c.subject.index
    form = TENSES[c.tense][1]
    modal = c.en.split()[0]
    before = (words("ne", c.neg) if c.negation else ()) + _clitics(c, index, own)
    second = words(NEGATIONS[c.negation], c.neg) if c.negation else ()
    late: Words = ()
    if c.negation == "anyone":
        second, late = (), second
    # "Il a bien conduit", but "il a conduit trop vite".
    short = len(c.manner.fr) == 1 and c.manner.fr[0].text in SHORT
    middle = c.adverb.fr + (c.manner.fr if short else ())
    tail = _complements(c, extra)
    if form in ("compound", "pluperfect"):
        auxiliary = morphology.auxiliary(lemma, own)
        tense = "present" if form == "compound" else "imperfect"
        gender, many = _agreement(c, own, lemma)
        participle = morphology.agree(morphology.participle(lemma), gender, many)
        finite = words(morphology.conjugate(auxiliary, tense, index), c.aux)
        rest = second + middle + words(participle, c.verb) + late
    else:
        tense = {"could": "imperfect", "should": "conditional", "would": "conditional"}.get(
            modal, form
        )
        ids = c.aux if modal in english.MODALS and modal != "would" else c.aux | c.verb
        finite = words(morphology.conjugate(lemma, tense, index), ids)
        rest = second + middle + late
    rest += tail + (() if short else c.manner.fr) + c.comp.fr
    return before, finite, rest


def statement(c: Clause) -> Phrase:
    """The clause as a statement, without a full stop."""
    aux, rest = _english(c)
    before, finite, after = _french(c)
    subject = c.subject.phrase
    return Phrase(subject.en + aux + rest, subject.fr + before + finite + after)


def predicate(c: Clause) -> Phrase:
    """The clause without its subject, as after "who" and in coordination."""
    aux, rest = _english(c)
    before, finite, after = _french(c)
    return Phrase(aux + rest, before + finite + after)


def question(c: Clause, word: Phrase = EMPTY, invert: bool | None = None) -> Phrase:
    """The clause as a question without its mark, after a question word if one is given.

    French inverts a subject pronoun after question words, with être and avoir and with the
    modal verbs, and says est-ce que elsewhere.
    """
    aux, rest = _english(c, ask=True)
    before, finite, after = _french(c)
    np = c.subject
    first = c.fr.split()[0]
    if invert is None:
        direct_verb = first in ("être", "avoir") or c.en.split()[0] in english.MODALS
        invert = np.pronoun and np.index != 0 and bool(word.fr or direct_verb)
    english_side = word.en + aux + np.phrase.en + rest
    if invert:
        pronoun = np.phrase.fr[0]
        bridge = "-t-" if np.index == 2 and finite[0].text[-1] in "ae" else "-"
        inverted = (Word(bridge + pronoun.text, pronoun.ids),)
        return Phrase(english_side, word.fr + before + finite + inverted + after)
    opening = (Word("est"), Word("-ce"), Word("que"))
    return Phrase(english_side, word.fr + opening + np.phrase.fr + before + finite + after)


def infinitive(c: Clause, prep: str = "", to: bool = True) -> Phrase:
    """The clause as an infinitive: "to leave", "partir" or, after a preposition, "de partir"."""
    own, lemma, extra = _reflexive(c.fr)
    link = c.aux
    head = c.en.split()[0]
    clitics: Words = ()
    for item in sorted(c.clitics, key=lambda k: k.agreement is None):
        clitics += item.en
    marker = words("to", link if prep else c.verb) if to else ()
    nots = words("not", c.neg) if c.negation else ()
    en = nots + marker + words(head, c.verb) + _particles(c) + clitics
    en += _with_manner(c)
    negative = words(f"ne {NEGATIONS[c.negation]}", c.neg) if c.negation else ()
    fr = words(prep, link if to else frozenset()) + negative
    fr += _clitics(c, c.subject.index, own)
    short = len(c.manner.fr) == 1 and c.manner.fr[0].text in ("bien", "trop")
    # "bien dormir" but "travailler beaucoup".
    fr += (c.manner.fr if short else ()) + words(lemma, c.verb) + _complements(c, extra)
    fr += (() if short else c.manner.fr) + c.comp.fr
    return Phrase(en, fr)


def imperative(c: Clause) -> Phrase:
    """An order to the subject, who is tu or vous, or nous for "let's"."""
    own, lemma, extra = _reflexive(c.fr)
    index = c.subject.index
    head = c.en.split()[0]
    start: Words = ()
    if c.negation:
        start = (Word("do", c.neg, "aux"), Word("not", c.neg))
    if index == 3:
        start = (Word("let", c.aux), Word("'s", c.aux)) + words("not", c.neg) * bool(c.negation)
    clitics: Words = ()
    for item in sorted(c.clitics, key=lambda k: k.agreement is None):
        clitics += item.en
    en = start + words(head, c.verb) + _particles(c) + clitics + _with_manner(c)
    finite = words(
        morphology.conjugate(lemma, "imperative", index),
        c.verb | (c.aux if index == 3 else frozenset()),
    )
    if c.negation:
        second = words(NEGATIONS[c.negation], c.neg)
        fr = words("ne", c.neg) + _clitics(c, index, own) + finite + second
    else:
        fr = finite + _after_imperative(c, index, own)
    return Phrase(en, fr + _complements(c, extra) + c.manner.fr + c.comp.fr)


def _after_imperative(c: Clause, index: int, own: bool) -> Words:
    """The pronouns hyphenated after a positive imperative: donnez-le-moi, lève-toi."""
    stressed = {"me": "moi", "te": "toi"}
    ranked = [(k.rank, k.fr) for k in c.clitics]
    if own:
        ranked.append((0, Word(REFLEXIVE[index], c.verb)))
    # Direct objects of the third person come first: donnez-le-moi.
    order = {1: 0, 0: 1, 2: 1, 3: 2, 4: 3}
    ranked.sort(key=lambda pair: order[pair[0]])
    return tuple(Word("-" + stressed.get(w.text, w.text), w.ids) for _, w in ranked)
