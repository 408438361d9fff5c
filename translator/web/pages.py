"""The page, the files that it is made of, and a page about the paths; nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from translator.web.guard import OPEN_FOLDER

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_DOCS = "docs.html"


def routes(app: FastAPI) -> APIRouter:
    """Return the page at `/`, its files, and `/docs`, which describes the paths of `app`."""
    router = APIRouter(include_in_schema=False)
    # read once: no path that a client sends ever meets the disk
    contents = dict(_files())

    @router.get("/")
    async def page() -> Response:
        return Response(*contents["index.html"])

    @router.get(OPEN_FOLDER + "{name}")
    async def file(name: str) -> Response:
        if name not in contents:
            return HTMLResponse("there is no such file", status_code=404)
        return Response(*contents[name])

    @router.get("/docs")
    async def docs() -> HTMLResponse:
        return HTMLResponse(_described(app.openapi()))

    return router


def _files() -> Iterator[tuple[str, tuple[bytes, int, None, str]]]:
    """Yield the files by name, each as the arguments of a response."""
    for file in files(__package__).joinpath("page").iterdir():
        kind = _TYPES.get(file.name[file.name.rfind(".") :])
        if kind is not None and file.name != _DOCS:
            yield file.name, (file.read_bytes(), 200, None, kind)


def _described(document: dict[str, Any]) -> str:
    """Return the OpenAPI document as a page to read."""
    environment = Environment(
        loader=PackageLoader("translator.web", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    schemas = document["components"]["schemas"]
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "summary": operation["summary"],
            "description": operation.get("description", ""),
            "fields": _fields(operation, schemas),
        }
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    return environment.get_template(_DOCS).render(info=document["info"], operations=operations)


def _fields(operation: dict[str, Any], schemas: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the fields of a request's body."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema = content.get("schema", {})
    if "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    needed = schema.get("required", [])
    return [
        {
            "name": name,
            "type": _type(field),
            "needed": name in needed,
            "description": field.get("description", ""),
        }
        for name, field in schema.get("properties", {}).items()
    ]


def _type(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_type(one) for one in field["anyOf"] if one.get("type") != "null")
    if field.get("type") == "array":
        return f"list of {_type(field.get('items', {}))}"
    if "$ref" in field:
        return str(field["$ref"]).rpartition("/")[2]
    return str(field.get("type", "anything"))
