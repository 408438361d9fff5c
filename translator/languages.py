"""Language tags (BCP 47): `en`, `fr`, `pt-BR`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from translator.errors import ConfigError, ModelError

if TYPE_CHECKING:
    from translator.run_directory import RunDirectory


def check_language(tag: str, option: str) -> str:
    """Return the normalised tag.

    Raises:
        ConfigError: `tag` is no language tag; near matches by code or English name are offered.
    """
    import langcodes

    if tag and langcodes.tag_is_valid(tag):
        return str(langcodes.standardize_tag(tag))
    raise ConfigError(f"{option} {tag!r} is not a language tag", hint=_suggest(tag))


def language_name(tag: str) -> str:
    """Return the language's English name, such as ``French`` for ``fr``."""
    import langcodes

    return str(langcodes.Language.get(tag).display_name())


def direction_text(source: str, target: str, *, both: bool) -> str:
    """Return ``en -> fr``, or ``en <-> fr`` for both directions."""
    return f"{source} {'<->' if both else '->'} {target}"


def check_direction(
    run: RunDirectory, source: str | None = None, target: str | None = None
) -> tuple[str, str]:
    """Return the languages to translate from and to: those asked for, if the model knows them.

    What is not asked for follows from the other language, else from how the run was begun.

    Raises:
        ConfigError: an unknown language tag.
        ModelError: the model does not translate in this direction, or its manifest is damaged.
    """
    directions = run.read_directions()
    options = ("--source", "--target")
    asked = {
        side: (check_language(tag, option), f"{option} {tag}")
        for side, (option, tag) in enumerate(zip(options, (source, target), strict=True))
        if tag is not None
    }
    for direction in directions:
        if all(direction[side] == tag for side, (tag, _) in asked.items()):
            return direction
    # either one of them is in no direction, or the two together are
    wrong = [
        told
        for side, (tag, told) in asked.items()
        if tag not in [direction[side] for direction in directions]
    ]
    told = wrong[0] if wrong else " ".join(told for _, told in asked.values())
    raise ModelError(
        f"this model translates {direction_text(*directions[0], both=len(directions) > 1)}, "
        f"and {told} was asked for",
        where=run.path,
        hint="Choose another model with --model, or leave the option out.",
    )


def _suggest(tag: str) -> str:
    import difflib

    import langcodes

    try:
        found = langcodes.find(tag)
        return f"Did you mean {found.to_tag()} ({found.display_name()})?"
    except LookupError:
        names = {language_name(code).lower(): code for code in _COMMON}
    close = difflib.get_close_matches(tag.lower(), [*names, *names.values()], n=2, cutoff=0.6)
    codes = dict.fromkeys(names.get(word, word) for word in close)
    if codes:
        return f"Did you mean {' or '.join(f'{c} ({language_name(c)})' for c in codes)}?"
    return "Use a BCP 47 tag such as en, fr or pt-BR."


_COMMON = """
af am ar az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu ha he hi hr hu hy
id ig is it ja jv ka kk km kn ko ku ky la lb lo lt lv mg mi mk ml mn mr ms mt my ne nl no oc
or pa pl ps pt ro ru rw sd si sk sl so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi xh
yi yo zh zu
""".split()  # noqa: SIM905 - one code after the other is easier to read
