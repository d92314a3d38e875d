"""The exports to LaTeX, Graphviz, Mermaid, JSON, CSV and Gradloom's own texts are well-formed and hold the numbers."""

from __future__ import annotations

import builtins
import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import latex2mathml.converter
import pytest
import ziamath

from engine.cli import main
from engine.errors import ExportError, FileError, GradloomError
from engine.export import EXPORTS, export_graph, target_for
from engine.files.codec import decode
from engine.files.onnx.read import read_onnx
from engine.graph.graph import Graph
from engine.passes.run import run
from engine.text.read import parse
from tests.building import graph_of, xyz
from tests.engine import export_cases as cases

GRAPHS = dict([*cases.all_graphs(), *cases.non_finite_graphs()])
# The last of each op's settings; all of them are held where the programs run.
ONE_AN_OP = list({name.partition(" (")[0]: name for name in GRAPHS}.values())


def written(name: str, target: str) -> str:
    return str(export_graph(GRAPHS[name], target))


@pytest.mark.parametrize("target", [name for name in EXPORTS if name != "onnx"])
def test_every_target_writes_utf8_or_says_why_not(target: str) -> None:
    for name in ONE_AN_OP:
        try:
            text = written(name, target)
        except GradloomError as refused:
            assert target in ("micrograd", "text") or (target == "gradloom" and name == "labels"), (name, refused)
            continue
        assert text.endswith("\n") and text.encode("utf-8"), name
        assert "\x00" not in text, name


def test_examples_go_out_in_every_text() -> None:
    for _name, graph in cases.example_graphs():
        for target in ("numpy", "torch", "jax", "latex", "dot", "mermaid", "json", "csv", "gradloom"):
            assert export_graph(graph, target)


# --- LaTeX


def formulas(text: str) -> list[str]:
    blocks = re.findall(r"\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}", text, re.DOTALL)
    lines = [line for block in blocks for line in re.split(r" \\\\(?:\[4pt\])?\n", block)]
    return [re.sub(r"(?<!\\)&", "", line, count=1).replace(r"\quad", "", 1).strip() for line in lines]


def unescaped(text: str) -> str:
    return re.sub(r"\\[\\{}]", "", text)


def test_latex_is_balanced() -> None:
    for name in GRAPHS:
        check_balance(written(name, "latex"))


def check_balance(text: str) -> None:
    plain = unescaped(text)
    depth = 0
    for letter in plain:
        depth += (letter == "{") - (letter == "}")
        assert depth >= 0
    assert depth == 0
    opened: list[str] = []
    for kind, environment in re.findall(r"\\(begin|end)\{([\w*]+)\}", text):
        if kind == "begin":
            opened.append(environment)
        else:
            assert opened.pop() == environment
    assert not opened
    assert len(re.findall(r"\\left[(.|\[]", text)) == len(re.findall(r"\\right[)|\]]", text))


SMALL = [name for name, graph in GRAPHS.items() if len(graph.nodes) < 20]


def test_each_formula_is_read_by_a_latex_parser() -> None:
    for formula in dict.fromkeys(f for name in SMALL for f in formulas(written(name, "latex"))):
        latex2mathml.converter.convert(formula)


@pytest.mark.parametrize("name", ["fan-out", "labels", "kinks", "linear ((4, 3), (2, 3), (2,)) "])
def test_each_formula_can_be_drawn(name: str) -> None:
    for formula in formulas(written(name, "latex")):
        assert "<svg" in ziamath.Latex(formula).svg()


def test_latex_derives_in_symbols_and_in_numbers() -> None:
    text = str(export_graph(xyz(), "latex"))
    assert r"q &= x + y = -2 + 5 = 3" in text
    assert r"f &= q \cdot z = 3 \times (-4) = -12" in text
    assert r"\frac{\partial f}{\partial x} &= \frac{\partial f}{\partial q} \cdot \frac{\partial q}{\partial x}" in text
    assert r"&= -4 \times 1 \\" in text


