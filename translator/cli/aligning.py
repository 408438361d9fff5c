"""What `translator align` does: pairs in, links, attention or their quality out."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from translator.alignment import choice as choices
from translator.alignment.aligning import Alignment, align, own_reverse, read_attention
from translator.alignment.gold import Gold, check_gold, error_of, read_gold, word_places
from translator.alignment.panels import choice_text
from translator.alignment.passages import Reader, Spans
from translator.alignment.tuning import Tuned, tune_by_agreement, tune_by_gold
from translator.alignment.words import Split
from translator.cli.common import load_translator, with_torch
from translator.cli.files import Output, open_output, require_file, standard_output
from translator.cli.given import Pair, chunks_of, open_pairs
from translator.cli.stream import translate_all
from translator.config import Config, DataConfig
from translator.errors import ConfigError, DataError, Interrupted
from translator.progress import counted, progress, say
from translator.run_directory import RunDirectory

if TYPE_CHECKING:
    from translator.alignment.attention import Attention
    from translator.decoding.translator import Translator

_DIGITS = 4
"""Of an attention weight in JSON."""

Write = Callable[[Sequence[Pair]], None]


class Job(NamedTuple):
    """What `translator align` was asked to do."""

    run: RunDirectory
    config: Config
    columns: DataConfig
    source: str
    target: str
    reverse: RunDirectory | None
    symmetrisation: str | None
    output: Path | None
    format: str
    words: Split
    attention: Path | None
    gold: Path | None
    from_one: bool

    def align_text(self, texts: Sequence[str]) -> None:
        """Align a text and its translation, which is made here if it is missing."""
        with open_output(self.output) as results, self._attention() as attention:
            models = self._models()
            source, target = texts[0], texts[1] if len(texts) > 1 else ""
            if len(texts) == 1:
                [target], _ = translate_all(models[0], [source])
                say(target)
            pairs = [Pair(1, source, target)]
            attention(models[0], pairs, None)
            results.write(self._written(pairs, self._aligned(models, pairs, None, lambda n: None)))

    def align_data(self, spec: str) -> None:
        """Align a corpus, and compare it with gold links where they were named.

        Raises:
            DataError: there is no pair, or the gold links are about others.
            Interrupted: by Ctrl-C; the message says how far the work had come.
        """
        gold = self._gold()
        pairs, total = self._open(spec)
        found: list[Alignment] = []
        done = 0
        with ExitStack() as stack:
            results = None
            if gold is None or self.output is not None:
                results = stack.enter_context(open_output(self.output))
            attention = stack.enter_context(self._attention())
            models = self._models()
            try:
                bar = stack.enter_context(progress("aligning", total=total, unit="pairs"))
                for chunk in chunks_of(pairs):
                    words = self._words(chunk, gold, done)
                    attention(models[0], chunk, words)
                    own = self._aligned(models, chunk, words, bar.advance)
                    if results is not None:
                        results.write(self._written(chunk, own))
                    found += own if gold is not None else []
                    done += len(chunk)
            except KeyboardInterrupt:
                raise Interrupted(f"{done:,} pairs of {spec} were aligned") from None
            if not done:
                raise DataError("holds no sentence pair", where=spec)
            if gold is not None:
                assert self.gold is not None
                check_gold(gold, [(len(one.source), len(one.target)) for one in found], self.gold)
        if gold is not None:
            standard_output().write(self._quality(found, gold))
        else:
            say(f"{spec}: aligned {counted(done, 'pair')}")

    def tune(self, spec: str) -> None:
        """Choose what to read of the attention of the models, and keep it in their manifests.

        Raises:
            ConfigError: there are neither gold links nor an opposite direction.
            DataError: there is no pair, or none that is short enough.
        """
        gold = self._gold()
        translator, reverse = self._models()
        if gold is None and reverse is None:
            raise ConfigError(
                "what to read is chosen by gold links, or by how far two directions agree",
                hint="Add --gold FILE, or --reverse RUN.",
            )
        given = [pair for chunk in chunks_of(self._open(spec)[0]) for pair in chunk]
        if not given:
            raise DataError("holds no sentence pair", where=spec)
        words = self._words(given, gold, 0)
        sources, targets = [one.source for one in given], [one.target for one in given]
        with progress("choosing"):
            pairs = Reader(translator).pairs(sources, targets, words=words, split=self.words)
            if gold is None:
                assert reverse is not None
                tuned = [*tune_by_agreement(translator, reverse, pairs)]
                by = "agreement of both directions"
            else:
                assert self.gold is not None
                check_gold(gold, [(len(one.source), len(one.target)) for one in pairs], self.gold)
                tuned = [tune_by_gold(translator, pairs, gold)]
                by = "gold links"
        lines = [
            self._stored(model, one, by, spec)
            for model, one in zip((translator, reverse), tuned, strict=False)
            if model is not None
        ]
        standard_output().write("".join(lines))

    def _stored(self, translator: Translator, tuned: Tuned, by: str, spec: str) -> str:
        """Keep a choice in the manifest, and return what is told of it."""
        run, choice = translator.run, tuned.choice
        assert run is not None
        measured = {"by": by, "error": round(tuned.error, 4), "pairs": tuned.pairs, "data": spec}
        choices.store(run, translator.source, translator.target, choice, measured)
        if self.format == "json":
            entry = choices.stored_entry(run, translator.source, translator.target)
            value = {"source": translator.source, "target": translator.target, **(entry or {})}
            return json.dumps(value, ensure_ascii=False) + "\n"
        told = choice_text(choice, translator.model.config.attention_heads)
        return (
            f"{run.path} {translator.source} -> {translator.target}: {told}, {choice.row} rows, "
            f"by {by}: error {tuned.error:.2%} on {counted(tuned.pairs, 'pair')}\n"
        )

    def _models(self) -> tuple[Translator, Translator | None]:
        """Load the model, and that of the opposite direction, if there is to be one."""
        config = with_torch(self.config)
        translator = load_translator(self.run, config, self.source, self.target)
        if self.symmetrisation == "none":
            return translator, None
        if self.reverse is not None:
            return translator, load_translator(self.reverse, config, self.target, self.source)
        other = own_reverse(translator)
        if other is None and self.symmetrisation is not None:
            raise ConfigError(
                f"--symmetrisation {self.symmetrisation} needs both directions, and this model "
                f"knows {self.source} -> {self.target} only",
                hint="Name a model of the opposite direction with --reverse.",
            )
        return translator, other

    def _aligned(
        self,
        models: tuple[Translator, Translator | None],
        pairs: Sequence[Pair],
        words: Sequence[Spans] | None,
        advance: Callable[[int], None],
    ) -> list[Alignment]:
        more: dict[str, Any] = {}
        if models[1] is not None and self.symmetrisation is not None:
            more["symmetrisation"] = self.symmetrisation
        return align(
            models[0],
            [pair.source for pair in pairs],
            [pair.target for pair in pairs],
            reverse=models[1],
            words=words,
            split=self.words,
            on_progress=advance,
            **more,
        )

    def _open(self, spec: str) -> tuple[Iterator[Pair], int | None]:
        turned = (self.source, self.target) != self.run.read_directions()[0]
        return open_pairs(
            spec, source=self.source, target=self.target, options=self.columns, turned=turned
        )

    def _gold(self) -> list[Gold] | None:
        if self.gold is None:
            return None
        require_file(self.gold)
        return read_gold(self.gold, from_one=self.from_one)

    def _words(
        self, pairs: Sequence[Pair], gold: Sequence[Gold] | None, begin: int
    ) -> list[Spans] | None:
        """Return the places of the words that the gold links are between, if these name them."""
        if gold is None or not any(one.words for one in gold):
            return None
        some = gold[begin : begin + len(pairs)]
        found: list[Spans] = []
        for i, pair in enumerate(pairs):
            words = some[i].words if i < len(some) else None
            if words is None:
                raise DataError(
                    f"has no words for pair {begin + i + 1}",
                    where=self.gold,
                    hint="A line of links belongs to each pair; words stand in all lines or none.",
                )
            where = f"{self.gold}:{some[i].line}"
            found.append(
                (
                    word_places(words[0], pair.source, where),
                    word_places(words[1], pair.target, where),
                )
            )
        return found

    def _written(self, pairs: Sequence[Pair], found: Sequence[Alignment]) -> str:
        write = {"pharaoh": _as_pharaoh, "tsv": _as_tsv, "json": _as_json}[self.format]
        return "".join(write(*one) + "\n" for one in zip(pairs, found, strict=True))

    def _quality(self, found: Sequence[Alignment], gold: Sequence[Gold]) -> str:
        error = error_of([one.links for one in found], gold)
        if self.format == "json":
            value = {
                "aer": round(error.rate, 6),
                "precision": round(error.precision, 6),
                "recall": round(error.recall, 6),
                "pairs": len(gold),
                "links": error.links,
                "sure": error.sure,
                "possible": sum(len(one.possible) for one in gold),
            }
            return json.dumps(value) + "\n"
        return (
            f"AER {100 * error.rate:.2f} %  precision {100 * error.precision:.2f} %  recall "
            f"{100 * error.recall:.2f} %  ({counted(len(gold), 'pair')}, "
            f"{counted(error.links, 'link')}, {error.sure:,} sure)\n"
        )

    @contextmanager
    def _attention(self) -> Iterator[WriteAttention]:
        """Open the place for soft matrices, if there is one."""
        if self.attention is None:
            yield lambda translator, pairs, words: None
            return
        ending = self.attention.suffix
        if ending not in _WRITERS:
            raise ConfigError(
                f"--attention {self.attention}: attention is written to .npz or .json",
                hint="Choose one of these endings.",
            )
        with (
            open_output(self.attention, "--attention") as output,
            _WRITERS[ending](output) as write,
        ):

            def all_of(
                translator: Translator, pairs: Sequence[Pair], words: Sequence[Spans] | None
            ) -> None:
                for start in range(0, len(pairs), _WRITTEN):
                    some = pairs[start : start + _WRITTEN]
                    found = read_attention(
                        translator,
                        [pair.source for pair in some],
                        [pair.target for pair in some],
                        words=words and words[start : start + _WRITTEN],
                        split=self.words,
                    )
                    for pair, one in zip(some, found, strict=True):
                        write(pair.number, one)

            yield all_of


if TYPE_CHECKING:
    WriteAttention = Callable[[Translator, Sequence[Pair], Sequence[Spans] | None], None]
    WriteOne = Callable[[int, Attention], None]

_WRITTEN = 64
"""Pairs whose attention is in memory at a time."""


@contextmanager
def _npz(output: Output) -> Iterator[WriteOne]:
    """Write arrays into a .npz file as they come: `weights_1`, `chosen_1`, `source_1` and so on."""
    buffered = io.BufferedWriter(output.stream)
    with zipfile.ZipFile(buffered, "w", zipfile.ZIP_DEFLATED) as archive:

        def write(number: int, one: Attention) -> None:
            arrays = {
                "weights": one.weights,
                "chosen": one.chosen,
                "source": _texts(one.source),
                "target": _texts(one.target),
            }
            for name, array in arrays.items():
                with archive.open(f"{name}_{number}.npy", "w", force_zip64=True) as file:
                    np.lib.format.write_array(file, array, allow_pickle=False)

        yield write
    buffered.flush()
    buffered.detach()


def _texts(words: Sequence[str]) -> np.ndarray:
    return np.array(words, dtype=str) if words else np.zeros(0, dtype="<U1")


@contextmanager
def _json_lines(output: Output) -> Iterator[WriteOne]:
    def write(number: int, one: Attention) -> None:
        value = {
            "line": number,
            "source": one.source,
            "target": one.target,
            "weights": _rounded(one.weights),
            "chosen": _rounded(one.chosen),
        }
        output.write(json.dumps(value, ensure_ascii=False) + "\n")

    yield write


def _rounded(weights: np.ndarray) -> Any:
    return np.round(weights.astype(np.float64), _DIGITS).tolist()


_WRITERS = {".npz": _npz, ".json": _json_lines}


def _as_pharaoh(pair: Pair, found: Alignment) -> str:
    return str(found)


def _as_tsv(pair: Pair, found: Alignment) -> str:
    return "\t".join([" ".join(found.source), " ".join(found.target), str(found)])


def _as_json(pair: Pair, found: Alignment) -> str:
    value = {
        "line": pair.number,
        "source": pair.source,
        "target": pair.target,
        "source_words": found.source,
        "target_words": found.target,
        "links": found.links,
    }
    return json.dumps(value, ensure_ascii=False)
