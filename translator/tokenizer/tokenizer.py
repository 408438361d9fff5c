"""Text <-> ids."""

from __future__ import annotations

import hashlib
import os
import random
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import sentencepiece

from translator.errors import COPY_AGAIN, ModelError
from translator.tokenizer.placeholders import CHARACTERS
from translator.tokenizer.sampling import Sampler

UNK_ID, PAD_ID, BOS_ID, EOS_ID = 0, 1, 2, 3
"""The special ids, in every vocabulary learned here. Byte fallback leaves no text for UNK_ID."""

_FEW = 1000
"""Texts for which no threads are started: that takes a millisecond, and longer on busy cores, in
which hundreds of texts are encoded. A list of texts starts one, however short it is."""

_LINE_BREAKS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_NOT_ENCODABLE = re.compile("[\x00\x85\ud800-\udfff]")


def tag_piece(language: str) -> str:
    """Return the piece that asks for a translation to `language`."""
    return f"<2{language}>"


class Tokenizer:
    """A SentencePiece model.

    ``decode(encode(text)) == normalize(text)`` for every text. The vocabulary of a model that
    translates in both directions also holds a tag for each language; no text gives one, and none
    shows in a text.
    """

    def __init__(self, model: bytes) -> None:
        if not model:  # SentencePiece takes this for a vocabulary without pieces
            raise RuntimeError("the SentencePiece model is empty")
        self._processor = sentencepiece.SentencePieceProcessor(model_proto=model)
        self.model = model
        self.fingerprint = hashlib.blake2b(model, digest_size=16).hexdigest()
        self.threads = os.cpu_count() or 1

    @classmethod
    def load(cls, path: Path, fingerprint: object = None) -> Tokenizer:
        """Read a SentencePiece model file.

        Args:
            path: the file.
            fingerprint: what the file must have, if that is known.

        Raises:
            ModelError: it is missing, damaged, or was not made here (other special ids).
        """
        try:
            tokenizer = cls(path.read_bytes())
        except OSError as error:
            raise ModelError(f"cannot be read: {error.strerror}", where=path) from None
        except RuntimeError:
            raise ModelError(
                "is damaged: not a SentencePiece model", where=path, hint=COPY_AGAIN
            ) from None
        if fingerprint is not None and fingerprint != tokenizer.fingerprint:
            raise ModelError(
                "is damaged, or of another run: its checksum is not that of the manifest",
                where=path,
                hint=COPY_AGAIN,
            )
        p = tokenizer._processor
        if (p.unk_id(), p.pad_id(), p.bos_id(), p.eos_id()) != (UNK_ID, PAD_ID, BOS_ID, EOS_ID):
            raise ModelError(
                "is a SentencePiece model with other special ids",
                where=path,
                hint="Only vocabularies that translator train has learned can be used.",
            )
        return tokenizer

    def __len__(self) -> int:
        return int(self._processor.get_piece_size())

    def normalize(self, text: str) -> str:
        """Return the text as the vocabulary sees it: NFKC, white space runs as one space."""
        # the vocabulary's white space mark, also where the text itself holds that character
        return str(self._processor.normalize(encodable(text))).replace("▁", " ").strip()

    def normalize_with_places(self, text: str) -> tuple[str, list[int]]:
        """Return the text that the pieces spell, with ``▁`` for spaces, and where it comes from.

        The place of each character is that of the one in `text` it was made of, counted from 0;
        one more place is where the text ends.
        """
        normal, places = self._processor.normalize(encodable(text), with_offsets=True)
        return str(normal), list(places)

    def byte_lengths(self) -> list[int]:
        """Return how many bytes of UTF-8 each piece spells; none for special ids."""
        p = self._processor
        return [
            0
            if p.is_control(id_) or p.is_unknown(id_)
            else 1
            if p.is_byte(id_)
            else len(p.id_to_piece(id_).encode())
            for id_ in range(len(self))
        ]

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the ids of each text, without special ids; several threads share the work."""
        ready = [encodable(text) for text in texts]
        if len(ready) <= _FEW:
            return [self._processor.encode(text) for text in ready]
        return self._processor.encode(ready, num_threads=self.threads)

    def segmentations(self, text: str, count: int) -> list[list[int]]:
        """Return up to `count` ways to cut a text into pieces, the usual one first."""
        usual = self.encode([text])
        if self._sampler.is_bpe:  # SentencePiece knows no other ways then
            return usual
        others = self._processor.nbest_encode(encodable(text), nbest_size=count)
        return usual + [ids for ids in others if ids != usual[0]][: count - 1]

    def tag(self, language: str) -> list[int]:
        """Return what a source to be translated to `language` begins with.

        One id, or none where the vocabulary has no tag for this language.
        """
        id_ = int(self._processor.piece_to_id(tag_piece(language)))
        return [id_] if self._processor.is_control(id_) else []

    @cached_property
    def placeholders(self) -> frozenset[int]:
        """Return the ids that stand for what is copied (`protect`); none in older vocabularies."""
        ids = {int(self._processor.piece_to_id(character)) for character in CHARACTERS}
        return frozenset(ids - {UNK_ID})

    def sample(self, texts: Sequence[str], alpha: float, seed: int) -> list[list[int]]:
        """Return the ids of one random segmentation of each text.

        Args:
            texts: what to encode.
            alpha: unigram smoothing (small: more varied), or the dropout rate of BPE merges.
            seed: the same seed gives the same segmentations, in any process.
        """
        chance = random.Random(seed)
        normal = self._processor.normalize([encodable(text) for text in texts])
        return [self._sampler(text, alpha, chance) for text in normal]

    def resample(self, ids: Sequence[Sequence[int]], alpha: float, seed: int) -> list[list[int]]:
        """Return a random segmentation (see `sample`) of the text of each row; a tag stays."""
        sampled = self.sample(self.decode(ids), alpha, seed)
        return [
            [*row[:1], *new] if row and self._processor.is_control(row[0]) else new
            for row, new in zip(ids, sampled, strict=True)
        ]

    @cached_property
    def _sampler(self) -> Sampler:
        return Sampler(self._processor)

    def decode(self, ids: Sequence[Sequence[int]]) -> list[str]:
        """Return the text of each row of ids; never with a line break in it."""
        texts = [self._processor.decode(list(row)) for row in ids]
        # byte pieces can spell anything, a newline or a broken character too
        return [_LINE_BREAKS.sub(" ", text).strip() for text in texts]

    def pieces(self, ids: Sequence[int]) -> list[str]:
        """Return the pieces behind the ids; ``▁`` marks the start of a word."""
        return [str(self._processor.id_to_piece(int(id_))) for id_ in ids]

    def normal_pieces(self) -> list[int]:
        """Return the ids that texts are made of: no special id, no tag, no byte."""
        p = self._processor
        others = (p.is_unknown, p.is_control, p.is_byte, p.is_unused)
        return [id_ for id_ in range(len(self)) if not any(is_one(id_) for is_one in others)]

    def scores(self) -> list[float]:
        """Return the score of each piece: its log probability, or minus its rank (BPE)."""
        return [float(self._processor.get_score(id_)) for id_ in range(len(self))]


def encodable(text: str) -> str:
    """Replace what UTF-8 cannot hold (lone surrogates), and what SentencePiece gets wrong.

    It stops at NUL, and leaves U+0085 as it is, which ends a line like the other line breaks.
    """
    if _NOT_ENCODABLE.search(text) is None:
        return text
    return _SURROGATES.sub("\ufffd", text).replace("\x00", " ").replace("\x85", " ")
