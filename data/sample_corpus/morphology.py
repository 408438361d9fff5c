"""French inflection: conjugation, participles, feminine and plural forms."""

from __future__ import annotations

from functools import cache

from data.sample_corpus.lexicon.conjugation import AUX_ETRE, FAMILIES, IRREGULAR
from data.sample_corpus.text import word_set

VOWELS = "aeiouyàâäéèêëîïôöùûüœæ"

# Words before which nothing elides although they begin with a vowel or an h.
ASPIRATED = word_set(
    "haricot haricots hibou héros haut haute hauts hautes hollande hockey honte huit huitième "
    "onze onzième oui yaourt yaourts hasard hamster hamsters hanche homard homards"
)

IMPERFECT_ENDINGS = ("ais", "ais", "ait", "ions", "iez", "aient")
FUTURE_ENDINGS = ("ai", "as", "a", "ons", "ez", "ont")
SUBJUNCTIVE_ENDINGS = ("e", "es", "e", "ions", "iez", "ent")
ER_ENDINGS = ("e", "es", "e", "ons", "ez", "ent")

FEMININES = {
    "beau": "belle",
    "nouveau": "nouvelle",
    "vieux": "vieille",
    "blanc": "blanche",
    "frais": "fraîche",
    "long": "longue",
    "gentil": "gentille",
    "gros": "grosse",
    "doux": "douce",
    "sec": "sèche",
    "favori": "favorite",
    "grec": "grecque",
    "inquiet": "inquiète",
    "bas": "basse",
    "fou": "folle",
    "gras": "grasse",
    "dû": "due",
    "neuf": "neuve",
    "public": "publique",
    "complet": "complète",
    "discret": "discrète",
}
INVARIABLE = frozenset({"marron"})


def starts_with_vowel(word: str) -> bool:
    """Whether a French word makes the word before it elide (h muet counts as a vowel)."""
    low = word.lower()
    if low in ASPIRATED or not low:
        return False
    if low[0] == "h":
        return True
    if low[0] == "y":
        # Only the pronoun "y": yaourt, yeux and the like differ too much to guess.
        return low in ("y", "yeux", "yvonne", "yves")
    return low[0] in VOWELS


def feminine(adjective: str) -> str:
    """The feminine singular of an adjective or of a participle."""
    if adjective in INVARIABLE:
        return adjective
    if adjective in FEMININES:
        return FEMININES[adjective]
    if adjective.endswith("e"):
        return adjective
    for ending, replacement in (
        ("eux", "euse"),
        ("oux", "ouse"),
        ("er", "ère"),
        ("if", "ive"),
        ("en", "enne"),
        ("on", "onne"),
        ("el", "elle"),
    ):
        if adjective.endswith(ending):
            return adjective[: -len(ending)] + replacement
    return adjective + "e"


def plural(word: str) -> str:
    """The plural of a noun or of an adjective; of several words only the first changes."""
    head, _, tail = word.partition(" ")
    if tail:
        return f"{plural(head)} {tail}"
    if head in INVARIABLE or head[-1] in "sxz":
        return head
    if head in ("bijou", "genou", "caillou", "chou", "hibou", "pou"):
        return head + "x"
    if head.endswith("al") and head not in ("bal", "festival", "carnaval"):
        return head[:-2] + "aux"
    if head.endswith(("eau", "eu")) and head not in ("bleu", "pneu"):
        return head + "x"
    if head == "travail":
        return "travaux"
    return head + "s"


def agree(adjective: str, gender: str, many: bool) -> str:
    """An adjective or participle, given as masculine singular, in the wanted form."""
    if gender == "m" and adjective == "dû":
        return "dus" if many else "dû"
    form = feminine(adjective) if gender == "f" else adjective
    return plural(form) if many else form


def liaison_form(adjective: str) -> str:
    """The masculine singular that some adjectives take before a vowel: bel, nouvel, vieil."""
    return {"beau": "bel", "nouveau": "nouvel", "vieux": "vieil", "fou": "fol"}.get(
        adjective, adjective
    )


def _family(lemma: str) -> tuple[str, str]:
    """The model verb of a lemma and the prefix to put before the model's forms."""
    if lemma in IRREGULAR:
        return lemma, ""
    for model, members in FAMILIES.items():
        if lemma in members.split():
            return model, lemma[: len(lemma) - len(model)]
    return "", ""


def _strong(stem: str, lemma: str) -> str:
    """The stem of an -er verb where the ending is silent (je, tu, il, ils)."""
    if lemma.endswith(("ayer", "oyer", "uyer")):
        return stem[:-1] + "i"
    if lemma.endswith(("appeler", "jeter")):
        return stem + stem[-1]
    if len(stem) > 2 and stem[-1] in "tlnsrvmgd" and stem[-2] in "eé":
        return stem[:-2] + "è" + stem[-1]
    for pair in ("ch", "gn", "gr", "tr", "br"):
        if stem.endswith(("é" + pair, "e" + pair)):
            return stem[:-3] + "è" + pair
    return stem


