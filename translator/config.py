"""Every option, once.

An option is one field of one of the dataclasses below; its docstring is what the README's options
table and `translator train --options` show. Values come from the defaults, then a preset (TOML), then
``--set section.option=value``.
"""

from __future__ import annotations

import dataclasses
import tomllib
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from translator.errors import ConfigError, nearest

PRESETS = Path(__file__).parent / "presets"
DEFAULT_PRESET = "small"
_LIMITS = ("training.max_steps", "training.max_epochs", "training.max_time")


@dataclass(frozen=True, kw_only=True)
class DataConfig:
    """Which part of a corpus is used, and how it is read."""

    source_column: str = ""
    """Column of the source text: a name or a 1-based number. Empty: the column named by the source language, else the first."""
    target_column: str = ""
    """Column of the target text, or several as "2,3" (further references of a test set). Empty: the column named by the target language, else the second."""
    header: Literal["auto", "yes", "no"] = "auto"
    """Whether the first row of TSV and CSV files names the columns; auto: it does when it names the asked-for columns, both languages, or source and target."""
    inline_tags: Literal["remove", "keep"] = "remove"
    """What becomes of the tags inside of the sentences of TMX and XLIFF files: keep writes them as `<g1>…</g1>` and `<x2/>`, which the model copies like other tags."""
    clean: bool = True
    """Leave out training pairs that cannot be good: repeated, not translated, in a wrong script, with broken characters, or with sides of very different length."""
    max_length: int = 128
    """Longest sentence in tokens: longer training pairs are dropped, longer lines are translated in pieces."""
    dev_size: int = 1000
    """Pairs held out for validation when no dev set is given (at most a tenth of the data)."""
    bidirectional: bool = False
    """Learn both directions with one model: each pair is used both ways round, and a tag in front of the source says which language is wanted."""

    def __post_init__(self) -> None:
        _check(self, max_length=(4, 4096), dev_size=(1, None))


@dataclass(frozen=True, kw_only=True)
class TokenizerConfig:
    """How the SentencePiece vocabulary, shared by both languages, is learned and used."""

    vocab_size: int = 8000
    """Pieces in the joint vocabulary; the largest possible number is used, and reported, when the data hold fewer."""
    algorithm: Literal["unigram", "bpe"] = "unigram"
    """SentencePiece model type."""
    sample_size: int = 300_000
    """At most this many sentences, drawn evenly, are used to learn the vocabulary."""
    sampling: float = 0.0
    """Sub-word sampling in training: unigram smoothing alpha, or BPE dropout rate; 0 turns it off (arXiv 1804.10959, 1910.13267)."""

    def __post_init__(self) -> None:
        _check(self, vocab_size=(300, 1_000_000), sample_size=(100, None), sampling=(0, 1))


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """The shape of the Transformer."""

    d_model: int = 256
    """Width D of embeddings, states and attention."""
    ffn_dim: int = 1024
    """Inner width of the feed-forward sublayers."""
    attention_heads: int = 8
    """Heads H of each attention layer; D must be a multiple of H."""
    encoder_layers: int = 4
    """Depth of the encoder."""
    decoder_layers: int = 2
    """Depth of the decoder; each layer is self-attention, cross-attention, feed-forward."""
    dropout: float = 0.15
    """Dropout on embeddings, on each sublayer's output and inside the feed-forward."""

    def __post_init__(self) -> None:
        _check(
            self,
            d_model=(4, 16384),
            ffn_dim=(4, 65536),
            attention_heads=(1, 256),
            encoder_layers=(1, 256),
            decoder_layers=(1, 256),
            dropout=(0, 0.9),
        )
        if self.d_model % self.attention_heads or self.d_model % 2:
            raise ConfigError(
                f"model.d_model={self.d_model} is not an even multiple of "
                f"model.attention_heads={self.attention_heads}",
                hint="Choose a width that the heads divide, for example 256 with 8 heads.",
            )


