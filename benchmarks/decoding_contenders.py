"""Who takes part in the comparison of decoding, and how each is measured."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from translator.config import DecodingConfig
    from translator.decoding.translator import Translator
    from translator.run_directory import RunDirectory
    from translator.tokenizer.tokenizer import Tokenizer

OURS, COMMAND = "translator, ", "translator translate, "
ONCE = "translator translate without further tries, "
BARE, THEIRS = "CTranslate2 itself", "Hugging Face generate"
JOEYNMT = "JoeyNMT, its own translate command"
TUNED = "allocator tuned"
_BARE_BATCH = 2048
"""Tokens of CTranslate2's batches when it is called directly: the best of 512 to 8192 here."""

Work = Callable[[list[str]], list[tuple[str, float | None]]]
"""Translates texts, and tells the score of each translation where it can be had."""


def measure(
    contender: str, model: str, texts: list[str], beam: int, batch_tokens: int
) -> dict[str, Any]:
    """Translate the texts once; runs in a process of its own, which loads this contender alone."""
    from translator.run_directory import RunDirectory
    from translator.tokenizer.tokenizer import Tokenizer

    run_directory = RunDirectory(model)
    engine, precision, tuned = parts_of(contender)
    decoding = replace(
        run_directory.read_config().decoding,
        beam=beam,
        batch_tokens=batch_tokens,
        device="cpu",
        engine=engine,
        precision=precision,
        retry=not contender.startswith(ONCE),
    )
    tokenizer = Tokenizer.load(run_directory.tokenizer_file)
    if tuned:
        from translator.hardware import keep_freed_memory

        keep_freed_memory()
    start = time.perf_counter()
    if contender == THEIRS:
        work = _hugging_face(run_directory, tokenizer, decoding)
    elif contender.startswith(BARE):
        work = _bare(run_directory, tokenizer, decoding)
    else:
        work = _ours(model, decoding, streamed=contender.startswith((COMMAND, ONCE)))
    load_seconds = time.perf_counter() - start
    work(texts[: max(1, len(texts) // 50)])  # warm-up
    start = time.perf_counter()
    found = work(texts)
    seconds = time.perf_counter() - start
    translations = [text for text, _ in found]
    return {
        "load_seconds": load_seconds,
        "seconds": seconds,
        "sentences": len(texts),
        "tokens": sum(len(ids) + 1 for ids in tokenizer.encode(translations)),
        "translations": translations,
        "scores": [score for _, score in found],
    }


def parts_of(contender: str) -> tuple[Any, Any, bool]:
    """Return engine, precision and whether the allocator is tuned."""
    if contender in (THEIRS, JOEYNMT):
        return "torch", "float32", False
    names = contender.replace(f"{BARE} ", "ctranslate2 ")
    for name in (COMMAND, ONCE, OURS):
        names = names.removeprefix(name)
    engine, precision, *more = names.split(" ", 2)
    return engine, precision, more == [f"({TUNED})"]


def _ours(model: str, decoding: DecodingConfig, *, streamed: bool) -> Work:
    """Return what the Python API does or, `streamed`, what the command `translate` does."""
    from translator.decoding.translator import Translator

    translator = Translator.load(model, decoding=decoding)
    if streamed:
        return lambda texts: _streamed(translator, texts)
    return lambda texts: [(best[0].text, best[0].score) for best in translator.search(texts)]


def _streamed(translator: Translator, texts: list[str]) -> list[tuple[str, float | None]]:
    """Translate the lines of a file, with a look at each, and further tries where asked for."""
    from translator.cli import stream
    from translator.cli.files import Output
    from translator.cli.results import DirectResults
    from translator.corpora.lines import read_lines
    from translator.decoding.text.blocks import line_blocks

    lines, written = BytesIO("".join(f"{text}\n" for text in texts).encode()), BytesIO()
    work = stream.Work(translator, "the test set", retry=translator.decoding.retry)
    results = DirectResults(Output(written, "memory"))
    stream.translate_stream(work, line_blocks(read_lines(lines)), results)
    return [(text, None) for text in written.getvalue().decode().split("\n")[:-1]]


def _hugging_face(run: RunDirectory, tokenizer: Tokenizer, decoding: DecodingConfig) -> Work:
    from benchmarks.hugging_face import generate, to_m2m100

    copy = to_m2m100(run, len(tokenizer))
    return lambda texts: [(text, None) for text in generate(copy, tokenizer, decoding, texts)]


def _bare(run: RunDirectory, tokenizer: Tokenizer, decoding: DecodingConfig) -> Work:
    """Return CTranslate2 as its own documentation calls it: all sentences in one call."""
    import ctranslate2

    from translator.decoding.engines.threads import share_out
    from translator.export.ctranslate2 import converted

    workers, threads = share_out(0, 0)
    bare = ctranslate2.Translator(
        str(converted(run)),
        compute_type=decoding.precision,
        inter_threads=workers,
        intra_threads=threads,
    )
    pieces = tokenizer.pieces(range(len(tokenizer)))
    ids = {piece: id_ for id_, piece in enumerate(pieces)}

    def work(texts: list[str]) -> list[tuple[str, float | None]]:
        rows = [[pieces[id_] for id_ in row] for row in tokenizer.encode(texts)]
        found = bare.translate_batch(
            rows,
            beam_size=decoding.beam,
            length_penalty=decoding.length_penalty,
            max_decoding_length=int(decoding.max_length_ratio * max(map(len, rows))) + 20,
            max_batch_size=_BARE_BATCH,
            batch_type="tokens",
            return_scores=True,
        )
        translations = tokenizer.decode([[ids[x] for x in one.hypotheses[0]] for one in found])
        return [(text, one.scores[0]) for text, one in zip(translations, found, strict=True)]

    return work


def made_ready(model: str, contenders: list[str]) -> float | None:
    """Convert a model; return how much Hugging Face's logits differ if it takes part.

    Done before all measurements, so that peers do not hold our model beside theirs.
    """
    from translator.run_directory import RunDirectory

    run_directory = RunDirectory(model)
    if any(parts_of(contender)[0] != "torch" for contender in contenders):
        from translator.export.ctranslate2 import converted, require_ctranslate2

        require_ctranslate2("one of the contenders")
        converted(run_directory)
    if THEIRS not in contenders:
        return None
    from benchmarks.hugging_face import largest_difference

    return largest_difference(run_directory)