def test_latex_writes_a_fan_out_as_a_sum() -> None:
    text = str(export_graph(graph_of(("x", "input", 3), ("y", "mul", ["x", "x"]), target="y"), "latex"))
    assert r"\text{seed} \cdot \frac{\partial y}{\partial (\text{1st x})}" in text
    assert r"&= 3 + 3 \\" in text


def test_latex_explains_a_place_of_an_argument_only_where_it_names_one() -> None:
    square = graph_of(("x", "input", 3), ("y", "mul", ["x", "x"]), target="y")
    squares = graph_of(("x", "input", [[3], [4]]), ("y", "mul", ["x", "x"]), ("f", "sum", ["y"]), target="f")
    assert "one of several uses" in str(export_graph(square, "latex"))
    text = str(export_graph(squares, "latex"))
    assert r"(\text{1st x})" not in text and "one of several uses" not in text


def test_latex_says_what_another_setting_means() -> None:
    graph = graph_of(
        ("o", "input", 3), ("t", "input", 1), ("L", "squared_error", ["o", "t"]), target="L",
        settings={"L": {"half": False}},
    )  # fmt: skip
    text = str(export_graph(graph, "latex"))
    assert r"L &= (t - o)^2 = (1 - 3)^2 = 4" in text


def test_latex_tells_nodes_of_one_label_apart() -> None:
    graph = graph_of(("a", "input", 3), ("b", "input", 4), ("y", "mul", ["a", "b"]), target="y")
    nodes = [replace(node, label="same" if node.op.is_leaf else "") for node in graph.nodes.values()]
    text = str(export_graph(Graph.of(nodes, graph.edges.values(), target="y"), "latex"))
    assert r"y &= a \cdot b = 3 \times 4 = 12" in text


# --- Graphviz and Mermaid

DOT_STRING = r'"(?:[^"\\\n]|\\.)*"'
ATTRIBUTE = rf"\w+=(?:{DOT_STRING}|[\w.]+)"
DOT_SAID = rf"\[{ATTRIBUTE}(?:, {ATTRIBUTE})*\]"
DOT_LINE = re.compile(rf" +(?:graph|node|edge|{DOT_STRING}(?: -> {DOT_STRING})?) {DOT_SAID}\Z")
DOT_BOX = re.compile(rf" +(?:subgraph {DOT_STRING} \{{ graph {DOT_SAID}|\}})\Z")


def test_dot_is_well_formed() -> None:
    for name in GRAPHS:
        check_dot(name)


def check_dot(name: str) -> None:
    first, *lines, last = written(name, "dot").split("\n")[:-1]
    assert (first, last) == ("digraph gradloom {", "}")
    boxes = [line for line in lines if DOT_BOX.match(line)]
    assert len(boxes) == 2 * len(GRAPHS[name].groups)
    lines = [line for line in lines if line not in boxes]
    for line in lines:
        assert DOT_LINE.match(line), line
    graph = GRAPHS[name]
    assert sum(" -> " in re.sub(r"label=.*", "", line) for line in lines) == len(graph.edges)
    assert len(lines) == 3 + len(graph.nodes) + len(graph.edges)


def test_dot_shows_values_and_gradients() -> None:
    text = str(export_graph(xyz(), "dot"))
    assert r'"q" [label="q  +\n3\n∂ −4"' in text
    assert '"z" -> "f" [label="∂ 3"' in text


MERMAID_TEXT = r'"(?:[^"#\n`;]|#\d+;|<br>)*"'
MERMAID_BOX = rf"subgraph g\d+\[{MERMAID_TEXT}\]|end"
MERMAID_LINE = re.compile(
    rf" +(?:{MERMAID_BOX}|n\d+(?:[\[(/]+{MERMAID_TEXT}[\])/]+| -->(?:\|{MERMAID_TEXT}\|)? n\d+))\Z"
)


def test_mermaid_is_well_formed() -> None:
    for name in GRAPHS:
        check_mermaid(name)


