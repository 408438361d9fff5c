"""How often the alarms of `translate` sound: on a model's translations, on references, on damage.

Translations of a test set are damaged in known ways, a copy for each: what sounds on them is right,
what sounds on references is wrong, and what sounds on the model's own translations may be either.
A second table says what the second try makes of the doubtful ones.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks.common import markdown_table, parser, positive, report, run

Damage = Callable[[str, str, random.Random], str]

JUDGED = "low confidence, if the model is asked"
"""By the log probability of a text, whoever wrote it. It is no part of the alarms of texts that the
model has not chosen itself, and its limit is not meant for them."""

_OTHER_LETTERS = (
    "\N{GREEK SMALL LETTER ALPHA}\N{GREEK SMALL LETTER BETA}\N{GREEK SMALL LETTER GAMMA}"
)


def looped(source: str, translation: str, chance: random.Random) -> str:
    """Return the beginning, and then some words of it again and again."""
    words = translation.split()
    at = chance.randrange(max(1, len(words) - 2))
    return " ".join(words[: at + 1] + words[at : at + chance.randint(1, 3)] * chance.randint(4, 8))


def copied(source: str, translation: str, chance: random.Random) -> str:
    """Return the source."""
    return source


def half_copied(source: str, translation: str, chance: random.Random) -> str:
    """Return the source with one word of the translation in it."""
    words = source.split()
    words[chance.randrange(len(words))] = chance.choice(translation.split() or [""])
    return " ".join(words)


def truncated(source: str, translation: str, chance: random.Random) -> str:
    """Return the first third."""
    words = translation.split()
    return " ".join(words[: max(1, len(words) // 3)])


def doubled(source: str, translation: str, chance: random.Random) -> str:
    """Return the translation twice."""
    return f"{translation} {translation}"


def wrong_script(source: str, translation: str, chance: random.Random) -> str:
    """Return letters of another alphabet in place of a third of the words."""
    words = translation.split()
    for i in range(len(words)):
        if i % 3 == 0:
            letters = (chance.choice(_OTHER_LETTERS) for letter in words[i])
            words[i] = "".join(letters)
    return " ".join(words)


def shuffled(source: str, translation: str, chance: random.Random) -> str:
    """Return the words in another order: what only the model's own confidence can tell."""
    words = translation.split()
    chance.shuffle(words)
    return " ".join(words)


def other_line(source: str, translation: str, chance: random.Random) -> str:
    """Stand for the translation of another sentence; `measure` puts it in."""
    return translation


DAMAGES: list[Damage] = [
    *[looped, copied, half_copied, truncated, doubled, wrong_script, shuffled, other_line]
]


def measure(model: str, data: str, limit: int, beam: int) -> dict[str, Any]:
    """Return how often each alarm sounds on each kind of text, and what the second try changes."""
    from translator.corpora import read_test_set
    from translator.decoding.alarms import CONFIDENCE, checked, find_alarms
    from translator.decoding.translator import Translator
    from translator.run_directory import RunDirectory

    config = RunDirectory(model).read_config()
    translator = Translator.load(model, decoding=replace(config.decoding, beam=beam, device="cpu"))
    test = read_test_set(
        data, source=translator.source, target=translator.target, options=config.data
    )
    sources = test.sources[:limit]
    first = checked(translator, sources, retry=False)
    translations = [one.translation.text for one in first]
    kinds = {"references": [str(text) for text in test.references[0][:limit]]}
    chance = random.Random(1)
    for damage in DAMAGES:
        good = translations
        if damage is other_line:
            good = good[1:] + good[:1]
        kinds[damage.__name__.replace("_", " ")] = [
            damage(source, text, chance) for source, text in zip(sources, good, strict=True)
        ]
    sounds = {"translations": Counter(name for one in first for name in one.alarms)}
    sounds["translations"]["any"] = sum(bool(one.alarms) for one in first)
    for kind, texts in {"translations": translations, **kinds}.items():
        counts = sounds.setdefault(kind, Counter())
        scores = translator.score(sources, texts)
        for source, text, score in zip(sources, texts, scores, strict=True):
            about = {"target": translator.target, "tokens": score.length if score else 1}
            if kind != "translations":
                # what the model has not chosen itself is judged by its form alone
                found = find_alarms(source, text, log_prob=None, **about)
                counts.update(found)
                counts["any"] += bool(found)
            if score is not None:
                judged = find_alarms(source, text, log_prob=score.log_prob, **about)
                counts[JUDGED] += CONFIDENCE in judged
    second = checked(translator, sources, retry=True)
    return {
        "lines": len(sources),
        "sounds": {kind: dict(counts) for kind, counts in sounds.items()},
        "doubtful": sum(bool(one.alarms) for one in first),
        "still_doubtful": sum(bool(one.alarms) for one in second),
        "replaced": sum(one.first is not None for one in second),
    }


def main() -> None:
    """Print both tables."""
    from translator.decoding.alarms import ALARMS

    arguments = parser(__doc__ or "")
    arguments.add_argument("--model", required=True, metavar="RUN")
    arguments.add_argument("--data", required=True, metavar="SPEC", help="a test set")
    arguments.add_argument("--limit", type=positive, default=1000, metavar="LINES")
    arguments.add_argument("--beam", type=positive, default=5)
    options = arguments.parse_args()
    facts = measure(options.model, options.data, options.limit, options.beam)
    lines = facts["lines"]
    rows = [
        [kind, *(f"{counts.get(name, 0) / lines:.1%}" for name in (*ALARMS, "any", JUDGED))]
        for kind, counts in facts["sounds"].items()
    ]
    table = markdown_table(["", *ALARMS, "any", JUDGED], rows)
    told = (
        f"Of {lines:,} translations {facts['doubtful']} were doubtful; the second try replaced "
        f"{facts['replaced']}, and {facts['still_doubtful']} stayed doubtful."
    )
    report(table, [told], facts, options.json)


if __name__ == "__main__":
    run(main)