@dataclass(frozen=True, kw_only=True)
class TrainingConfig:
    """How the weights are learned."""

    seed: int = 1
    """Decides the initial weights, the order of the batches, dropout and sub-word sampling."""
    batch_tokens: int = 4096
    """Token budget of a batch, padding included: rows times the longer of source and target length."""
    accumulate: int = 1
    """Batches whose gradients are added up before one step."""
    word_dropout: float = 0.0
    """Probability that training shows the model the unknown token in place of a token of source or target; 0 turns it off (arXiv 1512.05287, 1511.06349)."""
    learning_rate: float = 5e-3
    """Peak learning rate of the optimiser: Muon for the layers' matrices (arXiv 2502.16982), AdamW for all else."""
    schedule: Literal["linear", "inverse_sqrt"] = "linear"
    """How the learning rate falls: in a line to zero at the end of the budget, or after warm-up with the inverse square root of the step."""
    warmup_steps: int = 100
    """Steps over which the learning rate rises from zero to its peak."""
    weight_decay: float = 0.01
    """Decoupled weight decay (arXiv 1711.05101), on matrices only."""
    clip_norm: float = 1.0
    """Gradients are scaled down to this norm; 0 turns clipping off."""
    label_smoothing: float = 0.1
    """Share of the probability spread evenly over the vocabulary (arXiv 1512.00567)."""
    r_drop: float = 0.0
    """R-Drop: each batch is read twice, with different dropout, and this is the weight of the divergence between the predictions; doubles time and memory of a step, 0 turns it off (arXiv 2106.14448)."""
    guided_alignment: float = 0.0
    """Weight of the loss by which one head of the decoder's last layer but one learns to look at the word that a word translates, as guided_links says; 0 turns it off (arXiv 1909.02074)."""
    guided_links: str = ""
    """File with the links of training pairs, as `translator align --format tsv --words marks` writes it: the words of both sides and the links, in three columns."""
    ema_decay: float = 0.998
    """Exponential moving average of the weights, used for validation and translation; 0 turns it off."""
    average_last: int = 0
    """At the end, average the weights of this many last validations, and keep the result if it is better; 0 turns it off."""
    max_steps: int = 0
    """Stop after this many steps; 0 means no limit."""
    max_epochs: int = 0
    """Stop after this many passes over the data; 0 means no limit."""
    max_time: str = ""
    """Stop after this much time of training, validations included, as in 30m, 1h30m or 90s; empty means no limit. A last validation may come on top."""
    validate_every: int = 200
    """Steps between validations; each one also saves the training state."""
    patience: int = 10
    """Stop after this many validations in a row without a better BLEU; 0 turns early stopping off."""
    log_every: int = 20
    """Steps between log lines in metrics.jsonl."""
    keep_states: int = 2
    """Training states kept for --resume; older ones are removed."""
    precision: Literal["auto", "fp32", "bf16", "fp16"] = "auto"
    """Number format of the matrix products; auto takes bf16 where the hardware has it."""
    device: str = "auto"
    """auto, cpu, cuda or cuda:N."""
    tensorboard: bool = False
    """Also write TensorBoard event files into the run (needs translator[tensorboard])."""

    def __post_init__(self) -> None:
        _check(
            self,
            seed=(0, 2**31),
            batch_tokens=(32, None),
            accumulate=(1, None),
            word_dropout=(0, 0.9),
            learning_rate=(1e-9, 10),
            warmup_steps=(0, None),
            weight_decay=(0, 1),
            clip_norm=(0, None),
            label_smoothing=(0, 0.9),
            r_drop=(0, 100),
            guided_alignment=(0, 100),
            ema_decay=(0, 0.99999),
            average_last=(0, 1000),
            max_steps=(0, None),
            max_epochs=(0, None),
            validate_every=(1, None),
            patience=(0, None),
            log_every=(1, None),
            keep_states=(1, 1000),
        )
        if bool(self.guided_alignment) != bool(self.guided_links):
            raise ConfigError(
                "training.guided_alignment and training.guided_links go together",
                hint="Give both, for example: --set training.guided_alignment=0.05 "
                "--set training.guided_links=train.links.tsv",
            )
        try:
            parse_duration(self.max_time)
        except ConfigError as error:
            raise ConfigError(f"training.max_time={error.message}", hint=error.hint) from None


