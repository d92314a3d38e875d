"""Long edges are seen: they pass the nodes between their ends."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from engine.edits.checks import replaced
from engine.edits.edges import connect, judge
from engine.edits.nodes import add_node, delete
from engine.graph.graph import Graph
from engine.layout.layout import NODE_WIDTH, laid_out, node_height
from engine.passes.run import run
from engine.show.frame import frame_at
from gui.canvas import leading
from gui.canvas.model import router
from gui.canvas.model.geometry import curves, inside, points, tangents
from gui.canvas.model.obstacles import Obstacles
from gui.canvas.model.stage import Stage
from tests.bench.drawn import random_recipe
from tests.building import graph_of
from tests.gui.canvas_tools import Hands
from tests.gui.hidden import hidden_edges
from tests.networks import shipped

GAP = 24  # between cards that are thrown about: an edge can pass


def cube() -> Graph:
    return laid_out(graph_of(("x", "input", 2), ("p", "mul", ["x", "x"]), ("f", "mul", ["p", "x"]), target="f"))


def crowded() -> Graph:
    """g = (2y + b) y: between y and g stand two rows of nodes."""
    return laid_out(
        graph_of(
            ("y", "input", 3), ("c", "constant", 2), ("a", "mul", ["y", "c"]), ("b", "input", 4),
            ("L", "add", ["a", "b"]), ("g", "mul", ["L", "y"]), target="g",
        )
    )  # fmt: skip


@pytest.mark.parametrize("graph", [cube(), crowded()])
def test_no_edge_runs_under_a_node(graph: Graph) -> None:
    stage = Stage(graph, frame_at(run(graph), 0))
    assert not hidden_edges(stage)


def test_an_edge_gives_way_to_a_node_that_is_dragged_onto_it_and_comes_back(qtbot: QtBot) -> None:
    desk = Hands(qtbot, cube())
    stage = desk.view.scene().stage
    bent, start = stage.route(("f", 1)).copy(), desk.body("p")
    desk.drag(start, start - QPoint(0, 200))
    free = stage.route(("f", 1)).copy()
    assert free[0, 1, 1] == free[0, 0, 1] and free[0, 2, 1] == free[0, 3, 1]  # with nothing in its way it leaves level
    desk.drag(desk.body("p"), start)
    assert not hidden_edges(stage)
    assert np.array_equal(stage.route(("f", 1)), bent)


def looped(count: int) -> Graph:
    """x₁ … feed a sum far to the right over a row of nodes, all through the same gaps."""
    rows = [(f"n{i}", "neg", [f"n{i - 1}"]) for i in range(1, 5)]
    sources = [(f"x{i}", "input", i) for i in range(count)]
    return laid_out(
        graph_of(
            *sources, ("n0", "input", 2), *rows, ("f", "add", [*(f"x{i}" for i in range(count)), "n4"]), target="f"
        )
    )


def shown(graph: Graph) -> Stage:
    stage = Stage(graph, frame_at(run(graph), 0))
    stage.lead_more()
    return stage


def moved(graph: Graph, dice: random.Random, count: int) -> Graph:
    """Some nodes thrown elsewhere, but on no other's card."""
    places = {id: node.pos for id, node in graph.nodes.items()}
    for id in dice.choices(list(graph.nodes), k=count):
        x, y = places[id]
        to = (x + dice.randint(-500, 500), y + dice.randint(-300, 300))
        if all(
            abs(to[0] - x) >= NODE_WIDTH + GAP
            or (
                abs(to[1] - y) >= node_height(graph.port_count(one)) + GAP
                and abs(to[1] - y) >= node_height(graph.port_count(id)) + GAP
            )
            for one, (x, y) in places.items()
            if one != id
        ):
            places[id] = to
    return replace(graph, nodes={id: replace(node, pos=places[id]) for id, node in graph.nodes.items()})


def random_graph(seed: int) -> Graph:
    """A graph of 10 to 40 nodes; inputs come from everywhere (wide), or from the last few (deep)."""
    dice = random.Random(seed)
    return laid_out(random_recipe(dice.randint(10, 40), None if seed % 2 else dice.randint(3, 12), seed).graph())


