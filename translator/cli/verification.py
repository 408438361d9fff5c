"""What `translator export --verify` compares, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from translator.cli.files import require_file, standard_output
from translator.config import Config, DecodingConfig
from translator.corpora import read_test_set, read_text_lines
from translator.errors import DataError, ModelError
from translator.export import ctranslate2, huggingface
from translator.export.verify import (
    SENTENCES,
    Reference,
    Verification,
    verify_ctranslate2,
    verify_huggingface,
    verify_run,
)
from translator.model.stored import number_format
from translator.run_directory import RunDirectory
from translator.tokenizer import Tokenizer, protect


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
        ModelError: the folder holds no such model, or its weights have another number format.
    """
    if to == "ctranslate2":
        ctranslate2.require_ctranslate2("--verify")
        needed = ctranslate2.MODEL_FILE
    elif to == "translator":
        needed = RunDirectory(folder).weights_file.name
    else:
        huggingface.require_libraries("--verify", "transformers")
        needed = "tokenizer.json"
    if not (folder / needed).is_file():
        raise ModelError(f"holds no model for {to}: {needed} is missing", where=folder)
    if quantization is not None:
        stored = _stored_format(to, folder)
        if quantization.removesuffix("_float32") != stored:
            raise ModelError(
                f"holds {stored} weights, and --quantization {quantization} was asked for",
                where=folder,
                hint="Leave out --quantization, or choose another --out.",
            )
    config = run.read_config()
    texts = _texts(run, config, direction, named)
    found = _compare(run, config, direction, to, folder, texts)
    standard_output().write("".join(f"{line}\n" for line in found.lines))
    return found.passed


def _compare(
    run: RunDirectory,
    config: Config,
    direction: tuple[str, str],
    to: str,
    folder: Path,
    texts: list[str],
) -> Verification:
    from translator.decoding.translator import Translator

    decoding = _plain_search(config.decoding)
    source, target = direction
    run_itself = Translator.load(run.path, source=source, target=target, decoding=decoding)
    tokenizer = run_itself.tokenizer
    room = config.data.max_length - len(tokenizer.tag(target)) - 1
    texts, left_out = _comparable(texts, tokenizer, room)
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
        found = verify_huggingface(folder, reference)
        found.lines += left_out
        return found
    from translator.decoding.engines.with_ctranslate2 import CTranslate2Engine

    weights = _stored_format(to, folder)
    if to == "translator":
        copy = Translator.load(folder, source=source, target=target, decoding=decoding)
        found = verify_run(copy.model, reference, copy.translate, weights=weights)
        found.lines += left_out
        return found
    computing = replace(decoding, precision="int8" if weights == "int8" else "float32")
    engine = CTranslate2Engine(
        folder,
        tokenizer,
        computing,
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
    found = verify_ctranslate2(
        folder, reference, exported.translate, weights=weights, precision=computing.precision
    )
    found.lines += left_out
    return found


def _stored_format(to: str, folder: Path) -> str:
    """Return the number format of an exported model's weights."""
    if to == "translator":
        return number_format(RunDirectory(folder).weights_file)
    return ctranslate2.stored_format(folder)


def _plain_search(decoding: DecodingConfig) -> DecodingConfig:
    """Return the search that an exported model does too: a line at once, and once only."""
    return DecodingConfig(
        beam=decoding.beam,
        length_penalty=decoding.length_penalty,
        max_length_ratio=decoding.max_length_ratio,
        split_sentences=False,
        retry=False,
        engine="torch",
        device="cpu",
        threads=decoding.threads,
        workers=decoding.workers,
    )


def _comparable(texts: list[str], tokenizer: Tokenizer, room: int) -> tuple[list[str], list[str]]:
    """Return the texts that the run gives to its model as they are, and what is said of the others.

    Raises:
        DataError: there are no such texts.
    """
    known = bool(tokenizer.placeholders)
    whole = [text for text in texts if not (known and protect(text).spans)]
    encoded = tokenizer.encode(whole)
    kept = [text for text, ids in zip(whole, encoded, strict=True) if 0 < len(ids) <= room]
    if not kept:
        raise DataError(
            "no sentence can be compared: all are too long for the model, or hold something that "
            "is copied and kept from it",
            hint="Name other sentences with --input.",
        )
    reasons = {
        "they hold something that is copied and kept from the model": len(texts) - len(whole),
        "the model reads only a part of them at once": sum(len(ids) > room for ids in encoded),
    }
    return kept, [
        f"not compared, because {reason}: {count:,}" for reason, count in reasons.items() if count
    ]


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
