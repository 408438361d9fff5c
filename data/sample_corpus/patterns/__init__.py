"""Sentence patterns, by kind; importing this package registers all of them."""

from data.sample_corpus.patterns import (
    actions,
    clauses,
    comparisons,
    conditions,
    descriptions,
    orders,
    phrases,
    pronouns,
    questions,
    states,
    wishes,
)
from data.sample_corpus.patterns.registry import PATTERNS, Sentence, Skip, realise

__all__ = [
    "PATTERNS",
    "Sentence",
    "Skip",
    "actions",
    "clauses",
    "comparisons",
    "conditions",
    "descriptions",
    "orders",
    "phrases",
    "pronouns",
    "questions",
    "realise",
    "states",
    "wishes",
]
