"""A corpus in one format becomes the same corpus in another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from translator.config import DataConfig
from translator.corpora.columns import Wanted, wanted_columns
from translator.corpora.formats.records import KINDS, Record
from translator.corpora.hub import load_hub
from translator.corpora.readers import check_files, read_with_progress
from translator.corpora.spec import Spec, parse_spec
from translator.corpora.store import drop_reason, no_pairs
from translator.corpora.writers import has_columns, open_writer, output_format
from translator.errors import ConfigError


@dataclass
class Converted:
    """What became of a corpus."""

    pairs: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    """Rows that are no pair, by reason."""
    columns: list[str] = field(default_factory=list)
    """Names of all that was kept beside source and target."""
    lost: list[str] = field(default_factory=list)
    """Names of what the new format has no room for."""
    changed: int = 0
    """Texts with characters that the new format cannot hold, which were replaced."""


def convert(
    spec: str,
    out: str,
    *,
    source: str,
    target: str,
    options: DataConfig,
    pairs_only: bool = False,
) -> Converted:
    """Write a corpus (see `spec`) to the file, or files, that `out` names.

    Pairs with a blank side, and what the corpus marks as no pair, are left out and counted. What
    else it says of a pair is kept, unless `pairs_only`, where the format has room for it.

    Raises:
        ConfigError: a name or an option makes no sense.
        DataError: the corpus cannot be read, breaks the pair contract, or holds no pair.
    """
    form, paths = output_format(out)
    wanted = wanted_columns(
        options, source=source, target=target, extras=not pairs_only and form != "text"
    )
    parsed = _one(spec)
    check_files(parsed, wanted)
    hub = load_hub(parsed) if parsed.hub else None
    result = Converted()
    columns = []
    if wanted.extras and has_columns(form):
        columns = list(
            _names(read_with_progress(parsed, wanted, "Looking for columns of", hub), wanted)
        )
    with open_writer(form, paths, (source, target), columns) as writer:
        kept: dict[str, None] = {}
        for _, text, texts, extras in read_with_progress(parsed, wanted, "Converting", hub):
            text, translation = text.strip(), (texts[0] or "").strip()
            if not (text and translation) or extras:
                reason = drop_reason(text, translation, extras)
                if reason:
                    result.dropped[reason] += 1
                    continue
            if wanted.extras and (extras or len(texts) > 1):
                extras = _named(texts, extras, wanted)
                if len(kept) < KINDS:
                    kept |= dict.fromkeys(extras)
            writer.write(text, translation, extras)
            result.pairs += 1
        if not result.pairs:
            raise no_pairs(parsed, dict(result.dropped))
    result.columns, result.changed = list(kept), writer.changed
    if form == "text" and not pairs_only:
        with_extras = wanted_columns(options, source=source, target=target, extras=True)
        first = next(iter(read_with_progress(parsed, with_extras, "", hub)), None)
        result.lost = list(_named(first[2], first[3], with_extras)) if first else []
    return result


def _one(text: str) -> Spec:
    parsed = parse_spec(text)
    if parsed.weight != 1:
        raise ConfigError(f"{text!r}: only training corpora have weights")
    return parsed


def _names(records: Iterator[Record], wanted: Wanted) -> dict[str, None]:
    """Return the names of all extras, in the order of their first occurrence."""
    names: dict[str, None] = {}
    for _, source, texts, extras in records:
        if (extras or len(texts) > 1) and not drop_reason(source.strip(), "x", extras):
            names |= dict.fromkeys(_named(texts, extras, wanted))
            if len(names) > KINDS:
                raise ConfigError(
                    f"has more than {KINDS:,} columns beside source and target",
                    hint="Leave them out with --pairs-only, or write JSON Lines.",
                )
    return names


def _named(
    texts: Sequence[str | None], extras: Mapping[str, str], wanted: Wanted
) -> dict[str, str]:
    """Return the extras with names that are no language's, and further references among them."""
    taken = {wanted.source, wanted.target}
    named = {}
    for name, value in extras.items():
        while name in taken:
            name += "_"
        named[name] = value
    for number, text in enumerate(texts[1:], start=2):
        if text and text.strip():
            named[f"{wanted.target}.{number}"] = text.strip()
    return named
