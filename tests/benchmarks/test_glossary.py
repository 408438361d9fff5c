import json
from pathlib import Path

from benchmarks import glossary
from translator.corpora import read_text_lines
from translator.decoding.glossary import Glossary, missing


def test_the_references_hold_the_terms_that_their_sentences_ask_for():
    terms, remarks = Glossary.read(glossary.TERMS)
    assert not remarks
    used = set()
    for line in read_text_lines(glossary.SENTENCES):
        source, reference = line.split("\t")
        asked = terms.requirements(source)
        assert asked, source
        assert not missing(asked, reference), source
        used.update(one.term.source for one in asked)
    assert used == set(terms.terms)


def test_terms_are_counted_with_and_without_the_glossary(benchmark, few, model, tmp_path):
    texts = read_text_lines(Path(few.split(",")[0]))[:3]
    terms, file = tmp_path / "terms.tsv", tmp_path / "found.json"
    terms.write_text("".join(f"{text.split()[0]}\tnibor\n" for text in texts), encoding="utf-8")
    options = [f"--model={model}", f"--data={few}", f"--terms={terms}", f"--json={file}"]
    printed = benchmark(glossary, *options, "--limit=3", "--beam=2")
    assert "3 sentences, a glossary of 3 terms." in printed
    facts = json.loads(file.read_text())
    counts = [3 - len(way["missing"]) for way in facts["ways"].values()]
    rows = printed.splitlines()[2:4]
    assert [row.split("|")[2].strip() for row in rows] == [f"{count} of 3" for count in counts]
    assert counts == [0, 3]
