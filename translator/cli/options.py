"""The table of all options, made from the dataclasses: `python -m translator.cli.options`.

The README holds it as Markdown; `translator train --options` prints it as text.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import textwrap
import typing
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Literal, NamedTuple

from translator import config
from translator.config import PRESETS, Config, WebConfig, preset_names, read_toml


class Option(NamedTuple):
    """One option: `name` is what `--set` takes."""

    name: str
    values: str
    default: str
    presets: dict[str, str]
    """The value in each preset that sets it."""
    meaning: str


def options_table() -> str:
    """Return all options of a run as a Markdown table."""
    lines = ["| Option | Values | Default | Presets | Meaning |", "|---|---|---|---|---|"]
    for option in all_options():
        presets = ", ".join(f"{name} {_code(value)}" for name, value in option.presets.items())
        cells = [_code(option.name), option.values, _code(option.default), presets, option.meaning]
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines)


def web_table() -> str:
    """Return the options of `translator serve` as a Markdown table."""
    lines = ["| Option | Default | Meaning |", "|---|---|---|"]
    lines += [f"| `{one.name}` | `{one.default}` | {one.meaning} |" for one in web_options()]
    return "\n".join(lines)


def options_text(options: Iterable[Option] | None = None) -> str:
    """Return options, by default all of a run, as text for a terminal."""
    lines = []
    for option in all_options() if options is None else options:
        presets = "".join(f", {name} {value}" for name, value in option.presets.items())
        default = option.default or '""'
        lines.append(f"{option.name}={default}  ({option.values}{presets})")
        lines += textwrap.wrap(
            option.meaning, width=96, initial_indent="    ", subsequent_indent="    "
        )
    return "\n".join(lines)


def preset_lines() -> list[str]:
    """Return each preset's name and description, which is the comment its file begins with."""
    lines = []
    for name in preset_names():
        first = (PRESETS / f"{name}.toml").read_text(encoding="utf-8").partition("\n")[0]
        lines.append(f"{name:<8}{first.removeprefix('#').strip()}")
    return lines


def all_options() -> Iterator[Option]:
    """Yield the options in the order of the dataclasses."""
    presets = {name: read_toml(PRESETS / f"{name}.toml") for name in preset_names()}
    for section in dataclasses.fields(Config):
        yield from _options(section.name, typing.cast(Any, section.default_factory), presets)


def web_options() -> Iterator[Option]:
    """Yield the options of `translator serve`, which are no part of a run."""
    return _options("web", WebConfig, {})


def _options(section: str, cls: Any, presets: dict[str, dict[str, Any]]) -> Iterator[Option]:
    kinds = typing.get_type_hints(cls)
    for field in dataclasses.fields(cls):
        yield Option(
            name=f"{section}.{field.name}",
            values=_values(kinds[field.name]),
            default=_text(field.default),
            presets={
                preset: _text(values[section][field.name])
                for preset, values in presets.items()
                if field.name in values.get(section, {})
            },
            meaning=_docstrings()[cls.__name__, field.name],
        )


@cache
def _docstrings() -> dict[tuple[str, str], str]:
    """Return the text under each field of each class, which Python itself does not keep."""
    found = {}
    for node in ast.parse(inspect.getsource(config)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        for statement, below in zip(node.body, node.body[1:], strict=False):
            if (
                isinstance(statement, ast.AnnAssign)
                and isinstance(statement.target, ast.Name)
                and isinstance(below, ast.Expr)
                and isinstance(below.value, ast.Constant)
            ):
                text = inspect.cleandoc(str(below.value.value))
                found[node.name, statement.target.id] = " ".join(text.split())
    return found


def _values(kind: Any) -> str:
    if typing.get_origin(kind) is Literal:
        return ", ".join(map(str, typing.get_args(kind)))
    return {int: "whole number", float: "number", bool: "true, false"}.get(kind, "text")


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


if __name__ == "__main__":
    import sys

    sys.stdout.write(options_table() + "\n")
    sys.stdout.write("\n" + web_table() + "\n")
