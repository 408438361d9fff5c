import dataclasses
import gzip
import json
import os
import shutil
from pathlib import Path

import pytest

from translator.cli.stream import CHUNK, FIRST_CHUNK
from translator.corpora import lines

TEXT = b"".join(
    [
        b"The cat.\r\n",
        b"\n",
        b"  \t \n",
        b"caf\xe9 \xff\n",
        b"\xe2\x80\xa8\n",
        b"one\xe2\x80\xa8two\x85\x0b\x0c three\rfour\tfive\0six\n",
        "Où ? 猫 кот قطة 🐈\n".encode(),
        b"last",
    ]
)


def listing():
    return sorted(path.name for path in Path().iterdir())


@pytest.fixture(scope="module")
def translator(model):
    from translator.decoding.translator import Translator

    return Translator.load(model)


def test_the_line_contract(fast, model, translator):
    result = fast("translate", "--model", model, stdin=TEXT)
    assert result.exit_code == 0
    lines = result.stdout_bytes.split(b"\n")
    expected = translator.translate(
        ["The cat.", "caf\ufffd \ufffd", TEXT.split(b"\n")[5].decode(errors="replace")]
    )
    assert len(lines) == 8
    assert lines[0] == expected[0].encode() + b"\r"
    assert lines[1:3] == [b"", b"  \t "]
    assert lines[3] == expected[1].encode()
    assert lines[4] == "\u2028".encode()
    assert lines[5] == expected[2].encode()
    assert lines[6].strip()
    assert lines[7] == translator.translate(["last"])[0].encode(), "no line end was added"
    assert "standard input:4: invalid UTF-8 at byte 4" in result.stderr


def test_white_space_stays_where_it_was(fast, model, translator):
    text = " \tThe cat.  A bird\u2028 \r\n\u3000last "
    result = fast("translate", "--model", model, stdin=text.encode())
    cat, bird, last = translator.translate(["The cat.", "A bird", "last"])
    assert result.stdout_bytes.decode() == f" \t{cat}  {bird}  \r\n\u3000{last} "


def test_a_translation_cut_at_the_length_limit_is_told_by_its_number(fast, model, translator):
    found = translator.search(["The cat.", "the", "A bird"])
    numbers = [i for i, best in zip([1, 3, 4], found, strict=True) if not best[0].complete]
    assert numbers, "these weights were chosen because they never end a sentence"
    result = fast("translate", "-m", model, stdin=b"The cat.\n\nthe\nA bird\n")
    assert "cut at the length limit in lines 1, 3-4\n" in result.stderr


def test_text_on_the_command_line(fast, model, translator):
    result = fast("translate", "-m", model, "The cat.", "", "two\nlines", os.fsdecode(b"\xff"))
    expected = translator.translate(["The cat.", "", "two", "lines", "\ufffd"])
    assert result.stdout_bytes == "".join(f"{text}\n" for text in expected).encode()
    assert "text:5: invalid UTF-8 at byte 1" in result.stderr


@pytest.mark.parametrize("text", [b"", b"\n", b"\n\n \n\r\n", b" "])
def test_nothing_and_blank_lines_come_back_as_they_are(fast, model, text):
    Path("in.txt").write_bytes(text)
    result = fast("translate", "-m", model, "--input", "in.txt", "--output", "out.txt")
    assert result.exit_code == 0
    assert Path("out.txt").read_bytes() == text
    assert result.stdout_bytes == b""


def test_chunks_do_not_show(fast, model, translator):
    lines = [f"cat {i % 7}" if i % 3 else "" for i in range(FIRST_CHUNK + CHUNK + 40)]
    Path("in.txt").write_text("\n".join(lines))
    result = fast("translate", "-m", model, "--beam", "1", "--input", "in.txt", "-o", "out.txt")
    assert result.exit_code == 0
    greedy = dataclasses.replace(translator.decoding, beam=1)
    unique = [f"cat {i}" for i in range(7)]
    from translator.decoding.translator import Translator

    translations = Translator.load(model, decoding=greedy).translate(unique)
    known = dict(zip(unique, translations, strict=True))
    assert Path("out.txt").read_text().split("\n") == [known.get(line, "") for line in lines]


