"""Weights + text -> translations, and the `Translator` around all that is needed for it.

translator.py   text in, text out
segments.py     a line that is too long, cut
options.py      what is asked of a search, whichever engine makes it
hypothesis.py   what it finds
engines/        what computes it
search.py       beam search        candidates.py  its likeliest continuations
sampling.py     translations drawn at random
constrained.py  beam search for translations that hold given phrases
rules.py        what may come next in all of these     history.py  what came before
glossary.py     terms in a text     phrases.py  the same as tokens, followed one by one
scoring.py      how likely given translations are
parts.py        log probabilities of tokens and words  scripts.py  what makes a word
"""
