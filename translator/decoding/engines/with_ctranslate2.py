"""The fast engine: CTranslate2, on a conversion of the run's weights. Loads no torch."""

from __future__ import annotations

import dataclasses
import math
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from translator.config import DecodingConfig
from translator.decoding.engines.engine import Engine
from translator.decoding.engines.threads import share_out
from translator.decoding.search.batches import batches_by_length
from translator.decoding.search.hypothesis import Hypothesis
from translator.decoding.search.options import SearchOptions
from translator.errors import ConfigError
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID, PAD_ID, UNK_ID, Tokenizer

_SUPPORTED = {"beam", "length_penalty", "max_length_ratio", "max_length", "batch_tokens", "n_best"}
_SUPPORTED |= {"token_log_probs"}
"""Fields of `SearchOptions`; one that is not named here is refused, unless it has its default."""
_GREEDY = ("min_length", "no_repeat_ngram", "prefixes")
"""Further ones, for greedy search. CTranslate2 shares the probability of what is forbidden out
among the rest, and leaves that of a prefix out, so that a beam would be sorted in another way; but
what is likeliest stays the likeliest."""
_QUEUED = 2
"""Batches that wait for each worker; their results are fetched in the order of the batches."""
_LEAST_TOKENS, _MOST_TOKENS, _ROUNDS = 512, 2048, 4
"""Of a batch: smaller ones are slow, larger ones no faster. Each worker gets a few batches if it
can, as these take unequal times, and one worker waits for the other in the end."""
_PATIENCE = 2
"""Times `beam` hypotheses have to be finished where all of a sentence's are to be seen."""
_NO_PENALTY = 1e-9
"""With a length penalty of exactly 0 CTranslate2 stops before an n-best list is certain."""
_SCORED_TOKENS = 1024
"""Padded tokens that are scored together: logits over the vocabulary are kept for each of them."""


class _Running(NamedTuple):
    """A batch that is searched for."""

    batch: list[int]
    """Its rows' indices."""
    rows: list[list[int]]
    options: SearchOptions
    limits: list[int]
    results: list[Any]
    """Of each row, to be waited for."""


