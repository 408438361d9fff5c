from __future__ import annotations

import random
import re
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from translator.corpora.doctor import repeats
from translator.corpora.doctor.batch import Batch
from translator.corpora.doctor.repeats import (
    Boilerplate,
    HeldOut,
    Seen,
    all_folded,
    folded,
    hashes,
    pair_keys,
)


def test_what_was_there_before_is_known_in_any_order_of_batches() -> None:
    chance = random.Random(1)
    seen, known = Seen(), set()
    for _ in range(60):
        keys = [chance.randrange(900) for _ in range(chance.randrange(1, 60))]
        expected = []
        for key in keys:
            expected.append(key in known)
            known.add(key)
        assert seen.add(np.array(keys, dtype=np.uint64)).tolist() == expected
    sizes = [len(part) for part in seen._parts]
    assert sum(sizes) == len(known)
    assert all(a >= 2 * b for a, b in pairwise(sizes))


def test_folding_takes_away_what_does_not_matter() -> None:
    assert folded("The  cat, sat!") == folded("the cat sat") == folded("\uff34\uff28\uff25 cat-sat")
    assert folded("Room 3") != folded("Room 4")
    assert folded("?!") == "?!"


def test_pairs_are_equal_nearly_equal_or_different() -> None:
    pairs = [("Room 3.", "Salle 3."), ("room 4", "salle 4"), ("Room 3.", "Pièce 3.")]
    keys = pair_keys(Batch([1, 2, 3], *map(list, zip(*pairs, strict=True))), near=True)
    assert keys.near is not None
    assert keys.near[0] == keys.near[1] != keys.near[2]
    assert len(set(keys.exact.tolist())) == 3
    assert keys.sources[0] == keys.sources[2] != keys.sources[1]


def test_boilerplate_is_counted_in_little_memory(monkeypatch) -> None:
    monkeypatch.setattr(repeats, "BUCKET", 1000)
    often, chance = Boilerplate(), random.Random(2)
    found = 0
    for start in range(0, 20_000, 500):
        texts = [f"text {start + n}" for n in range(500)]
        places = chance.sample(range(500), 10)
        for place in places:
            texts[place] = "the same"
        offsets = often.add(hashes(texts))
        assert set(offsets) <= set(places)
        found += len(offsets)
    assert 400 - 2 * repeats.OFTEN - 20 <= found <= 400 - repeats.OFTEN
    assert len(often._counts) < 3000


def test_overlap_is_told_by_side_and_by_sentence() -> None:
    held = HeldOut("test", ["A cat.", "A dog.", "A cow."], [["Un chat.", "Un chien.", None]])
    pairs = [("a cat", "Une chatte"), ("Some dog", "UN CHIEN"), ("A bird", "Un oiseau")]
    keys = pair_keys(Batch([1, 2, 3], *map(list, zip(*pairs, strict=True))), near=False)
    assert held.meet(keys.sources, keys.targets).tolist() == [True, True, False]
    assert held.overlap() == {"sentences": 3, "source": 1, "target": 1, "either": 2}


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_folded_as_other_text(text: str) -> None:
    assert folded(text) == (re.sub(r"[\W_]+", "", text.casefold()) or text)


SOME = st.sampled_from(
    "aZ \u00df\u1e9e\u00e9\u0130\u0301\u00a8\u2026\u00bd\u2122\ufb01\uff21\uff9e\u30ab\u3099"
    "\u1112\u1161\u314f\uc544"
    "\u0915\u093c\u200d\ufe0f\U0001f600\U0001d400\ufdd0\ufffe\uffff\ud800\udc00\x85\u2028_-7\u0663"
)


@given(st.lists(st.text(SOME | st.characters(max_codepoint=0x3FF)), max_size=5))
def test_many_texts_are_folded_as_one(texts: list[str]) -> None:
    repeats._letters()  # not to be timed
    texts = [*texts, "Été 7", *["A cat."] * repeats._FEW]
    assert all_folded(texts) == [folded(text) for text in texts]
