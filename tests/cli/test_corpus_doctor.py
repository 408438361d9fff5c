"""`translator corpus check`, `clean` and `split`, through the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from translator.corpora.doctor import examine

Run = Callable[..., Any]
EN_FR = ("-s", "en", "-t", "fr", "--workers", 1)
GOOD = [(f"The old cat number {n} sleeps in here.", f"Le chat {n} dort ici.") for n in range(60)]


def write(name: str, pairs: list[tuple[str, ...]]) -> str:
    Path(name).write_text("".join("\t".join(pair) + "\n" for pair in pairs), encoding="utf-8")
    return name


def read(name: str) -> list[tuple[str, ...]]:
    lines = Path(name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines]


def named(number: int) -> str:
    """Return letters for the digits: sentences that differ in figures only are nearly the same."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def test_a_good_corpus_is_called_good(fast: Run) -> None:
    done = fast("corpus", "check", write("good.tsv", GOOD), *EN_FR, "--rules", "default")
    assert done.exit_code == 0
    assert done.stdout.startswith("good.tsv: 60 pairs\n")
    assert done.stdout.endswith("Nothing stands against training with this.\n")


def test_something_serious_is_exit_code_1_and_every_form_says_so(fast: Run) -> None:
    spoiled = [(a, a) for a, _ in GOOD[:20]]
    train = write("train.tsv", GOOD + spoiled)
    test = write("test.tsv", [(GOOD[0][0].upper(), "x"), ("Another one.", "y")])
    done = fast("corpus", "check", train, "--test", test, *EN_FR, "--html", "r.html", "--json")
    assert done.exit_code == 1
    told = json.loads(done.stdout)
    assert told["serious"] is True
    assert told["rules"]["untranslated"]["count"] == 20
    assert told["rules"]["untranslated"]["first"][0] == {"corpus": "train.tsv", "line": 61}
    assert told["overlap"]["test-overlap"] == {
        "sentences": 2,
        "source": 1,
        "target": 0,
        "either": 1,
    }
    page = Path("r.html").read_text(encoding="utf-8")
    assert "a sentence that is not translated" in page
    text = fast("corpus", "check", train, "--test", test, *EN_FR)
    assert text.exit_code == 1
    assert "serious: 20 pairs: a sentence that is not translated" in text.stdout
    assert "Of 2 test sentences, 1 (50 %) have their source in the training data" in text.stdout


def test_shifted_lines_are_noticed(fast: Run) -> None:
    sides = [" ".join(["word"] * (1 + n * 7919 % 23)) for n in range(700)]
    Path("a.en").write_text("".join(side + "\n" for side in sides))
    other = [side.replace("word", "mot") for side in sides]
    Path("a.fr").write_text("".join(side + "\n" for side in other))
    Path("b.fr").write_text("".join(side + "\n" for side in other[1:] + other[:1]))
    rules = ("--rules", "ratio")
    assert "belong together" not in fast("corpus", "check", "a.en,a.fr", *EN_FR, *rules).stdout
    shifted = fast("corpus", "check", "a.en,b.fr", *EN_FR, *rules)
    assert shifted.exit_code == 1
    assert "The lines do not seem to belong together" in " ".join(shifted.stdout.split())


def test_cleaning_parts_the_good_from_the_rest_and_loses_nothing(fast: Run) -> None:
    bad = [("The summer here.", "L'Ã©tÃ© est là."), ("Only one side.", ""), GOOD[3]]
    rows = [(*pair, "web") for pair in GOOD[:30] + bad + GOOD[30:]]
    Path("in.tsv").write_text(
        "en\tfr\torigin\n" + "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8"
    )
    done = fast("corpus", "clean", "in.tsv", "-o", "out.tsv", "--dropped", "d.tsv", *EN_FR)
    assert done.exit_code == 0, done.stderr
    assert done.stdout == ""
    assert read("out.tsv") == [("en", "fr", "origin")] + [(*pair, "web") for pair in GOOD]
    assert read("d.tsv")[1:] == [
        ("blank", "in.tsv", "33", "Only one side.", ""),
        ("encoding", "in.tsv", "32", *bad[0]),
        ("duplicate", "in.tsv", "34", *GOOD[3]),
    ]
    assert "out.tsv: 60 pairs kept" in done.stderr


