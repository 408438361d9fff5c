"""The rules by name: what each one finds, how bad it is, and who applies it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from translator.errors import ConfigError, nearest

Level = Literal["serious", "doubtful", "note"]


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One kind of fault.

    Attributes:
        name: for options and files.
        title: what the pairs have, in a few words.
        meaning: what it does to a training, or how it comes about, in one sentence.
        serious_from: share of the pairs from which the corpus must not be used as it is; None if
            such pairs never spoil a corpus.
        doubtful: whether single pairs of this kind are better left out or looked at; else they are
            only told.
        clean: whether `translator corpus clean` drops them unless told otherwise.
        train: how `translator train`, which drops such pairs by itself, tells it after their
            number; empty if it does not.
        needs: what must be installed or given for the rule to be applied.
    """

    name: str
    title: str
    meaning: str
    serious_from: float | None = None
    doubtful: bool = True
    clean: bool = True
    train: str = ""
    needs: str = ""

    def level(self, found: int, pairs: int) -> Level | None:
        """Return how bad it is that so many pairs were found; None if there were none."""
        if not found:
            return None
        if self.serious_from is not None and found >= self.serious_from * pairs:
            return "serious"
        return "doubtful" if self.doubtful else "note"


RULES = {
    rule.name: rule
    for rule in (
        Rule(
            name="blank",
            title="one side is blank",
            meaning="There is nothing to learn from; training leaves such pairs out anyway.",
            serious_from=0.2,
            train="with a blank side",
        ),
        Rule(
            name="test-overlap",
            title="in the test set too",
            meaning="A score on sentences that were trained on says nothing about new text. Take "
            "these pairs out of the training data, or the scores cannot be published.",
            needs="--test",
            serious_from=0.0,
        ),
        Rule(
            name="dev-overlap",
            title="in the validation set too",
            meaning="Validation then chooses the model that has learned by heart.",
            needs="--dev",
            serious_from=0.0,
        ),
        Rule(
            name="duplicate",
            title="the same pair again",
            meaning="Repeated pairs count more than others. To let good data count more on "
            "purpose, give them a weight (train.tsv@2).",
            train="repeated",
        ),
        Rule(
            name="near-duplicate",
            title="nearly the same pair again",
            meaning="Only capitals, spacing, punctuation or figures differ. A random split puts "
            "one of them into the test set and the other into training.",
            doubtful=False,
            clean=False,
        ),
        Rule(
            name="boilerplate",
            title="one side comes again and again",
            meaning="One sentence has a large part of the corpus, each time with another "
            "translation: often menus, footers, or lines that a machine has filled in.",
            clean=False,
        ),
        Rule(
            name="identical",
            title="both sides are the same text",
            meaning="Right for names and numbers; of many, a model learns to copy.",
            serious_from=0.3,
            doubtful=False,
            clean=False,
        ),
        Rule(
            name="untranslated",
            title="a sentence that is not translated",
            meaning="The words of the source stand in the target unchanged. Some per cent of "
            "them are enough to make a model copy what it finds difficult.",
            serious_from=0.05,
            train="not translated",
        ),
        Rule(
            name="ratio",
            title="one side is far longer",
            meaning="Often two sentences that do not belong together, or half of a translation.",
            serious_from=0.05,
        ),
        Rule(
            name="extreme-ratio",
            title="one side is many times longer",
            meaning="Such sides cannot be translations of each other.",
            serious_from=0.02,
            train="with sides of very different length",
        ),
        Rule(
            name="unrelated",
            title="sides that do not belong together",
            meaning="To a model, the target is hardly likelier with its source than with any other "
            "one: often lines that have slipped.",
            needs="--model",
            serious_from=0.05,
        ),
        Rule(
            name="long",
            title="more than 1,000 characters",
            meaning="Whole paragraphs; training leaves out what exceeds data.max_length tokens.",
            doubtful=False,
            clean=False,
        ),
        Rule(
            name="script",
            title="written in the script of another language",
            meaning="For example Cyrillic letters in a French text.",
            serious_from=0.02,
            train="in a wrong script",
        ),
        Rule(
            name="language",
            title="another language than it should be",
            meaning="One side seems to be in some other language (judged where the text is long "
            "enough to tell).",
            needs="translator[languages]",
            serious_from=0.05,
        ),
        Rule(
            name="swapped",
            title="the sides are swapped",
            meaning="The source is in the target's language, and the target in the source's.",
            needs="translator[languages]",
            serious_from=0.01,
        ),
        Rule(
            name="encoding",
            title="broken characters",
            meaning="UTF-8 that was read as something else (Ã© in place of é), or characters that "
            "were lost (\ufffd). The model would learn to write them.",
            serious_from=0.01,
            train="with broken characters",
        ),
        Rule(
            name="html",
            title="HTML that was escaped twice, or on one side only",
            meaning="Such as &amp;quot; where a quotation mark should be.",
            serious_from=0.05,
        ),
        Rule(
            name="control",
            title="control or invisible characters",
            meaning="They cannot be seen, and make one word into two for a program.",
        ),
        Rule(
            name="separators",
            title="odd line separators",
            meaning="Form feeds, U+2028 and the like end a line for some programs and not for "
            "others; two files then shift against each other. Here they are read as spaces.",
            doubtful=False,
            clean=False,
        ),
        Rule(
            name="numbers",
            title="other numbers than the source",
            meaning="A wrong figure, or two sentences that do not belong together; also times "
            "and ordinals that two languages write differently.",
            doubtful=False,
            clean=False,
        ),
        Rule(
            name="addresses",
            title="other URLs or e-mail addresses than the source",
            meaning="Wrong, or localised on purpose.",
            doubtful=False,
            clean=False,
        ),
        Rule(
            name="brackets",
            title="brackets or quotes closed on one side only",
            meaning="Often a sentence that was cut off.",
            doubtful=False,
            clean=False,
        ),
    )
}
"""All rules; of several that a pair breaks, the first one is its reason to be dropped."""

TRAINING = tuple(rule.name for rule in RULES.values() if rule.train)
"""What `translator train` applies: rules that hardly ever find a good pair."""

VERSION = 1
"""Raised whenever the rules of `TRAINING` find other pairs: what is stored is then made anew."""


def chosen_rules(text: str) -> list[str]:
    """Return the rules that a list such as ``default,numbers,no-duplicate`` names.

    Raises:
        ConfigError: an unknown name.
    """
    chosen: set[str] = set()
    for name in filter(None, (part.strip() for part in text.split(","))):
        without = name.removeprefix("no-")
        if name == "default":
            chosen |= {rule.name for rule in RULES.values() if rule.clean}
        elif name == "all":
            chosen |= set(RULES)
        elif name in RULES:
            chosen.add(name)
        elif without in RULES:
            chosen.discard(without)
        else:
            raise ConfigError(f"there is no rule {name!r}", hint=nearest(name, RULES))
    if not chosen:
        hint = f"Known: default, all, {', '.join(RULES)}."
        if text.strip().startswith("no-"):
            hint = f"Say what from: --rules all,{text.strip()} or default,{text.strip()}"
        raise ConfigError(f"--rules {text!r} leaves no rule", hint=hint)
    return [name for name in RULES if name in chosen]
