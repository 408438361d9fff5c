"""Noun phrases of both languages, and the random choices of one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import TypeVar

from data.sample_corpus.lexicon import people
from data.sample_corpus.lexicon.adjectives import IDENTIFYING, ONLY, PREDICATIVE
from data.sample_corpus.lexicon.adverbials import NUMBERS, PLACES
from data.sample_corpus.lexicon.load import ADJECTIVES, Adjective, Noun, members, rows
from data.sample_corpus.morphology import agree
from data.sample_corpus.text import word_set
from data.sample_corpus.words import EMPTY, Ids, Phrase, Word, markup, words

T = TypeVar("T")


class Skip(Exception):
    """Raised where random choices do not fit together."""


@dataclass(frozen=True, slots=True)
class NP:
    """A noun phrase with the features that verbs, adjectives and pronouns agree with."""

    phrase: Phrase
    person: int = 3
    many: bool = False
    gender: str = "m"
    formal: bool = False
    """Addressed as vous: a plural verb in French, whoever is meant."""
    pronoun: bool = False
    human: bool = True

    @property
    def index(self) -> int:
        """0 to 5 for je, tu, il, nous, vous, ils."""
        return self.person - 1 + (3 if self.many or self.formal else 0)


# english subject, object, possessive | french subject, direct, indirect, possessive, stressed
_PRONOUNS = {
    "I": ("I me my", "je me me mon moi", 1, False, "m"),
    "tu": ("you you your", "tu te te ton toi", 2, False, "m"),
    "vous": ("you you your", "vous vous vous votre vous", 2, False, "m"),
    "he": ("he him his", "il le lui son lui", 3, False, "m"),
    "she": ("she her her", "elle la lui son elle", 3, False, "f"),
    "it_m": ("it it its", "il le lui son lui", 3, False, "m"),
    "it_f": ("it it its", "elle la lui son elle", 3, False, "f"),
    "we": ("we us our", "nous nous nous notre nous", 1, True, "m"),
    "they": ("they them their", "ils les leur leur eux", 3, True, "m"),
    "they_f": ("they them their", "elles les leur leur elles", 3, True, "f"),
}


def key_of(np: NP) -> str:
    """The pronoun that stands for a noun phrase."""
    if np.person == 1:
        return "we" if np.many else "I"
    if np.person == 2:
        return "vous" if np.formal or np.many else "tu"
    if np.many:
        return "they_f" if np.gender == "f" else "they"
    if not np.human:
        return f"it_{np.gender}"
    return "she" if np.gender == "f" else "he"


def pronoun_forms(key: str) -> tuple[list[str], list[str]]:
    """The English and the French forms of a pronoun."""
    en, fr, *_ = _PRONOUNS[key]
    return en.split(), fr.split()


def possessive(base: str, gender: str, many: bool) -> str:
    """mon, ma, mes; notre, nos; leur, leurs."""
    if base in ("notre", "votre"):
        return base[:-3] + "s" if many else base
    if base == "leur":
        return "leurs" if many else base
    return base[0] + ("es" if many else "a" if gender == "f" else "on")


def _chosen(adjective: str, noun: Noun) -> bool:
    """Whether the table of chosen nouns lets an adjective stand with a noun."""
    for en, letters, nouns in rows(ONLY):
        if en == adjective and noun.adjectives in letters:
            return noun.en in nouns.split(",")
    return True


@cache
def fitting_adjectives(noun: Noun, attributive: bool, known: bool) -> list[Adjective]:
    """The adjectives that make sense with a noun, known or new; a mass has no size."""
    return [
        a
        for a in ADJECTIVES
        if set(a.fits) & set(noun.adjectives)
        and not (noun.mass and a.en in ("small", "big"))
        and not (attributive and a.en in PREDICATIVE)
        and (not known or a.en in IDENTIFYING)
        and _chosen(a.en, noun)
    ]


# Relatives and friends of whom one has several.
SEVERAL_KIN = word_set("brother sister cousin uncle aunt friend neighbor colleague niece")
# Strangers who are met in groups.
SEVERAL_MET = word_set(
    "boy girl child student tourist guest customer neighbor policeman fireman soldier musician "
    "journalist teacher nurse"
)


class Gen:
    """The state of one sentence: random choices, ids, and who is spoken to."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.ids = Ids()
        self.contract = rng.random() < 0.45
        self.used_you = False
        self.plain = False
        """Whether nouns go without adjectives."""
        self.counting = False
        """Whether things may be counted."""
        self.tu = rng.random() < 0.45
        self.vocative, self.you_gender = self._vocative()

    def _vocative(self) -> tuple[Phrase, str]:
        if not self.tu:
            if self.rng.random() < 0.3:
                en, fr, gender = self.pick(rows(people.POLITE))
                return markup(self.ids, f",/z {en}/y", f",/z {fr}/y"), gender
            return EMPTY, "m"
        if self.rng.random() < 0.25:
            en, fr, gender = self.pick(rows(people.FAMILIAR))
            return markup(self.ids, f", {en}/y", f", {fr}/y"), gender
        gender = self.pick("mf")
        name = self.pick(people.MEN if gender == "m" else people.WOMEN)
        return markup(self.ids, f", {name}/y", f", {name}/y"), gender

    def pick(self, options: Sequence[T]) -> T:
        """One of the options."""
        return self.rng.choice(options)

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.rng.random() < probability

    def say(self, en: str, fr: str, **slots: Phrase) -> Phrase:
        """Markup in the sentence's own ids."""
        return markup(self.ids, en, fr, **slots)

    def line(self, table: str) -> Phrase:
        """A random line of a table of marked expressions."""
        row = self.pick(rows(table))
        return self.say(row[0], row[1])

    def place(self, codes: str) -> Phrase:
        """A place that suits one of the codes."""
        row = self.pick([row for row in rows(PLACES) if set(row[2]) & set(codes)])
        return self.say(row[0], row[1])

    def pronoun(self, key: str) -> NP:
        """A subject pronoun."""
        en, fr, person, many, gender = _PRONOUNS[key]
        if person == 2:
            self.used_you = True
            gender = self.you_gender
        phrase = self.say(f"{en.split()[0]}/a", f"{fr.split()[0]}/a")
        tagged = (Word(phrase.en[0].text, phrase.en[0].ids, "subj"),)
        return NP(
            Phrase(tagged, phrase.fr), person, many, gender, key == "vous", True, key[:2] != "it"
        )

    def you(self) -> NP:
        """The person spoken to."""
        return self.pronoun("tu" if self.tu else "vous")

    def name(self, gender: str = "") -> NP:
        """A first name."""
        gender = gender or self.pick("mf")
        text = self.pick(people.MEN if gender == "m" else people.WOMEN)
        return NP(self.say(f"{text}/a", f"{text}/a"), gender=gender)

    def adjective(
        self, noun: Noun, attributive: bool = True, known: bool = False
    ) -> Adjective | None:
        """An adjective that makes sense with a noun, beside it or after "be".

        Of a known thing, the big box is told from the small one, but nobody speaks of the
        magnificent one.
        """
        if self.plain:
            return None
        fitting = fitting_adjectives(noun, attributive, known)
        return self.pick(fitting) if fitting else None

    def np(
        self,
        noun: Noun,
        det: str = "the",
        many: bool = False,
        adjective: Adjective | None = None,
        owner: NP | None = None,
    ) -> NP:
        """A noun with its determiner and perhaps an adjective."""
        many = many and not noun.mass
        head, own = self.ids.new(), self.ids.new()
        en = words(noun.en_plural if many else noun.en, head)
        fr = words(noun.fr_plural if many else noun.fr, head)
        prenominal = False
        if adjective:
            form = agree(adjective.fr, noun.gender, many)
            # Only the masculine singular has a form of its own before a vowel.
            tag = "adj" if noun.gender == "m" and not many else ""
            word = (Word(form, own, tag),)
            prenominal = adjective.before
            fr = word + fr if prenominal else fr + word
            en = words(adjective.en, own) + en
        determiner = self._determiner(det, noun, many, prenominal, owner)
        human = noun.adjectives in ("P", "Y", "K")
        return NP(
            Phrase(determiner.en + en, determiner.fr + fr),
            many=many,
            gender=noun.gender,
            human=human,
        )

    def _determiner(
        self, det: str, noun: Noun, many: bool, prenominal: bool, owner: NP | None
    ) -> Phrase:
        ids = self.ids.new()
        feminine = noun.gender == "f"
        definite = (Word("les" if many else "la" if feminine else "le", ids, "art"),)
        if det == "the":
            return Phrase(words("the", ids), definite)
        if det == "generic":
            return Phrase((), (Word(definite[0].text, tag="art"),))
        if det in ("a", "bare", "any", "none"):
            return self._indefinite(det, noun, many, prenominal, ids)
        if det == "poss" and owner is not None:
            if owner.person == 2:
                self.used_you = True
            en, fr = pronoun_forms(key_of(owner))
            french = possessive(fr[3], noun.gender, many)
            return Phrase(words(en[2], ids), (Word(french, ids, "poss"),))
        if det in ("this", "that"):
            demonstrative = "ces" if many else "cette" if feminine else "ce"
            english = {"this": "these", "that": "those"}[det] if many else det
            return Phrase(words(english, ids), (Word(demonstrative, ids, "dem"),))
        if det == "question":
            # "any" in a question is an ordinary indefinite in French.
            found = self._indefinite("a", noun, many, prenominal, ids)
            return Phrase(words("any", ids) if many or noun.mass else found.en, found.fr)
        if det == "which":
            which = agree("quel", "m", many) if not feminine else "quelles" if many else "quelle"
            return Phrase(words("which", ids), words(which, ids))
        if det == "many":
            return Phrase(words("many", ids), words("beaucoup de", ids))
        fixed = {"several": "plusieurs", "a few": "quelques", "every": "chaque", "no": "aucun"}
        return Phrase(words(det, ids), words(fixed.get(det) or NUMBER_WORDS[det], ids))

    def _indefinite(
        self, det: str, noun: Noun, many: bool, prenominal: bool, ids: frozenset[int]
    ) -> Phrase:
        feminine = noun.gender == "f"
        if det == "any":
            en = words("any", ids) if many or noun.mass else (Word("a", ids, "a"),)
            return Phrase(en, (Word("de", ids),))
        if det == "none":
            return Phrase((), (Word("de"),))
        own = ids if det == "a" else frozenset[int]()
        if noun.mass:
            article = Word("la" if feminine else "le", own, "art")
            return Phrase(words("some", ids) if det == "a" else (), (Word("de", own), article))
        if many:
            french = "de" if prenominal else "des"
            return Phrase(words("some", ids) if det == "a" else (), words(french, own))
        return Phrase((Word("a", ids, "a"),), words("une" if feminine else "un", ids))

    def relative(self, owner: NP, classes: str = "family") -> Noun:
        """A relation that the owner can have."""
        if owner.many:
            banned = {"wife", "husband", "boss"}
        else:
            banned = {"husband" if owner.gender == "m" else "wife"}
        fitting = [n for n in members(classes) if n.en not in banned]
        if not fitting:
            raise Skip
        return self.pick(fitting)

    def some(self, classes: str) -> Noun:
        """A noun of one of the classes, separated by commas."""
        return self.pick(members(classes))

    def pronoun_for(self, np: NP) -> NP:
        """The subject pronoun that takes up a noun phrase."""
        return self.pronoun(key_of(np))

    def both(self, first: NP, second: NP) -> NP:
        """Two noun phrases joined by "and"."""
        phrase = self.say("{a} and/c {b}", "{a} et/c {b}", a=first.phrase, b=second.phrase)
        gender = "f" if first.gender == second.gender == "f" else "m"
        return NP(phrase, many=True, gender=gender)

    def owned_by(self, noun: Noun, owner: NP, many: bool = False) -> NP:
        """A noun with its owner: Paul's car, la voiture de Paul."""
        thing = self.np(noun, "the", many)
        mark = self.ids.new()
        article = Word(thing.phrase.fr[0].text, mark, "art")
        en = (*owner.phrase.en, Word("'s", mark), *thing.phrase.en[1:])
        fr = (article, *thing.phrase.fr[1:], Word("de", mark), *owner.phrase.fr)
        return NP(Phrase(en, fr), many=many, gender=noun.gender, human=thing.human)

    def subject(self, kind: str = "H", you: bool = True) -> NP:
        """A subject: H people, F family and acquaintances, Y people who may be children, C cats
        and dogs, T thieves."""
        if kind == "T":
            return self.np(self.some("thief"), "the", self.chance(0.2))
        if kind == "C":
            noun = self.some("housepet")
            me = self.pronoun("I")
            det = self.pick(["the", "the", "poss", "that"])
            adjective = self.adjective(noun, known=True) if self.chance(0.2) else None
            return self.np(noun, det, self.chance(0.25), adjective, me)
        draw = self.rng.random()
        if draw < 0.46:
            keys = ["I", "I", "he", "he", "she", "she", "we", "they"] + ["you"] * you
            key = self.pick(["he", "she", "we", "they"] if kind == "Y" else keys)
            return self.you() if key == "you" else self.pronoun(key)
        if draw < 0.64:
            return self.name()
        if kind == "F":
            draw = min(draw, 0.8)
        return self._young(draw) if kind == "Y" else self._human(draw)

    def _young(self, draw: float) -> NP:
        """Somebody who may be a child."""
        if draw < 0.8:
            owner = self.pronoun(self.pick(["I", "I", "he", "she", "we"]))
            noun = self.relative(owner, "son,daughter,nephew,niece,brother,sister,cousin")
            return self.np(noun, "poss", self.chance(0.25), None, owner)
        noun = self.some("kid")
        adjective = self.adjective(noun, known=True) if self.chance(0.2) else None
        return self.np(noun, self.pick(["the", "the", "this"]), self.chance(0.4), adjective)

    def _human(self, draw: float) -> NP:
        if draw < 0.82:
            owner = self.pronoun(self.pick(["I", "I", "I", "he", "she", "we"]))
            noun = self.relative(owner)
            many = noun.en in SEVERAL_KIN and self.chance(0.25)
            return self.np(noun, "poss", many, None, owner)
        if draw < 0.95:
            noun = self.some("person,kid,kid,profession,profession")
            many = noun.en in SEVERAL_MET and self.chance(0.3)
            adjective = self.adjective(noun, known=True) if self.chance(0.2) else None
            this = noun in members("person,kid") and not many and self.chance(0.2)
            return self.np(noun, "this" if this else "the", many, adjective)
        if draw < 0.975:
            owner = self.name()
            return self.owned_by(self.relative(owner), owner)
        return self.both(self.name("m"), self.name("f"))


NUMBER_WORDS = {row[0]: row[1] for row in rows(NUMBERS)}
