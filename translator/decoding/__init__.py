"""Weights + text -> translations, and the `Translator` around all that is needed for it.

translator.py   text in, text out: begin here
translation.py  what comes out
text/           texts and documents into pieces, and back
glossary.py     terms in a text     required.py  a search that puts them into its translation
engines/        what computes a search
search/         how it is done: beam search, sampling, and the rules of both
alarms.py       signs that a translation may be wrong, and further tries
unrelated.py    pairs whose sides do not belong together
"""
