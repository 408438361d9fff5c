"""Maps of attention as a file: SVG and HTML by templates, PNG by Matplotlib."""

from __future__ import annotations

from collections.abc import Sequence

from translator.alignment.attention import Attention
from translator.alignment.labels import isolated, shown
from translator.alignment.layout import Scene, arrange
from translator.alignment.panels import Panel, percent

FORMATS = ("png", "svg", "html")
_STRONGEST = 3
"""Words told of each row in figures."""
_ANCHORS = {
    (right_to_left, anchor): ("end" if anchor == "start" else "start")
    if right_to_left and anchor != "middle"
    else anchor
    for right_to_left in (False, True)
    for anchor in ("start", "middle", "end")
}
"""As SVG names them: a text that is written from right to left starts at its right end."""


def picture(
    attention: Attention,
    rows: Sequence[Sequence[Panel]],
    kind: str,
    *,
    languages: tuple[str, str] = ("", ""),
) -> bytes:
    """Return maps of the attention between two sentences as the content of a file.

    In SVG and HTML the letters are left to the fonts of whoever looks at it, and pointing at a cell
    tells its value. A PNG is drawn with the fonts of this machine; letters that none of them has
    are told on stderr.

    Args:
        attention: the words.
        rows: what `panels` gave for it.
        kind: one of `FORMATS`.
        languages: tags of source and target.

    Raises:
        ConfigError: a PNG needs Matplotlib, which is not installed, or too old for these letters.
    """
    scene = arrange(attention, rows)
    if kind == "png":
        from translator.alignment.with_matplotlib import png

        return png(scene, languages)
    text = _page(attention, rows, scene, languages) if kind == "html" else _svg(scene)
    return text.encode("utf-8", "replace")


def require_libraries(kind: str) -> None:
    """Check that what a kind of picture needs is installed, before anything else is done.

    Raises:
        ConfigError: it is not.
    """
    if kind == "png":
        from translator.alignment.with_matplotlib import OTHERWISE
        from translator.pictures import figure_class

        figure_class(OTHERWISE)


def _svg(scene: Scene) -> str:
    from translator.reports import render

    return render("attention.svg", scene=scene, anchors=_ANCHORS, within=False)


def _page(
    attention: Attention,
    rows: Sequence[Sequence[Panel]],
    scene: Scene,
    languages: tuple[str, str],
) -> str:
    from importlib.metadata import version

    from translator.reports import render

    words = [" ".join(map(shown, side)) for side in (attention.source, attention.target)]
    return render(
        "attention.html",
        title=f"Attention: {isolated(words[1])}",
        made=f"Made by translator {version('translator')}.",
        words=words,
        source=languages[0],
        target=languages[1],
        links=bool(attention.links),
        scene=scene,
        anchors=_ANCHORS,
        within=True,
        strongest=[
            (panel.title, _strongest(attention, panel)) for panels in rows for panel in panels
        ],
    )


def _strongest(attention: Attention, panel: Panel) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return for each row its word and the words looked at most, with their shares."""
    order = (-panel.weights).argsort(axis=1, kind="stable")[:, :_STRONGEST]
    return [
        (
            shown(word),
            [(shown(attention.source[j]), percent(float(panel.weights[i, j]))) for j in order[i]],
        )
        for i, word in enumerate(attention.target)
    ]
