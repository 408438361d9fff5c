"""`translator train`: a new run, or one that goes on."""

from __future__ import annotations

import dataclasses
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch

from translator.alignment.choice import ENTRY, note
from translator.config import Config, load_config
from translator.corpora.spec import pinned
from translator.corpora.trained_on import TrainedOn
from translator.errors import ConfigError, DataError, Interrupted, ModelError, TrainingError
from translator.hardware import (
    choose_device,
    choose_precision,
    keep_freed_memory,
    most_memory_taken,
)
from translator.model.transformer import Transformer
from translator.progress import clock, counted, say, size
from translator.run_directory import RunDirectory, directions, remove_leftovers, write_atomically
from translator.tokenizer import Tokenizer
from translator.tokenizer.tokenizer import PAD_ID
from translator.training.announce import announce
from translator.training.distributed import World, joined
from translator.training.guide import Guide, guided_choice
from translator.training.lock import locked
from translator.training.loop import Trainer
from translator.training.manifest import new_manifest, peak_memory_before, result_of
from translator.training.prepare import Prepared, prepare
from translator.training.record import summary_writer
from translator.training.schedule import Budget
from translator.training.signals import StopRequest
from translator.training.start import load_start, options_of, record_of, tokenizer_of
from translator.training.step import Stepper
from translator.training.validate import Validator

_MAY_CHANGE = {"max_steps", "max_epochs", "max_time", "patience", "keep_states", "tensorboard"}
"""Training options that a resumed run may set anew; all others are part of what it is."""


_LOOKED_UP, _FEW = 1000, 0.9
"""Training pairs that are looked for among the links, and the share below which that is told."""

_NEEDED = {
    "train": list,
    "dev": str | None,
    "source": str,
    "target": str,
    "training_fingerprint": str,
    "dev_fingerprint": str,
    "created": str,
    "command": list,
}
"""What a manifest must hold for a run to go on."""


@dataclasses.dataclass(frozen=True)
class Request:
    """What the user asked for; on resuming, what is left out is as it was.

    Attributes:
        train, dev: corpora as the user names them.
        source, target: language tags.
        out: the run directory.
        preset, settings: options (`load_config`).
        resume: go on with the run in `out`.
        from_run: directory of the run whose weights and vocabulary this one starts from.
        command: the command line, for the manifest.
        test: a test set, which is only looked for in the training data.
    """

    train: tuple[str, ...]
    dev: str | None
    source: str
    target: str
    out: Path
    preset: str = ""
    settings: tuple[str, ...] = ()
    resume: bool = False
    from_run: Path | None = None
    command: tuple[str, ...] = ()
    test: str | None = None


def train(request: Request) -> None:
    """Train a model into a run directory, or go on with one; alone, or as one of several processes.

    Raises:
        ConfigError, DataError, ModelError: before any training time is spent.
        TrainingError: training diverged, or another of its processes died.
        Interrupted: the user stopped it; everything is saved.
    """
    keep_freed_memory()
    run = RunDirectory(request.out)
    with joined() as world, ExitStack() as held:
        request, config = world.lead(lambda: _open(run, request, held))
        trainer, prepared, manifest = set_up(run, request, config, world)
        reason = trainer.ended()
        if reason and trainer.position.finished:
            result = result_of(trainer, peak_memory_before(manifest))
            if world.leads and run.read_manifest().get("result") != result:
                run.write_manifest({**manifest, "result": result})  # it was killed just before this
            spent = trainer.used() >= 1
            limit = "--max-steps or --max-time" if spent else "--set training.patience"
            say(f"{run.path} has finished: {reason}. A larger {limit} goes on.")
            return
        if world.leads:
            announce(request, config, prepared, trainer, manifest)
            if request.resume:
                run.write_config(config)
            else:
                held.enter_context(locked(run))
                run.require_free()  # again: another process may have been quicker
                _create(run, request, config, prepared, manifest)
        world.wait()
        reason = _train(trainer, run, manifest)
    here, peak = trainer.position, _peak_memory(trainer, manifest)
    memory = f" Peak memory {size(peak)}." if peak else ""
    back = f" (or --source {request.target})" if config.data.bidirectional else ""
    say(
        f"Finished after {counted(here.step, 'step')} and {clock(here.seconds)}: {reason}. "
        f"Best BLEU on dev {here.best_bleu:.1f}, at step {here.best_step:,}.{memory}\n"
        f'Try: translator translate --model {run.path} "…"{back}'
    )


