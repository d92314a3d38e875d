"""File text never becomes code: whatever a label or a title says, an export says the same as with plain names."""

from __future__ import annotations

import ast
import csv
import io
import json
import re

import pytest

from engine.errors import GradloomError
from engine.export import EXPORTS, export_graph
from engine.files.codec import decode
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.text.read import parse
from engine.values.values import as_value
from tests.engine.html import Page

HOSTILE = (
    '"""', "'''", "'''+open('/etc/passwd').read()+'''", '"+exit()+"', '\\', 'a\\', '\\x41\\u0041\\N{DASH}', '${x}',
    '`ls`', '{x}', '%s %d', '#', '//', '*/', '-->', ']]>', '<![CDATA[', '</script><script>', '&amp;', '"];', '|end',
    '{{x}}', '%%{init: {}}%%', 'subgraph', 'end', 'click x href "javascript:x"', '\\end{document}',
    '\\input{/etc/passwd}', '\\write18{ls}', '$', '_^~&%#{}\\', '=1+1', '@SUM(1)', 'None', 'import os',
    '\u200f\u05d0', '\ufeff', '\xad', '\U0001f600', 'e\u0301', 'a,b;c', "'", '"',
)  # fmt: skip


def graph(text: str) -> Graph:
    nodes = [
        Node("x", "parameter", as_value([1.0, 2.0]), text),
        Node("y", "square", None, text + "y"),
        Node("s", "sum", None, "s" + text),
        Node("c", "constant", as_value(2.0), text + "c"),
        Node("p", "mul", None, text + "p"),
    ]
    edges = [Edge("x", "y", 0), Edge("y", "s", 0), Edge("s", "p", 0), Edge("c", "p", 1)]
    return Graph.of(nodes, edges, title=text, target="p")


PLAIN = graph("plain")
TEXTS = [name for name, target in EXPORTS.items() if target.ending != ".onnx"]


def bones(name: str, text: str) -> object:
    """What is left of an export when all that it quotes is taken away."""
    ending = EXPORTS[name].ending
    if ending == ".py":
        return [type(node).__name__ for node in ast.walk(ast.parse(text))]
    if ending == ".json":
        return sorted(json.loads(text))
    if ending == ".csv":
        return [len(row) for row in csv.reader(io.StringIO(text))]
    if ending in (".gradloom", ".txt"):
        read = decode(text) if ending == ".gradloom" else parse(text)
        return {id: node.op_name for id, node in read.nodes.items()}, set(read.edges.values())
    if ending == ".tex":
        return [command for command in ("\\input", "\\write18", "\\include") if command + "{" in text], text.count(
            "\\end{document}"
        )
    if ending == ".html":
        return Page(text).bones
    lines = [line for line in text.splitlines() if not line.startswith("%%") or "{" in line]
    return re.sub(r'"(?:[^"\\]|\\.)*"' if name == "dot" else r'"[^"]*"', "…", "\n".join(lines))


@pytest.mark.parametrize("name", TEXTS)
def test_no_name_becomes_code(name):
    try:
        plain = bones(name, str(export_graph(PLAIN, name)))
    except GradloomError:
        assert name == "micrograd"  # it has no tensors
        return
    for text in HOSTILE:
        written = str(export_graph(graph(text), name))
        assert bones(name, written) == plain, text
        assert "\x00" not in written and written.encode("utf-8")


def test_names_come_back_from_the_texts_that_are_read_again():
    for text in HOSTILE:
        for name, read in (("gradloom", decode), ("text", parse)):
            again = read(str(export_graph(graph(text), name)))
            assert [node.label for node in again.nodes.values()] == [n.label for n in graph(text).nodes.values()], text


def test_a_program_that_had_code_from_a_name_would_be_found_out():
    assert bones("numpy", "x = 1  # a\nopen('b')") != bones("numpy", "x = 1  # a open('b')")
    assert bones("dot", '"a" [label="b"] "c"') != bones("dot", '"a" [label="b\\"] \\"c"')
    assert bones("latex", "\\input{x}") != bones("latex", "\\backslash{}input\\{x\\}")
