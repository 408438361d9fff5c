"""Which columns hold the source and the target: by name, by number, or by language tag."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from translator.config import DataConfig
from translator.errors import ConfigError, DataError, nearest
from translator.languages import language_name
from translator.progress import shortened

_SOURCE = ("source", "src")
_TARGET = ("target", "tgt", "trg")
"""Names of the columns where no language names them."""
_TAG = re.compile("[a-z]{2}(-[a-z]{2,4})?")
_NAME_WIDTH = 30

Column = str | int
"""A column as asked for: its name, or its position counted from 0."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the user wants to read: languages, columns, and whether further references count."""

    source: str
    target: str
    source_column: Column | None = None
    """None: the column named by the language, else the first."""
    target_columns: tuple[Column, ...] = ()
    """Empty: the column named by the language, else the second."""
    header: Literal["auto", "yes", "no"] = "auto"
    references: bool = False
    """Whether more than one target is read."""
    turned: bool = False
    """Whether the target comes before the source, in columns that no language names."""
    inline: Literal["remove", "keep"] = "remove"
    """What becomes of the tags inside of sentences, in formats that have them."""
    extras: bool = False
    """Whether all else that a file says of a pair is read too."""

    @property
    def places(self) -> tuple[int, int]:
        """Return where source and target are, counted from 0, if nothing says it."""
        return (1, 0) if self.turned else (0, 1)

    @property
    def named(self) -> bool:
        """Whether a column is asked for by name, so that there must be a header."""
        return any(isinstance(c, str) for c in (self.source_column, *self.target_columns))


@dataclass(frozen=True)
class Layout:
    """The positions of the chosen columns, counted from 0."""

    source: int
    targets: tuple[int, ...]
    open_ended: bool = False
    """Whether every column after the last target is a further reference."""


def wanted_columns(
    options: DataConfig,
    *,
    source: str,
    target: str,
    references: bool = False,
    turned: bool = False,
    extras: bool = False,
) -> Wanted:
    """Take the column options apart.

    Raises:
        ConfigError: a column number below 1, or a column name although there is no header.
    """
    targets = [part for part in options.target_column.split(",") if part.strip()]
    wanted = Wanted(
        source=source,
        target=target,
        source_column=_column(options.source_column, "source_column"),
        target_columns=tuple(_column(part, "target_column") or 0 for part in targets),
        header=options.header,
        references=references,
        turned=turned,
        inline=options.inline_tags,
        extras=extras,
    )
    if wanted.named and wanted.header == "no":
        raise ConfigError(
            "data.header=no leaves the columns without names",
            hint="Give both columns as numbers, or let data.header be auto.",
        )
    return wanted


def _column(text: str, option: str) -> Column | None:
    name = text.strip()
    if not name.isdecimal():
        return name or None
    if int(name) < 1:
        raise ConfigError(f"data.{option}={text}: columns are counted from 1")
    return int(name) - 1


def has_header(first_row: Sequence[str], wanted: Wanted, *, where: object) -> bool:
    """Decide whether the first row of a table names the columns.

    Raises:
        DataError: it names one of the two languages, and another one in place of the other.
    """
    if wanted.header != "auto":
        return wanted.header == "yes"
    if wanted.named:
        return True
    source = _find_source(first_row, wanted)
    targets = _find_targets(first_row, wanted, source[0] if source else -1)
    if source and targets:
        return True
    missing = wanted.target if source else wanted.source
    if (source or targets) and _names_others(first_row, wanted):
        raise DataError(
            f"the first line names columns, and none is {missing!r}: {_listed([*first_row])}",
            where=where,
            hint="Ask for languages that are there; or name the columns with "
            "--set data.source_column=… and data.target_column=…; or, if it is a pair of texts, "
            "--set data.header=no.",
        )
    return False


def _names_others(names: Sequence[str], wanted: Wanted) -> bool:
    """Return whether there is a language beside the two, and both stand as tags of two letters."""
    import langcodes

    asked = {_normal(tag).partition("-")[0] for tag in (wanted.source, wanted.target)}
    tags = [_normal(name) for name in names]
    found = {tag.partition("-")[0] for tag in tags if _TAG.fullmatch(tag)}
    others = (langcodes.Language.get(tag) for tag in found - asked)
    return bool(found & asked) and any(language.is_valid() for language in others)


def unnamed_layout(wanted: Wanted) -> Layout:
    """Choose the columns of a table without a header."""
    first, second = wanted.places
    source = wanted.source_column if isinstance(wanted.source_column, int) else first
    targets = tuple(c for c in wanted.target_columns if isinstance(c, int)) or (second,)
    open_ended = wanted.references and not wanted.target_columns and not wanted.turned
    return Layout(source, targets if wanted.references else targets[:1], open_ended)


