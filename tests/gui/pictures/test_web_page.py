"""`gradloom render … page.html`: the page has the ways of the canvas, and begins as it is told."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from engine.files.disk import load
from engine.layout.layout import NODE_WIDTH, node_height
from engine.passes.run import run
from gui.__main__ import main
from gui.canvas.model.geometry import along
from gui.pictures.page import ways_of
from tests.chromium import Chromium, needs_chromium
from tests.engine.html import Page
from tests.gui.graphs import product

pytestmark = pytest.mark.usefixtures("qapp")
MICROGRAD = str(files("assets") / "examples" / "micrograd.gradloom")


def facts_of(path: Path):
    page = Page(path.read_text("utf-8"))
    return json.loads(next(text for _, attrs, text in page.elements if attrs.get("id") == "facts"))


def test_edges_go_past_the_cards_as_on_the_canvas(tmp_path):
    out = tmp_path / "page.html"
    assert main(["render", MICROGRAD, str(out)]) == 0
    graph, facts = load(MICROGRAD), facts_of(out)
    ways = {(edge["to"], edge["port"]): edge["route"] for edge in facts["edges"] if "route" in edge}
    assert ways and ways == ways_of(graph, run(graph))
    crossed = 0
    for (dest, port), way in ways.items():
        numbers = np.array([float(x) for x in re.findall(r"-?[\d.]+", way)]).reshape(-1, 2)
        route = np.array([numbers[at : at + 4] for at in range(0, len(numbers) - 1, 3)])
        dots = along(route, np.linspace(0, 1, 60))
        source = graph.edges[dest, port].source
        for id, node in graph.nodes.items():
            (x, y), high = node.pos, node_height(graph.port_count(id))
            inside = (abs(dots - [x + NODE_WIDTH / 2, y + high / 2]) < [NODE_WIDTH / 2, high / 2]).all(axis=1)
            crossed += bool(inside.any() and id not in (source, dest))
    assert crossed == 0


@needs_chromium
def test_no_label_lies_on_another_or_on_a_card(tmp_path):
    out, browser = tmp_path / "page.html", Chromium(tmp_path / "profile")
    assert main(["render", MICROGRAD, str(out)]) == 0
    try:
        browser.open(out, 1800, 1200)
        seen = "x.textContent && x.getAttribute('visibility') !== 'hidden'"
        box = "[b.x, b.y, b.x + b.width, b.y + b.height]"
        labels = f"[...document.querySelectorAll('#picture .halo')].filter((x) => {seen})"
        boxes = browser.ask(f"{labels}.map((x) => {{ const b = x.getBBox(); return {box} }})")
    finally:
        browser.close()
    graph = load(MICROGRAD)
    high = {id: node_height(graph.port_count(id)) for id in graph.nodes}
    cards = [[*node.pos, node.pos[0] + NODE_WIDTH, node.pos[1] + high[id]] for id, node in graph.nodes.items()]
    assert len(boxes) > 50
    shrunk = np.add(boxes, (3, 4, -3, -4))  # a box of a text is higher than its letters
    for at, (left, top, right, bottom) in enumerate(shrunk):
        others = np.array([*shrunk[:at], *shrunk[at + 1 :], *cards])
        inside = (others[:, 0] < right) & (others[:, 2] > left) & (others[:, 1] < bottom) & (others[:, 3] > top)
        assert not inside.any(), (at, boxes[at])


def test_it_begins_as_it_is_told(tmp_path):
    out = tmp_path / "page.html"
    wishes = ["--theme", "dark", "--wording", "responsibility", "--at", "backward", "--speed", "2"]
    assert main(["render", MICROGRAD, str(out), *wishes]) == 0
    begins = {"theme": "dark", "wording": "responsibility", "position": facts_of(out)["backward"], "speed": 2.0}
    assert facts_of(out)["start"] == begins | {"learn": False}


def test_it_begins_with_a_step_of_learning_where_there_is_one(tmp_path, capsys):
    out = tmp_path / "page.html"
    assert main(["render", MICROGRAD, str(out), "--learn"]) == 2
    assert "the graph needs a target, and parameters" in capsys.readouterr().err and not out.exists()
    assert main(["render", "tanh-neuron", str(out), "--learn"]) == 0 and facts_of(out)["start"]["learn"] is True


@pytest.mark.parametrize(
    "wish",
    [["--scale", "2"], ["--size", "80x60"], ["--fps", "5"], ["--transparent"], ["--edges", "values"], ["--speed", "0"]],
)
def test_what_a_page_cannot_do_is_refused_in_one_line(tmp_path, capsys, wish):
    out = tmp_path / "page.html"
    assert main(["render", MICROGRAD, str(out), *wish]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1 and not out.exists()


def test_straight_edges_need_no_ways():
    assert ways_of(product(), run(product())) == {}
