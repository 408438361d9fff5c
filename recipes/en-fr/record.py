"""Write into a model's manifest what its training cannot know: licence, sources, scores.

    python record.py MODEL --sources sources.toml --scores scores/*.json

The entries are those that `translator.export.facts` describes. Scores are those of files that
`translator evaluate --save` has written, and must be of exactly this model.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from translator.evaluation.record import read_record
from translator.run_directory import RunDirectory, checksum


def main() -> None:
    """Read what the command line names, and write the manifest."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--sources", type=Path, required=True, metavar="FILE.toml")
    parser.add_argument("--scores", type=Path, nargs="*", default=[], metavar="FILE.json")
    asked = parser.parse_args()
    run = RunDirectory(asked.model)
    weights = checksum(run.weights_file)
    scores = [score for file in asked.scores for score in scores_of(file, weights)]
    about = tomllib.loads(asked.sources.read_text(encoding="utf-8"))
    run.write_manifest({**run.read_manifest(), **about, "scores": scores})


def scores_of(file: Path, weights: str) -> Iterator[dict[str, Any]]:
    """Yield the scores of a file, which must be of weights with this checksum."""
    for test_set in read_record(file)["test_sets"]:
        [system] = test_set["systems"]
        if system["weights"] != weights:
            raise SystemExit(f"{file}: these are scores of other weights; evaluate the model again")
        for score in system["scores"]:
            yield {
                "test_set": Path(test_set["test_set"]).name,
                "fingerprint": test_set["data"]["fingerprint"],
                "source": system["source"],
                "target": system["target"],
                "sentences": test_set["sentences"],
                "references": test_set["data"]["references"],
                **{key: score[key] for key in ("name", "value", "confidence", "signature")},
            }


if __name__ == "__main__":
    main()
