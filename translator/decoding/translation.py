"""What comes out of a `Translator`: results, joined from pieces, with what is copied put back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from translator.decoding.glossary import Term
from translator.decoding.text.parts import Part
from translator.tokenizer import Protected
from translator.tokenizer.placeholders import CHARACTER


@dataclass(frozen=True, slots=True)
class Translation:
    """One translation of one text."""

    text: str
    """Never with a line break in it."""
    score: float
    """What translations are ranked by: ``log_prob / length ** length_penalty``."""
    log_prob: float
    """Natural logarithm of the probability that the model gives this translation."""
    complete: bool
    """False if the translation was cut at the length limit."""
    tokens: list[Part] | None = None
    """Its tokens with their log probabilities, the end of the sentence too, where asked for."""
    words: list[Part] | None = None
    """Its words with their log probabilities, where asked for."""
    missed: list[Term] = field(default_factory=list)
    """Terms of the glossary whose translation is not in it, and what should have been copied."""
    pieces: tuple[tuple[str, str], ...] = ()
    """What was translated at once: parts of the source, in order, with the translation of each."""


@dataclass(frozen=True, slots=True)
class GivenScore:
    """How likely the model finds a translation that was given."""

    log_prob: float
    """Natural logarithm of the probability that the model gives to it."""
    score: float
    """``log_prob / length ** length_penalty``, where length counts the end of the sentence."""
    perplexity: float
    """The inverse of the tokens' mean probability (geometric), the end included."""
    length: int
    """Tokens, the end included."""
    tokens: list[Part] | None = None
    """As in `Translation`."""
    words: list[Part] | None = None
    """As in `Translation`."""


def restored(one: Translation, source: Protected) -> Translation:
    """Put back what is copied, and note what was translated."""
    read = source.restore(source.text) if source.spans else source.text
    if not source.spans and CHARACTER.search(one.text) is None:
        return replace(one, pieces=((read, one.text),))
    missed = [Term(source.restore(term.source), source.restore(term.target)) for term in one.missed]
    text = source.restore(one.text)
    return replace(
        one,
        text=text,
        pieces=((read, text),),
        tokens=one.tokens and restored_parts(one.tokens, source),
        words=one.words and restored_parts(one.words, source),
        missed=missed,
    )


def restored_parts(parts: list[Part], source: Protected) -> list[Part]:
    """Put back what is copied in tokens or words."""
    return [part._replace(text=source.restore(part.text)) for part in parts]


def joined(
    pieces: list[list[Translation]], spaces: Sequence[str], *, parts: bool
) -> list[Translation]:
    """Join the n-best lists of the pieces of one text, rank by rank.

    Args:
        pieces: the translations of each piece.
        spaces: what stands behind each piece.
        parts: whether tokens and words were asked for.
    """
    if len(pieces) == 1:
        return pieces[0]
    if not pieces:
        empty: list[Part] | None = [] if parts else None
        return [Translation("", 0.0, 0.0, True, empty, empty)]
    ranks = []
    for rank in range(max(map(len, pieces))):
        row = [piece[min(rank, len(piece) - 1)] for piece in pieces]
        ranks.append(
            Translation(
                "".join(
                    one.text + space for one, space in zip(row, spaces, strict=True) if one.text
                ).rstrip(),
                sum(one.score for one in row) / len(row),
                sum(one.log_prob for one in row),
                all(one.complete for one in row),
                [part for one in row for part in one.tokens or []] if parts else None,
                [part for one in row for part in one.words or []] if parts else None,
                [term for one in row for term in one.missed],
                tuple(piece for one in row for piece in one.pieces),
            )
        )
    return ranks
