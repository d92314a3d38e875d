"""A build without sources, as a frozen program is one: every export gives there what it gives here."""

import base64
import compileall
import json
import math
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from engine import load, save
from engine.errors import ExportError
from engine.export import EXPORTS, export_graph
from engine.export.helpers import helper_sources, helpers
from engine.ops.words import images
from engine.ops.words.along import along
from engine.ops.words.arrays import product_shaped
from engine.ops.words.table import WORDS
from engine.values.values import unbroadcast
from tests.building import graph_of

EXAMPLES = ("cs231n-staged", "iris", "vanishing-sigmoids")
ROOT = Path(__file__).parents[3]

_SCRIPT = """
import base64, json, sys
from pathlib import Path
import engine
from engine.errors import ExportError
from engine.export import EXPORTS, export_graph
assert engine.__file__.endswith(".pyc"), engine.__file__
said = {}
for path in sys.argv[1:]:
    graph = engine.load(path)
    for name in EXPORTS:
        try:
            text = export_graph(graph, name)
        except ExportError as error:
            text = error.sentence
        said[f"{Path(path).stem} {name}"] = text if isinstance(text, str) else base64.b64encode(text).decode()
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A copy of the packages as bytecode and data alone."""
    place = tmp_path_factory.mktemp("bare")
    for package in ("engine", "assets"):
        shutil.copytree(ROOT / package, place / package, ignore=shutil.ignore_patterns("__pycache__"))
    assert compileall.compile_dir(place, quiet=1, legacy=True)
    sources = list(place.rglob("*.py"))
    for source in sources:
        source.unlink()
    assert len(sources) > 50
    return place


def held(graph, name):
    try:
        text = export_graph(graph, name)
    except ExportError as error:
        return error.sentence
    return text if isinstance(text, str) else base64.b64encode(text).decode()


