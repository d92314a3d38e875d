"""In a low window what is selected is brought into sight, and the step again when it is another."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.gui.inspector_tools import Bench, square


def is_seen(bench: Bench, part: QWidget) -> bool:
    view = bench.inspector.viewport()
    top = part.mapTo(view, part.rect().topLeft()).y()
    return part.isVisible() and top >= 0 and top + part.height() <= view.height()


def low(qtbot: QtBot) -> Bench:
    bench = Bench(qtbot, square())
    bench.inspector.resize(320, 330)
    bench.bridge.player.seek(len(bench.bridge.now.trace))
    return bench


def test_what_is_selected_is_seen_until_there_is_another_step(qtbot: QtBot) -> None:
    bench = low(qtbot)
    bench.selection.select(["x"])
    qtbot.waitUntil(lambda: is_seen(bench, bench.field("Value")))
    bench.bridge.player.seek(3)
    assert bench.inspector.verticalScrollBar().value() == 0


def test_where_somebody_has_scrolled_to_is_kept(qtbot: QtBot) -> None:
    bench = low(qtbot)
    bench.selection.select(["x"])
    qtbot.waitUntil(lambda: is_seen(bench, bench.field("Value")))
    bar = bench.inspector.verticalScrollBar()
    bar.setValue(bar.value() + 40)
    here = bar.value()
    bench.bridge.player.seek(len(bench.bridge.now.trace) - 1)
    assert bar.value() == here