def test_a_line_without_end_is_refused(fast, model, monkeypatch):
    monkeypatch.setattr(lines, "LINE_LIMIT", 1 << 20)
    Path("in.txt").write_bytes(b"A bird\n" + b"bird " * (1 << 18))
    for more in ([], ["--document"], ["--output", "out.txt"]):
        result = fast("translate", "-m", model, "--beam", "1", "--input", "in.txt", *more)
        assert result.exit_code == 2
        assert result.stderr.endswith(
            "error: in.txt:2: has a line of more than 1 MiB\n"
            "  A line is a sentence or a paragraph: look whether line ends were lost.\n"
        )
    assert not Path("out.txt").exists()


def test_a_very_long_line(fast, model):
    long = b"The cat sat on the mat. " * 4200
    assert len(long) > 100_000
    result = fast("translate", "-m", model, "--beam", "1", stdin=b"A bird\n" + long + b"\nA bird\n")
    assert result.exit_code == 0
    first, middle, last, rest = result.stdout_bytes.split(b"\n")
    assert first == last
    assert middle
    assert rest == b""


def test_n_best(fast, model, translator):
    result = fast("translate", "-m", model, "--n-best", 2, stdin=b"The cat.\n\nA bird")
    rows = [line.split("\t") for line in result.stdout_bytes.decode().splitlines()]
    assert [row[:2] for row in rows] == [["1", "1"], ["1", "2"], ["2", "1"], ["3", "1"], ["3", "2"]]
    best = translator.search(["The cat."], n_best=2)[0]
    assert [row[2:] for row in rows[:2]] == [[f"{one.score:.4f}", one.text] for one in best]
    assert rows[2][2:] == ["0.0000", ""]
    result = fast("translate", "-m", model, "--n-best", 3, "A bird")
    assert result.exit_code == 2
    assert "Add --beam 3." in result.stderr
    assert fast("translate", "-m", model, "--n-best", 3, "--beam", 3, "A bird").exit_code == 0


def test_output_may_be_the_input(fast, model, translator):
    Path("text.txt").write_text("The cat.\n")
    Path("text.txt").chmod(0o640)
    Path("link.txt").symlink_to("text.txt")
    result = fast("translate", "-m", model, "--input", "text.txt", "--output", "link.txt")
    assert result.exit_code == 0
    assert Path("text.txt").read_text() == translator.translate(["The cat."])[0] + "\n"
    assert Path("link.txt").is_symlink()
    assert Path("text.txt").stat().st_mode & 0o777 == 0o640
    assert listing() == ["link.txt", "text.txt"]


def test_compressed_input(fast, model, translator):
    for name in ("in.txt.gz", "in.TXT.GZ"):
        Path(name).write_bytes(gzip.compress(b"The cat.\n"))
        result = fast("translate", "-m", model, "--input", name)
        assert result.stdout_bytes.decode() == translator.translate(["The cat."])[0] + "\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--input", "txt.in"], "txt.in: there is no such file\n  Did you mean text.in?"),
        (["--input", "."], "is a directory, and a file is needed"),
        (["--input", "text.in", "more"], "Give one of the two."),
        (["--output", "no/out.txt", "a"], "Make it first: mkdir -p no"),
        (["--output", ".", "a"], "is a directory, and --output is a file"),
        (["--output", "out.gz", "a"], "Take .gz off the name"),
        (["--output", "out.GZ", "a"], "Take .GZ off the name"),
        (["--output", "/proc/out.txt", "a"], "error: /proc/out.txt: "),
        (["--set", "decoding.beams=3", "a"], "Did you mean beam?"),
        (["--set", "training.seed=3", "a"], "the training options have no effect here"),
        (["--beam", "0", "a"], "decoding.beam=0 must be between 1 and 200"),
        (["--source", "fr", "--target", "en", "a"], "this model translates en -> fr"),
        (["--target", "frnech", "a"], "Did you mean fr (French)?"),
    ],
)
def test_mistakes(fast, model, args, message):
    Path("text.in").write_text("The cat.\n")
    result = fast("translate", "--model", model, *args)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout_bytes == b""
    assert listing() == ["text.in"], "nothing is left on disk"


