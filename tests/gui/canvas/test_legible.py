"""The gate of legibility: at fit, on canvases of three sizes, no number lies over anything else, and none is too small.

It reads the boxes that the painter paints: `labels_of` for the numbers beside edges, `form_of` for cards.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

import engine
from engine.edits.arrange import arrange_nodes
from engine.edits.nodes import move_nodes
from engine.graph.document import Document
from engine.graph.graph import Graph
from engine.graph.records import Edge, EdgeKey, Node
from engine.layout.layout import NODE_WIDTH
from engine.layout.shown import shown_of
from engine.learn.config import TrainingConfig
from engine.learn.trainer import Trainer
from engine.show.frame import frame_at
from engine.show.shown_run import shown_frame
from gui.canvas.model.asides import Asides
from gui.canvas.model.flight import in_flight, readable
from gui.canvas.model.geometry import along, crossed
from gui.canvas.model.label_search import MOST_CROSSED
from gui.canvas.model.labels import Placed
from gui.canvas.model.levels import level_of
from gui.canvas.model.stage import Stage
from gui.canvas.model.texts import NodePicture
from gui.canvas.paint import style
from gui.canvas.paint.card_forms import NEAR_MAPS, has_maps
from gui.canvas.paint.labels import GENTLY, is_labelled, label_boxes, labels_of, place_labels, pushed, pushed_labels
from gui.canvas.paint.motion import paint_motion
from gui.canvas.paint.nodes import form_of
from gui.canvas.paint.sums import merge_text, plate_box, sum_place
from gui.look.theme import LIGHT, NAME
from tests.gui.canvas_tools import Hands

EXAMPLES = sorted((Path(engine.__file__).parents[1] / "assets" / "examples").glob("*.gradloom"))
CANVASES = ((880, 500), (1060, 680), (1500, 900))  # of windows of 1280 × 720, 1440 × 900 and 1920 × 1080
MARGIN, MOST_FIT, LEAST, MOMENTS = 45, 1.5, 11, 24
RANDOM_GRAPHS, AT_A_TIME, OPS = 200, 25, ("add", "mul", "relu", "tanh", "sin", "sub", "sigmoid")
SHARES = np.linspace(0.01, 0.99, 99)


def stage_of(graph: Graph) -> Stage:
    """What is shown of a graph at the end of both passes: of a folded group its card."""
    trace, shown = engine.run(graph), shown_of(graph)
    return Stage(shown.graph, shown_frame(frame_at(trace, len(trace)), shown))


def fit_zoom(stage: Stage, canvas: tuple[int, int]) -> float:
    left, top, right, bottom = stage.extent() or (0, 0, 1, 1)
    wide, high = (side - 2 * MARGIN for side in canvas)
    return min(wide / (right - left), high / (bottom - top), MOST_FIT)


def random_graph(seed: int) -> Graph:
    """A graph of up to 20 nodes with a number each, arranged."""
    random = Random(seed)
    leaves = random.randint(1, 6)
    nodes = [Node(f"x{i}", "input", np.float64(round(random.gauss(0, 2), 4))) for i in range(leaves)]
    edges: list[Edge] = []
    for i in range(random.randint(1, 14)):
        op = engine.OPS[random.choice(OPS)]
        id = f"n{i}"
        sources = [random.choice(nodes[-8:]).id for _ in range(op.fewest)]
        edges += [Edge(source, id, port) for port, source in enumerate(sources)]
        nodes.append(Node(id, op.name))
    graph = Graph.of(nodes, edges, target=nodes[-1].id)
    return graph.apply(arrange_nodes(graph))


def dragged(stage: Stage, seed: int) -> None:
    """A few nodes are put elsewhere, where they cover no other, and let go."""
    random, moved = Random(seed), {}
    for id in random.sample(stage.ids, min(3, len(stage.ids))):
        x, y = stage.pos(id)
        x, y = x + random.randint(-160, 160), y + random.randint(-120, 120)
        others = np.delete(stage.node_boxes, stage.ids.index(id), axis=0)
        room = (x - 30, y - 24, x + NODE_WIDTH + 30, y + stage.height(id) + 24)
        clear = (
            (others[:, 0] > room[2]) | (others[:, 2] < room[0]) | (others[:, 1] > room[3]) | (others[:, 3] < room[1])
        )
        if clear.all():
            moved[id] = (float(x), float(y))
            stage.preview(moved)
    change = move_nodes(stage.graph, moved)
    stage.take(Document(stage.graph).after(change), stage.frame, change)


def rows(boxes: list[QRectF]) -> np.ndarray:
    return np.array([(b.left(), b.top(), b.right(), b.bottom()) for b in boxes], float).reshape(-1, 4)


def overlaps(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    a, b = one[:, None], other[None]
    return (a[..., 0] < b[..., 2]) & (a[..., 2] > b[..., 0]) & (a[..., 1] < b[..., 3]) & (a[..., 3] > b[..., 1])


def measured(stage: Stage, zoom: float) -> Counter[str]:
    """What is wrong with a picture, and how much there is in it."""
    found: Counter[str] = Counter(nodes=len(stage.ids), edges=len(stage.keys))
    plates = rows([form_of(stage, id, zoom).plate.translated(*stage.pos(id)) for id in stage.ids])
    found["card over card"] = int((np.triu(overlaps(plates, plates), 1)).sum())
    for id in stage.ids:
        lines = form_of(stage, id, zoom).lines
        found["small texts"] += sum(line.size * line.scale * zoom < LEAST - 1e-6 for line in lines)
        found["unnamed"] += not lines
        found["not all said"] += not says_all(stage.nodes[id], {line.text for line in lines}, zoom)
    chains = {key: along(stage.route(key), SHARES) for key in stage.keys}
    for key, dots in chains.items():
        edge = stage.graph.edges[key]
        own = [stage.ids.index(edge.source), stage.ids.index(edge.dest)]
        found["edge behind card"] += int(hides(np.delete(plates, own, axis=0), dots).sum())
    if is_labelled(stage, zoom):
        place_labels(stage, stage.keys, zoom)
        found += labels_measured(stage, zoom, plates, chains)
    return found


def says_all(picture: NodePicture, texts: set[str], zoom: float) -> bool:
    """Whether value and gradient are among some texts, of tensors at least the first number; or their heat maps are
    seen, near by with their shape, which stands on the edges too."""
    if has_maps(picture, zoom):
        return zoom < NEAR_MAPS or picture.value_caption in texts
    rows = (picture.values, picture.gradients if picture.gradient else picture.values)
    return all(not texts.isdisjoint(row) or any(begins_alike(row[0], text) for text in texts) for row in rows)


def begins_alike(told: str, text: str) -> bool:
    """Whether a text says the first number of a tensor, rounded, but whole: “[−0.00…” says none."""
    one, other = (re.match(r"\[?([−0-9.e]+|nan|−?∞)[,\]]", each) for each in (told, text))
    if one is None or other is None:
        return False
    first, said = (float(each[1].replace("−", "-").replace("∞", "inf")) for each in (one, other))
    return said == first or abs(said - first) <= 0.5 * abs(first)


def hides(boxes: np.ndarray, dots: np.ndarray) -> np.ndarray:
    """Which boxes have some of the dots in them."""
    x, y = dots[None, :, 0], dots[None, :, 1]
    left, top, right, bottom = (boxes[:, side, None] for side in range(4))
    return ((x > left) & (x < right) & (y > top) & (y < bottom)).any(axis=1)


def labels_measured(stage: Stage, zoom: float, plates: np.ndarray, chains: dict) -> Counter[str]:
    found: Counter[str] = Counter()
    boxes = {key: rows(label_boxes(stage, key, zoom)) for key in stage.keys}
    owners = [key for key in stage.keys for _ in boxes[key]]
    every = np.concatenate([np.empty((0, 4)), *boxes.values()])
    found["labels"] = len(every)
    found["labels hidden"] = sum(bool(text) for key in stage.keys for text in stage.edges[key].said()) - len(every)
    found["label over label"] = int(np.triu(overlaps(every, every), 1).sum())
    found["label over card"] = int(overlaps(every, plates).sum())
    for key, dots in chains.items():
        foreign = np.array([owner != key for owner in owners], bool)
        found["label over edge"] += int(hides(every[foreign], dots).sum())
    found += leaders_measured(stage, zoom, plates, every)
    labels = [label for key in stage.keys for label in labels_of(stage, key, zoom)]
    found["number cut"] = sum("[" in label.text and not label.text.endswith("]") for label in labels)
    found["small texts"] = sum(label.size * label.scale * zoom < LEAST - 1e-6 for label in labels)
    return found


def leaders_measured(stage: Stage, zoom: float, plates: np.ndarray, labels: np.ndarray) -> Counter[str]:
    """What lies across the lines that lead to labels: dots along each of them are looked at."""
    found: Counter[str] = Counter()
    shares = np.linspace(0.02, 0.98, 49)[:, None]
    lines = {
        (key, i): line[:2] + (line[2:] - line[:2]) * shares
        for key in stage.keys
        for i, line in enumerate(placed_at(stage, key, zoom).leaders)
        if np.isfinite(line).all()
    }
    found["leaders"] = len(lines)
    chains = {key: along(stage.route(key), np.linspace(0, 1, 400)) for key in stage.keys}
    for (key, _), dots in lines.items():
        found["leader over card"] += int(hides(plates, dots).sum())
        found["leader over label"] += int(hides(labels, dots).sum())
        across = sum(goes_across(dots, chain) for other, chain in chains.items() if other != key)
        found["leader over edge"] += across
        found["leader over many edges"] += across > MOST_CROSSED
    found["leader over leader"] = sum(goes_across(a, b) for a, b in combinations(lines.values(), 2))
    return found


def placed_at(stage: Stage, key: EdgeKey, zoom: float) -> Placed:
    placed = stage.labels.get(key, level_of(zoom))
    assert placed is not None
    return placed


def goes_across(line: np.ndarray, chain: np.ndarray) -> bool:
    """Whether a straight line goes across a chain of points."""
    return bool(crossed(chain[None], tuple(line[0]), tuple(line[-1]))[0])


NEVER = (
    "card over card", "label over label", "label over card", "label over edge", "small texts", "edge behind card",
    "leader over card", "leader over label", "leader over leader", "leader over many edges", "number cut",
)  # fmt: skip


def faults(found: Counter[str]) -> dict[str, int]:
    return {what: found[what] for what in NEVER if found[what]}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_at_fit(qapp, path):
    stage = stage_of(engine.load(path))
    for canvas in CANVASES:
        found = measured(stage, fit_zoom(stage, canvas))
        print(path.stem, canvas, dict(found))
        assert faults(found) == {}
        assert not found["unnamed"] and not found["not all said"]
        if fit_zoom(stage, canvas) >= 0.4:
            assert found["labels hidden"] <= 0.05 * found["labels"]
            assert found["leader over edge"] <= 0.3 * found["labels"]


def test_beside_the_training_every_card_of_the_scalars_says_its_numbers(qapp):
    """One watches nine knobs turn, on a canvas that the training leaves half the height of a window of 1440 × 900."""
    stage = stage_of(engine.load(next(path for path in EXAMPLES if path.stem == "xor-scalars")))
    found = measured(stage, fit_zoom(stage, (1032, 460)))
    assert faults(found) == {} and not found["unnamed"] and not found["not all said"]


@pytest.mark.parametrize("steps", [40, 200, 400])
def test_what_the_scalars_have_learnt_is_on_every_card(qapp, steps: int):
    """Numbers that are learnt are longer: a gradient gives way to them, for a bar says its sign. No value does."""
    graph = engine.load(next(path for path in EXAMPLES if path.stem == "xor-scalars"))
    trainer = Trainer(graph, TrainingConfig.of(graph))
    trainer.run(steps)
    stage = stage_of(graph.apply(trainer.change(graph)))
    zoom = fit_zoom(stage, (1032, 460))
    for asides in (None, Asides(stage)):  # the frames of the two neurons, as the window has them
        assert faults(measured(stage, zoom)) == {}
        for id, picture in stage.nodes.items():
            form = form_of(stage, id, zoom)
            texts = {line.text for line in form.lines}
            assert not texts.isdisjoint(picture.values), (id, asides)
            assert form.bar == texts.isdisjoint(picture.gradients), (id, asides)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_in_flight(qapp, path):
    """Labels are placed before anything has been computed: what is said later lies on none of them."""
    graph = engine.load(path)
    trace, shown = engine.run(graph), shown_of(graph)
    stage = Stage(shown.graph, shown_frame(frame_at(trace, 0.0), shown))
    zoom = fit_zoom(stage, CANVASES[0])
    place_labels(stage, stage.keys, zoom)
    for position in np.linspace(0.5, len(trace), MOMENTS):
        stage.show(shown_frame(frame_at(trace, float(position)), shown))
        forms = {id: form_of(stage, id, zoom) for id in stage.ids}
        assert all(form.lines for form in forms.values()), position
        plates = {id: form.plate.translated(*stage.pos(id)) for id, form in forms.items()}
        labels = rows([box for key in stage.keys for box in label_boxes(stage, key, zoom)])
        assert not overlaps(labels, rows(list(plates.values()))).any(), position
        merge = stage.frame.merge
        if merge is not None:
            wide = plate_box(QPointF(), merge_text(merge), True).width() * readable(zoom, NAME)
            box = style.box(sum_place(stage, merge, zoom), (wide, 20 * readable(zoom, NAME)))
            assert not [id for id, plate in plates.items() if id != merge.node and box.intersects(plate)], position


@pytest.mark.parametrize("first", range(0, RANDOM_GRAPHS, AT_A_TIME))
def test_random_graphs_arranged_and_dragged_at_fit(qapp, first):
    figures: Counter[str] = Counter()
    for seed in range(first, first + AT_A_TIME):
        stage = stage_of(random_graph(seed))
        zooms = [fit_zoom(stage, canvas) for canvas in CANVASES]
        for step in ("arranged", "dragged"):
            for zoom in dict.fromkeys(zooms):
                found = measured(stage, zoom)
                figures += found
                assert faults(found) == {}, (seed, step, zoom)
            dragged(stage, seed)
    print(dict(figures))
    assert figures["labels"] > 1_000 and figures["labels hidden"] < 0.03 * figures["labels"]
    assert not figures["unnamed"] and figures["not all said"] < 0.01 * figures["nodes"]


def test_a_node_is_taken_hold_of_by_its_plate_outside_its_card(qtbot):
    desk = Hands(qtbot, random_graph(3))
    item = desk.view.scene().node_items["n0"]
    desk.view.camera.look_at(0.25, item.card().center(), animated=False)
    desk.surface.grab()
    plate = form_of(desk.view.scene().stage, "n0", 0.25).plate.translated(item.pos())
    beside = desk.view.mapFromScene(plate.bottomLeft()) + QPoint(2, -2)
    assert not item.card().contains(desk.view.mapToScene(beside))
    desk.click(beside)
    assert desk.selection.nodes == {"n0"}


def test_show_all_shows_all_of_a_graph_of_any_size(qtbot):
    nodes = [Node(f"x{i}", "input", np.float64(i), pos=(0.0, 120.0 * i)) for i in range(1500)]
    desk = Hands(qtbot, Graph.of(nodes, []))
    desk.view.camera.fit_all(animated=False)
    assert desk.view.camera.visible_scene().contains(desk.view.scene().nodes_rect(desk.graph.nodes))


def test_a_label_gives_way_to_a_capsule_gently_and_wholly():
    label = QRectF(0, 0, 60, 16)
    for top, way in ((4.0, -1), (-14.0, 1)):  # the capsule comes below its middle, and above it
        shifts = [pushed(label, np.array([[left, top, left + 80, top + 26]]), 1.0) for left in range(90, 20, -5)]
        assert shifts[0] == 0 and max(abs(b - a) for a, b in pairwise(shifts)) < 6
        moved = label.translated(0, shifts[-1])
        assert shifts[-1] * way > 0 and (moved.bottom() <= top or moved.top() >= top + 26)


def test_in_flight_no_capsule_covers_a_forward_value(qapp):
    stage = stage_of(engine.load(next(path for path in EXAMPLES if path.stem == "cs231n-staged")))
    zoom, trace = fit_zoom(stage, CANVASES[0]), stage.frame.trace
    place_labels(stage, stage.keys, zoom)
    met = 0
    for position in np.arange(0.5, len(trace), 0.25):
        stage.show(frame_at(trace, float(position)))
        capsules = np.array([capsule.box(zoom) for capsule in in_flight(stage, zoom)]).reshape(-1, 4)
        if len(capsules) != 1:
            continue
        for label in (label for key in stage.keys for label in labels_of(stage, key, zoom)):
            away = pushed(label.box(), capsules, zoom)
            met += bool(away)
            box, (left, _, right, _) = label.box(), capsules[0]
            is_beside = min(right - box.left(), box.right() - left) * zoom < GENTLY
            assert (
                is_beside or not overlaps(rows([box.translated(0, away)]), np.add(capsules, [0, 1e-6, 0, -1e-6])).any()
            )
    assert met > 5


def test_a_number_beside_an_edge_gives_way_to_the_sum_above_a_card(qapp):
    """Of 7.25 beside the edge that goes over mul only 25 could be read, beside the +1 that arrived at mul."""
    places = {"a": (-72.0, -44.0), "b": (-72.0, 68.0), "mul": (168.0, -4.0), "add": (408.0, 28.0)}
    leaves = [Node(id, "input", np.float64(7.25), pos=places[id]) for id in "ab"]
    nodes = [*leaves, *(Node(id, id, pos=places[id]) for id in ("mul", "add"))]
    edges = [Edge("a", "mul", 0), Edge("b", "mul", 1), Edge("mul", "add", 0), Edge("a", "add", 1)]
    stage = stage_of(Graph.of(nodes, edges, target="add"))
    trace = stage.frame.trace
    place_labels(stage, stage.keys, 1.0)
    frames = (frame_at(trace, float(position)) for position in np.arange(0.0, len(trace), 0.05))
    stage.show(next(frame for frame in frames if frame.merge and frame.merge.node == "mul" and frame.merge.t > 0.5))
    box = label_boxes(stage, ("add", 1))[0]
    plate = QRectF(places["mul"][0] + NODE_WIDTH / 2 - 16, places["mul"][1] - 31, 32, 22)
    assert box.intersects(plate)  # the case
    picture = QImage(800, 400, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    painter = QPainter(picture)
    painter.translate(200, 200)
    paint_motion(painter, stage, LIGHT, 1.0)
    painter.end()
    above = QRectF(box.left(), plate.top() - box.height(), box.width(), box.height() - 1).translated(200, 200).toRect()
    assert picture.copy(above).pixelColor(0, 0).alpha() > 200  # the plate of the number, which stands there whole


@pytest.mark.parametrize("zoom", [0.69, 1.0, 1.4])
def test_a_number_gives_way_to_a_sum_to_the_side_rather_than_onto_a_card(qapp, zoom):
    """−1.235e200 beside the edge of x went up onto x, for the +1e−300 that arrived at y just below."""
    places = {"x": (0.0, 0.0), "y": (0.0, 130.0), "p": (260.0, 60.0)}
    leaves = [Node("x", "input", np.float64(1e-300), pos=places["x"]), Node("y", "input", np.float64(-1.2346e200))]
    nodes = [leaves[0], replace(leaves[1], pos=places["y"]), Node("p", "mul", pos=places["p"])]
    stage = stage_of(Graph.of(nodes, [Edge("x", "p", 0), Edge("y", "p", 1)], target="p"))
    place_labels(stage, stage.keys, zoom)
    cards = rows([form_of(stage, id, zoom).plate.translated(*stage.pos(id)) for id in stage.ids])
    plate = rows([QRectF(-10, 100, 200, 20)])  # of a sum above y, as wide as may be
    moved = list(pushed_labels(stage, zoom, (), plate.tolist()))
    assert moved
    assert not any(overlaps(rows([to.box()]), np.concatenate([cards, plate])).any() for _, to in moved)


def test_the_edge_whose_turn_it_is_says_its_numbers_where_its_labels_have_no_room(qapp):
    """Of a graph of a hundred edges none is labelled at 30 %, but the one that a contribution has just gone along."""
    nodes = [Node(f"x{i}", "input", np.float64(7.25), pos=(0.0, 120.0 * i)) for i in range(100)]
    edges = [Edge(f"x{i}", "sum", i) for i in range(100)]
    stage = stage_of(Graph.of([*nodes, Node("sum", "add", pos=(600.0, 0.0))], edges, target="sum"))
    assert not is_labelled(stage, 0.3)
    trace = stage.frame.trace
    stage.show(frame_at(trace, len(trace) - 3.0))
    key = stage.frame.step.edge.key
    x, y = stage.at(key, 0.5)
    picture = QImage(80, 40, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    painter = QPainter(picture)
    painter.scale(0.3, 0.3)
    painter.translate(40 / 0.3 - x, 20 / 0.3 - y)
    paint_motion(painter, stage, LIGHT, 0.3)
    painter.end()
    assert picture.pixelColor(14, 20).alpha() > 200  # the plate, left of the numbers
