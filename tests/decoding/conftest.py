from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from translator.config import Config, DecodingConfig, ModelConfig, TokenizerConfig
from translator.decoding.search.hypothesis import Hypothesis
from translator.decoding.search.scoring import forced_scores
from translator.decoding.translator import Translator
from translator.model.transformer import Transformer
from translator.model.weights import save_weights
from translator.run_directory import RunDirectory
from translator.tokenizer import Tokenizer, learn_vocabulary

WORDS = (
    "the",
    "a",
    "cat",
    "dog",
    "bird",
    "house",
    "garden",
    "river",
    "sees",
    "likes",
    "finds",
    "small",
    "old",
    "green",
    "and",
    "on",
    "in",
)


def make_model(
    vocab_size: int, seed: int = 1, ending: float = 4.0, unlikely: Sequence[int] = ()
) -> Transformer:
    """Random weights whose predictions are far from even, so that searches differ."""
    torch.manual_seed(seed)
    d_model = 16
    config = ModelConfig(
        d_model=d_model, ffn_dim=32, attention_heads=2, encoder_layers=2, decoder_layers=2
    )
    model = Transformer(config, vocab_size, 1).eval()
    with torch.no_grad():
        model.embedding.weight.mul_(3)
        # Tied embeddings would make each token predict itself: mix the directions.
        model.decoder.layer_norm.weight.copy_(torch.randn(d_model) * 0.7)
        bias = torch.randn(d_model) * 0.5
        model.decoder.layer_norm.bias.copy_(bias)
        for layer in model.decoder.layers:
            # A random decoder hardly looks at its source, and repeats itself.
            layer.encoder_attn.q_proj.weight.mul_(3)
            layer.encoder_attn.out_proj.weight.mul_(8)
            layer.self_attn.out_proj.weight.mul_(4)
        # and let sentences end now and then
        direction = bias / bias.square().sum()
        model.embedding.weight[3] += direction * ending
        model.embedding.weight[list(unlikely)] -= direction * 9
    return model


def word_model(tokenizer: Tokenizer) -> Transformer:
    """One that prefers whole words to the 256 bytes of the vocabulary."""
    return make_model(len(tokenizer), ending=2.0, unlikely=range(4, 270))


@pytest.fixture
def new_model() -> Callable[..., Transformer]:
    return make_model


@pytest.fixture
def new_sources() -> Callable[[list[int], int], Tensor]:
    """Sources of the given lengths (end included), padded."""

    def build(lengths: list[int], vocab_size: int) -> Tensor:
        generator = random.Random(5)
        rows = [[generator.randrange(4, vocab_size) for _ in range(n - 1)] + [3] for n in lengths]
        longest = max(lengths)
        return torch.tensor([row + [1] * (longest - len(row)) for row in rows])

    return build


class TableCache:
    def __init__(self) -> None:
        self.prefixes: list[tuple[int, ...]] = []
        self.sentences: list[int] = []

    def reorder(self, rows: Tensor) -> None:
        self.prefixes = [self.prefixes[row] for row in rows.tolist()]

    def select_memory(self, sentences: Tensor) -> None:
        self.sentences = [self.sentences[i] for i in sentences.tolist()]


