"""The gate of legibility where groups are open: frames, titles and plates, at fit in windows of three sizes and nearer.

It reads the boxes that the painter paints: `titles` of what stands beside nodes, `form_of` for plates.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF

import engine
from engine import edits
from engine.edits.checks import EditRefused
from engine.graph.graph import Graph
from engine.layout.shown import shown_of
from engine.show.frame import frame_at
from engine.show.shown_run import shown_frame
from gui.canvas.model.aside_boxes import Aside, overlaps
from gui.canvas.model.asides import Asides
from gui.canvas.model.blocks import NEAR, FarBlocks
from gui.canvas.model.stage import Stage
from gui.canvas.model.titles import LEAST_TITLE, Title, title_scale, told_apart
from gui.canvas.paint.asides import rect_of
from gui.canvas.paint.blocks import label_rect
from gui.canvas.paint.nodes import form_of, sides
from tests.gui.canvas_tools import Hands
from tests.networks import scalar_network

EXAMPLES = sorted((Path(engine.__file__).parents[1] / "assets" / "examples").glob("*.gradloom"))
CANVASES = ((880, 500), (1060, 680), (1500, 900))  # of windows of 1280 × 720, 1440 × 900 and 1920 × 1080
MARGIN, MOST_FIT, NEARER = 45, 1.5, (0.12, 0.15, 0.18, 0.21, 0.25, 0.3, 0.36, 0.42)
STEP = 1.02  # from one frame to the next where one zooms
MOST_MOVED = 6.0  # pixels on screen that a title may go in such a step


def opened(graph: Graph) -> Graph:
    """All groups that are found, open, as Open all stands them."""
    graph = graph.apply(edits.find_groups(graph))
    return graph.apply(edits.open_all(graph, list(graph.groups), 1.6))


def staged(graph: Graph) -> tuple[Stage, Asides]:
    trace, shown = engine.run(graph), shown_of(graph)
    stage = Stage(shown.graph, shown_frame(frame_at(trace, len(trace)), shown))
    return stage, Asides(stage)


def fit_zoom(asides: Asides, stage: Stage, canvas: tuple[int, int]) -> float:
    boxes = [box for box in (stage.extent(), asides.extent()) if box is not None]
    left, top, right, bottom = (pick(box[side] for box in boxes) for side, pick in enumerate((min, min, max, max)))
    wide, high = (side - 2 * MARGIN for side in canvas)
    return min(wide / (right - left), high / (bottom - top), MOST_FIT)


def faults(stage: Stage, asides: Asides, zoom: float) -> dict[str, int]:
    """What lies on what, what reaches out of its frame, and which names read the same."""
    found: Counter[str] = Counter()
    plates = {id: sides(form_of(stage, id, zoom).plate.translated(*stage.pos(id))) for id in stage.ids}
    titles = asides.titles(zoom)
    grouping = stage.graph.grouping
    for id, plate in plates.items():
        on_it = [title for _, title in titles if overlaps(plate, title.box)]
        found["title over plate"] += bool(on_it) and title_scale(zoom) > 1
        home = grouping.home.get(id)
        if home and ("group", home) in asides.shown:
            left, top, right, bottom = asides.shown["group", home].box
            found["out of its frame"] += not (
                plate[0] >= left and plate[1] >= top and plate[2] <= right and plate[3] <= bottom
            )
        others = [key[1] for key in asides.shown if key[0] == "group" and key[1] not in grouping.chain(id)]
        found["in another frame"] += any(overlaps(plate, asides.shown["group", other].box) for other in others)
    found["title over title"] = sum(overlaps(one.box, other.box) for (_, one), (_, other) in combinations(titles, 2))
    names: dict[str, set[str]] = {}
    for aside, title in titles:
        names.setdefault(title.text, set()).add(aside.title)
    found["read the same"] = sum(len(some) > 1 for text, some in names.items() if text)
    found["plate over plate"] = sum(overlaps(one, other) for one, other in combinations(plates.values(), 2))
    return {what: count for what, count in found.items() if count}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_with_its_groups_open(qapp, path):
    try:
        graph = opened(engine.load(path))
    except EditRefused:
        pytest.skip("no groups are found in it")
    stage, asides = staged(graph)
    for zoom in dict.fromkeys([*(fit_zoom(asides, stage, canvas) for canvas in CANVASES), *NEARER]):
        assert faults(stage, asides, zoom) == {}, zoom


@pytest.mark.parametrize("widths", [(2, 8, 8, 1), (2, 3, 1), (4, 6, 3, 1)])
def test_a_net_as_scalars_with_its_neurons_open(qapp, widths):
    stage, asides = staged(opened(scalar_network(widths)))
    for zoom in dict.fromkeys([*(fit_zoom(asides, stage, canvas) for canvas in CANVASES), *NEARER]):
        assert faults(stage, asides, zoom) == {}, zoom
        titles = {aside.title for aside, title in asides.titles(zoom) if title.text}
        assert {f"Layer {number}" for number in range(1, len(widths))} <= titles or zoom < 0.106, zoom


def test_titles_go_no_farther_than_the_zoom_takes_them(qapp):
    """From one frame of a zoom to the next a title stays where it is in the drawing, and grows with it or stays as
    large as it is on the screen: nothing jumps."""
    _, asides = staged(opened(scalar_network((2, 8, 8, 1))))
    zooms = [0.12 * STEP**step for step in range(110)]
    seen = [{aside.key: title for aside, title in asides.titles(zoom)} for zoom in zooms]
    for (before, zoom), (after, nearer) in pairwise(zip(seen, zooms, strict=True)):
        for key in before.keys() & after.keys():
            corner = np.array(asides.shown[key].box[:2])
            was, now = (
                (np.array(title.box[:2]) - corner) * at for title, at in ((before[key], zoom), (after[key], nearer))
            )
            assert np.abs(now - was).max() <= MOST_MOVED, (key, zoom)


def test_what_is_written_of_names_that_begin_alike_differs():
    assert told_apart("Neuron z1_0", ["Neuron z1_0", "Neuron z1_1"]) == ("z1_0", 10)
    assert told_apart("Layer 1", ["Layer 1", "Layer 2", "Squared error"]) == ("", 6)
    assert told_apart("Squared error", ["Layer 1", "Squared error"]) == ("", 0)


def _is_whole(aside: Aside, title: Title) -> bool:
    return title.text in (aside.title, aside.short)


def test_at_fit_the_names_of_neurons_are_whole(qapp):
    """They were cut to “Ne…” and “Neuron z…”, one like the other."""
    stage, asides = staged(opened(scalar_network((2, 8, 8, 1))))
    titles = asides.titles(fit_zoom(asides, stage, CANVASES[2]))
    neurons = [(aside, title) for aside, title in titles if aside.depth == 2]
    assert len(neurons) == 17 and all(_is_whole(*each) for each in neurons)


def test_the_label_of_a_block_becomes_the_title_of_its_group(qapp):
    """It faded, others came and went, and the title popped up elsewhere."""
    stage, asides = staged(opened(scalar_network((2, 8, 8, 1))))
    blocks, zoom, last = FarBlocks(stage), 0.075, dict[str, QRectF]()
    first = {block.group for block in blocks.at(zoom)}
    while zoom < NEAR:
        titles = {aside.key[1]: title for aside, title in asides.titles(zoom)}
        assert {block.group for block in blocks.at(zoom)} == first, zoom
        for block in blocks.at(zoom):
            left, top, _, _ = asides.shown["group", block.group].box
            label = label_rect(block, zoom, titles.get(block.group)).translated(-left, -top)
            now = QRectF(label.topLeft() * zoom, label.size() * zoom)
            was = last.get(block.group, now)
            assert (now.topLeft() - was.topLeft()).manhattanLength() <= 24, (block.title, zoom)
            assert abs(now.width() - was.width()) <= 6 and abs(now.height() - was.height()) <= 2
            last[block.group] = now
        zoom *= 1.01
    ended = {aside.key[1]: rect_of(title.box).size() * NEAR for aside, title in asides.titles(NEAR)}
    assert first <= ended.keys() | {""} and len(first) == 3
    for group, label in last.items():
        assert abs(label.width() - ended[group].width()) <= 8 and abs(label.height() - ended[group].height()) <= 2


def test_where_most_neurons_of_a_layer_have_no_room_for_a_title_none_has_one(qapp):
    _, asides = staged(opened(scalar_network((2, 8, 8, 1))))
    for zoom in np.geomspace(0.09, 0.3, 60):
        counts = Counter(aside.parent for aside, _ in asides.titles(float(zoom)) if aside.parent)
        assert all(count in (1, 7, 8) for count in counts.values()), (zoom, counts)


@pytest.fixture
def layers_open(qtbot) -> Hands:
    """A net of which the layers are open and the neurons folded, seen from so far away that frames are narrow."""
    graph = scalar_network((2, 12, 12, 1))
    graph = graph.apply(edits.find_groups(graph))
    outer = [group.id for group in graph.groups.values() if group.parent is None]
    graph = graph.apply(edits.open_all(graph, outer, 1.6))
    hands = Hands(qtbot, graph, size=(900, 640))
    hands.view.camera.look_at(0.17, hands.view.scene().extent().center(), animated=False)
    hands.surface.grab()
    return hands


def test_a_layer_whose_frame_is_narrower_than_its_name_has_it_over_the_frame(layers_open):
    scene, zoom = layers_open.view.scene(), 0.215
    titles = {aside.title: (aside, title) for aside, title in scene.asides.titles(zoom)}
    for number in (1, 2, 3):
        aside, title = titles[f"Layer {number}"]
        left, top, right, _ = aside.box
        assert (right - left) * zoom < LEAST_TITLE and title.text == aside.title
        middle = (title.box[0] + title.box[2]) / 2
        assert middle == pytest.approx((left + right) / 2) and title.box[1] < top
    farther = {title.text for _, title in scene.asides.titles(0.17)}
    assert {"Layer 1", "L·2"} <= farther, "where there is no room for both names the number is whole"


def test_no_cut_name_says_another_number(layers_open):
    """“Neuron z1_10” was cut to “N·0”, as “Neuron z1_0” was."""
    stage, zoom = layers_open.view.scene().stage, layers_open.view.camera.zoom
    forms = {stage.graph.nodes[id].name: form_of(stage, id, zoom) for id in stage.ids}
    said = {name: form.lines[0].text for name, form in forms.items() if form.lines}
    assert len(said) > 20
    for name, text in said.items():
        digits = name[len(name.rstrip("0123456789")) :]
        assert text.endswith(digits), (name, text)


def test_the_target_keeps_within_the_frame_of_its_group(layers_open):
    scene, zoom = layers_open.view.scene(), layers_open.view.camera.zoom
    target = scene.stage.graph.target
    plate = sides(scene.node_layer.form(target, zoom).plate.translated(*scene.stage.pos(target)))
    frame = scene.asides.shown["group", scene.stage.graph.grouping.home[target]].box
    assert plate[0] >= frame[0] and plate[1] >= frame[1] and plate[2] <= frame[2] and plate[3] <= frame[3]