def test_of_several_files_each_place_names_its_own(fast: Run) -> None:
    Path("memory").mkdir()
    write("memory/a.tsv", [*GOOD[:30], (GOOD[30][0], GOOD[30][0])])
    entries = ['msgid "One day."\nmsgstr "Un jour."', 'msgid "Two."\nmsgstr ""']
    entries += ['msgctxt "menu"\nmsgid "It rains."\nmsgstr "Il\u2028pleut."']
    Path("memory/fr.po").write_text("\n\n".join(entries), encoding="utf-8")
    done = fast("corpus", "check", "memory", *EN_FR, "--json", "--html", "r.html")
    told = json.loads(done.stdout)["rules"]
    assert told["untranslated"]["first"] == [{"corpus": "a.tsv", "line": 31}]
    assert told["blank"]["first"] == [{"corpus": "fr.po", "line": 4}]
    assert told["separators"]["first"] == [{"corpus": "fr.po", "line": 9}]
    assert "fr.po:4" in Path("r.html").read_text(encoding="utf-8")
    assert "  line fr.po:9\n    fr.po:9: msgstr" in fast("corpus", "check", "memory", *EN_FR).stdout
    done = fast("corpus", "clean", "memory", "-o", "out.tsv", "--dropped", "d.tsv", *EN_FR)
    assert [row[:3] for row in read("d.tsv")[1:]] == [
        ("untranslated,language", "a.tsv", "31"),
        ("blank", "fr.po", "4"),
    ]
    # a column that only some entries have
    assert read("out.tsv")[-1] == ("It rains.", "Il pleut.", "menu")


@pytest.mark.parametrize("by", ["near", "source"])
def test_a_split_has_no_sentence_twice(fast: Run, by: str) -> None:
    pairs = []
    for n in map(named, range(200)):
        pairs += [(f"Sentence {n}.", f"Phrase {n}."), (f"sentence {n}", f"Autre {n} !")]
        pairs += [(f"Third {n}", f"autre {n}")]
    # nearly the same, and too many for a small set
    pairs += [(f"Room {n}.", f"Salle {n}.") for n in range(40)]
    done = fast(
        *("corpus", "split", write("all.tsv", pairs), "--out", "sets", "--by", by),
        *("--dev", 30, "--test", 60, "-s", "en", "-t", "fr"),
    )
    assert done.exit_code == 0, done.stderr
    sets = {name: read(f"sets/{name}.tsv") for name in ("train", "dev", "test")}
    assert sorted(row for rows in sets.values() for row in rows) == sorted(pairs)
    assert 28 <= len(sets["dev"]) <= 33
    assert 57 <= len(sets["test"]) <= 66
    number = {name: {row[0].casefold().strip(".") for row in rows} for name, rows in sets.items()}
    if by == "near":
        assert sum(row[0].startswith("Room ") for row in sets["train"]) == 40
        # the third pair hangs together with the second one's target
        number = {name: {text.split()[1] for text in texts} for name, texts in number.items()}
    assert not number["train"] & number["test"]
    assert not number["train"] & number["dev"]
    assert not number["dev"] & number["test"]


def test_a_set_of_no_size_is_not_written(fast: Run) -> None:
    pairs = [(f"a {n}", f"b {n}") for n in map(named, range(60))]
    options = ("--dev", 0, "--test", 10, "-s", "en", "-t", "fr")
    assert fast("corpus", "split", write("all.tsv", pairs), "--out", "x", *options).exit_code == 0
    assert sorted(path.name for path in Path("x").iterdir()) == ["test.tsv", "train.tsv"]