EXAMPLES = sorted(path.stem for path in (Path(__file__).parents[3] / "assets/examples").glob("*.gradloom"))


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_edge_of_an_example_is_hidden_as_shipped_arranged_or_dragged(name: str) -> None:
    graph = shipped(name)
    assert not hidden_edges(shown(graph))
    assert not hidden_edges(shown(laid_out(graph)))
    for seed in range(3):
        assert not hidden_edges(shown(moved(graph, random.Random(seed), 6)))


@pytest.mark.parametrize("tenth", range(10))
def test_no_edge_of_two_hundred_arranged_graphs_is_hidden_before_and_after_drags(tenth: int) -> None:
    for seed in range(20 * tenth, 20 * tenth + 20):
        graph = random_graph(seed)
        assert not hidden_edges(shown(graph)), seed
        assert not hidden_edges(shown(moved(graph, random.Random(seed), 8))), seed


def piled(graph: Graph, dice: random.Random, count: int) -> Graph:
    """Some nodes let go over others, or right before their ports."""
    for _ in range(min(count, len(graph.nodes) - 1)):
        id, below = dice.sample(list(graph.nodes), 2)
        x, y = graph.nodes[below].pos
        to = (x + dice.randint(-190, 190), y + dice.randint(-90, 90))
        graph = replace(graph, nodes={**graph.nodes, id: replace(graph.nodes[id], pos=to)})
    return graph


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_edge_of_an_example_is_hidden_where_cards_lie_on_each_other(name: str) -> None:
    for seed in range(3):
        assert not hidden_edges(shown(piled(shipped(name), random.Random(seed), 4)))


@pytest.mark.parametrize("tenth", range(10))
def test_no_edge_of_a_hundred_graphs_is_hidden_where_cards_lie_on_each_other(tenth: int) -> None:
    for seed in range(10 * tenth, 10 * tenth + 10):
        assert not hidden_edges(shown(piled(random_graph(seed), random.Random(seed), 5))), seed


def test_an_edge_whose_port_is_under_another_card_is_seen_in_front_of_it(qtbot: QtBot) -> None:
    graph = graph_of(("x", "input", 2), ("y", "input", 3), ("f", "neg", ["x"]), target="f")
    places = {"x": (0.0, 0.0), "y": (100.0, 10.0), "f": (500.0, 0.0)}  # y lies over the port of x
    desk = Hands(qtbot, replace(graph, nodes={id: replace(node, pos=places[id]) for id, node in graph.nodes.items()}))
    stage = desk.view.scene().stage
    (piece,) = stage.front(("f", 0))
    assert tuple(piece[0]) == stage.start(graph.edges["f", 0]) and piece[3, 0] == pytest.approx(244, abs=5)
    picture = desk.view.grab().toImage()
    spot = desk.view.mapFromScene(200, piece[0, 1]) * picture.devicePixelRatio()
    ink, card = picture.pixelColor(spot), picture.pixelColor(spot + QPoint(0, -20))
    assert abs(ink.lightness() - card.lightness()) > 50  # the line, on the card
    desk.drag(desk.body("y"), desk.body("y") + QPoint(0, 200))
    assert not len(stage.front(("f", 0)))


@pytest.mark.parametrize("seed", range(12))
def test_after_any_drags_the_routes_are_those_of_a_fresh_canvas(seed: int) -> None:
    graph = random_graph(seed)
    stage, dice = shown(graph), random.Random(seed)
    for _ in range(12):
        after = (moved if dice.random() < 0.7 else piled)(graph, dice, dice.randint(1, 3))
        change = replaced(graph, {id: node for id, node in after.nodes.items() if node != graph.nodes[id]}, "Move")
        graph = after
        stage.take(graph, stage.frame, change)
        stage.lead_more()
        fresh = shown(graph)
        for key in graph.edges:
            assert np.array_equal(stage.route(key), fresh.route(key)), key


@pytest.mark.parametrize("seed", range(6))
def test_a_route_leaves_and_arrives_level_and_has_no_kink(seed: int) -> None:
    stage = shown(moved(random_graph(seed), random.Random(seed), 8))
    for key, edge in stage.graph.edges.items():
        route = stage.route(key)
        assert tuple(route[0, 0]) == pytest.approx(stage.start(edge))
        assert tuple(route[-1, 3]) == pytest.approx(stage.end(edge))
        assert route[0, 1, 1] == pytest.approx(route[0, 0, 1]) and route[0, 1, 0] > route[0, 0, 0]
        assert route[-1, 2, 1] == pytest.approx(route[-1, 3, 1]) and route[-1, 2, 0] < route[-1, 3, 0]
        ways = tangents(route, np.array([0.0, 1.0]))
        assert np.allclose(route[1:, 0], route[:-1, 3]) and np.allclose(ways[1:, 0], ways[:-1, 1], atol=1e-6)


