"""Ids -> padded batches under a token budget: bucketed by length, seeded, shardable, resumable."""

from translator.batching.batch import Batch, collate, pad
from translator.batching.encoded import EncodedCorpus, encode_corpus, encode_texts
from translator.batching.plan import plan_epoch

__all__ = [
    "Batch",
    "EncodedCorpus",
    "collate",
    "encode_corpus",
    "encode_texts",
    "pad",
    "plan_epoch",
]
