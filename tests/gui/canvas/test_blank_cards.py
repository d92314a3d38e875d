"""Cards without their words: drawn once for all that look alike, and not otherwise than by hand."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from engine.edits.nodes import set_value
from engine.graph.graph import Graph
from engine.session import Session
from gui.canvas import node_layer
from gui.canvas.model.stage import Stage
from gui.canvas.paint import blank_cards
from gui.canvas.paint.blank_cards import LARGEST, BlankCards
from gui.canvas.paint.node import PLAIN, Marks, paint_blank, paint_node
from gui.look.theme import DARK, LIGHT, Theme
from tests.bench.sheet import sheet
from tests.gui.canvas_tools import Hands, cs231n
from tests.networks import shipped


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cards whose shapes are drawn from now on."""
    names: list[str] = []

    def paint(painter, picture, *rest) -> None:
        names.append(picture.name)
        paint_blank(painter, picture, *rest)

    monkeypatch.setattr(blank_cards, "paint_blank", paint)
    return names


def test_shapes_are_not_drawn_again_while_a_number_is_scrubbed(qtbot: QtBot, drawn: list[str]) -> None:
    desk = Hands(qtbot, cs231n())
    desk.surface.grab()
    del drawn[:]
    for value in range(4):
        desk.bridge.edit(lambda graph, to=float(value): set_value(graph, "x", to), gesture="slider")
        desk.surface.grab()
    assert drawn == []


def test_cards_that_look_alike_are_drawn_once(qtbot: QtBot, drawn: list[str], monkeypatch) -> None:
    desk = Hands(qtbot, sheet(100), size=(1400, 900))
    del drawn[:]
    desk.view.camera.look_at(1.0, desk.view.scene().extent().center(), animated=False)
    seen = desk.view.scene().nodes_in(desk.view.camera.visible_scene())
    copied: list[str] = []
    monkeypatch.setattr(node_layer, "paint_node", lambda *told: (copied.append(told[1].name), paint_node(*told)))
    qtbot.wait_until(lambda: bool(desk.surface.grab()) and len(set(copied)) >= len(seen))
    assert 0 < len(drawn) < len(seen) / 2


def stage_of(graph: Graph) -> Stage:
    session = Session()
    session.load(graph)
    return Stage(session.now.graph, session.now.frame)


def painted(
    how, picture, colors: Theme, zoom: float, at: tuple[float, float], ratio: float, marks: Marks
) -> np.ndarray:
    image = QImage(round(400 * ratio), round(300 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(colors.color("canvas"))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(*at)
        painter.scale(zoom, zoom)
        how(painter, picture, colors, zoom, marks)
    return np.frombuffer(image.constBits(), np.uint8).astype(int)


@pytest.mark.parametrize(
    ("zoom", "ratio"), [(0.5, 1.0), (0.77, 1.0), (1.0, 1.0), (1.0, 2.0), (LARGEST, 1.0), (3.0, 1.0)]
)
@pytest.mark.parametrize("colors", [LIGHT, DARK])
@pytest.mark.parametrize("marks", [PLAIN, Marks(selected=True)])
@pytest.mark.usefixtures("qapp")
def test_a_copied_card_is_the_card(zoom: float, ratio: float, colors: Theme, marks: Marks) -> None:
    """To four steps of 255 where both let something through, on places of an eighth of a pixel."""
    stages = [stage_of(shipped(name)) for name in ("relu-closed", "tanh-neuron", "fan-out")]
    pictures = [picture for stage in stages for picture in stage.nodes.values()]
    cards = BlankCards()
    for number, picture in enumerate(pictures):
        at = (40 + number % 8 / 8 / ratio, 30 + number % 5 / 8 / ratio)
        by_hand = painted(paint_blank, picture, colors, zoom, at, ratio, marks)
        for _ in range(2):
            copied = painted(cards.paint, picture, colors, zoom, at, ratio, marks)
            assert abs(copied - by_hand).max() <= 4
