from __future__ import annotations

import itertools
import math
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from translator.config import TokenizerConfig
from translator.tokenizer import Tokenizer, learn_vocabulary

TEXTS = ["banana bandana", "ananas and bananas", "ban an ana", "sand and band"] * 5


@pytest.fixture(scope="module")
def unigram() -> Tokenizer:
    return learn_vocabulary(TEXTS, TokenizerConfig(vocab_size=300))


@pytest.fixture(scope="module")
def bpe() -> Tokenizer:
    return learn_vocabulary(TEXTS, TokenizerConfig(vocab_size=300, algorithm="bpe"))


def segmentations(word: str) -> list[tuple[str, ...]]:
    """All ways to cut a word."""
    return [
        tuple(word[a:b] for a, b in itertools.pairwise([0, *cuts, len(word)]))
        for count in range(len(word))
        for cuts in itertools.combinations(range(1, len(word)), count)
    ]


@pytest.mark.parametrize("alpha", [0.1, 0.5, 1.0])
def test_unigram_segmentations_have_their_probabilities(unigram: Tokenizer, alpha: float) -> None:
    processor = unigram._processor
    scores = {processor.id_to_piece(i): processor.get_score(i) for i in range(260, len(unigram))}
    possible = [way for way in segmentations("▁banana") if set(way) <= scores.keys()]
    assert len(possible) > 4
    weights = [math.exp(alpha * sum(scores[piece] for piece in way)) for way in possible]
    drawn = unigram.sample(["banana"] * 20_000, alpha, seed=1)
    counts = Counter(tuple(unigram.pieces(ids)) for ids in drawn)
    assert counts.keys() <= set(possible)
    for way, weight in zip(possible, weights, strict=True):
        p = weight / sum(weights)
        # five standard deviations
        assert abs(counts[way] / 20_000 - p) < 5 * (p * (1 - p) / 20_000) ** 0.5 + 1e-4


def test_a_large_alpha_takes_the_likeliest(unigram: Tokenizer) -> None:
    assert unigram.sample(TEXTS, 1000.0, seed=1) == unigram.encode(TEXTS)


def test_without_dropout_all_merges_are_made(bpe: Tokenizer) -> None:
    assert bpe.sample(TEXTS, 0.0, seed=1) == bpe.encode(TEXTS)


def test_with_full_dropout_none_are(bpe: Tokenizer) -> None:
    (ids,) = bpe.sample(["banana and"], 1.0, seed=1)
    assert bpe.pieces(ids) == list("▁banana▁and")


def test_the_first_merge_is_overlooked_with_the_probability_asked_for(bpe: Tokenizer) -> None:
    # of two characters one merge can be made, or not
    word = next(p for p in bpe.pieces(range(260, len(bpe))) if len(p) == 2 and p[0] == "▁")
    drawn = bpe.sample([word[1]] * 10_000, 0.3, seed=1)
    split = sum(len(ids) == 2 for ids in drawn) / 10_000
    assert split == pytest.approx(0.3, abs=0.025)


def test_only_a_unigram_vocabulary_knows_several_ways(
    unigram: Tokenizer, bpe: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "banana bandana"
    ways = unigram.segmentations(text, 3)
    assert len({tuple(way) for way in ways}) == 3
    assert ways[0] == unigram.encode([text])[0]
    assert bpe.segmentations(text, 3) == bpe.encode([text])
    assert unigram.segmentations("", 3) == bpe.segmentations("", 3) == [[]]

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("a failure of another kind")

    monkeypatch.setattr("sentencepiece.SentencePieceProcessor.nbest_encode", fail)
    assert bpe.segmentations(text, 3) == bpe.encode([text])
    with pytest.raises(RuntimeError, match="another kind"):
        unigram.segmentations(text, 3)


def test_each_word_is_drawn_anew(unigram: Tokenizer) -> None:
    (ids,) = unigram.sample(["banana " * 50], 0.3, seed=1)
    words = " ".join(unigram.pieces(ids)).split("▁")
    assert len({word.replace(" ", "|") for word in words}) > 5


@pytest.mark.parametrize("algorithm", ["unigram", "bpe"])
def test_the_process_does_not_matter(
    algorithm: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    tokenizer: Tokenizer = request.getfixturevalue(algorithm)
    path = tmp_path / "tokenizer.model"
    path.write_bytes(tokenizer.model)
    program = (
        "import sys\nfrom pathlib import Path\nfrom translator.tokenizer import Tokenizer\n"
        "print(Tokenizer.load(Path(sys.argv[1])).sample(['banana bandana é'] * 9, 0.2, 5))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    ).stdout
    assert printed == f"{tokenizer.sample(['banana bandana é'] * 9, 0.2, 5)}\n"


def test_random_texts_keep_their_letters(unigram: Tokenizer, bpe: Tokenizer) -> None:
    chance = random.Random(1)
    texts = ["".join(chance.choices("abnds é猫", k=chance.randint(0, 30))) for _ in range(200)]
    for tokenizer in (unigram, bpe):
        normal = [tokenizer.normalize(text) for text in texts]
        assert tokenizer.decode(tokenizer.sample(texts, 0.3, seed=2)) == normal