def check_options(config: Config) -> torch.device:
    """Refuse what could not be trained with, before the data are prepared; return the device.

    Raises:
        ConfigError: no end, no such device, or TensorBoard is asked for and not installed.
        DataError: there is no such file of links.
    """
    Budget.from_config(config.training)
    links = config.training.guided_links
    if links and not Path(links).is_file():
        raise DataError(
            "there is no such file, and training.guided_links names it",
            where=links,
            hint="Make it with: translator align --format tsv --words marks",
        )
    if config.training.tensorboard:
        summary_writer()
    return choose_device(config.training.device)


def set_up(
    run: RunDirectory, request: Request, config: Config, world: World
) -> tuple[Trainer, Prepared, dict[str, Any]]:
    """Prepare the data, and build what trains on them."""
    device = world.device(check_options(config))
    precision = world.lead(lambda: choose_precision(config.training.precision, device))
    prepared = _prepare(run, request, config, world)
    manifest = world.lead(
        lambda: _manifest(
            run, request, new_manifest(request, config, prepared, precision, device, world.size)
        )
    )
    if manifest["training_fingerprint"] != prepared.fingerprint:
        raise DataError(
            "the data on this machine are not those of the first one",
            where=", ".join(request.train),
            hint="Give all machines the same files.",
        )
    torch.manual_seed(config.training.seed)
    model = Transformer(config.model, len(prepared.tokenizer), PAD_ID)
    if not run.states():
        load_start(manifest["from_run"], model)
    model.to(device)
    guide = _guide(config, prepared, manifest) if config.training.guided_alignment else None
    stepper = Stepper(config, model, prepared.corpus, prepared.tokenizer, precision, world, guide)
    validator = Validator(
        prepared.dev_sources,
        prepared.dev_references,
        prepared.tokenizer,
        config,
        (request.source, request.target),
    )
    return Trainer(run, config, prepared, stepper, validator), prepared, manifest


