"""Text in, text out: the model, its vocabulary and the search behind one object."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from translator.config import DecodingConfig
from translator.decoding.scoring import batches_by_length, evaluating, pad
from translator.decoding.hypothesis import Hypothesis
from translator.decoding.search import beam_search
from translator.decoding.segments import cut
from translator.hardware import choose_device
from translator.languages import check_direction
from translator.model.transformer import Transformer
from translator.model.weights import load_model
from translator.run_directory import RunDirectory
from translator.tokenizer.tokenizer import EOS_ID, PAD_ID, Tokenizer

_EXTRA_LENGTH = 20
"""Tokens that any translation may have beyond `max_length_ratio` times the source's."""


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


_BLANK = Translation("", 0.0, 0.0, complete=True)


class Translator:
    """A trained model that translates from one language to another.

        from translator import Translator

        translator = Translator.load("checkpoints/en-fr")
        translator.translate(["The cat sat on the mat."])

    The translation of a text does not depend on the texts beside it. A blank text has a blank
    translation. A text longer than the model has learned to read is translated in pieces (cut at
    sentence ends where possible), and the translations are joined by a space.

    Attributes:
        source: language tag of what it reads.
        target: language tag of what it writes.
        decoding: how it searches.

    A model trained with ``data.bidirectional`` also translates the other way round:
    ``Translator.load("checkpoints/en-fr", source="fr")``.
    """

    def __init__(
        self,
        model: Transformer,
        tokenizer: Tokenizer,
        *,
        source: str,
        target: str,
        max_length: int,
        decoding: DecodingConfig,
    ) -> None:
        """Use a model that is already there, on the device where it is.

        Args:
            model: the weights; its mode (training or not) is left as it is.
            tokenizer: the vocabulary of both languages.
            source: language tag.
            target: language tag.
            max_length: longest source the model reads at once, in tokens, end included.
            decoding: how to search; `device` has been seen to by the caller.
        """
        self.model = model
        self.tokenizer = tokenizer
        self.source = source
        self.target = target
        self.max_length = max_length
        self.decoding = decoding
        self._tag = tokenizer.tag(target)

    @classmethod
    def load(
        cls,
        path: str | Path,
        *,
        source: str | None = None,
        target: str | None = None,
        decoding: DecodingConfig | None = None,
    ) -> Translator:
        """Read a run directory.

        Args:
            path: the directory that ``translator train`` wrote.
            source, target: language tags; by default, as the run was begun.
            decoding: how to search, instead of the run's own options.

        Raises:
            ModelError: something is missing, damaged, or from a later version of this program, or
                the model does not translate in this direction.
            ConfigError: the options in it, the device or the languages do not exist here.
        """
        run = RunDirectory(path)
        run.require_model()
        source, target = check_direction(run, source, target)
        config = run.read_config()
        decoding = decoding or config.decoding
        device = choose_device(decoding.device)
        tokenizer = Tokenizer.load(run.tokenizer_file)
        model = load_model(run, config.model, len(tokenizer), PAD_ID)
        return cls(
            model.to(device),
            tokenizer,
            source=source,
            target=target,
            max_length=config.data.max_length,
            decoding=decoding,
        )

    def translate(
        self, texts: Sequence[str], *, on_progress: Callable[[int], None] | None = None
    ) -> list[str]:
        """Return the best translation of each text, in the same order.

        Args:
            texts: any number of texts; a line break inside of one is read as a space.
            on_progress: called after each batch with the number of texts that became ready.

        Raises:
            TypeError: a single text was given instead of a list.
        """
        return [best[0].text for best in self.search(texts, on_progress=on_progress)]

    def search(
        self,
        texts: Sequence[str],
        *,
        n_best: int = 1,
        on_progress: Callable[[int], None] | None = None,
    ) -> list[list[Translation]]:
        """Return the `n_best` best translations of each text with their scores, best first.

        The translations differ in tokens, and rarely two may read the same. A blank text has one
        translation only, which is blank. A text translated in pieces is joined rank by rank: its
        second translation is made of the second of each piece (or the last, where a piece has
        fewer); its log probability is the sum and its score the mean of theirs.

        Args:
            texts: any number of texts.
            n_best: at most ``decoding.beam``.
            on_progress: called after each batch with the number of texts that became ready.

        Raises:
            TypeError: a single text was given instead of a list.
            ValueError: `n_best` is less than 1 or more than the beam.
        """
        if isinstance(texts, str):
            raise TypeError("texts must be a list of texts: put a single one into brackets, [text]")
        if not 1 <= n_best <= self.decoding.beam:
            raise ValueError(f"n_best={n_best} is not between 1 and the beam {self.decoding.beam}")
        texts = list(texts)
        for i, text in enumerate(texts):
            if not isinstance(text, str):
                raise TypeError(f"texts[{i}] is {type(text).__name__}, not str")
        pieces, owners = self._pieces(texts)
        waiting = [0] * len(texts)
        for owner in owners:
            waiting[owner] += 1
        report = on_progress or (lambda count: None)
        report(waiting.count(0))
        found: list[list[Translation]] = [[] for _ in pieces]
        for batch in self._batches(pieces):
            ready = 0
            for i, translations in zip(batch, self._decode(pieces, batch, n_best), strict=True):
                found[i] = translations
                waiting[owners[i]] -= 1
                ready += not waiting[owners[i]]
            report(ready)
        parts: list[list[list[Translation]]] = [[] for _ in texts]
        for owner, translations in zip(owners, found, strict=True):
            parts[owner].append(translations)
        return [_joined(part) for part in parts]

    def _pieces(self, texts: list[str]) -> tuple[list[list[int]], list[int]]:
        """Return the rows of ids to translate (tag and end too), and the text of each."""
        limit = self.max_length - len(self._tag) - 1  # the end of the sentence takes one
        rows: list[list[int]] = []
        owners: list[int] = []
        for owner, ids in enumerate(self.tokenizer.encode(texts)):
            if len(ids) <= limit:
                parts = [ids]
            else:
                parts = self.tokenizer.encode(cut(texts[owner], self._count, limit))
            for part in parts:
                if part:  # what is blank to the vocabulary is blank in translation
                    rows.append([*self._tag, *part, EOS_ID])
                    owners.append(owner)
        return rows, owners

    def _count(self, text: str) -> int:
        return len(self.tokenizer.encode([text])[0])

    def _batches(self, rows: list[list[int]]) -> Iterator[list[int]]:
        budget = self.decoding.batch_tokens // self.decoding.beam
        return batches_by_length([len(row) for row in rows], budget)

    def _decode(
        self, rows: list[list[int]], batch: list[int], n_best: int
    ) -> list[list[Translation]]:
        """Return the translations of the rows of one batch."""
        chosen = [rows[i] for i in batch]
        ratio = self.decoding.max_length_ratio
        with evaluating(self.model):
            found = beam_search(
                self.model,
                pad(chosen, self.model),
                beam=self.decoding.beam,
                length_penalty=self.decoding.length_penalty,
                max_lengths=[int(ratio * len(row)) + _EXTRA_LENGTH for row in chosen],
                n_best=n_best,
            )
        return [self._texts(hypotheses) for hypotheses in found]

    def _texts(self, hypotheses: list[Hypothesis]) -> list[Translation]:
        texts = self.tokenizer.decode([one.ids for one in hypotheses])
        return [
            Translation(text, one.score, one.log_prob, one.complete)
            for text, one in zip(texts, hypotheses, strict=True)
        ]


def _joined(parts: list[list[Translation]]) -> list[Translation]:
    """Join the n-best lists of the pieces of one text, rank by rank."""
    if not parts:
        return [_BLANK]
    if len(parts) == 1:
        return parts[0]
    ranks = []
    for rank in range(max(map(len, parts))):
        row = [part[min(rank, len(part) - 1)] for part in parts]
        ranks.append(
            Translation(
                " ".join(one.text for one in row if one.text),
                sum(one.score for one in row) / len(row),
                sum(one.log_prob for one in row),
                all(one.complete for one in row),
            )
        )
    return ranks