def test_edges_round_the_same_corner_run_in_lanes() -> None:
    stage = shown(looped(3))
    assert not hidden_edges(stage)
    between = [stage.along(("f", i), np.linspace(0, 1, 400)) for i in range(3)]
    for i, one in enumerate(between):
        for other in between[i + 1 :]:
            x = (one[:, 0].max() + stage.box("n2")[0]) / 2
            ys = [np.interp(x, dots[:, 0], dots[:, 1]) for dots in (one, other)]
            assert abs(ys[0] - ys[1]) >= 8


def test_the_two_edges_of_a_square_keep_apart() -> None:
    stage = shown(shipped("x-times-x"))
    upper, lower = stage.graph.edges
    assert stage.at(lower, 0.5)[1] - stage.at(upper, 0.5)[1] > 30


def test_an_edge_that_runs_back_goes_round_both_its_cards() -> None:
    graph = graph_of(("x", "input", 2), ("a", "neg", ["x"]), ("b", "neg", ["a"]), target="b")
    for place in ((-500.0, 0.0), (-500.0, 300.0), (-200.0, 200.0), (200.0, 150.0), (230.0, -90.0)):
        at = {"x": (-800.0, 0.0), "a": (240.0, 0.0), "b": place}
        stage = shown(replace(graph, nodes={id: replace(node, pos=at[id]) for id, node in graph.nodes.items()}))
        dots = stage.along(("b", 0), np.linspace(0, 1, 300))
        for id in "ab":
            left, top, right, bottom = stage.box(id)
            assert not ((dots > (left + 1, top)) & (dots < (right - 1, bottom))).all(axis=1).any(), (place, id)


def test_edges_that_span_a_thousand_columns_go_past_them_all() -> None:
    rows = [(f"n{i}", "mul", [f"n{i - 1}", "x"]) for i in range(1, 1200)]
    stage = shown(laid_out(graph_of(("x", "input", 1), ("n0", "neg", ["x"]), *rows, target="n1199")))
    far = [key for key in stage.keys if key[1] == 1][::100]
    assert not [found for found in hidden_edges(stage) if found[0] in far]


RGB = QImage.Format.Format_RGB888


