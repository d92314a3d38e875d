"""Text beside the canvas in every size: at once, kept, and nothing is cut off at 150 %."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from gui.document import settings
from gui.look import style
from gui.look.text_size import SIZES, scaled, text_size
from gui.main_window import MainWindow
from gui.panels.palette import OpList
from gui.widgets.labels import ElidedLabel
from tests.gui.canvas_tools import value_spot
from tests.gui.window_tools import press


@pytest.fixture
def dressed(product_window: MainWindow):
    style.apply(QApplication.instance())
    style.dress(product_window)
    product_window.resize(1280, 720)
    for percent in (115, 100):
        text_size.choose(percent)
    yield product_window
    text_size.choose(100)


def sizes(window: QWidget) -> dict[str, int]:
    """The height of the type of all that is written by Qt."""
    parts = [part for part in window.findChildren(QWidget) if isinstance(part, QLabel | QAbstractButton | QLineEdit)]
    return {f"{number} {type(part).__name__}": part.fontInfo().pixelSize() for number, part in enumerate(parts)}


def cut_off(window: QWidget) -> list[str]:
    """The words that are seen and have less room than they need."""
    found = []
    for part in window.findChildren(QWidget):
        if not isinstance(part, QLabel | QAbstractButton) or not part.isVisible() or not part.text():
            continue
        if isinstance(part, ElidedLabel) or (isinstance(part, QLabel) and part.wordWrap()):
            continue  # these end in … or go on in another line
        need = part.fontMetrics().boundingRect(part.text())
        if part.height() < need.height() - 3 or part.width() < part.fontMetrics().horizontalAdvance(part.text()):
            found.append(f"{part.text()}: {part.width()} × {part.height()}")
    return found


def test_all_text_grows_at_once_and_goes_back(dressed: MainWindow) -> None:
    before, card = sizes(dressed), dressed.canvas.desk.scene.stage.box("q")
    dressed.action_set.by_id["text_150"].trigger()
    larger = sizes(dressed)
    assert larger.keys() == before.keys()
    assert {name for name in before if larger[name] < 1.4 * before[name]} == set()
    assert dressed.status.height() == scaled(26) == 39
    assert dressed.canvas.desk.scene.stage.box("q") == card  # on the canvas one zooms
    dressed.action_set.by_id["text_100"].trigger()
    assert sizes(dressed) == before


@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.parametrize("chosen", [[], ["x"], ["q"]])
def test_no_words_are_cut_off(dressed: MainWindow, qtbot, percent: int, chosen: list[str]) -> None:
    dressed.preferences.choose_text_size(percent)
    dressed.selection.select(chosen)
    qtbot.waitUntil(lambda: cut_off(dressed) == [])


def test_what_is_typed_and_what_is_picked_grow_too(dressed: MainWindow) -> None:
    rows = dressed.ops.findChild(OpList)
    high = rows.sizeHintForRow(1)
    dressed.preferences.choose_text_size(200)
    assert rows.sizeHintForRow(1) > high
    dressed.canvas.desk.editor.type_value("x")
    assert dressed.canvas.desk.editor.height() == 56 and value_spot(dressed.canvas, "x") is not None


def test_the_size_is_kept_and_tells_which_it_is(dressed: MainWindow) -> None:
    dressed.preferences.choose_text_size(130)
    assert settings.get("text_size") == 130 and text_size.percent == 130
    dressed.preferences.change_text_size(1)
    assert text_size.percent == 150 and dressed.action_set.by_id["text_150"].isChecked()
    for _ in SIZES:
        dressed.preferences.change_text_size(1)
    assert text_size.percent == SIZES[-1]
    text_size.choose(61)
    assert text_size.percent == SIZES[0]


def test_f1_is_readable_in_large_type(dressed: MainWindow, qtbot) -> None:

    dressed.preferences.choose_text_size(150)
    seen: list[int] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        seen.extend(label.fontInfo().pixelSize() for label in dialog.findChildren(QLabel) if label.text() == "Undo")
        seen.append(dialog.width())
        dialog.close()

    QTimer.singleShot(0, dressed, look)
    press(dressed, Qt.Key.Key_F1)
    assert seen and all(size >= 19 for size in seen)
