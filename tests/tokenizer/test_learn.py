from __future__ import annotations

import random
from typing import Literal

import pytest

from translator.config import TokenizerConfig
from translator.errors import ConfigError, DataError
from translator.tokenizer import learn_vocabulary

Algorithm = Literal["unigram", "bpe"]
both = pytest.mark.parametrize("algorithm", ["unigram", "bpe"])


@both
def test_the_same_texts_give_the_same_model(texts: list[str], algorithm: Algorithm) -> None:
    config = TokenizerConfig(vocab_size=445, algorithm=algorithm)
    first, second = (learn_vocabulary(iter(texts), config) for _ in range(2))
    assert first.model == second.model
    assert first.fingerprint == second.fingerprint
    assert len(first) == 445


def test_other_texts_or_algorithms_give_other_fingerprints(texts: list[str]) -> None:
    config = TokenizerConfig(vocab_size=445)
    bpe = TokenizerConfig(vocab_size=445, algorithm="bpe")
    made = [
        learn_vocabulary(texts, config),
        learn_vocabulary([*texts, "One more."], config),
        learn_vocabulary(texts, bpe),
    ]
    assert len({tokenizer.fingerprint for tokenizer in made}) == 3


@both
def test_a_vocabulary_that_is_too_large_becomes_the_largest_possible(
    algorithm: Algorithm, capfd: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(1)
    texts = ["".join(chance.choices("abcd ", k=30)) for _ in range(40)]
    tokenizer = learn_vocabulary(texts, TokenizerConfig(vocab_size=100_000, algorithm=algorithm))
    size = len(tokenizer)
    out, err = capfd.readouterr()
    assert out == ""
    assert err == (
        f"The data allow a vocabulary of {size:,} pieces, not 100,000: using {size:,}.\n"
    )
    # exactly this size is possible without a word, and one piece more is not
    exact = TokenizerConfig(vocab_size=size, algorithm=algorithm)
    assert learn_vocabulary(texts, exact).model == tokenizer.model
    assert capfd.readouterr().err == ""
    more = TokenizerConfig(vocab_size=size + 1, algorithm=algorithm)
    assert len(learn_vocabulary(texts, more)) == size
    assert f"not {size + 1:,}" in capfd.readouterr().err


@both
def test_one_short_text_is_enough(algorithm: Algorithm) -> None:
    tokenizer = learn_vocabulary(["a b"], TokenizerConfig(vocab_size=300, algorithm=algorithm))
    assert tokenizer.decode(tokenizer.encode(["a b, and what was never seen: ü 猫"])) == [
        "a b, and what was never seen: ü 猫"
    ]


@pytest.mark.parametrize("texts", [[], [""], ["", "  ", "\t"], ["\x00"], ["\u2028", "\u3000"]])
def test_no_text(texts: list[str]) -> None:
    with pytest.raises(DataError):
        learn_vocabulary(texts, TokenizerConfig())


@both
def test_a_vocabulary_that_is_too_small_for_the_characters(algorithm: Algorithm) -> None:
    texts = [chr(0x4E00 + i) * 3 for i in range(200)]
    with pytest.raises(ConfigError) as caught:
        learn_vocabulary(texts, TokenizerConfig(vocab_size=300, algorithm=algorithm))
    # 256 bytes, 4 special pieces, the white space and 200 characters
    assert caught.value.message == (
        "tokenizer.vocab_size=300 is too small: the characters of these texts alone need 471 pieces"
    )


@both
def test_very_long_and_odd_lines_do_no_harm(algorithm: Algorithm, texts: list[str]) -> None:
    odd = ["x" * 100_000, "word " * 20_000, "a\x00b", "half \ud800 a pair", "▁ ▁", ""]
    config = TokenizerConfig(vocab_size=445, algorithm=algorithm)
    tokenizer = learn_vocabulary([*texts, *odd], config)
    assert tokenizer.decode(tokenizer.encode(["The cat sat."])) == ["The cat sat."]


def test_nothing_but_very_long_lines() -> None:
    with pytest.raises(DataError, match="no text to learn a vocabulary from") as caught:
        learn_vocabulary(["word " * 1000, "x" * 5000], TokenizerConfig(vocab_size=300))
    assert caught.value.hint == "Lines of more than 4,000 bytes are not used for it."
