"""The folders are in the order of a sentence's path, and each imports only from those before it."""

import ast
from pathlib import Path

import pytest

import translator

ROOT = Path(translator.__file__).parent
PATH = ["corpora", "tokenizer", "batching", "model", "export", "decoding", "evaluation"]
PATH += ["alignment", "training", "web"]
USERS = ["cli"]
"""Folders that may import from all others."""


def imported(file: Path) -> set[str]:
    """Return the folders of this package that a file imports from, wherever in it."""
    names = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "translator":
            names += [f"translator.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
    parts = [name.split(".") for name in names]
    return {part[1] for part in parts if part[0] == "translator" and len(part) > 1}


@pytest.mark.parametrize("folder", PATH)
def test_a_folder_imports_only_from_those_before_it(folder: str) -> None:
    later = {*PATH[PATH.index(folder) + 1 :], *USERS}
    wrong = {
        str(file.relative_to(ROOT)): sorted(imported(file) & later)
        for file in sorted((ROOT / folder).rglob("*.py"))
    }
    assert {file: folders for file, folders in wrong.items() if folders} == {}


def test_what_all_use_imports_from_none_of_them() -> None:
    for file in ROOT.glob("*.py"):
        if file.name not in ("__init__.py", "__main__.py"):
            assert imported(file).isdisjoint({*PATH, *USERS}), file.name
    assert "batching" in imported(ROOT / "training" / "loop.py")
