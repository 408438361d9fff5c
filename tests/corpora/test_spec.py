from __future__ import annotations

from pathlib import Path

import pytest

from translator.corpora.spec import Spec, parse_spec, pinned
from translator.errors import ConfigError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.tsv", {"paths": (Path("a.tsv"),)}),
        ("a.tsv@2", {"paths": (Path("a.tsv"),), "weight": 2.0}),
        ("a.tsv@0.5", {"paths": (Path("a.tsv"),), "weight": 0.5}),
        ("me@home.org/a.tsv", {"paths": (Path("me@home.org/a.tsv"),)}),
        ("a.en,a.fr", {"paths": (Path("a.en"), Path("a.fr"))}),
        ("a.en,a.fr@1e1", {"paths": (Path("a.en"), Path("a.fr")), "weight": 10.0}),
        ("hf:opus", {"hub": "opus"}),
        ("hf:wmt/wmt14/fr-en:validation", {"hub": "wmt/wmt14/fr-en", "split": "validation"}),
        ("hf:a/b#v1.0", {"hub": "a/b", "revision": "v1.0"}),
        (
            "hf:a:test#refs/convert/parquet@2",
            {"hub": "a", "split": "test", "revision": "refs/convert/parquet", "weight": 2.0},
        ),
        ("hf:a/b:train[:10%]@3", {"hub": "a/b", "split": "train[:10%]", "weight": 3.0}),
    ],
)
def test_grammar(text: str, expected: dict[str, object]) -> None:
    assert parse_spec(text) == Spec(text=text, **expected)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["a,b.tsv", "a@2", "hf:x", "a,b@0.5"])
def test_existing_path_wins(name: str) -> None:
    Path(name).touch()
    assert parse_spec(name) == Spec(text=name, paths=(Path(name),))


def test_existing_path_wins_before_weight_and_comma() -> None:
    Path("a,b.en").touch()
    assert parse_spec("a,b.en@2").paths == (Path("a,b.en"),)
    Path("c,d.fr").touch()
    assert parse_spec("a,b.en,c,d.fr").paths == (Path("a,b.en"), Path("c,d.fr"))
    assert parse_spec("x.en,c,d.fr,a,b.en").paths == tuple(map(Path, ("x.en", "c,d.fr", "a,b.en")))


@pytest.mark.parametrize("text", ["a.tsv@0", "a.tsv@-1", "a.tsv@nan", "a.tsv@inf", "a.tsv@two"])
def test_weight_must_be_positive(text: str) -> None:
    with pytest.raises(ConfigError, match="is not a positive number"):
        parse_spec(text)


@pytest.mark.parametrize("text", ["", "  ", "@2"])
def test_empty(text: str) -> None:
    with pytest.raises(ConfigError):
        parse_spec(text)


@pytest.mark.parametrize("text", ["hf:", "hf:a//b", "hf:a/b/c/d", "hf:/a"])
def test_no_hub_name(text: str) -> None:
    with pytest.raises(ConfigError, match="names no data set of the hub"):
        parse_spec(text)


def test_too_long_for_a_path_is_still_a_name() -> None:
    assert parse_spec("x" * 5000).paths == (Path("x" * 5000),)


@pytest.mark.parametrize(
    ("text", "revision", "expected"),
    [
        ("a.tsv@2", "abc", "a.tsv@2"),
        ("hf:a", "", "hf:a"),
        ("hf:a", "abc", "hf:a:train#abc"),
        ("hf:a/b:test#main@0.5", "abc", "hf:a/b:test#abc@0.5"),
    ],
)
def test_pinned(text: str, revision: str, expected: str) -> None:
    assert pinned(text, revision) == expected