def named_layout(names: Sequence[str], wanted: Wanted, *, where: object, positions: bool) -> Layout:
    """Choose columns by their names, where `positions` as first and second source, second target.

    Raises:
        DataError: a column is not there; the ones that are there are listed.
    """
    names = [name.strip() for name in names]
    if wanted.source_column is not None:
        source = _asked(names, wanted.source_column, where)
    else:
        found = _find_source(names, wanted)
        if not found and not positions:
            raise _no_language(names, wanted.source, "source", where)
        source = found[0] if found else wanted.places[0]
    if wanted.target_columns:
        targets = [_asked(names, column, where) for column in wanted.target_columns]
    else:
        targets = _find_targets(names, wanted, source)
        if not targets and not positions:
            raise _no_language(names, wanted.target, "target", where)
    targets = targets or [wanted.places[1]]
    return Layout(source, tuple(targets)[: None if wanted.references else 1])


def is_nested(names: Sequence[str], wanted: Wanted) -> bool:
    """Decide whether columns are looked for inside of `translation`, not beside it."""
    asked = [c for c in (wanted.source_column, *wanted.target_columns) if isinstance(c, str)]
    return not any(name in names for name in asked)


def is_tag(name: str, tag: str) -> bool:
    """Decide whether a name is that of a language: the tag, or `en` for `en-GB`."""
    return _normal(name) in (_normal(tag), _normal(tag).partition("-")[0])


def check_layout(layout: Layout, *, where: object) -> Layout:
    """Return the layout.

    Raises:
        DataError: source and target are the same column.
    """
    if layout.source in layout.targets:
        raise DataError(
            f"source and target are both column {layout.source + 1}",
            where=where,
            hint="Name both with --set data.source_column=… and --set data.target_column=…",
        )
    return layout


def _asked(names: list[str], column: Column, where: object) -> int:
    if isinstance(column, int):
        if column >= len(names):
            raise DataError(f"there is no column {column + 1}: found {_listed(names)}", where=where)
        return column
    if column in names:
        return names.index(column)
    folded = [name.casefold() for name in names]
    if folded.count(column.casefold()) == 1:
        return folded.index(column.casefold())
    raise DataError(
        f"there is no column {column!r}: found {_listed(names)}",
        where=where,
        hint=nearest(column, [shortened(name, _NAME_WIDTH) for name in names]),
    )


def _no_language(names: list[str], tag: str, side: str, where: object) -> DataError:
    return DataError(
        f"there is no column for the {side} language {tag!r}: found {_listed(names)}",
        where=where,
        hint=f"Name it with --set data.{side}_column=…",
    )


def _find_source(names: Sequence[str], wanted: Wanted) -> list[int]:
    """Find the source column by its language, else as `source` or `src`."""
    named = _by_language(names, wanted.source, taken=None)
    side = _TARGET if wanted.turned else _SOURCE
    return named or _suffixed(names, side, taken=None, suffix="")


def _find_targets(names: Sequence[str], wanted: Wanted, source: int) -> list[int]:
    """Find the target columns by their language, else as `target`, `tgt` or `trg`."""
    suffix = "([._-].*)?" if wanted.references else ""
    base = wanted.target.partition("-")[0]
    named = _suffixed(names, (wanted.target, base), source, suffix) if wanted.references else []
    named = named or _by_language(names, wanted.target, source)
    return named or _suffixed(names, _SOURCE if wanted.turned else _TARGET, source, suffix)


def _by_language(names: Sequence[str], tag: str, taken: int | None) -> list[int]:
    """Find the columns named by a tag, else `en` for `en-GB` and vice versa, else `English`."""
    tags = [_normal(name) for name in names]
    wanted = _normal(tag)
    base = wanted.partition("-")[0]
    for candidate in (wanted, base):
        found = [at for at, name in enumerate(tags) if name == candidate and at != taken]
        if found:
            return found
    if wanted == base:
        variants = [at for at, name in enumerate(tags) if _variant(name, base) and at != taken]
        if len(variants) == 1:  # of two, neither is the obvious one
            return variants
    english = {language_name(tag).casefold(), language_name(base).casefold()}
    return [at for at, name in enumerate(names) if name.strip().casefold() in english][:1]


def _suffixed(
    names: Sequence[str], candidates: Sequence[str], taken: int | None, suffix: str
) -> list[int]:
    """Find the columns named by the first candidate that is there, also with suffixes."""
    tags = [name.strip().casefold() for name in names]
    for candidate in map(str.casefold, candidates):
        pattern = re.compile(re.escape(candidate) + suffix)
        found = [at for at, name in enumerate(tags) if pattern.fullmatch(name) and at != taken]
        if found:
            # the bare name is the first reference, wherever it stands
            return sorted(found, key=lambda at: tags[at] != candidate)
    return []


def _variant(name: str, base: str) -> bool:
    return re.fullmatch(rf"{re.escape(base)}-([a-z]{{2}}|[a-z]{{4}}|\d{{3}})", name) is not None


def _normal(tag: str) -> str:
    return tag.strip().casefold().replace("_", "-")


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(shortened(name, _NAME_WIDTH)) for name in names[:10])
    return shown + (f" and {len(names) - 10} more" if len(names) > 10 else "")
