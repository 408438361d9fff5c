from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from translator import Translator
from translator.config import DecodingConfig, TokenizerConfig
from translator.decoding.alarms import checked
from translator.decoding.engines import Engine, choice, threads
from translator.decoding.engines.choice import AutomaticEngine
from translator.decoding.engines.with_torch import rounded
from translator.decoding.search.hypothesis import Hypothesis
from translator.decoding.search.options import SearchOptions
from translator.errors import ConfigError
from translator.model.weights import save_weights
from translator.run_directory import RunDirectory
from translator.tokenizer import learn_vocabulary

pytest.importorskip("ctranslate2", reason="the fast engine needs CTranslate2")


def load(run: RunDirectory, engine: str, **decoding: Any) -> Translator:
    options = {"beam": 3, "max_length_ratio": 0.5, "device": "cpu", **decoding}
    return Translator.load(run.path, decoding=DecodingConfig(engine=engine, **options))


@pytest.fixture
def trained(run: RunDirectory) -> RunDirectory:
    """A run whose model, like a trained one, does not propose what may never be produced."""
    state = load_file(run.weights_file)
    away = state["decoder.layer_norm.bias"]
    state["embedding.weight"][:3] -= 9 * away / away.square().sum()
    save_weights(run.weights_file, state)
    return run


@pytest.mark.parametrize("beam", [1, 3])
@pytest.mark.parametrize("ratio", [0.5, 3.0])
def test_the_engines_find_the_same(
    trained: RunDirectory, texts: list[str], beam: int, ratio: float
) -> None:
    ours = load(trained, "torch", beam=beam, max_length_ratio=ratio).search(texts)
    theirs = load(trained, "ctranslate2", beam=beam, max_length_ratio=ratio).search(texts)
    assert len({row[0].text for row in ours}) > 30
    assert {row[0].complete for row in ours} == {True, False}
    for [one], [other] in zip(ours, theirs, strict=True):
        assert (other.text, other.complete) == (one.text, one.complete)
        assert other.log_prob == pytest.approx(one.log_prob, abs=2e-3)
        assert other.score == pytest.approx(one.score, abs=1e-4)


@pytest.mark.parametrize("length_penalty", [0.0, 0.6, -1.0])
def test_the_best_is_the_same_with_any_length_penalty(
    trained: RunDirectory, texts: list[str], length_penalty: float
) -> None:
    rows = [
        load(trained, engine, length_penalty=length_penalty).search(texts[:32], n_best=3)
        for engine in ("torch", "ctranslate2")
    ]
    for ours, theirs in zip(*rows, strict=True):
        assert ours[0].text == theirs[0].text
        assert ours[0].score == pytest.approx(theirs[0].score, rel=1e-4)
        assert len(theirs) == 3
        keys = [(one.complete, one.score) for one in theirs]
        assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize(
    "rules",
    [
        {"no_repeat_ngram": 1},
        {"no_repeat_ngram": 3},
        {"min_length": 12},
        {"min_length": 30, "max_length": 32, "no_repeat_ngram": 2},
        {"max_length_ratio": 3.0},
    ],
    ids=str,
)
@pytest.mark.parametrize("prefixes", [[""], ["", "the cat", "green", "a small dog sees"]], ids=len)
def test_greedy_search_keeps_the_same_rules(
    trained: RunDirectory, texts: list[str], rules: dict[str, int], prefixes: list[str]
) -> None:
    """And scores are those of the model, whatever is forbidden."""
    begun = [prefixes[i % len(prefixes)] for i in range(len(texts))]
    ours, theirs = (
        load(trained, engine, beam=1, **rules).search(texts, prefix=begun, parts=True)
        for engine in ("torch", "ctranslate2")
    )
    for prefix, [one], [other] in zip(begun, ours, theirs, strict=True):
        assert one.text.startswith(prefix)
        assert (other.text, other.complete) == (one.text, one.complete)
        assert other.log_prob == pytest.approx(one.log_prob, abs=2e-3)
        assert other.score == pytest.approx(one.score, abs=1e-4)
        assert [part.text for part in other.tokens or []] == [
            part.text for part in one.tokens or []
        ]


