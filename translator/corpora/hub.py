"""Data sets of the Hugging Face hub, through `datasets`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from translator.corpora.arrow import BATCH_ROWS, arrow_rows, text_fields
from translator.corpora.columns import Wanted
from translator.corpora.spec import Spec
from translator.errors import DataError

TIMEOUT = 5.0
"""Seconds in which the hub's address must answer before only local copies are looked for."""


def load_hub(spec: Spec) -> Any:
    """Return the `datasets.Dataset` that `hf:NAME[/CONFIG][:SPLIT]` names.

    `hf:a/b` is the data set `b` of the namespace `a`, or else configuration `b` of data set `a`.

    Raises:
        DataError: it does not exist, its configuration or split does not, or it cannot be fetched.
    """
    import datasets

    problems: list[Exception] = []
    with _quick_when_offline() as online:
        for name, config in _readings(spec.hub):
            try:
                return datasets.load_dataset(name, config, split=spec.split)
            except (FileNotFoundError, ConnectionError) as error:
                problems.append(error)
            except Exception as error:  # whatever the library raises, the user gets one message
                problems.append(error)
                break
    # of two readings that both fail to be found, the first is what was written
    problem = problems[0] if isinstance(problems[-1], OSError) else problems[-1]
    reason = " ".join(str(problem).split())[:300] or type(problem).__name__
    if isinstance(problem, FileNotFoundError):
        hint = (
            "Look for its name on https://huggingface.co/datasets; write hf:NAME[/CONFIG][:SPLIT]."
        )
    elif isinstance(problem, ConnectionError) or not online:
        reason = "the hub cannot be reached, and there is no copy of the data set on this machine"
        hint = "Go online, or download the data and give the files."
    else:
        hint = "Write hf:NAME[/CONFIG][:SPLIT]."
    raise DataError(f"cannot be loaded: {reason}", where=spec.text, hint=hint) from None


def hub_rows(
    dataset: Any, spec: Spec, wanted: Wanted
) -> Iterator[tuple[int, str, list[str | None]]]:
    """Yield the rows of a data set, counted from 1.

    Raises:
        DataError: it has no columns for the languages.
    """
    fields = text_fields(dataset.features.arrow_schema, wanted, where=spec.text)
    columns = list(dict.fromkeys(field[0] for field in fields))
    tables = dataset.select_columns(columns).with_format("arrow").iter(batch_size=BATCH_ROWS)
    yield from arrow_rows(tables, fields, where=spec.text)


def _readings(name: str) -> list[tuple[str, str | None]]:
    parts = name.split("/")
    if len(parts) == 1:
        return [(name, None)]
    if len(parts) == 2:
        return [(name, None), (parts[0], parts[1])]
    return [("/".join(parts[:2]), parts[2])]


@contextmanager
def _quick_when_offline() -> Iterator[bool]:
    """Keep the library from half a minute of retries where there is no network."""
    import datasets.config as settings

    was = settings.HF_HUB_OFFLINE
    online = not was and _answers(settings.HF_ENDPOINT)
    settings.HF_HUB_OFFLINE = not online
    try:
        yield online
    finally:
        settings.HF_HUB_OFFLINE = was


def _answers(address: str) -> bool:
    import socket
    import urllib.request
    from urllib.parse import urlsplit

    parts = urlsplit(address)
    if urllib.request.getproxies():
        return True  # not ours to find out
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        socket.create_connection((parts.hostname or "", port), timeout=TIMEOUT).close()
    except OSError:
        return False
    return True
