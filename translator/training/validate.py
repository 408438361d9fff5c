"""Validation: loss and real BLEU of a fixed part of the dev set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from translator.batching import collate, encode_texts, plan_epoch
from translator.config import Config, DecodingConfig
from translator.decoding.translator import Translator
from translator.evaluation.scores import bleu
from translator.model.transformer import Transformer
from translator.tokenizer import Tokenizer
from translator.tokenizer.tokenizer import PAD_ID
from translator.training.loss import label_smoothed_loss

_COST_SHARE = 1 / 40
"""Dev tokens decoded at a validation, as a share of the training tokens between two of them.

Decoding a token costs up to three times what training on one costs: so validation stays under a
tenth of the time. Counted in tokens and not in seconds, so that it is the same after a restart.
"""


@dataclass(frozen=True)
class Validation:
    """One validation's result; `loss` is the negative log-likelihood per token (nats)."""

    loss: float
    bleu: float
    hypotheses: list[str]


class Validator:
    """Measures a model on a fixed part of the dev set, always the same one.

    Args:
        sources, references: the dev set; references as one list per reference.
        tokenizer: of the run.
        config: of the run.
        languages: source and target tag.
    """

    def __init__(
        self,
        sources: Sequence[str],
        references: Sequence[Sequence[str | None]],
        tokenizer: Tokenizer,
        config: Config,
        languages: tuple[str, str],
    ) -> None:
        self.tokenizer, self.config, self.languages = tokenizer, config, languages
        self.dev_size = len(sources)
        rows = self._affordable_rows(sources)
        self.sources = [sources[i] for i in rows]
        self.references = [[column[i] for i in rows] for column in references]
        first = [text or "" for text in self.references[0]]
        # what is longer than all that is trained on would take memory without measure
        longest = config.data.max_length - 1
        sources_ids, targets_ids = encode_texts(self.sources, first, tokenizer)
        self._ids = [[row[:longest] for row in side] for side in (sources_ids, targets_ids)]

    def __call__(self, model: Transformer) -> Validation:
        """Translate greedily and compare."""
        translator = Translator(
            model,
            self.tokenizer,
            source=self.languages[0],
            target=self.languages[1],
            max_length=self.config.data.max_length,
            decoding=DecodingConfig(beam=1),
        )
        was_training = model.training
        model.eval()
        try:
            hypotheses = translator.translate(self.sources)
            loss = self._loss(model)
        finally:
            model.train(was_training)
        return Validation(loss, bleu(hypotheses, self.references), hypotheses)

    @torch.inference_mode()
    def _loss(self, model: Transformer) -> float:
        sources, targets = self._ids
        lengths = [np.array([len(row) + 1 for row in ids], dtype=np.int32) for ids in self._ids]
        everything = [(np.arange(len(sources)), 1.0)]
        total, tokens = 0.0, 0
        for rows in plan_epoch(*lengths, parts=everything, batch_tokens=4096, seed=0, epoch=0):
            batch = collate([sources[i] for i in rows], [targets[i] for i in rows])
            batch = batch.to(model.device)
            logits = model(batch.source, batch.target_in)
            real = batch.target_out != PAD_ID
            _, nll = label_smoothed_loss(logits[real], batch.target_out[real], 0.0)
            total += float(nll)
            tokens += batch.target_tokens
        return total / tokens

    def _affordable_rows(self, sources: Sequence[str]) -> list[int]:
        """Return evenly spread rows of the dev set that validation may cost (at least 20)."""
        training = self.config.training
        between = training.validate_every * training.accumulate * training.batch_tokens
        tokens = sum(len(row) for row in self.tokenizer.encode(sources))
        wanted = int(len(sources) * min(1.0, between * _COST_SHARE / max(tokens, 1)))
        count = min(len(sources), max(wanted, 20))
        return [i * len(sources) // count for i in range(count)]
