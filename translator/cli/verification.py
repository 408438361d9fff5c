"""What `translator export --verify` compares, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from translator.cli.files import require_file, standard_output
from translator.config import Config
from translator.corpora import read_test_set, read_text_lines
from translator.errors import DataError, ModelError
from translator.export import ctranslate2, huggingface
from translator.export.verify import (
    SENTENCES,
    Reference,
    Verification,
    verify_ctranslate2,
    verify_huggingface,
)
from translator.run_directory import RunDirectory


def verified(
    run: RunDirectory,
    direction: tuple[str, str],
    to: str,
    folder: Path,
    named: Path | None,
    quantization: str | None,
) -> bool:
    """Compare an exported model with its run, print what was found, and return whether it passes.

    Raises:
        DataError: there are no sentences to compare with.
        ConfigError: a library is missing.
        ModelError: the folder holds no such model.
    """
    if to == "ctranslate2":
        ctranslate2.require_ctranslate2("--verify")
        needed = ctranslate2.MODEL_FILE
    else:
        huggingface.require_libraries("--verify", "transformers")
        needed = "tokenizer.json"
    if not (folder / needed).is_file():
        raise ModelError(f"holds no model for {to}: {needed} is missing", where=folder)
    config = run.read_config()
    texts = _texts(run, config, direction, named)
    found = _compare(run, config, direction, to, folder, texts, quantization)
    standard_output().write("".join(f"{line}\n" for line in found.lines))
    return found.passed


def _compare(
    run: RunDirectory,
    config: Config,
    direction: tuple[str, str],
    to: str,
    folder: Path,
    texts: list[str],
    quantization: str | None,
) -> Verification:
    from translator.decoding.translator import Translator

    exact = (quantization or "float32") == "float32"
    decoding = replace(config.decoding, engine="torch", precision="float32", device="cpu")
    source, target = direction
    run_itself = Translator.load(run.path, source=source, target=target, decoding=decoding)
    tokenizer = run_itself.tokenizer
    # what is longer is cut by the run, and by nobody else
    room = config.data.max_length - len(tokenizer.tag(target)) - 1
    texts = [
        text for text, ids in zip(texts, tokenizer.encode(texts), strict=True) if len(ids) <= room
    ]
    best = [found[0] for found in run_itself.search(texts)]
    reference = Reference(
        model=run_itself.model,
        tokenizer=tokenizer,
        tag=tokenizer.tag(target),
        texts=texts,
        translations=[one.text for one in best],
        complete=[one.complete for one in best],
    )
    if to == "huggingface":
        return verify_huggingface(folder, reference)
    from translator.decoding.engines.with_ctranslate2 import CTranslate2Engine

    engine = CTranslate2Engine(
        folder,
        tokenizer,
        replace(decoding, precision="int8" if "int8" in (quantization or "") else "float32"),
        max_length=config.data.max_length,
        positions=ctranslate2.position_count(config),
    )
    exported = Translator(
        engine,
        tokenizer,
        source=source,
        target=target,
        max_length=config.data.max_length,
        decoding=decoding,
    )
    return verify_ctranslate2(folder, reference, exported.translate, exact=exact)


def _texts(
    run: RunDirectory, config: Config, direction: tuple[str, str], named: Path | None
) -> list[str]:
    """Return the sentences to compare with."""
    if named is not None:
        require_file(named)
        lines = read_text_lines(named)
    else:
        dev = run.read_manifest().get("dev")
        hint = "Name sentences with --input."
        if not isinstance(dev, str):
            raise DataError("the run names no validation set", where=run.path, hint=hint)
        try:
            source, target = direction
            turned = direction != run.read_directions()[0]
            lines = read_test_set(
                dev, source=source, target=target, options=config.data, turned=turned
            ).sources
        except DataError as error:
            raise DataError(
                f"the run's validation set cannot be read: {error.message}",
                where=error.where,
                hint=hint,
            ) from None
    texts = [line for line in lines if line.strip()][:SENTENCES]
    if not texts:
        raise DataError("holds no sentences", where=named or run.path)
    return texts