class CTranslate2Engine(Engine):
    """Searches with ``ctranslate2.Translator``, by the rules of `beam_search`.

    The best hypothesis is the same but for rounding; in greedy search also with a minimum length,
    without repetitions, and after a prefix. Further ones of an n-best list may differ in one case:
    CTranslate2 also lists those that end in the very step that ends the search. What comes out
    otherwise there, or not at all, is refused: these three with a beam, samples, and phrases that
    must be in a translation.
    """

    name = "ctranslate2"

    def __init__(
        self,
        folder: Path,
        tokenizer: Tokenizer,
        decoding: DecodingConfig,
        *,
        max_length: int,
        positions: int,
    ) -> None:
        """Load a converted model.

        Args:
            folder: what `translator.export.ctranslate2` wrote.
            tokenizer: the vocabulary it was converted with.
            decoding: its device, precision and threads.
            max_length: most tokens of a source row.
            positions: most tokens that the converted model can read or write.

        Raises:
            ConfigError: there is no such device here, or it does not compute in this precision.
        """
        import ctranslate2

        device, index = _device(decoding.device)
        supported = ctranslate2.get_supported_compute_types(device)
        if decoding.precision not in supported:
            known = sorted({"float32", "bfloat16", "float16", "int8"} & set(supported))
            raise ConfigError(
                f"decoding.precision={decoding.precision}: CTranslate2 does not compute in it on "
                f"this {device} device",
                hint=f"Possible here: {', '.join(known)}.",
            )
        self.workers, each = share_out(decoding.threads, decoding.workers)
        self._translator = ctranslate2.Translator(
            str(folder),
            device=device,
            device_index=index,
            compute_type=decoding.precision,
            inter_threads=self.workers if device == "cpu" else 1,
            intra_threads=each,
        )
        self._pieces = tokenizer.pieces(range(len(tokenizer)))
        self._ids = {piece: id_ for id_, piece in enumerate(self._pieces)}
        self._never = {self._pieces[id_] for id_ in (UNK_ID, PAD_ID, BOS_ID)}
        self._end = self._pieces[EOS_ID]
        self._max_length, self._positions = max_length, positions

    def refusal(self, options: SearchOptions) -> str | None:
        """Return what of the `options` this engine cannot do; None if it can do all."""
        for field in dataclasses.fields(options):
            if field.name in _SUPPORTED or getattr(options, field.name) == _default(field):
                continue
            name = field.name.replace("_", " ")
            if field.name not in _GREEDY:
                return name
            if options.beam > 1:
                return f"{name} with a beam of more than 1"
        longest = options.limit(self._max_length)
        for prefix in options.prefixes or ():
            longest = max(longest, len(prefix) + 1)
        if longest >= self._positions:
            return f"translations of {self._positions:,} tokens or more"
        return None

    def search(
        self, rows: Sequence[list[int]], options: SearchOptions
    ) -> Iterator[tuple[list[int], list[list[Hypothesis]]]]:
        """Yield what was found; see `Engine.search`."""
        refused = self.refusal(options)
        if refused:
            raise ConfigError(
                f"the engine ctranslate2 cannot do this: {refused}",
                hint="Leave --engine out, or use --engine torch.",
            )
        lengths = [len(row) for row in rows]
        budget = max(1, min(options.batch_tokens // options.beam, self._share(sum(lengths))))
        running: deque[_Running] = deque()
        for batch in batches_by_length(lengths, budget):
            chosen, asked = [rows[i] for i in batch], options.of(batch)
            limits = asked.limits_of(chosen)
            results = self._start(chosen, asked, max_decoding_length=max(limits))
            running.append(_Running(batch, chosen, asked, limits, results))
            if len(running) > _QUEUED * self.workers:
                yield self._finish(running.popleft())
        while running:
            yield self._finish(running.popleft())

    def _share(self, tokens: int) -> int:
        """Return how many tokens a batch holds at most, where there are so many in all."""
        own = -(-tokens // self.workers)  # few rows are shared out among the workers too
        return min(_MOST_TOKENS, max(min(own, _LEAST_TOKENS), -(-own // _ROUNDS)))

    def _start(self, rows: list[list[int]], options: SearchOptions, **more: object) -> list[Any]:
        """Begin to search; the results can be waited for."""
        wanted: dict[str, Any] = {
            "beam_size": options.beam,
            "num_hypotheses": options.n_best,
            "max_input_length": 0,
            # the end is not counted there; and the default, 1, forbids it at first
            "min_decoding_length": max(0, options.min_length - 1),
            "no_repeat_ngram_size": options.no_repeat_ngram,
            "return_scores": True,
            "return_end_token": True,
            "asynchronous": True,
        }
        if options.prefixes is not None:
            wanted["target_prefix"] = [self._named(prefix) for prefix in options.prefixes]
        wanted |= more
        several = wanted["num_hypotheses"] > 1
        wanted["length_penalty"] = options.length_penalty or (_NO_PENALTY * several)
        # the end of the source is added there
        texts = [self._named(row[:-1]) for row in rows]
        return list(self._translator.translate_batch(texts, **wanted))

    def _named(self, ids: Sequence[int]) -> list[str]:
        return [self._pieces[id_] for id_ in ids]

    def _finish(self, running: _Running) -> tuple[list[int], list[list[Hypothesis]]]:
        """Wait for a batch, and search again where its common limit was not the right one."""
        batch, rows, options, limits, results = running
        found = []
        for i, (row, waited) in enumerate(zip(rows, results, strict=True)):
            result = waited.result()
            if self._is_final(result, limits[i]):
                found.append(self._hypotheses(result, options))
            else:
                found.append(self._search_again(row, limits[i], options.of([i])))
        if options.token_log_probs or any(getattr(options, name) for name in _GREEDY):
            found = self._rescored(rows, found, options)
        return batch, found

    def _is_final(self, result: Any, limit: int) -> bool:
        """Return whether all hypotheses are allowed ones.

        A batch has but one limit, that of its longest source. And no token is forbidden at first:
        CTranslate2 would share the probability of what is forbidden out among the rest, so that
        scores would differ, while a trained model never proposes it.
        """
        return all(
            len(tokens) <= limit and tokens[-1] == self._end and self._never.isdisjoint(tokens)
            for tokens in result.hypotheses
        )

    def _search_again(self, row: list[int], limit: int, options: SearchOptions) -> list[Hypothesis]:
        """Search for one sentence with its own limit, and see all that is finished."""
        more: dict[str, object] = {"max_decoding_length": limit}
        if options.beam > 1:
            more |= {"num_hypotheses": _PATIENCE * options.beam, "patience": _PATIENCE}
        for forbidden in ([], [[piece] for piece in self._never]):
            [waited] = self._start([row], options, suppress_sequences=forbidden, **more)
            result = waited.result()
            if all(map(self._never.isdisjoint, result.hypotheses)):
                break
        every = self._hypotheses(result, options)
        # what ended first ended the search; what was cut ranks behind
        ended = sorted(
            (one for one in every if one.complete), key=lambda one: (len(one.ids), -one.log_prob)
        )
        ranked = sorted(ended[: options.beam], key=lambda one: -one.score)
        return [*ranked, *(one for one in every if not one.complete)][: options.n_best]

    def _hypotheses(self, result: Any, options: SearchOptions) -> list[Hypothesis]:
        ids = self._ids
        found = []
        for tokens, score in zip(result.hypotheses, result.scores, strict=True):
            complete = tokens[-1] == self._end
            found.append(
                Hypothesis(
                    ids=[ids[token] for token in (tokens[:-1] if complete else tokens)],
                    log_prob=score * len(tokens) ** options.length_penalty,
                    score=score,
                    complete=complete,
                )
            )
        return found

    def _rescored(
        self, rows: list[list[int]], found: list[list[Hypothesis]], options: SearchOptions
    ) -> list[list[Hypothesis]]:
        """Return the hypotheses with what the model itself gives to them, token by token."""
        flat = [(row, one) for row, best in zip(rows, found, strict=True) for one in best]
        scores = iter(self._log_probs([row for row, _ in flat], [one.ids for _, one in flat]))
        return [[_with_parts(one, next(scores), options) for one in best] for best in found]

    def _log_probs(
        self, rows: Sequence[list[int]], targets: Sequence[Sequence[int]]
    ) -> list[list[float]]:
        found: list[list[float]] = [[]] * len(rows)
        for batch, log_probs in self.score(rows, targets):
            for i, row in zip(batch, log_probs, strict=True):
                found[i] = row
        return found

    def can_score(self, row: Sequence[int], target: Sequence[int]) -> bool:
        """Return whether this engine can score a pair; see `Engine.can_score`."""
        return max(len(row), len(target) + 1) <= self._positions

    def score(
        self, rows: Sequence[list[int]], targets: Sequence[Sequence[int]]
    ) -> Iterator[tuple[list[int], list[list[float]]]]:
        """Yield log probabilities; see `Engine.score`."""
        if not all(map(self.can_score, rows, targets)):
            raise ConfigError(
                f"the engine ctranslate2 scores no pair of more than {self._positions:,} tokens",
                hint="Leave --engine out, or use --engine torch.",
            )
        lengths = [max(len(s), len(t) + 1) for s, t in zip(rows, targets, strict=True)]
        running: deque[tuple[list[int], list[Any]]] = deque()
        for batch in batches_by_length(lengths, _SCORED_TOKENS):
            results = self._translator.score_batch(
                [self._named(rows[i][:-1]) for i in batch],
                [self._named(targets[i]) for i in batch],
                max_input_length=0,
                asynchronous=True,
            )
            running.append((batch, results))
            if len(running) > _QUEUED * self.workers:
                yield _waited(*running.popleft())
        while running:
            yield _waited(*running.popleft())


def _with_parts(one: Hypothesis, log_probs: list[float], options: SearchOptions) -> Hypothesis:
    if not one.complete:
        log_probs = log_probs[:-1]  # without the end
    log_prob = math.fsum(log_probs)
    return dataclasses.replace(
        one,
        log_prob=log_prob,
        score=log_prob / len(log_probs) ** options.length_penalty,
        token_log_probs=log_probs if options.token_log_probs else None,
    )


def _waited(batch: list[int], results: list[Any]) -> tuple[list[int], list[list[float]]]:
    return batch, [list(waited.result().log_probs) for waited in results]


def is_for_gpu(name: str) -> bool:
    """Return whether the device of this name is a GPU; ``auto`` is one where there is one.

    Raises:
        ConfigError: there is no such device here.
    """
    return _device(name)[0] == "cuda"


def _device(name: str) -> tuple[str, int]:
    """Return CTranslate2's name and number of a device.

    Raises:
        ConfigError: there is no such device here.
    """
    import ctranslate2

    count = ctranslate2.get_cuda_device_count()
    if name == "auto":
        return ("cuda", 0) if count else ("cpu", 0)
    kind, _, number = name.partition(":")
    if kind not in ("cpu", "cuda") or not (number or "0").isdigit():
        raise ConfigError(f"device={name!r} is not a device", hint="Use auto, cpu or cuda.")
    if kind == "cuda" and int(number or 0) >= count:
        raise ConfigError(
            f"device={name!r}: CTranslate2 sees {count} CUDA devices on this machine",
            hint="Use --set decoding.device=cpu.",
        )
    return kind, int(number or 0)


def _default(field: dataclasses.Field[Any]) -> object:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default
