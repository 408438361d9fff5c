import json
import shutil
from pathlib import Path

import pytest
from sacrebleu import BLEU, CHRF, TER

REFERENCE = ["Le chat dort sur le tapis.", "Nous avons mangé une pomme ce matin."]
OTHER = ["", "On a mangé une pomme ce matin."]
HYPOTHESES = ["Le chat dort sous le tapis.", "On a mangé la pomme ce matin."]


def write(name, lines):
    Path(name).write_text("".join(f"{line}\n" for line in lines))
    return name


def test_files(fast):
    write("h", HYPOTHESES), write("r", REFERENCE)
    result = fast("evaluate", "--hypotheses", "h", "--references", "r", "--ter")
    assert result.exit_code == 0
    expected = []
    for metric in (BLEU(), CHRF(), TER()):
        score = metric.corpus_score(HYPOTHESES, [REFERENCE], n_bootstrap=1000)
        expected.append(
            f"{score.name} {score.score:.1f} ± {score._ci:.1f}  ({metric.get_signature()})"
        )
    assert result.stdout.splitlines() == expected


def test_files_with_several_references_as_json(fast):
    write("h", HYPOTHESES), write("r", REFERENCE), write("o", OTHER)
    result = fast(
        *["evaluate", "--hypotheses", "h", "--references", "r", "--references", "o", "--json"],
        *["--target", "FR"],
    )
    told = json.loads(result.stdout)
    bleu = BLEU().corpus_score(HYPOTHESES, [REFERENCE, [None, OTHER[1]]], n_bootstrap=1000)
    assert told["scores"][0]["value"] == bleu.score
    assert told["scores"][0]["confidence"] == pytest.approx(bleu._ci)
    assert "nrefs:var" in told["scores"][0]["signature"]
    assert told["sentences"] == 2
    assert told["target"] == "fr"
    assert told["references"] == ["r", "o"]
    assert set(told["versions"]) == {"translator", "sacrebleu", "sentencepiece", "torch"}


def test_a_line_without_any_reference_is_left_out(fast):
    write("h", [*HYPOTHESES, "Trop."]), write("r", [*REFERENCE, ""]), write("o", [*OTHER, " "])
    result = fast("evaluate", "--hypotheses", "h", "--references", "r", "--references", "o")
    assert result.exit_code == 0, result.stderr
    assert "1 left out that have no reference (line 3)" in result.stderr
    write("h2", HYPOTHESES), write("r2", REFERENCE), write("o2", OTHER)
    without = fast("evaluate", "--hypotheses", "h2", "--references", "r2", "--references", "o2")
    assert result.stdout == without.stdout


