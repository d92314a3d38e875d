"""What is carried under the mouse is let go of by a shortcut, which then acts. The offscreen platform carries nothing,
so Qt's way of waiting, which eats every key but Escape, is played here; `attack closing` has the real one on a screen.
"""

import pytest
from PySide6.QtCore import QEvent, QEventLoop, QMimeData, QObject, Qt, QTimer
from PySide6.QtGui import QDrag, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.widgets.carrying import carry

Key, Held = Qt.Key, Qt.KeyboardModifier


class Waiting(QObject):
    """Waits as Qt does: until Escape."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = QEventLoop(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if isinstance(event, QKeyEvent) and event.key() == Key.Key_Escape:
            QApplication.instance().removeEventFilter(self)
            self.loop.quit()
        return isinstance(event, QKeyEvent)

    def wait(self) -> None:
        QApplication.instance().installEventFilter(self)
        self.loop.exec()
        QApplication.instance().removeEventFilter(self)


@pytest.fixture
def carried(qtbot, monkeypatch):
    """A window from which something is carried while a key is pressed: gives what came of it."""
    window, done = QWidget(), list[str]()
    qtbot.addWidget(window)
    QShortcut(QKeySequence("Ctrl+K"), window, lambda: done.append("acted"))
    window.show()
    qtbot.waitExposed(window)
    waiting = Waiting()
    monkeypatch.setattr("gui.widgets.carrying.QDrag.exec", lambda *_: waiting.wait())

    def press(key: Qt.Key, held: Qt.KeyboardModifier = Held.NoModifier) -> list[str]:
        drag, late = QDrag(window), QTimer(singleShot=True, interval=200)
        drag.setMimeData(QMimeData())
        QTimer.singleShot(20, window, lambda: QTest.keyClick(window, key, held))
        late.timeout.connect(lambda: (done.append("still carried"), waiting.loop.quit()))
        late.start()
        carry(drag)
        late.stop()
        return done

    return press


def test_a_shortcut_lets_go_and_acts(carried) -> None:
    assert carried(Key.Key_K, Held.ControlModifier) == ["acted"]


def test_escape_lets_go(carried) -> None:
    assert carried(Key.Key_Escape) == []


@pytest.mark.parametrize(("key", "held"), [(Key.Key_K, Held.NoModifier), (Key.Key_Control, Held.ControlModifier)])
def test_a_letter_or_a_held_key_changes_nothing(carried, key, held) -> None:
    assert carried(key, held) == ["still carried"]