@dataclass(frozen=True, kw_only=True)
class DecodingConfig:
    """How translations are searched for."""

    beam: int = 5
    """Hypotheses kept for each sentence; 1 is greedy search."""
    length_penalty: float = 1.0
    """Scores are divided by length to this power (arXiv 1609.08144 without its constants); 0 prefers short translations."""
    max_length_ratio: float = 2.0
    """A translation has at most this many tokens for each source token, plus 20."""
    max_length: int = 0
    """A translation has at most this many tokens, its end counted; 0 leaves it to max_length_ratio."""
    min_length: int = 0
    """A translation has at least this many tokens, its end counted."""
    no_repeat_ngram: int = 0
    """No sequence of this many tokens comes twice in a translation; 0 allows all."""
    temperature: float = 0.0
    """Above 0, translations are drawn at random: at 1 from the model's probabilities as they are, below with the likely ones made likelier, above with less difference. 0 searches for the best one."""
    top_k: int = 0
    """With a temperature: draw each token among this many of the likeliest; 0 draws among all (arXiv 1805.04833)."""
    top_p: float = 1.0
    """With a temperature: draw each token among the likeliest that have this much of the probability together (arXiv 1904.09751)."""
    seed: int = 1
    """With a temperature: decides what is drawn, together with a sentence's line number."""
    batch_tokens: int = 16384
    """Source tokens decoded together, padding and beams included; affects speed and memory only."""
    split_sentences: bool = True
    """A text of several sentences is translated sentence by sentence, as most models have learned only single ones; false keeps it whole, for a model that learned from lines of several."""
    retry: bool = True
    """What `translate` and `evaluate` find doubtful (a loop, copied source, an odd length, low confidence, a wrong script) they search for up to twice more, with more hypotheses and then without repetitions, and take one that looks better."""
    engine: Literal["auto", "torch", "ctranslate2"] = "auto"
    """What computes: CTranslate2 (needs translator[fast]) is faster on a CPU than torch, most of all with int8; auto takes it where it is installed, there is no GPU, and it can do what is asked for."""
    precision: Literal["float32", "bfloat16", "float16", "int8"] = "float32"
    """Number format that the engine computes in; all but float32 change some translations. int8 is for ctranslate2, the 16-bit formats are for GPUs."""
    threads: int = 0
    """CPU threads in all; 0 takes one for each core (or OMP_NUM_THREADS)."""
    workers: int = 0
    """Batches that are translated side by side on a CPU, each with its share of the threads; 0 takes one for each thread (with torch four at most)."""
    device: str = "auto"
    """auto, cpu, cuda or cuda:N."""

    def __post_init__(self) -> None:
        _check(
            self,
            threads=(0, 1024),
            workers=(0, 1024),
            beam=(1, 200),
            length_penalty=(-5, 5),
            max_length_ratio=(0.1, 50),
            max_length=(0, None),
            min_length=(0, 4096),
            no_repeat_ngram=(0, 4096),
            temperature=(0, 100),
            top_k=(0, None),
            top_p=(1e-9, 1),
            seed=(0, None),
            batch_tokens=(1, None),
        )
        if 0 < self.max_length < self.min_length:
            raise ConfigError(
                f"decoding.max_length={self.max_length} is less than "
                f"decoding.min_length={self.min_length}"
            )
        unused = [
            f"decoding.{name}={value}"
            for name, value, default in (("top_k", self.top_k, 0), ("top_p", self.top_p, 1))
            if value != default
        ]
        if unused and not self.temperature:
            raise ConfigError(
                f"{unused[0]} has no effect without a temperature",
                hint="Add --temperature 1 to draw translations at random.",
            )


