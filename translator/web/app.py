"""The application: all paths, the OpenAPI document, and how errors look."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from translator.config import WebConfig
from translator.errors import ConfigError, DataError, TranslatorError
from translator.web import api, libretranslate, metrics, pages, schema
from translator.web.guard import INTERNAL, Access, Guard, Refusal
from translator.web.models import Models
from translator.web.service import Service

_REFUSALS = {
    400: "What was asked for is not possible; the answer says why.",
    401: "A key is needed.",
    403: "The key is not known, or a page of another site asks.",
    408: "The request did not come in time.",
    413: "There is too much in the request.",
    415: "The body is neither JSON nor a form.",
    421: "The server is not called by this name.",
    429: "Too many requests.",
    500: "A mistake in the server.",
    503: "Too many requests are in work.",
    504: "This took too long.",
}
_ABOUT = """Translations by models that `translator train` has made. What LibreTranslate's clients
ask for is here under the same paths, and more below `/api`. Every error is `{"error": "…"}`."""


def create_app(models: Models, options: WebConfig, access: Access, figures: metrics.Metrics) -> Any:
    """Return the ASGI application that serves `models` to whom `access` lets in."""
    from importlib.metadata import version

    service = Service(models, options, figures)
    app = FastAPI(
        title="translator",
        version=version("translator"),
        description=_ABOUT,
        # the usual pages about the paths load their scripts from elsewhere
        docs_url=None,
        redoc_url=None,
        responses={
            status: {"model": schema.Problem, "description": text}
            for status, text in _REFUSALS.items()
        },
        # nothing is sent anywhere, whatever variables are set
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
    )
    app.include_router(libretranslate.routes(service, keys=bool(access.keys)))
    app.include_router(api.routes(service))
    app.include_router(_metrics(figures))
    app.include_router(pages.routes(app))
    app.add_exception_handler(Refusal, _refused(figures))
    app.add_exception_handler(ConfigError, _not_possible)
    app.add_exception_handler(DataError, _not_possible)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _failed)
    document = app.openapi
    app.openapi = lambda: _as_it_is(document())  # type: ignore[method-assign]
    paths = {*app.openapi()["paths"], "/", "/docs", "/openapi.json"}
    guard = Guard(app, options, access, figures, paths)
    figures.watch(lambda: guard.in_work, lambda: models.waiting)
    return guard


def _metrics(figures: metrics.Metrics) -> Any:
    from fastapi import APIRouter

    router = APIRouter(tags=["for those who run it"])

    @router.get(
        "/metrics",
        summary="Give figures to Prometheus",
        response_class=Response,
        responses={200: {"content": {"text/plain": {}}}},
    )
    async def all_figures() -> Response:
        return Response(figures.text(), headers={"content-type": metrics.CONTENT_TYPE})

    return router


def _as_it_is(document: dict[str, Any]) -> dict[str, Any]:
    """Take out of the document what FastAPI believes of its own errors: here they are 400."""
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["responses"].pop("422", None)
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    return document


def _refused(figures: metrics.Metrics) -> Any:
    async def answer(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, Refusal)
        figures.refused.labels(error.reason).inc()
        return _problem(error.status, error.text)

    return answer


async def _not_possible(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TranslatorError)
    return _problem(400, error.message)  # and not where: that may be a path


async def _malformed(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return _problem(400, libretranslate.problems(error.errors()))


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return _problem(error.status_code, str(error.detail), dict(error.headers or {}))


async def _failed(request: Request, error: Exception) -> JSONResponse:
    return _problem(500, INTERNAL)


def _problem(status: int, text: str, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": text}, status, headers)
