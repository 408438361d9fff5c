"""Signs that a translation may be wrong, seen without knowing the right one; and further tries.

Each sign is measured against the source: what the source does itself (a refrain, a list of names,
a word in another script) is no alarm. `benchmarks/alarms.py` measures how often each sounds on good
and on damaged translations.
"""

from __future__ import annotations

import copy
import dataclasses
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from translator.config import DecodingConfig
from translator.tokenizer import mark

if TYPE_CHECKING:
    from translator.decoding.translation import Translation
    from translator.decoding.translator import Translator

REPETITION, COPIED, LENGTH = "repetition", "copied source", "length"
CONFIDENCE, SCRIPT = "low confidence", "wrong script"
ALARMS = (REPETITION, COPIED, LENGTH, CONFIDENCE, SCRIPT)

_RETRY_BEAM = 8
"""At least so many hypotheses are looked at in the second try."""
_RETRY_NGRAM = 4
"""Where these are doubtful too, no sequence of so many tokens may come twice."""

_LOOP = re.compile(r"(.{2,80}?)\1{2,}", re.DOTALL)
"""Some characters three times in a row, or more often."""
_LOOP_SHARE, _LOOP_LENGTH = 0.3, 12
"""A loop is an alarm where it takes this share of the text, and this many characters."""
_RICHNESS = 0.6
"""Different pairs of words in a long text, as a share of all its pairs: good text repeats few."""
_MANY_WORDS = 12
_DOUBLED_WORDS = 2
"""So many words and the same again are an alarm."""

_COPIED_WORDS, _COPIED_SHARE = 4, 0.75
"""Words of the source, names apart, that come back unchanged: at least so many, and this share."""

_SLACK = 10
"""Letters that count on both sides, so that the lengths of short texts may differ much."""
_SHORTEST, _LONGEST = 0.55, 2.0
"""The translation's length as a multiple of the source's, in letters of like weight."""

_CONFIDENCE = -0.9
"""Mean log probability of a token, in nats."""

_FOREIGN_SHARE, _FOREIGN_LETTERS = 0.2, 2
"""Letters of a script that neither the language nor the source has."""
_TEXT_SHARE, _TEXT_LETTERS = 0.7, 6
"""Letters of a script that the language has not, wherever they come from."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A translation and the alarms that it still raises."""

    source: str
    translation: Translation
    alarms: tuple[str, ...] = ()
    first: str | None = None
    """The translation of the first try, where a later one took its place."""

    def as_dict(self) -> dict[str, Any]:
        """Return what a report says."""
        report = {
            "alarms": list(self.alarms),
            "source": self.source,
            "translation": self.translation.text,
            "log_prob": round(self.translation.log_prob, 4),
            "complete": self.translation.complete,
        }
        return report if self.first is None else {**report, "first_try": self.first}


def checked(
    translator: Translator,
    texts: Sequence[str],
    *,
    numbers: Sequence[int] | None = None,
    retry: bool = True,
    on_progress: Callable[[float], None] | None = None,
    **options: Any,
) -> list[Checked]:
    """Translate, and look at each translation; search up to twice more for what looks doubtful.

    The second try looks at more hypotheses, and where all of them are doubtful too, a third one at
    a translation in which nothing long comes twice. What raises fewest alarms is taken, of equal
    ones the likelier. Samples are left as they are.

    Args:
        translator: what translates.
        texts: as for `Translator.search`.
        numbers: as for `Translator.search`.
        retry: whether there are further tries.
        on_progress: as for `Translator.search`; further tries are not counted.
        options: what else `Translator.search` is given, the same for all texts.
    """
    numbers = list(range(1, len(texts) + 1) if numbers is None else numbers)
    rows = translator.search(texts, numbers=numbers, on_progress=on_progress, **options)
    found = inspected(translator, texts, rows)
    doubtful = [i for i, one in enumerate(found) if one.alarms]
    if not retry or translator.decoding.temperature:
        return found
    for decoding in _other_ways(translator):
        if not doubtful:
            break
        other = copy.copy(translator)
        other.decoding = decoding
        rows = other.search(
            [texts[i] for i in doubtful],
            numbers=[numbers[i] for i in doubtful],
            **{**options, "n_best": decoding.beam},
        )
        for i, row in zip(doubtful, rows, strict=True):
            found[i] = _best(found[i], row, translator)
        doubtful = [i for i in doubtful if found[i].alarms]
    return found


