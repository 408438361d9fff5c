"""`translator corpus check` and `clean`: corpora, read once, and what the rules find in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from translator.config import DataConfig
from translator.corpora.columns import Wanted, wanted_columns
from translator.corpora.doctor.batch import Batch, batches
from translator.corpora.doctor.examine import Doctor, Examined, Unrelated
from translator.corpora.doctor.findings import Findings
from translator.corpora.doctor.languages import identifier, require_identifier
from translator.corpora.doctor.repeats import HeldOut
from translator.corpora.doctor.rules import RULES
from translator.corpora.folders import Part, part_name
from translator.corpora.formats.records import KINDS
from translator.corpora.lines import Watcher, watching_separators
from translator.corpora.readers import check_files, file_format, parts_with_progress
from translator.corpora.spec import Spec, parse_spec
from translator.corpora.test_sets import read_test_set
from translator.errors import ConfigError, DataError
from translator.progress import say

TEST, DEV = "test-overlap", "dev-overlap"

_UNEVEN = {"jsonl", "tmx", "po", "xliff"}
"""Formats in which one record may say more than another."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What to look for, and where.

    Attributes:
        specs: corpora, as the user names them (see `translator.corpora.spec`).
        source, target: language tags.
        options: how they are read.
        rules: names.
        dev, test: sets that must not be in the corpora.
        unrelated: what tells by a model which sides do not belong together.
        workers: processes; 0 takes one for each core.
        strict: whether a rule that cannot be applied when cleaning is an error; else it is told.
    """

    specs: Sequence[str]
    source: str
    target: str
    options: DataConfig
    rules: Sequence[str]
    dev: str | None = None
    test: str | None = None
    unrelated: Unrelated | None = None
    workers: int = 0
    strict: bool = True


def check(question: Question) -> Findings:
    """Read the corpora once, and return what the rules find.

    Raises:
        ConfigError: a name or an option makes no sense.
        DataError: a corpus cannot be read, breaks the pair contract, or holds no pair.
    """
    findings = Findings(question.rules)
    findings.not_checked = _not_checked(question)
    doctor = _doctor(question, sampled=True)
    alone = len(question.specs) == 1
    for spec, wanted in _specs(question):
        stream = batches_with_progress(spec, wanted, "Checking", alone=alone)
        with watching_separators(_separators_to(findings, spec, alone)):
            for examined in doctor.examine_batches(stream):
                findings.add(examined)
    findings.not_checked |= _unfit(question)
    for rule in findings.not_checked:
        findings.found.pop(rule, None)
    for held in doctor.held_out:
        findings.overlap[held.rule] = held.overlap()
    if not findings.complete:
        raise DataError("holds no sentence pair", where=", ".join(question.specs))
    return findings


def _separators_to(findings: Findings, spec: Spec, alone: bool) -> Watcher:
    last: tuple[Path | str, int] | None = None

    def tell(place: Path | str, line: int, text: str) -> None:
        nonlocal last
        # one pair may tell of both its sides
        if "separators" in findings.found and last != (place, line):
            part = (place,) if isinstance(place, Path) else ()
            findings.add_separators(_name(spec, part, alone), line, text)
        last = place, line

    return tell


@dataclass
class Cleaned:
    """What became of the corpora."""

    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    """Pairs left out, by the first rule that found them."""


def examined_pairs(question: Question) -> Iterator[Examined]:
    """Apply every rule to every pair of all corpora, one after the other.

    Raises:
        ConfigError, DataError: as `check`; or a rule that was asked for cannot be applied.
    """
    asked = {"language", "swapped"} & set(question.rules)
    if asked and question.strict:
        require_identifier((question.source, question.target))
    elif asked and (reason := _not_checked(question).get("language")):
        say(f"not applied: language and swapped ({reason})")
    doctor = _doctor(question, sampled=False)
    alone = len(question.specs) == 1
    for spec, wanted in _specs(question, extras=True):
        stream = batches_with_progress(spec, wanted, "Cleaning", alone=alone)
        yield from doctor.examine_batches(stream)
    for rule, reason in _unfit(question).items():
        say(f"not applied: {rule} ({reason})")


def clean(question: Question, out: str, dropped: Path | None) -> Cleaned:
    """Write the pairs that no rule finds to `out`, and the others, with the reason, to `dropped`.

    Raises:
        ConfigError, DataError: as `examined_pairs`.
    """
    from translator.corpora.writers import has_columns, open_writer, output_format
    from translator.run_directory import replacing

    if "separators" in question.rules:
        say("not applied: separators (they are read as spaces, and no kept pair has any)")
    form, paths = output_format(out)
    result = Cleaned()
    columns = _columns(question) if has_columns(form) else []
    with ExitStack() as stack:
        languages = question.source, question.target
        writer = stack.enter_context(open_writer(form, paths, languages, columns))
        reasons = None
        if dropped is not None:
            temporary = stack.enter_context(replacing(dropped.resolve()))
            reasons = stack.enter_context(temporary.open("w", encoding="utf-8", newline="\n"))
            reasons.write("reason\tcorpus\tline\tsource\ttarget\n")
        for examined in examined_pairs(question):
            batch, found = examined.batch, examined.reasons()
            # of the lines that are read together, those with one side come first
            for line, source, target in batch.blank:
                result.dropped["blank"] += 1
                _tell_dropped(reasons, "blank", batch.corpus, line, source, target)
            for at, (source, target) in enumerate(zip(batch.sources, batch.targets, strict=True)):
                if at in found:
                    result.dropped[found[at].partition(",")[0]] += 1
                    _tell_dropped(reasons, found[at], batch.corpus, batch.lines[at], source, target)
                else:
                    writer.write(source, target, batch.extras[at])
                    result.kept += 1
        if not result.kept:
            raise DataError(
                "no pair is left: the rules find something in each of them",
                where=", ".join(question.specs),
                hint="Look at translator corpus check, and choose fewer rules with --rules.",
            )
    return result


def _tell_dropped(
    file: IO[str] | None, reason: str, corpus: str, line: int, source: str, target: str
) -> None:
    if file is not None:
        texts = (text.replace("\t", " ") for text in (corpus, str(line), source, target))
        file.write("\t".join([reason, *texts]) + "\n")


def _columns(question: Question) -> list[str]:
    """Return the names of further columns: of tables those of the first row, else of all."""
    names: dict[str, None] = {}
    for spec, wanted in _specs(question, extras=True):
        for part, records in parts_with_progress(spec, wanted, "Looking for columns of"):
            uneven = len(part) == 1 and file_format(part[0]) in _UNEVEN
            for _, source, _, extras in records:
                names |= dict.fromkeys(extras)
                if len(names) > KINDS:
                    raise ConfigError(
                        f"has more than {KINDS:,} columns beside source and target",
                        where=part_name(spec, part),
                        hint="Write JSON Lines, or leave them out with translator corpus convert "
                        "--pairs-only.",
                    )
                if source.strip() and not uneven:
                    break
    return [name for name in names if name not in ("\0", question.source, question.target)]


def _doctor(question: Question, *, sampled: bool) -> Doctor:
    held_out = []
    for rule, spec in ((TEST, question.test), (DEV, question.dev)):
        if spec is not None and rule in question.rules:
            there = read_test_set(
                spec, source=question.source, target=question.target, options=question.options
            )
            held_out.append(HeldOut(rule, there.sources, there.references))
    return Doctor(
        question.rules,
        question.source,
        question.target,
        held_out=held_out,
        unrelated=question.unrelated,
        sampled=sampled,
        workers=question.workers,
    )


def _not_checked(question: Question) -> dict[str, str]:
    """Return the rules that cannot be applied, and why."""
    reasons = {
        rule: f"no {RULES[rule].needs} was given"
        for rule, given in (
            (TEST, question.test),
            (DEV, question.dev),
            ("unrelated", question.unrelated),
        )
        if given is None
    }
    if {"language", "swapped"} & set(question.rules):
        one = identifier((question.source, question.target))
        if one is None:
            reason = "needs py3langid: pip install 'translator[languages]'"
            reasons |= {"language": reason, "swapped": reason}
        elif one.unknown:
            reason = f"py3langid does not know {' and '.join(one.unknown)}"
            reasons |= {"language": reason, "swapped": reason}
    return {rule: reason for rule, reason in reasons.items() if rule in question.rules}


def _unfit(question: Question) -> dict[str, str]:
    """Return the rule that turned out not to be applicable, and why."""
    reason = question.unrelated.unfit if question.unrelated is not None else ""
    return {"unrelated": reason} if reason else {}


def _specs(question: Question, *, extras: bool = False) -> list[tuple[Spec, Wanted]]:
    wanted = wanted_columns(
        question.options, source=question.source, target=question.target, extras=extras
    )
    specs = [parse_spec(text) for text in question.specs]
    for spec in specs:
        check_files(spec, wanted)
    return [(spec, wanted) for spec in specs]


def batches_with_progress(
    spec: Spec, wanted: Wanted, doing: str, *, alone: bool = True
) -> Iterator[Batch]:
    """Yield the batches of a corpus, each of one file, so that its line numbers say enough."""
    for part, records in parts_with_progress(spec, wanted, doing):
        yield from batches(records, _name(spec, part, alone))


def _name(spec: Spec, part: Part, alone: bool) -> str:
    """Return the name of a file; in full where it does not stand alone: others may have it too."""
    return part_name(spec, part) if alone or not part else ",".join(map(str, part))
