import os

import numpy as np
import pytest
from datasets import Dataset

from translator.corpora import trained_on
from translator.corpora.doctor.repeats import folded, hashes
from translator.corpora.trained_on import TrainedOn, words
from translator.errors import ModelError


def corpus(count, begin=0):
    numbers = range(begin, begin + count)
    return Dataset.from_dict(
        {
            "source": [f"Sentence number {i}, seen." for i in numbers],
            "target": [f"Phrase numéro {i} vue." for i in numbers],
        }
    )


def read(count, rows=None, begin=0):
    pairs = corpus(count, begin)
    keys = np.stack([hashes(map(folded, pairs[side])) for side in ("source", "target")], axis=1)
    return TrainedOn.read(pairs, np.arange(count) if rows is None else rows, keys)


@pytest.fixture
def stored(tmp_path):
    def through(known):
        known.save(tmp_path / "trained_on.safetensors")
        return TrainedOn.load(tmp_path / "trained_on.safetensors")

    return through


def test_what_was_trained_on_is_found_and_nothing_else(stored):
    known = stored(read(3000, np.arange(0, 3000, 2)))
    inside, outside = corpus(3000)[:2000:2], corpus(3000)[1:2000:2]
    found = known.overlap(inside["source"], inside["target"])
    assert (found.sources, found.targets, found.both) == (1000, 1000, 1000)
    assert found.exact
    assert found.text() == ("1,000 of the 1,000 sources and 1,000 of the 1,000 references")
    none = known.overlap(outside["source"], outside["target"])
    assert (none.sources, none.targets, none.both) == (0, 0, 0)
    assert none.text() == ""
    # a source is no target
    assert known.overlap(inside["target"], inside["source"]).sources == 0


def test_case_spaces_and_the_final_mark_make_no_difference():
    known = read(10)
    found = known.overlap(["SENTENCE  number 3, seen"], ["Autre chose."])
    assert (found.sources, found.targets) == (1, 0)
    assert found.text() == "1 of the 1 sources"
    assert found.text(turned=True) == "1 of the 1 references"


def test_a_full_filter_errs_and_its_errors_are_counted_off(monkeypatch):
    monkeypatch.setattr(trained_on, "MOST_BITS", 1 << 13)
    known = read(1500)
    assert len(known.filters[0].bits) == 1 << 10
    errs = known.filters[0].errs()
    assert 0.1 < errs < 0.4
    new, old = corpus(1000, begin=50_000), corpus(500)
    sources = [*new["source"], *old["source"]]
    found = known.overlap(sources, [*new["target"], *old["target"]])
    assert not found.exact
    assert found.sources == pytest.approx(500, abs=60)
    assert found.text().startswith("about ")
    # chance alone is not told as an overlap
    assert known.overlap(new["source"], new["target"]).text() == ""


def test_the_run_before_is_remembered_too(stored, tmp_path):
    first, second = read(50), read(50, begin=1000)
    known = stored(second.after(first))
    texts = corpus(50)
    assert known.overlap(texts["source"], texts["target"]).sources == 50
    assert known.complete
    assert not stored(second.after(None)).complete


def test_words_are_counted(stored):
    known = stored(read(100))
    assert known.rarest("A sentence, SEEN 7 times", "source") == 0
    assert known.rarest("Number: seen!", "source") == 100
    assert known.rarest("numéro", "target") == 100
    assert known.rarest("numéro", "source") == 0
    assert known.rarest("12 + 7", "source") is None
    assert (known.counted, known.pairs) == (100, 100)


def test_of_a_large_corpus_a_part_is_counted(monkeypatch):
    monkeypatch.setattr(trained_on, "COUNTED_SENTENCES", 40)
    monkeypatch.setattr(trained_on, "_BATCH", 7)
    known = read(100)
    assert known.counted == 34  # every third
    assert known.rarest("number", "source") == 34


def test_words_of_any_script():
    assert words("L'Été, it's 3 o'clock") == ["l", "été", "it", "s", "o", "clock"]
    assert words("我爱你 ok") == ["我", "爱", "你", "ok"]


def test_a_run_may_have_none_and_a_damaged_one_is_told(tmp_path):
    path = tmp_path / "trained_on.safetensors"
    assert TrainedOn.load(path) is None
    read(10).save(path)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b'\\"format\\": 2', b'\\"format\\": 1'))
    assert path.read_bytes() != whole
    assert TrainedOn.load(path) is None  # of an earlier version
    path.write_bytes(whole[:-3])
    with pytest.raises(ModelError, match="is damaged"):
        TrainedOn.load(path)


def test_what_this_user_may_not_read_is_told(tmp_path, monkeypatch, capsys):
    path = tmp_path / "trained_on.safetensors"
    read(10).save(path)
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may read everything
    assert TrainedOn.load(path) is None
    assert capsys.readouterr().err == (
        f"{path} cannot be read: what was in training is not known\n"
    )
