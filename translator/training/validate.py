"""Validation: loss and real BLEU of a fixed part of the dev set."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean

from translator.config import Config, DecodingConfig
from translator.decoding.search.batches import batches_by_length
from translator.decoding.search.beam import beam_search
from translator.decoding.search.scoring import evaluating, forced_scores, pad
from translator.decoding.translator import Translator
from translator.evaluation.scores import bleu
from translator.model.transformer import Transformer
from translator.tokenizer import Tokenizer, protect_pair
from translator.tokenizer.tokenizer import EOS_ID

_COST_SHARE = 1 / 40
"""Dev tokens decoded at a validation, as a share of the training tokens between two of them.

Decoding a token costs up to three times what training on one costs: so validation stays under a
tenth of the time. Counted in tokens and not in seconds, so that it is the same after a restart.
"""


@dataclass(frozen=True)
class Validation:
    """One validation's result.

    Attributes:
        loss: negative log-likelihood per token (nats).
        bleu: of greedy translations; in both directions, the mean of the two.
        hypotheses: these translations.
        seconds: what it took.
        directions: BLEU by direction, such as ``en-fr``; empty if there is only one.
    """

    loss: float
    bleu: float
    hypotheses: list[str]
    seconds: float = field(compare=False)
    directions: dict[str, float] = field(default_factory=dict)

    def __str__(self) -> str:
        each = ", ".join(f"{name} {bleu:.1f}" for name, bleu in self.directions.items())
        return f"BLEU {self.bleu:.1f}{f': {each}' if each else ''}"


class Validator:
    """Measures a model on a fixed part of the dev set, always the same one.

    A bidirectional model also translates the first references back: the sentences of the two
    directions take turns.

    Args:
        sources, references: the dev set; references as one list per reference.
        tokenizer: of the run.
        config: of the run.
        languages: source and target tag.

    Attributes:
        dev_size: pairs of the dev set.
        pairs: those of them that are measured.
        sources, references: what is translated, and what it should become.
    """

    def __init__(
        self,
        sources: Sequence[str],
        references: Sequence[Sequence[str | None]],
        tokenizer: Tokenizer,
        config: Config,
        languages: tuple[str, str],
    ) -> None:
        self.tokenizer, self.config = tokenizer, config
        both = config.data.bidirectional
        self._directions = [languages, languages[::-1]][: 1 + both]
        self.dev_size = len(sources)
        back = [text or "" for text in references[0]]
        rows = self._affordable_rows([sources, back] if both else [sources])
        self.pairs = len(rows)
        self.sources = [text for i in rows for text in (sources[i], back[i])[: 1 + both]]
        self.references = [
            # the source is the only reference of its translation
            [text for i in rows for text in (column[i], None if at else sources[i])[: 1 + both]]
            for at, column in enumerate(references)
        ]
        first = [text or "" for text in self.references[0]]
        tags = [tokenizer.tag(target) for _, target in self._directions]
        texts = [*zip(self.sources, first, strict=True)]
        if tokenizer.placeholders:
            texts = [protect_pair(*pair) for pair in texts]
        sources_ids, targets_ids = map(tokenizer.encode, zip(*texts, strict=True))
        sources_ids = [[*tags[i % len(tags)], *row] for i, row in enumerate(sources_ids)]
        # what is longer than all that is trained on would take memory without measure
        longest = config.data.max_length - 1
        self._ids = [[row[:longest] for row in side] for side in (sources_ids, targets_ids)]

    def __call__(self, model: Transformer) -> Validation:
        """Translate greedily and compare."""
        start = time.monotonic()
        hypotheses = [""] * len(self.sources)
        scores = {}
        for way, (source, target) in enumerate(self._directions):
            translator = Translator(
                model,
                self.tokenizer,
                source=source,
                target=target,
                max_length=self.config.data.max_length,
                decoding=DecodingConfig(beam=1),
            )
            mine = slice(way, None, len(self._directions))
            hypotheses[mine] = translator.translate(self.sources[mine])
            references = [column[mine] for column in self.references]
            scores[f"{source}-{target}"] = bleu(hypotheses[mine], references, target=target)
        # the end of each sentence is a token too
        tokens = sum(len(ids) + 1 for ids in self._ids[1])
        loss = -sum(forced_scores(model, *self._ids)) / tokens
        found, seconds = fmean(scores.values()), time.monotonic() - start
        return Validation(loss, found, hypotheses, seconds, scores if len(scores) > 1 else {})

    def rehearse(self, model: Transformer, enough: float) -> float:
        """Return about how many seconds a validation takes.

        The translations are as long as the references: those of a model that has learned nothing
        are much longer than any that will follow.

        Args:
            model: the weights, of which only the shape counts.
            enough: seconds after which the rest is reckoned from what is done.
        """
        sources, targets = self._ids
        lengths = [len(row) + 1 for row in targets]
        start, done = time.monotonic(), 0
        budget = DecodingConfig().batch_tokens
        for batch in batches_by_length([len(row) + 1 for row in sources], budget):
            rows = [[*sources[i], EOS_ID] for i in batch]
            limits = [lengths[i] for i in batch]
            with evaluating(model):
                beam_search(model, pad(rows, model), beam=1, length_penalty=1.0, max_lengths=limits)
            forced_scores(model, [sources[i] for i in batch], [targets[i] for i in batch])
            done += sum(limits)
            if time.monotonic() - start >= enough:
                break
        return (time.monotonic() - start) / done * sum(lengths)

    def _affordable_rows(self, sides: Sequence[Sequence[str]]) -> list[int]:
        """Return evenly spread rows of the dev set that validation may cost (at least 20).

        Args:
            sides: of the dev set, those that are translated.
        """
        training, size = self.config.training, len(sides[0])
        between = training.validate_every * training.accumulate * training.batch_tokens
        tokens = sum(len(row) for side in sides for row in self.tokenizer.encode(side))
        wanted = int(size * min(1.0, between * _COST_SHARE / max(tokens, 1)))
        count = min(size, max(wanted, 20))
        return [i * size // count for i in range(count)]
