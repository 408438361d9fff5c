"""The fast engine: CTranslate2, on a conversion of the run's weights. Loads no torch."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from translator.config import DecodingConfig
from translator.decoding.batches import batches_by_length
from translator.decoding.engines.engine import Engine
from translator.decoding.engines.threads import share_out
from translator.decoding.hypothesis import Hypothesis
from translator.decoding.options import SearchOptions
from translator.errors import ConfigError
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID, PAD_ID, UNK_ID, Tokenizer

_SUPPORTED = {"beam", "length_penalty", "max_length_ratio", "max_length", "limits"}
_SUPPORTED |= {"batch_tokens", "n_best"}
"""Fields of `SearchOptions`; one that is not named here is refused, unless it has its default."""
_QUEUED = 2
"""Batches that wait for each worker; their results are fetched in the order of the batches."""
_PATIENCE = 2
"""Times `beam` hypotheses have to be finished where all of a sentence's are to be seen."""
_NO_PENALTY = 1e-9
"""With a length penalty of exactly 0 CTranslate2 stops before an n-best list is certain."""


class CTranslate2Engine(Engine):
    """Searches with ``ctranslate2.Translator``, by the rules of `search.beam_search`.

    The best hypothesis is the same but for rounding. Further ones of an n-best list may differ in
    one case: CTranslate2 also lists those that end in the very step that ends the search.
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
            if field.name not in _SUPPORTED and getattr(options, field.name) != _default(field):
                return field.name.replace("_", " ")
        if options.limit(self._max_length) > self._positions:
            return f"translations of more than {self._positions:,} tokens"
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
        # few rows are shared out among the workers too
        share = -(-sum(lengths) // self.workers)
        budget = max(1, min(options.batch_tokens // options.beam, share))
        running: deque[tuple[list[int], list[Any]]] = deque()
        limits = options.limits_of(rows)
        for batch in batches_by_length(lengths, budget):
            chosen = [rows[i] for i in batch]
            limit = max(limits[i] for i in batch)
            running.append((batch, self._start(chosen, options, max_decoding_length=limit)))
            if len(running) > _QUEUED * self.workers:
                yield self._finish(*running.popleft(), rows, limits, options)
        while running:
            yield self._finish(*running.popleft(), rows, limits, options)

    def _start(self, rows: list[list[int]], options: SearchOptions, **more: object) -> list[Any]:
        """Begin to search; the results can be waited for."""
        pieces = self._pieces
        wanted: dict[str, object] = {
            "beam_size": options.beam,
            "num_hypotheses": options.n_best,
            "length_penalty": options.length_penalty or (_NO_PENALTY * (options.n_best > 1)),
            "max_input_length": 0,
            "min_decoding_length": 0,  # its default, 1, forbids the end at first, as told below
            "return_scores": True,
            "return_end_token": True,
            "asynchronous": True,
        }
        # the end of the source is added there
        texts = [[pieces[id_] for id_ in row[:-1]] for row in rows]
        return list(self._translator.translate_batch(texts, **(wanted | more)))

    def _finish(
        self,
        batch: list[int],
        results: list[Any],
        rows: Sequence[list[int]],
        limits: Sequence[int],
        options: SearchOptions,
    ) -> tuple[list[int], list[list[Hypothesis]]]:
        found = []
        for i, waited in zip(batch, results, strict=True):
            result = waited.result()
            if self._is_final(result, limits[i]):
                found.append(self._hypotheses(result, options))
            else:
                found.append(self._search_again(rows[i], limits[i], options))
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
