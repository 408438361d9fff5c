"""What a SentencePiece model file holds besides its pieces, read without its protobuf classes."""

from __future__ import annotations

from collections.abc import Iterator

_NORMALIZER_SPEC, _PRECOMPILED_CHARSMAP = 3, 2
"""Field numbers of sentencepiece_model.proto."""
_VARINT, _LONG, _BYTES, _INT = 0, 1, 2, 5
"""Kinds of fields in protobuf's encoding."""


def normalization_map(model: bytes) -> bytes:
    """Return the compiled table by which SentencePiece normalises characters."""
    for number, spec in _fields(model):
        if number == _NORMALIZER_SPEC:
            for inner, value in _fields(spec):
                if inner == _PRECOMPILED_CHARSMAP:
                    return value
    return b""


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and content of each field that holds bytes; others are passed over."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            _, at = _varint(message, at)
        elif kind == _BYTES:
            length, at = _varint(message, at)
            yield number, message[at : at + length]
            at += length
        else:
            at += {_LONG: 8, _INT: 4}[kind]


def _varint(message: bytes, at: int) -> tuple[int, int]:
    """Return the number that begins at `at`, and where the next field begins."""
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
