"""Windows as small as a screen of 800 × 600, seen at twice and three times the size: nothing is cut off."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from gui.main_window import MainWindow
from gui.widgets.round_button import RoundButton
from gui.widgets.track import Track


def inside(window: MainWindow, part: QWidget) -> bool:
    """Whether a part is to be seen whole."""
    top = part.mapTo(window, QPoint())
    return part.isVisible() and window.rect().contains(part.rect().translated(top))


@pytest.mark.parametrize(("width", "height"), [(800, 580), (400, 290), (267, 194)])
def test_menus_canvas_and_transport_are_all_there(product_window, qtbot, width, height) -> None:
    window = product_window
    window.setMinimumSize(100, 100)
    window.resize(width, height)
    qtbot.waitUntil(lambda: window.panels.width() == width and inside(window, window.timeline))
    play = next(button for button in window.timeline.findChildren(RoundButton) if "Play" in button.accessibleName())
    track = window.timeline.findChild(Track)
    for part in (window.menuBar(), window.canvas, play, track):
        qtbot.waitUntil(lambda part=part: inside(window, part))
    assert window.canvas.height() >= 0.4 * height and track.width() >= 120

    def canvas_lies_under_nothing() -> bool:
        below = window.canvas.mapTo(window, QPoint(0, window.canvas.height())).y()
        return window.timeline.mapTo(window, QPoint()).y() >= below

    qtbot.waitUntil(canvas_lies_under_nothing)
