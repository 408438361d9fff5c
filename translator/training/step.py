"""One optimiser step: batches -> gradients -> new weights."""

from __future__ import annotations

import math
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from translator.batching import Batch, EncodedCorpus, collate
from translator.batching.plan import Rows
from translator.config import Config
from translator.errors import TrainingError, is_out_of_memory
from translator.hardware import matrix_dtype
from translator.model.transformer import Transformer
from translator.progress import counted, say
from translator.tokenizer import Tokenizer
from translator.tokenizer.tokenizer import EOS_ID, UNK_ID
from translator.training.average import MovingAverage
from translator.training.distributed import ALONE, World
from translator.training.guide import AlignmentHead, Guide
from translator.training.loss import guided_loss, projected_loss
from translator.training.muon import Muon


@dataclass
class StepResult:
    """What a step saw.

    Attributes:
        number: of the step, from 1.
        tokens: real target tokens of all processes.
        values: `nll` and `gradient_norm`, where the device has them.
        seconds: wall time; until its values are read, without the wait for a GPU.
    """

    number: int
    tokens: int
    values: Tensor
    seconds: float

    @property
    def nll(self) -> float:
        """Return the negative log-likelihood, summed over the tokens of all processes (nats)."""
        return self._read[0]

    @property
    def gradient_norm(self) -> float:
        """Return the norm of the gradients before clipping."""
        return self._read[1]

    @property
    def finite(self) -> bool:
        """Return whether loss and gradients were; if not, the weights are as before."""
        return all(map(math.isfinite, self._read))

    @cached_property
    def _read(self) -> tuple[float, float]:
        """Wait for the device."""
        start = time.monotonic()
        nll, gradient_norm = self.values.tolist()
        self.seconds += time.monotonic() - start
        return nll, gradient_norm


