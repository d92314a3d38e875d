"""Hands inside the program that is to end: they open something step by step, and answer what is asked in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QThread, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from engine import edits
from engine.graph.graph import Graph
from tests.attack.closings.window_manager import send_close

if TYPE_CHECKING:
    from gui.canvas.editor import ValueEditor
    from gui.main_window import MainWindow

Until = Callable[[], bool]  # what is waited for before the next step
Widget = TypeVar("Widget", bound=QWidget)
TICK = 3  # milliseconds
CONSENT = ("Save", "Don’t save", "Close", "Replace", "Save over it")


class Hand(QObject):
    """Plays steps in the loop of the program, within the loops of its dialogs too."""

    def __init__(self, app: QApplication, folder: Path, say: Callable[[str], None]) -> None:
        super().__init__(app)
        self.app, self.folder, self.say = app, folder, say
        self.save = False  # whether what is asked about unsaved work is answered with “Save”
        self._steps: Iterator[Until] = iter(())
        self._until: Until = lambda: True
        self._timer = QTimer(self, interval=TICK)
        self._timer.timeout.connect(self._tick)

    def play(self, steps: Iterator[Until]) -> None:
        self._steps, self._until = steps, lambda: True
        self._timer.start()

    def _tick(self) -> None:
        if not self._until():
            return
        step = next(self._steps, None)
        if step is None:
            self._timer.stop()
        else:
            self._until = step

    def soon(self, do: Callable[[], object]) -> None:
        """Do what may wait for an answer, without waiting for it here."""
        QTimer.singleShot(0, self, do)

    # --- the program

    @property
    def window(self) -> MainWindow:
        found = [widget for widget in QApplication.allWidgets() if widget.objectName() == "main-window"]
        return max(found, key=QWidget.isVisible)

    @property
    def viewport(self) -> QWidget:
        return self.window.canvas.viewport()

    @property
    def editor(self) -> ValueEditor:
        return self.window.canvas.desk.editor

    @property
    def level(self) -> int:
        return QThread.currentThread().loopLevel()

    def action(self, id: str) -> QAction:
        return self.window.action_set.by_id[id]

    def named(self, kind: type[Widget], name: str) -> Widget:
        return next(w for w in self.window.findChildren(kind) if w.accessibleName() == name and w.isVisible())

    def at(self, x: float, y: float) -> QPoint:
        return self.window.canvas.mapFromScene(QPointF(x, y))

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """To whatever has the keyboard: a menu, a dialog, a field."""
        over = QApplication.activePopupWidget() or QApplication.focusWidget() or QApplication.activeModalWidget()
        QTest.keyClick(over or self.window, key, keys)

    def press_window_button(self) -> None:
        """As a window manager does; without one, what Qt makes of it."""
        if QGuiApplication.platformName() == "xcb":
            send_close(int(self.window.window().winId()))
        else:
            self.window.window().windowHandle().close()

    def context_menu(self, id: str) -> None:
        spot = self.window.canvas.mapFromScene(self.window.canvas.scene().node_items[id].card().center())
        place = self.viewport.mapToGlobal(spot)
        QApplication.sendEvent(self.viewport, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, place))

    # --- what is in it

    def work(self) -> Iterator[Until]:
        """The window is there, and has something that is not saved."""
        yield lambda: self.window.isVisible() and bool(self.window.bridge.now.graph.nodes)
        self.window.window().showNormal()
        self.window.window().resize(1280, 800)
        self.window.canvas.setFocus()
        self.window.activateWindow()
        first = next(iter(self.window.bridge.now.graph.nodes))
        self.window.bridge.edit(lambda graph: edits.move_nodes(graph, {first: WORKED}))
        self.window.canvas.camera.fit_all(animated=False)
        yield lambda: self.window.isActiveWindow() and self.window.canvas.hasFocus()

    # --- the end

    def answer(self) -> Iterator[Until]:
        """Whatever is asked at the end is answered, and told."""
        while True:
            yield lambda: isinstance(QApplication.activeModalWidget(), QMessageBox)
            box = QApplication.activeModalWidget()
            assert isinstance(box, QMessageBox)
            words = {button.text().replace("&", ""): button for button in box.buttons()}
            chosen = [text for text in CONSENT if text in words and not (text == "Save" and not self.save)]
            self.say(f"asked {box.text()}")
            if chosen:
                words[chosen[0]].click()
            yield lambda box=box: box is not QApplication.activeModalWidget()


WORKED = (-37.0, -11.0)  # where the first node is put: unsaved work


def worked(graph: Graph) -> bool:
    """Whether a graph has the unsaved work."""
    return next(iter(graph.nodes.values())).pos == WORKED
