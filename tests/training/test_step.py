from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from translator.batching import Batch
from translator.errors import TrainingError
from translator.model import cross_attention, self_attention
from translator.model.attention import fused_attend
from translator.tokenizer.tokenizer import EOS_ID, UNK_ID
from translator.training.distributed import World
from translator.training.step import Stepper
from translator.training.validate import Validator

NewStepper = Callable[..., Stepper]
Rows = Callable[..., Any]


def gradients(stepper: Stepper, groups: list[Any]) -> list[Tensor]:
    """The gradients of a step, before the optimiser uses them."""
    stepper.model.train()
    batches = [stepper._batch(rows, 0) for rows in groups]
    tokens = sum(batch.target_tokens for batch in batches)
    for batch in batches:
        stepper.backward(batch, tokens)
    found = [p.grad.clone() for p in stepper.model.parameters() if p.grad is not None]
    stepper.optimizer.zero_grad()
    return found


def weights(stepper: Stepper) -> dict[str, Tensor]:
    return {name: tensor.clone() for name, tensor in stepper.model.state_dict().items()}


def equal(a: dict[str, Tensor], b: dict[str, Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def test_accumulated_batches_have_the_gradient_of_one(new_stepper: NewStepper, rows: Rows) -> None:
    stepper = new_stepper(model__dropout=0, training__label_smoothing=0.1)
    whole = gradients(stepper, [rows(*range(24))])
    # parts of very different sizes: the mean of their means would be another gradient
    for cuts in ([0, 1, 24], [0, 12, 24], [0, 3, 5, 20, 24], list(range(25))):
        groups = [rows(*range(a, b)) for a, b in itertools.pairwise(cuts)]
        for one, parts in zip(whole, gradients(stepper, groups), strict=True):
            torch.testing.assert_close(parts, one, atol=2e-6, rtol=1e-4)


def test_the_gradient_is_that_of_the_mean_over_real_tokens(
    new_stepper: NewStepper, rows: Rows
) -> None:
    stepper = new_stepper(model__dropout=0)
    found = gradients(stepper, [rows(*range(8))])
    batch = stepper._batch(rows(*range(8)), 0)
    assert bool((batch.target_out == 1).any())  # there is padding
    logits = stepper.model(batch.source, batch.target_in)
    loss = torch.nn.functional.cross_entropy(
        logits.transpose(1, 2), batch.target_out, ignore_index=1, label_smoothing=0.1
    )
    expected = torch.autograd.grad(loss, list(stepper.model.parameters()))
    for gradient, correct in zip(found, expected, strict=True):
        torch.testing.assert_close(gradient, correct, atol=2e-6, rtol=1e-4)


def test_r_drop_is_that_of_two_passes(new_stepper: NewStepper, rows: Rows) -> None:
    stepper = new_stepper(model__dropout=0.3, training__r_drop=2, training__label_smoothing=0.1)
    model, batch = stepper.model, stepper._batch(rows(*range(8)), 0)
    weights, real = list(model.parameters()), batch.target_out != 1
    model.train()
    torch.manual_seed(5)
    loss, nll = stepper._loss(batch)
    found = torch.autograd.grad(loss, weights)
    torch.manual_seed(5)
    logits = model(torch.cat([batch.source] * 2), torch.cat([batch.target_in] * 2))
    p, q = (half[real].log_softmax(-1) for half in logits.chunk(2))
    both, target = torch.cat([p, q]), torch.cat([batch.target_out[real]] * 2)
    right, smooth = (
        torch.nn.functional.cross_entropy(both, target, label_smoothing=share, reduction="sum")
        for share in (0, 0.1)
    )
    apart = ((p.exp() - q.exp()) * (p - q)).sum()
    assert apart.item() > 0.01 * right.item()
    expected = (smooth + 2 * apart / 2) / 2
    torch.testing.assert_close(loss, expected)
    torch.testing.assert_close(nll, right.detach() / 2)
    for one, correct in zip(found, torch.autograd.grad(expected, weights), strict=True):
        torch.testing.assert_close(one, correct, atol=2e-4, rtol=1e-3)


def test_r_drop_counts_each_token_once(new_stepper: NewStepper, rows: Rows) -> None:
    """Without dropout both passes are the same, and so is the step."""
    groups = [rows(*range(8)), rows(8)]
    two, one = (new_stepper(model__dropout=0, training__r_drop=weight) for weight in (2, 0))
    for doubled, correct in zip(gradients(two, groups), gradients(one, groups), strict=True):
        torch.testing.assert_close(doubled, correct, atol=2e-6, rtol=1e-4)
    results = [stepper.take(groups, 0, 1e-3) for stepper in (two, one)]
    assert results[0].tokens == results[1].tokens
    assert results[0].nll == pytest.approx(results[1].nll, rel=1e-5)
    assert results[0].gradient_norm == pytest.approx(results[1].gradient_norm, rel=1e-4)


def test_a_step_reports_what_it_saw(new_stepper: NewStepper, rows: Rows) -> None:
    stepper = new_stepper(model__dropout=0)
    expected = gradients(stepper, [rows(0, 1), rows(2)])
    batches = [stepper._batch(group, 0) for group in (rows(0, 1), rows(2))]
    with torch.no_grad():
        nll = sum(
            torch.nn.functional.cross_entropy(
                stepper.model(b.source, b.target_in).transpose(1, 2),
                b.target_out,
                ignore_index=1,
                reduction="sum",
            )
            for b in batches
        )
    result = stepper.take([rows(0, 1), rows(2)], 0, 1e-3)
    assert result.finite
    assert result.tokens == sum(b.target_tokens for b in batches)
    assert result.nll == pytest.approx(float(nll), rel=1e-5)
    norm = torch.linalg.vector_norm(torch.stack([g.norm() for g in expected]))
    assert result.gradient_norm == pytest.approx(float(norm), rel=1e-4)
    assert result.seconds > 0
    assert all(p.grad is None for p in stepper.model.parameters())


@pytest.mark.parametrize("r_drop", [0, 2])
def test_a_step_depends_on_seed_and_number_alone(
    new_stepper: NewStepper, rows: Rows, r_drop: float
) -> None:
    def after(step: int, *, seed: int = 1, noise: int = 0) -> dict[str, Tensor]:
        options = {"model__dropout": 0.3, "training__r_drop": r_drop, "training__seed": seed}
        stepper = new_stepper(**options)
        torch.manual_seed(noise)
        stepper.take([rows(0, 1, 2)], step, 1e-2)
        return weights(stepper)

    assert equal(after(5), after(5, noise=9))
    assert not equal(after(5), after(6))
    assert not equal(after(5), after(5, seed=2))


def test_the_first_step_moves_each_weight_by_the_rate(new_stepper: NewStepper, rows: Rows) -> None:
    stepper = new_stepper(model__dropout=0, training__weight_decay=0, training__clip_norm=0)
    before = weights(stepper)
    signs = gradients(stepper, [rows(*range(10))])
    stepper.take([rows(*range(10))], 0, 0.01)
    parameters = stepper.model.named_parameters()
    for (name, parameter), gradient in zip(parameters, signs, strict=True):
        clear = gradient.abs() > 1e-5
        moved = parameter.detach() - before[name]
        if parameter.dim() > 1 and name != "embedding.weight":  # Muon: on average, and 0.2 of it
            assert 0.1 * 0.01 < moved.square().mean().sqrt() < 0.25 * 0.01
            continue
        expected = -0.01 * gradient.sign()
        torch.testing.assert_close(moved[clear], expected[clear], atol=1e-4, rtol=0)


def test_weight_decay_is_for_matrices(new_stepper: NewStepper, rows: Rows) -> None:
    def moved(decay: float) -> dict[str, Tensor]:
        stepper = new_stepper(model__dropout=0, training__weight_decay=decay)
        stepper.take([rows(0)], 0, 0.01)
        return weights(stepper)

    start = weights(new_stepper())
    with_decay, without = moved(0.5), moved(0.0)
    for name, tensor in start.items():
        difference = with_decay[name] - without[name]
        expected = -0.01 * 0.5 * tensor if tensor.dim() > 1 else torch.zeros_like(tensor)
        torch.testing.assert_close(difference, expected, atol=1e-6, rtol=1e-3)


def test_large_gradients_are_clipped(
    new_stepper: NewStepper, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepper = new_stepper(training__clip_norm=0.01)
    norms = []

    def step() -> None:
        squares = [p.grad.square().sum() for p in stepper.model.parameters() if p.grad is not None]
        norms.append(float(torch.stack(squares).sum().sqrt()))

    monkeypatch.setattr(stepper.optimizer, "step", step)
    result = stepper.take([rows(0, 1)], 0, 1e-3)
    assert result.gradient_norm > 0.1
    assert norms == [pytest.approx(0.01, rel=1e-3)]


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("runs_ahead", [False, True])
def test_a_step_without_finite_gradients_is_skipped(
    new_stepper: NewStepper, rows: Rows, bad: float, runs_ahead: bool
) -> None:
    stepper = new_stepper(training__weight_decay=0.1)
    stepper.runs_ahead = runs_ahead
    stepper.take([rows(0, 1)], 0, 1e-3)
    before, state = weights(stepper), stepper.optimizer.state_dict()["state"]
    moments = {i: {k: v.clone() for k, v in values.items()} for i, values in state.items()}
    assert stepper.average is not None
    average = {name: t.clone() for name, t in stepper.average.model.state_dict().items()}
    handle = stepper.model.decoder.layer_norm.weight.register_hook(lambda grad: grad * bad)
    result = stepper.take([rows(2, 3)], 1, 1e-3)
    handle.remove()
    assert not result.finite
    assert equal(weights(stepper), before)
    assert equal(dict(stepper.average.model.state_dict()), average)
    for i, values in stepper.optimizer.state_dict()["state"].items():
        assert equal(dict(values), moments[i])
    # and the next one is as good as ever
    assert stepper.take([rows(4)], 2, 1e-3).finite
    assert not equal(weights(stepper), before)


def test_a_first_step_that_is_skipped_on_the_device(new_stepper: NewStepper, rows: Rows) -> None:
    """It leaves moments of zero behind, and those are where every other step begins."""
    one, other = new_stepper(), new_stepper()
    one.runs_ahead = True
    handle = one.model.decoder.layer_norm.weight.register_hook(lambda grad: grad * math.nan)
    assert not one.take([rows(0, 1)], 0, 1e-2).finite
    handle.remove()
    for stepper in (one, other):
        assert stepper.take([rows(2, 3)], 1, 1e-2).finite
    assert equal(weights(one), weights(other))


@pytest.mark.parametrize("precision", ["fp32", "bf16", "fp16"])
def test_steps_that_run_ahead_are_the_same(
    new_stepper: NewStepper, rows: Rows, precision: str
) -> None:
    options = {"model__dropout": 0.1, "training__word_dropout": 0.1, "tokenizer__sampling": 0.1}
    steppers = [new_stepper(precision, **options) for _ in range(2)]
    steppers[0].runs_ahead = True
    taken = []
    for stepper in steppers:
        results = []
        for step in range(4):
            stepper.make_ahead([rows(step + 1, step + 2), rows(7)], step + 1)
            results.append(stepper.take([rows(step, step + 1), rows(7)], step, 1e-2))
        taken.append([(one.number, one.tokens, one.nll, one.gradient_norm) for one in results])
    assert taken[0] == taken[1]
    assert equal(weights(steppers[0]), weights(steppers[1]))
    averages = [dict(s.average.model.state_dict()) for s in steppers if s.average is not None]
    for name, tensor in averages[0].items():
        torch.testing.assert_close(tensor, averages[1][name], atol=1e-6, rtol=1e-5)


def test_batches_are_made_ahead_by_a_thread(
    new_stepper: NewStepper, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepper = new_stepper()
    make, makers = stepper._batch, []

    def noted(*arguments: Any) -> Batch:
        makers.append(threading.current_thread() is threading.main_thread())
        return make(*arguments)

    monkeypatch.setattr(stepper, "_batch", noted)
    stepper.make_ahead([rows(0)], 0)
    stepper.take([rows(0)], 0, 1e-2)
    assert makers == [True]  # on a CPU there is nothing to be gained
    stepper.runs_ahead = True
    stepper.make_ahead([rows(1)], 1)
    stepper.take([rows(1)], 1, 1e-2)
    stepper.take([rows(2)], 2, 1e-2)
    assert makers == [True, False, True]


@pytest.mark.parametrize(
    "options", [{}, {"training__r_drop": 1, "training__word_dropout": 0.1}], ids=["plain", "r-drop"]
)
def test_nothing_in_a_step_waits_for_the_device(
    new_stepper: NewStepper, rows: Rows, monkeypatch: pytest.MonkeyPatch, options: dict[str, float]
) -> None:
    stepper = new_stepper(model__dropout=0, **options)
    for part in (cross_attention, self_attention):  # as on a GPU
        monkeypatch.setattr(part, "attend", fused_attend)

    def step(number: int) -> Any:
        with monkeypatch.context() as patched:
            forbid_waiting(patched)
            return stepper.take([rows(0, 1, 2), rows(3)], number, 1e-2)

    with pytest.raises(AssertionError, match="waits"):
        step(0)
    stepper.runs_ahead = True
    results = [step(number) for number in range(2)]
    assert all(result.finite for result in results)


def forbid_waiting(patched: pytest.MonkeyPatch) -> None:
    """Let everything fail for which a GPU would have to be waited for."""
    whole = Tensor.__getitem__

    def waits(*_: object) -> Any:
        raise AssertionError("this waits for the device")

    def some(self: Tensor, places: Any) -> Tensor:
        if isinstance(places, Tensor) and places.dtype == torch.bool:
            waits()
        return whole(self, places)

    for name in ("item", "tolist", "cpu", "nonzero", "masked_select"):
        patched.setattr(Tensor, name, waits)
    for name in ("__bool__", "__int__", "__float__", "__index__"):
        patched.setattr(Tensor, name, waits)
    patched.setattr(Tensor, "__getitem__", some)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_no_step_waits_for_a_gpu(new_stepper: NewStepper, rows: Rows) -> None:
    cpu = new_stepper()
    model = cpu.model.to("cuda")
    stepper = Stepper(cpu.config, model, cpu.corpus, cpu.tokenizer, "bf16")
    results = [stepper.take([rows(0, 1)], 0, 1e-2)]
    torch.cuda.set_sync_debug_mode("error")
    try:
        for step in range(1, 4):
            stepper.make_ahead([rows(step + 1)], step + 1)
            results.append(stepper.take([rows(step)], step, 1e-2))
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert all(result.finite for result in results)


def test_a_rehearsal_changes_nothing(new_stepper: NewStepper, rows: Rows) -> None:
    one, other = new_stepper(), new_stepper()
    one.rehearse(rows(0, 1, 2))
    assert equal(weights(one), weights(other))
    assert one.optimizer.state_dict()["state"] == {}
    for step in range(3):
        results = [stepper.take([rows(step)], step, 1e-2) for stepper in (one, other)]
        assert results[0].nll == results[1].nll
    assert equal(weights(one), weights(other))


def test_sub_word_sampling_depends_on_seed_and_step(new_stepper: NewStepper, rows: Rows) -> None:
    stepper = new_stepper(tokenizer__sampling=0.1)
    plain = new_stepper()._batch(rows(*range(30)), 0)
    batches = [stepper._batch(rows(*range(30)), step) for step in (0, 1, 0)]
    assert torch.equal(batches[0].source, batches[2].source)
    assert torch.equal(batches[0].target_out, batches[2].target_out)
    assert batches[0].source.tolist() != batches[1].source.tolist()
    assert batches[0].source.tolist() != plain.source.tolist()
    texts = [
        stepper.tokenizer.decode([[i for i in row if i > 3] for row in batch.source.tolist()])
        for batch in (batches[0], batches[1], plain)
    ]
    assert texts[0] == texts[1] == texts[2]


def ids_read(stepper: Stepper) -> list[Tensor]:
    """What the model is given to read from now on: source, target, source, …"""
    seen: list[Tensor] = []
    stepper.model.embedding.register_forward_pre_hook(lambda module, ids: seen.append(ids[0]))
    return seen


def test_word_dropout_hides_words_from_the_model(new_stepper: NewStepper, rows: Rows) -> None:
    share, steps, group = 0.3, 12, rows(*range(60))
    stepper = new_stepper(training__word_dropout=share, model__dropout=0)
    batch, read = stepper._batch(group, 0), ids_read(stepper)
    results = [stepper.take([group], step, 0.0) for step in range(steps)]
    words = hidden = 0
    for ids, whole in zip(read, [batch.source, batch.target_in] * steps, strict=True):
        gaps = ids != whole
        assert bool((ids[gaps] == UNK_ID).all())
        assert not bool(gaps[whole <= EOS_ID].any())
        words, hidden = words + int((whole > EOS_ID).sum()), hidden + int(gaps.sum())
    assert hidden / words == pytest.approx(share, abs=5 * (share * (1 - share) / words) ** 0.5)
    # other gaps in each step, and what is to be predicted stays
    assert len({result.nll for result in results}) == steps
    assert {result.tokens for result in results} == {batch.target_tokens}


def test_word_dropout_depends_on_seed_and_step(new_stepper: NewStepper, rows: Rows) -> None:
    def read(step: int, noise: int) -> list[list[list[int]]]:
        stepper = new_stepper(training__word_dropout=0.3)
        seen = ids_read(stepper)
        torch.manual_seed(noise)
        stepper.take([rows(*range(9))], step, 0.0)
        return [ids.tolist() for ids in seen]

    assert read(5, noise=1) == read(5, noise=2)
    assert read(5, noise=1) != read(6, noise=1)


def test_word_dropout_is_for_training_alone(
    new_stepper: NewStepper, new_config: Callable[..., Any], pairs: list[tuple[str, str]]
) -> None:
    options = {"training__word_dropout": 0.9}
    stepper, config = new_stepper(**options), new_config(**options)
    sources, references = zip(*pairs[:20], strict=True)
    read = ids_read(stepper)
    Validator(sources, [references], stepper.tokenizer, config, ("en", "fr"))(stepper.model)
    assert read
    assert not any(bool((ids == UNK_ID).any()) for ids in read)


@pytest.mark.parametrize("precision", ["fp32", "bf16", "fp16"])
def test_each_precision_learns(new_stepper: NewStepper, rows: Rows, precision: str) -> None:
    stepper = new_stepper(precision, model__dropout=0)
    group = [rows(*range(16))]
    results = [stepper.take(group, step, 3e-3) for step in range(40)]
    assert sum(result.finite for result in results) > 35
    assert results[-1].nll < 0.9 * results[0].nll
    assert stepper.scaler.is_enabled() == (precision == "fp16")
    assert all(p.dtype == torch.float32 for p in stepper.model.parameters())
    norms = {result.gradient_norm for result in results if result.finite}
    assert max(norms) < 50  # unscaled before it is measured


OUT_OF_MEMORY = [
    MemoryError(),
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB."),
    RuntimeError("[enforce fail at alloc_cpu.cpp:118] DefaultCPUAllocator: can't allocate memory"),
]


def short_of_memory(
    stepper: Stepper, monkeypatch: pytest.MonkeyPatch, error: Exception, most: int
) -> list[int]:
    """Let memory run out, after the gradients, for more than `most` rows; list the rows seen."""
    backward, seen = stepper.backward, []

    def limited(batch: Batch, tokens: float, last: bool) -> Tensor:
        rows = len(batch.source)
        seen.append(rows)
        nll = backward(batch, tokens, last)  # what has been added up by then must not count
        if rows > most:
            raise error
        return nll

    monkeypatch.setattr(stepper, "backward", limited)
    return seen


@pytest.mark.parametrize("error", OUT_OF_MEMORY)
@pytest.mark.parametrize("r_drop", [0, 2])
def test_a_batch_that_is_too_large_is_split(
    new_stepper: NewStepper,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    r_drop: float,
) -> None:
    groups = [rows(*range(20, 24)), rows(*range(16))]
    options = {"model__dropout": 0, "training__clip_norm": 0, "training__r_drop": r_drop}
    short, ample = new_stepper(**options), new_stepper(**options)
    seen = short_of_memory(short, monkeypatch, error, most=7)
    kept: list[list[Tensor]] = []
    for stepper in (short, ample):
        step = stepper.optimizer.step

        def noted(*args: Any, stepper: Stepper = stepper, step: Any = step) -> Any:
            kept.append([p.grad.clone() for p in stepper.model.parameters() if p.grad is not None])
            return step(*args)

        monkeypatch.setattr(stepper.optimizer, "step", noted)
    results = [stepper.take(groups, 0, 1e-2) for stepper in (short, ample)]
    # 16 rows are too many, and 8 as well; the first batch was done each time
    assert seen[:4] == [4, 16, 4, 8]
    assert sum(seen[4:]) == 20
    assert max(seen[4:]) <= 7
    for one, other in zip(*kept, strict=True):
        torch.testing.assert_close(one, other, atol=2e-6, rtol=1e-4)
    assert results[0].tokens == results[1].tokens
    assert results[0].nll == pytest.approx(results[1].nll, rel=1e-5)
    told = capsys.readouterr().err
    assert told.startswith("Step 1: out of memory. From now on batches are split into parts of at ")
    assert told.count("\n") == 1
    # the limit stays, so the next step does not run out of memory, and nothing more is said
    del seen[:]
    assert short.take(groups, 1, 1e-2).finite
    assert max(seen) <= 7
    assert capsys.readouterr().err == ""


def test_one_row_that_is_too_large_is_told(
    new_stepper: NewStepper, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepper = new_stepper()
    before = weights(stepper)
    short_of_memory(stepper, monkeypatch, MemoryError(), most=0)
    with pytest.raises(TrainingError, match="not enough memory for a sentence pair of") as caught:
        stepper.take([rows(0, 1, 2)], 0, 1e-2)
    assert "data.max_length" in (caught.value.hint or "")
    assert equal(weights(stepper), before)
    assert all(p.grad is None for p in stepper.model.parameters())


def test_one_of_several_processes_does_not_split(
    new_stepper: NewStepper, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would exchange its gradients once too often: the others wait for those of this step."""
    stepper = new_stepper()
    seen = short_of_memory(stepper, monkeypatch, MemoryError(), most=2)
    stepper.world = World(0, 3)
    monkeypatch.setattr(stepper.world, "total", lambda *numbers: numbers)
    with pytest.raises(TrainingError, match="for a batch of 3 pairs of up to ") as caught:
        stepper.take([rows(0, 1, 2)] * 3, 0, 1e-2)
    assert caught.value.message.endswith(" tokens in one of 3 processes")
    assert "without torchrun" in (caught.value.hint or "")
    assert seen == [3]


def test_without_splitting_the_error_stays(
    new_stepper: NewStepper, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepper = new_stepper()
    stepper.splits = False
    seen = short_of_memory(stepper, monkeypatch, MemoryError("all gone"), most=2)
    with pytest.raises(MemoryError, match="all gone"):
        stepper.take([rows(0, 1, 2)], 0, 1e-2)
    assert (seen, stepper.part_limit) == ([3], 0)


def test_a_known_limit_exchanges_gradients_once(
    new_stepper: NewStepper, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepper = new_stepper()
    backward, exchanged = stepper.backward, []

    def noted(batch: Batch, tokens: float, last: bool) -> Tensor:
        exchanged.append(last)
        return backward(batch, tokens, last)

    monkeypatch.setattr(stepper, "backward", noted)
    stepper.part_limit = 1  # one row each
    stepper.take([rows(0, 1), rows(2, 3)], 0, 1e-2)
    assert exchanged == [False, False, False, True]


def test_another_error_is_none_of_memory(
    new_stepper: NewStepper, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    stepper = new_stepper()
    short_of_memory(stepper, monkeypatch, RuntimeError("shapes do not fit"), most=0)
    with pytest.raises(RuntimeError, match="shapes do not fit"):
        stepper.take([rows(0, 1, 2)], 0, 1e-2)


def test_a_rehearsal_that_runs_out_of_memory_changes_nothing(
    new_stepper: NewStepper,
    rows: Rows,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stepper = new_stepper()
    seen = short_of_memory(stepper, monkeypatch, MemoryError(), most=2)
    stepper.rehearse(rows(*range(4)))
    assert seen == [4, 2, 2]
    assert stepper.part_limit == 0
    assert capsys.readouterr().err == ""


def test_split_steps_depend_on_seed_number_and_limit_alone(
    new_stepper: NewStepper, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A limit that was found in this step, and one that was known before it, give the same."""
    found, known = new_stepper(model__dropout=0.3), new_stepper(model__dropout=0.3)
    short_of_memory(found, monkeypatch, MemoryError(), most=3)
    found.take([rows(*range(6))], 4, 1e-2)
    known.part_limit = found.part_limit
    known.take([rows(*range(6))], 4, 1e-2)
    assert equal(weights(found), weights(known))
    whole = new_stepper(model__dropout=0.3)
    whole.take([rows(*range(6))], 4, 1e-2)
    assert not equal(weights(found), weights(whole))  # other dropout masks