@pytest.mark.parametrize(
    ("asked", "source", "target"),
    [
        ([], "en", "fr"),
        (["--source", "en", "--target", "fr"], "en", "fr"),
        (["--source", "fr"], "fr", "en"),
        (["-t", "EN"], "fr", "en"),
    ],
)
def test_the_direction_of_a_model_for_both(fast, model_for_both, asked, source, target):
    from translator.decoding.translator import Translator

    expected = Translator.load(model_for_both, source=source, target=target)
    result = fast("translate", "--model", model_for_both, *asked, "The cat.", "Le chat.")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == expected.translate(["The cat.", "Le chat."])


@pytest.mark.parametrize(
    ("read_only", "what"), [("out.txt", "is read-only"), (".", "Permission denied")]
)
def test_read_only_output(run_as_owner, model, read_only, what):
    Path("in.txt").write_text("a\n")
    Path("out.txt").write_text("precious")
    mode = Path(read_only).stat().st_mode
    Path(read_only).chmod(mode & ~0o222)
    result = run_as_owner("translate", "-m", model, "--input", "in.txt", "-o", "out.txt")
    Path(read_only).chmod(mode)
    assert result.returncode == 2
    assert result.stderr == (
        f"error: out.txt: {what}\n  Check its permissions, or choose another place.\n"
    )
    assert Path("out.txt").read_text() == "precious"
    assert listing() == ["in.txt", "out.txt"]


@pytest.mark.parametrize(
    ("file", "keep", "message"),
    [
        ("model.safetensors", 1000, "model.safetensors: is damaged"),
        ("model.safetensors", 0, "model.safetensors: is damaged"),
        ("model.safetensors", None, "model.safetensors missing"),
        ("tokenizer.model", 1000, "tokenizer.model: is damaged"),
        ("config.toml", 30, "config.toml: not a TOML file: "),
        ("manifest.json", 20, "manifest.json: is damaged"),
    ],
)
def test_a_damaged_model(fast, model, file, keep, message):
    shutil.copytree(model, "run")
    path = Path("run") / file
    content = path.read_bytes()
    path.unlink()
    if keep is not None:
        path.write_bytes(content[:keep])
    result = fast("translate", "--model", "run", "--output", "out.txt", "a")
    assert result.exit_code == 2, result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert listing() == ["run"]


@pytest.mark.parametrize("engine", ["torch", "ctranslate2"])
def test_a_byte_that_changed_in_the_weights(fast, model, engine):
    shutil.copytree(model, "run", ignore=shutil.ignore_patterns("ctranslate2"))
    weights = Path("run/model.safetensors")
    content = bytearray(weights.read_bytes())
    content[-30] ^= 4
    weights.write_bytes(content)
    result = fast("translate", "--model", "run", "--engine", engine, "--output", "out.txt", "a")
    assert result.exit_code == 2, result.stderr
    assert result.stderr == (
        "error: run/model.safetensors: is damaged: it is not what was written\n"
        "  Copy the run directory again from where it is whole, or train it again.\n"
    )
    assert listing() == ["run"]


def test_hostile_lines(fast, model):
    """A small share of what benchmarks/hostile_lines.py sends through."""
    from benchmarks.hostile_lines import hostile_lines

    lines = list(hostile_lines(250, 3, longest=20))
    lines[100] = "\u200b\U0010ffff".encode() * 2000
    Path("in.txt").write_bytes(b"\n".join(lines))
    result = fast("translate", "-m", model, "--beam", "1", "--input", "in.txt", "-o", "out.txt")
    assert result.exit_code == 0, result.stderr
    translated = Path("out.txt").read_bytes().decode().split("\n")
    assert len(translated) == len(lines)
    for line, text in zip(lines, translated, strict=True):
        assert line.strip() or text == line.decode()
    document = fast("translate", "-m", model, "--beam", "1", "--input", "in.txt", "--document")
    assert document.exit_code == 0, document.stderr


def test_a_document(fast, model, translator):
    Path("in.md").write_text("# The cat.\n\n* A bird. The house\n\n```\ncode\n```\n  `x`\n")
    result = fast("translate", "-m", model, "--document", "--input", "in.md")
    assert result.exit_code == 0, result.stderr
    cat, bird, house = translator.translate(["The cat.", "A bird.", "The house"])
    assert result.stdout == f"# {cat}\n\n* {bird} {house}\n\n```\ncode\n```\n  `x`\n"
    result = fast("translate", "-m", model, "--document", "--n-best", 2, "a")
    assert result.exit_code == 2
    assert "Leave one of them out." in result.stderr


