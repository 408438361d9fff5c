# ruff: noqa: RUF001 - characters that look alike are the point
from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
import sentencepiece
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from translator.errors import ModelError
from translator.tokenizer import Tokenizer
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID, PAD_ID, UNK_ID

# everything that some program takes for the end of a line
BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


def script(first: int, last: int) -> st.SearchStrategy[str]:
    return st.characters(min_codepoint=first, max_codepoint=last)


characters = st.one_of(
    script(0x20, 0x7E),  # ASCII
    script(0x00, 0x1F),  # control characters, NUL too
    script(0x7F, 0xA0),
    script(0xC0, 0x24F),  # Latin with accents
    script(0x300, 0x36F),  # combining accents
    script(0x370, 0x3FF),  # Greek
    script(0x400, 0x4FF),  # Cyrillic
    script(0x590, 0x5FF),  # Hebrew
    script(0x600, 0x6FF),  # Arabic
    script(0x900, 0x97F),  # Devanagari
    script(0xE00, 0xE7F),  # Thai
    script(0x2000, 0x206F),  # spaces, joiners, line and paragraph separator
    script(0x3040, 0x30FF),  # kana
    script(0x4E00, 0x4EFF),  # Chinese
    script(0xAC00, 0xACFF),  # Hangul
    script(0xD800, 0xDFFF),  # lone surrogates
    script(0xFB00, 0xFFFF),  # ligatures, full width, byte order mark, U+FFFD
    script(0x1F1E6, 0x1F6FF),  # emoji
    st.sampled_from(["▁", "▁▁", "\u200d", "\u2028", "\x85", " ", "  ", "<s>", "</s>", "<unk>"]),
    st.sampled_from(["👨‍👩‍👧‍👦", "🇫🇷", "👋🏽", "<0x0A>", "<pad>", "ﬁ", "½", "①", "가", "가"]),
    st.characters(),
)
arbitrary_text = st.lists(characters, max_size=20).map("".join)

with_fixtures = settings(
    deadline=None,
    max_examples=150,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@with_fixtures
@given(text=arbitrary_text)
def test_decoding_gives_the_normalised_text(tokenizer: Tokenizer, text: str) -> None:
    ids = tokenizer.encode([text])
    assert tokenizer.decode(ids) == [tokenizer.normalize(text)]


@with_fixtures
@given(text=arbitrary_text)
def test_nothing_is_unknown(tokenizer: Tokenizer, text: str) -> None:
    assert not {UNK_ID, PAD_ID, BOS_ID, EOS_ID} & set(tokenizer.encode([text])[0])


@with_fixtures
@given(text=arbitrary_text)
def test_normalising_gives_one_line_and_is_stable(tokenizer: Tokenizer, text: str) -> None:
    once = tokenizer.normalize(text)
    assert not set(once) & set(BREAKS)
    assert len(once.splitlines()) == (1 if once else 0)
    assert tokenizer.normalize(once) == once


@with_fixtures
@given(text=st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1))
def test_letters_and_digits_are_only_changed_by_nfkc(tokenizer: Tokenizer, text: str) -> None:
    # SentencePiece's tables are those of an older Unicode than Python's
    known = unicodedata.ucd_3_2_0
    text = "".join(c for c in text if known.category(c) != "Cn")
    assert tokenizer.normalize(text) == known.normalize("NFKC", text).strip()


@with_fixtures
@given(data=st.data())
def test_any_ids_decode_to_one_encodable_line(tokenizer: Tokenizer, data: st.DataObject) -> None:
    ids = data.draw(st.lists(st.integers(0, len(tokenizer) - 1), max_size=30))
    (text,) = tokenizer.decode([ids])
    text.encode()
    assert not set(text) & set(BREAKS)
    assert text == text.strip()


@with_fixtures
@given(rows=st.lists(arbitrary_text, max_size=8))
def test_each_text_has_its_row(tokenizer: Tokenizer, rows: list[str]) -> None:
    together = tokenizer.encode(rows)
    assert together == [tokenizer.encode([row])[0] for row in rows]
    assert tokenizer.decode(together) == [tokenizer.decode([row])[0] for row in together]


