from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from translator.alignment import Choice, align, align_translations, read_attention
from translator.alignment.aligning import own_reverse
from translator.alignment.links import as_links, linked, symmetrised
from translator.decoding.translator import Translator
from translator.errors import DataError
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID

PAIRS = [
    ("The small cat sat on the old mat.", "Le petit chat s'est assis sur le vieux tapis."),
    ("A bird", "Un oiseau vert chante dans le jardin près de la rivière."),
    ("", "Le chat"),
    ("She finds {name} under the table, at 5 km.", "Elle trouve {name} sous la table, à 5 km."),
    ("cat", "   "),
    ("我们 cat.", "Nous le chat."),
]
SOURCES, TARGETS = (list(side) for side in zip(*PAIRS, strict=True))


def by_hand(translator: Translator, source: str, target: str, row: str) -> np.ndarray:
    """Return layers x H x T x S for words of whole tokens without anything special."""
    tokenizer, model = translator.tokenizer, translator.model
    ids = tokenizer.encode([source, target])
    rows = torch.tensor([[*translator.tag, *ids[0], EOS_ID]])
    given = torch.tensor([[BOS_ID, *ids[1]]])
    layers: list[torch.Tensor] = []
    model.eval()
    with torch.no_grad():
        model.decode(given, *model.encode(rows), observe=lambda _, w: layers.append(w[0]))
    weights = torch.stack(layers).numpy()  # layers x H x (1 + tokens) x (tag + tokens + 1)
    weights = weights[:, :, 1:] if row == "input" else weights[:, :, :-1]
    weights = weights[..., len(translator.tag) : -1]
    starts = [
        [i for i, piece in enumerate(tokenizer.pieces(side)) if piece.startswith("▁")]
        for side in ids
    ]
    merged = np.add.reduceat(weights, starts[0], axis=3)
    sizes = np.diff([*starts[1], len(ids[1])])
    return np.add.reduceat(merged, starts[1], axis=2) / sizes[:, None]


@pytest.mark.parametrize("row", ["input", "output"])
@pytest.mark.parametrize("tag", [False, True])
def test_weights_are_those_of_the_model(
    new_translator: Callable[..., Translator], row: str, tag: bool
) -> None:
    translator = new_translator(tag=tag)
    assert len(translator.tag) == int(tag)
    choice = Choice(layer=1, heads=(1,), row=row, threshold=0.3)  # type: ignore[arg-type]
    found = read_attention(translator, SOURCES, TARGETS, choice=choice)
    for number in (0, 1):
        expected = by_hand(translator, *PAIRS[number], row)
        one = found[number]
        np.testing.assert_allclose(one.weights, expected, atol=1e-5)
        np.testing.assert_array_equal(one.chosen, one.weights[1, 1])
        assert one.links == tuple(as_links(linked(one.chosen, choice)))
        assert one.source == tuple(SOURCES[number].split())
        assert one.target == tuple(TARGETS[number].split())


def test_a_pair_does_not_depend_on_its_neighbours(translator: Translator) -> None:
    together = read_attention(translator, SOURCES, TARGETS)
    links = align(translator, SOURCES, TARGETS)
    assert [len(one.source) for one in together] == [8, 2, 0, 9, 1, 3]
    for one, own, source, target in zip(together, links, SOURCES, TARGETS, strict=True):
        [alone] = read_attention(translator, [source], [target])
        np.testing.assert_allclose(one.weights, alone.weights, atol=1e-5)
        assert one.weights.shape == (3, 2, len(one.target), len(one.source))
        assert one.chosen.dtype == one.weights.dtype == np.float32
        assert (one.weights.sum(axis=-1) <= 1 + 1e-5).all()
        assert one.links == alone.links == own.links
        assert (own.source, own.target) == (one.source, one.target)
        assert str(own) == " ".join(f"{s}-{t}" for s, t in own.links)


