"""README.md of an exported model: what it is, how to use it, and how well it does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from translator.config import Config
from translator.languages import language_name
from translator.run_directory import RunDirectory
from translator.tokenizer.tokenizer import Tokenizer, tag_piece

_ABOUT_COPIES = (
    "`translator` itself puts a character of its own (U+FDD0 to U+FDD9) in place of each URL, "
    "e-mail address, field such as `{name}` or `%s`, tag, emoji or measure of a sentence, and "
    "these back into the translation. Without this the model spells such things, and often "
    "wrongly."
)
"""What a program has to do so that what is to be copied is."""


def write_card(
    run: RunDirectory,
    folder: Path,
    use: str,
    *,
    library: str,
    direction: tuple[str, str] | None = None,
) -> None:
    """Write README.md.

    Args:
        run: what was exported.
        folder: where the exported model is.
        use: how to call it, in Markdown; {example}, {tag} (what the list of tokens begins with)
            and {beam} are filled in.
        library: what loads it, as Hugging Face's hub names it.
        direction: the only one that the exported model is for; by default all of the run's.
    """
    config, manifest = run.read_config(), run.read_manifest()
    directions = [direction] if direction else run.read_directions()
    tokenizer = Tokenizer.load(run.tokenizer_file)
    tag = tokenizer.tag(directions[0][1])
    lines = [
        "---",
        f"library_name: {library}",
        "pipeline_tag: translation",
        "language:",
        *[f"- {language}" for language in directions[0]],
        "tags:",
        "- translation",
        "---",
        "",
        f"# {' and '.join(_names(*direction) for direction in directions)}",
        "",
        _description(config, manifest),
        "",
        "## Use",
        "",
        use.format(
            example="…",
            tag=f'["{tag_piece(directions[0][1])}"] + ' if tag else "",
            beam=config.decoding.beam,
        ),
    ]
    if tag and "{tag}" in use:
        lines += [_about_tags(directions), ""]
    if tokenizer.placeholders:
        lines += [_ABOUT_COPIES, ""]
    lines += ["## Training", "", *_facts(config, manifest), ""]
    (folder / "README.md").write_text("\n".join(lines), encoding="utf-8")


def _names(source: str, target: str) -> str:
    return f"{language_name(source)} to {language_name(target)}"


def _description(config: Config, manifest: dict[str, Any]) -> str:
    shape = config.model
    return (
        f"An encoder-decoder Transformer with {shape.encoder_layers} encoder and "
        f"{shape.decoder_layers} decoder layers of width {shape.d_model} (feed-forward "
        f"{shape.ffn_dim}, {shape.attention_heads} heads), trained with `translator`"
        f"{_dated(manifest)}. It translates sentence by sentence; the longest source is "
        f"{config.data.max_length} tokens."
    )


def _dated(manifest: dict[str, Any]) -> str:
    created = manifest.get("created")
    return f" on {created[:10]}" if isinstance(created, str) else ""


def _about_tags(directions: list[tuple[str, str]]) -> str:
    tags = ", ".join(
        f"`{tag_piece(target)}` for {language_name(target)}" for _, target in directions
    )
    return f"A source begins with the tag of the language that is wanted: {tags}."


def _facts(config: Config, manifest: dict[str, Any]) -> list[str]:
    """Return what the run says of itself; a run of an early version says less."""
    result = manifest.get("result") or {}
    facts = {
        "training pairs": manifest.get("pairs"),
        "vocabulary": f"{config.tokenizer.algorithm} pieces, joint, with byte fallback",
        "steps": result.get("steps"),
        "target tokens seen": result.get("tokens"),
        "BLEU on the validation set (greedy, sacreBLEU)": result.get("dev_bleu"),
        "loss on the validation set (nats per token)": result.get("dev_loss"),
        "search": f"beam {config.decoding.beam}, length penalty {config.decoding.length_penalty}",
    }
    return [f"- {name}: {_number(value)}" for name, value in facts.items() if value is not None]


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
