"""The tags that say which language a source is to be translated to."""

from __future__ import annotations

import random
from typing import Literal

import pytest

from translator.config import TokenizerConfig
from translator.tokenizer import Tokenizer, learn_vocabulary
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID, PAD_ID, UNK_ID, tag_piece

LANGUAGES = ["en", "pt-BR"]
ODD = ["<2en>", "to <2en> or <2pt-BR>", "x<2en>y", "<2en><2en> <2en>"]


@pytest.fixture(scope="module", params=["unigram", "bpe"])
def tagged(request: pytest.FixtureRequest, texts: list[str]) -> Tokenizer:
    """A vocabulary from texts that are full of what looks like a tag."""
    config = TokenizerConfig(vocab_size=450, algorithm=request.param)
    return learn_vocabulary([*texts, *ODD * 20], config, LANGUAGES)


def test_each_language_has_one(tagged: Tokenizer) -> None:
    assert len(tagged) == 450
    ids = [tagged.tag(language) for language in LANGUAGES]
    assert [tagged.pieces(tag) for tag in ids] == [[tag_piece(one)] for one in LANGUAGES]
    assert not {ids[0][0], ids[1][0]} & {UNK_ID, PAD_ID, BOS_ID, EOS_ID}
    assert ids[0] != ids[1]
    assert tagged.tag("fr") == tagged.tag("") == tagged.tag("pt") == []


def test_a_vocabulary_without_them(tokenizer: Tokenizer) -> None:
    assert [tokenizer.tag(language) for language in LANGUAGES] == [[], []]


def test_a_text_never_gives_one(tagged: Tokenizer) -> None:
    tags = {id_ for language in LANGUAGES for id_ in tagged.tag(language)}
    texts = [*ODD, *map(tag_piece, LANGUAGES)]
    for ids in [*tagged.encode(texts), *tagged.sample(texts, 0.3, seed=1)]:
        assert not tags & set(ids)
    assert tagged.decode(tagged.encode(texts)) == texts


def test_one_is_no_text(tagged: Tokenizer) -> None:
    (ids,) = tagged.encode(["The cat sat."])
    assert tagged.decode([[*tagged.tag("en"), *ids], tagged.tag("en")]) == ["The cat sat.", ""]


def test_other_segmentations_keep_it(tagged: Tokenizer, texts: list[str]) -> None:
    plain = tagged.encode(texts)
    sampled = tagged.sample(texts, 0.3, seed=5)
    assert tagged.resample(plain, 0.3, seed=5) == sampled
    tags = [tagged.tag(LANGUAGES[i % 2]) for i in range(len(texts))]
    rows = [[*tag, *ids] for tag, ids in zip(tags, plain, strict=True)]
    expected = [[*tag, *ids] for tag, ids in zip(tags, sampled, strict=True)]
    assert tagged.resample(rows, 0.3, seed=5) == expected
    assert tagged.resample([[]], 0.3, seed=5) == [[]]


@pytest.mark.parametrize("algorithm", ["unigram", "bpe"])
def test_they_are_in_the_largest_possible_vocabulary(
    algorithm: Literal["unigram", "bpe"], capfd: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(1)
    texts = ["".join(chance.choices("abcd ", k=30)) for _ in range(40)]
    config = TokenizerConfig(vocab_size=100_000, algorithm=algorithm)
    found = learn_vocabulary(texts, config, LANGUAGES)
    assert f"The data allow a vocabulary of {len(found):,} pieces" in capfd.readouterr().err
    assert all(found.tag(language) for language in LANGUAGES)
    assert len(found) == len(learn_vocabulary(texts, config)) + 2
