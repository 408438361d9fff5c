"""Searching for translations, ids to ids.

options.py      what is asked of a search, whichever engine makes it
hypothesis.py   what it finds
batches.py      which rows are searched for together
beam.py         beam search         candidates.py  its likeliest continuations
sampling.py     translations drawn at random
constrained.py  beam search for translations that hold given phrases
phrases.py      these phrases as tokens, followed one by one
rules.py        what may come next in all of these     history.py  what came before
scoring.py      how likely given translations are
"""