def _other_ways(translator: Translator) -> Iterator[DecodingConfig]:
    """Yield how to search again; all engines find the same in these ways."""
    decoding = translator.decoding
    yield dataclasses.replace(decoding, beam=max(_RETRY_BEAM, 2 * decoding.beam))
    # greedy, because what is forbidden changes a beam in another way with each engine
    ngram = decoding.no_repeat_ngram or _RETRY_NGRAM
    yield dataclasses.replace(decoding, beam=1, no_repeat_ngram=ngram)


def inspected(
    translator: Translator, texts: Sequence[str], rows: Sequence[Sequence[Translation]]
) -> list[Checked]:
    """Return the first translation of each row with the alarms that it raises."""
    return [
        Checked(text, row[0], _alarms(translator, text, row[0]))
        for text, row in zip(texts, rows, strict=True)
    ]


def _best(first: Checked, others: Sequence[Translation], translator: Translator) -> Checked:
    """Return the translation with fewest alarms; of equal ones the first try, then the best."""
    best = first
    for other in others:
        alarms = _alarms(translator, first.source, other)
        if len(alarms) < len(best.alarms):
            text = first.translation.text if first.first is None else first.first
            best = Checked(first.source, other, alarms, text)
    return best


def _alarms(translator: Translator, source: str, translation: Translation) -> tuple[str, ...]:
    text = translation.text
    if translator.tokenizer.placeholders:
        text = mark(text).text  # as the model wrote it
    [ids] = translator.tokenizer.encode([text])
    return find_alarms(
        source,
        translation.text,
        target=translator.target,
        log_prob=translation.log_prob,
        tokens=len(ids) + 1,
    )


def find_alarms(
    source: str, translation: str, *, target: str, log_prob: float | None, tokens: int
) -> tuple[str, ...]:
    """Return the alarms that a translation raises.

    Args:
        source: what was translated.
        translation: what came out.
        target: language tag of the translation.
        log_prob: of the whole translation (nats); None if it is not known.
        tokens: of the translation, its end included.
    """
    if not source.strip():
        return ()
    found = []
    if _repeats(translation) > max(1.0, 1.5 * _repeats(source)):
        found.append(REPETITION)
    if _is_copy(source, translation):
        found.append(COPIED)
    ratio = (_weight(translation) + _SLACK) / (_weight(source) + _SLACK)
    if not _SHORTEST <= ratio <= _LONGEST or not translation.strip():
        found.append(LENGTH)
    if log_prob is not None and log_prob / tokens < _CONFIDENCE:
        found.append(CONFIDENCE)
    if _is_foreign(source, translation, target):
        found.append(SCRIPT)
    return tuple(found)


def _repeats(text: str) -> float:
    """Return how much a text repeats itself: more than 1 is too much for any text."""
    loop, most = 0, 0.0
    if _has_repeats(text):
        loop = max((match.end() - match.start() for match in _LOOP.finditer(text)), default=0)
    if loop >= _LOOP_LENGTH:
        most = loop / len(text) / _LOOP_SHARE
    words = text.casefold().split()
    half, odd = divmod(len(words), 2)
    if half >= _DOUBLED_WORDS and not odd and words[:half] == words[half:]:
        most = max(most, 2.0)
    if len(words) >= _MANY_WORDS:
        pairs = list(itertools.pairwise(words))
        richness = len(set(pairs)) / len(pairs)
        most = max(most, _RICHNESS / richness)
    return most


def _has_repeats(text: str) -> bool:
    """Return whether some characters come twice, as those of every loop do: searching takes long.

    All but one round of a loop of 12 characters or more, three rounds at least, are 8 or more.
    """
    spans = len(text) - 7
    return len({text[i : i + 8] for i in range(spans)}) < spans


