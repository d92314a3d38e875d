"""The glossary of `engine` holds: what it says to avoid names nothing, and each of its words is in use."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import engine

PROJECT = Path(__file__).parent.parent
FILES = [path for room in ("engine", "gui") for path in sorted((PROJECT / room).rglob("*.py"))]
TO_COME = "Kept for what is still to be built"
ENTRY = re.compile(r"^ {4}(\S+(?: \S+)*)  +(\S.*(?:\n {20}.*)*)", re.MULTILINE)


def entries(text: str) -> dict[str, str]:
    """Each word of a part of the glossary, with what is said of it."""
    return {word: " ".join(said.split()) for word, said in ENTRY.findall(text)}


GLOSSARY = engine.__doc__ or ""
IN_USE, KEPT = map(entries, GLOSSARY.split(TO_COME))
AVOIDED = sorted({
    word for said in (IN_USE | KEPT).values() for part in said.split("; ")
    if part.startswith("avoid: ") for word in part.removeprefix("avoid: ").split(", ")
})  # fmt: skip


def named_in(tree: ast.AST) -> Iterator[str]:
    """Every name that a file gives to something; a method in camelCase has its name from Qt."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) or (isinstance(node, ast.FunctionDef) and node.name.islower()):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def words_of(name: str) -> list[str]:
    """`checked_NewId` as checked, new, id."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


@cache
def used() -> dict[str, str]:
    """Each word of the code's own names, with one place where it stands; plurals as singulars."""
    found: dict[str, str] = {}
    for path in FILES:
        names = [path.stem, *named_in(ast.parse(path.read_text("utf-8")))]
        for name in names:
            for word in words_of(name):
                found.setdefault(word, f"{path.relative_to(PROJECT)}: {name}")
                found.setdefault(word.removesuffix("s"), f"{path.relative_to(PROJECT)}: {name}")
    return found


@cache
def prose() -> str:
    return "\n".join(path.read_text("utf-8").lower() for path in FILES if path != PROJECT / "engine" / "__init__.py")


def test_the_glossary_is_read_whole() -> None:
    lines = [line for line in GLOSSARY.splitlines() if re.match(r" {4}\S", line)]
    assert len(lines) == len(IN_USE) + len(KEPT) > 60
    assert {"node", "back edge", "upstream gradient", "draft", "typed text", "note"} <= set(IN_USE) and "secant" in KEPT
    assert {"socket", "wire", "tape"} <= set(AVOIDED)


@pytest.mark.parametrize("word", AVOIDED)
def test_what_is_to_be_avoided_names_nothing(word: str) -> None:
    assert word not in used(), f"{used()[word]}: the glossary has another word for it"


@pytest.mark.parametrize("word", IN_USE)
def test_each_word_is_in_use(word: str) -> None:
    assert word in used() or re.search(rf"\b{word.replace(' ', '[ _]?')}s?\b", prose())


def test_a_draft_is_a_file_and_a_typed_text_is_none() -> None:
    rooms = {path.parent.name for path in FILES if re.search(r"\bdrafts?\b|draft\b", path.read_text("utf-8"))}
    assert rooms <= {"files", "engine", "document", "pictures", "dialogs"}, "panels and fields have typed texts"
    assert not re.search(r"draft", (PROJECT / "gui/document/pending.py").read_text("utf-8"))


def test_no_word_is_its_own_opposite() -> None:
    assert not set(AVOIDED) & (set(IN_USE) | set(KEPT))
