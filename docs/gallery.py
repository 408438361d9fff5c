"""Draws the pictures of the gallery: docs/gallery/.

    python docs/gallery.py --model checkpoints/demo       after make demo
    python docs/gallery.py --model checkpoints/demo --only cat,grid

Those of sentences are of the demo's model. It knows English and French only: the maps that show
other scripts have made-up weights, and say so. `cost` draws what benchmarks/README.md has measured,
and `pictures` trains the example of examples/ (a minute).
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # benchmarks and examples are no part of what is installed

from translator.alignment import Attention, read_attention  # noqa: E402
from translator.alignment.choice import choice_of  # noqa: E402
from translator.alignment.panels import Panel, View, panels  # noqa: E402
from translator.alignment.picture import picture  # noqa: E402
from translator.decoding.translator import Translator  # noqa: E402
from translator.pictures import figure_bytes, figure_class  # noqa: E402

FOLDER = ROOT / "docs" / "gallery"

CAT = ("The cat sat on the mat.", "Le chat s'est assis sur le tapis.")
PARK = (
    "My father knows this park and he goes there on Wednesdays.",
    "Mon père connaît ce parc et il y va le mercredi.",
)
LONG = (
    "The cat sat on the mat because the dog was sleeping in the kitchen, and when my sister came "
    "home with her friends she opened the door, gave them some bread and a cup of tea, and asked "
    "the children in the garden whether they had seen the old man who sells flowers and books near "
    "the station in the evening.",
    "Le chat s'est assis sur le tapis parce que le chien dormait dans la cuisine, et quand ma sœur "
    "est rentrée avec ses amis elle a ouvert la porte, leur a donné du pain et une tasse de thé, "
    "et a demandé aux enfants dans le jardin s'ils avaient vu le vieil homme qui vend des fleurs "
    "et des livres près de la gare le soir.",
)
SCRIPTS = {
    "arabic": ("جلست القطة السوداء على السجادة الجديدة.", "The black cat sat on the new carpet."),
    "hebrew": ("The cat sat on the old mat.", "החתול ישב על המחצלת הישנה."),
    "japanese": ("猫 は 新しい 敷物 の 上 に 座った 。", "The cat sat on the new mat."),
}
LINKS = {
    "arabic": [(2, 1), (1, 2), (0, 3), (3, 4), (4, 5), (5, 6), (4, 7)],
    "hebrew": [(1, 0), (2, 1), (3, 2), (6, 3), (5, 4)],
    "japanese": [(0, 1), (7, 2), (5, 3), (2, 5), (3, 6)],
}
"""Who translates whom in `SCRIPTS`: words of the source and of the target, counted from 0."""


def made_up(name: str) -> Attention:
    """Return attention of no model: to the linked words, and a little to all others."""
    source, target = (text.split() for text in SCRIPTS[name])
    weights = 0.15 * np.random.default_rng(1).random((len(target), len(source))) ** 3
    for j, i in LINKS[name]:
        weights[i, j] += 1
    weights = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return Attention(
        source=tuple(source),
        target=tuple(target),
        weights=weights[None, None],
        chosen=weights,
        links=tuple(sorted(LINKS[name])),
    )


def save(name: str, content: bytes) -> None:
    """Write a picture into the gallery."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / name).write_bytes(content)
    print(f"{name}: {len(content):,} bytes")


def sentences(model: Path) -> dict[str, Callable[[], None]]:
    """Return how to draw the pictures of the model's sentences."""

    def draw(name: str, pair: tuple[str, str], view: View, kind: str) -> None:
        translator = Translator.load(model, engine="torch")
        choice = choice_of(translator)
        [attention] = read_attention(translator, pair[:1], pair[1:], choice=choice)
        rows = panels(attention, view, choice)
        save(f"{name}.{kind}", picture(attention, rows, kind, languages=("en", "fr")))

    return {
        "cat": lambda: draw("cat", CAT, View(), "svg"),
        "heads": lambda: draw("heads", CAT, View(grid=True), "svg"),
        "park": lambda: draw("park", PARK, View(), "png"),
        "long": lambda: draw("long", LONG, View(), "svg"),
    }


def scripts() -> dict[str, Callable[[], None]]:
    """Return how to draw the pictures of other scripts."""

    def draw(name: str, kind: str) -> None:
        attention = made_up(name)
        rows = [[Panel(title="made-up weights", weights=attention.chosen)]]
        save(f"{name}.{kind}", picture(attention, rows, kind, languages=("", "")))

    return {
        "arabic": lambda: draw("arabic", "png"),
        "hebrew": lambda: draw("hebrew", "svg"),
        "japanese": lambda: draw("japanese", "png"),
    }


def measured() -> dict[tuple[int, int], float]:
    """Return the milliseconds of the layer for lengths T and S from benchmarks/README.md."""
    text = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    [head] = re.findall(r"^\| ms \(readable / fast\) \|(.*)\|$", text, re.MULTILINE)
    lengths = [int(length) for length in re.findall(r"S = (\d+)", head)]
    rows = re.findall(r"^\| T = (\d+) \|(.*)\|$", text, re.MULTILINE)
    return {
        (int(T), S): float(cell.split()[0])
        for T, row in rows
        for S, cell in zip(lengths, row.split("|"), strict=True)
    }


def cost() -> None:
    """Draw how long cross-attention takes for memories of different length, for some targets."""
    from benchmarks.cross_attention_cost import fit

    found = measured()
    lengths = sorted({S for _, S in found})
    fitted = fit([{"T": T, "S": S, "fast": ms} for (T, S), ms in found.items()])
    figure = figure_class("leave out cost.")(figsize=(7.2, 4.4), dpi=100, layout="constrained")
    axes = figure.subplots()
    for T, colour, marker in ((32, "#56B4E9", "o"), (256, "#0072B2", "s"), (2048, "#D55E00", "^")):
        times = [found[T, S] for S in lengths]
        axes.plot(lengths, times, color=colour, marker=marker, label=f"T = {T:,}")
        line = [fitted[0] + fitted[1] * T + fitted[2] * S + fitted[3] * T * S for S in lengths]
        axes.plot(lengths, line, color=colour, linewidth=1, linestyle=":")
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.set_xticks(lengths, [f"{length:,}" for length in lengths])
    axes.set_xlabel("length S of the memory")
    axes.set_ylabel("time of the layer (ms)")
    axes.grid(color="#DDDDDD", linewidth=0.6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.plot([], [], color="#555555", linewidth=1, linestyle=":", label="a + b T + c S + d T S")
    axes.legend(frameon=False)
    save("cost.svg", figure_bytes(figure, "svg"))


def pictures() -> None:
    """Train the example, and draw where it looks."""
    from examples import pictures_in_words

    pictures_in_words.main(["--save", str(FOLDER / "pictures.png")])


def main() -> None:
    """Draw what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", type=Path, required=True, metavar="RUN", help="of make demo")
    parser.add_argument("--only", metavar="NAMES", help="some of the pictures, with commas")
    options = parser.parse_args()
    drawn = {**sentences(options.model), **scripts(), "cost": cost, "pictures": pictures}
    names = options.only.split(",") if options.only else list(drawn)
    for name in names:
        if name not in drawn:
            parser.error(f"there is no picture {name}; there are: {', '.join(drawn)}")
        drawn[name]()


if __name__ == "__main__":
    main()
