"""The paths of LibreTranslate, so that its clients work with this server too."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from pydantic import BaseModel, ValidationError

from translator.decoding.translation import Translation
from translator.languages import language_name
from translator.web import detection, schema
from translator.web.guard import Refusal
from translator.web.html import Document, Run, Sentence
from translator.web.models import Found
from translator.web.service import MOST_TO_ALIGN, Job, Service, cells
from translator.web.texts import space_after

Model = TypeVar("Model", bound=BaseModel)

_FORM = "application/x-www-form-urlencoded"


def routes(service: Service, *, keys: bool) -> APIRouter:
    """Return the paths; `keys` says whether a key is asked for."""
    router = APIRouter(tags=["as LibreTranslate"])

    @router.post(
        "/translate",
        summary="Translate a text, or several",
        openapi_extra=_takes(schema.LibreTranslation),
        response_model_exclude_none=True,
    )
    async def translate(request: Request) -> schema.LibreTranslated:
        """The text stays as it is between its sentences; `alternatives` are joined in the same way.

        JSON and forms are read.
        """
        asked = await _read(request, schema.LibreTranslation)
        texts = [asked.q] if isinstance(asked.q, str) else asked.q
        service.check_size(texts)
        detected = None
        sources = [asked.source] * len(texts)
        if asked.source == "auto":
            among = [a for a, b in service.models.directions if b == asked.target] or list(
                service.models.languages()
            )
            guesses = [found[0] for found in await service.languages_of(texts, among)]
            detected = [_detected(*guess) for guess in guesses]
            sources = [tag for tag, _ in guesses]
        translate = _pages if asked.format == "html" else _texts
        answers = await translate(service, texts, sources, asked.target, asked.alternatives)
        if isinstance(asked.q, str):
            [(text, others)] = answers
            return schema.LibreTranslated(
                translatedText=text,
                alternatives=others if asked.alternatives else None,
                detectedLanguage=detected and detected[0],
            )
        return schema.LibreTranslated(
            translatedText=[text for text, _ in answers],
            alternatives=[others for _, others in answers] if asked.alternatives else None,
            detectedLanguage=detected,
        )

    @router.post(
        "/detect",
        summary="Tell in which of the served languages a text is",
        openapi_extra=_takes(schema.LibreDetection),
    )
    async def detect(request: Request) -> list[schema.Detected]:
        """The likeliest comes first."""
        asked = await _read(request, schema.LibreDetection)
        service.check_size([asked.q])
        [guesses] = await service.languages_of([asked.q], list(service.models.languages()))
        return [_detected(*guess) for guess in guesses]

    @router.get("/languages", summary="List the languages")
    async def languages() -> list[schema.Language]:
        """Each with those that it can be translated to."""
        return [
            schema.Language(code=tag, name=language_name(tag), targets=targets)
            for tag, targets in service.models.languages().items()
        ]

    @router.get("/frontend/settings", summary="Tell what a page needs to know")
    async def settings() -> schema.Settings:
        """Limits, and what this server can do."""
        directions = service.models.directions
        pairs = [{"code": tag, "name": language_name(tag)} for tag in directions[0]]
        return schema.Settings(
            apiKeys=keys,
            keyRequired=keys,
            charLimit=service.options.max_characters,
            frontendTimeout=500,
            language={"source": pairs[0], "target": pairs[1]},
            directions=[list(one) for one in directions],
            alternatives=service.models.most_alternatives(),
            detection=detection.can_detect(),
        )

    @router.get("/health", summary="Tell that the server is there")
    async def health() -> schema.Health:
        """For those who watch it."""
        return schema.Health()

    return router


Answer = tuple[str, list[str]]
"""A translation, and further ones."""


async def _texts(
    service: Service, texts: list[str], sources: list[str], target: str, alternatives: int
) -> list[Answer]:
    """Translate the texts of one request; all go into the same batches."""
    jobs = [service.job(*one, target) for one in zip(texts, sources, strict=True)]
    return [
        _answer(
            [job.whole([best.text for best in row]) for row in _ranked(found, alternatives)],
            alternatives,
        )
        for job, found in zip(jobs, await _found(service, jobs, alternatives), strict=True)
    ]


async def _pages(
    service: Service, texts: list[str], sources: list[str], target: str, alternatives: int
) -> list[Answer]:
    """Translate pieces of HTML in the same way, between their tags."""
    documents = [Document(text) for text in texts]
    jobs = [
        [service.job(run.text, source, target) for run in document.runs]
        for document, source in zip(documents, sources, strict=True)
    ]
    found = iter(await _found(service, [job for own in jobs for job in own], alternatives))
    answers = []
    for document, own in zip(documents, jobs, strict=True):
        rows = [_ranked(next(found), alternatives) for _ in own]
        pages = []
        for rank in range(max(map(len, rows), default=1)):
            written = [
                await _written(service, run, job, row[min(rank, len(row) - 1)])
                for run, job, row in zip(document.runs, own, rows, strict=True)
            ]
            pages.append(document.join(written))
        answers.append(_answer(pages, alternatives))
    return answers


async def _written(service: Service, run: Run, job: Job, best: Sequence[Translation]) -> str:
    """Return the translation of a run, with its tags at the words that they belong to."""
    target = job.whole([one.text for one in best])
    rest = iter(best)
    sentences, at = [], [0, 0]
    for part in job.parts:
        if part.text:
            sentences.append(Sentence(part.text, at[0], next(rest).text, at[1]))
            at[1] += len(sentences[-1].target)
        at[0] += len(part.text) + len(part.space)
        at[1] += len(space_after(part, job.translator))
    needed = [
        i
        for i, one in enumerate(sentences)
        if run.covers_partly(one.source_at, one.source_at + len(one.source))
    ]
    pairs = [(sentences[i].source, sentences[i].target) for i in needed]
    # without links, tags stand about as far from the beginning as they did
    if pairs and cells(pairs) <= MOST_TO_ALIGN:
        for i, one in zip(needed, await service.attentions(pairs, *job.direction), strict=True):
            sentences[i] = sentences[i]._replace(
                sources=_places(one.source, sentences[i].source),
                targets=_places(one.target, sentences[i].target),
                links=one.links,
            )
    return run.written(target, sentences)


def _places(words: Sequence[str], text: str) -> list[tuple[int, int]]:
    """Find the words of a text in it."""
    places, at = [], 0
    for word in words:
        begin = text.index(word, at)
        at = begin + len(word)
        places.append((begin, at))
    return places


async def _found(service: Service, jobs: list[Job], alternatives: int) -> list[list[Found]]:
    return await asyncio.gather(
        *(service.translations(job, n_best=alternatives + 1) for job in jobs)
    )


def _ranked(found: list[Found], alternatives: int) -> list[list[Translation]]:
    """Return the translations of a text's sentences rank by rank; who has fewer gives its last."""
    ranks = max((len(one.best) for one in found), default=1)
    return [
        [one.best[min(rank, len(one.best) - 1)] for one in found]
        for rank in range(min(ranks, alternatives + 1))
    ]


