"""Without its colours the canvas says as much: signs are seen in shapes where no number stands."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from gui.canvas.paint.labels import is_labelled
from gui.look.theme import themes
from tests.gui.canvas_tools import Hands

FAR = 0.12


def two_ways(rows: int = 0) -> Graph:
    """f = a − b: the gradient of a is 1, that of b is −1; with `rows`, of tensors of so many elements."""
    value = np.ones(rows) if rows else np.float64(2)
    nodes = [
        Node("a", "input", value, pos=(0, 0)),
        Node("b", "input", value, pos=(0, 900)),
        Node("d", "sub", pos=(2400, 450)),
        Node("f", "sum", pos=(2800, 450)),
    ]
    return Graph.of(nodes, [Edge("a", "d", 0), Edge("b", "d", 1), Edge("d", "f", 0)], target="f")


def seen(hands: Hands) -> np.ndarray:
    """The canvas in grey, one number a pixel of the screen."""
    image = hands.view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return pixels[:, : image.width()].astype(int)


def gaps(hands: Hands, key: tuple[str, int]) -> int:
    """How often one sees the ground between two pieces of an edge."""
    grey, ground = seen(hands), seen(hands)[2, 2]
    inked = []
    for x, y in hands.view.desk.scene.stage.along(key, np.linspace(0.1, 0.9, 1500)).tolist():
        spot = hands.view.mapFromScene(QPointF(x, y))
        ratio = hands.view.devicePixelRatioF()
        left, top = round(spot.x() * ratio), round(spot.y() * ratio)
        inked.append(np.abs(grey[top - 1 : top + 2, left - 1 : left + 2] - ground).max() > 40)
    return int(np.count_nonzero(np.diff(np.array(inked, int)) == -1))


@pytest.fixture(params=["light", "dark"])
def theme_name(request: pytest.FixtureRequest):
    themes.choose(request.param)
    yield request.param
    themes.choose("light")


@pytest.mark.usefixtures("theme_name")
def test_from_afar_a_negative_contribution_is_a_broken_line(qtbot: QtBot) -> None:
    hands = Hands(qtbot, two_ways(), (760, 560))
    hands.view.camera.fit_all(animated=False)
    hands.view.camera.zoom_at(FAR / hands.view.camera.zoom, hands.view.viewport().rect().center())
    assert not is_labelled(hands.view.desk.scene.stage, hands.view.camera.zoom)
    qtbot.waitUntil(lambda: gaps(hands, ("d", 1)) >= 3)
    assert gaps(hands, ("d", 0)) == 0


@pytest.mark.usefixtures("theme_name")
def test_a_tensor_whose_label_is_its_shape_says_its_sign_too(qtbot: QtBot) -> None:
    hands = Hands(qtbot, two_ways(7), (760, 560))
    hands.view.camera.fit_all(animated=False)
    hands.view.camera.zoom_at(0.3 / hands.view.camera.zoom, hands.view.viewport().rect().center())
    qtbot.waitUntil(lambda: gaps(hands, ("d", 1)) > gaps(hands, ("d", 0)) + 1)


def test_from_afar_the_bar_of_a_positive_gradient_lies_on_top(qtbot: QtBot) -> None:
    hands = Hands(qtbot, two_ways())
    hands.view.camera.zoom_at(0.05 / hands.view.camera.zoom, hands.view.viewport().rect().center())
    hands.view.camera.look_at(0.05, hands.view.scene().nodes_rect(["a", "b"]).center(), animated=False)
    stage = hands.view.desk.scene.stage

    def dark_side(id: str) -> str:
        left, top, right, bottom = stage.box(id)
        middle = (left + right) / 2
        ends = [hands.view.mapFromScene(QPointF(middle, y)) for y in (top, bottom)]
        grey, ratio = seen(hands), hands.view.devicePixelRatioF()
        column = grey[round(ends[0].y() * ratio) : round(ends[1].y() * ratio) + 1, round(ends[0].x() * ratio)]
        half = len(column) // 2
        return "top" if column[:half].min() < column[-half:].min() else "foot"

    qtbot.waitUntil(lambda: (dark_side("a"), dark_side("b")) == ("top", "foot"))
