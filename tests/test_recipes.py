"""The README's recipes, cooked as they stand there: each in a copy of the project, where all that it promises is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

PROJECT = Path(__file__).parent.parent
README = (PROJECT / "README.md").read_text("utf-8")
NEW, END, BESIDE = map(re.compile, (r"new\s+file `([^`]+)`", r"end\s+of `([^`]+)`", r"(below|above) `([^`]+)`"))
FILE = re.compile(r"`((?:engine|gui|assets)/[\w/.]+\.\w+)`")
WORKS_IN_THE_COPY = "import engine, pathlib; assert pathlib.Path(engine.__file__).is_relative_to(pathlib.Path.cwd())\n"
# As `gui/app.py` ends: close() would ask whether to save, and wait for an answer.
CLOSED = """
import shiboken6
window.closing.end()
window.hide()
shiboken6.delete(window)
"""
WINDOW = """
from gui.app import make_app
app = make_app("light")
from gui.main_window import MainWindow
window = MainWindow()
window.show()

def menus_of(id):
    return {menu.title() for menu in window.action_set.by_id[id].associatedObjects() if hasattr(menu, "title")}

listed = {row.text: row for row in window.action_set.rows()}  # the command palette and F1
"""


class Block(NamedTuple):
    """A block of code, and where it goes: `place` is "new", "end", or "below" or "above" the `line`."""

    path: str
    place: str
    code: str
    line: str = ""


def recipes() -> dict[str, list[Block]]:
    """The blocks of each recipe, by the words in bold that it begins with."""
    section = README.partition("### Recipes\n")[2].partition("\n## ")[0]
    parts = re.split(r"^\*\*Add an? (.+?)\.\*\*", section, flags=re.MULTILINE)
    return {name: blocks(text) for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def blocks(text: str) -> list[Block]:
    """The blocks of a recipe; the sentence before each says where it goes."""
    found: list[Block] = []
    for said, code in re.findall(r"(.*?)^```\w+\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL):
        if new := NEW.search(said):
            found.append(Block(new[1], "new", code))
        elif end := END.search(said):
            found.append(Block(end[1], "end", code))
        else:
            beside, files = BESIDE.search(said), FILE.findall(said)
            assert beside, f"the README does not say where this goes: {said}"
            found.append(Block(files[-1] if files else found[-1].path, beside[1], code, beside[2]))
    return found


RECIPES = recipes()


class Kitchen:
    """A copy of the project, and what is tried in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("engine", "gui", "assets", "tests", "run.py", "pyproject.toml"):
            copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
            copy(PROJECT / name, folder / name)

    def cook(self, *names: str) -> None:
        for name in names:
            for block in RECIPES[name]:
                self._put(block)

    def _put(self, block: Block) -> None:
        path = self.folder / block.path
        assert path.exists() != (block.place == "new"), f"{block.path} is not as the README says"
        text = "" if block.place == "new" else path.read_text("utf-8")
        if block.place in ("new", "end"):
            path.write_text(text + block.code, "utf-8")
            return
        line = block.line + "\n"
        assert text.count(line) == 1, f"{block.path} does not have the line: {block.line}"
        path.write_text(text.replace(line, line + block.code if block.place == "below" else block.code + line), "utf-8")

    def python(self, *words: str) -> str:
        """What a Python process in the copy prints; it must end well."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder, capture_output=True, text=True, encoding="utf-8", check=False,
            env={**os.environ, "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
        return done.stdout

    def holds(self, script: str) -> None:
        """Run asserts in the copy."""
        self.python("-c", WORKS_IN_THE_COPY + script + (CLOSED if WINDOW in script else ""))

    def gradloom(self, *words: str) -> str:
        return self.python("-m", "gui", *words)

    def passes(self, *words: str) -> None:
        """The project's own tests find the new thing by themselves."""
        out = self.python("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *words)
        assert " passed" in out and "no tests ran" not in out


@pytest.fixture
def kitchen(tmp_path: Path) -> Kitchen:
    return Kitchen(tmp_path)


def test_every_recipe_is_tried_here() -> None:
    kinds = ("op", "edit", "action", "export", "command", "example", "dataset", "optimiser", "panel")
    assert sorted(RECIPES) == sorted(kinds)
    assert all(f"test_{kind}" in globals() for kind in kinds)
    assert all(RECIPES.values())


def test_what_the_readme_names_is_there() -> None:
    named = set(re.findall(r"`((?:engine|gui|tests|assets)/[\w/.]*)`", README))
    new = {block.path for made in RECIPES.values() for block in made if block.place == "new"}
    assert named >= new
    assert [path for path in sorted(named - new) if not (PROJECT / path).exists()] == []


def test_all_of_them_together_are_as_tidy_as_the_rest(kitchen: Kitchen) -> None:
    kitchen.cook(*RECIPES)
    paths = {block.path for cooked in RECIPES.values() for block in cooked if block.path.endswith(".py")}
    kitchen.python("-m", "ruff", "check", "--no-cache", "-q", *sorted(paths))
    assert "count" in kitchen.gradloom("--help")


def test_op(kitchen: Kitchen) -> None:
    kitchen.cook("op")
    kitchen.holds(
        """
import numpy as np
from engine import OPS, gradcheck, parse, run, unparse
from engine.export import EXPORTS, export_graph
from engine.passes.run import holding
from engine.show.explain import explain
for name in ("arctan", "isru"):
    graph = holding(parse(f"y = {name}(x)"), {"x": 0.5})
    assert unparse(graph) and name in unparse(graph)
    trace = run(graph)
    assert gradcheck(graph).ok
    assert OPS[name].title in [OPS[op].title for op in OPS]
    assert f"The slope of {name}" in explain(graph, trace, trace.steps[-1]).why
    for target in EXPORTS.values():
        if target.name != "micrograd":
            assert target.write(graph, trace)
assert abs(run(parse("y = arctan(x)"), values={"x": 1}).value("y") - np.pi / 4) < 1e-15
graph = holding(parse("y = arctan(x)"), {"x": 0.5})
for target, word in {"numpy": "np.arctan", "torch": "torch.arctan", "jax": "jnp.arctan", "latex": r"\\arctan"}.items():
    assert word in EXPORTS[target].write(graph, run(graph)), target
assert b"Atan" in EXPORTS["onnx"].write(graph, run(graph))
"""
        + WINDOW
        + """
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView
model = window.ops.findChild(QListView).model()
shown = [str(model.data(model.index(row, 0), Qt.ItemDataRole.DisplayRole)) for row in range(model.rowCount())]
assert "Arctangent" in shown and "Inverse root" in shown, shown
"""
    )
    kitchen.gradloom("train", "--expr", "(arctan(w) - 0.5) ** 2", "--set", "w=0", "--param", "w", "--steps", "5")
    kitchen.passes("tests/engine/ops/test_ops.py", "tests/engine/ops/test_extremes.py", "-k", "arctan or isru")


def test_edit(kitchen: Kitchen) -> None:
    kitchen.cook("edit")
    kitchen.holds("""
from engine import Document, edits, parse
document = Document(parse("x = 3; y = x * x"))
document.apply(edits.set_label(document.graph, "y", "area"))
document.apply(edits.clear_labels(document.graph, ["y"]))
assert document.graph.nodes["y"].name == "y" and document.undo_text == "Clear the label of area"
document.undo()
assert document.graph.nodes["y"].name == "area"
try:
    edits.clear_labels(document.graph, ["nobody"])
except engine.EditRefused as refused:
    assert "nobody" in refused.sentence
else:
    raise AssertionError("not refused")
""")


def test_action(kitchen: Kitchen) -> None:
    kitchen.cook("edit", "action")
    kitchen.holds(
        WINDOW
        + """
from engine import edits
assert "&Edit" in menus_of("clear_labels") or "Edit" in menus_of("clear_labels"), menus_of("clear_labels")
row = listed["Clear labels"]
assert (row.menu, row.keys) == ("Edit", "Alt+L")
action = window.action_set.by_id["clear_labels"]
assert not action.isEnabled()
window.bridge.edit(lambda graph: edits.add_node(graph, "input", (0, 0)))
id = next(iter(window.bridge.now.graph.nodes))
window.bridge.edit(lambda graph: edits.set_label(graph, id, "data"))
window.selection.select([id])
assert action.isEnabled()
action.trigger()
assert window.bridge.now.graph.nodes[id].label == ""
"""
    )


def test_export(kitchen: Kitchen, tmp_path: Path) -> None:
    kitchen.cook("export")
    listed = kitchen.gradloom("export", "--list")
    assert listed.index("\nmermaid") < listed.index("\nedges") < listed.index("\ntext")
    kitchen.gradloom("export", "mul", "product.edges")
    assert (tmp_path / "product.edges").read_text() == "x -> z 0\ny -> z 1\n"
    kitchen.holds(
        WINDOW
        + """
assert "Export" in menus_of("export_edges") and "Copy as" in menus_of("copy_as_edges")
assert {"List of edges", "List of edges…"} <= set(listed)
"""
    )


def test_command(kitchen: Kitchen) -> None:
    kitchen.cook("command")
    assert "gradloom count SOURCE\n      How many nodes and edges a graph has.\n" in kitchen.gradloom("--help")
    assert kitchen.gradloom("count", "--help").startswith("usage: gradloom count ")
    assert kitchen.gradloom("count", "--expr", "(x + y) * z") == "nodes: 5, edges: 4\n"
    kitchen.holds("import run\nassert run.libraries_for('count') == {}, 'it needs nothing of Qt'\n")


def test_example(kitchen: Kitchen) -> None:
    kitchen.cook("example")
    assert "6.0" in kitchen.gradloom("run", "square")
    kitchen.holds(
        WINDOW
        + """
for menu in window.action_set.filled["Examples"]:
    titles = [action.text() for group in menu.actions() for action in group.menu().actions()]
    assert titles.index("A square") == titles.index("x · x: two edges, two contributions") + 1, titles
window.open_example("square")
assert window.bridge.now.graph.title == "A square" and window.files.path is None
"""
    )
    kitchen.passes("tests/held/test_examples.py", "-k", "square or stand")


def test_dataset(kitchen: Kitchen) -> None:
    kitchen.cook("dataset")
    kitchen.holds("""
from engine import OPS
from engine.data.tables import load_dataset
choices = next(setting for setting in OPS["dataset"].settings if setting.name == "name").choices
assert {"fruit", "parabola"} <= set(choices)
for name in ("fruit", "parabola"):
    data = load_dataset(OPS["dataset"].defaults | {"name": name})
    assert len(data.features) == len(data.targets) > 0
""")
    kitchen.passes("tests/engine/data/test_datasets.py", "-k", "fruit or parabola")


def test_optimiser(kitchen: Kitchen) -> None:
    kitchen.cook("optimiser")
    program = ["--expr", "(w * 3 - 6) ** 2", "--set", "w=0", "--param", "w"]
    assert "rmsprop: steps divided by" in " ".join(kitchen.gradloom("train", "--help").split())
    kitchen.gradloom("train", *program, "--optimizer", "rmsprop", "--steps", "50", "--out", "learnt.gradloom")
    assert "torch.optim.RMSprop(model.parameters(), lr=0.01)" in kitchen.gradloom(
        "export", "learnt.gradloom", "-", "--to", "torch"
    )
    kitchen.holds(
        WINDOW
        + """
from gui.widgets.segmented import Segmented
assert ("rmsprop", "RMSprop") in [choice for each in window.training.findChildren(Segmented) for choice in each.choices]
"""
    )


def test_panel(kitchen: Kitchen) -> None:
    kitchen.cook("panel")
    kitchen.holds(
        WINDOW
        + """
from PySide6.QtWidgets import QLabel
from engine import edits
assert listed["Size"].menu == "Panels" and listed["Size"].keys == "Ctrl+8"
assert window.panels.is_open("size")
window.bridge.edit(lambda graph: edits.add_node(graph, "input", (0, 0)))
assert "Nodes: 1, edges: 0" in [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
window.action_set.by_id["panel_size"].trigger()
assert not window.panels.is_open("size")
"""
    )
