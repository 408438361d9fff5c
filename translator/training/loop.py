"""The training loop.

What chance decides in a step depends on (seed, step) alone, and the order of the batches on (seed,
epoch): a run that goes on from a saved position does exactly what the unbroken run would have done.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from translator.batching.plan import Rows
from translator.config import Config
from translator.errors import Interrupted, ModelError, TrainingError
from translator.hardware import KeptMemory, return_freed_memory
from translator.model.transformer import Transformer
from translator.model.weights import save_weights
from translator.progress import Bar, counted, progress, say
from translator.run_directory import RunDirectory
from translator.training.average import Snapshots
from translator.training.prepare import Prepared
from translator.training.record import NoRecord, Record
from translator.training.schedule import Budget, learning_rate
from translator.training.signals import StopRequest
from translator.training.state import Position, load_state, save_state
from translator.training.step import Stepper, StepResult
from translator.training.validate import Validation, Validator

_TOO_MANY_SKIPPED = 20
"""Steps in a row without finite gradients after which there is no hope left."""
_REHEARSED = 4
_REHEARSAL = 1.5
"""Batches that are timed before training, and the seconds after which that is enough."""
_SAMPLES = 3
"""Translations shown at a validation."""


class Trainer:
    """One run, from where its newest training state is to the end of its budget."""

    def __init__(
        self,
        run: RunDirectory,
        config: Config,
        prepared: Prepared,
        stepper: Stepper,
        validator: Validator,
    ) -> None:
        self.run, self.config, self.options = run, config, config.training
        self.data, self.stepper, self.validator = prepared, stepper, validator
        self.world = stepper.world
        self.batches_per_step = self.options.accumulate * self.world.size
        self.budget = Budget.from_config(self.options)
        self.snapshots = Snapshots(run, self.options.average_last, self.options.keep_states)
        self.position = Position()
        newest = self.world.lead(lambda: [path.name for path in run.states()[-1:]])
        for path in [run.states_dir / name for name in newest]:
            if not path.is_dir():
                raise ModelError(
                    "is not on this machine",
                    where=path,
                    hint="Several machines need the run directory on a disk that they share.",
                )
            self.position = load_state(path, stepper)
        self._batches_in_epoch = len(self.plan(self.position.epoch))

    def train(self, stop: StopRequest) -> str:
        """Train to the end, or until `stop` asks for it, and return why it is the end.

        Raises:
            Interrupted: the user asked to stop; the state is saved.
            TrainingError: loss or gradients stay without finite values.
        """
        here = self.position
        self._begun = time.monotonic() - here.seconds
        seen: list[StepResult] = []
        memory = KeptMemory()
        if self.world.size > 1:
            # the gradients are sent in the order of the first pass, from the second on: so that a
            # resumed run adds them up in the same order, the first pass is none of the steps
            self.stepper.rehearse(self.plan(here.epoch)[0], together=True)
        with (
            closing(self._record()) as record,
            progress("Training", total=1.0, begin=self.used()) as bar,
        ):
            for batches in self._batches():
                rate = learning_rate(self.options, here.step, self.used())
                seen.append(self.stepper.take(batches, here.step, rate))
                memory.after_step()
                self._count(seen[-1], len(batches))
                here.seconds = self._clock()
                if here.step % self.options.log_every == 0:
                    self._log(record, seen, rate, bar)
                    seen = []
                if here.step % self.options.validate_every == 0:
                    self._save(record, self._validate)
                # the clock of the first process is that of all; any of them may be asked to stop
                here.seconds, stopping = self.world.total(
                    self.world.leads * here.seconds, stop.requested
                )
                bar.move_to(min(1.0, self.used()))
                if self.ended():
                    break
                if stopping:
                    self._save(record)
                    raise Interrupted(
                        f"stopped after step {here.step:,}; everything is saved",
                        where=self.run.path,
                        hint="The same command with --resume goes on from here.",
                    )
            self._save(record, self._finish)
        return self.ended() or ""

    def ended(self) -> str | None:
        """Return why training is over, or None while it is not."""
        patience = self.options.patience
        if patience and self.position.validations_since_best >= patience:
            return f"no better BLEU in {counted(patience, 'validation')}"
        return "the budget is used up" if self.used() >= 1 else None

    def used(self) -> float:
        """Return the share of the budget that is used up."""
        here = self.position
        epochs = here.epoch + here.batch / self._batches_in_epoch
        return self.budget.used(here.step, epochs, here.seconds)

    def plan(self, epoch: int) -> list[Rows]:
        """Return the batches of an epoch, as rows of the corpus."""
        return self.data.plan(self.options, epoch)

    def seconds_per_step(
        self,
        work: Callable[[Rows], object] | None = None,
        *,
        batches: int = _REHEARSED,
        enough: float = _REHEARSAL,
    ) -> float:
        """Estimate the mean time of a step from a few batches.

        Args:
            work: what is done with a batch; by default what changes nothing.
            batches: how many are timed, at most.
            enough: seconds after which no other one is begun.
        """
        plan, lengths = self.plan(self.position.epoch), self.data.corpus.target_lengths
        spread = [plan[len(plan) * i // batches] for i in range(batches)]
        timed: list[tuple[float, int]] = []
        for rows in spread:
            start = time.monotonic()
            (work or self.stepper.rehearse)(rows)
            timed.append((time.monotonic() - start, int(lengths[rows].sum())))
            if sum(seconds for seconds, _ in timed) >= enough:
                break
        # the first is slower than those that follow
        seconds, tokens = map(sum, zip(*(timed[1:] or timed), strict=True))
        in_epoch = sum(int(lengths[rows].sum()) for rows in plan)
        steps = math.ceil(len(plan) / self.batches_per_step)
        return seconds / tokens * in_epoch / steps / self.world.size

    def _batches(self) -> Iterator[list[Rows]]:
        """Yield the batches of each step, from the present position on, without end.

        The position moves only when a step is counted: what is done is what has been trained on.
        """
        here = self.position
        while True:
            plan = self.plan(here.epoch)
            self._batches_in_epoch = len(plan)
            while here.batch < len(plan):
                group = plan[here.batch : here.batch + self.batches_per_step]
                yield group
            here.epoch, here.batch = here.epoch + 1, 0

    def _count(self, result: StepResult, batches: int) -> None:
        here = self.position
        here.step, here.batch = here.step + 1, here.batch + batches
        here.tokens += result.tokens
        if result.finite:
            here.unlogged_nll += result.nll
            here.unlogged_tokens += result.tokens
            here.skipped_in_a_row = 0
            return
        here.skipped += 1
        here.skipped_in_a_row += 1
        say(f"Step {here.step:,} skipped: loss or gradients are not finite.")
        if here.skipped_in_a_row >= _TOO_MANY_SKIPPED:
            raise TrainingError(
                f"{_TOO_MANY_SKIPPED} steps in a row had no finite gradients: training diverged",
                where=self.run.path,
                hint="Try a lower --set training.learning_rate, or --set training.precision=fp32.",
            )

    def _clock(self) -> float:
        """Return the seconds spent in training, over all sittings."""
        return time.monotonic() - self._begun

    def _record(self) -> Record:
        if not self.world.leads:
            return NoRecord()
        here = self.position
        return Record(self.run, here.metrics_bytes, here.step, self.options.tensorboard)

    def _save(self, record: Record, first: Callable[[Record], None] | None = None) -> None:
        """Save the state, after what is to be done `first`; the first process does it for all."""

        def work() -> dict[str, Any]:
            if first is not None:
                first(record)
            self.position.seconds = self._clock()
            save_state(self.run, self.position, self.stepper, record.length, self.options)
            return vars(self.position)

        vars(self.position).update(self.world.lead(work))

    def _validate(self, record: Record) -> None:
        """Measure, show samples, and keep the weights if they are the best so far."""
        here, model = self.position, self.stepper.best_weights
        result = self.validator(model)
        here.snapshots = self.snapshots.keep(here.snapshots, here.step, model)
        self._keep_if_best(result, model, record)
        say(
            f"Step {here.step:,}: dev loss {result.loss:.3f}, BLEU {result.bleu:.1f} "
            f"(best {here.best_bleu:.1f} at step {here.best_step:,})"
        )
        for source, hypothesis in self._samples(result):
            say(f"    {source}\n      -> {hypothesis}")
        return_freed_memory()

    def _samples(self, result: Validation) -> list[tuple[str, str]]:
        """Return a few sentences with their translations, other ones each time."""
        pairs = list(zip(self.validator.sources, result.hypotheses, strict=True))
        turn = self.position.step // self.options.validate_every * _SAMPLES
        return [pairs[(turn + i) % len(pairs)] for i in range(min(_SAMPLES, len(pairs)))]

    def _keep_if_best(self, result: Validation, model: Transformer, record: Record) -> None:
        here = self.position
        loss = math.inf if here.best_loss is None else here.best_loss
        best = (result.bleu, -result.loss) > (here.best_bleu, -loss)
        here.validations_since_best = 0 if best else here.validations_since_best + 1
        record.write("validation", here.step, {"loss": result.loss, "bleu": result.bleu})
        if best:
            here.best_bleu, here.best_step = result.bleu, here.step
            here.best_loss = result.loss if math.isfinite(result.loss) else None
            save_weights(self.run.weights_file, model.state_dict())

    def _finish(self, record: Record) -> None:
        """Validate the last weights, if that is not done, and the mean of the last validations."""
        if self.position.step % self.options.validate_every:
            self._validate(record)
        mean = self.snapshots.mean(self.position.snapshots)
        if mean is None:
            return
        model = self.stepper.best_weights
        kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        model.load_state_dict(mean)
        result = self.validator(model)
        say(f"Mean of the last {len(self.position.snapshots)}: BLEU {result.bleu:.1f}")
        self._keep_if_best(result, model, record)
        model.load_state_dict(kept)

    def _log(self, record: Record, seen: list[StepResult], rate: float, bar: Bar) -> None:
        here = self.position
        tokens = sum(result.tokens for result in seen)
        loss = here.unlogged_nll / here.unlogged_tokens if here.unlogged_tokens else None
        values = {
            "epoch": round(here.epoch + here.batch / self._batches_in_epoch, 4),
            "loss": loss,
            "gradient_norm": seen[-1].gradient_norm if seen[-1].finite else None,
            "learning_rate": rate,
            "tokens": here.tokens,
            "skipped": here.skipped,
            "seconds": round(here.seconds, 2),
            "tokens_per_second": round(tokens / sum(result.seconds for result in seen), 1),
        }
        record.write("train", here.step, values)
        here.unlogged_nll, here.unlogged_tokens = 0.0, 0
        bar.note(
            f"epoch {values['epoch']:.2f}, loss {'-' if loss is None else f'{loss:.3f}'}, "
            f"{values['tokens_per_second']:,.0f} tokens/s"
        )
