"""Text in, text out: the model, its vocabulary and the search behind one object."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from translator.config import DecodingConfig
from translator.decoding.engines import Engine
from translator.decoding.engines.choice import open_engine
from translator.decoding.hypothesis import Hypothesis
from translator.decoding.options import SearchOptions
from translator.decoding.segments import cut
from translator.languages import check_direction
from translator.run_directory import RunDirectory
from translator.tokenizer.tokenizer import EOS_ID, Tokenizer

if TYPE_CHECKING:
    from translator.model.transformer import Transformer


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
        engine: what searches.

    A model trained with ``data.bidirectional`` also translates the other way round:
    ``Translator.load("checkpoints/en-fr", source="fr")``.
    """

    def __init__(
        self,
        model: Transformer | Engine,
        tokenizer: Tokenizer,
        *,
        source: str,
        target: str,
        max_length: int,
        decoding: DecodingConfig,
    ) -> None:
        """Use a model that is already there, on the device where it is.

        Args:
            model: the weights, whose mode (training or not) is left as it is, or an engine that
                has them.
            tokenizer: the vocabulary of both languages.
            source: language tag.
            target: language tag.
            max_length: longest source the model reads at once, in tokens, end included.
            decoding: how to search; `device` has been seen to by the caller.
        """
        if isinstance(model, Engine):
            self.engine = model
        else:
            from translator.decoding.engines.with_torch import TorchEngine

            self.engine = TorchEngine(model)
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
        engine: Literal["auto", "torch", "ctranslate2"] | None = None,
    ) -> Translator:
        """Read a run directory.

        Args:
            path: the directory that ``translator train`` wrote.
            source, target: language tags; by default, as the run was begun.
            decoding: how to search, instead of the run's own options.
            engine: what searches, instead of ``decoding.engine``.

        Raises:
            ModelError: something is missing, damaged, or from a later version of this program, or
                the model does not translate in this direction.
            ConfigError: the options in it, engine, device or languages do not exist here.
        """
        run = RunDirectory(path)
        run.require_model()
        source, target = check_direction(run, source, target)
        config = run.read_config()
        decoding = decoding or config.decoding
        if engine is not None:
            decoding = replace(decoding, engine=engine)
        tokenizer = Tokenizer.load(run.tokenizer_file)
        return cls(
            open_engine(run, config, decoding, tokenizer),
            tokenizer,
            source=source,
            target=target,
            max_length=config.data.max_length,
            decoding=decoding,
        )

    @property
    def model(self) -> Transformer:
        """Return the weights as a torch module; see `Engine.model`."""
        return self.engine.model

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
        options = self._options(n_best)
        for batch, hypotheses in self.engine.search(pieces, options) if pieces else ():
            ready = 0
            for i, best in zip(batch, self._texts(hypotheses), strict=True):
                found[i] = best
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

    def _options(self, n_best: int) -> SearchOptions:
        decoding = self.decoding
        return SearchOptions(
            beam=decoding.beam,
            length_penalty=decoding.length_penalty,
            max_length_ratio=decoding.max_length_ratio,
            batch_tokens=decoding.batch_tokens,
            n_best=n_best,
        )

    def _texts(self, found: list[list[Hypothesis]]) -> list[list[Translation]]:
        """Return the texts of all hypotheses of a batch."""
        # one call for all: SentencePiece takes longer to be called than to decode
        texts = iter(self.tokenizer.decode([one.ids for best in found for one in best]))
        return [
            [Translation(next(texts), one.score, one.log_prob, one.complete) for one in best]
            for best in found
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
