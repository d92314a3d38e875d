"""What is legal and extreme can be shown: nodes at the bounds, the longest names, large numbers, the most ports."""

from __future__ import annotations

import math
from xml.dom import minidom

import pytest
from PySide6.QtCore import QPointF

from engine.files import disk
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.graph.sound import MOST_PORTS
from engine.graph.sound_facts import FARTHEST
from engine.values.plain import LONGEST_ID, LONGEST_TEXT
from engine.values.values import as_value
from gui.__main__ import main


def corners(label: str = "", value: object = 1.0) -> Graph:
    """Four nodes as far from each other as nodes may be, with edges from corner to corner."""
    nodes = [
        Node("x", "parameter", as_value(value), label, (-FARTHEST, -FARTHEST)),
        Node("y", "square", None, "", (FARTHEST, FARTHEST)),
        Node("z", "exp", None, "", (-FARTHEST, FARTHEST)),
        Node("q", "add", None, "", (FARTHEST, -FARTHEST)),
    ]
    edges = [Edge("x", "y", 0), Edge("y", "z", 0), Edge("z", "q", 0), Edge("y", "q", 1)]
    return Graph.of(nodes, edges, target="q", title=label)


LONG = "a" * LONGEST_ID
EXTREMES = {
    "bounds": corners(),
    "one long word": corners("W" * LONGEST_TEXT),
    "many words": corners("lorem " * (LONGEST_TEXT // 6)),
    "large": corners("", [1.7e308, 5e-324, math.nan, math.inf]),
    "ports": Graph.of([Node("x", "input", as_value(1)), Node("u", "lstm")], [Edge("x", "u", MOST_PORTS - 1)]),
    "outputs": Graph.of([Node("u", "lstm"), Node("y", "neg")], [Edge("u", "y", 0, MOST_PORTS - 1)]),
    "long id": Graph.of([Node(LONG, "parameter", as_value(1)), Node("y", "neg")], [Edge(LONG, "y", 0)], target="y"),
}


def test_the_window_shows_extremes(window):
    camera = window.canvas.camera
    for name, graph in EXTREMES.items():
        window.bridge.load(graph)
        camera.fit_all(animated=False)
        for id in graph.nodes:
            window.selection.select([id])
            camera.center_on_nodes([id])
            assert camera.sees_any([id]), name
            camera.look_at(4.0, QPointF(*graph.nodes[id].pos), animated=False)
            assert (camera.centre() - QPointF(*graph.nodes[id].pos)).manhattanLength() < 2, name
            assert not window.canvas.grab().isNull()
    window.bridge.mark_saved()


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_picture_of_nodes_at_the_bounds_is_no_larger_than_others(qapp, tmp_path, ending):
    file, out = tmp_path / "far.gradloom", tmp_path / f"far.{ending}"
    disk.save(corners(), file)
    assert main(["render", str(file), str(out), "--size", "400x300"]) == 0
    assert 1000 < out.stat().st_size < 1_000_000


def test_a_name_is_text_in_a_picture_too(qapp, tmp_path):
    evil = "</svg><script>alert(1)</script>]]>&amp;\"'<![CDATA["
    file, out = tmp_path / "a.gradloom", tmp_path / "a.svg"
    disk.save(Graph.of([Node("x", "input", as_value(1), evil)], title=evil), file)
    assert main(["render", str(file), str(out)]) == 0
    drawn = minidom.parse(str(out))
    assert not drawn.getElementsByTagName("script")
    assert drawn.getElementsByTagName("title")[0].firstChild.data == evil
