"""What `translator translate` does: how text is read, where it goes, and who translates it."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from translator.cli.arriving import Arriving, Prompt, is_pipe
from translator.cli.asked import Asked
from translator.cli.common import load_translator, with_torch
from translator.cli.files import STANDARD, Output, count_lines, open_output
from translator.cli.partial import PartialOutput
from translator.cli.results import DirectResults, Results
from translator.config import Config
from translator.errors import ConfigError
from translator.progress import say
from translator.run_directory import RunDirectory, checksum

if TYPE_CHECKING:
    from translator.cli.stream import Work
    from translator.decoding.text.blocks import Block
    from translator.decoding.translation import Translation
    from translator.decoding.translator import Translator

_NO_MATTER = {"batch_tokens", "device", "threads", "workers"}
"""Options of decoding that change how fast it is, and not what comes out."""


class Places(NamedTuple):
    """Where text comes from and goes to, as it was asked for."""

    input: Path | None
    output: Path | None
    report: Path | None
    alignments: Path | None = None

    @property
    def resumable(self) -> bool:
        """Return whether work that was stopped can go on: from a file, to a file."""
        source, target = self.input, self.output
        if source is None or not source.is_file() or target is None or target == STANDARD:
            return False
        return target.is_file() or not target.exists()

    def check(self) -> None:
        """Raise a ConfigError where two results would go to one place."""
        written = {"--report": self.report, "--alignments": self.alignments}
        known = {"--output": self.output, "--input": self.input}
        for option, place in written.items():
            if place is None:
                continue
            for other, path in known.items():
                if path is not None and path.resolve() == place.resolve():
                    raise ConfigError(
                        f"{other} and {option} name the same file: {path}",
                        hint=f"Choose another file for {option}.",
                    )
            known[option] = place


class Job(NamedTuple):
    """What `translator translate` was asked to do."""

    run: RunDirectory
    config: Config
    source: str
    target: str
    asked: Asked
    glossary: Path | None
    document: bool
    flush: bool
    places: Places

    def work(self, name: str, device: str | None = None) -> Work:
        """Load the model, to translate the input that messages call `name`."""
        config = self.config
        if device is not None:
            decoding = dataclasses.replace(config.decoding, device=device)
            config = dataclasses.replace(config, decoding=decoding)
        translator = load_translator(self.run, config, self.source, self.target)
        from translator.cli.stream import Work

        align = self._aligner(translator) if self.places.alignments is not None else None
        return Work(translator, name, self.asked, config.decoding.retry, align)

    def _aligner(
        self, translator: Translator
    ) -> Callable[[list[str], list[Translation]], list[str]]:
        """Return what tells the links between words; torch computes, whatever has translated."""
        from translator.alignment.aligning import align_translations, own_reverse

        reader = translator
        if not reader.engine.has_model:
            reader = load_translator(
                self.run, with_torch(self.config), translator.source, translator.target
            )
        reverse = own_reverse(reader)

        def links(texts: list[str], translations: list[Translation]) -> list[str]:
            return list(map(str, align_translations(reader, texts, translations, reverse=reverse)))

        return links

    def blocks(self, stream: Iterable[bytes]) -> Iterator[Block]:
        """Return the input as the blocks that are translated one by one."""
        from translator.corpora.lines import read_lines

        if self.document:
            from translator.decoding.text.documents import Reader

            return Reader(self.source, self.target).blocks(read_lines(stream))
        from translator.decoding.text.blocks import line_blocks

        return line_blocks(read_lines(stream))


def translate_alone(job: Job, stream: BinaryIO, name: str) -> None:
    """Translate in this process."""
    with open_results(job) as results:
        if results is None:
            return
        total = count_lines(job.places.input)
        work = job.work(name)
        from translator.cli.stream import translate_stream
        from translator.corpora.lines import whole_lines

        lines: Iterable[bytes] = whole_lines(stream, name)
        typed, waiting = stream.isatty(), _never
        if typed:
            say(f"type {job.source} text, a sentence on each line; Ctrl-D ends")
            if stream is sys.stdin.buffer and sys.stdout.isatty():
                lines = Prompt(f"{job.source}> ")
        elif job.flush and is_pipe(stream):
            lines = arriving = Arriving(stream)
            waiting = arriving.waiting
        translate_stream(
            work, job.blocks(lines), results, total=total, at_once=typed, waiting=waiting
        )


def _never() -> bool:
    return False


def translate_together(job: Job, stream: BinaryIO, name: str) -> None:
    """Translate with the other processes that torchrun started.

    Raises:
        ConfigError: there is no file that all of them could read.
    """
    path = job.places.input
    if path is None or not path.is_file():
        raise ConfigError(
            "several processes translate a file together, and none was named",
            hint="Name it with --input, or translate without torchrun.",
        )
    from translator.cli.sharing import joined
    from translator.corpora.lines import whole_lines

    fingerprint = checksum(path)
    lines = whole_lines(stream, name)
    with joined() as team:
        device = team.device(job.config.decoding.device)
        if not team.leads:
            team.help(job.work(name, device), job.blocks(lines), fingerprint=fingerprint)
            return
        with open_results(job) as results:
            if results is None:
                team.dismiss(fingerprint)
                return
            team.lead(
                job.work(name, device),
                job.blocks(lines),
                results,
                fingerprint=fingerprint,
                total=count_lines(path),
            )


@contextmanager
def open_results(job: Job) -> Iterator[Results | None]:
    """Open what takes the results of the job; a file is written whole at the end of the block.

    Yields:
        None if an earlier command had done all the work, and lacked only its last step.
    """
    places = job.places
    if not places.resumable:
        with ExitStack() as stack:
            output = stack.enter_context(open_output(places.output))
            others: list[Output | None] = [
                None if place is None else stack.enter_context(open_output(place, option))
                for option, place in (
                    ("--report", places.report),
                    ("--alignments", places.alignments),
                )
            ]
            yield DirectResults(output, *others)
        return
    assert places.input is not None
    assert places.output is not None
    fingerprints = {
        "format": 1,
        "input": checksum(places.input),
        "model": [checksum(job.run.weights_file), checksum(job.run.tokenizer_file)],
        "options": {
            "source": job.source,
            "target": job.target,
            "n_best": job.asked.n_best,
            "json": job.asked.json,
            "prefix": job.asked.prefix,
            "glossary": None if job.glossary is None else checksum(job.glossary),
            "document": job.document,
            **({"alignments": True} if places.alignments is not None else {}),
            "max_length": job.config.data.max_length,
            **{
                name: value
                for name, value in dataclasses.asdict(job.config.decoding).items()
                if name not in _NO_MATTER
            },
        },
    }
    in_place = places.output.exists() and places.output.samefile(places.input)
    partial = PartialOutput(
        places.output,
        fingerprints,
        report=places.report,
        alignments=places.alignments,
        in_place=in_place,
    )
    with partial.opened():
        yield None if partial.ended else partial
        partial.finish()