def test_a_model(fast, model):
    Path("test.tsv").write_text(
        "The cat.\tLe chat.\nWhere?\t\nA bird sings.\tUn oiseau chante.\tL'oiseau chante.\n"
    )
    result = fast("evaluate", "-m", model, "--data", "test.tsv", "--output", "out.txt", "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    from translator.decoding.translator import Translator

    hypotheses = Translator.load(model).translate(["The cat.", "A bird sings."])
    # a line for each row, also for the one that is left out
    assert Path("out.txt").read_text() == f"{hypotheses[0]}\n\n{hypotheses[1]}\n"
    references = [["Le chat.", "Un oiseau chante."], [None, "L'oiseau chante."]]
    for score, metric in zip(told["scores"], [BLEU(), CHRF()], strict=True):
        assert score["value"] == metric.corpus_score(hypotheses, references).score
    assert told["sentences"] == 2
    assert (told["model"], told["source"], told["target"]) == (str(model), "en", "fr")
    assert told["data"]["dropped"] == {"target blank": 1}
    assert "dropped" not in told
    assert told["decoding"]["beam"] == 2
    assert told["data"]["spec"] == "test.tsv"
    assert "test.tsv: 1 pair left out" in result.stderr


def test_the_columns_of_the_test_set_and_the_search_can_be_set(fast, model):
    Path("test.tsv").write_text("Le chat.\tThe cat.\n")
    columns = ["--set", "data.source_column=2", "--set", "data.target_column=1"]
    result = fast("evaluate", "-m", model, "--data", "test.tsv", *columns, "--beam", 1, "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["decoding"]["beam"] == 1


@pytest.mark.parametrize(
    ("data", "content"),
    [
        ("test.tsv", "The cat.\tLe chat.\nWhere?\tOù ?\n"),
        ("test.csv", "fr,en\nLe chat.,The cat.\nOù ?,Where?\n"),
        ("test.jsonl", '{"en": "The cat.", "fr": "Le chat."}\n{"en": "Where?", "fr": "Où ?"}\n'),
        ("test.fr,test.en", None),
    ],
)
def test_the_other_direction(fast, model_for_both, data, content):
    if content is None:
        write("test.en", ["The cat.", "Where?"]), write("test.fr", ["Le chat.", "Où ?"])
    else:
        Path(data).write_text(content)
    asked = ["--data", data, "--source", "fr", "--output", "out.txt", "--json"]
    result = fast("evaluate", "-m", model_for_both, *asked)
    assert result.exit_code == 0, result.stderr
    from translator.decoding.translator import Translator

    translator = Translator.load(model_for_both, source="fr")
    hypotheses = translator.translate(["Le chat.", "Où ?"])
    assert Path("out.txt").read_text().splitlines() == hypotheses
    told = json.loads(result.stdout)
    assert (told["source"], told["target"]) == ("fr", "en")
    expected = CHRF().corpus_score(hypotheses, [["The cat.", "Where?"]]).score
    assert told["scores"][1]["value"] == expected


def test_files_that_are_named_for_the_direction_of_training(fast, model_for_both):
    write("test.en", ["The cat."]), write("test.fr", ["Le chat."])
    result = fast("evaluate", "-m", model_for_both, "--data", "test.en,test.fr", "--source", "fr")
    assert result.exit_code == 2
    assert "fr is to be translated to en\n  Swap the two files.\n" in result.stderr
    result = fast("evaluate", "-m", model_for_both, "--data", "test.en,test.fr", "--source", "de")
    assert result.exit_code == 2
    assert "this model translates en <-> fr, and --source de was asked for" in result.stderr


def test_signs_of_processed_text_are_told(fast):
    write("h", ["Le ch@@ at dort .", "Une pom@@ me ."]), write("r", REFERENCE)
    result = fast("evaluate", "--hypotheses", "h", "--references", "r")
    assert result.exit_code == 0
    assert "warning: 2 of 2 hypotheses hold sub-word marks" in result.stderr
    assert "warning: 2 of 2 hypotheses look tokenised" in result.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "--data missing"),
        (["--hypotheses", "h"], "--references missing"),
        (["--references", "h"], "--hypotheses missing"),
        (["--hypotheses", "h", "--references", "h", "--data", "t"], "--data cannot be combined"),
        (["--hypotheses", "h", "--references", "h", "--beam", "1"], "--beam cannot be combined"),
        (["--hypotheses", "h", "--references", "short"], "short: 1 lines, but h has 2"),
        (["--hypotheses", "hh", "--references", "h"], "hh: there is no such file"),
        (["--hypotheses", "h", "--references", "."], "is a directory"),
        (["--hypotheses", "empty", "--references", "empty"], "empty: is empty"),
        (["--hypotheses", "latin", "--references", "h"], "latin:2: not UTF-8"),
        (["--hypotheses", "h", "--references", "h", "--target", "frnech"], "fr (French)"),
        (["--hypotheses", "h", "--references", "blank"], "blank: no references: all lines are"),
        (
            ["--hypotheses", "h", "--references", "blank", "--references", "blank"],
            "error: blank, blank: no references: all lines are blank\n",
        ),
        (["--data", "t.tsv"], "t.tsv: there is no such file"),
        (["--data", "blank.tsv"], "blank.tsv: holds no sentence pair (2 both blank)"),
        (["--data", "h,blank"], "h,blank: holds no sentence pair (2 target blank)"),
        (
            ["--data", "h.fr,h.en"],
            "error: h.fr,h.en: the source file is named .fr and the target file .en, and en is to "
            "be translated to fr\n  Swap the two files.\n",
        ),
        (
            ["--data", "hf:nobody-here/nothing:test"],
            "hf:nobody-here/nothing:test: cannot be loaded: the hub cannot be reached, and there "
            "is no copy of the data set on this machine\n  Go online, ",
        ),
        (["--data", "one.tsv"], "one.tsv:1"),
        (["--data", "short,h"], "short"),
        (["--data", "one.tsv", "--target", "de"], "this model translates en -> fr"),
        (["--data", "one.tsv", "--output", "no/out"], "mkdir -p no"),
        (["--data", "one.tsv", "--set", "model.dropout=0"], "have no effect here"),
        (
            ["--data", "one.tsv", "--set", "data.max_length=9"],
            "--set data.max_length=9: the other data options have no effect here",
        ),
        (["--data", "one.tsv", "--set", "data.haeder=no"], "there is no option data.haeder"),
    ],
)
def test_mistakes(fast, model, monkeypatch, args, message):
    write("h", HYPOTHESES), write("short", HYPOTHESES[:1]), write("empty", [])
    write("one.tsv", ["The cat."])
    write("blank", ["", " "]), write("blank.tsv", ["\t", ""])
    write("h.en", HYPOTHESES), write("h.fr", HYPOTHESES)
    Path("latin").write_bytes(b"Le chat\ncaf\xe9\n")
    monkeypatch.setenv("TRANSLATOR_MODEL", str(model))
    before = set(Path().iterdir())
    result = fast("evaluate", *args)
    assert result.exit_code == 2, result.stderr
    assert message in result.stderr
    assert result.stderr.count("error: ") == 1
    assert "left out" not in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert set(Path().iterdir()) == before


