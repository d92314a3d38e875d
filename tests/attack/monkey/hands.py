"""Hands: they do to the window what an event says, with Qt's own events; dialogs that open are answered by a timer."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import shiboken6
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QThread, QTimer, QTimerEvent, QUrl
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QKeySequence,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from engine.ops.op import OPS
from gui.canvas.hits import ports_of
from gui.document.clock import LONGEST, Ticker
from gui.main_window import MainWindow
from gui.shell.tabs.tabbed_window import TabbedWindow
from gui.widgets.op_card import OP_MIME

BUTTONS = {
    "left": Qt.MouseButton.LeftButton,
    "right": Qt.MouseButton.RightButton,
    "middle": Qt.MouseButton.MiddleButton,
}
MODIFIERS = {
    "": Qt.KeyboardModifier.NoModifier,
    "shift": Qt.KeyboardModifier.ShiftModifier,
    "ctrl": Qt.KeyboardModifier.ControlModifier,
}
LEFT, NO = BUTTONS["left"], MODIFIERS[""]
TOUCHED = (QAbstractButton, QLineEdit, QComboBox, QAbstractSlider, QAbstractSpinBox, QTabBar, QPlainTextEdit)
NEVER = ("quit", "theme")  # what comes after the first finds no window; to dress it again is a rare event of its own
LOOK = 1  # millisecond after which a timer looks whether a dialog is open
MOST_ANSWERS = 5


class Hands:
    """Hands on one window, with the document in front. `folder` holds the files that dialogs choose from."""

    def __init__(self, tabs: TabbedWindow, folder: Path) -> None:
        self.tabs, self.folder = tabs, folder
        self._random = Random(0)
        self._answers = 0
        self._look = QTimer(interval=LOOK, singleShot=True)
        self._look.timeout.connect(self._answer)

    @property
    def window(self) -> MainWindow:
        """The document in front."""
        page = self.tabs.current
        assert isinstance(page, MainWindow)
        return page

    def do(self, event: list[Any]) -> None:
        """One event, and everything that it sets off at once."""
        self._random, self._answers = Random(repr(event)), 0
        self._expect()
        getattr(self, f"_{event[0]}")(*event[1:])
        QApplication.processEvents()
        self._close_popups()
        self._look.stop()

    # --- the mouse on the canvas

    def _click(self, where: Any, keys: str, button: str) -> None:
        spot = self.spot(where)
        QTest.mouseMove(self._surface, spot)
        QTest.mouseClick(self._surface, BUTTONS[button], MODIFIERS[keys], spot)

    def _double(self, where: Any) -> None:
        spot = self.spot(where)
        QTest.mouseClick(self._surface, LEFT, NO, spot)
        QTest.mouseDClick(self._surface, LEFT, NO, spot)

    def _drag(self, start: Any, end: Any, keys: str, finish: str, key: str) -> None:
        begin, goal = self.spot(start), self.spot(end)
        QTest.mousePress(self._surface, LEFT, MODIFIERS[keys], begin)
        for part in (0.3, 0.7, 1.0):
            QTest.mouseMove(self._surface, begin + (goal - begin) * part)
            QApplication.processEvents()
        if finish == "escape":
            self._key("Escape")
        elif finish == "key":
            self._key(key)
        elif finish == "right":
            QTest.mousePress(self._surface, BUTTONS["right"], NO, goal)
            QTest.mouseRelease(self._surface, BUTTONS["right"], NO, goal)
        if finish != "hold":
            QTest.mouseRelease(self._surface, LEFT, MODIFIERS[keys], goal)

    def _wheel(self, where: Any, turn: int, keys: str) -> None:
        self._turn(self._surface, self.spot(where), turn, keys)

    def _turn(self, widget: QWidget, spot: QPoint, turn: int, keys: str = "") -> None:
        at, far = QPointF(spot), QPointF(widget.mapToGlobal(spot))
        phase = Qt.ScrollPhase.NoScrollPhase
        QApplication.sendEvent(
            widget,
            QWheelEvent(at, far, QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, MODIFIERS[keys], phase, False),
        )

    @property
    def _surface(self) -> QWidget:
        return self.window.canvas.viewport()

    def spot(self, where: Any) -> QPoint:
        """A place in the viewport."""
        canvas, kind, number = self.window.canvas, where[0], where[1]
        items = list(canvas.desk.scene.node_items.values())
        keys = list(canvas.desk.scene.stage.edges)
        if kind == "edge" and keys:
            return canvas.mapFromScene(QPointF(*canvas.desk.scene.stage.at(keys[number % len(keys)], where[2])))
        if kind == "point" or not items:
            size = self._surface.size()
            return QPoint(int(size.width() * (where[1] % 1)), int(size.height() * (where[-1] % 1)))
        item = items[number % len(items)]
        if kind in ("input", "output"):
            ends = [at for which, _, at in ports_of(item) if which == kind]
            if ends:
                return canvas.mapFromScene(ends[number // 7 % len(ends)])
        rect = {"value": item.value_rect, "name": item.name_rect}.get(kind, item.card)()
        return canvas.mapFromScene(rect.center() if kind != "node" else rect.topLeft() + QPointF(60, 70))

    # --- the rest of the window

    def _widget(self, number: int, how: str) -> None:
        """Something that can be touched, in the window or in one beside it."""
        over = [
            widget for widget in QApplication.topLevelWidgets() if widget.isVisible() and not isinstance(widget, QMenu)
        ]
        found = [child for widget in over for child in _touchable(widget)]
        if not found:
            return
        widget = found[number % len(found)]
        spot = QPoint(number // 7 % max(1, widget.width()), widget.height() // 2)
        if how == "wheel":
            self._turn(widget, spot, 120)
        elif how == "double":
            QTest.mouseDClick(widget, LEFT, NO, spot)
        else:
            QTest.mouseClick(widget, BUTTONS["right" if how == "right" else "left"], NO, spot)

    def _key(self, key: str) -> None:
        widget = QApplication.focusWidget() or self.window
        combination = QKeySequence({"Backtab": "Shift+Tab"}.get(key, key))[0]
        QTest.keyClick(widget, combination.key(), combination.keyboardModifiers())

    def _type(self, text: str, then: str) -> None:
        QTest.keyClicks(QApplication.focusWidget() or self.window, "".join(sign for sign in text if ord(sign) < 128))
        if then:
            self._key(then)

    def _shortcut(self, number: int) -> None:
        keys = [key for id, action in self._actions() for key in action.shortcuts()]
        self._key(keys[number % len(keys)].toString())

    def _menu(self, number: int) -> None:
        """An entry of a menu, as a click on it would."""
        usable = [action for _, action in self._actions() if action.isEnabled()]
        usable[number % len(usable)].trigger()

    def _actions(self) -> list[Any]:
        return [(id, action) for id, action in self.window.action_set.by_id.items() if not id.startswith(NEVER)]

    def _op(self, number: int, x: float, y: float) -> None:
        """An op out of the palette, dropped: the loop of a real drag cannot be driven."""
        data = QMimeData()
        data.setData(OP_MIME, list(OPS)[number % len(OPS)].encode())
        self._give(self._surface, data, self.spot(["point", x, y]))

    def _file(self, name: str) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self.folder / name))])
        self._give(self.window, data, QPoint(40, 40))

    def _give(self, target: QWidget, data: QMimeData, spot: QPoint) -> None:
        copy = Qt.DropAction.CopyAction
        QApplication.sendEvent(target, QDragEnterEvent(spot, copy, data, LEFT, NO))
        QApplication.sendEvent(target, QDragMoveEvent(spot, copy, data, LEFT, NO))
        QApplication.sendEvent(target, QDropEvent(QPointF(spot), copy, data, LEFT, NO))

    def _copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.window.canvas.setFocus()
        self._key("Ctrl+V")

    def _resize(self, width: int, height: int) -> None:
        self.tabs.resize(width, height)

    def _theme(self) -> None:
        self.window.preferences.switch_theme()

    def _wait(self, milliseconds: int) -> None:
        """So much time passes, by hand: what moves is told of it, and every timer that would be up goes off."""
        for timer in self.tabs.findChildren(QTimer):
            if not shiboken6.isValid(timer) or not timer.isActive():
                continue
            if isinstance(timer, Ticker):
                timer.passed.emit(min(milliseconds / 1000, LONGEST))
            elif timer.remainingTime() <= milliseconds:
                QApplication.sendEvent(timer, QTimerEvent(timer.timerId()))
        QTest.qWait(1)

    def _away(self) -> None:
        """Another program has the focus for a moment."""
        widget = QApplication.focusWidget()
        if widget is not None:
            for kind in (QEvent.Type.FocusOut, QEvent.Type.FocusIn):
                QApplication.sendEvent(widget, QFocusEvent(kind, Qt.FocusReason.ActiveWindowFocusReason))

    # --- what opens over the window

    def _expect(self) -> None:
        self._look.start()

    def _answer(self) -> None:
        """A dialog waits in its own loop: touch what is in it a few times, then close it."""
        again = QTimer(interval=LOOK, singleShot=True)  # this one does not tick while it is being answered
        self._look = again
        again.timeout.connect(self._answer)
        again.start()
        if QThread.currentThread().loopLevel() == 0:
            return
        over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if over is None:
            return
        self._answers += 1
        if self._answers > MOST_ANSWERS:
            self._dismiss(over)
        else:
            self._touch(over)

    def _touch(self, over: QWidget) -> None:
        found, random = _touchable(over), self._random
        if isinstance(over, QMenu) or not found or random.random() < 0.2:
            QTest.keyClick(
                QApplication.focusWidget() or over,
                random.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Tab)),
            )
            return
        widget = random.choice(found)
        if isinstance(widget, (QLineEdit, QPlainTextEdit)):
            widget.setFocus()
            QTest.keyClicks(widget, random.choice(("x * 2", "relu(x) + y", "5", "640", "", "((", "f = w @ x")))
        elif isinstance(widget, QComboBox):
            QTest.keyClick(widget, random.choice((Qt.Key.Key_Down, Qt.Key.Key_Up)))
        else:
            QTest.mouseClick(widget, LEFT)

    def _dismiss(self, over: QWidget) -> None:
        if isinstance(over, QDialog):
            over.reject()
        else:
            over.close()

    def _close_popups(self) -> None:
        """A menu that stays open would take all that comes."""
        for _ in range(5):
            if (popup := QApplication.activePopupWidget()) is not None:
                if self._random.random() < 0.5:
                    QTest.keyClick(popup, Qt.Key.Key_Down)
                    QTest.keyClick(popup, Qt.Key.Key_Return)
                with suppress(RuntimeError):  # it has gone by itself
                    popup.close()

    def stop(self) -> None:
        self._look.stop()


def _touchable(widget: QWidget) -> list[QWidget]:
    return [child for kind in TOUCHED for child in widget.findChildren(kind) if child.isVisible() and child.isEnabled()]
