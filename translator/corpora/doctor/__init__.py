"""The corpus doctor: what is wrong with sentence pairs, and which of them to leave out.

    rules.py     the rules by name: what each one finds, how bad it is, who applies it
    batch.py     some pairs at once: what the rules look at
    form.py      rules about characters: broken encoding, HTML, control characters, brackets
    sides.py     rules that compare the two sides: length, copies, numbers, addresses
    languages.py rules about script and language
    repeats.py   what was there before: duplicates, boilerplate, overlap with dev and test
    examine.py   all of them over a stream of pairs, by several processes if it is long
    findings.py  what was found, counted and with samples; the verdict
    report.py    findings as text, JSON or a page

A rule reads a batch and returns the offsets of the pairs that it finds. Rules that need to know
only a pair are plain functions, so that other processes can call them; those that remember are
objects of `repeats.py`. To add a rule, name it in `rules.py` and call it in `examine.py`.
"""
