from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
import torch

from translator import Translator
from translator.config import DecodingConfig, TokenizerConfig
from translator.decoding.search.scoring import forced_scores
from translator.decoding.text.sentences import space_between
from translator.tokenizer import Marked, Tokenizer, learn_vocabulary
from translator.tokenizer.tokenizer import EOS_ID

New = Callable[..., Translator]


def test_import_translator_loads_no_torch() -> None:
    code = (
        "import sys, translator; assert translator.__version__;"
        "assert {'Translator', 'Translation', 'DecodingConfig'} <= set(dir(translator));"
        "assert translator.DecodingConfig(beam=1).beam == 1;"
        "sys.exit('torch' in sys.modules or 'sentencepiece' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_package_offers_translator_and_nothing_unknown() -> None:
    import translator
    from translator.decoding.translation import Translation
    from translator.decoding.translator import Translator

    assert translator.Translator is Translator
    assert translator.Translation is Translation
    with pytest.raises(AttributeError, match="Translate"):
        translator.Translate  # noqa: B018


@pytest.mark.parametrize("beam", [1, 3])
def test_batch_size_and_order_change_no_translation(
    new_translator: New, texts: list[str], beam: int
) -> None:
    whole = new_translator(beam=beam).translate(texts)
    assert len(set(whole)) > 30  # the model does look at its source
    single = new_translator(beam=beam, batch_tokens=1).translate(texts[:24])
    eight = [
        line
        for start in range(0, 64, 8)
        for line in new_translator(beam=beam).translate(texts[start : start + 8])
    ]
    order = list(range(64))
    random.Random(1).shuffle(order)
    shuffled = new_translator(beam=beam, batch_tokens=200).translate([texts[i] for i in order])
    assert single == whole[:24]
    assert eight == whole
    assert [shuffled[order.index(i)] for i in range(64)] == whole


def test_scores_do_not_depend_on_the_batch(new_translator: New, texts: list[str]) -> None:
    many = new_translator().search(texts, n_best=3)
    few = new_translator(batch_tokens=1).search(texts[:10], n_best=3)
    for row, other in zip(few, many, strict=False):
        assert [one.text for one in row] == [one.text for one in other]
        assert [one.score for one in row] == pytest.approx([one.score for one in other], abs=1e-4)


def test_blank_texts_stay_blank_and_never_reach_the_model(
    new_translator: New, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    translator = new_translator()
    expected = translator.translate(texts[:2])
    assert all(expected)
    mixed = ["", texts[0], " \t", "\u3000", texts[1], "\n", "\x00", "\u200b"]
    assert translator.translate(mixed) == ["", expected[0], "", "", expected[1], "", "", ""]
    monkeypatch.setattr(translator, "engine", None)
    assert translator.translate(["", "  ", "\u2003\n"]) == ["", "", ""]
    [[blank]] = translator.search([" "], n_best=3)
    assert (blank.text, blank.score, blank.log_prob, blank.complete) == ("", 0.0, 0.0, True)
    assert translator.translate([]) == []


def test_a_single_text_is_refused_with_advice(new_translator: New) -> None:
    with pytest.raises(TypeError, match=r"\[text\]"):
        new_translator().translate("The cat")
    with pytest.raises(TypeError, match=r"\[text\]"):
        new_translator().search("The cat")
    with pytest.raises(TypeError, match=r"texts\[1\] is NoneType, not str"):
        new_translator().translate(["The cat", None])  # type: ignore[list-item]


@pytest.mark.parametrize("n_best", [0, 4])
def test_an_impossible_n_best_is_refused(new_translator: New, n_best: int) -> None:
    with pytest.raises(ValueError, match="beam 3"):
        new_translator(beam=3).search(["the cat"], n_best=n_best)


def test_n_best_lists_are_sorted(new_translator: New, texts: list[str]) -> None:
    for row in new_translator(beam=5).search(texts[:8], n_best=5):
        assert len(row) == 5
        keys = [(one.complete, one.score) for one in row]
        assert keys == sorted(keys, reverse=True)


def test_a_score_follows_from_log_prob_and_forced_scoring(
    new_translator: New, texts: list[str], tokenizer: Tokenizer
) -> None:
    translator = new_translator(beam=3, length_penalty=0.5)
    pieces = {tokenizer.pieces([i])[0]: i for i in range(len(tokenizer))}
    found = [one for [one] in translator.search(texts, parts=True)]
    pairs = [(text, one) for text, one in zip(texts, found, strict=True) if one.complete]
    assert len(pairs) > 3
    for text, one in pairs:
        # not those of its text, which may be cut into other tokens, with another probability
        *target, end = [pieces[part.text] for part in one.tokens or []]
        assert end == EOS_ID
        [forced] = forced_scores(translator.model, tokenizer.encode([text]), [target])
        assert one.log_prob == pytest.approx(forced, abs=1e-4)
        assert one.score == pytest.approx(one.log_prob / (len(target) + 1) ** 0.5, abs=1e-4)


def test_the_longest_translation_follows_from_the_source(
    new_translator: New, tokenizer: Tokenizer, texts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from translator.decoding.engines import with_torch as module

    limits: list[int] = []
    real = module.beam_search

    def watch(*args: Any, **options: Any) -> Any:
        limits.extend(options["max_lengths"])
        return real(*args, **options)

    monkeypatch.setattr(module, "beam_search", watch)
    new_translator(max_length_ratio=1.5).translate(texts[:3])
    lengths = sorted((len(ids) + 1 for ids in tokenizer.encode(texts[:3])), reverse=True)
    assert limits == [int(1.5 * n) + 20 for n in lengths]


def test_a_long_text_is_translated_in_pieces(new_translator: New) -> None:
    translator = new_translator(max_length=12)
    first, second = "the old cat sees the bird.", "a dog likes the green garden."
    one, two = translator.translate([first, second])
    assert one != two
    texts = [f"{first} {second}", first, f" {first}\t  {second} {first}\n", f"{first}\r\n{second}"]
    assert translator.translate(texts) == [
        f"{one} {two}",
        one,
        f"{one}\t  {two} {one}",
        f"{one} {two}",  # a line break is a space
    ]


def test_what_is_cut_in_a_word_gets_no_space(new_translator: New) -> None:
    translator = new_translator(max_length=12)
    pieces = [one.text for one in translator._pieces([Marked("x" * 40)])]
    assert len(pieces) > 2
    assert translator.translate(["x" * 40]) == ["".join(translator.translate(pieces))]


def test_sentences_are_translated_one_by_one(new_translator: New) -> None:
    translator = new_translator()
    sentences = ["The old cat sees.", "Mr. Dog likes the bird!", "In the garden"]
    text = "{} {}  {}".format(*sentences)
    whole = "{} {}  {}".format(*translator.translate(sentences))
    assert translator.translate([text]) == [whole]
    together = new_translator(split_sentences=False)
    assert together.translate([text]) != [whole]


@pytest.mark.parametrize(
    ("source", "target", "between"),
    [("en", "zh", ""), ("zh", "en", " "), ("zh", "ja", ""), ("en", "th", " ")],
)
def test_spaces_between_sentences_follow_the_languages(
    new_translator: New, source: str, target: str, between: str
) -> None:
    translator = new_translator()
    translator.source, translator.target = source, target
    sentences = ["今天好。", "明天好。"] if source == "zh" else ["The cat sees.", "A dog!"]
    text = "".join(sentences) if source == "zh" else " ".join(sentences)
    assert translator.translate([text]) == [between.join(translator.translate(sentences))]
    assert space_between("", "th", "en") == " ", "a phrase that was cut between two words"


def test_n_best_of_pieces_is_joined_by_rank(new_translator: New) -> None:
    translator = new_translator(max_length=12, beam=3)
    first, second = "the old cat sees the bird.", "a dog likes the green garden."
    parts = translator.search([first, second], n_best=3)
    [joined] = translator.search([f"{first} {second}"], n_best=3)
    assert len(joined) == 3
    for rank, one in enumerate(joined):
        row = [part[rank] for part in parts]
        assert one.text == " ".join(x.text for x in row)
        assert one.log_prob == pytest.approx(sum(x.log_prob for x in row), abs=1e-4)
        assert one.score == pytest.approx(sum(x.score for x in row) / 2, abs=1e-4)
        assert one.complete == all(x.complete for x in row)


def test_every_piece_is_within_the_trained_length(
    new_translator: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    translator = new_translator(max_length=16, beam=1)
    widths: list[int] = []
    real = translator.model.encode

    def watch(source: torch.Tensor) -> Any:
        widths.append(source.shape[1])
        return real(source)

    monkeypatch.setattr(translator.model, "encode", watch)
    [text] = translator.translate(["the old green cat, " * 30 + "x" * 100])
    assert text
    assert max(widths) <= 16


def test_progress_counts_every_text_once(new_translator: New, texts: list[str]) -> None:
    counts: list[float] = []
    long = " ".join(texts[:12])
    new_translator(max_length=24, batch_tokens=300).translate(
        [*texts, "", long], on_progress=counts.append
    )
    assert sum(counts) == pytest.approx(len(texts) + 2)
    assert len(counts) > 3


def test_progress_moves_within_a_long_text(new_translator: New, texts: list[str]) -> None:
    counts: list[float] = []
    new_translator(max_length=12, batch_tokens=60).translate(
        [" ".join(texts[:12])], on_progress=counts.append
    )
    assert len(counts) > 5
    assert sum(counts) == pytest.approx(1)
    assert max(counts) < 0.5


def test_no_translation_holds_a_line_break(
    new_translator: New, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from translator.decoding.engines import with_torch as module
    from translator.decoding.search.hypothesis import Hypothesis

    [ids] = tokenizer.encode(["cat \u0007"])
    newline = next(i for i in range(len(tokenizer)) if tokenizer.pieces([i]) == ["<0x0A>"])
    separator = [newline - 0x0A + byte for byte in "\u2028".encode()]
    broken = Hypothesis([newline, *ids, newline, *separator, newline + 3, *ids], -1.0, -1.0, True)
    monkeypatch.setattr(module, "beam_search", lambda *_, **__: [[broken]])
    [text] = new_translator().translate(["the cat"])
    assert "cat" in text
    assert len(text.splitlines()) == 1


def test_a_model_in_training_is_left_in_training(new_translator: New, texts: list[str]) -> None:
    translator = new_translator()
    expected = translator.translate(texts[:4])
    translator.model.train()
    for module in translator.model.modules():
        if hasattr(module, "p"):
            module.p = 0.5
    assert translator.translate(texts[:4]) == expected
    assert translator.model.training
    assert forced_scores(translator.model, [[5]], [[6]]) == forced_scores(
        translator.model, [[5]], [[6]]
    )
    assert translator.model.training


@pytest.fixture
def both_ways(texts: list[str], new_model: Callable[..., Any]) -> Callable[..., Translator]:
    """Build a translator whose vocabulary has tags."""
    tokenizer = learn_vocabulary(texts, TokenizerConfig(vocab_size=320), ["en", "fr"])
    model = new_model(len(tokenizer), seed=3, ending=2.0, unlikely=range(4, 272))

    def build(source: str, target: str, max_length: int = 64) -> Translator:
        return Translator(
            model,
            tokenizer,
            source=source,
            target=target,
            max_length=max_length,
            decoding=DecodingConfig(beam=1, max_length_ratio=0.5),
        )

    return build


def test_every_piece_begins_with_the_tag_of_its_language(
    both_ways: Callable[..., Translator], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[torch.Tensor] = []
    for target in ("fr", "en"):
        translator = both_ways("xx", target, max_length=12)
        real = translator.model.encode

        def watch(source: torch.Tensor, real: Any = real) -> Any:
            seen.append(source)
            return real(source)

        with monkeypatch.context() as changed:
            changed.setattr(translator.model, "encode", watch)
            first, second, blank = translator.translate(["the cat", "the old cat sees. " * 9, " "])
        assert first
        assert second
        assert blank == ""
        (tag,) = translator.tokenizer.tag(target)
        assert sum(map(len, seen)) > 2
        assert all((source[:, 0] == tag).all() for source in seen)
        assert all(not (source[:, 1:] == tag).any() for source in seen)
        assert max(source.shape[1] for source in seen) <= 12
        seen.clear()


def test_the_tag_decides(both_ways: Callable[..., Translator], texts: list[str]) -> None:
    there, back = both_ways("en", "fr"), both_ways("fr", "en")
    assert there.translate(texts) != back.translate(texts)
    # a text that looks like a tag is a text
    assert there.translate([f"<2en> {texts[0]}"]) != back.translate(texts[:1])
