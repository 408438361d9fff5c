"""Our weights in Hugging Face's M2M100, whose layout is ours, for a comparison of the programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.common import BenchmarkError

if TYPE_CHECKING:
    from translator.decoding.translator import Translator
    from translator.model.transformer import Transformer

TOLERANCE = 1e-3
"""Largest difference of logits that rounding may make."""


def to_m2m100(model: Transformer, longest: int) -> Any:
    """Return M2M100ForConditionalGeneration with the weights of `model`.

    Args:
        model: ours.
        longest: most tokens of a source.
    """
    from transformers import M2M100Config, M2M100ForConditionalGeneration

    from translator.config import Config, DataConfig
    from translator.export.huggingface import model_config, renamed

    config = Config(model=model.config, data=DataConfig(max_length=longest))
    copy = M2M100ForConditionalGeneration(M2M100Config(**model_config(config, model.vocab_size)))
    weights = {renamed(name): tensor for name, tensor in model.state_dict().items()}
    # the other names of the tied embedding are the only ones that may be missing
    missing, unexpected = copy.load_state_dict(weights, strict=False)
    missing = [name for name in missing if "embed_tokens" not in name and name != "lm_head.weight"]
    if missing or unexpected:
        raise BenchmarkError(f"M2M100 has other weights: {missing} missing, {unexpected} unknown")
    copy.tie_weights()
    return copy.eval()


def largest_difference(model: Transformer, copy: Any) -> float:
    """Return the largest difference of the two models' logits on random ids.

    Raises:
        BenchmarkError: it is more than rounding, so the two do not do the same work.
    """
    import torch

    torch.manual_seed(1)
    source = torch.randint(4, model.vocab_size, (3, 11))
    target = torch.randint(4, model.vocab_size, (3, 9))
    source[1, 7:] = model.pad_id
    with torch.no_grad():
        ours = model(source, target)
        theirs = copy(
            input_ids=source,
            attention_mask=(source != model.pad_id).long(),
            decoder_input_ids=target,
        ).logits
    difference = float((ours - theirs).abs().max())
    if difference > TOLERANCE:
        raise BenchmarkError(f"the copy's logits differ by {difference:.2g}: no fair comparison")
    return difference


def generate(translator: Translator, copy: Any, texts: list[str]) -> list[str]:
    """Translate with ``generate``: batches, beam and limits as `translator` takes them."""
    import torch

    from translator.decoding.search.batches import batches_by_length
    from translator.decoding.search.scoring import pad
    from translator.tokenizer.tokenizer import BOS_ID, EOS_ID, PAD_ID, UNK_ID

    options = translator.decoding
    rows = [[*ids, EOS_ID] for ids in translator.tokenizer.encode(texts)]
    found: list[list[int]] = [[] for _ in rows]
    for batch in batches_by_length(
        [len(row) for row in rows], options.batch_tokens // options.beam
    ):
        source = pad([rows[i] for i in batch], translator.model)
        with torch.no_grad():
            ids = copy.generate(
                input_ids=source,
                attention_mask=(source != PAD_ID).long(),
                num_beams=options.beam,
                do_sample=False,
                length_penalty=options.length_penalty,
                max_new_tokens=int(options.max_length_ratio * source.shape[1]) + 20,
                suppress_tokens=[UNK_ID, PAD_ID, BOS_ID],
            )
        for i, row in zip(batch, ids.tolist(), strict=True):
            found[i] = [id_ for id_ in row if id_ not in (PAD_ID, BOS_ID, EOS_ID)]
    return translator.tokenizer.decode(found)
