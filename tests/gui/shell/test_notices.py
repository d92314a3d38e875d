"""A notice stands as long as its cause, and leaves the keys where they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from engine.errors import FileError
from engine.files import disk
from gui.document import settings
from gui.document.errors import Choice, Notice
from gui.main_window import MainWindow
from tests.gui.window_tools import ALT, CTRL, LEFT, Key, press


def standing(window: MainWindow) -> list[str]:
    """What is said above the canvas."""
    bars = [window.messages, *window.standing.by_topic.values()]
    return [bar.sentence.text() for bar in bars if bar.isVisible()]


def change(window: MainWindow) -> None:
    window.selection.select(["x"])
    window.canvas.setFocus()
    press(window, Key.Key_Right, ALT)


@pytest.fixture
def unsaved_window(product_window: MainWindow) -> MainWindow:
    """A window whose file has become a folder: saving has failed."""
    path = product_window.files.path
    assert path is not None
    path.unlink()
    path.mkdir()
    change(product_window)
    product_window.files.ask.changed = "keep"
    press(product_window, Key.Key_S, CTRL)
    assert len(standing(product_window)) >= 1 and product_window.bridge.document.modified
    return product_window


def test_that_a_save_failed_is_over_when_one_works(unsaved_window: MainWindow, tmp_path: Path) -> None:
    unsaved_window.files.ask.save_path = tmp_path / "elsewhere.gradloom"
    press(unsaved_window, Key.Key_S, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert disk.load(tmp_path / "elsewhere.gradloom") and standing(unsaved_window) == []


def test_that_a_save_failed_is_no_news_of_another_document(unsaved_window: MainWindow) -> None:
    unsaved_window.files.ask.unsaved = "discard"
    press(unsaved_window, Key.Key_N, CTRL)
    assert standing(unsaved_window) == []


def test_another_refusal_does_not_hide_that_a_save_failed(unsaved_window: MainWindow) -> None:
    said = standing(unsaved_window)
    unsaved_window.tell_error(FileError("there is no such file"))
    assert set(said) < set(standing(unsaved_window))


def test_folders_that_are_mended_are_written_and_no_longer_spoken_of(window, tmp_path, monkeypatch) -> None:
    blocked = tmp_path / "blocked"
    blocked.touch()
    monkeypatch.setenv("GRADLOOM_CONFIG_DIR", str(blocked))
    window.begin(None)
    window.preferences.choose_speed(2)
    assert str(blocked) in standing(window)[0]
    comes_back()
    assert str(blocked) in standing(window)[0]
    blocked.unlink()
    comes_back()
    assert standing(window) == [] and settings.get("speed") == 2
    assert "speed=2" in (blocked / "gradloom.ini").read_text("utf-8")


def comes_back() -> None:
    """The program gets the focus."""
    QGuiApplication.instance().applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)


# --- the keys


@pytest.mark.parametrize("topic", ["", "disk"])
@pytest.mark.parametrize("words", ["Close", "Keep mine"])
def test_the_keys_go_back_to_the_canvas_when_a_notice_goes(product_window, topic: str, words: str) -> None:
    window = product_window
    notice = Notice("It was changed.", topic=topic, choices=(Choice("Keep mine", lambda: None),))
    for uses in (click, by_keys):
        window.tell(notice)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # the buttons of the notice before
        bar = window.standing.by_topic[topic] if topic else window.messages
        [button] = [b for b in bar.findChildren(QPushButton) if b.text() == words and b.isVisible()]
        uses(button)
        assert standing(window) == [] and window.canvas.hasFocus()


def click(button: QPushButton) -> None:
    QTest.mouseClick(button, LEFT)


def by_keys(button: QPushButton) -> None:
    button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(button, Key.Key_Space)