def test_the_parts_of_a_translation_are_the_same(trained: RunDirectory, texts: list[str]) -> None:
    ours, theirs = (
        load(trained, engine).search(texts, parts=True) for engine in ("torch", "ctranslate2")
    )
    for [one], [other] in zip(ours, theirs, strict=True):
        for parts, expected in ((other.tokens, one.tokens), (other.words, one.words)):
            assert [part.text for part in parts or []] == [part.text for part in expected or []]
            assert [part.log_prob for part in parts or []] == pytest.approx(
                [part.log_prob for part in expected or []], abs=1e-3
            )
        assert other.score == pytest.approx(one.score, abs=1e-4)


def test_given_translations_have_the_same_scores(trained: RunDirectory, texts: list[str]) -> None:
    fast = load(trained, "auto")
    fast.engine._load = None  # type: ignore[attr-defined] # torch is not to be asked
    ours = load(trained, "torch").score(texts, texts[::-1])
    for one, other in zip(ours, fast.score(texts, texts[::-1]), strict=True):
        assert one is not None
        assert other is not None
        assert other.log_prob == pytest.approx(one.log_prob, abs=2e-3)
        assert (other.length, other.perplexity) == (one.length, pytest.approx(one.perplexity, 1e-3))


def test_what_is_too_long_for_one_engine_is_scored_by_the_other(
    trained: RunDirectory, texts: list[str]
) -> None:
    long = "the " * 1100
    pairs = [(texts[0], texts[1]), (texts[0], long), (long, texts[1]), (texts[2], texts[3])]
    ours, theirs = (
        load(trained, engine).score(*zip(*pairs, strict=True)) for engine in ("torch", "auto")
    )
    assert [one and round(one.log_prob, 1) for one in theirs] == [
        one and round(one.log_prob, 1) for one in ours
    ]
    assert ((ours[1] and ours[1].length) or 0) > 1024
    with pytest.raises(ConfigError, match=r"scores no pair of more than 1,024 tokens"):
        load(trained, "ctranslate2").score(*zip(*pairs, strict=True))


def test_the_second_try_is_much_the_same(trained: RunDirectory, texts: list[str]) -> None:
    """But for the ends of n-best lists."""
    ours, theirs = (
        checked(load(trained, engine, max_length_ratio=2.0), texts)
        for engine in ("torch", "ctranslate2")
    )
    assert sum(one.first is not None for one in ours) > 5
    same = [
        one.translation.text == other.translation.text
        for one, other in zip(ours, theirs, strict=True)
    ]
    assert sum(same) > 0.8 * len(same)


def test_no_batch_and_no_worker_changes_a_translation(
    trained: RunDirectory, texts: list[str]
) -> None:
    expected = load(trained, "ctranslate2", workers=1).translate(texts)
    single = load(trained, "ctranslate2", batch_tokens=1, workers=2, threads=2).translate(texts)
    assert single == expected
    shared = load(trained, "ctranslate2", workers=3).translate(texts[::-1])
    assert shared[::-1] == expected


def test_what_may_never_be_produced_is_not(run: RunDirectory, texts: list[str]) -> None:
    state = load_file(run.weights_file)
    towards = state["decoder.layer_norm.bias"]
    state["embedding.weight"][:3] += towards / towards.square().sum()
    save_weights(run.weights_file, state)
    seen: list[Hypothesis] = []
    translator = load(run, "ctranslate2")
    rows = [[5 + i, 270 + i, 3] for i in range(20)]
    options = SearchOptions(
        beam=3, length_penalty=1.0, max_length_ratio=0.5, batch_tokens=16384, n_best=1
    )
    for _, found in translator.engine.search(rows, options):
        seen += [one for best in found for one in best]
    assert len(seen) == 20
    assert not any({0, 1, 2, 3} & set(one.ids) for one in seen)


