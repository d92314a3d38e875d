"""The one door: no module but the edits makes a Change, and every edit is to be had from `engine.edits`."""

import ast
from importlib import import_module
from inspect import getmembers, isfunction
from pathlib import Path
from pkgutil import iter_modules

import pytest

import engine
import gui
from engine import edits

ROOMS = {"engine/edits", "engine/graph"}  # those that make one, and those who know what it is
SOURCES = [path for package in (engine, gui) for path in Path(package.__path__[0]).rglob("*.py")]


def room(path: Path) -> str:
    return "/".join(path.relative_to(Path(engine.__path__[0]).parent).parts[:2])


def made_by_hand(path: Path) -> list[int]:
    """The lines where a Change is constructed, or one is made of two."""
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    named = [node for node in calls if isinstance(node.func, ast.Name | ast.Attribute)]
    return [node.lineno for node in named if "Change" in (getattr(node.func, "id", ""), getattr(node.func, "attr", ""))]


def test_no_other_module_makes_a_change():
    outside = {str(path): made_by_hand(path) for path in SOURCES if room(path) not in ROOMS}
    assert not {path: lines for path, lines in outside.items() if lines}
    assert any(made_by_hand(path) for path in SOURCES)


@pytest.mark.parametrize("theme", [module.name for module in iter_modules(edits.__path__) if module.name != "checks"])
def test_every_edit_is_to_be_had_from_the_door(theme):
    module = import_module(f"engine.edits.{theme}")
    for name, function in getmembers(module, isfunction):
        if function.__module__ == module.__name__ and not name.startswith("_"):
            assert getattr(edits, name) is function