def test_every_export_works_where_there_are_no_sources(bare, tmp_path):
    saved = tmp_path / "layers.gradloom"
    matrices = [("x", "input", [[1.0, 2.0]]), ("w", "parameter", [[1.0, -1.0]]), ("b", "parameter", [0.5])]
    rows = [*matrices, ("h", "linear", ["x", "w", "b"]), ("s", "softmax", ["h"]), ("y", "concat", ["s", "h"])]
    save(graph_of(*rows, ("L", "sum", ["y"]), target="L", settings={"L": {"axis": "all"}}), str(saved))
    examples = [str(files("assets").joinpath("examples", f"{name}.gradloom")) for name in EXAMPLES] + [str(saved)]
    command = [sys.executable, "-c", _SCRIPT, *examples]
    ran = subprocess.run(command, cwd=bare, env={"PYTHONPATH": str(bare)}, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    there = json.loads(ran.stdout)
    here = {f"{Path(path).stem} {name}": held(load(path), name) for path in examples for name in EXPORTS}
    assert there == here
    assert "def softmax(" in here["layers numpy"] and "def part(" in here["layers numpy"]


# --- the data file of helpers


def program():
    space = {"np": np, "math": math}
    exec("\n\n\n".join(helpers().values()), space)
    return space


def test_every_helper_that_a_spelling_names_is_in_the_file_and_nothing_else():
    spelt = {text for word in WORDS.values() for text in _texts(word.numpy)}
    named = {text for text in spelt if text.isidentifier()} | {"unbroadcast"}
    assert named <= set(helpers())
    used = helper_sources("\n".join(f"{name}()" for name in named))
    assert all(f"def {name}(" in used or f"{name} = " in used for name in helpers())


def _texts(spelt):
    return spelt.values() if isinstance(spelt, dict) else [spelt] if spelt else []


def test_a_program_gets_what_it_calls_and_what_that_calls():
    assert helper_sources("y = x + 1") == "" == helper_sources("y = z.swap(x)")
    assert helper_sources("y = swap(x)").startswith("def swap(x):")
    assert helper_sources("part(g, xs, 0, -1)").count("def ") == 3
    exec(helper_sources("softmax(x, -1)"), {"np": np})


TIED = np.array([[4.0, 2.0, 4.0], [0.0, 4.0, 3.0]])
ENGINES = {"unbroadcast": unbroadcast, "along": along, "product_shaped": product_shaped}
ARGUMENTS = {
    "erf": [(np.array([-1.0, 0.5]),)],
    "xlogy": [(np.array([0.0, 2.0]), np.array([0.0, 3.0]))],
    "ratio": [(np.array([0.0, 2.0]), np.array([0.0, 3.0]))],
    "spread": [(np.float64(2), "all", np.ones((2, 3))), (np.ones(2), -1, np.ones((2, 3))), (np.ones(1), 0)],
    "length": [(np.ones((2, 3)), 0), (np.ones((2, 3)),), (np.float64(1), -1)],
    "swap": [(np.arange(6.0).reshape(2, 3),), (np.arange(3.0),)],
    "concat": [((np.ones(2), np.float64(3)), -1), ((np.ones((2, 1)), np.ones((2, 2))), "all")],
    "part": [(np.arange(5.0), (np.ones(2), np.ones(3)), 1, -1), (np.arange(5.0), (np.ones(2), np.ones(3)), 0, "all")],
    "softmax": [(np.array([[1.0, 2.0]]), -1), (np.array([[1.0, 2.0]]), "all"), (np.float64(3), -1)],
    "log_softmax": [(np.array([[1.0, 2.0]]), -1), (np.array([[1.0, 2.0]]), "all"), (np.float64(3), -1)],
    "onehot": [(np.array([0.0, 2.0]), np.ones((2, 3))), (np.ones((2, 3)), np.ones((2, 3)))],
    "matching": [(np.ones(2), np.ones(2)), (np.ones((2, 3)), np.ones(2))],
    "unbroadcast": [(np.ones((2, 3)), (3,)), (np.ones((2, 3)), ()), (np.ones((2, 3)), (2, 1)), (np.ones(3), (3,)),
                    (np.ones((1, 3)), (2, 3)), (np.ones((1, 3)), (2, 1))],
    "along": [(-1, (2, 3)), ((0, -1), (2, 3)), ("all", (2, 3))],
    "freedom": [(np.ones((2, 3)), -1, 1), (np.ones((2, 3)), (0, 1), 0)],
    "shares": [(TIED, np.float64(4), "all"), (TIED, np.array([4.0, 4.0]), -1), (TIED, np.float64(4), (0, 1))],
    "others": [(TIED, "all"), (TIED, 0), (TIED, (1, 0)), (TIED * 0, -1)],
    "logsumexp": [(TIED,), (TIED, 0, True), (TIED, (0, 1)), (np.full((2, 3), -np.inf), -1)],
    "einsum_back": [
        (np.ones((2, 2)), "ij,jk->ik", (np.ones((2, 3)), TIED.T), 1), (np.ones(2), "ij->i", (TIED,), 0),
    ],
    "normalised": [(TIED, 0.1)],
    "normalised_back": [(TIED - 1, TIED, 0.1)],
    "scattered": [(np.ones((3, 2)), np.array([0.0, 2.0, 0.0]), np.ones((4, 2))), (np.ones(2), np.float64(1), TIED.T)],
    "placed": [(np.ones(2), TIED, np.s_[:, 1]), (np.float64(1), TIED, (0, 1)), (np.ones((2, 3)), TIED, np.s_[[1, 1]])],
}  # fmt: skip
IMAGE = np.random.default_rng(5).normal(size=(2, 2, 5, 4))
KERNEL, HOW, POOLED = IMAGE[:, :1, :3, :2], ((2, 1), (1, 0), (1, 2), 2), ((3, 2), (2, 1), (1, 0))
MET, KEPT = images.conv2d(IMAGE, KERNEL, *HOW), images.max_pool2d(IMAGE, *POOLED)
ARGUMENTS |= {
    "conv2d": [(IMAGE, KERNEL, *HOW)],
    "conv2d_left": [(MET, IMAGE, KERNEL, *HOW)],
    "conv2d_right": [(MET, IMAGE, KERNEL, *HOW)],
    "max_pool2d": [(IMAGE, *POOLED)],
    "max_unpool2d": [(KEPT, IMAGE, *POOLED)],
    "avg_pool2d": [(IMAGE, *POOLED)],
    "avg_unpool2d": [(KEPT, IMAGE, *POOLED)],
}
PARTS = (
    "summed_axes",
    "undoing",
    "padded",
    "unpadded",
    "windows",
    "seen_by",
    "grouped",
    "columns",
    "flat_columns",
    "by_group",
)  # of others
SHAPES = [((2, 3), (3, 2)), ((2, 3), (3,)), ((3,), (3, 2)), ((3,), (3,)), ((2, 2, 3), (3, 2))]
PRODUCTS = [(np.arange(float(np.prod(a))).reshape(a), np.arange(float(np.prod(b))).reshape(b) - 1) for a, b in SHAPES]
DOTTED = [(np.ones(np.shape(np.dot(a, b)))[()], a, b) for a, b in [*PRODUCTS, (np.ones(3), np.ones((2, 3, 4)))]]
PULLED = [(np.ones(np.shape(np.matmul(a, b)))[()], a, b) for a, b in PRODUCTS]


@pytest.mark.parametrize("name", [name for name, text in helpers().items() if text.startswith("def ")])
def test_a_helper_computes_what_the_engine_computes(name):
    cases = PULLED if name in ("pull_left", "pull_right", "product_shaped") else ARGUMENTS.get(name, [])
    cases = DOTTED if name.startswith("contract") else cases
    assert cases or name in PARTS
    engines = ENGINES.get(name) or (WORDS[name].array if name in WORDS else None)
    for case in cases:
        with np.errstate(all="ignore"):
            ours, theirs = program()[name](*case), engines(*case)
        assert np.shape(ours) == np.shape(theirs) and np.array_equal(ours, theirs)
