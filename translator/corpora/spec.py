"""What the user names after `--train`, `--dev` and `--data`, taken apart.

    FILE                          one file with both sides: .tsv .csv .jsonl .parquet .tmx .xlf .po
    SOURCE_FILE,TARGET_FILE       two parallel text files (a test set may name more references), or
                                  two .srt files
    FOLDER, 'PATTERN*'            all such files in a folder or with such names (see `folders`)
    hf:NAME[/CONFIG][:SPLIT]      a data set of the Hugging Face hub; `#REVISION` after it names a
                                  branch, a tag or a commit

Each may end in `@WEIGHT`. A path that exists as it is written wins over any other reading.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from translator.errors import ConfigError

HUB = "hf:"


@dataclass(frozen=True, kw_only=True)
class Spec:
    """One corpus as the user named it: either `paths` or a `hub` name."""

    text: str
    paths: tuple[Path, ...] = ()
    """One file with both sides, or the source file and the target files."""
    hub: str = ""
    """NAME, NAMESPACE/NAME, NAME/CONFIG or NAMESPACE/NAME/CONFIG."""
    split: str = "train"
    revision: str = ""
    """Of a hub data set; empty: the newest."""
    weight: float = 1.0
    """How often each pair is seen in an epoch."""

    @property
    def name(self) -> str:
        """The corpus in a few words, for progress bars and messages."""
        return self.hub or ",".join(path.name for path in self.paths)


def parse_spec(text: str) -> Spec:
    """Take a corpus name apart; whether its files can be read is seen when they are opened.

    Raises:
        ConfigError: an empty name, or a weight that is not a positive number.
    """
    if text.strip() and _exists(text):
        return Spec(text=text, paths=(_path(text),))
    body, weight = _weight(text)
    if not body.strip():
        raise ConfigError(
            f"{text!r} names no corpus", hint="Give a file, SOURCE_FILE,TARGET_FILE or hf:NAME."
        )
    if body.startswith(HUB):
        name, _, revision = body.removeprefix(HUB).partition("#")
        name, _, split = name.partition(":")
        parts = name.split("/")
        if not all(parts) or len(parts) > 3:
            raise ConfigError(
                f"{text!r} names no data set of the hub", hint="Write hf:NAME[/CONFIG][:SPLIT]."
            )
        split = split or "train"
        return Spec(text=text, hub=name, split=split, revision=revision, weight=weight)
    paths = (_path(body),) if _exists(body) else _files(body.split(","))
    return Spec(text=text, paths=paths, weight=weight)


def pinned(text: str, revision: str) -> str:
    """Return the name of a hub data set with its revision; any other name as it is."""
    spec = parse_spec(text)
    if not spec.hub or not revision:
        return text
    weight = "" if spec.weight == 1 else f"@{spec.weight:g}"
    return f"{HUB}{spec.hub}:{spec.split}#{revision}{weight}"


def _weight(text: str) -> tuple[str, float]:
    """Cut `@WEIGHT` off; an `@` that belongs to a file's name stays."""
    body, at, number = text.rpartition("@")
    if not at:
        return text, 1.0
    try:
        weight = float(number)
    except ValueError:
        if "/" in number or "." in number or not body:
            return text, 1.0  # more likely a part of the name than a mistyped number
        weight = math.nan
    if not 0 < weight < math.inf:
        raise ConfigError(
            f"{text!r}: the weight {number!r} is not a positive number",
            hint="For example @2 to see each pair twice in an epoch, @0.5 to see half of them.",
        )
    return body, weight


def _files(pieces: list[str]) -> tuple[Path, ...]:
    """Join what commas parted, where only the joined name is a file."""
    paths: list[Path] = []
    at = 0
    while at < len(pieces):
        ends = range(len(pieces), at + 1, -1)
        end = next((e for e in ends if _exists(",".join(pieces[at:e]))), at + 1)
        paths.append(_path(",".join(pieces[at:end])))
        at = end
    return tuple(paths)


def _exists(text: str) -> bool:
    try:
        return _path(text).exists()
    except OSError:  # such as a name that is too long: told when the file is opened
        return False


def _path(text: str) -> Path:
    return Path(text).expanduser() if text.startswith("~") else Path(text)
