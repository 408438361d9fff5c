"""Exact values of French and English inflection and spelling."""

import pytest

from data.sample_corpus import english, morphology
from data.sample_corpus.words import (
    Ids,
    Word,
    join_english,
    join_french,
    links,
    markup,
    spell_english,
    spell_french,
)

PRESENT = {
    "parler": "parle parles parle parlons parlez parlent",
    "manger": "mange manges mange mangeons mangez mangent",
    "commencer": "commence commences commence commençons commencez commencent",
    "acheter": "achète achètes achète achetons achetez achètent",
    "appeler": "appelle appelles appelle appelons appelez appellent",
    "préférer": "préfère préfères préfère préférons préférez préfèrent",
    "nettoyer": "nettoie nettoies nettoie nettoyons nettoyez nettoient",
    "chercher": "cherche cherches cherche cherchons cherchez cherchent",
    "fermer": "ferme fermes ferme fermons fermez ferment",
    "réveiller": "réveille réveilles réveille réveillons réveillez réveillent",
    "choisir": "choisis choisis choisit choisissons choisissez choisissent",
    "attendre": "attends attends attend attendons attendez attendent",
    "asseoir": "assieds assieds assied asseyons asseyez asseyent",
    "comprendre": "comprends comprends comprend comprenons comprenez comprennent",
    "souvenir": "souviens souviens souvient souvenons souvenez souviennent",
    "découvrir": "découvre découvres découvre découvrons découvrez découvrent",
    "faire": "fais fais fait faisons faites font",
}


@pytest.mark.parametrize("lemma", PRESENT)
def test_present(lemma: str) -> None:
    assert " ".join(morphology.present(lemma)) == PRESENT[lemma]


@pytest.mark.parametrize(
    ("lemma", "tense", "person", "form"),
    [
        ("manger", "imperfect", 0, "mangeais"),
        ("manger", "imperfect", 3, "mangions"),
        ("étudier", "imperfect", 3, "étudiions"),
        ("être", "imperfect", 2, "était"),
        ("finir", "imperfect", 5, "finissaient"),
        ("acheter", "future", 0, "achèterai"),
        ("préférer", "future", 2, "préférera"),
        ("appeler", "future", 2, "appellera"),
        ("envoyer", "future", 0, "enverrai"),
        ("nettoyer", "future", 5, "nettoieront"),
        ("asseoir", "future", 2, "assiéra"),
        ("prendre", "future", 3, "prendrons"),
        ("vouloir", "conditional", 0, "voudrais"),
        ("devoir", "conditional", 4, "devriez"),
        ("venir", "subjunctive", 2, "vienne"),
        ("venir", "subjunctive", 3, "venions"),
        ("pouvoir", "subjunctive", 5, "puissent"),
        ("aller", "subjunctive", 4, "alliez"),
        ("être", "subjunctive", 2, "soit"),
        ("prendre", "subjunctive", 5, "prennent"),
        ("parler", "imperative", 1, "parle"),
        ("aller", "imperative", 1, "va"),
        ("ouvrir", "imperative", 1, "ouvre"),
        ("venir", "imperative", 1, "viens"),
        ("être", "imperative", 4, "soyez"),
        ("faire", "imperative", 4, "faites"),
    ],
)
def test_conjugation(lemma: str, tense: str, person: int, form: str) -> None:
    assert morphology.conjugate(lemma, tense, person) == form


def test_missing_form_is_refused() -> None:
    with pytest.raises(ValueError, match="falloir has no present form"):
        morphology.conjugate("falloir", "present", 0)
    with pytest.raises(ValueError, match="unknown tense"):
        morphology.conjugate("parler", "aorist", 0)


@pytest.mark.parametrize(
    ("lemma", "form"),
    [
        ("manger", "mangé"),
        ("choisir", "choisi"),
        ("attendre", "attendu"),
        ("prendre", "pris"),
        ("apprendre", "appris"),
        ("ouvrir", "ouvert"),
        ("offrir", "offert"),
        ("asseoir", "assis"),
        ("naître", "né"),
        ("boire", "bu"),
        ("avoir", "eu"),
    ],
)
def test_participle(lemma: str, form: str) -> None:
    assert morphology.participle(lemma) == form


def test_auxiliary() -> None:
    assert [morphology.auxiliary(v, False) for v in ("aller", "tomber", "courir")] == [
        "être",
        "être",
        "avoir",
    ]
    assert morphology.auxiliary("asseoir", True) == "être"


