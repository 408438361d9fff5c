"""Our own paths: n-best lists, words with their probabilities, alignments, streams."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from translator.decoding.text.parts import Part
from translator.decoding.translation import GivenScore, Translation
from translator.errors import ConfigError
from translator.web import schema
from translator.web.guard import Refusal
from translator.web.models import Found
from translator.web.service import MOST_TO_ALIGN, Job, Service, cells
from translator.web.texts import space_after

if TYPE_CHECKING:
    import numpy as np

    from translator.alignment.attention import Attention

_DIGITS = 6
"""Of a log probability; float32 has no more."""
_WEIGHT_DIGITS = 4

_EVENTS = """A stream of server-sent events, in order:

- `begin`: `{"sentences": N, "source": "en", "target": "fr"}`
- `sentence`, N times: as in the answer of `/api/translate`
- `end`: `{}`, or `error`: `{"error": "…"}` if it breaks off
"""


def routes(service: Service) -> APIRouter:
    """Return the paths below `/api`."""
    router = APIRouter(prefix="/api", tags=["translator"])

    @router.post("/translate", summary="Translate a text, sentence by sentence")
    async def translate(asked: schema.Translate) -> schema.Translated:
        """Each sentence comes with its n best translations, their words and how sure they are."""
        job = _job(service, asked)
        found = await service.translations(
            job, n_best=asked.n_best, parts=True, glossary=asked.glossary
        )
        return schema.Translated(
            text=job.whole([one.best[0].text for one in found]),
            source=job.direction[0],
            target=job.direction[1],
            sentences=_sentences(job, found),
        )

    @router.post(
        "/stream",
        summary="Translate a long text, and send each sentence when it is ready",
        response_class=StreamingResponse,
        responses={200: {"content": {"text/event-stream": {}}, "description": _EVENTS}},
    )
    async def stream(asked: schema.Translate) -> StreamingResponse:
        """Only the best translation of each sentence is given."""
        job = _job(service, asked)
        return StreamingResponse(
            _events(service, job, asked.glossary), media_type="text/event-stream"
        )

    @router.post("/score", summary="Tell how likely the model finds given translations")
    async def score(asked: schema.Pairs) -> schema.Scores:
        """The score is the log probability over the length, as translations are ranked by."""
        pairs = _pairs(service, asked)
        found = await service.scores(pairs, asked.source, asked.target)
        return schema.Scores(scores=[None if one is None else _score(one) for one in found])

    @router.post("/align", summary="Tell which source words the words of translations looked at")
    async def align(asked: schema.Look) -> schema.Alignments:
        """Links and weights are read from the cross-attention; sub-words are merged into words."""
        pairs = _pairs(service, asked)
        if cells(pairs) > MOST_TO_ALIGN:
            raise Refusal(
                413, "these are too long to be aligned at once: give sentence by sentence", "cells"
            )
        found = await service.attentions(pairs, asked.source, asked.target)
        return schema.Alignments(alignments=[_alignment(one, heads=asked.heads) for one in found])

    return router


def _job(service: Service, asked: schema.Translate) -> Job:
    service.check_length([asked.text])
    service.check_length([*asked.glossary, *asked.glossary.values()])
    return service.job(asked.text, asked.source, asked.target)


def _pairs(service: Service, asked: schema.Pairs) -> list[tuple[str, str]]:
    service.check_size([pair.source for pair in asked.pairs])
    service.check_size([pair.target for pair in asked.pairs])
    return [(pair.source, pair.target) for pair in asked.pairs]


def _sentences(job: Job, found: Sequence[Found]) -> list[schema.Sentence]:
    rest = iter(found)
    return [
        schema.Sentence(
            source=part.text,
            space=part.space,
            target_space=space_after(part, job.translator),
            **(_best(next(rest)) if part.text else {"translations": []}),
        )
        for part in job.parts
    ]


def _best(one: Found) -> dict[str, Any]:
    return {
        "translations": [_hypothesis(other) for other in one.best],
        "alarms": list(one.alarms),
    }


def _hypothesis(one: Translation) -> schema.Hypothesis:
    return schema.Hypothesis(
        text=one.text,
        score=round(one.score, _DIGITS),
        log_prob=round(one.log_prob, _DIGITS),
        complete=one.complete,
        words=_words(one.words),
        missed=[[term.source, term.target] for term in one.missed],
    )


def _score(one: GivenScore) -> schema.Score:
    return schema.Score(
        log_prob=round(one.log_prob, _DIGITS),
        score=round(one.score, _DIGITS),
        perplexity=one.perplexity,
        words=_words(one.words),
    )


def _words(parts: Sequence[Part] | None) -> list[schema.Part]:
    return [
        schema.Part(text=part.text, log_prob=round(part.log_prob, _DIGITS)) for part in parts or []
    ]


def _alignment(one: Attention, *, heads: bool) -> schema.Alignment:
    return schema.Alignment(
        source=list(one.source),
        target=list(one.target),
        links=[list(link) for link in one.links],
        weights=_rounded(one.chosen),
        heads=_rounded(one.weights) if heads else None,
    )


def _rounded(weights: np.ndarray) -> Any:
    return weights.astype("float64").round(_WEIGHT_DIGITS).tolist()


async def _events(service: Service, job: Job, glossary: dict[str, str]) -> AsyncIterator[str]:
    """Yield the events of a stream; what goes wrong once it has begun is one of them."""
    source, target = job.direction
    yield _event("begin", {"sentences": len(job.parts), "source": source, "target": target})
    found = service.stream(job, glossary=glossary)
    try:
        for part in job.parts:
            best = [await anext(found)] if part.text else []
            [sentence] = _sentences(Job(job.served, job.direction, [part]), best)
            yield _event("sentence", sentence.model_dump())
        yield _event("end", {})
    except ConfigError as error:
        yield _event("error", {"error": error.message})
    finally:
        await found.aclose()  # type: ignore[attr-defined] # it is an asynchronous generator


def _event(name: str, data: object) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