def _soft(stem: str, ending: str) -> str:
    """Keep c and g soft before a and o: commençons, mangeait."""
    if ending[0] in "ao":
        if stem.endswith("c"):
            return stem[:-1] + "ç" + ending
        if stem.endswith("g"):
            return stem + "e" + ending
    return stem + ending


@cache
def present(lemma: str) -> tuple[str, ...]:
    """The six forms of the present indicative; an impersonal verb has blanks."""
    model, prefix = _family(lemma)
    if model:
        forms = IRREGULAR[model].present
        return tuple(prefix + form if form else "" for form in forms)
    if lemma.endswith("er"):
        stem = lemma[:-2]
        strong = _strong(stem, lemma)
        weak = (3, 4)
        return tuple(
            _soft(stem if i in weak else strong, ending) for i, ending in enumerate(ER_ENDINGS)
        )
    stem = lemma[:-2]
    if lemma.endswith("ir"):
        return tuple(stem + e for e in ("is", "is", "it", "issons", "issez", "issent"))
    if lemma.endswith("re"):
        return tuple(stem + e for e in ("s", "s", "", "ons", "ez", "ent"))
    raise ValueError(f"no conjugation for {lemma}")


@cache
def imperfect(lemma: str) -> tuple[str, ...]:
    """The six forms of the imparfait."""
    if lemma == "être":
        return tuple("ét" + e for e in IMPERFECT_ENDINGS)
    if lemma in ("falloir", "pleuvoir"):
        stem = {"falloir": "fall", "pleuvoir": "pleuv"}[lemma]
        return tuple(stem + e for e in IMPERFECT_ENDINGS)
    model, _ = _family(lemma)
    if lemma.endswith("er") and not model:
        return tuple(_soft(lemma[:-2], e) for e in IMPERFECT_ENDINGS)
    stem = present(lemma)[3].removesuffix("ons")
    return tuple(stem + e for e in IMPERFECT_ENDINGS)


@cache
def future_stem(lemma: str) -> str:
    """The stem shared by the futur simple and the conditionnel."""
    model, prefix = _family(lemma)
    if model:
        return prefix + IRREGULAR[model].future
    if lemma == "envoyer":
        return "enverr"
    if lemma.endswith("er"):
        stem = lemma[:-2]
        # An é stays before a future ending (il préférera), a mute e does not (il achètera).
        last_vowel = next((c for c in reversed(stem) if c in VOWELS), "")
        return (stem if last_vowel == "é" else _strong(stem, lemma)) + "er"
    return lemma[:-1] if lemma.endswith("re") else lemma


@cache
def subjunctive(lemma: str) -> tuple[str, ...]:
    """The six forms of the present subjunctive."""
    model, prefix = _family(lemma)
    if model and IRREGULAR[model].subjunctive:
        special = tuple(prefix + stem for stem in IRREGULAR[model].subjunctive)
        if len(special) == 6:
            return special
        stems = [special[-1] if i in (3, 4) else special[0] for i in range(6)]
        return tuple(s + e for s, e in zip(stems, SUBJUNCTIVE_ENDINGS, strict=True))
    strong = present(lemma)[5].removesuffix("ent")
    forms = [strong + e for e in SUBJUNCTIVE_ENDINGS]
    forms[3:5] = imperfect(lemma)[3:5]
    return tuple(forms)


def participle(lemma: str) -> str:
    """The past participle, masculine singular."""
    model, prefix = _family(lemma)
    if model:
        return prefix + IRREGULAR[model].participle
    if lemma.endswith("er"):
        return lemma[:-2] + "é"
    return lemma[:-2] + ("i" if lemma.endswith("ir") else "u")


def conjugate(lemma: str, tense: str, person: int) -> str:
    """One simple finite form; persons are 0 to 5 for je, tu, il, nous, vous, ils.

    Raises:
        ValueError: the tense is unknown, or the verb has no such form.
    """
    if tense == "present":
        form = present(lemma)[person]
    elif tense == "imperfect":
        form = imperfect(lemma)[person]
    elif tense == "future":
        form = future_stem(lemma) + FUTURE_ENDINGS[person]
    elif tense == "conditional":
        form = future_stem(lemma) + IMPERFECT_ENDINGS[person]
    elif tense == "subjunctive":
        form = subjunctive(lemma)[person]
    elif tense == "imperative":
        form = imperative(lemma, person)
    else:
        raise ValueError(f"unknown tense {tense}")
    if not form:
        raise ValueError(f"{lemma} has no {tense} form for person {person}")
    return form


def imperative(lemma: str, person: int) -> str:
    """The imperative for tu (1), nous (3) or vous (4)."""
    if lemma in ("être", "avoir"):
        form = subjunctive(lemma)[person]
        return form.removesuffix("s") if lemma == "avoir" and person == 1 else form
    if lemma == "savoir":
        return {1: "sache", 3: "sachons", 4: "sachez"}[person]
    form = present(lemma)[person]
    if person == 1 and form.endswith(("es", "vas")):
        return form[:-1]
    return form


def auxiliary(lemma: str, reflexive: bool) -> str:
    """The auxiliary of the compound tenses."""
    return "être" if reflexive or lemma in AUX_ETRE else "avoir"
