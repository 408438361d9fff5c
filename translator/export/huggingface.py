"""A run -> a model of Hugging Face: M2M100, whose layout is ours, with a fast tokenizer.

The weights need neither torch nor transformers, the tokenizer needs `tokenizers`.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.config import Config
from translator.errors import ConfigError
from translator.export.card import write_card
from translator.export.pieces import normalization_map
from translator.model.stored import read_arrays
from translator.run_directory import RunDirectory, replacing, share
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID, PAD_ID, UNK_ID, Tokenizer

if TYPE_CHECKING:
    import tokenizers

_LIKE_A_SPECIAL_PIECE = "<(?=(?:/?s|pad|unk|2[A-Za-z0-9-]+|0x[0-9A-F]{2})>)"
"""The first character of what reads like the end, a tag or a byte, in a text. SentencePiece finds
these pieces in no text; `tokenizers` would, if such a word were not cut behind this character."""


def export(run: RunDirectory, out: Path, direction: tuple[str, str]) -> None:
    """Write the run so that AutoModelForSeq2SeqLM and AutoTokenizer load it, to a new folder.

    Args:
        run: what to export.
        out: the folder.
        direction: the one that the tokenizer asks for, if the model knows both.

    Raises:
        ConfigError: the library `tokenizers` is not installed.
        ModelError: the run is damaged.
    """
    require_libraries("The export", "tokenizers")
    from safetensors.numpy import save_file

    config = run.read_config()
    tokenizer = Tokenizer.load(run.tokenizer_file)
    arrays = read_arrays(run.weights_file, config.model, len(tokenizer))
    with replacing(out) as folder:
        folder.mkdir()
        weights = folder / "model.safetensors"
        save_file({renamed(n): array for n, array in arrays.items()}, weights, {"format": "pt"})
        share(weights)
        _write(folder / "config.json", model_config(config, len(tokenizer)))
        _write(folder / "generation_config.json", _generation_config(config))
        fast = _fast_tokenizer(tokenizer, config, direction[1])
        fast.save(str(folder / "tokenizer.json"))
        _write(folder / "tokenizer_config.json", _tokenizer_config(config))
        write_card(run, folder, _USE, library="transformers", direction=direction)


def require_libraries(what: str, *libraries: str) -> None:
    """Raise a `ConfigError` unless these libraries of Hugging Face are installed."""
    missing = [library for library in libraries if find_spec(library) is None]
    if missing:
        raise ConfigError(
            f"{what} needs {' and '.join(missing)}",
            hint="Install it: pip install transformers, or translator[huggingface].",
        )


def renamed(name: str) -> str:
    """Return M2M100's name of one of our tensors. The tied copies of the embedding have none."""
    if name == "embedding.weight":
        return "model.shared.weight"
    return "model." + name.replace("feed_forward.", "")


def model_config(config: Config, vocab_size: int) -> dict[str, Any]:
    """Return config.json."""
    shape = config.model
    return {
        "architectures": ["M2M100ForConditionalGeneration"],
        "model_type": "m2m_100",
        "vocab_size": vocab_size,
        # made from a formula, and longer ones are made when they are needed
        "max_position_embeddings": 2 * config.data.max_length + 64,
        "d_model": shape.d_model,
        "encoder_layers": shape.encoder_layers,
        "decoder_layers": shape.decoder_layers,
        "num_hidden_layers": shape.encoder_layers,
        "encoder_attention_heads": shape.attention_heads,
        "decoder_attention_heads": shape.attention_heads,
        "encoder_ffn_dim": shape.ffn_dim,
        "decoder_ffn_dim": shape.ffn_dim,
        "encoder_layerdrop": 0.0,
        "decoder_layerdrop": 0.0,
        "dropout": shape.dropout,
        "activation_dropout": shape.dropout,
        "attention_dropout": 0.0,
        "activation_function": "relu",
        "scale_embedding": True,
        "tie_word_embeddings": True,
        "is_encoder_decoder": True,
        "unk_token_id": UNK_ID,
        "pad_token_id": PAD_ID,
        "bos_token_id": BOS_ID,
        "eos_token_id": EOS_ID,
        "decoder_start_token_id": BOS_ID,
        "torch_dtype": "float32",
    }