def test_no_alarm_for_what_does_not_come_out(fast, model, monkeypatch):
    from translator.decoding.translation import Translation
    from translator.decoding.translator import Translator

    french = {"Read the old book now.": "Lis le vieux livre maintenant.", "it": "it it it it it it"}

    def search(self, texts, **options):
        known = {"the old book": "le vieux livre", **french}
        return [[Translation(known.get(text, text), -50.0, -50.0, False)] for text in texts]

    monkeypatch.setattr(Translator, "search", search)
    Path("in.md").write_text("Read [the old book](a.md) now.\n\nSee **it** in here.\n")
    arguments = ["--document", "--input", "in.md", "--report", "report.jsonl"]
    result = fast("translate", "-m", model, *arguments)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("Lis [le vieux livre](a.md) maintenant.\n\n")
    rows = [json.loads(line) for line in Path("report.jsonl").read_text().splitlines()]
    told = [(row["line"], row["source"]) for row in rows]
    # of the second sentence the parts come out
    assert told == [(1, "Read the old book now."), (3, "See"), (3, "it"), (3, "in here.")]
    assert "cut at the length limit in lines 1, 3\n" in result.stderr


def test_doubtful_translations_are_told_and_reported(fast, model, translator):
    Path("in.txt").write_text("The cat.\n\n" + "A bird\n" * 40)
    told = {}
    for options in ([], ["--n-best", 2], ["--output", "out.txt"]):
        arguments = ["--input", "in.txt", "--report", "report.jsonl", *options]
        result = fast("translate", "-m", model, *arguments)
        assert result.exit_code == 0, result.stderr
        rows = [json.loads(line) for line in Path("report.jsonl").read_text().split("\n")[:-1]]
        told[len(told)] = [(row["line"], row["alarms"]) for row in rows]
        assert rows[0]["source"] == "The cat."
        assert rows[0]["translation"] == translator.translate(["The cat."])[0]
    assert told[0] == told[1] == told[2]
    numbers = [number for number, _ in told[0]]
    assert numbers == [1, *range(3, 43)], "weights that know nothing"
    assert "in.txt: doubtful translations in lines 1, 3-21 and 21 more lines (" in result.stderr
    assert listing() == ["in.txt", "out.txt", "report.jsonl"]


def test_a_second_try_is_made_where_it_is_not_turned_off(fast, model, monkeypatch):
    from translator.decoding.translator import Translator

    beams = []
    real = Translator.search

    def search(self, texts, **options):
        beams.append(self.decoding.beam)
        return real(self, texts, **options)

    monkeypatch.setattr(Translator, "search", search)
    result = fast("translate", "-m", model, "--set", "decoding.retry=true", "The cat.")
    assert result.exit_code == 0
    assert beams == [2, 8, 1]


def test_json(fast, model, translator):
    text = b"The cat.\n\nA \xffbird"
    result = fast("translate", "-m", model, "--json", "--n-best", 2, stdin=text)
    assert result.exit_code == 0
    values = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(value["line"], value["source"]) for value in values] == [
        (1, "The cat."),
        (2, ""),
        (3, "A \ufffdbird"),
    ]
    assert values[1]["translations"] == []
    found = translator.search(["The cat.", "A \ufffdbird"], n_best=2, parts=True)
    for value, best in zip([values[0], values[2]], found, strict=True):
        assert len(value["translations"]) == 2
        for told, one in zip(value["translations"], best, strict=True):
            assert told["text"] == one.text
            assert told["complete"] is one.complete
            assert told["score"] == pytest.approx(one.score, abs=1e-4)
            assert told["log_prob"] == pytest.approx(one.log_prob, abs=1e-4)
            for parts, name in ((one.tokens, "tokens"), (one.words, "words")):
                assert [part["text"] for part in told[name]] == [part.text for part in parts]
            assert "missed" not in told, "nothing was asked for"
    assert len(fast("translate", "-m", model, "--json", "a").stdout.splitlines()) == 1


def test_prefix_and_maximum_length(fast, model):
    result = fast("translate", "-m", model, "--prefix", "Le jardin", stdin=b"The cat.\n\nA bird\n")
    lines = result.stdout.splitlines()
    assert [line.startswith("Le jardin") for line in lines] == [True, False, True]
    assert lines[1] == ""
    short = fast("translate", "-m", model, "--max-length", 1, "--json", "The cat.").stdout
    assert len(json.loads(short)["translations"][0]["tokens"]) == 1


