"""English inflection: verbs, plurals, articles."""

from __future__ import annotations

from data.sample_corpus.text import word_set

_IRREGULAR = """
be was been | have had had | do did done | go went gone | come came come | see saw seen
eat ate eaten | drink drank drunk | read read read | write wrote written | buy bought bought
sell sold sold | find found found | lose lost lost | break broke broken | sing sang sung
meet met met | know knew known | drive drove driven | forget forgot forgotten
choose chose chosen
cut cut cut | draw drew drawn | teach taught taught | speak spoke spoken | give gave given
understand understood understood | send sent sent | lend lent lent | bring brought brought
tell told told | leave left left | fall fell fallen | sleep slept slept | run ran run
swim swam swum | sit sat sat | lie lay lain | wake woke woken | get got got | feel felt felt
take took taken | put put put | make made made | think thought thought | say said said
hear heard heard | catch caught caught | ride rode ridden | wear wore worn | win won won
pay paid paid | build built built | keep kept kept | stand stood stood | begin began begun
hide hid hidden | fly flew flown | throw threw thrown | steal stole stolen | rise rose risen
grow grew grown | become became become | show showed shown | hold held held | cost cost cost
spend spent spent | dream dreamed dreamed | learn learned learned | let let let
bite bit bitten | feed fed fed | shine shone shone
"""

MODALS = word_set("can could must should would will may")
# Verbs whose last consonant doubles although nothing in the spelling shows the stress.
DOUBLING = word_set("stop prefer plan chat jog shop hug drop rub")
DOUBLING_GERUND = word_set("run swim sit cut put get win begin forget let")
PLURALS = {
    "man": "men",
    "woman": "women",
    "child": "children",
    "mouse": "mice",
    "sheep": "sheep",
    "fish": "fish",
    "knife": "knives",
    "wife": "wives",
    "thief": "thieves",
    "wolf": "wolves",
    "shelf": "shelves",
    "policeman": "policemen",
    "fireman": "firemen",
    "postman": "postmen",
    "loaf": "loaves",
    "potato": "potatoes",
    "tomato": "tomatoes",
    "photo": "photos",
    "piano": "pianos",
    "hero": "heroes",
}
_SILENT_H = ("hour", "honest", "honor")
_CONSONANT_SOUND = ("uni", "use", "one", "euro", "u-")


def _irregular() -> dict[str, tuple[str, str]]:
    table: dict[str, tuple[str, str]] = {}
    for entry in _IRREGULAR.replace("\n", "|").split("|"):
        if entry.strip():
            base, past, participle = entry.split()
            table[base] = (past, participle)
    return table


IRREGULAR = _irregular()


def _ends_consonant_y(word: str) -> bool:
    return word.endswith("y") and word[-2] not in "aeiou"


def third_person(base: str) -> str:
    """The third person singular of the present."""
    special = {"be": "is", "have": "has", "do": "does", "go": "goes"}
    if base in special:
        return special[base]
    if _ends_consonant_y(base):
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def past(base: str) -> str:
    """The simple past; for "be" the form of the singular."""
    if base in IRREGULAR:
        return IRREGULAR[base][0]
    if base.endswith("e"):
        return base + "d"
    if _ends_consonant_y(base):
        return base[:-1] + "ied"
    return base + base[-1] + "ed" if base in DOUBLING else base + "ed"


def participle(base: str) -> str:
    """The past participle."""
    return IRREGULAR[base][1] if base in IRREGULAR else past(base)


def gerund(base: str) -> str:
    """The -ing form."""
    if base in ("lie", "die", "tie"):
        return base[:-2] + "ying"
    if base in DOUBLING or base in DOUBLING_GERUND:
        return base + base[-1] + "ing"
    if base.endswith("e") and not base.endswith("ee") and base != "be":
        return base[:-1] + "ing"
    return base + "ing"


def present_of_be(person: int, many: bool) -> str:
    """am, are or is."""
    if many or person == 2:
        return "are"
    return "am" if person == 1 else "is"


def plural(noun: str) -> str:
    """The plural; of several words the last changes."""
    head, _, last = noun.rpartition(" ")
    if last in PLURALS:
        last = PLURALS[last]
    elif _ends_consonant_y(last):
        last = last[:-1] + "ies"
    elif last.endswith(("s", "x", "ch", "sh")):
        last += "es"
    else:
        last += "s"
    return f"{head} {last}" if head else last


def article(following: str) -> str:
    """The indefinite article before a word."""
    low = following.lower()
    if low.startswith(_SILENT_H):
        return "an"
    if low.startswith(_CONSONANT_SOUND):
        return "a"
    return "an" if low[0] in "aeiou" or low in ("8", "11", "18") else "a"