def test_progress_counts_each_pair_once(translator: Translator) -> None:
    for work in (read_attention, align):
        counts: list[int] = []
        work(translator, SOURCES, TARGETS, on_progress=counts.append)
        assert sum(counts) == len(PAIRS)
    with pytest.raises(ValueError, match="1 sources and 2 targets"):
        align(translator, ["a"], ["b", "c"])


def test_both_directions(new_translator: Callable[..., Translator]) -> None:
    translator, reverse = new_translator(), new_translator("fr", "en", seed=7)
    found = align(translator, SOURCES, TARGETS, reverse=reverse, symmetrisation="grow-diag-final")
    forward = align(translator, SOURCES, TARGETS)
    backward = align(reverse, TARGETS, SOURCES)
    assert any(one.links for one in found)
    for one, a, b in zip(found, forward, backward, strict=True):
        masks = np.zeros((2, len(one.target), len(one.source)), dtype=bool)
        for s, t in a.links:
            masks[0, t, s] = True
        for t, s in b.links:
            masks[1, t, s] = True
        assert list(one.links) == as_links(symmetrised(*masks, "grow-diag-final"))


def test_a_text_in_passages(translator: Translator) -> None:
    pairs = [PAIRS[0], PAIRS[1], ("She finds a letter.", "Elle trouve une lettre.")]
    source, target = (" ".join(side) + "." for side in zip(*pairs, strict=True))
    [whole] = read_attention(translator, [source], [target])
    assert whole.source == tuple(source.split())
    parts = [
        ("The small cat sat on the old mat.", PAIRS[0][1]),
        ("A bird She finds a letter..", PAIRS[1][1] + " Elle trouve une lettre.."),
    ]
    s = t = 0
    expected = np.zeros_like(whole.weights)
    for part in parts:
        [own] = read_attention(translator, *([text] for text in part))
        T, S = own.weights.shape[2:]
        expected[..., t : t + T, s : s + S] = own.weights
        s, t = s + S, t + T
    np.testing.assert_allclose(whole.weights, expected, atol=1e-5)
    [links] = align(translator, [source], [target])
    assert links.links == whole.links


def test_what_would_fill_the_memory(
    translator: Translator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("translator.alignment.aligning._MOST_WEIGHTS", 1000)
    with pytest.raises(DataError, match="pair 2 has 20 and 10 words"):
        read_attention(translator, ["a cat", "a " * 20], ["un chat", "un " * 10])


def test_translations_are_aligned_in_the_pieces_they_were_made_in(translator: Translator) -> None:
    sources = [
        "The cat sat. A green bird sings near {name}.  She finds a letter.",
        "",
        "the cat sat on the mat " * 12,
        "{name} %s",
    ]
    found = [best[0] for best in translator.search(sources)]
    assert len(found[0].pieces) == 3
    assert len(found[2].pieces) > 1
    for source, one in zip(sources, found, strict=True):
        at = 0
        for ours, theirs in one.pieces:
            at = source.index(ours, at) + len(ours)
            assert theirs in one.text
    aligned = align_translations(translator, sources, found)
    for source, one, links in zip(sources[:3], found, aligned, strict=False):
        expected, s, t = set(), 0, 0
        for ours, theirs in one.pieces:
            whole = copy_unsplit(translator)
            [own] = align(whole, [ours], [theirs])
            expected |= {(a + s, b + t) for a, b in own.links}
            s, t = s + len(own.source), t + len(own.target)
        assert set(links.links) == expected
        assert links.source == tuple(source.split())
    # nothing but what is copied
    assert found[3].text == sources[3]
    assert aligned[3].links == ((0, 0), (1, 1))


def copy_unsplit(translator: Translator) -> Translator:
    import copy

    other = copy.copy(translator)
    other.decoding = replace(translator.decoding, split_sentences=False)
    return other


def test_a_model_in_memory_is_not_its_own_reverse(translator: Translator) -> None:
    assert own_reverse(translator) is None
