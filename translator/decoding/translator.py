"""Text in, text out: the model, its vocabulary and the search behind one object."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from translator.config import DecodingConfig
from translator.corpora.lines import clean
from translator.decoding.engines import Engine
from translator.decoding.engines.choice import open_engine
from translator.decoding.glossary import Glossary
from translator.decoding.required import Searcher
from translator.decoding.search.options import SearchOptions
from translator.decoding.search.phrases import Spellings
from translator.decoding.text.parts import token_parts, word_parts
from translator.decoding.text.pieces import Piece, in_pieces
from translator.decoding.text.sentences import space_between
from translator.decoding.translation import (
    GivenScore,
    Translation,
    joined,
    restored,
    restored_parts,
)
from translator.errors import ConfigError
from translator.languages import check_direction
from translator.run_directory import RunDirectory
from translator.tokenizer import Marked, Protected, mark, protect
from translator.tokenizer.tokenizer import EOS_ID, Tokenizer

if TYPE_CHECKING:
    from translator.model.transformer import Transformer


LONGEST_SCORED = 2048
"""Tokens of a side beyond which a given pair is not scored: it could fill the memory."""


class Translator:
    """A trained model that translates from one language to another.

        from translator import Translator

        translator = Translator.load("checkpoints/en-fr")
        translator.translate(["The cat sat on the mat."])

    The translation of a text does not depend on the texts beside it. A blank text has a blank
    translation. A text of several sentences is translated sentence by sentence, and a sentence
    longer than the model has learned to read in pieces (cut at clauses where possible); the
    translations are joined with the white space that stood between them (a line break is a space).
    What is to be copied, such as a URL or ``{name}``, is kept from the model and put back (see
    `tokenizer.placeholders`).

    Attributes:
        source: language tag of what it reads.
        target: language tag of what it writes.
        decoding: how it searches.
        tag: ids that ask for the target language, in front of each source; mostly none.
        engine: what searches.
        run: where it was read from; None for a model that was made in memory.

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
        run: RunDirectory | None = None,
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
            run: where the model was read from.
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
        self.run = run
        self.tag = tokenizer.tag(target)

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
        fingerprint = run.read_manifest().get("tokenizer_fingerprint")
        tokenizer = Tokenizer.load(run.tokenizer_file, fingerprint)
        return cls(
            open_engine(run, config, decoding, tokenizer),
            tokenizer,
            source=source,
            target=target,
            max_length=config.data.max_length,
            decoding=decoding,
            run=run,
        )

    @property
    def model(self) -> Transformer:
        """Return the weights as a torch module; see `Engine.model`."""
        return self.engine.model

    def translate(
        self,
        texts: Sequence[str],
        *,
        prefix: str | Sequence[str] = "",
        glossary: Glossary | Mapping[str, str] | None = None,
        on_progress: Callable[[float], None] | None = None,
    ) -> list[str]:
        """Return the best translation of each text, in the same order.

        Args:
            texts: any number of texts; a line break inside of one is read as a space.
            prefix: what the translations begin with: one text for all, or one for each.
            glossary: terms whose translation is given, as in ``{"printer": "imprimante"}``.
            on_progress: called after each batch with the number of texts that became ready; a part
                of one counts for its share.

        Raises:
            TypeError: a single text was given instead of a list.
        """
        found = self.search(texts, prefix=prefix, glossary=glossary, on_progress=on_progress)
        return [best[0].text for best in found]

    def search(
        self,
        texts: Sequence[str],
        *,
        n_best: int = 1,
        prefix: str | Sequence[str] = "",
        glossary: Glossary | Mapping[str, str] | None = None,
        parts: bool = False,
        numbers: Sequence[int] | None = None,
        on_progress: Callable[[float], None] | None = None,
    ) -> list[list[Translation]]:
        """Return the `n_best` best translations of each text with their scores, best first.

        The translations differ in tokens, and rarely two may read the same. A blank text has one
        translation only, which is blank. A text translated in pieces is joined rank by rank: its
        second translation is made of the second of each piece (or the last, where a piece has
        fewer); its log probability is the sum and its score the mean of theirs.

        With ``decoding.temperature`` they are samples, drawn independently, in the order of
        drawing. They depend on the seed and on the text's number, not on the texts beside it.

        A translation in which a glossary term is missing, or something that is to be copied, is
        searched for again, so that it is in it; all others are what they would be without a
        glossary. What is still missing is told in `Translation.missed`. Samples are not drawn
        again, and some engines cannot search so.

        Args:
            texts: any number of texts.
            n_best: at most ``decoding.beam``; of samples, any number.
            prefix: what the translations begin with: one text for all, or one for each. Of a text
                in pieces, the first one begins with it.
            glossary: terms whose translation is given; see `Glossary`.
            parts: whether translations tell the log probabilities of their tokens and words.
            numbers: of the texts, for sampling; by default from 1 on.
            on_progress: called after each batch with the number of texts that became ready; a part
                of one counts for its share.

        Raises:
            TypeError: a single text was given instead of a list.
            ValueError: `n_best` is less than 1 or more than the beam, or there are not as many
                prefixes or numbers as texts.
            ConfigError: a glossary, and a temperature as well; or the engine cannot do this.
        """
        texts = _checked(texts)
        self._check(n_best, glossary)
        prefixes = _for_each(prefix, texts)
        numbers = range(1, len(texts) + 1) if numbers is None else numbers
        if len(numbers) != len(texts):
            raise ValueError(f"{len(numbers)} numbers for {len(texts)} texts")
        marked = [mark(text) if self._copies else Marked(text) for text in texts]
        pieces = self._pieces([Marked("") if one.is_all_copied else one for one in marked])
        counts = [0] * len(texts)
        for piece in pieces:
            counts[piece.owner] += 1
        report = on_progress or (lambda count: None)
        report(counts.count(0))
        found: list[list[Translation]] = [[] for _ in pieces]
        options = self._options(n_best, pieces, prefixes, numbers, parts=parts)
        searcher = Searcher(self.engine, self.tokenizer, self._spellings)
        for batch in searcher.search(pieces, options, _as_glossary(glossary)):
            for i, best in batch:
                found[i] = best
            report(sum(1 / counts[pieces[i].owner] for i, _ in batch))
        by_text: list[list[list[Translation]]] = [[] for _ in texts]
        spaces: list[list[str]] = [[] for _ in texts]
        for piece, translations in zip(pieces, found, strict=True):
            by_text[piece.owner].append([restored(best, piece.source) for best in translations])
            space = space_between(piece.space, self.source, self.target)
            spaces[piece.owner].append(clean(space))
        result = [
            joined(rows, behind, parts=parts) for rows, behind in zip(by_text, spaces, strict=True)
        ]
        for i, one in enumerate(marked):
            if one.is_all_copied:  # it is its own translation
                result[i] = [replace(result[i][0], text=clean(texts[i]).strip())]
        return result

    def score(
        self,
        sources: Sequence[str],
        targets: Sequence[str],
        *,
        parts: bool = False,
        on_progress: Callable[[int], None] | None = None,
    ) -> list[GivenScore | None]:
        """Return how likely the model finds given translations.

        None stands for a pair with a blank side, and for one longer than `LONGEST_SCORED` tokens.
        A text is scored whole, also where it is longer than the model has learned to read.

        Args:
            sources: any number of texts.
            targets: a translation of each.
            parts: whether to tell the log probabilities of tokens and words.
            on_progress: called after each batch with the number of pairs that became ready.

        Raises:
            TypeError: a single text was given instead of a list.
            ValueError: there are not as many targets as sources.
            ConfigError: the engine cannot do this.
        """
        sources, targets = _checked(sources), _checked(targets)
        if len(sources) != len(targets):
            raise ValueError(f"{len(sources)} sources and {len(targets)} targets")
        protected = [protect(text) if self._copies else Protected(text) for text in sources]
        source_ids = self.tokenizer.encode([one.text for one in protected])
        target_ids = self.tokenizer.encode(
            [one.put_out(text) for one, text in zip(protected, targets, strict=True)]
        )
        kept = [
            i
            for i, ids in enumerate(zip(source_ids, target_ids, strict=True))
            if all(ids) and max(map(len, ids)) <= LONGEST_SCORED
        ]
        report = on_progress or (lambda count: None)
        report(len(sources) - len(kept))
        found: list[GivenScore | None] = [None] * len(sources)
        rows = [[*self.tag, *source_ids[i], EOS_ID] for i in kept]
        wanted = [target_ids[i] for i in kept]
        for batch, log_probs in self.engine.score(rows, wanted) if kept else ():
            for at, row in zip(batch, log_probs, strict=True):
                found[kept[at]] = self._given(wanted[at], row, protected[kept[at]], parts=parts)
            report(len(batch))
        return found

    def _given(
        self, ids: list[int], log_probs: list[float], source: Protected, *, parts: bool
    ) -> GivenScore:
        total = math.fsum(log_probs)
        return GivenScore(
            total,
            total / len(log_probs) ** self.decoding.length_penalty,
            math.exp(min(-total / len(log_probs), 700.0)),
            len(log_probs),
            restored_parts(token_parts(self.tokenizer, ids, log_probs), source) if parts else None,
            restored_parts(word_parts(self.tokenizer, ids, log_probs), source) if parts else None,
        )

    def _check(self, n_best: int, glossary: object) -> None:
        sampling = self.decoding.temperature > 0
        if n_best < 1 or (n_best > self.decoding.beam and not sampling):
            raise ValueError(f"n_best={n_best} is not between 1 and the beam {self.decoding.beam}")
        if sampling and glossary:
            raise ConfigError(
                "a glossary cannot be kept by translations that are drawn at random",
                hint="Leave out the glossary, or the temperature.",
            )

    @property
    def _copies(self) -> bool:
        """Return whether the vocabulary knows the characters for what is copied."""
        return bool(self.tokenizer.placeholders)

    def _pieces(self, texts: list[Marked]) -> list[Piece]:
        """Return what is to be translated, in the order of the texts."""
        return in_pieces(
            texts,
            self.tokenizer,
            tag=self.tag,
            language=self.source,
            max_length=self.max_length,
            split_sentences=self.decoding.split_sentences,
        )

    def _options(
        self,
        n_best: int,
        pieces: list[Piece],
        prefixes: list[str],
        numbers: Sequence[int],
        *,
        parts: bool,
    ) -> SearchOptions:
        decoding = self.decoding
        begun = None
        if any(prefixes):
            # what is copied is one character in it too, or it would come a second time
            firsts = [
                "" if one.number else one.source.put_out(prefixes[one.owner]) for one in pieces
            ]
            begun = self.tokenizer.encode(firsts)
        drawn = decoding.temperature > 0
        return SearchOptions(
            beam=decoding.beam,
            length_penalty=decoding.length_penalty,
            max_length_ratio=decoding.max_length_ratio,
            batch_tokens=decoding.batch_tokens,
            n_best=n_best,
            max_length=decoding.max_length,
            min_length=decoding.min_length,
            no_repeat_ngram=decoding.no_repeat_ngram,
            temperature=decoding.temperature,
            top_k=decoding.top_k,
            top_p=decoding.top_p,
            token_log_probs=parts,
            prefixes=begun,
            draws=[f"{decoding.seed} {numbers[one.owner]} {one.number}" for one in pieces]
            if drawn
            else None,
        )

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings(self.tokenizer)


def _checked(texts: Sequence[str]) -> list[str]:
    if isinstance(texts, str):
        raise TypeError("texts must be a list of texts: put a single one into brackets, [text]")
    texts = list(texts)
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(f"texts[{i}] is {type(text).__name__}, not str")
    return texts


def _for_each(prefix: str | Sequence[str], texts: list[str]) -> list[str]:
    if isinstance(prefix, str):
        return [prefix] * len(texts)
    if len(prefix) != len(texts):
        raise ValueError(f"{len(prefix)} prefixes for {len(texts)} texts")
    return list(prefix)


def _as_glossary(glossary: Glossary | Mapping[str, str] | None) -> Glossary | None:
    return Glossary(glossary) if isinstance(glossary, Mapping) else glossary
