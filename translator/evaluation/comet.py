"""COMET, a trained metric: how good a translation is by the judgement of a model.

Its library pins old versions of others, so it is no part of any extra that the tests install; and
its checkpoint is a pickle, which may run code: only one from a source that is trusted is for use.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from translator.errors import ConfigError, DataError, ModelError
from translator.progress import progress

BATCH = 16


class Comet:
    """A checkpoint, in the form of sacrebleu's metrics: a sentence's statistic is its score.

    Attributes:
        sources: what was translated, to be set before translations are scored.
    """

    def __init__(self, model: Any, name: str) -> None:
        self.model, self.name = model, name
        self.sources: Sequence[str] = ()
        self.n_bootstrap: int | None = None
        self.seed: str | None = None

    def _extract_corpus_statistics(
        self, hypotheses: Sequence[str], references: Sequence[Sequence[str | None]]
    ) -> list[list[float]]:
        # it reads one reference: the first that there is
        first = [
            next(text for text in row if text is not None) for row in zip(*references, strict=True)
        ]
        samples = [
            {"src": source, "mt": hypothesis, "ref": reference}
            for source, hypothesis, reference in zip(self.sources, hypotheses, first, strict=True)
        ]
        import torch

        with progress("COMET", total=len(samples), unit="sentences") as bar:
            found = self.model.predict(
                samples,
                batch_size=BATCH,
                gpus=int(torch.cuda.is_available()),
                progress_bar=False,
            )
            bar.advance(len(samples))
        return [[float(score), 1.0] for score in found.scores]

    def _aggregate_and_compute(self, statistics: Any) -> Any:
        total = [sum(column) for column in zip(*statistics, strict=True)]
        return self._compute_score_from_stats(total)

    def _compute_score_from_stats(self, total: Any) -> Any:
        from sacrebleu.metrics.base import Score

        return Score("COMET", 100 * float(total[0]) / float(total[1]))

    def get_signature(self) -> Any:
        """Return what the figure depends on."""
        from sacrebleu.metrics.base import Signature

        signature = Signature({"num_refs": 1, "n_bootstrap": self.n_bootstrap, "seed": self.seed})
        signature.info["version"] = _version()
        signature.update("model", self.name)
        signature.update("scale", 100)
        return signature


def load_comet(named: str) -> Comet:
    """Load a checkpoint that is on this disk: a file, a folder, or a name of the hub's cache.

    Raises:
        ConfigError: the library is not installed.
        ModelError: the checkpoint is not there, or cannot be loaded.
    """
    try:
        from comet import load_from_checkpoint
    except ImportError:
        raise ConfigError(
            "--comet needs the library of COMET, which is not installed",
            hint="pip install 'translator[comet]' (it needs older versions of other libraries: "
            "best in an environment of its own, with translations that --output or --save keeps).",
        ) from None
    path = _checkpoint(named)
    try:
        with progress(f"Loading {named}"):
            model = load_from_checkpoint(str(path), local_files_only=True)
    except Exception as error:  # whatever its libraries raise: the file is theirs
        reason = str(error).strip().partition("\n")[0]
        raise ModelError(
            f"cannot be loaded as a COMET model: {reason}",
            where=path,
            hint=f"Beside the checkpoint its encoder must be on this disk too. {_fetch(named)}",
        ) from None
    return Comet(model, named if not Path(named).exists() else Path(named).name)


def _checkpoint(named: str) -> Path:
    path = Path(named)
    if path.is_dir():
        path = path / "checkpoints" / "model.ckpt"
        if not path.is_file():
            raise ModelError("there is no checkpoints/model.ckpt in this folder", where=named)
        return path
    if path.is_file():
        return path
    if named.count("/") == 1:
        try:
            from huggingface_hub import snapshot_download

            return Path(snapshot_download(named, local_files_only=True)) / "checkpoints/model.ckpt"
        except Exception:  # as many kinds as there are ways not to have it
            pass
    raise ModelError(
        "there is no such COMET model on this disk, and none is fetched",
        where=named,
        hint=_fetch(named),
    )


def _fetch(named: str) -> str:
    name = (
        named
        if named.count("/") == 1 and not named.startswith((".", "/"))
        else "Unbabel/wmt22-comet-da"
    )
    return (
        f"Fetch it once, online: python -c \"from comet import download_model as d; d('{name}')\""
    )


def _version() -> str:
    try:
        return version("unbabel-comet")
    except PackageNotFoundError:
        return "unknown"


def require_sources(sources: Sequence[str] | None) -> Sequence[str]:
    """Return the sources, which COMET reads too.

    Raises:
        DataError: there are none.
    """
    if sources is None:
        raise DataError(
            "--comet reads the sources too, and there are only translations and references",
            hint="Give the test set with --data in place of --references.",
        )
    return sources
