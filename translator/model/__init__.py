"""Batch -> logits: an encoder-decoder Transformer arranged around its cross-attention layer.

Read `cross_attention.py` first. Shape letters, everywhere in this folder:

    B batch    S source length    T target length    D width (d_model)
    H heads    K = D / H          V vocabulary

Masks are boolean, True = may attend, and are built in `masks.py` only. Batch comes first.
"""
