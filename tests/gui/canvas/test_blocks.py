"""Thousands of nodes from so far away that no card says anything: a few legible blocks, each with its gradient flow."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine import edits
from engine.graph.graph import Graph
from engine.session import run_of
from engine.show.frame import frame_at
from gui.canvas.model.blocks import FAR, HIGH, MOST, NEAR, FarBlock, FarBlocks
from gui.canvas.model.stage import Stage
from gui.canvas.paint.blocks import label_name, label_rect
from tests.building import Row, graph_of
from tests.gui.canvas_tools import Hands
from tests.networks import scalar_network

WINDOW = 1200.0, 760.0


def columns(layers: int = 60, wide: int = 80) -> Graph:
    """Layers of tanh nodes, each fed by the one before it and its neighbour: 4,800 of them, and their sum."""
    rows: list[Row] = [(f"n0_{i}", "input", np.cos(i)) for i in range(wide)]
    for layer in range(1, layers):
        rows += [
            (f"n{layer}_{i}", "add", [f"n{layer - 1}_{i}", f"n{layer - 1}_{(i + 1) % wide}"])
            if layer % 2
            else (f"n{layer}_{i}", "tanh", [f"n{layer - 1}_{i}"])
            for i in range(wide)
        ]
    rows.append(("loss", "add", [f"n{layers - 1}_{i}" for i in range(wide)]))
    graph = graph_of(*rows, target="loss")
    places = {id: (240.0 * int(id[1:].split("_")[0]), 120.0 * int(id.split("_")[1])) for id in graph.nodes if "_" in id}
    return graph.apply(edits.move_nodes(graph, places | {"loss": (240.0 * layers, 4000.0)}))


@pytest.fixture(scope="module")
def stage(qapp: object) -> Stage:
    graph = columns()
    trace = run_of(graph).trace
    return Stage(graph, frame_at(trace, len(trace)))


def fit(stage: Stage) -> float:
    extent = stage.extent()
    assert extent is not None
    return min(WINDOW[0] / (extent[2] - extent[0]), WINDOW[1] / (extent[3] - extent[1]))


def ids_in(stage: Stage, block: FarBlock) -> list[str]:
    left, top, right, bottom = block.box
    return [id for id in stage.graph.nodes if left <= stage.pos(id)[0] <= right and top <= stage.pos(id)[1] <= bottom]


def test_of_layers_all_numbers_are_read(stage: Stage) -> None:
    """Not “Laye…7–24”."""
    zoom = fit(stage)
    blocks = FarBlocks(stage).at(zoom)
    names = [label_name(block, label_rect(block, zoom).width() * zoom) for block in blocks]
    assert len(names) > 3 and names != [block.title for block in blocks], "some titles are too long for their labels"
    assert all(block.title.endswith(name) for block, name in zip(blocks, names, strict=True))


def test_5000_nodes_at_fit_are_at_most_30_blocks_whose_labels_can_be_read(stage: Stage) -> None:
    zoom, blocks = fit(stage), FarBlocks(stage)
    assert len(stage.graph.nodes) > 4800 and zoom < FAR
    found = blocks.at(zoom)
    assert 4 <= len(found) <= MOST
    assert sum(block.size for block in found) == len(stage.graph.nodes)
    rects = [label_rect(block, zoom) for block in found]
    assert all(rect.height() * zoom >= HIGH - 1.5 and rect.width() * zoom >= 70 for rect in rects)
    assert not any(one.intersects(other) for one, other in combinations(rects, 2))


def test_the_flow_of_a_block_is_the_size_of_all_gradients_that_leave_it(stage: Stage) -> None:
    blocks, trace = FarBlocks(stage), stage.frame.trace
    for block in blocks.at(fit(stage)):
        inside = set(ids_in(stage, block))
        assert len(inside) == block.size
        leaving = [
            id
            for id in inside
            if stage.graph.into(id) and any(edge.dest not in inside for edge in stage.graph.out_of(id))
        ]
        leaving += [id for id in inside if not stage.graph.out_of(id)]
        size = np.sqrt(np.sum([float(trace.gradient(id)) ** 2 for id in leaving]))
        assert float(blocks.flow(block).replace("−", "-")) == pytest.approx(size, rel=6e-3)


def test_what_is_on_its_way_is_no_number_yet(stage: Stage) -> None:
    blocks, end, zoom = FarBlocks(stage), stage.frame, fit(stage)
    first, last = blocks.at(zoom)[0], blocks.at(zoom)[-1]
    stage.show(end.at(end.trace.backward_start))
    assert blocks.flow(first) == blocks.flow(last) == "…"
    stage.show(end.at(len(end.trace) - 1))
    assert blocks.flow(last) != "…"
    stage.show(end)


def test_nearer_they_stand_where_they_stood_and_fade_before_cards_speak(stage: Stage) -> None:
    blocks, zoom = FarBlocks(stage), fit(stage)
    boxes = {block.title: block.box for block in blocks.at(zoom)}
    assert {block.title: block.box for block in blocks.at(zoom * 1.01)} == boxes
    assert blocks.at(NEAR) == []


def test_a_node_that_is_dragged_is_not_asked_again_what_it_feeds(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where blocks are follows the hand; what leaves them is another matter only when a node changes its block."""
    graph = columns()
    stage = Stage(graph, frame_at(trace := run_of(graph).trace, len(trace)))
    blocks, zoom, id = FarBlocks(stage), fit(stage), next(reversed(graph.nodes))
    flows = {block.title: blocks.flow(block) for block in blocks.at(zoom)}
    (x, y), asked, out_of = stage.pos(id), list[str](), Graph.out_of
    monkeypatch.setattr(Graph, "out_of", lambda graph, id: asked.append(id) or out_of(graph, id))
    for step in range(1, 5):
        stage.preview({id: (x + step, y + 400.0 * step)})
        asked.clear()  # its edges are led
        found = blocks.at(zoom)
        assert {block.title: blocks.flow(block) for block in found} == flows and not asked
        assert max(block.box[3] for block in found) >= y + 400.0 * step
    stage.preview({id: (x - 100_000.0, y)})
    fresh = FarBlocks(stage)
    assert [(b.title, b.box, set(b.leaving), blocks.flow(b)) for b in blocks.at(zoom)] == [
        (b.title, b.box, set(b.leaving), fresh.flow(b)) for b in fresh.at(zoom)
    ]


