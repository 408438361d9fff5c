"""Text around the search: cut into pieces before it, put together after it.

pieces.py     texts into what is translated at once
sentences.py  a text into sentences     segments.py  a long one into clauses
blocks.py     lines of a file           documents.py paragraphs and Markdown
inline.py     marks inside of a sentence
parts.py      tokens and words of a translation     scripts.py  what makes a word
"""
