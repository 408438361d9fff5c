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
    from translator.model.transformer import Transformer

SENTENCES = 500
"""Of these at most the translations are compared."""
_SCORED = 64
"""Of these at most the logits are compared."""
LOGITS, LOG_PROBS = 1e-5, 1e-4
"""Largest differences by rounding: of logits in float64, of log probabilities in float32."""
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
        self, what: str, texts: Sequence[str], ours: Sequence[Any], theirs: Sequence[Any]
    ) -> None:
        """Add a comparison of what must be equal, sentence by sentence."""
        different = [i for i in range(len(texts)) if ours[i] != theirs[i]]
        self.note(f"{what}: {len(different):,} of {len(texts):,} differ", not different)
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

    def compare(self, found: Verification, theirs: Sequence[str], cut: Container[int] = ()) -> None:
        """Add the comparison of the translations, but for those that the other program has cut."""
        rows = [i for i in range(len(self.texts)) if self.complete[i] and i not in cut]
        columns = (self.texts, self.translations, theirs)
        found.compare("translations", *([column[i] for i in rows] for column in columns))
        if len(rows) < len(self.texts):
            others = len(self.texts) - len(rows)
            found.note(f"not compared, because they are cut at a length limit: {others:,}")


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
    reference.compare(found, generated, cut)

    # in float64, where a difference is one of the models and not of rounding
    ours, copy = reference.model.double(), copy.double()
    targets = tokenizer.encode(reference.translations[:_SCORED])
    largest = 0.0
    for source, target in _padded(sources[:_SCORED], targets):
        with torch.no_grad():
            logits = copy(
                input_ids=source, attention_mask=(source != PAD_ID).long(), decoder_input_ids=target
            ).logits
            real = (target != PAD_ID)[:, :, None]
            largest = max(largest, float(((ours(source, target) - logits) * real).abs().max()))
    found.note(f"logits: they differ by {largest:.1g} at most", largest <= LOGITS)
    return found


def verify_ctranslate2(
    folder: Path,
    reference: Reference,
    translate: Callable[[Sequence[str]], Sequence[str]],
    *,
    exact: bool,
) -> Verification:
    """Compare a model of CTranslate2 with the run.

    Args:
        folder: the exported model.
        reference: what the run does.
        translate: translates with the exported model.
        exact: whether its weights are the run's; else differences are told, but are no failure.
    """
    import ctranslate2
    import torch

    tokenizer = reference.tokenizer
    found = Verification()
    theirs = ctranslate2.Translator(str(folder), compute_type="float32" if exact else "default")
    sources = [[*reference.tag, *row] for row in tokenizer.encode(reference.texts[:_SCORED])]
    targets = tokenizer.encode(reference.translations[:_SCORED])
    scored = theirs.score_batch(
        [tokenizer.pieces(row) for row in sources], [tokenizer.pieces(row) for row in targets]
    )
    largest = 0.0
    for row, target, score in zip(sources, targets, scored, strict=True):
        given = torch.tensor([[*row, EOS_ID]]), torch.tensor([[BOS_ID, *target]])
        with torch.no_grad():
            log_probs = reference.model(*given)[0].log_softmax(-1)
        ours = log_probs.gather(1, torch.tensor([*target, EOS_ID])[:, None])[:, 0]
        largest = max(largest, float((ours - torch.tensor(score.log_probs)).abs().max()))
    what = f"log probabilities of tokens: they differ by {largest:.1g} at most"
    found.note(what, largest <= LOG_PROBS or not exact)
    reference.compare(found, translate(reference.texts))
    found.passed = found.passed or not exact
    return found


def _padded(sources: Sequence[list[int]], targets: Sequence[list[int]]) -> list[tuple[Any, Any]]:
    """Return the pairs in padded batches; targets begin with the start of the sentence."""
    return [
        (
            batching.pad(sources[start : start + _ROWS]),
            batching.pad([[BOS_ID, *row] for row in targets[start : start + _ROWS]]),
        )
        for start in range(0, len(sources), _ROWS)
    ]