def _guide(config: Config, prepared: Prepared, manifest: dict[str, Any]) -> Guide:
    """Read the links for guided alignment, and note in the manifest which they are.

    Raises:
        DataError: the file cannot be used, or has changed since the run began.
    """
    path = Path(config.training.guided_links)
    guide = Guide(path, prepared.text, prepared.corpus, prepared.tokenizer)
    sample = prepared.rows[:: max(1, len(prepared.rows) // _LOOKED_UP)]
    found = guide.found_in(sample)
    if not found:
        raise DataError(
            "has links for none of the training pairs",
            where=path,
            hint="Make it from the same data: translator align --format tsv --words marks",
        )
    known = manifest.get("guided_links")
    if isinstance(known, dict) and known.get("fingerprint") != guide.fingerprint:
        raise DataError(
            "has changed since this run was started",
            where=path,
            hint="Put the old file back, or start a new run with another --out.",
        )
    choice, measured = guided_choice(config.model), {"by": "guided alignment"}
    for source, target in directions(manifest):
        note(manifest, source, target, choice, measured, anew=False)
    share = round(found / len(sample), 3)
    manifest["guided_links"] = {
        "file": str(path),
        "fingerprint": guide.fingerprint,
        "pairs": guide.known,
        "share_of_training_pairs": share,
    }
    if share < _FEW:
        say(f"{path}: links for {share:.0%} of the training pairs; the others are not guided")
    return guide


def _prepare(run: RunDirectory, request: Request, config: Config, world: World) -> Prepared:
    """Prepare the data once: the other processes find them in the cache.

    The first process goes first, then one on each of the other machines, whose cache may be another
    one, then the rest. The vocabulary is the first one's.
    """

    def work(tokenizer: Tokenizer | None, known: list[str]) -> Prepared:
        return prepare(
            request.train,
            request.dev,
            source=request.source,
            target=request.target,
            config=config,
            tokenizer=tokenizer,
            test=request.test if world.leads else None,
            known=known,
        )

    prepared = None
    if world.leads:
        vocabulary = Tokenizer.load(run.tokenizer_file) if request.resume else tokenizer_of(request)
        prepared = work(vocabulary, [])
    model, corpora = world.lead(lambda: _found_by_others(prepared))
    if not world.leads and not world.local_rank:
        prepared = work(Tokenizer(model), corpora)
    world.wait()
    return work(Tokenizer(model), corpora) if prepared is None else prepared


def _found_by_others(prepared: Prepared | None) -> tuple[bytes, list[str]]:
    """Return by what other processes find the same data in the cache: vocabulary and corpora."""
    assert prepared is not None  # the first process has prepared them
    return prepared.tokenizer.model, [one["fingerprint"] for one in prepared.records["train"]]


def _train(trainer: Trainer, run: RunDirectory, manifest: dict[str, Any]) -> str:
    """Train to the end; however it ends early, say how to go on."""

    def again() -> str:
        if run.states():
            return "The same command with --resume goes on from the last saved state."
        return "Nothing is saved yet: the same command with --resume begins anew."

    try:
        with StopRequest() as stop:
            try:
                return trainer.train(stop)
            finally:
                if trainer.world.leads:
                    result = result_of(trainer, _peak_memory(trainer, manifest))
                    run.write_manifest({**manifest, "result": result})
    except KeyboardInterrupt:
        raise Interrupted("stopped at once", where=run.path, hint=again()) from None
    except OSError as error:
        raise TrainingError(
            f"the run cannot be written: {error.strerror or error}",
            where=error.filename or run.path,
            hint=f"Free some space. {again()}",
        ) from error


def _peak_memory(trainer: Trainer, manifest: dict[str, Any]) -> int:
    """Return the most bytes taken in this sitting or one before it; 0 where no system tells."""
    taken = most_memory_taken(trainer.stepper.model.device)
    return max(taken or 0, peak_memory_before(manifest))


def _open(run: RunDirectory, request: Request, held: ExitStack) -> tuple[Request, Config]:
    """Check what is asked for, and lock a run that goes on."""
    if not request.resume:
        return _new(run, request)
    _require_run(run)
    held.enter_context(locked(run))
    return _resumed(run, request)


def _new(run: RunDirectory, request: Request) -> tuple[Request, Config]:
    config = options_of(request)
    if not (request.train and request.source and request.target):
        raise ConfigError(
            "training needs a corpus and two languages",
            hint="For example: --train train.tsv --source en --target fr",
        )
    run.require_free()
    _refuse_unwritable(run)
    return request, config


def _refuse_unwritable(run: RunDirectory) -> None:
    """Try to write where the run will be, before hours may go into preparing its data."""
    place = next(path for path in (run.path, *run.path.absolute().parents) if path.exists())
    try:
        tempfile.TemporaryDirectory(dir=place).cleanup()
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror}", where=run.path, hint="Choose another --out."
        ) from None


def _resumed(run: RunDirectory, request: Request) -> tuple[Request, Config]:
    """Fill in what the run knows, and refuse what would make it another run."""
    remove_leftovers(run.path)
    remove_leftovers(run.states_dir)
    stored, manifest = run.read_config(), _complete_manifest(run)
    config = load_config(request.preset or str(run.config_file), request.settings)
    _refuse_changes(stored, config)
    known = {
        "train": tuple(manifest["train"]),
        "dev": manifest["dev"],
        "source": manifest["source"],
        "target": manifest["target"],
        "from_run": Path(start["run"]) if (start := manifest.get("from_run")) else None,
    }
    for name, value in known.items():
        given = getattr(request, name)
        if given and given != value:
            raise ConfigError(
                f"this run was started with {_option(name, value)}, not {_option(name, given)}",
                where=run.path,
                hint="Leave it out to go on, or start a new run with another --out.",
            )
    # the hub may have moved on
    known |= _pinned(manifest)
    return dataclasses.replace(request, **known), config


