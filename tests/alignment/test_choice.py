from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from translator.alignment.choice import Choice, choice_of, default_choice, note, store, stored_entry
from translator.config import ModelConfig
from translator.decoding.translator import Translator
from translator.errors import ModelError
from translator.run_directory import RunDirectory


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    found = RunDirectory(tmp_path / "run")
    found.write_manifest({"source": "en", "target": "fr", "bidirectional": True, "seed": 3})
    return found


@pytest.mark.parametrize(
    ("layers", "layer", "row"), [(1, 0, "output"), (2, 1, "output"), (6, 2, "input")]
)
def test_without_a_choice(translator: Translator, layers: int, layer: int, row: str) -> None:
    config = ModelConfig(decoder_layers=layers, attention_heads=4, d_model=16)
    found = default_choice(config)
    assert (found.layer, found.heads, found.row) == (layer, (0, 1, 2, 3), row)
    assert choice_of(translator) == default_choice(translator.model.config)


def test_the_manifest_holds_a_choice_for_each_direction(
    new_translator: Callable[..., Translator], run: RunDirectory
) -> None:
    there, back = new_translator(), new_translator("fr", "en")
    there.run = back.run = run
    assert choice_of(there) == default_choice(there.model.config)
    first = Choice(layer=2, heads=(1,), row="output", threshold=0.25, floor=0.1)
    store(run, "en", "fr", first, {"by": "gold links", "error": 0.02})
    assert choice_of(there) == first
    assert choice_of(back) == default_choice(back.model.config)
    second = Choice(layer=0, heads=(0, 1), threshold=1.1)
    store(run, "fr", "en", second, {"by": "gold links"})
    assert (choice_of(there), choice_of(back)) == (first, second)
    store(run, "en", "fr", second, {"by": "agreement"})
    assert choice_of(there) == second
    manifest = run.read_manifest()
    assert manifest["seed"] == 3
    assert stored_entry(run, "en", "fr") == {
        "layer": 0,
        "heads": [0, 1],
        "row": "output",
        "threshold": 1.1,
        "floor": 0.0,
        "measured": {"by": "agreement"},
    }
    note(manifest, "en", "fr", first, {}, anew=False)
    assert manifest["alignment"]["en-fr"]["layer"] == 0
    note(manifest, "en", "de", first, {}, anew=False)
    assert manifest["alignment"]["en-de"]["layer"] == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"layer": 3},
        {"layer": -1},
        {"heads": []},
        {"heads": [2]},
        {"heads": 1},
        {"threshold": None},
        {"layer": "a"},
    ],
)
def test_a_choice_that_cannot_be(
    new_translator: Callable[..., Translator], run: RunDirectory, wrong: dict[str, object]
) -> None:
    translator = new_translator()
    translator.run = run
    store(run, "en", "fr", Choice(layer=0, heads=(0,)), {})
    values = json.loads(run.manifest_file.read_text(encoding="utf-8"))
    values["alignment"]["en-fr"] |= wrong
    run.manifest_file.write_text(json.dumps(values), encoding="utf-8")
    with pytest.raises(ModelError, match="names no layer and heads of this model"):
        choice_of(translator)
