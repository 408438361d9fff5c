"""Rules about script and language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from translator.corpora.doctor.batch import Batch
from translator.errors import ConfigError

_RANGES = {
    "Latn": "A-Za-zªºÀ-ÖØ-öø-ʯ\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a",
    "Grek": "\u0370-\u03ff\u1f00-\u1fff",
    "Cyrl": "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f",
    "Armn": "\u0530-\u058f",
    "Hebr": "\u0590-\u05ff\ufb1d-\ufb4f",
    "Arab": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "Deva": "\u0900-\u097f\ua8e0-\ua8ff",
    "Beng": "\u0980-\u09ff",
    "Guru": "\u0a00-\u0a7f",
    "Gujr": "\u0a80-\u0aff",
    "Orya": "\u0b00-\u0b7f",
    "Taml": "\u0b80-\u0bff",
    "Telu": "\u0c00-\u0c7f",
    "Knda": "\u0c80-\u0cff",
    "Mlym": "\u0d00-\u0d7f",
    "Sinh": "\u0d80-\u0dff",
    "Thai": "\u0e00-\u0e7f",
    "Laoo": "\u0e80-\u0eff",
    "Tibt": "\u0f00-\u0fff",
    "Mymr": "\u1000-\u109f\uaa60-\uaa7f",
    "Geor": "\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f",
    "Hang": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "Ethi": "\u1200-\u139f\u2d80-\u2ddf",
    "Khmr": "\u1780-\u17ff",
    "Kana": "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f",
    "Hani": "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff",
}
"""Letters of each script, for a regular expression's brackets."""
_SCRIPTS = {"Jpan": ("Hani", "Kana"), "Kore": ("Hang", "Hani"), "Hans": ("Hani",)}
_SCRIPTS["Hant"] = _SCRIPTS["Hans"]
_TWO_SCRIPTS = {"sr": ("Cyrl", "Latn"), "uz": ("Latn", "Cyrl"), "kk": ("Cyrl", "Latn", "Arab")}
"""Languages that are written in more than one script."""

_FOREIGN_SHARE, _FOREIGN_LETTERS = 0.5, 3
"""Letters of other scripts that are too many: a name or a formula may have them."""
_LATIN_LETTERS = 15
"""A text without any letter of its own script may be a name or an address up to this length."""

SURE, LETTERS = 0.8, 15
"""Probability from which a language is believed, and letters of a text that is long enough."""
_CLOSE = 20
"""Distance (langcodes) of languages that share many sentences, such as Norwegian and Danish."""


def are_close(source: str, target: str) -> bool:
    """Return whether the same sentence may be right in both languages."""
    import langcodes

    return bool(langcodes.tag_distance(source, target) <= _CLOSE)


def script(batch: Batch, languages: tuple[str, str]) -> list[int]:
    """Find pairs with a side that is mostly written in the script of other languages."""
    half, found = len(batch), set()
    for side, language in enumerate(languages):
        patterns = _patterns(language)
        if patterns is None:
            continue
        own, foreign, latin = patterns
        # of the texts of both sides
        suspects = {at for at in batch.located(foreign) if at // half == side}
        texts = (batch.sources, batch.targets)[side]
        found |= {at % half for at in suspects if _is_foreign(batch.text(at), own)}
        if not latin:
            missing = (at for at, text in enumerate(texts) if own.search(text) is None)
            found |= {at for at in missing if _letters(texts[at]) >= _LATIN_LETTERS}
    return sorted(found)


def _is_foreign(text: str, own: re.Pattern[str]) -> bool:
    letters = _letters(text)
    foreign = letters - sum(map(str.isalpha, own.findall(text)))
    return foreign >= _FOREIGN_LETTERS and foreign > _FOREIGN_SHARE * letters


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str], bool] | None:
    """Return what finds a language's own letters, and those of other scripts than it and Latin."""
    import langcodes

    tag = langcodes.Language.get(language)
    main = tag.maximize().script
    scripts = _SCRIPTS.get(main, (main,))
    if tag.script is None:
        scripts = _TWO_SCRIPTS.get(tag.language, scripts)
    if not set(scripts) <= set(_RANGES):
        return None
    own = "".join(_RANGES[name] for name in scripts)
    others = "".join(_RANGES[name] for name in _RANGES if name not in (*scripts, "Latn"))
    return re.compile(f"[{own}]"), re.compile(f"[{others}]"), "Latn" in scripts


class Identifier:
    """Tells languages apart by py3langid, whose model comes with it (97 languages)."""

    def __init__(self, languages: tuple[str, str]) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        self._model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self._wanted = tuple(tag.partition("-")[0] for tag in languages)

    @property
    def unknown(self) -> list[str]:
        """Return those of the two languages that it cannot tell."""
        return [tag for tag in self._wanted if tag not in self._model.labels]

    def find(self, batch: Batch, offsets: Iterable[int]) -> tuple[list[int], list[int]]:
        """Return the pairs with a side in another language, and those whose sides are swapped."""
        wrong, swapped = [], []
        source, target = self._wanted
        for at in offsets:
            found = self.language(batch.sources[at]), self.language(batch.targets[at])
            if source != target and found in ((target, source), (target, ""), ("", source)):
                swapped.append(at)
            elif found[0] not in ("", source) or found[1] not in ("", target):
                wrong.append(at)
        return wrong, swapped

    def language(self, text: str) -> str:
        """Return the language of a text; nothing if it is not sure."""
        if len(text) < LETTERS or _letters(text) < LETTERS:
            return ""
        language, probability = self._model.classify(text)
        return str(language) if probability >= SURE else ""


@cache
def identifier(languages: tuple[str, str]) -> Identifier | None:
    """Return what tells the languages apart, if it is installed."""
    try:
        return Identifier(languages)
    except ModuleNotFoundError:
        return None


def require_identifier(languages: tuple[str, str]) -> None:
    """Check that languages can be told apart, where it was asked for.

    Raises:
        ConfigError: the library is not installed, or does not know a language.
    """
    try:
        unknown = Identifier(languages).unknown
    except ModuleNotFoundError:
        raise ConfigError(
            "the rules language and swapped need the library py3langid",
            hint="Install it with: pip install py3langid (or 'translator[languages]').",
        ) from None
    if unknown:
        raise ConfigError(
            f"the rules language and swapped do not know {' and '.join(unknown)}",
            hint="Leave them out: --rules default,no-language,no-swapped",
        )
