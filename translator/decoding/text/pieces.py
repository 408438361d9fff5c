"""Texts in pieces that are translated at once: sentences, and parts of those that are too long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from translator.decoding.text.segments import cut
from translator.decoding.text.sentences import Stretch, may_be_several, split
from translator.tokenizer import Marked, Protected
from translator.tokenizer.placeholders import CHARACTER, CHARACTERS, numbered
from translator.tokenizer.tokenizer import EOS_ID, Tokenizer


class Piece(NamedTuple):
    """What is translated at once: a text, or a part of a long one."""

    row: list[int]
    """Its ids, with tag and end."""
    begin: int
    """Where in the row its own ids begin, behind the tag."""
    owner: int
    """The text it belongs to."""
    number: int
    """Which part of the text it is, from 0."""
    source: Protected
    space: str
    """The white space between it and the next part of the text."""

    @property
    def text(self) -> str:
        """Return what the model reads."""
        return self.source.text


def in_pieces(
    texts: Sequence[Marked],
    tokenizer: Tokenizer,
    *,
    tag: Sequence[int],
    language: str,
    max_length: int,
    split_sentences: bool,
) -> list[Piece]:
    """Return what is to be translated, in the order of the texts; nothing of a blank one.

    A sentence with more spans than there are characters for them is cut like one that is too long.

    Args:
        texts: any number of texts.
        tokenizer: the vocabulary.
        tag: what each piece begins with.
        language: tag of their language, by which sentences are told apart.
        max_length: most tokens of a piece, its tag and end included.
        split_sentences: whether a sentence is a piece, or a whole text if it is short enough.
    """
    limit = max_length - len(tag) - 1  # the end of the sentence takes one
    sentences = [
        (i, one)
        for i, text in enumerate(marked.text for marked in texts)
        for one in (_sentences(text, language) if split_sentences else [Stretch(text, "")])
    ]

    def count(text: str) -> int:
        return limit + 1 if _has_too_many(text) else len(tokenizer.encode([text])[0])

    pieces: list[Piece] = []
    spans = [iter(marked.spans) for marked in texts]
    encoded = tokenizer.encode([sentence.text for _, sentence in sentences])
    for (owner, sentence), whole in zip(sentences, encoded, strict=True):
        if len(whole) <= limit and not _has_too_many(sentence.text):
            parts, rows = [sentence], [whole]
        else:
            parts = cut(sentence.text + sentence.space, count, limit)
            rows = tokenizer.encode([part.text for part in parts])
        for part, ids in zip(parts, rows, strict=True):
            source, row = Protected(part.text), ids
            if texts[owner].spans:
                source = numbered(part.text, spans[owner])
                [row] = tokenizer.encode([source.text])
            last = pieces[-1] if pieces and pieces[-1].owner == owner else None
            if row:
                number = last.number + 1 if last else 0
                full = [*tag, *row, EOS_ID]
                pieces.append(Piece(full, len(tag), owner, number, source, part.space))
            elif last:  # what is blank to the vocabulary is blank in translation
                pieces[-1] = last._replace(space=last.space + part.space)
    return pieces


def _has_too_many(text: str) -> bool:
    return len(CHARACTER.findall(text)) > len(CHARACTERS)


def _sentences(text: str, language: str) -> list[Stretch]:
    return split(text, language) if may_be_several(text) else [Stretch(text, "")]