def test_a_split_by_document_keeps_documents_whole(fast: Run) -> None:
    pairs = [(f"a {n}", f"b {n}", f"doc{n % 50}") for n in range(500)]
    write("all.tsv", [("en", "fr", "document"), *pairs])
    column = ("--by", "group", "--group-column", "document")
    sizes = ("--dev", 40, "--test", 40, "-s", "en", "-t", "fr")
    assert fast("corpus", "split", "all.tsv", "--out", "x", *column, *sizes).exit_code == 0
    documents = [{row[2] for row in read(f"x/{name}.tsv")[1:]} for name in ("train", "dev", "test")]
    assert sum(map(len, documents)) == 50
    assert [len(one) for one in documents] == [42, 4, 4]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("check", "a.tsv"), "--source, --target missing"),
        (("check", "a.tsv", *EN_FR, "--rules", "encodings"), "Did you mean encoding"),
        (("check", "no.tsv", *EN_FR), "no.tsv: there is no such file"),
        (("check", "blank.tsv", *EN_FR), "holds no sentence pair"),
        (("clean", "a.tsv", *EN_FR, "-o", "no/x.tsv"), "there is no such directory"),
        (("clean", "same.tsv", *EN_FR, "-o", "x.tsv", "--rules", "identical"), "no pair is left"),
        (("split", "a.tsv", *EN_FR[:4], "--out", "x"), "holds 60 pairs, and dev and test take"),
        (("clean", "a.tsv", *EN_FR, "-o", "x.tsv", "--dropped", "./x.tsv"), "the same file, x.tsv"),
        (("check", "a.tsv", *EN_FR, "--rules", "no-encoding"), "--rules all,no-encoding"),
        (
            ("check", "a.tsv", *EN_FR, "--test", "a.tsv", "--rules", "encoding"),
            "Add it: --rules encoding,test-overlap",
        ),
        (("split", "a.tsv", *EN_FR[:4], "--out", "x", "--by", "group"), "belong together"),
        (
            ("split", "a.tsv", *EN_FR[:4], "--out", "x", "--by", "group", "--group-column", "id"),
            "line 1 has no column 'id'",
        ),
    ],
)
def test_mistakes_are_told(fast: Run, args: tuple[object, ...], told: str) -> None:
    write("a.tsv", GOOD)
    write("blank.tsv", [("a", ""), ("", "b")])
    write("same.tsv", [("Paris", "Paris")])
    done = fast("corpus", *args)
    assert done.exit_code == 2
    assert told in " ".join(done.stderr.split())
    assert not Path("x.tsv").exists()


def test_a_sample_shows_what_cannot_be_seen_but_for_spaces(fast: Run) -> None:
    write("a.tsv", [("Really? 12", "Vrai\u202f? 13"), ("A soft one. 145", "Un\u00ad doux. 146")])
    told = fast("corpus", "check", "a.tsv", *EN_FR, "--rules", "numbers").stdout
    assert "-> Vrai ? 13" in told
    assert "-> Un\ufffd doux. 146" in told


def test_files_of_the_same_name_are_told_apart(fast: Run) -> None:
    for folder in ("a", "b"):
        Path(folder).mkdir()
        write(f"{folder}/x.tsv", GOOD)
    done = fast("corpus", "check", "a/x.tsv", "b/x.tsv", *EN_FR, "--rules", "duplicate")
    assert "  line b/x.tsv:1, b/x.tsv:2, " in done.stdout


def test_what_does_not_fit_into_one_set_is_there_for_the_next(fast: Run) -> None:
    # pairs of two: of five, one set gets four and so does the other
    numbers = map(named, range(40))
    pairs = [(f"Sentence {n}{sign}", f"Phrase {n}") for n in numbers for sign in ("", "!")]
    sizes = ("--dev", 5, "--test", 5, "-s", "en", "-t", "fr")
    done = fast("corpus", "split", write("all.tsv", pairs), "--out", "x", *sizes)
    assert done.exit_code == 0, done.stderr
    assert [len(read(f"x/{name}.tsv")) for name in ("train", "dev", "test")] == [72, 4, 4]


def test_a_translation_that_is_trained_on_spoils_a_test_set_too(fast: Run) -> None:
    train = write("train.tsv", GOOD)
    test = write("test.tsv", [("Where does the old cat sleep?", GOOD[0][1]), ("No.", "Non.")])
    done = fast("corpus", "check", train, "--test", test, *EN_FR, "--rules", "test-overlap")
    assert done.exit_code == 1
    assert "2 test sentences, 0 (0 %) have their source in the training data, and 1" in done.stdout
    assert "serious: 1 pair: in the test set too" in done.stdout


