"""Whether an exported model does what the run does: the same tokens, logits and translations.

The reference is the torch engine, which the caller brings: it lies above this folder.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator import batching
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID, PAD_ID, Tokenizer

if TYPE_CHECKING:
    from torch import Tensor

    from translator.model.transformer import Transformer

SENTENCES = 500
"""Of these at most the translations are compared."""
_SCORED = 64
"""Of these at most the logits are compared."""
LOGITS, LOG_PROBS = 1e-5, 1e-4
"""Largest differences by rounding: of logits in float64, of log probabilities in float32."""
QUANTIZED_LOG_PROBS, QUANTIZED_SHARE = 0.1, 0.5
"""With other weights than float32: the mean difference of tokens (nats) that is taken for rounding,
and the share of the translations that may differ."""
_SHOWN = 10
_ROWS = 16
"""Sentences that are worked on together."""


@dataclass
class Verification:
    """What was compared.

    Attributes:
        lines: one for each comparison, and the differences.
        passed: whether nothing differs more than rounding makes it.
    """

    lines: list[str] = field(default_factory=list)
    passed: bool = True

    def note(self, line: str, passed: bool = True) -> None:
        """Add a comparison."""
        self.lines.append(f"{'' if passed else 'DIFFERENT '}{line}")
        self.passed = self.passed and passed

    def compare(
        self,
        what: str,
        texts: Sequence[str],
        ours: Sequence[Any],
        theirs: Sequence[Any],
        share: float = 0.0,
    ) -> None:
        """Add a comparison, sentence by sentence, of what must be equal but for a `share`."""
        different = [i for i in range(len(texts)) if ours[i] != theirs[i]]
        passed = len(different) <= share * len(texts)
        self.note(f"{what}: {len(different):,} of {len(texts):,} differ", passed)
        for i in different[:_SHOWN]:
            self.lines += [f"  {i + 1}: {texts[i]}", f"    run:    {ours[i]}"]
            self.lines += [f"    export: {theirs[i]}"]
        if len(different) > _SHOWN:
            self.lines.append(f"  and {len(different) - _SHOWN:,} more")


@dataclass(frozen=True)
class Reference:
    """What the run itself does with some sentences.

    Attributes:
        model: the weights, on the CPU.
        tokenizer: the vocabulary.
        tag: what sources begin with.
        texts: the sentences.
        translations: of them.
        complete: whether each ended by itself. What is cut at the length limit is not compared:
            programs differ in what they then prefer.
    """

    model: Transformer
    tokenizer: Tokenizer
    tag: Sequence[int]
    texts: Sequence[str]
    translations: Sequence[str]
    complete: Sequence[bool]

    def compare(
        self,
        found: Verification,
        theirs: Sequence[str],
        *,
        cut: Container[int] = (),
        share: float = 0.0,
    ) -> None:
        """Add the comparison of the translations, but for those that the other program has cut.

        A `share` of them may differ.
        """
        rows = [i for i in range(len(self.texts)) if self.complete[i] and i not in cut]
        texts, ours, others = (
            [column[i] for i in rows] for column in (self.texts, self.translations, theirs)
        )
        found.compare("translations", texts, ours, others, share)
        if len(rows) < len(self.texts):
            left = len(self.texts) - len(rows)
            found.note(f"not compared, because they are cut at a length limit: {left:,}")


def verify_huggingface(folder: Path, reference: Reference) -> Verification:
    """Compare a model of Hugging Face transformers with the run."""
    import torch
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    theirs = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    copy = AutoModelForSeq2SeqLM.from_pretrained(folder, local_files_only=True).eval()
    texts, tokenizer = reference.texts, reference.tokenizer
    found = Verification()
    sources = [[*reference.tag, *row, EOS_ID] for row in tokenizer.encode(texts)]
    found.compare("tokens", texts, sources, theirs(list(texts))["input_ids"])

    generated, cut = [""] * len(texts), set[int]()
    order = sorted(range(len(texts)), key=lambda i: len(sources[i]))
    for start in range(0, len(order), _ROWS):
        rows = order[start : start + _ROWS]
        batch = theirs([texts[i] for i in rows], return_tensors="pt", padding=True)
        ids = copy.generate(**batch)
        for i, text in zip(rows, theirs.batch_decode(ids, skip_special_tokens=True), strict=True):
            generated[i] = text.strip()
        cut.update(i for i, row in zip(rows, ids.tolist(), strict=True) if EOS_ID not in row)
    reference.compare(found, generated, cut=cut)

    # in float64, where a difference is one of the models and not of rounding
    ours, copy = reference.model.double(), copy.double()
    targets = tokenizer.encode(reference.translations[:_SCORED])
    differences = []
    for source, target in _padded(sources[:_SCORED], targets):
        with torch.no_grad():
            logits = copy(
                input_ids=source, attention_mask=(source != PAD_ID).long(), decoder_input_ids=target
            ).logits
            real = (target != PAD_ID)[:, :, None]
            differences.append(((ours(source, target) - logits) * real).abs().max())
    largest = float(torch.stack(differences).max())  # what is no number stays so, and fails
    found.note(f"logits: they differ by {largest:.1g} at most", largest <= LOGITS)
    return found


def verify_ctranslate2(
    folder: Path,
    reference: Reference,
    translate: Callable[[Sequence[str]], Sequence[str]],
    *,
    weights: str,
    precision: str,
) -> Verification:
    """Compare a model of CTranslate2 with the run.

    Args:
        folder: the exported model.
        reference: what the run does.
        translate: translates with the exported model.
        weights: the number format of its weights; all but float32 may differ a little.
        precision: what it computes in.
    """
    import ctranslate2
    import torch

    tokenizer = reference.tokenizer
    found = Verification([f"weights: {weights}"])
    theirs = ctranslate2.Translator(str(folder), compute_type=precision)
    sources = [[*reference.tag, *row] for row in tokenizer.encode(reference.texts[:_SCORED])]
    targets = tokenizer.encode(reference.translations[:_SCORED])
    scored = theirs.score_batch(
        [tokenizer.pieces(row) for row in sources], [tokenizer.pieces(row) for row in targets]
    )
    ours = _log_probs(reference.model, sources, targets)
    theirs_too = [torch.tensor(score.log_probs) for score in scored]
    _note_log_probs(found, ours, theirs_too, exact=weights == "float32")
    share = 0.0 if weights == "float32" else QUANTIZED_SHARE
    reference.compare(found, translate(reference.texts), share=share)
    return found


def verify_run(
    copy: Transformer,
    reference: Reference,
    translate: Callable[[Sequence[str]], Sequence[str]],
    *,
    weights: str,
) -> Verification:
    """Compare a run that was made of another one with that.

    Args:
        copy: its weights, on the CPU.
        reference: what the run does that it was made of.
        translate: translates with the copy.
        weights: the number format of the copy's weights; all but float32 may differ a little.
    """
    found = Verification([f"weights: {weights}"])
    sources = [
        [*reference.tag, *row] for row in reference.tokenizer.encode(reference.texts[:_SCORED])
    ]
    targets = reference.tokenizer.encode(reference.translations[:_SCORED])
    ours, theirs = (_log_probs(model, sources, targets) for model in (reference.model, copy))
    _note_log_probs(found, ours, theirs, exact=weights == "float32")
    share = 0.0 if weights == "float32" else QUANTIZED_SHARE
    reference.compare(found, translate(reference.texts), share=share)
    return found


def _log_probs(
    model: Transformer, sources: Sequence[list[int]], targets: Sequence[list[int]]
) -> list[Tensor]:
    """Return the log probabilities of each pair's target tokens, end included."""
    import torch

    found = []
    for source, target in zip(sources, targets, strict=True):
        given = torch.tensor([[*source, EOS_ID]]), torch.tensor([[BOS_ID, *target]])
        with torch.no_grad():
            log_probs = model(*given)[0].log_softmax(-1)
        found.append(log_probs.gather(1, torch.tensor([*target, EOS_ID])[:, None])[:, 0])
    return found


def _note_log_probs(
    found: Verification, ours: Sequence[Tensor], theirs: Sequence[Tensor], *, exact: bool
) -> None:
    """Add the comparison of log probabilities, of equal weights or of rounded ones."""
    import torch

    tokens = (torch.cat(list(ours)) - torch.cat(list(theirs))).abs()
    mean, largest = float(tokens.mean()), float(tokens.max())
    found.note(
        f"log probabilities of tokens: they differ by {mean:.1g} on average, {largest:.1g} at most",
        largest <= LOG_PROBS if exact else mean <= QUANTIZED_LOG_PROBS,
    )


def _padded(sources: Sequence[list[int]], targets: Sequence[list[int]]) -> list[tuple[Any, Any]]:
    """Return the pairs in padded batches; targets begin with the start of the sentence."""
    return [
        (
            batching.pad(sources[start : start + _ROWS]),
            batching.pad([[BOS_ID, *row] for row in targets[start : start + _ROWS]]),
        )
        for start in range(0, len(sources), _ROWS)
    ]
