"""Describes pictures in words, with the decoder that translates: cross-attention does not care.

The pictures are generated: two shapes on a grey ground. A picture is cut into 16 patches, and the
numbers of each patch, its pixels and its place, are all there is of a memory: there is no encoder,
no vocabulary of pictures, no sentence on the other side. The decoder is `translator.model.decoder`
as it stands; only its cross-attention layers are told that the memory's vectors have another width
(`memory_dim`). It learns to say *a large red circle is left of a small blue square*, and where it
looks while it says so can be seen.

    python examples/pictures_in_words.py
    python examples/pictures_in_words.py --save pictures.png      (needs Matplotlib)

A minute on a CPU. Afterwards it is asked about new pictures, among them such as it has never seen:
in training, no triangle is green.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from translator.alignment.attention import Attention
from translator.alignment.panels import View, panels
from translator.alignment.terminal import drawn, this_terminal
from translator.config import ModelConfig
from translator.model.cross_attention import CrossAttention
from translator.model.decoder import AttentionObserver, Decoder
from translator.model.embedding import Embedding
from translator.model.masks import causal_mask

GRID = 4
"""Patches along a side."""
PATCH = 12
"""Pixels along a side of a patch."""
COLOURS = {
    "red": (0.85, 0.15, 0.15),
    "green": (0.15, 0.65, 0.25),
    "blue": (0.2, 0.3, 0.85),
    "yellow": (0.95, 0.85, 0.2),
}
SIZES = {"small": 2.6, "large": 4.6}
"""Pixels from the middle to the edge."""
SHAPES = ("circle", "square", "triangle", "cross")
WORDS = ("<start>", "<end>", "a", *SIZES, *COLOURS, *SHAPES, "is", "left", "of", "above")
START, END = 0, 1
NUMBERS = {word: number for number, word in enumerate(WORDS)}
MEMORY_DIM = 3 * PATCH**2 + 2 * GRID
"""Numbers of a patch: its pixels, and which row and column of the picture it is."""
UNSEEN = ("green", "triangle")


class Thing(NamedTuple):
    """A shape of a picture."""

    size: str
    colour: str
    shape: str
    row: int
    column: int

    @property
    def words(self) -> list[str]:
        """Return how it is named."""
        return ["a", self.size, self.colour, self.shape]

    @property
    def patch(self) -> int:
        """Return the number of the patch it lies in."""
        return self.row * GRID + self.column


class Picture(NamedTuple):
    """A picture (height x width x 3, from 0 to 1), and its two things, in the order named."""

    pixels: np.ndarray
    things: tuple[Thing, Thing]

    @property
    def words(self) -> list[str]:
        """Return what there is to be said about it."""
        first, second = self.things
        across, down = second.column - first.column, second.row - first.row
        relation = ["is", "left", "of"] if across > abs(down) else ["is", "above"]
        return [*first.words, *relation, *second.words]


def make_picture(chance: np.random.Generator, *, unseen: bool = False) -> Picture:
    """Return a picture; in an `unseen` one, and no other, a thing is green and a triangle."""
    while True:
        one, other = (
            Thing(
                str(chance.choice(list(SIZES))),
                str(chance.choice(list(COLOURS))),
                str(chance.choice(SHAPES)),
                *(int(place) for place in chance.integers(GRID, size=2)),
            )
            for _ in range(2)
        )
        across, down = abs(one.column - other.column), abs(one.row - other.row)
        is_unseen = UNSEEN in (one[1:3], other[1:3])
        # neither left of nor above, if it is as far to the one side as to the other
        if across != down and is_unseen == unseen:
            break
    by_place = (lambda thing: thing.column) if across > down else (lambda thing: thing.row)
    first, second = sorted((one, other), key=by_place)
    side = GRID * PATCH
    pixels = 0.75 + 0.05 * chance.standard_normal((side, side, 3))
    for thing in (first, second):
        pixels[_covered(thing, chance.uniform(-1, 1, size=2))] = COLOURS[thing.colour]
    return Picture(pixels.clip(0, 1), (first, second))


def _covered(thing: Thing, aside: np.ndarray) -> np.ndarray:
    """Return which pixels a thing covers, a little aside of the middle of its patch."""
    y, x = np.mgrid[: GRID * PATCH, : GRID * PATCH] + 0.5
    y = y - (thing.row + 0.5) * PATCH - aside[0]
    x = x - (thing.column + 0.5) * PATCH - aside[1]
    reach = SIZES[thing.size]
    inside = np.maximum(abs(x), abs(y)) <= reach
    covered: np.ndarray = {
        "circle": x**2 + y**2 <= reach**2,
        "square": inside,
        "triangle": inside & (abs(x) <= (y + reach) / 2),
        "cross": inside & (np.minimum(abs(x), abs(y)) <= reach / 3),
    }[thing.shape]
    return covered


def as_memory(pictures: list[Picture]) -> Tensor:
    """Return the patches of pictures as vectors, B x S x MEMORY_DIM with S = GRID x GRID."""
    B = len(pictures)
    pixels = torch.tensor(np.stack([one.pixels for one in pictures]), dtype=torch.float32)
    # B x height x width x 3 -> B x row x y x column x x x 3 -> B x S x numbers of a patch
    cut = pixels.view(B, GRID, PATCH, GRID, PATCH, 3).transpose(2, 3)
    patches = 2 * cut.reshape(B, GRID * GRID, 3 * PATCH**2) - 1
    one_hot = torch.eye(GRID)
    places = torch.cat(
        [one_hot.repeat_interleave(GRID, dim=0), one_hot.repeat(GRID, 1)], dim=1
    )  # S x 2 GRID
    return torch.cat([patches, places.expand(B, -1, -1)], dim=2)


def as_ids(sentences: list[list[str]]) -> Tensor:
    """Return sentences as numbers between start and end, B x T; short ones are filled with ends."""
    rows = [[START, *(NUMBERS[word] for word in words), END] for words in sentences]
    longest = max(map(len, rows))
    return torch.tensor([row + [END] * (longest - len(row)) for row in rows])


class Describer(nn.Module):
    """The translator's decoder over a memory of patches."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.embedding = Embedding(len(WORDS), config.d_model, config.dropout)
        self.decoder = Decoder(config)
        for layer in self.decoder.layers:
            # the whole difference between translating a sentence and describing a picture
            layer.encoder_attn = CrossAttention(
                config.d_model, config.attention_heads, memory_dim=MEMORY_DIM
            )
        for name, parameter in self.named_parameters():
            if name == "embedding.weight":
                nn.init.normal_(parameter, std=config.d_model**-0.5)
            elif parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)

    def forward(
        self, words: Tensor, memory: Tensor, observe: AttentionObserver | None = None
    ) -> Tensor:
        """Return each next word's logits, B x T x V, for words B x T and a memory B x S x width."""
        states = self.decoder(
            self.embedding(words),
            memory,
            causal=causal_mask(words.shape[1], words.device),
            memory_allowed=None,  # no patch is padding
            observe=observe,
        )
        return functional.linear(states, self.embedding.weight)


