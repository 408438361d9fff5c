"""The error report: what goes wrong where.

signs.py        what is wrong with one translation, by its source and references
differences.py  words that differ
bands.py        scores by length, by the rarest word, by part
analysis.py     all of it, and the sentences that are worth reading
text.py         as text
page.py         as a page
"""
