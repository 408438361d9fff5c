"""JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from translator.corpora.columns import Wanted, check_layout, is_nested, named_layout
from translator.corpora.compression import Count, open_bytes
from translator.corpora.formats.records import NOTHING, Record
from translator.corpora.lines import clean, clean_lines
from translator.errors import DataError

_LAYOUTS = 1000
"""Sets of keys that are remembered: a file may have another one on each line."""


def read_jsonl(path: Path, wanted: Wanted, count: Count | None = None) -> Iterator[Record]:
    """Read one JSON object a line: `{"en": …, "fr": …}` or `{"translation": {…}}`."""
    layouts: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}
    with open_bytes(path, count) as stream:
        for number, line in clean_lines(stream, path):
            if not line.strip():
                yield number, "", ("",), NOTHING
                continue
            where = f"{path}:{number}"
            record = outer = _json_object(line, where)
            inner = record.get("translation")
            if isinstance(inner, dict) and is_nested(tuple(record), wanted):
                record = inner
            keys = tuple(record)
            if keys not in layouts:
                if len(layouts) >= _LAYOUTS:
                    layouts.clear()
                layout = named_layout(keys, wanted, where=where, positions=False)
                check_layout(layout, where=where)
                layouts[keys] = keys[layout.source], tuple(keys[at] for at in layout.targets)
            source, targets = layouts[keys]
            texts: list[str | None] = []
            for key in targets:
                value = record[key]
                # what merely starts with the language, such as fr_score, is no reference
                if texts and not wanted.target_columns and isinstance(value, int | float | dict):
                    continue
                for text in value if isinstance(value, list) else [value]:
                    texts.append(clean(_json_text(text, key, where), path, number))
            extras = _others(record, outer, {source, *targets}) if wanted.extras else NOTHING
            text = clean(_json_text(record[source], source, where), path, number)
            yield number, text, texts or [""], extras


def _others(record: dict[str, Any], outer: dict[str, Any], taken: set[str]) -> dict[str, str]:
    """Return what else an object and the one around it hold: texts as they are, rest as JSON."""
    values = dict(record)
    if outer is not record:
        values |= {
            key: value for key, value in outer.items() if key not in {*record, "translation"}
        }
    texts = {
        key: value if isinstance(value, str) else _written(value)
        for key, value in values.items()
        if key not in taken and value is not None
    }
    # half of a surrogate pair cannot be written anywhere
    return {
        clean(key.encode("utf-8", "replace").decode()): clean(
            text.encode("utf-8", "replace").decode()
        )
        for key, text in texts.items()
    }


def _json_object(line: str, where: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise DataError(f"is not JSON: {error.msg}", where=where, hint=_JSONL) from None
    except (ValueError, RecursionError) as error:
        # Python reads no whole number of more than 4,300 digits
        reason = "nested too deeply" if isinstance(error, RecursionError) else "a number too long"
        raise DataError(f"is not JSON: {reason}", where=where, hint=_JSONL) from None
    if isinstance(value, dict):
        return value
    raise DataError("is not a JSON object", where=where, hint=_JSONL)


_JSONL = 'Each line is one object, {"en": "…", "fr": "…"}; of an array, jq -c ".[]" makes lines.'


def _written(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "[…]"


def _json_text(value: Any, key: str, where: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise DataError(f"{key!r} holds {_written(value)[:40]}, not a text", where=where)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise DataError(f"{key!r} holds half of a surrogate pair", where=where) from None
    return value