def _is_copy(source: str, translation: str) -> bool:
    """Return whether the translation consists of the source's own words."""
    words = _common_words(source)
    if len(words) < _COPIED_WORDS:
        # too short to tell by its words: the whole must be the same
        return sum(words.values()) > 1 and source.split() == translation.split()
    kept = words & _common_words(translation)
    return kept.total() >= _COPIED_SHARE * words.total()


def _common_words(text: str) -> Counter[str]:
    """Count the words that begin with a small letter, or in scripts that have none: no names."""
    return Counter(word for word in re.findall(r"[^\W\d_]{2,}", text) if not word[0].isupper())


def _weight(text: str) -> float:
    """Return how much a text says, in letters of an alphabet."""
    return sum(map(_letter_weight, text))


@lru_cache(maxsize=4096)
def _letter_weight(letter: str) -> float:
    if letter.isspace() or unicodedata.category(letter).startswith("M"):
        return 0.0  # an accent of its own is no letter
    return _WEIGHTS.get(_script(letter), 1.0)


_WEIGHTS = {"CJK": 3.0, "HANGUL": 2.0, "HIRAGANA": 2.0, "KATAKANA": 2.0}
"""Letters of scripts that write a syllable, or a word, with one."""

_SCRIPTS = {
    "Arab": {"ARABIC"},
    "Armn": {"ARMENIAN"},
    "Beng": {"BENGALI"},
    "Cyrl": {"CYRILLIC"},
    "Deva": {"DEVANAGARI"},
    "Ethi": {"ETHIOPIC"},
    "Geor": {"GEORGIAN"},
    "Grek": {"GREEK"},
    "Gujr": {"GUJARATI"},
    "Guru": {"GURMUKHI"},
    "Hans": {"CJK"},
    "Hant": {"CJK"},
    "Hebr": {"HEBREW"},
    "Jpan": {"CJK", "HIRAGANA", "KATAKANA"},
    "Khmr": {"KHMER"},
    "Knda": {"KANNADA"},
    "Kore": {"HANGUL", "CJK"},
    "Laoo": {"LAO"},
    "Latn": {"LATIN"},
    "Mlym": {"MALAYALAM"},
    "Mong": {"MONGOLIAN"},
    "Mymr": {"MYANMAR"},
    "Sinh": {"SINHALA"},
    "Taml": {"TAMIL"},
    "Telu": {"TELUGU"},
    "Thai": {"THAI"},
    "Tibt": {"TIBETAN"},
}
"""Scripts of languages (ISO 15924), and how the names of their letters begin."""
_NAMES = set().union(*_SCRIPTS.values())
_NONE = "NONE"


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """Return the script of a letter; empty where that does not matter; NONE for what is broken."""
    if letter == "\N{REPLACEMENT CHARACTER}" or unicodedata.category(letter) in ("Co", "Cc", "Cs"):
        return _NONE
    if not letter.isalpha():
        return ""
    name = re.split("[ -]", unicodedata.name(letter, ""))[0]
    return name if name in _NAMES else ""


@lru_cache
def _language_scripts(tag: str) -> frozenset[str]:
    """Return the scripts a language is written in; all if that is not known here."""
    import langcodes

    script = langcodes.Language.get(tag).maximize().script
    return frozenset(_SCRIPTS.get(script, _NAMES))


def _is_foreign(source: str, translation: str, target: str) -> bool:
    """Return whether letters are of a script that belongs to neither language nor source."""
    own = _language_scripts(target)
    letters, known = _count_scripts(translation), _count_scripts(source)
    total = letters.total()
    strange = {script: count for script, count in letters.items() if script not in own}
    new = sum(max(0, count - known[script]) for script, count in strange.items())
    if new >= _FOREIGN_LETTERS and new >= _FOREIGN_SHARE * total:
        return True
    # the source's own letters may be those of a name, but a text is more than names
    return total >= _TEXT_LETTERS and sum(strange.values()) >= _TEXT_SHARE * total


def _count_scripts(text: str) -> Counter[str]:
    return Counter(script for script in map(_script, text) if script)