def test_the_tag_decides(
    run: RunDirectory, new_model: Callable[..., Any], texts: list[str]
) -> None:
    """A tag is a token of the source like any other."""
    tokenizer = learn_vocabulary(texts, TokenizerConfig(vocab_size=320), ["en", "fr"])
    model = new_model(len(tokenizer), ending=2.0, unlikely=[0, 1, 2, *range(4, 262)])
    run.tokenizer_file.write_bytes(tokenizer.model)
    run.write_manifest({"source": "en", "target": "fr", "bidirectional": True})
    save_weights(run.weights_file, model.state_dict())
    there, back = (
        [
            Translator.load(run.path, source=source, engine=engine).translate(texts)  # type: ignore[arg-type]
            for engine in ("torch", "ctranslate2")
        ]
        for source in ("en", "fr")
    )
    assert there[0] == there[1]
    assert back[0] == back[1]
    assert there[0] != back[0]


def test_auto_takes_torch_for_what_the_other_cannot(run: RunDirectory, texts: list[str]) -> None:
    expected = load(run, "torch", max_length_ratio=50.0).translate(texts[:2])
    automatic = load(run, "auto", max_length_ratio=50.0)
    assert automatic.engine.name == "ctranslate2"
    assert automatic.translate(texts[:2]) == expected
    with pytest.raises(ConfigError, match=r"cannot do this: translations of 1,024 tokens"):
        load(run, "ctranslate2", max_length_ratio=50.0).translate(texts[:2])


class Recorder(Engine):
    """An engine that finds nothing and remembers that it was asked."""

    name = "recorder"

    def __init__(self, refused: str | None = None) -> None:
        self.refused, self.asked = refused, 0

    def search(
        self, rows: Sequence[list[int]], options: SearchOptions
    ) -> Iterator[tuple[list[int], list[list[Hypothesis]]]]:
        self.asked += 1
        return iter(())

    def refusal(self, options: SearchOptions) -> str | None:
        return self.refused


def test_the_other_engine_is_loaded_when_it_is_needed() -> None:
    options = SearchOptions(beam=1, length_penalty=1.0, max_length_ratio=1.0, batch_tokens=1)
    loaded: list[Recorder] = []

    def with_torch() -> Engine:
        loaded.append(Recorder())
        return loaded[-1]

    fast = Recorder()
    automatic = AutomaticEngine(fast, with_torch)
    list(automatic.search([[3]], options))
    assert fast.asked == 1
    assert not loaded
    fast.refused = "this"
    for _ in range(2):
        list(automatic.search([[3]], options))
    assert fast.asked == 1
    assert [one.asked for one in loaded] == [2]


def test_a_later_option_is_refused_until_it_is_known(run: RunDirectory) -> None:
    from dataclasses import make_dataclass

    later = make_dataclass(
        "Later", [("colour", str, "")], bases=(SearchOptions,), frozen=True, kw_only=True
    )
    engine = load(run, "ctranslate2").engine
    known = {"beam": 1, "length_penalty": 1.0, "max_length_ratio": 1.0, "batch_tokens": 1}
    assert engine.refusal(later(**known)) is None
    assert engine.refusal(later(**known, colour="red")) == "colour"


def test_what_would_come_out_otherwise_is_refused(run: RunDirectory, texts: list[str]) -> None:
    for rule in ({"min_length": 5}, {"no_repeat_ngram": 2}):
        with pytest.raises(ConfigError, match=r"cannot do this: .* with a beam of more than 1"):
            load(run, "ctranslate2", **rule).translate(texts[:1])
    with pytest.raises(ConfigError, match="cannot do this: temperature"):
        load(run, "ctranslate2", temperature=1.0).translate(texts[:1])
    with pytest.raises(ConfigError, match=r"cannot do this: prefixes with a beam of more than 1"):
        load(run, "ctranslate2").translate(texts[:1], prefix="the cat")
    with pytest.raises(ConfigError, match=r"cannot do this: translations of 1,024 tokens"):
        load(run, "ctranslate2", beam=1).translate(texts[:1], prefix="the cat " * 600)


def test_without_ctranslate2(run: RunDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice.ctranslate2, "is_installed", lambda: False)
    assert load(run, "auto").engine.name == "torch"
    with pytest.raises(ConfigError, match=r"translator\[fast\]"):
        load(run, "ctranslate2")


