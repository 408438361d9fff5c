"""Path of a sentence, step 8: cross-attention weights -> word links and pictures.

    attention.py  what each word of a translation looked at

Libraries that take long to load are imported where they are used.
"""