def train(model: Describer, steps: int, chance: np.random.Generator) -> None:
    """Learn from new pictures in each step, and tell the loss ten times."""
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
    model.train()
    begin = time.monotonic()
    for step in range(1, steps + 1):
        pictures = [make_picture(chance) for _ in range(48)]
        ids = as_ids([one.words for one in pictures])
        logits = model(ids[:, :-1], as_memory(pictures))
        loss = functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % max(steps // 10, 1) == 0:
            print(f"step {step:>5}  loss {loss.item():.3f}  {time.monotonic() - begin:.0f} s")


@torch.no_grad()
def describe(model: Describer, pictures: list[Picture]) -> list[list[str]]:
    """Return what the model says about pictures: the likeliest word, again and again."""
    model.eval()
    memory = as_memory(pictures)
    ids = torch.full((len(pictures), 1), START)
    for _ in range(16):
        following = model(ids, memory)[:, -1].argmax(dim=-1)
        ids = torch.cat([ids, following[:, None]], dim=1)
        if bool((ids == END).any(dim=1).all()):
            break
    sentences = [[WORDS[number] for number in row[1:]] for row in ids.tolist()]
    return [words[: words.index("<end>")] if "<end>" in words else words for words in sentences]


@torch.no_grad()
def look(model: Describer, picture: Picture, words: list[str]) -> Attention:
    """Return where the model looks when it says each word."""
    model.eval()
    layers: list[Tensor] = []
    ids = as_ids([words])[:, :-1]
    model(ids, as_memory([picture]), lambda number, weights: layers.append(weights[0]))
    # the row of a word is that of the position that predicts it
    weights = torch.stack(layers)[:, :, : len(words)].numpy()  # layers x H x T x S
    return Attention(
        source=tuple(f"{'abcd'[i % GRID]}{i // GRID + 1}" for i in range(GRID * GRID)),
        target=tuple(words),
        weights=weights,
        chosen=weights[-1].mean(axis=0),
        links=(),
    )


def measure(model: Describer, pictures: list[Picture]) -> tuple[float, float]:
    """Return the share of pictures described in the right words, and that of right looks.

    A look is right if a word for size, colour or shape looks most at the patch where the thing
    lies that it speaks of.
    """
    said = describe(model, pictures)
    right = sum(words == one.words for words, one in zip(said, pictures, strict=True))
    looks = []
    for one in pictures:
        attention = look(model, one, one.words)
        for thing, places in zip(one.things, ((1, 2, 3), (-3, -2, -1)), strict=True):
            looks += [attention.chosen[place].argmax() == thing.patch for place in places]
    return right / len(pictures), float(np.mean(looks))


def as_text(picture: Picture) -> str:
    """Return a picture as letters on a chart, with the names that its patches have."""
    things = {thing.patch: f"{thing.colour} {thing.shape}" for thing in picture.things}
    lines = ["   " + "".join(f"{column:<16}" for column in "abcd")]
    for row in range(GRID):
        cells = (things.get(row * GRID + column, ".") for column in range(GRID))
        lines.append(f"{row + 1}  " + "".join(f"{cell:<16}" for cell in cells))
    return "\n".join(line.rstrip() for line in lines)


def save_looks(model: Describer, pictures: list[Picture], path: Path) -> None:
    """Draw pictures, each beside itself with the light on what each word looks at.

    Raises:
        ConfigError: Matplotlib is not installed, or there are no pictures of this kind.
    """
    from translator.pictures import figure_bytes, figure_class, picture_format

    kind = picture_format(path, ("png", "svg"))
    found = [look(model, one, one.words) for one in pictures]
    columns = 1 + max(len(one.target) for one in found)
    figure = figure_class("leave out --save.")(
        figsize=(1.1 * columns, 1.35 * len(found)), dpi=110, layout="constrained"
    )
    for axes in (rows := figure.subplots(len(found), columns, squeeze=False)).flat:
        axes.set_axis_off()
    for row, one, attention in zip(rows, pictures, found, strict=True):
        row[0].imshow(one.pixels)
        for axes, word, weights in zip(row[1:], attention.target, attention.chosen, strict=False):
            light = weights.reshape(GRID, GRID) / weights.max()
            light = light.repeat(PATCH, axis=0).repeat(PATCH, axis=1)[..., None]
            axes.imshow(one.pixels * (0.15 + 0.85 * light))
            axes.set_title(word, size=10)
    path.write_bytes(figure_bytes(figure, kind))


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Train, measure, and show; return what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--steps", type=int, default=900, help="of training")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pictures", type=int, default=300, help="to measure with")
    parser.add_argument("--save", type=Path, metavar="FILE", help="draw what is looked at (.png)")
    options = parser.parse_args(arguments)
    if options.save is not None:
        from translator.pictures import figure_class, picture_format

        picture_format(options.save, ("png", "svg"))
        figure_class("leave out --save.")
    torch.manual_seed(options.seed)
    model = Describer(
        ModelConfig(d_model=64, ffn_dim=256, attention_heads=4, decoder_layers=2, dropout=0.0)
    )
    train(model, options.steps, np.random.default_rng(options.seed))
    chance = np.random.default_rng(options.seed + 1)
    measured: dict[str, Any] = {}
    for name, unseen in (("new pictures", False), ("with a green triangle, never seen", True)):
        pictures = [make_picture(chance, unseen=unseen) for _ in range(options.pictures)]
        measured[name] = words, looks = measure(model, pictures)
        print(f"{name}: {words:.1%} described in the right words, {looks:.1%} of the looks right")
    shown = [make_picture(chance) for _ in range(2)] + [make_picture(chance, unseen=True)]
    for one, words in zip(shown, describe(model, shown), strict=True):
        print(f"\n{as_text(one)}\n-> {' '.join(words)}")
    attention = look(model, shown[-1], describe(model, shown[-1:])[0])
    print("\n" + drawn(attention, panels(attention, View(layer=2)), this_terminal()), end="")
    if options.save is not None:
        save_looks(model, shown, options.save)
    return measured


if __name__ == "__main__":
    from translator.errors import TranslatorError

    try:
        main()
    except TranslatorError as error:
        sys.exit(f"error: {error}")
