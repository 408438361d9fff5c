from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from translator import Translator
from translator.config import WebConfig
from translator.errors import ConfigError, ModelError
from translator.run_directory import RunDirectory
from translator.web.models import Models, in_all_directions


def load(path):
    run = RunDirectory(path)
    return in_all_directions(run, run.read_config().decoding)


def best(served, direction, text):
    async def ask():
        [found] = await asyncio.gather(*served.search(direction, [text]))
        return found.best[0].text

    return asyncio.run(ask())


@pytest.fixture
def models(run):
    return Models([run], load, WebConfig())


def test_a_run_for_both_directions_is_loaded_once(run):
    there, back = load(run)
    assert there.engine is back.engine
    assert (there.source, there.target) == (back.target, back.source) == ("en", "fr")
    assert back.run is not None  # where it finds which heads tell most
    assert back.run.path == there.run.path == run
    assert back.translate(["Un chat."]) == Translator.load(run, source="fr").translate(["Un chat."])


def test_directions(models):
    assert models.directions == [("en", "fr"), ("fr", "en")]
    assert models.languages() == {"en": ["fr"], "fr": ["en"]}
    assert models.find("en", "fr")[1] == ("en", "fr")
    assert models.find("EN", "fr-FR")[1] == ("en", "fr")
    with pytest.raises(LookupError, match="no model translates en -> de; there is: en -> fr"):
        models.find("en", "de")


def test_two_models_of_one_direction(run):
    with pytest.raises(ConfigError, match="both translate en -> fr"):
        Models([run, run], load, WebConfig())


def test_new_weights_are_read_and_old_ones_finish(tmp_path, new_run):
    path = new_run(tmp_path / "run")
    old = Translator.load(path).translate(["The cat sat."])[0]
    models = Models([path], load, WebConfig())
    before, direction = models.find("en", "fr")
    new_run(path, turned=True)
    new = Translator.load(path).translate(["The cat sat."])[0]
    assert new != old
    models.reload()
    assert best(before, direction, "The cat sat.") == old
    after, _ = models.find("en", "fr")
    assert best(after, direction, "The cat sat.") == new


def test_a_model_that_cannot_be_read_takes_no_place(tmp_path, new_run):
    path = new_run(tmp_path / "run")
    models = Models([path], load, WebConfig())
    before, direction = models.find("en", "fr")
    (path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError):
        models.reload()
    assert models.find("en", "fr") == (before, direction)


def test_an_old_model_is_let_go(tmp_path, new_run, monkeypatch):
    monkeypatch.setattr("translator.web.batches._IDLE", 0.01)
    path = new_run(tmp_path / "run")
    models = Models([path], load, WebConfig())
    served, direction = models.find("en", "fr")
    best(served, direction, "The cat sat.")
    thread = served._batcher._thread
    models.reload()
    old = weakref.ref(served)
    del served
    if thread is not None:
        thread.join(timeout=10)
    gc.collect()
    assert old() is None


def test_a_doubtful_translation_is_searched_for_again_as_the_command_does(run):
    import dataclasses

    from translator.decoding.alarms import checked

    decoding = dataclasses.replace(RunDirectory(run).read_config().decoding, retry=True)
    translator = Translator.load(run, decoding=decoding)
    texts = ["The cat sat on the mat.", "A bird sings.", "Where does the river go?"]
    expected = [one.translation.text for one in checked(translator, texts)]
    models = Models(
        [run], lambda path: in_all_directions(RunDirectory(path), decoding), WebConfig()
    )
    served, direction = models.find("en", "fr")

    async def ask():
        return await asyncio.gather(*served.search(direction, texts, n_best=3))

    found = asyncio.run(ask())
    assert [one.best[0].text for one in found] == expected
    for one in found:
        assert len(one.best) <= 3
        assert len({other.text for other in one.best}) == len(one.best)
