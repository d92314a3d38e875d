"""A few pinned pictures of the canvas, small and without text, so that another machine's fonts do not matter.

To renew them after a wanted change: GRADLOOM_RENEW_SNAPSHOTS=1 python -m pytest tests/gui/canvas/test_canvas_pixels.py,
then look at tests/gui/canvas/snapshots/*.png before committing them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from engine.graph.graph import Graph
from engine.graph.records import Edge, Node
from engine.passes.leaves import leaf_values
from engine.passes.plan import make_plan
from engine.passes.run import trace_of
from engine.show.frame import frame_at
from gui.canvas.model.stage import Stage
from gui.canvas.paint import style
from gui.canvas.paint.whole import paint_stage, stage_extent
from gui.look import measure
from gui.look.theme import DARK, LIGHT, Theme
from tests.gui.canvas_tools import cs231n

FOLDER = Path(__file__).parent / "snapshots"
SIZE = QSize(480, 300)
MOST = 0.01  # the fraction of pixels that may differ: edges are smoothed a little differently from one Qt to the next
CLEARLY = 48  # of 3 · 255: a smaller difference of a pixel is none


@pytest.fixture(autouse=True)
def no_text(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "put_text", lambda *args, **kwargs: None)
    monkeypatch.setattr(measure, "width", lambda text, size, bold=False: 7.0 * len(text))


def picture(graph: Graph, theme: Theme, position: float) -> QImage:
    trace = trace_of(make_plan(graph), leaf_values(graph), graph.seed)
    image = QImage(SIZE, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    stage = Stage(graph, frame_at(trace, position))
    extent, room = stage_extent(stage), QRectF(image.rect())
    scale = min(room.width() / extent.width(), room.height() / extent.height())
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(room, theme.color("canvas"))
    painter.translate(room.center())
    painter.scale(scale, scale)
    painter.translate(-extent.center())
    paint_stage(painter, stage, theme, extent)
    painter.end()
    return image


def array(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return flat[:, : image.width(), :3].astype(int)


def gates() -> Graph:
    """An open gate, a closed one, an activation, an open port, and a constant."""
    nodes = [
        Node("a", "input", np.float64(2), pos=(0, 0)), Node("b", "constant", np.float64(-2), pos=(0, 140)),
        Node("open", "relu", pos=(240, 0)), Node("shut", "relu", pos=(240, 140)), Node("s", "sigmoid", pos=(480, 0)),
        Node("sum", "add", pos=(480, 140)), Node("m", "mul", pos=(720, 60)),
    ]  # fmt: skip
    wires = [("a", "open", 0), ("b", "shut", 0), ("open", "s", 0), ("s", "sum", 0), ("shut", "sum", 1), ("sum", "m", 0)]
    return Graph.of(nodes, [Edge(*wire) for wire in wires], target="sum")


PICTURES: dict[str, Callable[[], QImage]] = {
    "cs231n-light-end": lambda: picture(cs231n(), LIGHT, 10),
    "cs231n-dark-on-the-way": lambda: picture(cs231n(), DARK, 7.4),
    "gates-light-end": lambda: picture(gates(), LIGHT, 99),
    "gates-dark-half-way": lambda: picture(gates(), DARK, 3.5),
}


@pytest.mark.parametrize("name", PICTURES)
def test_it_looks_as_it_did(name: str) -> None:
    path, seen = FOLDER / f"{name}.png", PICTURES[name]()
    if os.environ.get("GRADLOOM_RENEW_SNAPSHOTS"):
        FOLDER.mkdir(exist_ok=True)
        assert seen.save(str(path))
    pinned = array(QImage(str(path)))
    differs = np.abs(pinned - array(seen)).sum(axis=-1) > CLEARLY
    assert differs.mean() <= MOST, f"{differs.mean():.1%} of the pixels of {name} differ"


def test_another_position_looks_different() -> None:
    one, other = array(picture(cs231n(), LIGHT, 10)), array(picture(cs231n(), LIGHT, 5))
    assert (np.abs(one - other).sum(axis=-1) > CLEARLY).mean() > MOST
