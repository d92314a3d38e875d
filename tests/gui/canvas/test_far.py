"""From so far away that nothing is written on cards: what is seen is what their pictures say, and none is taken."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from engine import edits
from engine.files import disk
from engine.files.examples import examples
from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.session import Session
from gui.canvas.model import stage as stages
from gui.canvas.model.levels import level_of
from gui.canvas.model.stage import Stage
from gui.canvas.paint import style
from gui.canvas.paint.far import paint_far
from gui.canvas.paint.labels import cards_at
from gui.canvas.paint.node import BARRED, Marks, paint_node
from gui.canvas.paint.nodes import end_plate, form_of
from gui.canvas.paint.plates import TINY
from gui.look.theme import theme
from tests.building import graph_of
from tests.gui.canvas.test_backdrop import at_rest
from tests.gui.canvas_tools import Hands

pytestmark = pytest.mark.usefixtures("qapp")
FAR = TINY / 2
COUNT = 400
EXAMPLES = [disk.load(example.path) for example in examples()]
_ROWS = ("x", "input", 2.0), ("y", "input", None), ("s", "add", ["x", "y"]), ("r", "relu", ["x"])
UNFINISHED = graph_of(*_ROWS)
UNFINISHED = UNFINISHED.apply(edits.arrange_nodes(UNFINISHED))


def _stages(graph: Graph) -> list[Stage]:
    """A graph before its passes, in the midst of each and at their end."""
    session = Session(graph)
    found = []
    for share in (0.0, 0.3, 0.8, 1.0):
        session.player.seek(share * len(session.now.trace))
        found.append(Stage(session.now.graph, session.now.frame))
    return found


@pytest.mark.parametrize("graph", [UNFINISHED, *EXAMPLES])
def test_a_look_says_what_the_picture_says(graph: Graph) -> None:
    for stage in _stages(graph):
        for id, look in stage.looks.items():
            picture = stage.nodes[id]
            assert (look.op, look.unfinished) == (picture.op, picture.unfinished)
            assert picture.gradient_tone not in BARRED or look.gradient_tone == picture.gradient_tone
            assert look.gradient_tone not in BARRED or look.gradient_tone == picture.gradient_tone


@pytest.mark.parametrize("zoom", [FAR, 1.0, 2.0])
@pytest.mark.parametrize("graph", [UNFINISHED, EXAMPLES[0]])
def test_what_a_card_covers_is_known_without_what_is_written_on_it(graph: Graph, zoom: float) -> None:
    """A pass of 5,000 nodes asked for the words of hundreds of cards with every frame, to say that they are blank."""
    for stage in _stages(graph):
        plates = {id: end_plate(stage, id, zoom) for id in stage.graph.nodes}
        assert not stage.forms, "no words were asked for"
        assert plates == {id: form_of(stage, id, zoom).plate for id in stage.graph.nodes}
        cards = cards_at(stage, level_of(zoom), stage.graph.edges)
        lefts = [stage.pos(id)[0] + plates[id].left() for id in stage.ids]
        assert cards[: len(lefts), 0] == pytest.approx(lefts)  # after them comes the seed


@pytest.mark.parametrize("marks", [Marks(), Marks(selected=True)])
def test_it_is_painted_as_its_picture_is(marks: Marks) -> None:
    for stage in (*_stages(UNFINISHED), _stages(EXAMPLES[0])[-1]):
        marked = dict.fromkeys(stage.ids, marks)
        one, other = _paper(stage), _paper(stage)
        with _pen(one, stage) as painter:
            paint_far(painter, stage, range(len(stage.ids)), theme(), FAR, marked)
        with _pen(other, stage) as painter:
            for id in stage.ids:
                with style.placed(painter, *stage.pos(id)):
                    paint_node(painter, stage.nodes[id], theme(), FAR, marks, form_of(stage, id, FAR))
        differ = np.abs(_pixels(one).astype(int) - _pixels(other)).max(axis=2)
        assert (differ > 90).mean() < 0.01, "but for the corners of rings"
        assert differ.mean() < 3


def _paper(stage: Stage) -> QImage:
    (left, top), (right, bottom) = stage.node_boxes[:, :2].min(axis=0) - 60, stage.node_boxes[:, 2:].max(axis=0) + 60
    image = QImage(int((right - left) * FAR * 4), int((bottom - top) * FAR * 4), QImage.Format.Format_ARGB32)
    image.fill(QColor(theme().canvas))
    return image


def _pen(image: QImage, stage: Stage) -> QPainter:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(4 * FAR, 4 * FAR)
    painter.translate(*(60 - stage.node_boxes[:, :2].min(axis=0)))
    return painter


def _pixels(image: QImage) -> np.ndarray:
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., :3]


@pytest.fixture
def far(qtbot: QtBot) -> Hands:
    """A long chain, all of it seen."""
    nodes = [Node("x", "input", np.float64(1), pos=(0, 0))]
    nodes += [Node(f"n{i}", "sin", pos=(220.0 * (i % 20), 130.0 * (i // 20))) for i in range(1, COUNT)]
    graph = Graph.of(nodes, [Edge(a.id, b.id, 0) for a, b in pairwise(nodes)], target=f"n{COUNT - 1}")
    hands = Hands(qtbot, graph)
    hands.view.camera.look_at(FAR, QPointF(2200, 1300), animated=False)
    at_rest(qtbot, hands)
    return hands


def test_no_picture_is_taken_of_what_says_nothing(far: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    make = stages.picture_of
    monkeypatch.setattr(
        stages, "picture_of", lambda graph, frame, id, *rest: taken.append(id) or make(graph, frame, id, *rest)
    )
    far.bridge.edit(lambda graph: edits.set_value(graph, "x", np.float64(2)))
    far.selection.select(far.graph.nodes)
    far.surface.grab()
    assert set(taken) <= {f"n{COUNT - 1}"}, "only of the target, whose plate lies over all others"