@dataclass(frozen=True, kw_only=True)
class Config:
    """All sections: what a run's config.toml holds."""

    data: DataConfig = field(default_factory=DataConfig)
    tokenizer: TokenizerConfig = field(default_factory=TokenizerConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    decoding: DecodingConfig = field(default_factory=DecodingConfig)

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """Return the sections as plain values, ready for TOML."""
        return dataclasses.asdict(self)


@dataclass(frozen=True, kw_only=True)
class WebConfig:
    """What `translator serve` lets its clients do; no part of a run."""

    max_characters: int = 20_000
    """Longest text of a request, or of all texts in it together; the page sends longer files in parts."""
    max_texts: int = 256
    """Most texts, or pairs, in one request."""
    max_body: int = 1_000_000
    """Largest body of a request, in bytes; a larger one is refused unread."""
    max_requests: int = 128
    """Requests in work or waiting; more are answered with 503 at once."""
    max_connections: int = 512
    """Open connections; requests on more are answered with 503."""
    timeout: float = 30.0
    """Seconds that a request may take; a stream of sentences may take so long for each next one."""
    header_timeout: float = 10.0
    """Seconds in which a client must have sent the head of a request; and again for its body."""
    rate: int = 300
    """Requests a minute from one key (or address, where there are no keys), when others than this machine can connect; 0 turns it off."""
    batch_window: float = 5.0
    """Milliseconds that a request waits for others to be translated together with it; under load they gather by themselves."""
    batch_characters: int = 6_000
    """About as many characters are translated together; every waiting request has its share of them."""

    def __post_init__(self) -> None:
        _check(
            self,
            max_characters=(1, None),
            max_texts=(1, None),
            max_body=(100, None),
            max_requests=(1, None),
            max_connections=(1, None),
            timeout=(0.1, 86400),
            header_timeout=(0.1, 3600),
            rate=(0, None),
            batch_window=(0, 1000),
            batch_characters=(1, None),
        )


def preset_names() -> list[str]:
    """Return the names of the shipped presets, smallest first."""
    order = ["sample", "tiny", "small", "base"]
    found = {path.stem for path in PRESETS.glob("*.toml")}
    return [name for name in order if name in found] + sorted(found - set(order))


def load_config(preset: str = "", settings: Iterable[str] = ()) -> Config:
    """Build the options from a preset (a shipped name or a TOML file) and ``section.option=value`` settings.

    Raises:
        ConfigError: unknown preset, section or option (near matches are offered), or a bad value.
    """
    values: dict[str, Any] = {}
    if preset:
        shipped = PRESETS / f"{preset}.toml"
        path = shipped if preset in preset_names() else Path(preset)
        if path == Path(preset) and path.suffix != ".toml":
            raise ConfigError(
                f"there is no preset {preset!r}", hint=nearest(preset, preset_names())
            )
        values = read_toml(path)
    settings = list(settings)
    if any(setting.strip().startswith(_LIMITS) for setting in settings):
        # a limit that the user sets takes the place of all that the preset has
        options = values.get("training")
        if isinstance(options, dict):  # else that is told below
            for limit in _LIMITS:
                options.pop(limit.removeprefix("training."), None)
    return override(config_from_dict(values, where=preset or None), settings)


def override(config: Config, settings: Iterable[str]) -> Config:
    """Return the options with ``section.option=value`` settings applied; the last one wins.

    Raises:
        ConfigError: unknown section or option (near matches are offered), or a bad value.
    """
    values = config.to_dict()
    for setting in settings:
        name, equals, text = setting.partition("=")
        section, dot, option = name.strip().partition(".")
        if not equals or not dot:
            raise ConfigError(
                f"--set {setting!r} is not of the form section.option=value",
                hint="For example: --set training.learning_rate=0.001",
            )
        values.setdefault(section, {})[option] = text.strip()
    return config_from_dict(values)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file into plain values."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"not a TOML file: {error}",
            where=path,
            hint="Mend it, or copy it again from where it is whole.",
        ) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", where=path) from None


