# ruff: noqa: RUF001 - characters that look alike are the point
from __future__ import annotations

import pytest

from translator.config import TokenizerConfig
from translator.tokenizer import Tokenizer, learn_vocabulary

# one sentence of many scripts each, so that the vocabulary knows a part of what is tested
TEXTS = [
    "The cat sat on the mat, and the dog sat beside it.",
    "Le chat s'est assis sur le tapis, près du chien.",
    "Кошка сидела на коврике рядом с собакой.",
    "Η γάτα κάθισε στο χαλί δίπλα στον σκύλο.",
    "جلست القطة على السجادة بجانب الكلب.",
    "החתול ישב על השטיח ליד הכלב.",
    "बिल्ली चटाई पर कुत्ते के पास बैठी।",
    "แมวนั่งบนเสื่อข้างสุนัข",
    "猫坐在狗旁边的垫子上。",
    "猫は犬のそばのマットに座った。",
    "고양이가 개 옆의 매트에 앉았다.",
    "A family: 👨‍👩‍👧‍👦, a flag: 🇫🇷, a wave: 👋🏽!",
]


@pytest.fixture(scope="session")
def texts() -> list[str]:
    return TEXTS * 5


@pytest.fixture(scope="session", params=["unigram", "bpe"])
def tokenizer(request: pytest.FixtureRequest, texts: list[str]) -> Tokenizer:
    return learn_vocabulary(texts, TokenizerConfig(vocab_size=445, algorithm=request.param))