def test_samples(fast, model):
    def drawn(*args):
        result = fast("translate", "-m", model, "--temperature", 1, *args, "--n-best", 4, "a", "a")
        assert result.exit_code == 0, result.stderr
        return result.stdout.splitlines()

    first = drawn()
    assert [line.split("\t")[:2] for line in first] == [
        [line, rank] for line in "12" for rank in "1234"
    ]
    assert drawn() == first
    assert drawn("--seed", 2) != first
    assert len({line.split("\t")[3] for line in first}) > 4
    greedy = drawn("--top-k", 1)
    assert len({line.split("\t")[3] for line in greedy}) == 1
    assert drawn("--top-p", 0.000001) == greedy
    # a line's samples are those of its number, whatever stands before it
    other = fast("translate", "-m", model, "--temperature", 1, "--n-best", 4, stdin=b"The cat\na\n")
    assert other.stdout.splitlines()[4:] == first[4:]


def test_a_glossary(fast, model, translator):
    Path("terms.tsv").write_text("# ours\ncat\tvieux jardin\nBird\toiseau\ncat\tvieux jardin\n")
    text = b"The cat.\nbread\nA bird and a cat\n"
    plain = fast("translate", "-m", model, stdin=text).stdout.splitlines()
    limit = ("--set", "decoding.max_length_ratio=2")
    free = fast("translate", "-m", model, *limit, stdin=text).stdout.splitlines()
    result = fast("translate", "-m", model, *limit, "--glossary", "terms.tsv", stdin=text)
    assert result.exit_code == 0, result.stderr
    assert "terms.tsv:4: 'cat' is there already, in line 2" in result.stderr
    lines = result.stdout.splitlines()
    missed = [int(line.split(":")[1]) for line in result.stderr.splitlines() if "no place" in line]
    assert lines[1] == free[1]
    for number, terms in ((1, ["vieux jardin"]), (3, ["oiseau", "vieux jardin"])):
        if number not in missed:
            assert all(term in lines[number - 1].lower() for term in terms)
    # no room at all
    result = fast(
        "translate", "-m", model, "--max-length", 1, "--glossary", "terms.tsv", "--json", stdin=text
    )
    assert "input:1: the glossary's 'vieux jardin' (for 'cat') found no place" in result.stderr
    values = [json.loads(line) for line in result.stdout.splitlines()]
    assert values[0]["translations"][0]["missed"] == [["cat", "vieux jardin"]]
    assert values[1]["translations"][0]["missed"] == []
    assert plain


@pytest.mark.parametrize("options", [["--engine", "ctranslate2"], ["--temperature", 1]])
def test_what_was_not_copied_is_told(fast, model, options):
    if "ctranslate2" in options:
        pytest.importorskip("ctranslate2", reason="the fast engine needs CTranslate2")
    arguments = ["translate", "-m", model, "--json", *options]
    result = fast(*arguments, stdin=b"The cat.\nA %s bird\n")
    assert result.exit_code == 0, result.stderr
    told = "standard input:2: '%s', which is to be copied, found no place in the translation\n"
    assert told in result.stderr
    cat, bird = (json.loads(line)["translations"][0] for line in result.stdout.splitlines())
    assert "missed" not in cat
    assert bird["missed"] == [["%s", "%s"]]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--glossary", "none.tsv"], "none.tsv: there is no such file"),
        (["--glossary", "bad.tsv"], "bad.tsv:2: has no tab"),
        (["--glossary", "terms.tsv", "--temperature", "1"], "drawn at random"),
        (["--top-k", "3"], "no effect without a temperature"),
        (["--seed", "3"], "no effect without a temperature"),
        (["--temperature", "-1"], "temperature"),
        (["--max-length", "3", "--set", "decoding.min_length=4"], "less than decoding.min_length"),
        (["--n-best", "3"], "more than the 2 hypotheses of the beam"),
    ],
)
def test_what_makes_no_sense_is_refused(fast, model, args, message):
    Path("terms.tsv").write_text("cat\tchat\n")
    Path("bad.tsv").write_text("cat\tchat\ndog\n")
    result = fast("translate", "-m", model, *args, "a")
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""