def _pinned(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the corpora of a run, those of the hub at the revision that it has learned from."""
    data = manifest.get("data")
    records = data.get("train") if isinstance(data, dict) else None
    train = list(manifest["train"])
    if isinstance(records, list) and len(records) == len(train):
        train = [
            pinned(text, str(record.get("revision", "")))
            for text, record in zip(train, records, strict=True)
        ]
    dev = data.get("dev") if isinstance(data, dict) else None
    revision = str(dev.get("revision", "")) if isinstance(dev, dict) else ""
    return {
        "train": tuple(train),
        "dev": pinned(manifest["dev"], revision) if manifest["dev"] else manifest["dev"],
    }


def _require_run(run: RunDirectory) -> None:
    if not run.holds_run():
        raise ModelError("holds no run to resume", where=run.path, hint="Leave --resume out.")


def _complete_manifest(run: RunDirectory) -> dict[str, Any]:
    """Return the manifest, in which there must be all that going on needs."""
    manifest = run.read_manifest()
    missing = [name for name, kind in _NEEDED.items() if not isinstance(manifest.get(name), kind)]
    if missing:
        raise ModelError(
            f"is not complete: {', '.join(missing)} missing",
            where=run.manifest_file,
            hint="Only a run that translator train began can go on; start a new one.",
        )
    return manifest


def _option(name: str, value: object) -> str:
    option = f"--{name.replace('_', '-')}"
    if value is None:
        return f"no {option}"
    return f"{option} {' '.join(value) if isinstance(value, tuple) else value}"


def _refuse_changes(stored: Config, config: Config) -> None:
    before, after = stored.to_dict(), config.to_dict()
    for section, options in before.items():
        for name, value in options.items():
            may_change = section == "decoding" or (section == "training" and name in _MAY_CHANGE)
            if after[section][name] != value and not may_change:
                raise ConfigError(
                    f"this run has {section}.{name}={value}, not {after[section][name]}",
                    hint="A resumed run keeps its options; start a new run to change this one.",
                )


def _create(
    run: RunDirectory,
    request: Request,
    config: Config,
    prepared: Prepared,
    manifest: dict[str, Any],
) -> None:
    """Write what the run is; the manifest last, because its presence says that all is there."""
    remove_leftovers(run.path)
    run.write_config(config)
    write_atomically(run.tokenizer_file, prepared.tokenizer.model)
    _note_training_text(run, request, prepared)
    run.write_manifest(manifest)


def _note_training_text(run: RunDirectory, request: Request, prepared: Prepared) -> None:
    """Write which sentences and words are trained on, here and in the run this one starts from."""
    known = TrainedOn.read(prepared.text, prepared.rows, prepared.text_keys)
    if request.from_run is not None:
        known = known.after(TrainedOn.load(RunDirectory(request.from_run).trained_on_file))
    known.save(run.trained_on_file)


def _manifest(run: RunDirectory, request: Request, manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the manifest with what a resumed run keeps of it; its data must be what they were."""
    if not request.resume:
        return manifest | {"from_run": record_of(request)}
    stored = run.read_manifest()
    for name in ("training_fingerprint", "dev_fingerprint"):
        if stored[name] != manifest[name]:
            raise DataError(
                "the data have changed since this run was started",
                where=", ".join(manifest["train"]),
                hint="Put the files back as they were, or start a new run with another --out.",
            )
    names = ("created", "command", "train", "dev", "from_run", "result")
    kept = {name: stored.get(name) for name in names}
    chosen = {name: stored[name] for name in ("guided_links", ENTRY) if name in stored}
    return manifest | kept | chosen
