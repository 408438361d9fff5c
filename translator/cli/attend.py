"""`translator attend`: a sentence in, a picture of what its translation looks at out."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from translator.cli.common import (
    ModelOption,
    SetOption,
    SourceOption,
    TargetOption,
    choose_model,
    load_translator,
    model_config,
)
from translator.cli.failures import reported
from translator.cli.files import open_output, standard_output
from translator.errors import DataError
from translator.languages import check_direction
from translator.progress import say


@reported()
def attend(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A sentence to look at.")],
    translation: Annotated[
        str | None,
        typer.Argument(
            metavar="TRANSLATION", help="Its translation; default: the model translates it."
        ),
    ] = None,
    model: ModelOption = None,
    save: Annotated[
        Path | None,
        typer.Option(
            "--save",
            metavar="FILE",
            help="Draw into FILE (.svg, .html or .png) instead of the terminal; .png needs "
            "translator[plot].",
        ),
    ] = None,
    layer: Annotated[
        int | None,
        typer.Option(
            "--layer", metavar="N", help="Show this layer of the decoder, 1 is the first."
        ),
    ] = None,
    head: Annotated[
        int | None, typer.Option("--head", metavar="N", help="Show this head of the layer.")
    ] = None,
    mean: Annotated[bool, typer.Option("--mean", help="Show the mean of all.")] = False,
    grid: Annotated[
        bool, typer.Option("--grid", help="Show each head for itself, of --layer or of all.")
    ] = False,
    source: SourceOption = None,
    target: TargetOption = None,
    settings: SetOption = None,
) -> None:
    """Show what each word of a translation looks at.

    Draws a map of the cross-attention: a row for each word of the translation, a column for each
    word of the source, the darker the more. By default it is that of the layer and heads chosen for
    alignment (align --tune); --layer alone shows the mean of its heads. In .svg and .html, pointing
    at a cell tells its value.

    \b
    translator attend --model checkpoints/en-fr "The cat sat on the mat."
    translator attend --model checkpoints/en-fr "The cat sat on the mat." --save cat.svg
    translator attend --model checkpoints/en-fr "I see." "Je vois." --layer 2 --head 1
    translator attend --model checkpoints/en-fr "The cat sat on the mat." --grid --save heads.html
    """
    from translator.alignment.panels import View, panels
    from translator.alignment.picture import FORMATS, picture, require_libraries
    from translator.pictures import picture_format

    kind = picture_format(save, FORMATS) if save is not None else ""
    require_libraries(kind)
    for name, given in (("TEXT", text), ("TRANSLATION", translation)):
        if given is not None and not given.strip():
            raise DataError(f"{name} is blank: there is nothing to look at")
    view = View(layer=layer, head=head, mean=mean, grid=grid)
    with open_output(save or Path(os.devnull), "--save") as saved:
        run = choose_model(model)
        direction = check_direction(run, source, target)
        config = model_config(run, settings, sections={"decoding"})
        view.check(config.model.decoder_layers, config.model.attention_heads)
        from translator.alignment import read_attention
        from translator.alignment.choice import choice_of

        translator = load_translator(run, config, source, target)
        if translation is None:
            [translation] = translator.translate([text])
            say(translation)
        choice = choice_of(translator)
        [attention] = read_attention(translator, [text], [translation], choice=choice)
        rows = panels(attention, view, choice)
        if kind:
            saved.write_bytes(picture(attention, rows, kind, languages=direction))
    if save is not None:
        say(f"saved {save}")
    else:
        from translator.alignment.terminal import drawn, this_terminal

        standard_output().write(drawn(attention, rows, this_terminal()))
