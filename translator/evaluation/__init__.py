"""Path of a sentence, step 7: translations -> scores that one can believe (through sacrebleu).

    tokenizers.py     which tokenizer BLEU counts words with
    scores.py         BLEU, chrF and TER with signature and interval: of a test set, or part of it
    tokenised.py      BLEU on lower-cased, tokenised text, for comparison with older papers
    comet.py          COMET, where it is installed
    significance.py   is one system better than another, or is it chance?
    results.py        all that is found out on one test set
    tables.py         tables for a terminal, Markdown and LaTeX
    telling.py        results as text, tables and JSON
    record.py         a result in a file, from which it can be computed again
    report/           what goes wrong where: a page, or text
    warning_signs.py  text and test sets on which scores mislead

Start with `scores.measure`. Libraries that take long to load are imported where they are used.
"""

from translator.evaluation.scores import Score, bleu, evaluate
from translator.evaluation.warning_signs import warning_signs

__all__ = ["Score", "bleu", "evaluate", "warning_signs"]