def config_from_dict(values: Mapping[str, Any], *, where: object = None) -> Config:
    """Build a `Config`, refusing unknown names and converting text values to each option's type."""
    sections = {f.name: f for f in dataclasses.fields(Config)}
    built: dict[str, Any] = {}
    for section, options in values.items():
        if section not in sections:
            raise ConfigError(
                f"there is no section {section!r}", where=where, hint=nearest(section, sections)
            )
        if not isinstance(options, Mapping):
            raise ConfigError(f"[{section}] must hold option = value lines", where=where)
        cls = typing.cast(Any, sections[section].default_factory)
        built[section] = _section(cls, section, options, where)
    return Config(**built)


def web_config(settings: Iterable[str]) -> WebConfig:
    """Return the options of `translator serve` that ``web.option=value`` settings ask for.

    Raises:
        ConfigError: an unknown option (near matches are offered), or a bad value.
    """
    values = {}
    for setting in settings:
        name, _, text = setting.partition("=")
        values[name.strip().removeprefix("web.")] = text.strip()
    return _section(WebConfig, "web", values, None)


def _section(cls: Any, section: str, options: Mapping[str, Any], where: object) -> Any:
    """Build one section, refusing unknown names."""
    types_of = typing.get_type_hints(cls)
    for option in options:
        if option not in types_of:
            raise ConfigError(
                f"there is no option {section}.{option}",
                where=where,
                hint=nearest(option, types_of),
            )
    return cls(
        **{
            option: _convert(f"{section}.{option}", value, types_of[option], where)
            for option, value in options.items()
        }
    )


def parse_duration(text: str) -> float | None:
    """Return the seconds in a duration such as ``1h30m``, ``45m`` or ``90`` (seconds); None for an empty text."""
    if not text:
        return None
    units = {"d": 86400, "h": 3600, "m": 60, "s": 1}
    seconds, number = 0.0, ""
    for char in text.strip().lower() + ("s" if text.strip()[-1:].isdigit() else ""):
        if char in units and number:
            try:
                seconds += float(number) * units[char]
            except ValueError:
                break
            number = ""
        else:
            number += char
    if number or not 0 < seconds < float("inf"):
        raise ConfigError(f"{text!r} is not a duration", hint="Write it as 30m, 1h30m or 90s.")
    return seconds


def _convert(name: str, value: Any, kind: Any, where: object) -> Any:
    """Turn a text or TOML value into `kind`, or say what was expected."""
    if typing.get_origin(kind) is Literal:
        allowed = typing.get_args(kind)
        if value not in allowed:
            raise ConfigError(
                f"{name}={value!r} is not possible", where=where, hint=nearest(str(value), allowed)
            )
        return value
    if kind is bool:
        known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        if str(value).lower() not in known:
            raise ConfigError(f"{name}={value!r} must be true or false", where=where)
        return known[str(value).lower()]
    try:
        if kind is int and not isinstance(value, bool) and float(value) == int(float(value)):
            return (
                int(float(value)) if isinstance(value, str) and not value.isdigit() else int(value)
            )
        if kind is float and not isinstance(value, bool):
            return float(value)
        if kind is str:
            return str(value)
    except (TypeError, ValueError, OverflowError):
        pass  # told below, together with values of the wrong type
    expected = {int: "a whole number", float: "a number"}.get(kind, "a text")
    raise ConfigError(f"{name}={value!r} must be {expected}", where=where)


def _check(section: Any, **limits: tuple[float, float | None]) -> None:
    """Refuse numbers outside of ``low <= value <= high``."""
    for option, (low, high) in limits.items():
        value = getattr(section, option)
        if not (low <= value and (high is None or value <= high)):
            name = f"{type(section).__name__.removesuffix('Config').lower()}.{option}"
            span = f"at least {low}" if high is None else f"between {low} and {high}"
            raise ConfigError(f"{name}={value} must be {span}")


__all__ = [
    "Config",
    "DataConfig",
    "DecodingConfig",
    "ModelConfig",
    "TokenizerConfig",
    "TrainingConfig",
    "WebConfig",
    "config_from_dict",
    "load_config",
    "parse_duration",
    "preset_names",
    "read_toml",
    "web_config",
]
