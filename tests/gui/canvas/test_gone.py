"""A canvas that is closed while its document lives on."""

from __future__ import annotations

import shiboken6
from pytestqt.qtbot import QtBot

from engine.edits.nodes import set_label
from engine.show.beside import OnEdges
from gui.canvas.view import CanvasView
from gui.document.bridge import Bridge
from gui.document.selection import Selection
from tests.gui.graphs import product


def test_a_canvas_that_is_gone_is_told_nothing(qtbot: QtBot) -> None:
    """Though its document is told of edits, and of other things beside its edges."""
    bridge = Bridge()
    bridge.load(product())
    canvas = CanvasView(bridge, Selection(bridge))
    canvas.show()
    qtbot.waitExposed(canvas)
    shiboken6.delete(canvas)
    with qtbot.captureExceptions() as raised:
        bridge.load(product())
        bridge.lens.put_on_edges(OnEdges("gradients"))
        bridge.edit(lambda graph: set_label(graph, "x", "another"))
    assert not raised
