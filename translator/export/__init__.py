"""Weights -> the formats of other programs, by rename tables: the layout of the model is theirs.

card.py          what a model says of itself, for readers
facts.py         what is known of a model, by its files and its manifest
ctranslate2.py   CTranslate2: fast translation without torch; also its cached conversions
huggingface.py   Hugging Face transformers: M2M100 and a fast tokenizer
run.py           translator itself: a run to be given away, without what only training needs
verify.py        whether an exported model does what the run does
"""
