"""The training loop.

What chance decides in a step depends on (seed, step) alone, and the order of the batches on (seed,
epoch): a run that goes on from a saved position does exactly what the unbroken run would have done.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from itertools import pairwise
from typing import Any

from torch import Tensor

from translator.batching.plan import Rows
from translator.config import Config
from translator.errors import Interrupted, ModelError, TrainingError
from translator.hardware import KeptMemory, return_freed_memory, wait_for
from translator.progress import Bar, counted, progress, say, shortened
from translator.run_directory import RunDirectory
from translator.training.average import Snapshots
from translator.training.best import BestWeights
from translator.training.prepare import Prepared
from translator.training.record import NoRecord, Record
from translator.training.schedule import Budget, learning_rate
from translator.training.signals import Stopped, StopRequest
from translator.training.state import (
    Position,
    best_weights_needed,
    load_newest_state,
    load_state,
    save_state,
)
from translator.training.step import Stepper, StepResult
from translator.training.validate import Validation, Validator

_TOO_MANY_SKIPPED, _FORGIVEN = 20, 0.1
"""Steps without finite gradients after which there is no hope left: in a row, or with others
between them, each of which makes up for a part of one."""
_REHEARSED = 4
_REHEARSAL = 1.5
"""Batches that are timed before training, and the seconds after which that is enough."""
_SAMPLES = 3
"""Translations shown at a validation."""
_SAMPLE_WIDTH = 400


class Trainer:
    """One run, from where its newest whole training state is to the end of its budget.

    Several processes take the steps together. What is between the steps, and all that changes the
    run directory, the first one does for all (`_lead`), and the position it comes to is theirs.
    """

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
        self.best = BestWeights(run)
        self.position = self._go_back()
        self._batches_in_epoch = len(self.plan(self.position.epoch))
        self._begun = 0.0

    def train(self, stop: StopRequest) -> str:
        """Train to the end, or until `stop` asks for it, and return why it is the end.

        Raises:
            Interrupted: a signal asked to stop; the state is saved.
            TrainingError: loss or gradients stay without finite values, or memory is not enough.
        """
        here = self.position
        self._begun = time.monotonic() - here.seconds
        if self.world.size > 1:
            # the gradients are sent in the order of the first pass, from the second on: so that a
            # resumed run adds them up in the same order, the first pass is none of the steps
            self.stepper.rehearse(self.plan(here.epoch)[0], together=True)
        with (
            closing(self._record()) as record,
            progress("Training", total=1.0, begin=self.used()) as bar,
        ):
            try:
                self._validate_if_due(record, stop)  # where a signal broke it off
                self._take_steps(record, stop, bar)
                self._lead(lambda: self._finish(record, stop))
            except Stopped as stopped:
                self._lead(lambda: self._save(record))
                raise Interrupted(
                    f"stopped after step {here.step:,}; everything is saved",
                    where=self.run.path,
                    hint="The same command with --resume goes on from here.",
                    signal_number=stopped.signal_number,
                ) from None
        return self.ended() or ""

    def _take_steps(self, record: Record, stop: StopRequest, bar: Bar) -> None:
        here, stepper = self.position, self.stepper
        seen: list[StepResult] = []  # since the last log line; of these, results are not read yet:
        unread: list[StepResult] = []
        memory = KeptMemory()
        for batches, following in self._batches():
            rate = learning_rate(self.options, here.step, self.used())
            if following:
                stepper.make_ahead(following, here.step + 1)
            seen.append(stepper.take(batches, here.step, rate))
            unread.append(seen[-1])
            memory.after_step()
            here.step, here.batch = here.step + 1, here.batch + len(batches)
            here.tokens += seen[-1].tokens
            here.finished = False
            logs = here.step % self.options.log_every == 0
            if logs or self._validation_is_due() or not stepper.runs_ahead:
                self._read(unread)
            here.seconds = self._clock()
            if logs:
                self._log(record, seen, rate, bar)
                seen = []
            self._validate_if_due(record, stop)
            # the clock of the first process is that of all; any of them may be asked to stop
            here.seconds, signal_number = self.world.largest(
                self.world.leads * here.seconds, stop.requested
            )
            bar.move_to(min(1.0, self.used()))
            if signal_number:
                self._read(unread)
                raise Stopped(int(signal_number))
        self._read(unread)

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
            wait_for(self.stepper.model.device)
            timed.append((time.monotonic() - start, int(lengths[rows].sum())))
            if sum(seconds for seconds, _ in timed) >= enough:
                break
        # the first is slower than those that follow
        seconds, tokens = map(sum, zip(*(timed[1:] or timed), strict=True))
        in_epoch = sum(int(lengths[rows].sum()) for rows in plan)
        steps = math.ceil(len(plan) / self.batches_per_step)
        return seconds / tokens * in_epoch / steps / self.world.size

    def _batches(self) -> Iterator[tuple[list[Rows], list[Rows]]]:
        """Yield the batches of each step, and those of the next one if the epoch has one.

        They begin at the present position, and end when training is over. The position moves only
        when a step is counted: what is done is what has been trained on.
        """
        here, size = self.position, self.batches_per_step
        while not self.ended():
            plan = self.plan(here.epoch)
            self._batches_in_epoch = len(plan)
            steps = [plan[start : start + size] for start in range(here.batch, len(plan), size)]
            for step in pairwise([*steps, []]):
                yield step
                if self.ended():
                    return
            here.epoch, here.batch = here.epoch + 1, 0

    def _read(self, results: list[StepResult]) -> None:
        """Wait for the results of steps, count what they saw, and empty the list."""
        here = self.position
        while results:
            result = results.pop(0)
            if result.finite:
                here.unlogged_nll += result.nll
                here.unlogged_tokens += result.tokens
                here.skipped_lately = max(0.0, here.skipped_lately - _FORGIVEN)
                continue
            here.skipped += 1
            here.skipped_lately += 1
            say(f"Step {result.number:,} skipped: loss or gradients are not finite.")
            if here.skipped_lately >= _TOO_MANY_SKIPPED:
                raise TrainingError(
                    f"{here.skipped:,} of {result.number:,} steps, and nearly all of the last ones,"
                    " had no finite gradients: training diverged",
                    where=self.run.path,
                    hint="Begin anew in another --out, with a lower --set training.learning_rate "
                    "or with --set training.precision=fp32.",
                )

    def _clock(self) -> float:
        """Return the seconds spent in training, over all sittings."""
        return time.monotonic() - self._begun

    def _record(self) -> Record:
        if not self.world.leads:
            return NoRecord()
        here = self.position
        return Record(self.run, here.metrics_bytes, here.step, self.options.tensorboard)

    def _lead(self, work: Callable[[], None]) -> None:
        """Let the first process do some work for all, and bring all to the position it comes to.

        Raises:
            Stopped: in all of them, where a signal broke the work off.
        """

        def done() -> tuple[dict[str, Any], int]:
            signal_number = 0
            try:
                work()
            except Stopped as stopped:
                signal_number = stopped.signal_number
            return vars(self.position), signal_number

        position, signal_number = self.world.lead(done)
        vars(self.position).update(position)
        if signal_number:
            raise Stopped(signal_number)

    def _go_back(self) -> Position:
        """Load the newest whole state; the first process finds it, and tidies up after it."""

        def newest() -> Position:
            position = load_newest_state(self.run, self.stepper)
            self._forget_what_is_newer(position)
            return position

        position = self.world.lead(newest)
        if position.step and not self.world.leads:
            path = self.run.state_dir(position.step)
            if not path.is_dir():
                raise ModelError(
                    "is not on this machine",
                    where=path,
                    hint="Several machines need the run directory on a disk that they share.",
                )
            load_state(path, self.stepper)
        return position

    def _forget_what_is_newer(self, here: Position) -> None:
        """Undo what was written after the state that this run goes on from."""
        self.snapshots.forget_after(here.step)
        if here.best_weights and not self.best.restore(here.best_weights):
            say(
                f"{self.run.weights_file} and its copy are damaged: the best weights, of step "
                f"{here.best_step:,}, are lost. Those of the next validation take their place."
            )
            here.best_bleu, here.best_loss, here.best_step = -1.0, None, 0
            here.best_weights, here.validations_since_best = "", 0

    def _save(self, record: Record) -> None:
        self.position.seconds = self._clock()
        record.flush()
        save_state(self.run, self.position, self.stepper, record.length, self.options)
        self.best.forget_all_but(best_weights_needed(self.run))

    def _validate_if_due(self, record: Record, stop: StopRequest) -> None:
        if self._validation_is_due():
            self._lead(lambda: self._validate(record, stop))

    def _validation_is_due(self) -> bool:
        here = self.position
        return here.step % self.options.validate_every == 0 and here.validated < here.step

    def _validate(self, record: Record, stop: StopRequest) -> None:
        """Measure, show samples, keep the weights if they are the best so far, and save."""
        here, model = self.position, self.stepper.best_weights
        return_freed_memory()  # else validation grows upon what the steps have kept
        with stop.at_once():
            result = self.validator(model)
        here.validated = here.step
        here.snapshots = self.snapshots.keep(here.snapshots, here.step, model)
        self._keep_if_best(result, model.state_dict(), record)
        say(
            f"Step {here.step:,}: dev loss {result.loss:.3f}, {result} "
            f"(best {here.best_bleu:.1f} at step {here.best_step:,})"
        )
        for pair in self._samples(result):
            source, hypothesis = (shortened(text, _SAMPLE_WIDTH) for text in pair)
            say(f"    {source}\n      -> {hypothesis}")
        self._save(record)
        return_freed_memory()

    def _samples(self, result: Validation) -> list[tuple[str, str]]:
        """Return a few sentences with their translations, other ones each time."""
        pairs = list(zip(self.validator.sources, result.hypotheses, strict=True))
        turn = self.position.step // self.options.validate_every * _SAMPLES
        return [pairs[(turn + i) % len(pairs)] for i in range(min(_SAMPLES, len(pairs)))]

    def _keep_if_best(
        self, result: Validation, weights: Mapping[str, Tensor], record: Record
    ) -> None:
        here = self.position
        loss = math.inf if here.best_loss is None else here.best_loss
        best = (result.bleu, -result.loss) > (here.best_bleu, -loss)
        here.validations_since_best = 0 if best else here.validations_since_best + 1
        values = {"loss": result.loss, "bleu": result.bleu}
        values |= {f"bleu_{direction}": bleu for direction, bleu in result.directions.items()}
        # not `seconds`, which in a log line are those of the whole run so far
        values["validation_seconds"] = round(result.seconds, 2)
        record.write("validation", here.step, values)
        if best:
            here.best_bleu, here.best_step = result.bleu, here.step
            here.best_loss = result.loss if math.isfinite(result.loss) else None
            here.best_weights = self.best.keep(weights)

    def _finish(self, record: Record, stop: StopRequest) -> None:
        """Validate the last weights, if that is not done, and the mean of the last validations."""
        here = self.position
        if here.validated < here.step:
            self._validate(record, stop)
        mean = self.snapshots.mean(here.snapshots)
        if mean is not None:
            result = self._validated_in_place(mean, stop)
            say(f"Mean of the last {len(here.snapshots)}: {result}")
            self._keep_if_best(result, mean, record)
        here.finished = True
        self._save(record)

    def _validated_in_place(self, weights: Mapping[str, Tensor], stop: StopRequest) -> Validation:
        """Measure other weights in the model, which has its own again afterwards."""
        model = self.stepper.best_weights
        kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        try:
            model.load_state_dict(weights)
            with stop.at_once():
                return self.validator(model)
        finally:
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