@pytest.mark.parametrize(
    ("masculine", "feminine", "plural", "feminine_plural"),
    [
        ("petit", "petite", "petits", "petites"),
        ("beau", "belle", "beaux", "belles"),
        ("nouveau", "nouvelle", "nouveaux", "nouvelles"),
        ("vieux", "vieille", "vieux", "vieilles"),
        ("blanc", "blanche", "blancs", "blanches"),
        ("frais", "fraîche", "frais", "fraîches"),
        ("heureux", "heureuse", "heureux", "heureuses"),
        ("cher", "chère", "chers", "chères"),
        ("bon", "bonne", "bons", "bonnes"),
        ("gentil", "gentille", "gentils", "gentilles"),
        ("inquiet", "inquiète", "inquiets", "inquiètes"),
        ("neuf", "neuve", "neufs", "neuves"),
        ("bleu", "bleue", "bleus", "bleues"),
        ("rouge", "rouge", "rouges", "rouges"),
        ("assis", "assise", "assis", "assises"),
        ("gris", "grise", "gris", "grises"),
    ],
)
def test_agreement(masculine: str, feminine: str, plural: str, feminine_plural: str) -> None:
    assert [
        morphology.agree(masculine, gender, many)
        for gender, many in (("m", False), ("f", False), ("m", True), ("f", True))
    ] == [masculine, feminine, plural, feminine_plural]


def test_noun_plurals() -> None:
    singular = ["cheval", "oiseau", "journal", "souris", "chat", "neveu", "pomme de terre"]
    wanted = ["chevaux", "oiseaux", "journaux", "souris", "chats", "neveux", "pommes de terre"]
    assert [morphology.plural(word) for word in singular] == wanted


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("le/art homme", "l'homme"),
        ("le/art héros", "le héros"),
        ("à le/art marché", "au marché"),
        ("à les/art enfants", "aux enfants"),
        ("de le/art chat", "du chat"),
        ("de les/art chats", "des chats"),
        ("de le/art ami", "de l'ami"),
        ("à la/art école", "à l'école"),
        ("de le voir", "de le voir"),
        ("je aime", "j'aime"),
        ("ne y va", "n'y va"),
        ("que elle", "qu'elle"),
        ("si il pleut", "s'il pleut"),
        ("si elle vient", "si elle vient"),
        ("ce est vrai", "c'est vrai"),
        ("ma/poss amie", "mon amie"),
        ("ma/poss sœur", "ma sœur"),
        ("ce/dem homme", "cet homme"),
        ("ce/dem garçon", "ce garçon"),
        ("un beau/adj hôtel", "un bel hôtel"),
        ("un vieux/adj ami", "un vieil ami"),
        ("un nouveau/adj livre", "un nouveau livre"),
        ("de Alice", "d'Alice"),
        ("à onze heures", "à onze heures"),
    ],
)
def test_french_spelling(raw: str, text: str) -> None:
    words = [Word(part.partition("/")[0], tag=part.partition("/")[2]) for part in raw.split()]
    assert join_french(w.text for w in spell_french(words)) == text


@pytest.mark.parametrize(
    ("raw", "contracted", "text"),
    [
        ("a/a apple", False, "a apple".replace("a ", "an ", 1)),
        ("a/a university", False, "a university"),
        ("a/a hour", False, "an hour"),
        ("a/a old car", False, "an old car"),
        ("I/subj do/aux not know", True, "I don't know"),
        ("I/subj do/aux not know", False, "I do not know"),
        ("he/subj will/aux not go", True, "he won't go"),
        ("he/subj can/aux not go", False, "he cannot go"),
        ("he/subj can/aux not go", True, "he can't go"),
        ("she/subj is/aux tired", True, "she's tired"),
        ("I/subj am/aux not tired", True, "I am not tired"),
        ("Paul 's car .", True, "Paul's car."),
    ],
)
def test_english_spelling(raw: str, contracted: bool, text: str) -> None:
    words = [Word(part.partition("/")[0], tag=part.partition("/")[2]) for part in raw.split()]
    assert join_english(w.text for w in spell_english(words, contracted)) == text


def test_english_inflection() -> None:
    assert [english.third_person(v) for v in ("go", "cry", "play", "watch", "have")] == [
        "goes",
        "cries",
        "plays",
        "watches",
        "has",
    ]
    assert [english.past(v) for v in ("stop", "carry", "like", "prefer", "sit", "open")] == [
        "stopped",
        "carried",
        "liked",
        "preferred",
        "sat",
        "opened",
    ]
    assert [english.gerund(v) for v in ("lie", "sit", "write", "see", "be", "open")] == [
        "lying",
        "sitting",
        "writing",
        "seeing",
        "being",
        "opening",
    ]
    assert [english.plural(n) for n in ("box", "child", "story", "post office", "knife")] == [
        "boxes",
        "children",
        "stories",
        "post offices",
        "knives",
    ]


def test_markup_links() -> None:
    phrase = markup(Ids(), "at/a the/b market/c .", "au/ab marché/c .")
    assert links(phrase.en, phrase.fr) == [(0, 0), (1, 0), (2, 1), (3, 2)]
    idiom = markup(Ids(), "of course", "bien sûr")
    assert links(idiom.en, idiom.fr) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_contraction_keeps_both_concepts() -> None:
    phrase = markup(Ids(), "of/a the/b cat/c", "de/a le/b chat/c")
    spelled = spell_french(phrase.fr)
    assert [w.text for w in spelled] == ["du", "chat"]
    assert links(phrase.en, spelled) == [(0, 0), (1, 0), (2, 1)]
