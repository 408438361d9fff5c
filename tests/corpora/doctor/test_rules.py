"""Each rule on pairs that it must find, and on good ones that it must leave alone."""

from __future__ import annotations

import pytest

from translator.corpora.doctor import form, languages, sides
from translator.corpora.doctor.batch import Batch, batches
from translator.corpora.doctor.rules import RULES, chosen_rules
from translator.errors import ConfigError

RULE = {
    "encoding": form.encoding,
    "html": form.html,
    "control": form.control,
    "brackets": form.brackets,
    "identical": sides.identical,
    "untranslated": sides.untranslated,
    "numbers": sides.numbers,
    "addresses": sides.addresses,
    "long": sides.long,
    "extreme-ratio": lambda batch: sides.ratio(batch, 1.0, sides.MANY),
    "script": lambda batch: languages.script(batch, ("en", "fr")),
}
BAD = [
    ("encoding", "The summer", "L'Ã©tÃ©"),
    ("encoding", "It\u2019s \u00e2\u20ac\u0153here\u00e2\u20ac\u009d", "C'est ici"),
    ("encoding", "The summer", "L'\ufffdt\ufffd"),
    ("html", "He says hello.", "Il dit &amp;quot;bonjour&amp;quot;."),
    ("html", "Tea & cake", "Th\u00e9 &amp; g\u00e2teau"),
    ("control", "so\u00adfa", "canap\u00e9"),
    ("control", "a\x07b", "ab"),
    ("control", "the\u200b cat", "le chat"),
    ("control", "cat", "chat\u200b"),
    ("brackets", "He came (late.", "Il est venu (tard)."),
    ("brackets", 'He said "yes', "Il a dit « oui »"),
    ("identical", "Paris", "Paris"),
    ("untranslated", "the cat sat on the old mat", "the cat sat on the old tapis"),
    ("numbers", "It has 1,250 pages.", "Il a 1 260 pages."),
    ("numbers", "in 1998", "un jour"),
    ("addresses", "See www.a.org/x", "Voir www.a.org/y"),
    ("addresses", "Write to a@b.org.", "\u00c9crivez."),
    ("long", "a " * 600, "b"),
    ("extreme-ratio", "Yes.", "x" * 100),
    ("script", "The cat sleeps.", "\u041a\u043e\u0442 \u0441\u043f\u0438\u0442."),
]
GOOD = [
    ("encoding", "A caf\u00e9, \u00e2ge 5\u00a0: \u00ab\u00a0\u00e9t\u00e9\u00a0\u00bb\u2026", "x"),
    ("encoding", "x", "\u00c0\u00a0No\u00ebl \u2013 \u00e7a va\u2026 \u00c9\u00bb"),
    ("encoding", "The sign \ufffd stands for it.", "Le signe \ufffd le remplace."),
    ("html", "Write &lt;b&gt;", "\u00c9crivez &lt;b&gt;"),
    ("control", "a tab\tand \u200ca joiner", "b"),
    ("control", "the house", "\u0e1a\u200b\u0e49\u0e32\u0e19"),
    ("brackets", "He said \u201cyes\u201d (twice).", "Il a dit \u00ab oui \u00bb (deux fois)."),
    ("brackets", "a) one", "a) un"),
    ("identical", "1998", "1998"),
    ("untranslated", "Tom has a terrible secret.", "Tom a un terrible secret."),
    ("untranslated", "New York City Marathon Office", "New York City Marathon Office"),
    ("untranslated", "See is_it call_user or_else", "Voir is_it call_user or_else"),
    ("numbers", "It has 1,250 pages.", "Il a 1 250 pages."),
    ("numbers", "At 3:30 p.m. on 5 May", "Le 5 mai \u00e0 15 h 30"),
    ("numbers", "three of 12", "12, dont trois"),
    ("numbers", "\u0661\u0662\u0663", "123"),
    ("addresses", "See www.a.org/x.", "Voir (www.a.org/x)"),
    ("long", "a" * 1000, "b" * 1000),
    ("extreme-ratio", "Yes.", "Oui, bien s\u00fbr que oui."),
    ("script", "The angle \u03b1\u03b2\u03b3 is large.", "L'angle \u03b1\u03b2\u03b3 est grand."),
]


