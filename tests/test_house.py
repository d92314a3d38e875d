"""The house: no circle of imports, lazy ones too; few rooms; short files and functions; a class name for one thing."""

from __future__ import annotations

import ast
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("engine", "gui")
FOLDERS = (*PACKAGES, "assets", "tests")
TOP_LEVEL = {
    *FOLDERS,
    "pyproject.toml",
    "README.md",
    "run.py",
    "LICENSE",
    "constraints.txt",
    "CHANGELOG.md",
    "CITATION.cff",
}
MOST_ROOMS, LONGEST_FILE, LONGEST_FUNCTION = 30, 400, 50
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def trees() -> dict[str, ast.Module]:
    """Every module of the program, by its name."""
    files = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return {name_of(path): ast.parse(path.read_text("utf-8"), str(path)) for path in files}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules of the program that a module names, wherever in it: at the top, in a function, for types only."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in trees() else node.module


def test_there_is_no_circle_of_imports():
    arrows = nx.DiGraph()
    for name, tree in trees().items():
        arrows.add_edges_from((name, other) for other in imported(tree) if other in trees() and other != name)
    circles = [sorted(part) for part in nx.strongly_connected_components(arrows) if len(part) > 1]
    assert circles == []


def test_no_name_of_a_file_is_given_twice():
    """The second would put the first away, as it happened to a table of conventions."""
    twice = {}
    for name, tree in trees().items():
        plain = (node.targets for node in tree.body if isinstance(node, ast.Assign))
        given = Counter(target.id for targets in plain for target in targets if isinstance(target, ast.Name))
        twice[name] = [each for each, count in given.items() if count > 1 and each != "_"]
    assert {name: found for name, found in twice.items() if found} == {}


def test_every_file_is_short():
    """The tests and run.py too; blank lines and comments at the end count."""
    files = [ROOT / "run.py", *(path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")))]
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_what_the_type_checker_is_told_to_overlook_has_a_reason():
    """Behind the code, as a comment: whose fault it is. That there is a code, ruff holds."""
    texts = (path.read_text("utf-8") for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    told = [line.partition("# type: ignore")[2] for text in texts for line in text.splitlines()]
    assert [words for words in told if words and "#" not in words] == []


def test_the_top_level_holds_what_it_may():
    """What a run leaves behind (settings, recovery files) was committed once."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("no checkout: nothing tells what belongs to it")
    tops = {line.partition("/")[0] for line in listed.stdout.splitlines()}
    assert {top for top in tops if not top.startswith(".")} - TOP_LEVEL == set()


def test_there_are_few_rooms():
    rooms = [path for package in PACKAGES for path in (ROOT / package).iterdir() if path.name != "__pycache__"]
    assert len(rooms) <= MOST_ROOMS, sorted(str(path.relative_to(ROOT)) for path in rooms)


def test_a_class_is_called_as_no_other():
    places = defaultdict(list)
    for name, tree in trees().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_functions_are_short_and_files_say_what_they_own(package):
    long, mute = [], []
    for name, tree in trees().items():
        if name.split(".")[0] != package:
            continue
        if not ast.get_docstring(tree):
            mute.append(name)
        functions = (node for node in ast.walk(tree) if isinstance(node, Function))
        long += [f"{name}.{f.name}" for f in functions if (f.end_lineno or 0) - f.lineno >= LONGEST_FUNCTION]
    assert (long, mute) == ([], [])
