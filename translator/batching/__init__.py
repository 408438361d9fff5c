"""Ids -> padded batches under a token budget: bucketed by length, seeded, resumable."""

from translator.batching.batch import Batch, collate, pad
from translator.batching.encoded import EncodedCorpus, encode_corpus
from translator.batching.plan import padding_share, plan_epoch

__all__ = [
    "Batch",
    "EncodedCorpus",
    "collate",
    "encode_corpus",
    "pad",
    "padding_share",
    "plan_epoch",
]