@pytest.mark.parametrize(("rule", "source", "target"), BAD)
def test_faults_are_found_among_good_pairs(rule: str, source: str, target: str) -> None:
    good = [("Good morning.", "Bonjour."), ("How are you?", "Comment vas-tu ?")]
    pairs = [good[0], (source, target), good[1]]
    assert RULE[rule](Batch([1, 2, 3], *map(list, zip(*pairs, strict=True)))) == [1]


@pytest.mark.parametrize(("rule", "source", "target"), GOOD)
def test_good_pairs_are_left_alone(rule: str, source: str, target: str) -> None:
    assert RULE[rule](Batch([1], [source], [target])) == []


@pytest.mark.parametrize(
    ("pair", "text", "found"),
    [
        (("en", "ja"), "これは猫です。", []),
        (("en", "ja"), "NASA", []),
        (("en", "ja"), "This is a cat on a mat.", [0]),
        (("en", "ja"), "Это кошка и собака.", [0]),
        (("en", "sr"), "Ovo je mačka.", []),
        (("en", "sr"), "\u041e\u0432\u043e \u0458\u0435 \u043c\u0430\u0447\u043a\u0430.", []),
        (("en", "sr-Cyrl"), "Ovo je mačka na stolu.", [0]),
        (("en", "zh-Hant"), "這是一隻貓。", []),
    ],
)
def test_each_language_has_its_scripts(pair: tuple[str, str], text: str, found: list[int]) -> None:
    assert languages.script(Batch([1], ["A cat."], [text]), pair) == found


def test_the_sides_of_close_languages_may_be_equal() -> None:
    assert languages.are_close("nb", "da")
    assert languages.are_close("en-GB", "en-US")
    assert not languages.are_close("en", "fr")


def test_languages_are_told_where_the_text_is_long_enough() -> None:
    one = languages.identifier(("en", "fr"))
    assert one is not None
    pairs = [
        ("The children are playing in the garden.", "Les enfants jouent dans le jardin."),
        ("Les enfants jouent dans le jardin.", "The children are playing in the garden."),
        ("Die Kinder spielen heute im Garten.", "Les enfants jouent dans le jardin."),
        ("Si.", "No."),
    ]
    batch = Batch([1, 2, 3, 4], *map(list, zip(*pairs, strict=True)))
    assert one.find(batch, range(4)) == ([2], [1])


def test_every_rule_is_told_in_plain_words() -> None:
    for rule in RULES.values():
        assert rule.meaning.endswith(".")
        assert len(rule.title) < 60
        assert set(rule.name) <= set("abcdefghijklmnopqrstuvwxyz-")


def test_rules_are_chosen_by_name() -> None:
    assert chosen_rules("encoding,duplicate") == ["duplicate", "encoding"]
    assert "numbers" not in chosen_rules("default")
    assert "numbers" in chosen_rules("default,numbers")
    assert "duplicate" not in chosen_rules("default,no-duplicate")
    with pytest.raises(ConfigError, match="Did you mean duplicate"):
        chosen_rules("duplicates")
    with pytest.raises(ConfigError, match="leaves no rule"):
        chosen_rules("numbers,no-numbers")


def test_batches_hold_pairs_and_count_the_rest() -> None:
    records = [(1, " a ", ["b"], {}), (2, "a", [""], {}), (3, "", [None], {}), (4, "c", ["d"], {})]
    [batch] = batches(records)
    assert (batch.lines, batch.sources, batch.targets) == ([1, 4], ["a", "c"], ["b", "d"])
    assert batch.blank == [(2, "a", "")]
    assert batch.empty == 1
