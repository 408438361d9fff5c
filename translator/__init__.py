"""Train a translator from parallel text, measure it, and translate with it.

>>> from translator import Translator
>>> Translator.load("checkpoints/en-fr").translate(["The cat sat on the mat."])  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from translator.config import DecodingConfig
    from translator.decoding.translation import Translation
    from translator.decoding.translator import Translator

    __version__: str

__all__ = ["DecodingConfig", "Translation", "Translator", "__version__"]


def __getattr__(name: str) -> object:
    """Import what is asked for only then: `import translator` loads no torch (PEP 562)."""
    if name == "Translation":
        from translator.decoding.translation import Translation

        return Translation
    if name == "Translator":
        from translator.decoding.translator import Translator

        return Translator
    if name == "DecodingConfig":
        from translator.config import DecodingConfig

        return DecodingConfig
    if name == "__version__":
        from importlib.metadata import version

        return version("translator")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