def test_blank_translations_score_nothing(fast):
    write("h", ["", " "]), write("r", REFERENCE)
    result = fast("evaluate", "--hypotheses", "h", "--references", "r")
    assert result.exit_code == 0, result.stderr
    assert [line.split()[:2] for line in result.stdout.splitlines()] == [
        ["BLEU", "0.0"],
        ["chrF2", "0.0"],
    ]


@pytest.mark.parametrize("long", ["x" * 100_000, "mot " * 25_000])
def test_a_very_long_line_is_scored(fast, long):
    write("h", [*HYPOTHESES, long]), write("r", [*REFERENCE, long])
    result = fast("evaluate", "--hypotheses", "h", "--references", "r", "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["sentences"] == 3


def test_a_very_long_line_is_translated_and_scored(fast, model):
    write("test.tsv", [f"{'The cat sat. ' * 2_000}\tLe chat.", "Where?\tOù ?"])
    result = fast("evaluate", "-m", model, "--data", "test.tsv", "--output", "out.txt", "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout)["sentences"] == 2
    assert len(Path("out.txt").read_text().splitlines()) == 2


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.model", "manifest.json"])
def test_a_damaged_model(fast, model, name):
    shutil.copytree(model, "damaged")
    file = Path("damaged") / name
    file.write_bytes(file.read_bytes()[:-20])
    write("test.tsv", ["The cat.\tLe chat."])
    result = fast("evaluate", "-m", "damaged", "--data", "test.tsv", "--output", "out.txt")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: damaged/{name}: is damaged")
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert not Path("out.txt").exists()


def test_a_glossary_is_counted(fast, model):
    write("test.tsv", ["The cat sat.\tLe chat.", "\tx", "A bird sings.\tUn oiseau chante."])
    write("terms.tsv", ["cat\tchat", "bird\toiseau", "river\trivière"])
    args = ["evaluate", "-m", model, "--data", "test.tsv", "--glossary", "terms.tsv", "--json"]
    room = ["--set", "decoding.max_length_ratio=2"]
    result = fast(*args, *room, "--output", "out.txt")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)["glossary"]
    lines = Path("out.txt").read_text().lower().splitlines()
    honoured = ("chat" in lines[0].replace(".", " ").split()) + ("oiseau" in lines[2])
    assert (told["terms"], told["required"]) == (3, 2)
    assert told["honoured"] <= honoured
    assert f"glossary: 2 terms required, {told['honoured']} in the translation" in result.stderr
    # where there is no room, the lines of the file are told
    result = fast(*args, "--set", "decoding.max_length=1")
    assert json.loads(result.stdout)["glossary"]["honoured"] == 0
    assert "0 in the translation; some are missing in lines 1, 3\n" in result.stderr


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--glossary", "none.tsv"], "none.tsv: there is no such file"),
        (["--glossary", "bad.tsv"], "bad.tsv:1: has no tab"),
    ],
)
def test_a_bad_glossary_is_told_before_the_model_is_loaded(fast, model, args, message):
    write("test.tsv", ["The cat sat.\tLe chat."]), write("bad.tsv", ["cat"])
    result = fast("evaluate", "-m", model, "--data", "test.tsv", *args)
    assert result.exit_code == 2
    assert message in result.stderr


def test_what_is_measured_is_what_translate_gives(fast, model, monkeypatch):
    """With the second try for doubtful translations, where it is not turned off."""
    from translator.decoding.translation import Translation
    from translator.decoding.translator import Translator

    def search(self, texts, **options):
        loop, good = "le chat " * 8, "Le chat dort."
        text = good if self.decoding.beam != 2 else loop.strip()
        return [[Translation(text, -1.0, -1.0, True)] for _ in texts]

    monkeypatch.setattr(Translator, "search", search)
    Path("test.tsv").write_text("The cat sleeps.\tLe chat dort.\n")
    Path("test.en").write_text("The cat sleeps.\n")
    found = {}
    for retry in ("true", "false"):
        arguments = ["-m", model, "--set", f"decoding.retry={retry}"]
        result = fast("evaluate", *arguments, "--data", "test.tsv", "--output", "out.txt")
        assert result.exit_code == 0, result.stderr
        found[retry] = Path("out.txt").read_text()
        assert fast("translate", *arguments, "--input", "test.en").stdout == found[retry]
    assert found["true"] == "Le chat dort.\n"
    assert found["false"].startswith("le chat le chat")
