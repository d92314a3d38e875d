"""Text and files from elsewhere: read by what they are, refused when hostile, and out again as the same graph."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
from engine import cli
from engine.errors import FileError, GradloomError, TextError
from engine.export import export_graph
from engine.files.codec import encode
from engine.files.open import LONGEST_PROGRAM, read_file, read_pasted, read_text, with_values
from engine.graph.graph import Graph
from engine.passes.run import run
from tests.building import xyz
from tests.engine import export_cases as cases

EXAMPLES = dict(cases.example_graphs())


def meaning(graph: Graph) -> dict[str, Any]:
    """All of a graph but where its nodes stand, and what no program says."""
    nodes = {
        id: (n.op_name, n.label, n.settings, None if n.value is None else (np.shape(n.value), n.value.tolist()))
        for id, n in graph.nodes.items()
    }
    return {"nodes": nodes, "edges": dict(graph.edges), "target": graph.target, "seed": graph.seed}


# --- text → graph → text


@pytest.mark.parametrize("ending", [".py", ".txt"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_goes_through_a_program_and_back(name: str, ending: str, tmp_path: Path) -> None:
    source, program, again = tmp_path / "a.gradloom", tmp_path / f"b{ending}", tmp_path / "c.gradloom"
    engine.save(EXAMPLES[name], source)
    assert cli.main(["convert", str(source), str(program)]) == 0
    assert cli.main(["convert", str(program), str(again)]) == 0
    assert meaning(engine.load(again)) == meaning(EXAMPLES[name])
    written = [line for line in program.read_text("utf-8").splitlines() if not line.startswith("#") or _is_said(line)]
    assert export_graph(engine.load(again), "text").splitlines() == written


def _is_said(line: str) -> bool:
    """Whether a remark of a program is read: the groups stand in remarks. Its title is none of the graph's."""
    return line.startswith("# group ")


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_pastes_as_graph_text(name: str) -> None:
    assert read_pasted(encode(EXAMPLES[name])) == EXAMPLES[name]


# --- files by their ending


def test_a_file_is_read_as_its_ending_says(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("\ufeffq = x + y\nf = q * z", "utf-8")
    (tmp_path / "b.TXT").write_text(encode(xyz()), "utf-8")
    assert read_file(tmp_path / "a.py").target == "f"
    assert read_file(tmp_path / "b.TXT") == xyz()
    (tmp_path / "c.txt").write_bytes(b"x = \xff")
    with pytest.raises(TextError, match="byte 5: this is not UTF-8"):
        read_file(tmp_path / "c.txt")
    (tmp_path / "d.onnx").write_bytes(b"no model")
    with pytest.raises(FileError, match=r"onnx|ONNX"):
        read_file(tmp_path / "d.onnx")


# --- ones for what holds nothing


def test_leaves_without_a_value_get_ones_and_are_named() -> None:
    graph, filled = with_values(read_text("f = x * w + 3"))
    assert filled == ("x", "w")
    assert run(graph).value("f") == 4
    assert with_values(graph) == (graph, ())


def test_what_goes_into_a_matrix_product_becomes_a_matrix() -> None:
    graph, filled = with_values(read_text("h = F.relu(x @ W.T + b)\nloss = F.mse_loss(h, t)"))
    assert filled == ("x", "W", "b", "t")
    assert [np.shape(graph.nodes[id].value) for id in filled] == [(2, 2), (2, 2), (), ()]
    assert run(graph).value("loss") == 4


# --- hostile text

TOO_MANY = "nodes are too many: a graph can have at most 20,000"
HOSTILE = {
    "import": ("__import__('os').system('echo')", "there is no operation"),
    "attributes": ("x.__class__.__bases__", "is not understood here"),
    "10 MB": ("x+" * 5_000_000 + "x", "too long"),
    "10 MB of a document": ('{"nodes": ' + "[" * 10_000_000, "nested too deeply"),
    "20 MB of a document": ("{" + " " * 20_000_000, "too long"),
    "deep": ("(" * 90_000 + "x" + ")" * 90_000, "nested too deeply"),
    "signs": ("-" * 190_000 + "x", "too long or nested too deeply"),
    "a long sum": ("x+" * 90_000 + "x", "too long or nested too deeply"),
    "many nodes": ("x = 1\n" + "x=x*x\n" * 20_001, TOO_MANY),
    "many nodes of a document": ('{"nodes": [' + ",".join(['{"op":"input"}'] * 600_000) + "]}", TOO_MANY),
    "lambda": ("(lambda: x.__class__)()", "is not understood here"),
    "text": ("'a' * 10**9", "text in quotes is not understood here"),
    "nul": ("x\0", "NUL"),
    "nothing": ("# nothing", "nothing to make a graph of"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_text_gets_a_sentence_before_one_notices(what: str) -> None:
    text, sentence = HOSTILE[what]
    began = time.process_time()
    with pytest.raises(GradloomError, match=sentence):
        read_pasted(text)
    assert time.process_time() - began < 10  # no benchmark: what is not refused at once takes minutes


def test_a_huge_power_is_a_graph_like_any_other() -> None:
    assert run(read_pasted("f = 9**9**9**9")).value("f") == np.inf


def test_as_much_as_fits_is_read() -> None:
    text = "f = x * x"
    assert read_pasted(text + " " * (LONGEST_PROGRAM - len(text))).target == "f"