def test_many_threads_change_nothing(tokenizer: Tokenizer, texts: list[str]) -> None:
    rows = [f"{text} {i}" for i, text in enumerate(texts * 5)]
    assert len(rows) > 64
    assert tokenizer.encode(rows) == [tokenizer.encode([row])[0] for row in rows]


@pytest.mark.parametrize("character", BREAKS)
def test_byte_pieces_of_a_line_break_decode_to_a_space(
    tokenizer: Tokenizer, character: str
) -> None:
    a, b = (tokenizer.encode([letter])[0] for letter in ("cat", "mat"))
    pieces = {piece: i for i, piece in enumerate(tokenizer.pieces(range(len(tokenizer))))}
    bytes_ = [pieces[f"<0x{byte:02X}>"] for byte in character.encode()]
    assert tokenizer.decode([[*a, *bytes_, *b]])[0].split() == ["cat", "mat"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \t a \u00a0\u3000 b\n", "a b"),
        ("ﬁn ½ ①", "fin 1⁄2 1"),
        ("e\u0301", "é"),
        ("ＡＢＣ", "ABC"),
        ("a\u2028b\u2029c", "a b c"),
        ("a▁b", "a b"),
        ("a\x85b", "a b"),
        ("a\x00b", "a b"),
        ("a\ud800b", "a b"),
        ("👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦"),
    ],
)
def test_normal_forms(tokenizer: Tokenizer, text: str, expected: str) -> None:
    assert tokenizer.normalize(text) == expected


def test_pieces_mark_the_start_of_words(tokenizer: Tokenizer) -> None:
    pieces = tokenizer.pieces(tokenizer.encode(["the cat"])[0])
    assert "".join(pieces) == "▁the▁cat"


def test_a_file_gives_the_same_tokenizer(tokenizer: Tokenizer, tmp_path: Path) -> None:
    path = tmp_path / "tokenizer.model"
    path.write_bytes(tokenizer.model)
    loaded = Tokenizer.load(path)
    assert loaded.fingerprint == tokenizer.fingerprint
    assert loaded.encode(["The cat."]) == tokenizer.encode(["The cat."])


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read: No such file") as caught:
        Tokenizer.load(tmp_path / "absent.model")
    assert caught.value.where == str(tmp_path / "absent.model")


@pytest.mark.parametrize("content", [b"not a model", os.urandom(4000), b"\x00" * 100])
def test_a_damaged_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "tokenizer.model"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="is damaged: not a SentencePiece model") as caught:
        Tokenizer.load(path)
    assert caught.value.where == str(path)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file(tokenizer: Tokenizer, tmp_path: Path, share: float) -> None:
    path = tmp_path / "tokenizer.model"
    path.write_bytes(tokenizer.model[: int(len(tokenizer.model) * share)])
    with pytest.raises(ModelError):
        Tokenizer.load(path)


def test_a_model_made_elsewhere(tmp_path: Path, texts: list[str]) -> None:
    prefix = tmp_path / "other"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_prefix=str(prefix),
        vocab_size=445,
        byte_fallback=True,
        hard_vocab_limit=False,
        minloglevel=3,
    )
    with pytest.raises(ModelError, match="other special ids"):
        Tokenizer.load(prefix.with_suffix(".model"))


@pytest.mark.parametrize("alpha", [0.1, 0.5])
def test_sampling_depends_on_the_seed_alone(
    tokenizer: Tokenizer, texts: list[str], alpha: float
) -> None:
    first = tokenizer.sample(texts, alpha, seed=7)
    tokenizer.sample(texts[:3], alpha, seed=8)
    assert tokenizer.sample(texts, alpha, seed=7) == first
    assert tokenizer.sample(texts, alpha, seed=9) != first
    assert first != tokenizer.encode(texts)
    assert tokenizer.decode(first) == [tokenizer.normalize(text) for text in texts]


@with_fixtures
@given(text=arbitrary_text, seed=st.integers(0, 2**32 - 1))
def test_sampled_pieces_spell_the_normalised_text(
    tokenizer: Tokenizer, text: str, seed: int
) -> None:
    ids = tokenizer.sample([text], 0.2, seed)
    assert tokenizer.decode(ids) == [tokenizer.normalize(text)]
    assert UNK_ID not in ids[0]
