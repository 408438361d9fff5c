"""Several processes, started by torchrun, that train one model together.

Each holds the weights and takes its share of the batches of a step; their gradients are added up,
so that the weights stay the same in all. The first process (rank 0) decides and writes for all.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed import PrefixStore  # type: ignore[attr-defined]
from torch.distributed.rendezvous import rendezvous
from torch.nn.parallel import DistributedDataParallel

from translator.errors import ConfigError, Interrupted, TrainingError
from translator.processes import process_count
from translator.progress import keep_quiet

_STEP = timedelta(minutes=10)
"""What processes wait for each other within a step: one that is on a lost machine never answers."""
_WORK = timedelta(days=2)
"""What the others wait while one prepares data, validates or saves; its death ends it at once."""

T = TypeVar("T")


class World:
    """The processes that train together, as one of them sees them; by default it is alone.

    Attributes:
        rank: the number of this process; 0 leads.
        size: how many there are.
        local_rank: the number of this process on its machine.
    """

    def __init__(self, rank: int = 0, size: int = 1, local_rank: int = 0) -> None:
        self.rank, self.size, self.local_rank = rank, size, local_rank
        self._patient: dist.ProcessGroup | None = None
        self._store: Any = None

    @property
    def leads(self) -> bool:
        """Return whether this process decides and writes."""
        return self.rank == 0

    def total(self, *numbers: float) -> tuple[float, ...]:
        """Return the sum of each of the numbers over all processes."""
        return self._reduced(numbers, dist.ReduceOp.SUM)

    def largest(self, *numbers: float) -> tuple[float, ...]:
        """Return the largest of each of the numbers over all processes."""
        return self._reduced(numbers, dist.ReduceOp.MAX)

    def _reduced(self, numbers: tuple[float, ...], how: Any) -> tuple[float, ...]:
        if self.size == 1:
            return numbers
        reduced = torch.tensor(numbers, dtype=torch.float64)
        dist.all_reduce(reduced, op=how)
        return tuple(reduced.tolist())

    def added_up(self, number: Tensor) -> Tensor:
        """Return the sum of a number over all processes; GPUs see to it without being waited for.

        Args:
            number: on the device that the model is on; it is changed.
        """
        if self.size > 1:
            dist.all_reduce(number)
        return number

    def lead(self, work: Callable[[], T]) -> T:
        """Do some work in the first process, and return its result in all of them."""
        if self.size == 1:
            return work()
        result: list[Any] = [work() if self.leads else None]
        cpu = torch.device("cpu")
        dist.broadcast_object_list(result, src=0, group=self._patient, device=cpu)
        return result[0]

    def wait(self) -> None:
        """Wait until all processes have come here."""
        if self.size > 1:
            dist.barrier(group=self._patient)

    def device(self, wanted: torch.device) -> torch.device:
        """Return this process's own device of the wanted kind.

        Raises:
            ConfigError: there is no GPU of its own for this process.
        """
        if self.size == 1 or wanted.type == "cpu":
            return wanted
        count = torch.cuda.device_count()
        if wanted.index is not None or self.local_rank >= count:
            found = f"this machine has {count}"
            if wanted.index is not None:
                found = f"training.device={wanted} is only one"
            raise ConfigError(
                f"each of the {self.size} processes needs a GPU of its own, and {found}",
                hint="Use --set training.device=cuda, and torchrun --nproc-per-node gpu.",
            )
        device = torch.device("cuda", self.local_rank)
        torch.cuda.set_device(device)
        return device

    def parallel(
        self, model: nn.Module, loss: Callable[[Any], tuple[Tensor, Tensor]]
    ) -> DistributedDataParallel:
        """Return `loss` as a module whose backward pass gives the mean gradients of all processes.

        torch's own module fits, and sends the gradients of a layer while those before it are still
        being made: the embedding's, which source, target and projection share, are complete only at
        the end of the pass, and autograd hands them over once. It must see a forward pass begin,
        and the model has several entries, so what it wraps is the loss.

        Args:
            model: whose gradients these are; its weights become those of the first process.
            loss: batch -> loss and something else, through the model.
        """
        return DistributedDataParallel(_Loss(model, loss), gradient_as_bucket_view=True)

    def _first_to_tell(self) -> bool:
        """Return whether no other process has said why training ends."""
        try:
            return self._store is None or self._store.add("told", 1) == 1
        except RuntimeError:  # whoever kept the store is gone
            return True


ALONE = World()


class _Loss(nn.Module):
    """A function of batches as a module that holds the model's weights."""

    def __init__(self, model: nn.Module, loss: Callable[[Any], tuple[Tensor, Tensor]]) -> None:
        super().__init__()
        self.model = model
        self._loss = loss
        # buffers are tables of positions, which grow with the batches that a process has seen
        self._ddp_params_and_buffers_to_ignore = [name for name, _ in self.named_buffers()]

    def forward(self, batch: Any) -> tuple[Tensor, Tensor]:
        return self._loss(batch)


@contextmanager
def joined() -> Iterator[World]:
    """Join the processes that torchrun started, if it did, until the block ends.

    When training ends early, one of them says why, and the others end silently.

    Raises:
        ConfigError: the environment does not say how to join, or nobody answers.
        TrainingError: another process ended without a word.
    """
    size = process_count()
    if size == 1:
        yield ALONE
        return
    world = _join(size)
    keep_quiet(not world.leads)
    try:
        yield world
    except (Exception, KeyboardInterrupt) as error:
        # torchrun ends all of them when one has ended: the message comes first
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        tells = world._first_to_tell()
        if isinstance(error, Interrupted):
            dist.destroy_process_group()
        if isinstance(error, Interrupted | KeyboardInterrupt):
            if world.leads:
                raise
            raise SystemExit(getattr(error, "exit_code", 130)) from None
        if not tells:
            raise SystemExit(2) from None
        keep_quiet(False)
        if not _is_lost_contact(error):
            raise
        raise TrainingError(
            "another process of this training has ended, or does not answer",
            hint="Run the same command again, with --resume if training had begun.",
        ) from error
    dist.destroy_process_group()


def _join(size: int) -> World:
    on_gpu = torch.cuda.is_available() and dist.is_nccl_available()
    try:
        store, rank, _ = next(rendezvous("env://", timeout=_STEP))
        dist.init_process_group(
            "cpu:gloo,cuda:nccl" if on_gpu else "gloo",
            store=PrefixStore("training", store),
            rank=rank,
            world_size=size,
            timeout=_STEP,
        )
        world = World(rank, size, int(os.environ["LOCAL_RANK"]))
        world._patient = dist.new_group(backend="gloo", timeout=_WORK)
        world._store = store
    except (RuntimeError, ValueError) as error:
        keep_quiet(False)
        address = f"{os.environ['MASTER_ADDR']}:{os.environ['MASTER_PORT']}"
        raise ConfigError(
            f"the {size} processes do not find each other at {address}: {error}",
            hint="Start them with torchrun, which sets RANK, MASTER_ADDR and MASTER_PORT.",
        ) from error
    return world


def _is_lost_contact(error: BaseException) -> bool:
    """Return whether this is how torch says that another process is gone."""
    if isinstance(error, dist.DistError):
        return True
    return isinstance(error, RuntimeError) and "gloo" in str(error).lower()