def thrown(count: int, high: int) -> Graph:
    """Sums in columns, each of two that stand anywhere left of it."""
    dice, rows = random.Random(3), []
    for i in range(count):
        inputs = [f"n{dice.randrange(i - i % high)}" for _ in range(2)] if i >= high else 1.0
        rows.append((f"n{i}", "add" if i >= high else "input", inputs))
    graph = graph_of(*rows, target=f"n{count - 1}")
    at = {f"n{i}": (i // high * 240.0, i % high * 120.0) for i in range(count)}
    return replace(graph, nodes={id: replace(node, pos=at[id]) for id, node in graph.nodes.items()})


def test_what_there_is_no_time_for_is_led_between_two_events(qtbot: QtBot) -> None:
    graph = thrown(240, 12)
    first = Stage(graph, frame_at(run(graph), 0))
    assert first.is_waiting
    desk = Hands(qtbot, graph)
    stage, all_led = desk.view.scene().stage, shown(graph)
    qtbot.wait_until(lambda: not stage.is_waiting, timeout=30_000)
    for key in graph.edges:
        assert np.array_equal(stage.route(key), all_led.route(key)), key


def test_plates_beside_edges_that_are_led_later_are_painted_again(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An edge that comes to run past a plate takes room from it: what the plate was before stayed in the picture."""
    with monkeypatch.context() as slow:
        slow.setattr(leading, "A_SLICE", 0.0)  # else all may be led before anybody looks
        desk, anew = (Hands(qtbot, thrown(240, 12), size=(900, 640)) for _ in range(2))
        for hands in (desk, anew):
            middle = hands.view.scene().nodes_rect(hands.graph.nodes).center()
            hands.view.camera.look_at(0.2, middle, animated=False)
            hands.surface.grab()
            assert hands.view.scene().stage.is_waiting
    for hands in (desk, anew):
        qtbot.wait_until(lambda hands=hands: not hands.view.scene().stage.is_waiting, timeout=30_000)

    def looks_as_if_painted_now() -> bool:
        anew.view.scene().repaint()
        seen, fresh = (hands.surface.grab().toImage().convertToFormat(RGB) for hands in (desk, anew))
        return seen == fresh

    qtbot.wait_until(looks_as_if_painted_now)


def test_where_very_many_edges_are_in_each_other_s_way_those_in_sight_are_led_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(router, "MANY_BLOCKED", 10)
    graph = thrown(120, 12)
    stage, all_led = Stage(graph, frame_at(run(graph), 0)), shown(graph)
    seen = (1150.0, 350.0, 1500.0, 700.0)
    unseen = {key for key in graph.edges if not inside(stage.routes.boxes[[stage.rows[key]]], *seen).any()}
    in_sight = graph.edges.keys() - unseen
    others_too = 0
    while wrong := [key for key in in_sight if len(all_led.route(key)) > 1 and len(stage.route(key)) == 1]:
        stage.lead_more(0.002, seen)
        others_too = sum(len(stage.route(key)) > 1 for key in unseen)
        assert stage.is_waiting or not wrong
    assert others_too < sum(len(all_led.route(key)) > 1 for key in unseen) / 2
    stage.lead_more()
    assert not stage.is_waiting and not hidden_edges(stage)
    for key in graph.edges:
        assert np.array_equal(stage.route(key), all_led.route(key)), key


def test_an_edge_that_must_wait_stays_on_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(router, "MANY_BLOCKED", 10)
    stage = shown(thrown(120, 12))
    before = {key: stage.route(key).copy() for key in stage.keys}
    x, y = stage.pos("n60")
    stage.preview({"n60": (x + 30, y + 50)})
    assert stage.is_waiting
    others = [key for key, edge in stage.graph.edges.items() if "n60" not in (edge.source, edge.dest)]
    assert not [key for key in others if len(before[key]) > 1 and len(stage.route(key)) == 1]
    dots = stage.along(("n60", 0), 1.0)
    assert tuple(dots[0]) == pytest.approx(stage.end(stage.graph.edges["n60", 0])), "what is held is followed at once"


@pytest.mark.parametrize("seed", range(8))
def test_after_any_building_the_routes_are_those_of_a_fresh_canvas(seed: int) -> None:
    graph, dice = random_graph(seed), random.Random(seed)
    stage = shown(graph)
    for i in range(12):
        source, dest = dice.choices(list(graph.nodes), k=2)
        open_ports = graph.port_count(dest) - len(graph.into(dest))
        if i % 3 and open_ports and judge(graph, source, dest, graph.port_count(dest) - 1).allowed:
            change = connect(graph, source, dest, graph.port_count(dest) - 1)
        elif i % 5 == 4:
            change = delete(graph, [dest])
        else:
            change = add_node(graph, "add", (dice.randint(-200, 1500), dice.randint(-300, 600)))
        graph = graph.apply(change)
        stage.take(graph, stage.frame, change)
        fresh = Stage(graph, stage.frame)
        stage.lead_more()
        assert set(stage.bent) <= graph.edges.keys(), "what is gone bends no more"
        fresh.lead_more()
        for key in graph.edges:
            assert np.array_equal(stage.route(key), fresh.route(key)), key


@pytest.mark.parametrize("seed", range(3))
def test_a_card_in_the_way_is_found_wherever_it_is(seed: int) -> None:
    dice = np.random.default_rng(seed)
    corners = dice.uniform(-1000, 1000, (60, 2)) * (1.0, 1.0 + 1e6 * (seed == 2))
    boxes = np.concatenate([corners, corners + np.array([NODE_WIDTH, 70.0])], axis=1)
    ends = dice.integers(60, size=(80, 2))
    shapes = curves(boxes[ends[:, 0]][:, [2, 1]], boxes[ends[:, 1]][:, :2])
    found = Obstacles(boxes).met(shapes, boxes[ends])
    for shape, own, is_met in zip(shapes, ends, found, strict=True):
        foreign = np.delete(boxes, own, axis=0)
        dots = points(shape, np.linspace(0, 1, 300))[:, None]
        is_in = ((dots > foreign[:, :2]) & (dots < foreign[:, 2:])).all(axis=2).any()
        assert is_met or not is_in
    assert not found.all()