def test_open_groups_are_the_blocks_where_there_are_any(qtbot: QtBot) -> None:
    graph = scalar_network((2, 8, 8, 1))
    graph = graph.apply(edits.find_groups(graph))
    graph = graph.apply(edits.open_in_place(graph, list(graph.groups)))
    net = Hands(qtbot, graph, (900, 600))
    net.view.camera.look_at(0.11, net.view.scene().nodes_rect(graph.nodes).center(), animated=False)
    net.view.viewport().repaint()
    titles = {block.title for block in net.view.scene().node_layer.blocks.at(net.view.camera.zoom)}
    assert titles and titles <= {group.name for group in graph.groups.values()}


@pytest.mark.parametrize("widths", [(2, 8, 8, 1), (3, 24, 2)])
def test_narrow_open_groups_keep_their_names_and_no_label_lies_on_another(qtbot: QtBot, widths) -> None:
    graph = scalar_network(widths)
    graph = graph.apply(edits.find_groups(graph))
    graph = graph.apply(edits.open_in_place(graph, list(graph.groups)))
    net = Hands(qtbot, graph, (900, 600))
    net.view.camera.fit_all(animated=False)
    net.view.viewport().repaint()
    zoom = net.view.camera.zoom
    found = net.view.scene().node_layer.blocks.at(zoom)
    assert zoom < FAR and {f"Layer {number}" for number in range(1, len(widths))} == {block.title for block in found}
    rects = [label_rect(block, zoom) for block in found]
    assert not any(one.intersects(other) for one, other in combinations(rects, 2))