def _answer(texts: list[str], alternatives: int) -> Answer:
    others = [text for text in dict.fromkeys(texts) if text != texts[0]]
    return texts[0], others[:alternatives]


def _detected(tag: str, probability: float) -> schema.Detected:
    return schema.Detected(confidence=round(100 * probability, 1), language=tag)


async def _read(request: Request, model: type[Model]) -> Model:
    """Read JSON, or a form whose fields may also stand in the address.

    Raises:
        Refusal: it is neither, or has not the right fields.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    values: Any
    if kind == "application/json":
        try:
            values = json.loads(body)
        except (ValueError, RecursionError):
            raise Refusal(400, "the body is not JSON", "form") from None
    elif kind in (_FORM, ""):
        try:
            fields = {
                **parse_qs(request.url.query, keep_blank_values=True),
                **parse_qs(body.decode(), keep_blank_values=True, max_num_fields=1000),
            }
        except ValueError:
            raise Refusal(400, "the body is not a form", "form") from None
        values = {name: many[0] if len(many) == 1 else many for name, many in fields.items()}
    else:
        raise Refusal(415, f"send JSON, or a form ({_FORM})", "form")
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise Refusal(400, problems(error.errors()), "form") from None


def problems(errors: Any) -> str:
    """Say what is wrong with a request: where, and what was expected."""
    told = []
    for error in errors[:5]:
        # without the names of types, which tell the alternatives apart
        parts = [str(part) for part in error["loc"] if part not in ("body", "query", "str")]
        where = ".".join(part for part in parts if "[" not in part)
        text = str(error["msg"]).removeprefix("Value error, ")
        told.append(f"{where}: {text}" if where else text)
    return "; ".join(dict.fromkeys(told))


def _takes(model: type[BaseModel]) -> dict[str, Any]:
    """Describe the body of a request for the OpenAPI document."""
    content = {"schema": model.model_json_schema(ref_template="#/components/schemas/{model}")}
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": content, _FORM: content},
        }
    }
