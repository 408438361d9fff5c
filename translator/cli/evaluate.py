"""`translator evaluate`: a model or its translations, and references -> scores with signatures."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.asked import read_glossary
from translator.cli.common import (
    BeamOption,
    EngineOption,
    GlossaryOption,
    JsonOption,
    LengthPenaltyOption,
    ModelOption,
    SetOption,
    SourceOption,
    choose_model,
    model_config,
    shorthands,
)
from translator.cli.failures import reported
from translator.cli.files import check_writable, keep_inputs, open_output, standard_output
from translator.config import load_config
from translator.errors import ConfigError, ModelError
from translator.languages import check_direction, check_language, direction_text
from translator.progress import say

if TYPE_CHECKING:
    from translator.cli.contestants import Contestant, Model
    from translator.cli.evaluation import Form, Report
    from translator.evaluation.results import Task


@reported()
def evaluate(
    model: ModelOption = None,
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data",
            "-d",
            metavar="SPEC",
            help="Test set: FILE (.tsv .csv .jsonl .parquet .tmx .xlf .po, also .gz .xz .zst; "
            "further columns are further references), SOURCE_FILE,REFERENCE_FILE,… or "
            "hf:NAME[/CONFIG][:SPLIT]. Several give a table.",
        ),
    ] = None,
    hypotheses: Annotated[
        Path | None,
        typer.Option(
            "--hypotheses", metavar="FILE", help="Score these translations instead of a model's."
        ),
    ] = None,
    references: Annotated[
        list[Path] | None,
        typer.Option(
            "--references",
            metavar="FILE",
            help="What they should be, line by line; can be repeated (an empty line there: no "
            "further reference for this sentence).",
        ),
    ] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option(
            "--against",
            metavar="RUN|FILE",
            help="Another model, or a file of its translations: is the difference more than "
            "chance? Can be repeated.",
        ),
    ] = None,
    subset: Annotated[
        str | None,
        typer.Option(
            "--subset",
            metavar="COLUMN|FILE",
            help="Also score the parts of the test set: by a column that names the part of each "
            "pair (such as its origin), or a file with a label on each line.",
        ),
    ] = None,
    ter: Annotated[bool, typer.Option("--ter", help="Also compute TER (slow).")] = False,
    tokenised_bleu: Annotated[
        bool,
        typer.Option(
            "--tokenised-bleu",
            help="Also compute BLEU on lower-cased, tokenised text, for comparison with papers "
            "that did so (needs sacremoses).",
        ),
    ] = False,
    comet: Annotated[
        str | None,
        typer.Option(
            "--comet",
            metavar="CHECKPOINT",
            help="Also compute COMET with this model, which must be on this disk: a file, a "
            "folder, or a name as in the hub's cache (needs translator[comet]; trust its origin).",
        ),
    ] = None,
    json: JsonOption = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown tables.")] = False,
    latex: Annotated[bool, typer.Option("--latex", help="Print LaTeX tables.")] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Save the translations, one on each line (empty for a pair that is left out).",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="FILE",
            help="Write what goes wrong where: a page (.html) or text (.txt).",
        ),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(
            "--save",
            metavar="FILE",
            help="Save scores, translations and where they come from (.json), for --verify.",
        ),
    ] = None,
    verify: Annotated[
        Path | None,
        typer.Option(
            "--verify",
            metavar="FILE",
            help="Compute again what --save has saved, and print what differs; exit code 1 if "
            "something does.",
        ),
    ] = None,
    source: SourceOption = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            "-t",
            metavar="LANG",
            help="Translate to LANG; as --source. With --hypotheses: their language, by which BLEU "
            "tokenises.",
        ),
    ] = None,
    beam: BeamOption = None,
    engine: EngineOption = None,
    length_penalty: LengthPenaltyOption = None,
    glossary: GlossaryOption = None,
    settings: SetOption = None,
) -> None:
    """Measure quality: BLEU, chrF, TER.

    Give a model and a test set, or translations and references. All scores are computed by
    sacrebleu on plain (detokenised, cased) text; each comes with the half width of its 95 %
    confidence interval (bootstrap resampling) and with its signature. --against tells whether two
    systems differ by more than chance (approximate randomisation and paired bootstrap).

    \b
    translator evaluate --model checkpoints/en-fr --data test.tsv
    translator evaluate --model checkpoints/new --against checkpoints/old --data test.tsv
    translator evaluate --model checkpoints/en-fr --data test.tsv --report report.html
    translator evaluate --model checkpoints/en-fr --data news.tsv --data talks.tsv --latex
    translator evaluate --model checkpoints/en-fr --data test.tsv --subset origin --markdown
    translator evaluate --model checkpoints/en-fr --data test.tsv --save result.json
    translator evaluate --verify result.json
    translator evaluate --model checkpoints/en-fr --data test.en,test.fr --output test.hyp --json
    translator evaluate --model checkpoints/two-ways --data test.tsv --source fr
    translator evaluate --hypotheses test.hyp --references test.fr --references test.fr.2 --ter
    """
    form = _form(json=json, markdown=markdown, latex=latex)
    searching: dict[str, object] = {
        "--beam": beam,
        "--engine": engine,
        "--length-penalty": length_penalty,
        "--glossary": glossary,
    }
    if verify is not None:
        everything: dict[str, object] = {
            "--model": model,
            "--data": data,
            "--hypotheses": hypotheses,
        }
        everything |= {"--references": references, "--against": against, "--subset": subset}
        everything |= {"--ter": ter, "--tokenised-bleu": tokenised_bleu, "--comet": comet}
        everything |= {"--output": output, "--report": report, "--save": save}
        everything |= {"--markdown": markdown, "--latex": latex, "--json": json}
        everything |= {"--source": source, "--target": target, "--set": settings, **searching}
        _refuse(everything, "--verify", "It says itself what is to be computed again.")
        from translator.cli.again import verified

        if not verified(verify):
            raise SystemExit(1)
        return
    _check_places(report, save)
    with open_output(output or Path(os.devnull)) as saved:
        from translator.cli.evaluation import Metrics, evaluated

        if references or (hypotheses is not None and not data):
            needs_model: dict[str, object] = {"--model": model, "--data": data, "--source": source}
            needs_model |= {**searching, "--output": output, "--set": settings}
            _refuse(needs_model, "--hypotheses and --references", _WAYS)
            if hypotheses is None or not references:
                missing = "--hypotheses" if hypotheses is None else "--references"
                raise ConfigError(f"{missing} missing", hint=_WAYS)
            tasks, contestants = _from_files(hypotheses, references, against, target, subset)
        else:
            if not data:
                raise ConfigError("--data missing", hint=_WAYS)
            if hypotheses is not None:
                _refuse({"--model": model, "--output": output}, "--hypotheses", _WAYS)
            how = _How(source, target, beam, engine, length_penalty, glossary, settings)
            tasks, contestants = _from_corpora(model, hypotheses, data, against, subset, how)
            if len(tasks) > 1 and output is not None:
                raise ConfigError(
                    f"--output takes the translations of one test set, and there are {len(tasks)}",
                    hint="Save all of them with --save, or name one test set.",
                )
        read = [*(data or []), hypotheses, *(references or []), glossary]
        keep_inputs(
            {"--output": output, "--report": report, "--save": save},
            [*read, *(one.reads for one in contestants)],
        )
        metrics = Metrics(ter=ter, tokenised=tokenised_bleu, comet=comet)
        found = evaluated(tasks, contestants, metrics, saved)
        if tokenised_bleu and not tasks[0].target:
            say("warning: BLEU-lc-tok is tokenised as English: name the language with --target")
    _write(found, contestants, report, save)
    standard_output().write(found.in_form(form))


@dataclass(frozen=True)
class _How:
    """How models are to translate."""

    source: str | None
    target: str | None
    beam: int | None
    engine: str | None
    length_penalty: float | None
    glossary: Path | None
    settings: list[str] | None

    def model(self, named: Path | None) -> Model:
        """Return a run that translates so."""
        from translator.cli.contestants import Model

        run = choose_model(named)
        direction = check_direction(run, self.source, self.target)
        config = model_config(
            run,
            self.settings,
            sections=_USED,
            beam=self.beam,
            length_penalty=self.length_penalty,
            engine=self.engine,
        )
        return Model(run, direction, config.decoding, read_glossary(self.glossary))


_USED = {"data.source_column", "data.target_column", "data.header", "decoding"}
_WAYS = (
    "Give a model and a test set (--model RUN --data SPEC), or translations and references "
    "(--hypotheses FILE --references FILE)."
)


def _from_files(
    hypotheses: Path,
    references: list[Path],
    against: list[Path] | None,
    target: str | None,
    subset: str | None,
) -> tuple[list[Task], list[Contestant]]:
    """Return what is to be scored without any source."""
    from translator.cli.contestants import HypothesisFile
    from translator.cli.test_sets import files_task
    from translator.corpora import read_text_lines

    language = check_language(target, "--target") if target is not None else ""
    others = [_opponent(path, None) for path in against or []]
    total = len(read_text_lines(hypotheses))
    task = files_task(references, total, hypotheses, target=language, subset=subset)
    return [task], [HypothesisFile(hypotheses), *others]


def _from_corpora(
    model: Path | None,
    hypotheses: Path | None,
    data: list[str],
    against: list[Path] | None,
    subset: str | None,
    how: _How,
) -> tuple[list[Task], list[Contestant]]:
    """Return test sets with their sources, and who translates them."""
    from translator.cli.contestants import HypothesisFile, Model
    from translator.cli.test_sets import corpus_task, named_apart

    # the columns of this test set, not of the training data
    columns = load_config("", shorthands(how.settings, _USED)).data
    first: Contestant = how.model(model) if hypotheses is None else HypothesisFile(hypotheses)
    contestants = [first, *(_opponent(path, how) for path in against or [])]
    runs = [one for one in contestants if isinstance(one, Model)]
    files = [one for one in contestants if not isinstance(one, Model)]
    if files and len(data) > 1:
        raise ConfigError(
            f"{files[0].name} holds the translations of one test set, and --data names {len(data)}",
            hint="Evaluate them one by one, or name models.",
        )
    turned = False
    if runs:
        direction = runs[0].direction
        for run in runs[1:]:
            if run.direction != direction:
                raise ModelError(
                    f"translates {direction_text(*run.direction, both=False)}, and "
                    f"{runs[0].name} {direction_text(*direction, both=False)}",
                    where=run.name,
                    hint="Only systems for the same languages can be compared.",
                )
        # a table whose columns have no names is like that of the training data
        turned = direction != runs[0].run.read_directions()[0]
    else:
        searching: dict[str, object] = {"--beam": how.beam, "--engine": how.engine}
        searching |= {"--length-penalty": how.length_penalty, "--glossary": how.glossary}
        _refuse(searching, "--hypotheses", "No model takes part that could translate.")
        if how.source is None or how.target is None:
            raise ConfigError(
                "--hypotheses with --data needs the languages of the test set",
                hint="For example: --source en --target fr",
            )
        direction = (
            check_language(how.source, "--source"),
            check_language(how.target, "--target"),
        )
    tasks = [corpus_task(spec, direction, columns, turned=turned, subset=subset) for spec in data]
    return named_apart(tasks), contestants


def _opponent(path: Path, how: _How | None) -> Contestant:
    from translator.cli.contestants import HypothesisFile
    from translator.cli.files import require_file

    if path.is_dir():
        if how is None:
            raise ConfigError(
                f"--against {path} is a run, and there are no sources that it could translate",
                hint="Give the test set with --data in place of --references.",
            )
        return how.model(path)
    require_file(path)
    return HypothesisFile(path)


def _write(
    found: Report, contestants: list[Contestant], report: Path | None, save: Path | None
) -> None:
    if report is not None:
        from translator.cli.error_report import write_report

        write_report(found, contestants, report)
        say(f"wrote {report}")
    if save is not None:
        from translator.cli.again import write_record

        write_record(found, contestants, save)
        say(f"wrote {save}")


def _check_places(report: Path | None, save: Path | None) -> None:
    """Refuse what could not be written, before anything is translated."""
    for path, option, endings in (
        (report, "--report", (".html", ".htm", ".txt")),
        (save, "--save", (".json",)),
    ):
        if path is None:
            continue
        if path.suffix.lower() not in endings:
            raise ConfigError(
                f"{option} {path}: the ending says the format, and must be {' or '.join(endings)}"
            )
        check_writable(path, option)


def _form(**asked: bool) -> Form:
    wanted = [name for name, given in asked.items() if given]
    if len(wanted) > 1:
        raise ConfigError(f"--{' and --'.join(wanted)} cannot be combined", hint="Choose one.")
    forms: dict[str, Form] = {"json": "json", "markdown": "markdown", "latex": "latex"}
    return forms[wanted[0]] if wanted else "text"


def _refuse(options: dict[str, object], by: str, hint: str) -> None:
    given = [name for name, value in options.items() if value not in (None, [], False)]
    if given:
        raise ConfigError(f"{', '.join(given)} cannot be combined with {by}", hint=hint)
