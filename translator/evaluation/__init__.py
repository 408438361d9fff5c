"""Translations into scores, always through sacrebleu and always with its signature."""

from translator.evaluation.scores import Score, bleu, evaluate
from translator.evaluation.warning_signs import warning_signs

__all__ = ["Score", "bleu", "evaluate", "warning_signs"]
