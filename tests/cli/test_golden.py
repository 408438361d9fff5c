"""What the shipped model translates: 200 sentences, which no engine and no later version changes.

`make golden` writes the translations, when there is a new model.
"""

from pathlib import Path

import pytest

from translator.run_directory import RunDirectory

ROOT = Path(__file__).parents[2]
MODEL = ROOT / "checkpoints" / "en-fr"


def golden(direction):
    """Return the sentences of a direction, and what they were translated to."""
    text = (ROOT / "tests" / "golden" / f"{direction}.tsv").read_text(encoding="utf-8")
    rows = [line.partition("\t") for line in text.splitlines()]
    return [source for source, _, _ in rows], [target for _, _, target in rows]


def test_the_sentences():
    found = [golden(direction)[0] for direction in ("en-fr", "fr-en")]
    assert [len(sentences) for sentences in found] == [100, 100]
    assert all(sentence.strip() == sentence != "" for one in found for sentence in one)
    assert all(len(set(sentences)) == 100 for sentences in found)


@pytest.mark.slow
@pytest.mark.skipif(
    not RunDirectory(MODEL).holds_model(), reason="this checkout has no model in checkpoints/en-fr"
)
@pytest.mark.parametrize("engine", ["torch", "auto"])
@pytest.mark.parametrize("direction", ["en-fr", "fr-en"])
def test_what_they_are_translated_to(fast, direction, engine):
    if engine == "auto":  # CTranslate2 then, and torch for what that cannot do
        pytest.importorskip("ctranslate2", reason="one of the engines")
    sources, expected = golden(direction)
    Path("sources").write_text("".join(f"{line}\n" for line in sources), encoding="utf-8")
    options = ["--source", direction[:2], "--engine", engine, "--set", "decoding.device=cpu"]
    done = fast("translate", "--model", MODEL, *options, "--input", "sources")
    assert done.exit_code == 0, done.stderr
    found = done.stdout.splitlines()
    changed = [
        f"{source}\n  expected: {old}\n  found:    {new}"
        for source, old, new in zip(sources, expected, found, strict=True)
        if old != new
    ]
    assert not changed, "\n".join(changed)
