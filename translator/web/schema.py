"""What comes in and what goes out, as types; the OpenAPI document is made of them."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _whole(text: str) -> str:
    """Refuse what JSON can hold and no answer could: the half of a character."""
    if any("\ud800" <= char <= "\udfff" for char in text):
        raise ValueError("holds half of a character (a surrogate without its other half)")
    return text


Unicode = Annotated[str, AfterValidator(_whole)]
Tag = Annotated[str, Field(min_length=1, max_length=35, examples=["en"]), AfterValidator(_whole)]
"""A language tag; there is no longer one."""
Text = Annotated[Unicode, Field(examples=["The cat sat on the mat."])]
Value = TypeVar("Value")
Two = Annotated[list[Value], Field(min_length=2, max_length=2)]
"""A pair; a tuple would be described in a way that programs misread."""
Key = Annotated[
    str | None, Field(description="Where the server asks for one; or `Authorization: Bearer KEY`.")
]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid")

    api_key: Key = None


# what LibreTranslate's clients send and read


class LibreTranslation(BaseModel):
    """A request in LibreTranslate's form; what is not known here is let pass, as it is there."""

    q: Annotated[Text | list[Text], Field(description="A text, or several.")]
    source: Annotated[Tag, Field(description="Language of the text, or `auto`.")]
    target: Annotated[Tag, Field(description="Language to translate to.", examples=["fr"])]
    format: Annotated[
        Literal["text", "html"],
        Field(description="With `html`, what stands between the tags is translated."),
    ] = "text"
    alternatives: Annotated[int, Field(ge=0, description="Further translations wanted.")] = 0
    api_key: Key = None


class LibreDetection(BaseModel):
    """A request in LibreTranslate's form."""

    q: Text
    api_key: Key = None


class Detected(BaseModel):
    """A language that a text may be in."""

    confidence: Annotated[float, Field(ge=0, le=100)]
    language: str


class LibreTranslated(BaseModel):
    """An answer in LibreTranslate's form: lists where several texts were given."""

    translatedText: str | list[str]  # noqa: N815 - LibreTranslate's name
    alternatives: list[str] | list[list[str]] | None = None
    detectedLanguage: Detected | list[Detected] | None = None  # noqa: N815


class Language(BaseModel):
    """A language and those that it can be translated to."""

    code: str
    name: str
    targets: list[str]


class Settings(BaseModel):
    """What LibreTranslate tells a page, and what ours needs besides."""

    apiKeys: bool  # noqa: N815 - these are LibreTranslate's names
    keyRequired: bool  # noqa: N815
    charLimit: int  # noqa: N815
    frontendTimeout: int  # noqa: N815
    filesTranslation: bool = False  # noqa: N815
    suggestions: bool = False
    supportedFilesFormat: list[str] = []  # noqa: N815
    language: dict[str, dict[str, str]]
    directions: list[Two[str]]
    alternatives: int
    """Most translations of a sentence."""
    detection: bool
    """Whether the server can tell languages."""


class Health(BaseModel):
    """The server is there."""

    status: Literal["ok"] = "ok"


class Problem(BaseModel):
    """Every answer that is no success."""

    error: str


# our own


class Translate(_Request):
    """A text to translate, sentence by sentence."""

    text: Text
    source: Tag
    target: Annotated[Tag, Field(examples=["fr"])]
    n_best: Annotated[
        int, Field(ge=1, le=1000, description="Translations of each sentence, at most the beam.")
    ] = 1
    glossary: Annotated[
        dict[Unicode, Unicode],
        Field(
            max_length=1000,
            description="Source terms with their required translations.",
            examples=[{"mat": "paillasson"}],
        ),
    ] = {}


class Part(BaseModel):
    """A word and its log probability (natural)."""

    text: str
    log_prob: float


class Hypothesis(BaseModel):
    """One translation of one sentence."""

    text: str
    score: Annotated[float, Field(description="What translations are ranked by.")]
    log_prob: Annotated[float, Field(description="Of the whole translation, natural.")]
    complete: Annotated[bool, Field(description="False if it was cut at the length limit.")]
    words: list[Part]
    missed: Annotated[
        list[Two[str]],
        Field(description="Terms of the glossary, and what was to be copied, that are not in it."),
    ] = []


class Sentence(BaseModel):
    """A sentence of the text: joined, `source` and `space` give the text."""

    source: Annotated[str, Field(description="Empty where there is only white space.")]
    space: Annotated[str, Field(description="What stands behind it in the text.")]
    target_space: Annotated[str, Field(description="What stands behind its translation.")]
    translations: Annotated[list[Hypothesis], Field(description="Best first.")]
    alarms: Annotated[
        list[str], Field(description="Signs that the first translation may be wrong.")
    ] = []


class Translated(BaseModel):
    """The translation of a text, as a whole and sentence by sentence."""

    text: str
    source: str
    target: str
    sentences: list[Sentence]


class Pair(BaseModel):
    """A sentence with a translation of it."""

    model_config = ConfigDict(extra="forbid")

    source: Text
    target: Annotated[Text, Field(examples=["Le chat s'est assis sur le tapis."])]


class Pairs(_Request):
    """Sentences with their translations, which may come from anywhere."""

    pairs: Annotated[list[Pair], Field(min_length=1)]
    source: Tag
    target: Annotated[Tag, Field(examples=["fr"])]


class Look(Pairs):
    """Pairs to be aligned."""

    heads: Annotated[
        bool, Field(description="Also give the weights of each head of each layer.")
    ] = False


class Score(BaseModel):
    """How likely the model finds a translation."""

    log_prob: float
    score: float
    perplexity: float
    words: list[Part]


class Scores(BaseModel):
    """In the order of the pairs; null for one with a blank or overlong side."""

    scores: list[Score | None]


class Alignment(BaseModel):
    """What the words of a translation looked at."""

    source: Annotated[list[str], Field(description="The S words of the sentence.")]
    target: Annotated[list[str], Field(description="The T words of its translation.")]
    links: Annotated[list[Two[int]], Field(description="Source word, target word, counted from 0.")]
    weights: Annotated[
        list[list[float]], Field(description="T x S: from the layer and heads that tell most.")
    ]
    heads: Annotated[
        list[list[list[list[float]]]] | None, Field(description="Layers x heads x T x S.")
    ] = None


class Alignments(BaseModel):
    """In the order of the pairs; a blank side has no words."""

    alignments: list[Alignment]