def check_mermaid(name: str) -> None:
    lines = [line for line in written(name, "mermaid").split("\n")[:-1] if not line.startswith("%%")]
    assert lines[0] == "flowchart LR"
    for line in lines[1:]:
        assert MERMAID_LINE.match(line), line
        assert not re.search(r"<(?!br>)", line)


# --- data


@pytest.mark.parametrize("name", ["fan-out", "labels", "leaf nan", "matmul ((2, 3), (3, 2)) "])
def test_json_and_csv_hold_every_step(name: str) -> None:
    data = json.loads(written(name, "json"))
    rows = list(csv.DictReader(io.StringIO(written(name, "csv"))))
    assert len(data["steps"]) == len(rows)
    for step, row in zip(data["steps"], rows, strict=True):
        assert row["kind"] == step["kind"]
        for key in ("value", "contribution", "total"):
            if isinstance(step.get(key), float):
                assert float(row[key]) == step[key] or step[key] != step[key]


def test_gradloom_and_text_read_back() -> None:
    graph = xyz()
    again = decode(str(export_graph(graph, "gradloom")))
    assert again.nodes == graph.nodes and again.edges == graph.edges and again.target == "f"
    typed = parse(str(export_graph(graph, "text")))
    assert run(typed).gradient("x") == run(graph).gradient("x")


# --- choosing a target


def test_a_target_is_found_by_its_ending() -> None:
    assert target_for("a/b.DOT").name == "dot"
    assert target_for("x.tex").name == "latex"
    assert target_for("x.py", "jax").name == "jax"
    with pytest.raises(ExportError, match=r"\.py may be numpy, torch, jax or micrograd: choose with --to\."):
        target_for("x.py")
    with pytest.raises(ExportError, match="no export “cobol”"):
        target_for("x", "cobol")
    with pytest.raises(ExportError, match="does not have the ending of any export"):
        target_for("x.cob")


def test_the_command_writes_prints_and_lists(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    out = tmp_path / "f.dot"
    assert main(["export", "--expr", "x * y", str(out)]) == 0
    assert out.read_text(encoding="utf-8").startswith("digraph")
    assert main(["export", "--expr", "x * y", "-", "--to", "numpy", "--set", "x=2", "--set", "y=3"]) == 0
    assert b"import numpy as np" in capsysbinary.readouterr().out
    assert main(["export", "--list"]) == 0
    listed = capsysbinary.readouterr().out.decode()
    assert all(name in listed for name in EXPORTS)
    assert main(["export", "--expr", "x * y", str(tmp_path / "f.py")]) == 2
    assert capsysbinary.readouterr().err.count(b"\n") == 1
    assert not (tmp_path / "f.py").exists()


def test_an_empty_graph_is_refused_with_a_sentence() -> None:
    for target in ("numpy", "torch", "jax", "micrograd", "latex"):
        with pytest.raises(ExportError, match="nothing to export"):
            export_graph(Graph(), target)


# --- what is not installed


def test_without_the_package_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "onnx":
            raise ImportError
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ExportError, match=r"install gradloom\[onnx\]"):
        export_graph(xyz(), "onnx")
    with pytest.raises(FileError, match=r"install gradloom\[onnx\]"):
        read_onnx(b"")


@pytest.mark.parametrize("label", ["=HYPERLINK(1)", "+1+1", "-x", "@SUM(A1)", "\tx", "\r=x"])
def test_no_cell_of_a_table_is_a_formula(label: str) -> None:
    graph = graph_of(("x", "parameter", -3), ("y", "neg", ["x"]), ("z", "mul", ["y", "x"]), target="z")
    nodes = [replace(node, label=label) for node in graph.nodes.values()]
    text = str(export_graph(Graph.of(nodes, graph.edges.values(), target="z"), "csv"))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    cells = [cell for row in rows for cell in row]
    assert "-3.0" in cells, "a number stays a number"
    for cell in cells:
        assert not cell.startswith(("=", "+", "@", "\t", "\r")) and (cell[:1] != "-" or float(cell))
