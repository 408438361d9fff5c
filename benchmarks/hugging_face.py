"""Our weights in Hugging Face's M2M100, whose layout is ours, for a comparison of the programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.common import BenchmarkError

if TYPE_CHECKING:
    from translator.config import DecodingConfig
    from translator.run_directory import RunDirectory
    from translator.tokenizer.tokenizer import Tokenizer

TOLERANCE = 1e-3
"""Largest difference of logits that rounding may make."""


def to_m2m100(run: RunDirectory, vocab_size: int) -> Any:
    """Return M2M100ForConditionalGeneration with the weights of the run; ours is not loaded."""
    import torch
    from transformers import M2M100Config, M2M100ForConditionalGeneration

    from translator.export.huggingface import model_config, renamed
    from translator.model.stored import read_arrays

    config = run.read_config()
    copy = M2M100ForConditionalGeneration(M2M100Config(**model_config(config, vocab_size)))
    arrays = read_arrays(run.weights_file, config.model, vocab_size)
    weights = {renamed(name): torch.from_numpy(array) for name, array in arrays.items()}
    # the other names of the tied embedding are the only ones that may be missing
    missing, unexpected = copy.load_state_dict(weights, strict=False)
    missing = [name for name in missing if "embed_tokens" not in name and name != "lm_head.weight"]
    if missing or unexpected:
        raise BenchmarkError(f"M2M100 has other weights: {missing} missing, {unexpected} unknown")
    copy.tie_weights()
    return copy.eval()


def largest_difference(run: RunDirectory) -> float:
    """Return the largest difference of the two models' logits on random ids.

    Raises:
        BenchmarkError: it is more than rounding, so the two do not do the same work.
    """
    import torch

    from translator.model.weights import load_model
    from translator.tokenizer.tokenizer import PAD_ID, Tokenizer

    vocab_size = len(Tokenizer.load(run.tokenizer_file))
    model = load_model(run, run.read_config().model, vocab_size, PAD_ID)
    torch.manual_seed(1)
    source = torch.randint(4, vocab_size, (3, 11))
    target = torch.randint(4, vocab_size, (3, 9))
    source[1, 7:] = PAD_ID
    with torch.no_grad():
        ours = model(source, target)
        theirs = to_m2m100(run, vocab_size)(
            input_ids=source,
            attention_mask=(source != PAD_ID).long(),
            decoder_input_ids=target,
        ).logits
    difference = float((ours - theirs).abs().max())
    if difference > TOLERANCE:
        raise BenchmarkError(f"the copy's logits differ by {difference:.2g}: no fair comparison")
    return difference


def generate(
    copy: Any, tokenizer: Tokenizer, options: DecodingConfig, texts: list[str]
) -> list[str]:
    """Translate with ``generate``: batches, beam and rules as `translator` takes them.

    All of a batch have the length limit of its longest source, which `generate` cannot tell apart.
    """
    import torch

    from translator import batching
    from translator.decoding.search.batches import batches_by_length
    from translator.tokenizer.tokenizer import BOS_ID, EOS_ID, PAD_ID, UNK_ID

    rows = [[*ids, EOS_ID] for ids in tokenizer.encode(texts)]
    found: list[list[int]] = [[] for _ in rows]
    for batch in batches_by_length(
        [len(row) for row in rows], options.batch_tokens // options.beam
    ):
        source = batching.pad([rows[i] for i in batch])
        with torch.no_grad():
            ids = copy.generate(
                input_ids=source,
                attention_mask=(source != PAD_ID).long(),
                num_beams=options.beam,
                # as many finished hypotheses as there are beams end the search; greedy search
                # does not know the option
                **({"early_stopping": True} if options.beam > 1 else {}),
                do_sample=False,
                length_penalty=options.length_penalty,
                max_new_tokens=int(options.max_length_ratio * source.shape[1]) + 20,
                suppress_tokens=[UNK_ID, PAD_ID, BOS_ID],
            )
        for i, row in zip(batch, ids.tolist(), strict=True):
            found[i] = [id_ for id_ in row if id_ not in (PAD_ID, BOS_ID, EOS_ID)]
    return tokenizer.decode(found)