def test_it_is_told_that_languages_are_judged_of_a_sample(
    fast: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    swapped = [
        (
            f"Le vieux chat numéro {n} dort souvent dans le petit jardin.",
            f"The old cat number {n} often sleeps in the little garden.",
        )
        for n in range(20)
    ]
    command = ("corpus", "check", write("a.tsv", swapped), *EN_FR, "--rules", "language,swapped")
    told = fast(*command).stdout
    assert "looked at" not in told
    assert "serious: 20 pairs: the sides are swapped" in told
    monkeypatch.setattr(examine, "JUDGED_ALL", 0)
    told = fast(*command, "--html", "r.html").stdout
    assert "\nlanguage, swapped: 2 of 20 pairs looked at\n" in told
    assert "serious: 2 of 2 pairs looked at: the sides are swapped" in told
    page = Path("r.html").read_text(encoding="utf-8")
    assert "language, swapped: 2 of 20 pairs looked at." in page
    assert "2 of 2 pairs looked at: the sides are swapped" in page


ODD = ("One\u2028day.", "Un\u2029jour.")
TMX = "<tuv xml:lang='en'><seg>{}</seg></tuv><tuv xml:lang='fr'><seg>{}</seg></tuv>"


def write_odd(name: str) -> None:
    """Write a good pair, and in the second line or row one with odd separators on both sides."""
    pairs = [GOOD[0], ODD]
    if name.endswith(".parquet"):
        sides = [list(side) for side in zip(*pairs, strict=True)]
        pyarrow.parquet.write_table(pyarrow.table(sides, names=["en", "fr"]), name)
        return
    text = {
        "tsv": "\n".join("\t".join(pair) for pair in pairs),
        "tmx": "<tmx version='1.4'><body>{}\n{}</body></tmx>".format(
            *(f"<tu>{TMX.format(*pair)}</tu>" for pair in pairs)
        ),
        "xlf": "<xliff version='1.2'><file source-language='en' target-language='fr'><body>"
        "{}\n{}</body></file></xliff>".format(
            *(
                f"<trans-unit id='1'><source>{a}</source><target>{b}</target></trans-unit>"
                for a, b in pairs
            )
        ),
        "jsonl": "\n".join(json.dumps({"en": a, "fr": b}) for a, b in pairs),
    }[name.rpartition(".")[2]]
    Path(name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("ending", ["tsv", "tmx", "xlf", "jsonl", "parquet"])
def test_odd_separators_are_seen_in_every_format(fast: Run, ending: str) -> None:
    write_odd(f"a.{ending}")
    done = fast("corpus", "check", f"a.{ending}", *EN_FR, "--rules", "separators", "--json")
    told = json.loads(done.stdout)["rules"]["separators"]
    assert told["count"] == 1
    assert told["first"] == [{"corpus": f"a.{ending}", "line": 2}]


def test_cleaning_has_no_use_for_the_rule_of_separators(fast: Run) -> None:
    write_odd("a.jsonl")
    for rules in ("default", "default,separators"):
        done = fast("corpus", "clean", "a.jsonl", "-o", "out.tsv", *EN_FR, "--rules", rules)
        assert done.exit_code == 0, done.stderr
        assert read("out.tsv") == [GOOD[0], ("One day.", "Un jour.")]
        assert ("not applied: separators" in done.stderr) == ("separators" in rules)


def test_a_model_tells_what_does_not_belong_together(
    fast: Run, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from translator.decoding.translation import GivenScore
    from translator.decoding.translator import Translator

    def score(self: Translator, sources: list[str], targets: list[str]) -> list[GivenScore]:
        number = re.compile(r"\d+")
        both = zip(map(number.findall, sources), map(number.findall, targets), strict=True)
        return [GivenScore(-10.0 if a == b else -50.0, 0.0, 1.0, 10) for a, b in both]

    pairs = [*GOOD[:40], (GOOD[40][0], GOOD[50][1]), *GOOD[41:]]
    name = write("train.tsv", pairs)
    rules = ("--rules", "unrelated", "--model", model)
    done = fast("corpus", "check", name, *EN_FR, *rules)
    assert "unrelated: the model does not know such text" in " ".join(done.stdout.split())
    done = fast("corpus", "clean", name, "-o", "out.tsv", *EN_FR, *rules)
    assert "not applied: unrelated (the model does not know such text" in done.stderr
    assert read("out.tsv") == pairs
    monkeypatch.setattr(Translator, "score", score)
    done = fast("corpus", "check", name, *EN_FR, *rules, "--json")
    assert json.loads(done.stdout)["rules"]["unrelated"]["first"] == [
        {"corpus": "train.tsv", "line": 41}
    ]
    done = fast("corpus", "clean", name, "-o", "out.tsv", *EN_FR, "--model", model)
    assert done.exit_code == 0, done.stderr
    assert read("out.tsv") == pairs[:40] + pairs[41:]
    assert "1 left out: unrelated" in done.stderr


def test_a_model_that_is_of_no_use(fast: Run, model: Path) -> None:
    name = write("train.tsv", GOOD)
    done = fast("corpus", "check", name, *EN_FR, "--model", model, "--rules", "duplicate")
    assert done.exit_code == 2
    assert "--model is given, and --rules leaves out unrelated" in done.stderr
    done = fast("corpus", "check", name, "-s", "fr", "-t", "en", "--model", model)
    assert done.exit_code == 2
    assert "this model translates en -> fr, and --source fr was asked for" in done.stderr