class Stepper:
    """Model, optimiser, moving average and loss scaling, and what they do in a step.

    When memory runs out, the batch is split by rows into two and the step is begun again. The loss
    is a sum over tokens, so the gradient stays the same up to rounding, but for the dropout masks,
    which are drawn for each part. From then on no part may be larger. `part_limit` is in the
    training state: a resumed run is exact as long as memory runs out at the same steps as before.

    A GPU works for itself. Here it is only told what to do, and nothing in a step waits for it:
    batches are made ahead by a thread, the GPU decides itself whether gradients are finite, and
    what came out is read when somebody asks the result. A CPU would gain nothing.

    Args:
        config: the run's options.
        model: on its device; its weights are changed.
        corpus, tokenizer: where rows of ids come from.
        precision: fp32, bf16 or fp16.
        world: the processes that take each step together.
        guide: which words of the training pairs belong together, for guided alignment.

    Attributes:
        part_limit: rows times width that a part of a batch may have; 0: any number.
        splits: whether to split what memory is not enough for; if not, its error is raised.
        runs_ahead: whether steps are begun while the device still works on those before.
    """

    def __init__(
        self,
        config: Config,
        model: Transformer,
        corpus: EncodedCorpus,
        tokenizer: Tokenizer,
        precision: str,
        world: World = ALONE,
        guide: Guide | None = None,
    ) -> None:
        self.config, self.options = config, config.training
        self.model, self.corpus, self.tokenizer = model, corpus, tokenizer
        self.precision, self.world, self.guide = precision, world, guide
        self.optimizer = Muon(
            model,
            self.options.weight_decay,
            torch.bfloat16 if precision == "bf16" else torch.float32,
        )
        decay = self.options.ema_decay
        self.average = MovingAverage(model, decay) if decay else None
        self.part_limit, self.splits = 0, True
        self.runs_ahead = model.device.type == "cuda"
        self._ahead: dict[int, Future[list[Batch]]] = {}
        self._thread = ThreadPoolExecutor(1, "batches")
        self.scaler = torch.amp.GradScaler(model.device.type, enabled=precision == "fp16")
        self._parallel = world.parallel(model, self._loss) if world.size > 1 else None

    @property
    def best_weights(self) -> Transformer:
        """Return the model to validate and to translate with."""
        return self.average.model if self.average is not None else self.model

    def make_ahead(self, groups: list[Rows], step: int) -> None:
        """Begin to make what `take` will be asked for next, if there is a GPU to work meanwhile."""
        if self.runs_ahead:
            self._ahead[step] = self._thread.submit(self._batches, groups, step)

    def take(self, groups: list[Rows], step: int, rate: float) -> StepResult:
        """Take step number `step` (0-based) at this learning rate, over all batches in `groups`.

        Several processes share the batches, and their result is that of one which takes them all.

        Raises:
            TrainingError: there is not enough memory for a single sentence pair, or in one of
                several processes for its batch.
        """
        start, world = time.monotonic(), self.world
        self.model.train()
        made = self._ahead.pop(step, None)
        batches = self._batches(groups, step) if made is None else made.result()
        takes_part = len(groups) > world.rank
        (tokens,) = world.total(sum(batch.target_tokens for batch in batches) * takes_part)
        # the gradients of all processes are averaged, and shall be added up
        divisor = tokens / world.size if takes_part else math.inf
        known = self.part_limit
        own_nll = self._gradients(batches, divisor, step).double()
        if self.part_limit != known:
            say(
                f"Step {step + 1:,}: out of memory. From now on batches are split into parts of at "
                f"most {counted(self.part_limit, 'token')}; the gradients stay what they were."
            )
        # unscale, clip, check, step
        self.scaler.unscale_(self.optimizer)
        limit = self.options.clip_norm or math.inf
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), limit)
        nll = world.added_up(own_nll if takes_part else torch.zeros_like(own_nll))
        values = torch.stack([nll, norm.double()])
        finite = values.isfinite().all()
        if self.runs_ahead:
            self._update(step, rate, skipped=~finite)
        elif finite:
            self._update(step, rate)
        if self.scaler.is_enabled():
            self.scaler.update()
        self.optimizer.zero_grad(set_to_none=True)
        return StepResult(step + 1, int(tokens), values, time.monotonic() - start)

    def _update(self, step: int, rate: float, skipped: Tensor | None = None) -> None:
        """Move the weights and their average, but for what the device knows to be skipped."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.skipped = skipped
        self.optimizer.step()
        if self.average is not None:
            self.average.update(self.model, step + 1, skipped)

    def _gradients(
        self, batches: list[Batch], tokens: float, step: int, together: bool = True
    ) -> Tensor:
        """Make the gradients of a step in as many parts as memory asks for; return its loss."""
        rank = self.world.rank
        while True:
            # masks of its own for each process; the first has those of a single one
            torch.manual_seed(_seed(self.options.seed, step, *([rank] if rank else [])))
            parts, found = self._parts(batches), list[Tensor]()
            for part in parts:
                try:
                    last = len(found) == len(parts) - 1
                    on_device = part.to(self.model.device)
                    found.append(self.backward(on_device, tokens, together and last))
                except (RuntimeError, MemoryError) as error:
                    if not (self.splits and is_out_of_memory(error)):
                        raise
                    break
            else:
                return torch.stack(found).sum()
            # now that nothing holds on to the error, whose frames hold tensors
            self.optimizer.zero_grad(set_to_none=True)
            if self.model.device.type == "cuda":
                torch.cuda.empty_cache()
            self._lower_limit(failed=part)

    def _parts(self, batches: list[Batch]) -> list[Batch]:
        if not self.part_limit:
            return batches
        return [
            part
            for batch in batches
            for part in batch.split(max(1, self.part_limit // batch.width))
        ]

    def _lower_limit(self, failed: Batch) -> None:
        """Let a batch like this one be split into two."""
        rows = len(failed.source)
        if rows == 1:
            raise TrainingError(
                f"there is not enough memory for a sentence pair of {failed.width:,} tokens",
                hint="Try a smaller --set data.max_length, or a smaller model: model.d_model, "
                "model.ffn_dim, model.encoder_layers.",
            )
        limit = (rows + 1) // 2 * failed.width
        if self.world.size > 1:
            # the others wait for the gradients of this step as they are
            raise TrainingError(
                f"there is not enough memory for a batch of {rows:,} pairs of up to "
                f"{failed.width:,} tokens in one of {self.world.size} processes",
                hint=f"Start a new run with --set training.batch_tokens={limit}, or go on with "
                "--resume and without torchrun: one process alone splits its batches.",
            )
        self.part_limit = limit

    def backward(self, batch: Batch, tokens: float, last: bool = True) -> Tensor:
        """Add the gradients of a batch's loss, divided by the `tokens` of the whole step.

        Several processes exchange their gradients in the `last` backward pass of a step.
        """
        parallel = self._parallel
        with parallel.no_sync() if parallel is not None and not last else nullcontext():
            loss, nll = self._loss(batch) if parallel is None else parallel(batch)
            self.scaler.scale(loss / tokens).backward()
        return nll

    def _loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        if self.options.r_drop:
            batch = batch.twice()  # each half has dropout masks of its own
        dtype = matrix_dtype(self.precision)
        memory, allowed = self.model.encode(self._with_gaps(batch.source), dtype)
        head = None if batch.guide is None else AlignmentHead(self.config.model)
        states = self.model.decode(
            self._with_gaps(batch.target_in), memory, allowed, dtype=dtype, observe=head
        )
        # only real tokens are worth the product with the whole vocabulary
        loss, nll = projected_loss(
            states.flatten(0, 1).index_select(0, batch.real),  # B x T x D -> N x D
            self.model.embedding.weight,
            batch.target_out.flatten().index_select(0, batch.real),
            self.options.label_smoothing,
            self.options.r_drop,
        )
        if head is not None and batch.guide is not None:
            halves = 2 if self.options.r_drop else 1  # of which projected_loss takes the mean
            guided = guided_loss(head.weights, batch.guide) / halves
            loss = loss + self.options.guided_alignment * guided
        return loss, nll

    def _with_gaps(self, ids: Tensor) -> Tensor:
        """Put the unknown token, which no text has, in the place of some real ones.

        Setting embeddings to zero (arXiv 1512.05287) would cost passes over B x S x D numbers and a
        second mode of the model. An id does not, and the model learns what a gap looks like.
        """
        share = self.options.word_dropout
        if not share:
            return ids
        chosen = torch.rand(ids.shape, device=ids.device) < share
        # the vocabulary begins with the special ids and the tags
        last = max([EOS_ID, *(id_ for tag in self.corpus.tags for id_ in tag)])
        return ids.masked_fill(chosen & (ids > last), UNK_ID)

    def rehearse(self, rows: Rows, together: bool = False) -> None:
        """Do the work of a batch and change nothing, to see how long it takes.

        Args:
            rows: of the batch.
            together: exchange the gradients, which all processes must do at the same time.
        """
        self.model.train()
        known = self.part_limit
        self._gradients([self._batch(rows, 0)], 1, 0, together)
        self.optimizer.zero_grad(set_to_none=True)
        self.part_limit = known  # what is split must not depend on when a run went on

    def _batches(self, groups: list[Rows], step: int) -> list[Batch]:
        """Make this process's share of the batches of a step, on the CPU."""
        # in the last step of an epoch some have no batch: they take part with gradients of zero
        mine = groups[self.world.rank :: self.world.size] or groups[:1]
        return [self._batch(rows, step) for rows in mine]

    def _batch(self, rows: Rows, step: int) -> Batch:
        sources, targets = self.corpus.ids(rows)
        alpha = self.config.tokenizer.sampling
        if alpha:
            seed = _seed(self.options.seed, step, int(rows[0]))
            sources, targets = (
                self.tokenizer.resample(side, alpha, seed) for side in (sources, targets)
            )
        batch = collate(sources, targets)
        if self.guide is None:
            return batch
        return replace(batch, guide=self.guide.matrix(rows, sources, targets))


def _seed(*numbers: int) -> int:
    """Return one 32-bit seed for these numbers."""
    return int(np.random.SeedSequence(numbers).generate_state(1)[0])
