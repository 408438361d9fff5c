"""The training loop.

What chance decides in a step depends on (seed, step) alone, and the order of the batches on (seed,
epoch): a run that goes on from a saved position does exactly what the unbroken run would have done.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from contextlib import closing

from torch import Tensor

from translator.batching import plan_epoch
from translator.batching.plan import Rows
from translator.config import Config
from translator.errors import Interrupted, TrainingError
from translator.progress import Bar, counted, progress, say
from translator.run_directory import RunDirectory
from translator.training.average import Snapshots
from translator.training.best import BestWeights
from translator.training.prepare import Prepared
from translator.training.record import Record
from translator.training.schedule import Budget, learning_rate
from translator.training.signals import Stopped, StopRequest
from translator.training.state import (
    best_weights_needed,
    load_newest_state,
    save_state,
)
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
    """One run, from where its newest whole training state is to the end of its budget."""

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
        self.budget = Budget.from_config(self.options)
        self.snapshots = Snapshots(run, self.options.average_last, self.options.keep_states)
        self.best = BestWeights(run)
        self.position = load_newest_state(run, stepper)
        self._forget_what_is_newer()
        self._batches_in_epoch = len(self.plan(self.position.epoch))
        self._begun = 0.0

    def train(self) -> str:
        """Train to the end, and return why it is the end.

        Raises:
            Interrupted: a signal asked to stop; the state is saved.
            TrainingError: loss or gradients stay without finite values.
        """
        here = self.position
        self._begun = time.monotonic() - here.seconds
        with (
            closing(
                Record(self.run, here.metrics_bytes, here.step, self.options.tensorboard)
            ) as record,
            StopRequest() as stop,
            progress("Training", total=1.0, begin=self.used()) as bar,
        ):
            try:
                self._validate_if_due(record, stop)  # where a signal broke it off
                self._take_steps(record, stop, bar)
                self._finish(record, stop)
                here.finished = True
                self._save(record)
            except Stopped:
                self._save(record)
                raise Interrupted(
                    f"stopped after step {here.step:,}; everything is saved",
                    where=self.run.path,
                    hint="The same command with --resume goes on from here.",
                    signal_number=stop.requested,
                ) from None
        return self.ended() or ""

    def _take_steps(self, record: Record, stop: StopRequest, bar: Bar) -> None:
        here = self.position
        seen: list[StepResult] = []
        for batches in self._batches():
            rate = learning_rate(self.options, here.step, self.used())
            seen.append(self.stepper.take(batches, here.step, rate))
            self._count(seen[-1], len(batches))
            here.seconds = time.monotonic() - self._begun
            if here.step % self.options.log_every == 0:
                self._log(record, seen, rate, bar)
                seen = []
            self._validate_if_due(record, stop)
            bar.move_to(min(1.0, self.used()))
            stop.check()

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
        return plan_epoch(
            self.data.corpus.source_lengths,
            self.data.corpus.target_lengths,
            parts=self.data.parts,
            batch_tokens=self.options.batch_tokens,
            seed=self.options.seed,
            epoch=epoch,
        )

    def seconds_per_step(self) -> float:
        """Estimate the mean time of a step from a few batches that change nothing."""
        plan, lengths = self.plan(self.position.epoch), self.data.corpus.target_lengths
        spread = [plan[len(plan) * i // _REHEARSED] for i in range(_REHEARSED)]
        timed: list[tuple[float, int]] = []
        for rows in spread:
            start = time.monotonic()
            self.stepper.rehearse(rows)
            timed.append((time.monotonic() - start, int(lengths[rows].sum())))
            if sum(seconds for seconds, _ in timed) >= _REHEARSAL:
                break
        # the first is slower than those that follow
        seconds, tokens = map(sum, zip(*(timed[1:] or timed), strict=True))
        in_epoch = sum(int(lengths[rows].sum()) for rows in plan)
        return seconds / tokens * in_epoch / math.ceil(len(plan) / self.options.accumulate)

    def _batches(self) -> Iterator[list[Rows]]:
        """Yield the batches of each step, from the present position on, until training is over.

        The position moves only when a step is counted: what is done is what has been trained on.
        """
        here = self.position
        while not self.ended():
            plan = self.plan(here.epoch)
            self._batches_in_epoch = len(plan)
            while here.batch < len(plan):
                group = plan[here.batch : here.batch + self.options.accumulate]
                yield group
                if self.ended():
                    return
            here.epoch, here.batch = here.epoch + 1, 0

    def _count(self, result: StepResult, batches: int) -> None:
        here = self.position
        here.step, here.batch = here.step + 1, here.batch + batches
        here.tokens += result.tokens
        here.finished = False
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

    def _save(self, record: Record) -> None:
        here = self.position
        here.seconds = time.monotonic() - self._begun
        record.flush()
        save_state(self.run, here, self.stepper, record.length, self.options)
        self.best.forget_all_but(best_weights_needed(self.run))

    def _forget_what_is_newer(self) -> None:
        """Undo what was written after the state that this run goes on from."""
        here = self.position
        self.snapshots.forget_after(here.step)
        if here.best_weights and not self.best.restore(here.best_weights):
            say(
                f"{self.run.weights_file} and its copy are damaged: the best weights, of step "
                f"{here.best_step:,}, are lost. Those of the next validation take their place."
            )
            here.best_bleu, here.best_loss, here.best_step = -1.0, None, 0
            here.best_weights, here.validations_since_best = "", 0

    def _validate_if_due(self, record: Record, stop: StopRequest) -> None:
        """Validate and save, if it is time for that and has not been done."""
        here = self.position
        if here.step % self.options.validate_every == 0 and here.validated < here.step:
            self._validate(record, stop)
            self._save(record)

    def _validate(self, record: Record, stop: StopRequest) -> None:
        """Measure, show samples, and keep the weights if they are the best so far."""
        here, model = self.position, self.stepper.best_weights
        with stop.at_once():
            result = self.validator(model)
        here.validated = here.step
        here.snapshots = self.snapshots.keep(here.snapshots, here.step, model)
        self._keep_if_best(result, model.state_dict(), record)
        say(
            f"Step {here.step:,}: dev loss {result.loss:.3f}, BLEU {result.bleu:.1f} "
            f"(best {here.best_bleu:.1f} at step {here.best_step:,})"
        )
        for source, hypothesis in self._samples(result):
            say(f"    {source}\n      -> {hypothesis}")

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
        record.write("validation", here.step, {"loss": result.loss, "bleu": result.bleu})
        if best:
            here.best_bleu, here.best_step = result.bleu, here.step
            here.best_loss = result.loss if math.isfinite(result.loss) else None
            here.best_weights = self.best.keep(weights)

    def _finish(self, record: Record, stop: StopRequest) -> None:
        """Validate the last weights, if that is not done, and the mean of the last validations."""
        if self.position.validated < self.position.step:
            self._validate(record, stop)
            self._save(record)
        mean = self.snapshots.mean(self.position.snapshots)
        if mean is None:
            return
        model = self.stepper.best_weights
        kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
        try:
            model.load_state_dict(mean)
            with stop.at_once():
                result = self.validator(model)
        finally:
            model.load_state_dict(kept)
        say(f"Mean of the last {len(self.position.snapshots)}: BLEU {result.bleu:.1f}")
        self._keep_if_best(result, mean, record)

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