def test_ctrl_c_while_the_library_loads_is_no_fault_of_it(
    run: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(run: RunDirectory) -> None:
        raise ImportError("initialization failed") from KeyboardInterrupt()

    monkeypatch.setattr(choice.ctranslate2, "converted", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load(run, "auto")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError("no space"), "no space"),
        (OSError(errno.EROFS, "Read-only file system", "cache"), "cache: Read-only file system"),
    ],
)
def test_a_full_disk_is_no_reason_to_fail(
    error: OSError,
    told: str,
    run: RunDirectory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(run: RunDirectory) -> None:
        raise error

    monkeypatch.setattr(choice.ctranslate2, "converted", fail)
    assert load(run, "auto").engine.name == "torch"
    assert f"could not be converted for CTranslate2: {told}\n" in capsys.readouterr().err
    with pytest.raises(OSError, match=str(error.strerror or error)):
        load(run, "ctranslate2")


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"device": "quantum"}, "'quantum' is not a device"),
        ({"device": "cuda:99"}, "CUDA devices"),
        ({"precision": "float16"}, "Possible here: .*float32"),
    ],
)
def test_what_is_not_here_is_told(run: RunDirectory, options: dict[str, str], match: str) -> None:
    with pytest.raises(ConfigError, match=match):
        load(run, "ctranslate2", **options)


@pytest.mark.parametrize("precision", ["bfloat16", "float16", "int8"])
def test_torch_is_exact_on_a_cpu(run: RunDirectory, precision: str) -> None:
    with pytest.raises(ConfigError, match=f"precision={precision}: the engine torch does not"):
        load(run, "torch", precision=precision)


def test_rounded_weights_translate_much_the_same(trained: RunDirectory, texts: list[str]) -> None:
    """What a GPU does in 16 bits."""
    translator = load(trained, "torch", beam=1)
    exact = translator.translate(texts)
    rounded(translator.model, torch.bfloat16)
    kinds = {p.dtype for n, p in translator.model.named_parameters() if "norm" not in n}
    assert kinds == {torch.bfloat16}
    same = sum(a == b for a, b in zip(exact, translator.translate(texts), strict=True))
    assert 8 < same < 64


def test_int8_translates_much_the_same(trained: RunDirectory, texts: list[str]) -> None:
    exact = load(trained, "auto").translate(texts)
    rounded = load(trained, "auto", precision="int8").translate(texts)
    assert len(rounded) == len(exact)
    assert sum(a == b for a, b in zip(exact, rounded, strict=True)) > 8


def test_threads_are_shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "6")
    assert threads.usable_cores() == 6
    assert threads.share_out(0, 0) == (6, 1)
    assert threads.share_out(0, 2) == (2, 3)
    assert threads.share_out(4, 0) == (4, 1)
    assert threads.share_out(4, 8) == (8, 1)
    monkeypatch.delenv("OMP_NUM_THREADS")
    assert threads.usable_cores() >= 1


def test_a_quota_counts_as_cores(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    quota = tmp_path / "cpu.max"
    monkeypatch.setattr(threads, "_QUOTA", quota)
    cores = threads.usable_cores()
    for text, expected in [("100000 100000", 1), ("50000 100000", 1), ("max 100000", cores)]:
        quota.write_text(text)
        assert threads.usable_cores() == expected


def test_nothing_loads_torch(run: RunDirectory, texts: list[str]) -> None:
    """Neither the conversion nor a second try or a score; CTranslate2 is as it was afterwards."""
    code = (
        "import sys\n"
        "from translator import Translator\n"
        "from translator.decoding.alarms import checked\n"
        f"translator = Translator.load({str(run.path)!r}, engine='auto')\n"
        f"assert all(one.alarms for one in checked(translator, {texts[:8]!r}))\n"
        "translator.search(['a', 'b'], n_best=2, parts=True)\n"
        "translator.score(['a'], ['b'])\n"
        "assert not {'torch', 'transformers', 'pyarrow', 'sacrebleu'} & set(sys.modules)\n"
        "from ctranslate2.specs import model_spec\n"
        "assert model_spec.torch_is_available\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (run.path / "ctranslate2").is_dir()


def test_what_only_torch_can_do_is_done_in_float32(trained: RunDirectory, texts: list[str]) -> None:
    found = load(trained, "auto", precision="int8", no_repeat_ngram=2).translate(texts[:4])
    assert found == load(trained, "torch", no_repeat_ngram=2).translate(texts[:4])
