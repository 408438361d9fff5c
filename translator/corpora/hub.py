"""Data sets of the Hugging Face hub, through `datasets`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from translator.corpora.columns import Wanted
from translator.corpora.formats.arrow import BATCH_ROWS, arrow_rows, other_fields, text_fields
from translator.corpora.formats.records import Record
from translator.corpora.spec import Spec
from translator.errors import DataError
from translator.progress import say, size

TIMEOUT = 5.0
"""Seconds in which the hub's address must answer before only local copies are looked for."""


_SHARE = 0.9
"""Of the free disk space, what a data set may fill."""


@dataclass(frozen=True)
class HubSet:
    """A data set of the hub, at one revision."""

    dataset: Any
    """`datasets.Dataset`; or `datasets.IterableDataset`, which is read over the network."""
    revision: str
    """Hexadecimal, of the commit; empty if unknown."""
    total: int | None
    """Rows; None if unknown."""

    @property
    def fingerprint(self) -> str:
        """Return a text that is equal for equal contents."""
        return self.revision or str(self.dataset._fingerprint)


def load_hub(spec: Spec) -> HubSet:
    """Return the data set that `hf:NAME[/CONFIG][:SPLIT][#REVISION]` names.

    `hf:a/b` is the data set `b` of the namespace `a`, or else configuration `b` of data set `a`.
    One that is too large for the disk is not downloaded but streamed.

    Raises:
        DataError: it does not exist, its configuration or split does not, or it cannot be fetched.
    """
    import datasets

    problems: list[Exception] = []
    with _quick_when_offline() as online:
        for name, config in _readings(spec.hub):
            try:
                builder = datasets.load_dataset_builder(
                    name, config, revision=spec.revision or None
                )
                return _opened(builder, spec)
            except DataError:
                raise
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


def _opened(builder: Any, spec: Spec) -> HubSet:
    """Download a data set, or begin to stream it where it would not fit."""
    info = builder.info
    commit = re.search(r"@([0-9a-f]{40})(?:/|$)", str(builder.base_path or ""))
    revision = commit[1] if commit else _hexadecimal(str(builder.hash or ""))
    if spec.revision and not commit and revision != spec.revision:
        # the library takes what it has, whatever was asked for
        raise DataError(
            f"there is no revision {spec.revision!r}, or the hub cannot be reached; the copy on "
            f"this machine is of {revision or 'an unknown one'}",
            where=spec.text,
            hint="Go online, or name another revision, or none.",
        )
    needed = (info.download_size or 0) + (info.dataset_size or 0)
    free = _free(builder.cache_dir)
    if needed <= _SHARE * free or Path(builder.cache_dir).exists():
        builder.download_and_prepare()
        dataset = builder.as_dataset(split=spec.split)
        return HubSet(dataset, revision, len(dataset))
    split, slash, end = spec.split.partition("[:")
    limit = int(end[:-1]) if end[-1:] == "]" and end[:-1].isdecimal() else None
    if slash and limit is None:
        raise DataError(
            f"takes {size(needed)}, {size(free)} are free, and a part like this cannot be streamed",
            where=spec.text,
            hint=f"Name the first N pairs, as in hf:{spec.hub}:{split}[:1000000], or the whole.",
        )
    say(f"{spec.name}: takes {size(needed)}, and {size(free)} are free: read over the network")
    dataset = builder.as_streaming_dataset(split=split)
    known = info.splits[split].num_examples if info.splits and split in info.splits else None
    if limit is not None:
        dataset = dataset.take(limit)
        known = min(limit, known or limit)
    return HubSet(dataset, revision, known)


def _hexadecimal(text: str) -> str:
    return text if re.fullmatch(r"[0-9a-f]{40}", text) else ""


def _free(path: str) -> int:
    existing = next(
        place for place in [Path(path), *Path(path).absolute().parents] if place.exists()
    )
    return shutil.disk_usage(existing).free


def hub_rows(
    hub: HubSet, spec: Spec, wanted: Wanted
) -> Iterator[tuple[int, str, Sequence[str | None]]]:
    """Yield the rows of a data set, counted from 1.

    Raises:
        DataError: it has no columns for the languages.
    """
    for number, source, targets, _ in hub_records(hub, spec, wanted):
        yield number, source, targets


def hub_records(hub: HubSet, spec: Spec, wanted: Wanted) -> Iterator[Record]:
    """Yield the rows of a data set with all that is known of them, counted from 1.

    Raises:
        DataError: as `hub_rows`, or the network fails while the data set is streamed.
    """
    dataset = hub.dataset
    features = dataset.features or dataset._resolve_features().features
    fields = text_fields(features.arrow_schema, wanted, where=spec.text)
    others = other_fields(features.arrow_schema, fields) if wanted.extras else []
    columns = list(dict.fromkeys(field[0] for field in fields + others))
    tables = dataset.select_columns(columns).with_format("arrow").iter(batch_size=BATCH_ROWS)
    try:
        batches = (batch for table in tables for batch in table.to_batches())
        yield from arrow_rows(batches, fields, others, where=spec.text)
    except OSError as error:
        raise DataError(
            f"cannot be read to its end: {str(error)[:300]}",
            where=spec.text,
            hint="Run the same command again, or download the data and give the files.",
        ) from None


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
