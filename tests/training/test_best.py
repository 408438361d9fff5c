from __future__ import annotations

import torch
from safetensors.torch import load_file

from translator.run_directory import RunDirectory, checksum
from translator.training.best import BestWeights


def tensors(value: float) -> dict[str, torch.Tensor]:
    return {"embedding.weight": torch.full((3, 2), value)}


def test_weights_of_an_older_state_come_back(run: RunDirectory) -> None:
    best = BestWeights(run)
    first, second = best.keep(tensors(1.0)), best.keep(tensors(2.0))
    assert checksum(run.weights_file) == second != first
    assert best.restore(first)
    assert torch.equal(load_file(run.weights_file)["embedding.weight"], torch.full((3, 2), 1.0))
    assert checksum(run.weights_file) == first
    assert best.restore(second)
    assert checksum(run.weights_file) == second
    assert run.weights_file.stat().st_mode == run.best_file(first).stat().st_mode


def test_weights_that_are_there_are_left_alone(run: RunDirectory) -> None:
    best = BestWeights(run)
    kept = best.keep(tensors(1.0))
    run.best_file(kept).unlink()
    before = run.weights_file.stat().st_mtime_ns
    assert best.restore(kept)
    assert run.weights_file.stat().st_mtime_ns == before


def test_a_damaged_file_is_made_good_from_the_copy(run: RunDirectory) -> None:
    best = BestWeights(run)
    kept = best.keep(tensors(1.0))
    run.weights_file.write_bytes(b"damaged")
    assert best.restore(kept)
    assert checksum(run.weights_file) == kept
    run.weights_file.unlink()
    assert best.restore(kept)
    assert checksum(run.weights_file) == kept


def test_weights_that_are_lost(run: RunDirectory) -> None:
    best = BestWeights(run)
    kept = best.keep(tensors(1.0))
    for file in (run.weights_file, run.best_file(kept)):
        file.write_bytes(b"damaged")
    assert not best.restore(kept)
    assert not best.restore("0" * 32)
    assert run.weights_file.read_bytes() == b"damaged"


def test_copies_that_no_state_needs_are_removed(run: RunDirectory) -> None:
    best = BestWeights(run)
    kept = [best.keep(tensors(value)) for value in (1.0, 2.0, 3.0)]
    run.snapshot_file(10).write_bytes(b"another kind of file")
    best.forget_all_but({kept[1], kept[2], ""})
    assert run.best_files() == sorted(run.best_file(one) for one in kept[1:])
    assert run.snapshot_file(10).exists()
    assert checksum(run.weights_file) == kept[2]