def _generation_config(config: Config) -> dict[str, Any]:
    """Return generation_config.json: the search of the run, by the rules of `beam_search`."""
    decoding = config.decoding
    return {
        "num_beams": decoding.beam,
        "length_penalty": decoding.length_penalty,
        # as many finished hypotheses as there are beams end the search
        "early_stopping": True,
        "do_sample": False,
        # of the longest source; the limit of a shorter one cannot be said here
        "max_length": int(decoding.max_length_ratio * config.data.max_length) + 21,
        "suppress_tokens": [UNK_ID, PAD_ID, BOS_ID],
        "pad_token_id": PAD_ID,
        "bos_token_id": BOS_ID,
        "eos_token_id": EOS_ID,
        "decoder_start_token_id": BOS_ID,
    }


def _tokenizer_config(config: Config) -> dict[str, Any]:
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "bos_token": "<s>",
        "eos_token": "</s>",
        "model_max_length": config.data.max_length,
        "model_input_names": ["input_ids", "attention_mask"],
        "padding_side": "right",
        "clean_up_tokenization_spaces": False,
        # a text that reads like </s> is a text
        "split_special_tokens": True,
    }


def _fast_tokenizer(tokenizer: Tokenizer, config: Config, target: str) -> tokenizers.Tokenizer:
    """Return a tokenizer of the `tokenizers` library that gives the ids of ours, end included."""
    import tokenizers
    from tokenizers import AddedToken, Regex, decoders, normalizers, pre_tokenizers, processors

    pieces = tokenizer.pieces(range(len(tokenizer)))
    fast = tokenizers.Tokenizer(_subwords(tokenizer, pieces, config))
    fast.normalizer = normalizers.Sequence(
        [
            # what our own tokenizer mends before SentencePiece sees it
            normalizers.Replace(Regex("[\x00\x85]"), " "),
            normalizers.Precompiled(normalization_map(tokenizer.model)),
            # white space as SentencePiece has it: one mark in front of each word
            normalizers.Replace(Regex(r"\A +| +\z"), ""),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Prepend("▁"),
            normalizers.Replace(" ", "▁"),
            normalizers.Replace(Regex(r"▁+\z"), ""),
        ]
    )
    fast.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split("▁", "merged_with_next"),
            pre_tokenizers.Split(Regex(_LIKE_A_SPECIAL_PIECE), "merged_with_previous"),
        ]
    )
    fast.decoder = decoders.Sequence(
        [
            decoders.Replace("▁", " "),
            decoders.ByteFallback(),
            decoders.Fuse(),
            decoders.Strip(" ", 1, 0),
        ]
    )
    tag = [pieces[id_] for id_ in tokenizer.tag(target)]
    special = [pieces[id_] for id_ in (UNK_ID, PAD_ID, BOS_ID, EOS_ID)]
    fast.add_special_tokens(
        [AddedToken(piece, special=True, normalized=False) for piece in [*special, *tag]]
    )
    used = [*tag, pieces[EOS_ID]]
    fast.post_processor = processors.TemplateProcessing(
        single=" ".join([*tag, "$A", pieces[EOS_ID]]),
        special_tokens=[(piece, pieces.index(piece)) for piece in used],
    )
    return fast


def _subwords(tokenizer: Tokenizer, pieces: list[str], config: Config) -> Any:
    """Return the model that cuts words into pieces."""
    from tokenizers import models

    normal = set(tokenizer.normal_pieces())
    scores = tokenizer.scores()
    if config.tokenizer.algorithm == "unigram":
        # what is unknown costs a fixed amount more than the least likely piece
        least = min(scores[id_] for id_ in normal)
        vocabulary = [(piece, max(scores[id_], least)) for id_, piece in enumerate(pieces)]
        return models.Unigram(vocabulary, unk_id=UNK_ID, byte_fallback=True)
    ids = {pieces[id_]: id_ for id_ in sorted(normal)}
    merges = []
    for piece, id_ in ids.items():
        halves = [(piece[:i], piece[i:]) for i in range(1, len(piece))]
        merges += [
            (-scores[id_], ids[left], ids[right], left, right)
            for left, right in halves
            if left in ids and right in ids
        ]
    return models.BPE(
        vocab={piece: id_ for id_, piece in enumerate(pieces)},
        merges=[(left, right) for *_, left, right in sorted(merges)],
        unk_token=pieces[UNK_ID],
        fuse_unk=True,
        byte_fallback=True,
    )


def _write(path: Path, values: dict[str, Any]) -> None:
    path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


_USE = """\
```python
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained(".")
model = AutoModelForSeq2SeqLM.from_pretrained(".")
batch = tokenizer(["{example}"], return_tensors="pt", padding=True)
print(tokenizer.batch_decode(model.generate(**batch), skip_special_tokens=True))
```

The search (beam, length penalty) is that of generation_config.json.
"""