class TableModel:
    """A model that is a function: (first source id, ids so far) -> probabilities of the next id."""

    def __init__(self, table: Callable[[int, tuple[int, ...]], Sequence[float]]) -> None:
        self.table = table
        self.rows: list[tuple[int, int]] = []  # sentences and hypotheses at each step

    def new_cache(self) -> TableCache:
        return TableCache()

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor]:
        return source[:, :, None].float(), (source != 1)[:, None, None, :]

    def decode(
        self, target: Tensor, memory: Tensor | None, allowed: Tensor, *, cache: TableCache
    ) -> Tensor:
        if not cache.prefixes:
            assert memory is not None
            cache.sentences = memory[:, 0, 0].long().tolist()
            cache.prefixes = [()] * len(target)
        assert len(allowed) == len(cache.sentences)
        assert len(target) == len(cache.prefixes)
        new = [(*p, t) for p, t in zip(cache.prefixes, target[:, 0].tolist(), strict=True)]
        cache.prefixes = new
        each = len(new) // len(cache.sentences)
        assert each * len(cache.sentences) == len(new)
        self.rows.append((len(cache.sentences), len(new)))
        rows = [self.table(cache.sentences[i // each], p[1:]) for i, p in enumerate(new)]
        return torch.tensor(rows, dtype=torch.float64)[:, None, :].log()

    def logits(self, states: Tensor) -> Tensor:
        return states


@pytest.fixture
def table_model() -> type[TableModel]:
    return TableModel


def sentences(count: int) -> list[str]:
    generator = random.Random(3)
    return [" ".join(generator.choices(WORDS, k=generator.randint(2, 12))) for _ in range(count)]


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return learn_vocabulary(sentences(300), TokenizerConfig(vocab_size=320))


@pytest.fixture(scope="session")
def bpe() -> Tokenizer:
    """A vocabulary that knows but one way to cut a text into pieces."""
    options = TokenizerConfig(vocab_size=400, algorithm="bpe")
    return learn_vocabulary([*sentences(300), *["its 'river (old) green-house"] * 20], options)


@pytest.fixture(scope="session")
def texts() -> list[str]:
    return sentences(64)


@pytest.fixture
def new_translator(tokenizer: Tokenizer) -> Callable[..., Translator]:
    def build(
        *,
        max_length: int = 64,
        longest: int = 0,
        vocabulary: Tokenizer = tokenizer,
        **decoding: float,
    ) -> Translator:
        """`max_length` is of what the model reads, `longest` of what it writes."""
        options = {"beam": 3, "max_length_ratio": 0.5, "max_length": longest, **decoding}
        return Translator(
            word_model(vocabulary),
            vocabulary,
            source="en",
            target="fr",
            max_length=max_length,
            decoding=DecodingConfig(**options),  # type: ignore[arg-type]
        )

    return build


@pytest.fixture
def run(tmp_path: Path, tokenizer: Tokenizer) -> RunDirectory:
    """A run directory with a small random model in it."""
    model = word_model(tokenizer)
    directory = RunDirectory(tmp_path / "run")
    directory.path.mkdir()
    directory.write_config(
        Config(model=model.config, decoding=DecodingConfig(beam=3, max_length_ratio=0.5))
    )
    directory.tokenizer_file.write_bytes(tokenizer.model)
    directory.write_manifest({"source": "en", "target": "fr"})
    save_weights(directory.weights_file, model.state_dict())
    return directory


def all_sequences(
    model: Any, source: list[int], vocab: int, limit: int, penalty: float
) -> list[Hypothesis]:
    """Every sequence there is, scored by a full forward pass, in the order of the ranking."""
    real = range(4, vocab)
    whole = [list(ids) for n in range(limit) for ids in itertools.product(real, repeat=n)]
    cut = [list(ids) for ids in itertools.product(real, repeat=limit)]
    scores = forced_scores(model, [source] * len(whole), whole)
    found = [
        Hypothesis(ids, p, p / (len(ids) + 1) ** penalty, True)
        for ids, p in zip(whole, scores, strict=True)
    ]
    found.sort(key=lambda one: -one.score)
    memory, allowed = model.encode(torch.tensor([[*source, 3]]))
    states = model.decode(torch.tensor([[2, *ids[:-1]] for ids in cut]), memory, allowed)
    steps = model.logits(states).log_softmax(-1)
    sums = steps.gather(2, torch.tensor(cut)[:, :, None]).sum(dim=(1, 2)).tolist()
    rest = [Hypothesis(ids, p, p / limit**penalty, False) for ids, p in zip(cut, sums, strict=True)]
    return found + sorted(rest, key=lambda one: -one.score)


@pytest.fixture
def everything() -> Callable[..., list[Hypothesis]]:
    """See `all_sequences`."""
    return all_sequences
