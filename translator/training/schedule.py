"""How long training goes on, and how large its steps are."""

from __future__ import annotations

from dataclasses import dataclass

from translator.config import TrainingConfig, parse_duration
from translator.errors import ConfigError


@dataclass(frozen=True)
class Budget:
    """The end of training: the first of these limits that is reached (None: no such limit)."""

    steps: int | None
    epochs: int | None
    seconds: float | None

    @classmethod
    def from_config(cls, config: TrainingConfig) -> Budget:
        """Read the limits from the options.

        Raises:
            ConfigError: nothing would ever end the training, or the schedule has no end to go to.
        """
        budget = cls(
            config.max_steps or None, config.max_epochs or None, parse_duration(config.max_time)
        )
        unlimited = budget == cls(None, None, None)
        if unlimited and (config.schedule == "linear" or not config.patience):
            raise ConfigError(
                "training has no end",
                hint="Give --max-time, --max-steps or --max-epochs.",
            )
        return budget

    def used(self, step: int, epochs: float, seconds: float) -> float:
        """Return the share of the budget that is used up: 0 at the start, 1 or more at the end."""
        shares = [0.0]
        if self.steps:
            shares.append(step / self.steps)
        if self.epochs:
            shares.append(epochs / self.epochs)
        if self.seconds:
            shares.append(seconds / self.seconds)
        return max(shares)

    def seconds_left(
        self, step: int, spent: float, *, each: float, steps_per_epoch: int
    ) -> float | None:
        """Return how long it is to the first limit; None if there is no limit.

        Args:
            step: steps taken so far.
            spent: seconds of training so far.
            each: seconds that a step takes.
            steps_per_epoch: steps in a pass over the data.
        """
        ends = []
        if self.steps:
            ends.append((self.steps - step) * each)
        if self.epochs:
            ends.append((self.epochs * steps_per_epoch - step) * each)
        if self.seconds:
            ends.append(self.seconds - spent)
        return min(ends, default=None)


def learning_rate(config: TrainingConfig, step: int, used: float) -> float:
    """Return the rate of the step with this number (0-based), `used` of the budget being spent.

    Both schedules rise linearly over the warm-up. Then `linear` falls with what is left of the
    budget; `inverse_sqrt` falls with the root of the step (arXiv 1706.03762, section 5.3).
    """
    warmup = max(config.warmup_steps, 1)
    rising = min(1.0, (step + 1) / warmup)
    if config.schedule == "linear":
        return config.learning_rate * rising * max(0.0, 1.0 - used)
    return config.learning_rate * rising * (warmup / max(step + 1, warmup)) ** 0.5
