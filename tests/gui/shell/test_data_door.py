"""A CSV is dropped on the window: its columns are chosen, what is left out is said, a dataset learns from the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from engine import edits
from engine.data.csv import survey_csv
from engine.data.survey import Survey
from gui.document import jobs
from gui.main_window import MainWindow
from gui.shell import data_door
from gui.shell.closing import take_down
from gui.shell.dialogs.data_columns import FEATURE, NAME, TARGET, DataDialog
from tests.gui.tabs_tools import open_tabs
from tests.gui.window_tools import CTRL, LEFT, Key, file_data, give, lay_out, press

ROWS = """name;width;height;site;kind
a;1,5;2,0;x;big
b;;1,5;x;small
c;2,5;NA;x;big
d;"1,75";2,25;x;"big"
e;3;1;x;small;9
f;-0,5;4e-1;x;small
"""
USED = "3 of 6 rows, 2 features; “kind” is the target: classes."


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    file = tmp_path / "rows.csv"
    file.write_text(ROWS)
    return file


def asked(qtbot, window: MainWindow, act: Callable[[DataDialog], object], opens: Callable[[], object]) -> None:
    """Do what opens the dialog, and act in it once it is there."""
    done: list[bool] = []
    timer = QTimer(window, interval=5)

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, DataDialog):
            timer.stop()
            QApplication.processEvents()
            try:
                act(dialog)
            finally:
                if dialog.isVisible():
                    QTest.keyClick(dialog, Key.Key_Escape)
                done.append(True)

    timer.timeout.connect(look)
    timer.start()
    opens()
    qtbot.waitUntil(lambda: bool(done))
    lay_out(window)


def drop(window: MainWindow, *paths: Path) -> Callable[[], object]:
    return lambda: give(window, file_data(*paths), QPoint(700, 300))


def take(dialog: DataDialog) -> None:
    QTest.mouseClick(dialog.take, LEFT)


def ticks(dialog: DataDialog, place: int) -> list[str]:
    """The names of the columns that are ticked."""
    count = dialog.table.rowCount()
    on = [at for at in range(count) if dialog.table.item(at, place).checkState() == Qt.CheckState.Checked]
    return [dialog.table.item(at, NAME).text() for at in on]


def features(window: MainWindow, id: str) -> np.ndarray | None:
    return window.bridge.now.trace.value(id)


def test_a_dropped_table_is_one_undo_step_and_reads_what_was_chosen(qtbot, window, rows) -> None:
    before = window.bridge.now.graph

    def act(dialog: DataDialog) -> None:
        assert ticks(dialog, FEATURE) == ["width", "height"] and ticks(dialog, TARGET) == ["kind"]
        assert dialog.shape.text().startswith("6 rows of 5 columns, with semicolons between them; decimal commas")
        assert dialog.report.text() == USED
        for gap in ("“width” is empty (line 3)", "“height” is not a number (line 4)", "6 cells, not 5 (line 6)"):
            assert gap in dialog.gaps.text()
        assert "“name” (words), “site” (the same in every row)" in dialog.gaps.text()
        take(dialog)

    asked(qtbot, window, act, drop(window, rows))
    [id] = window.bridge.now.graph.nodes
    assert window.selection.nodes == {id} and window.status.sentence.text() == USED
    qtbot.waitUntil(lambda: features(window, id) is not None)
    node = window.bridge.now.graph.nodes[id]
    assert (node.chosen["columns"], node.chosen["label"], node.chosen["skips"]) == ("width,height", "kind", True)
    raw = np.array([[1.5, 2.0], [1.75, 2.25], [-0.5, 0.4]])
    scaled = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    shown = features(window, id)
    np.testing.assert_allclose(shown[np.lexsort(shown.T)], scaled[np.lexsort(scaled.T)], rtol=1e-12)
    assert not window.bridge.now.problems or all("wants" not in each.sentence for each in window.bridge.now.problems)
    window.canvas.setFocus()
    press(window, Key.Key_Z, CTRL)
    assert window.bridge.now.graph == before and window.bridge.document.undo_text is None
    press(window, Key.Key_Y, CTRL)
    assert window.bridge.now.graph.nodes[id] == node


def test_columns_are_chosen_by_keys_and_by_mouse(qtbot, window, rows) -> None:
    def act(dialog: DataDialog) -> None:
        table = dialog.table
        table.setCurrentCell(1, FEATURE)
        assert table.hasFocus()
        QTest.keyClick(table, Key.Key_Space)
        assert ticks(dialog, FEATURE) == ["height"] and dialog.report.text().startswith("4 of 6 rows, 1 feature;")
        assert "“width” (not chosen)" in dialog.gaps.text() and "“width” is empty" not in dialog.gaps.text()
        table.setCurrentCell(2, TARGET)
        QTest.keyClick(table, Key.Key_Space)
        assert ticks(dialog, TARGET) == ["height"] and ticks(dialog, FEATURE) == [], "a column is one or the other"
        assert dialog.report.text() == "Choose at least one column as a feature." and not dialog.take.isEnabled()
        spot = table.visualItemRect(table.item(1, FEATURE))
        QTest.mouseClick(table.viewport(), LEFT, pos=QPoint(spot.left() + 12, spot.center().y()))
        assert ticks(dialog, FEATURE) == ["width"]
        assert "“height” is the target: a number to hit" in dialog.report.text()
        assert not table.item(0, FEATURE).flags(), "words are no feature"
        QTest.mouseClick(dialog.scale, LEFT, pos=QPoint(10, dialog.scale.height() // 2))
        QTest.keyClick(table, Key.Key_Return)

    asked(qtbot, window, act, drop(window, rows))
    [node] = window.bridge.now.graph.nodes.values()
    chosen = node.chosen
    assert (chosen["columns"], chosen["label"], chosen["standardise"]) == ("width", "height", False)
    qtbot.waitUntil(lambda: features(window, node.id) is not None)
    assert sorted(features(window, node.id)[:, 0].tolist()) == [-0.5, 1.5, 1.75]


def test_cancelled_nothing_is_changed_and_nothing_may_be_read(qtbot, window, rows) -> None:
    before = window.bridge.now.graph
    asked(qtbot, window, lambda dialog: QTest.mouseClick(dialog.cancel, LEFT), drop(window, rows))
    assert window.bridge.now.graph is before and not window.bridge.document.modified


def test_the_dataset_that_is_there_takes_the_rows_or_a_new_one_does(qtbot, window, rows) -> None:
    window.canvas.newcomers.add_op("dataset")
    [there] = window.bridge.now.graph.nodes
    window.selection.select([])

    def into_new(dialog: DataDialog) -> None:
        assert dialog.goal == there
        QTest.keyClick(dialog.into, Key.Key_Down)
        assert dialog.goal is None
        take(dialog)

    asked(qtbot, window, take, drop(window, rows))
    assert list(window.bridge.now.graph.nodes) == [there]
    assert window.bridge.now.graph.nodes[there].chosen["path"] == str(rows)
    asked(qtbot, window, into_new, drop(window, rows))
    assert len(window.bridge.now.graph.nodes) == 2


def test_without_a_header_the_first_line_is_a_row(qtbot, window, tmp_path) -> None:
    file = tmp_path / "plain.csv"
    file.write_text("1,2,0\n3,4,1\n5,7,0\n")

    def act(dialog: DataDialog) -> None:
        assert not dialog.header.isChecked() and dialog.report.text().startswith("3 rows, 2 features; “column 3”")
        QTest.mouseClick(dialog.header, LEFT, pos=QPoint(10, dialog.header.height() // 2))
        qtbot.waitUntil(dialog.header.isEnabled)
        assert dialog.header.isChecked() and dialog.report.text().startswith("2 rows, 2 features; “0”")
        QTest.mouseClick(dialog.header, LEFT, pos=QPoint(10, dialog.header.height() // 2))
        qtbot.waitUntil(dialog.header.isEnabled)
        take(dialog)

    asked(qtbot, window, act, drop(window, file))
    [node] = window.bridge.now.graph.nodes.values()
    assert node.chosen["header"] is False and node.chosen["columns"] == ""
    qtbot.waitUntil(lambda: features(window, node.id) is not None)
    assert features(window, node.id).shape == (3, 2)


def test_looking_again_is_no_work_of_the_window(qtbot, window, rows, monkeypatch) -> None:
    """A large file takes its time: meanwhile nothing can be chosen from what is no more, and Esc goes."""
    may, threads = threading.Event(), set[int]()

    def slowly(path: str, has_header: bool | None = None) -> Survey:
        if has_header is not None:
            threads.add(threading.get_ident())
            assert may.wait(20)
        return survey_csv(path, has_header)

    def act(dialog: DataDialog) -> None:
        QTest.mouseClick(dialog.header, LEFT, pos=QPoint(10, dialog.header.height() // 2))
        assert dialog.report.text() == "Looking at the file again …"
        assert not (dialog.take.isEnabled() or dialog.table.isEnabled() or dialog.header.isEnabled())
        rows.write_bytes(b"\xff")
        may.set()
        qtbot.waitUntil(dialog.header.isEnabled)
        assert dialog.header.isChecked() and "UTF-8" in dialog.report.text()

    monkeypatch.setattr(data_door, "survey_csv", slowly)
    monkeypatch.setattr(jobs, "AT_ONCE", 0.0)
    asked(qtbot, window, act, drop(window, rows))
    assert threads and threading.get_ident() not in threads


def test_the_inspector_asks_for_the_file_of_its_dataset(qtbot, window, rows) -> None:
    window.canvas.newcomers.add_op("dataset")
    [id] = window.bridge.now.graph.nodes
    window.bridge.edit(lambda graph: edits.set_setting(graph, id, "name", "csv"))
    window.selection.select([id])
    window.files.ask.open_path = rows
    lay_out(window)
    [choose] = [each for each in window.inspector.findChildren(QPushButton) if each.text() == "Choose …"]
    asked(qtbot, window, take, lambda: QTimer.singleShot(0, window, lambda: QTest.mouseClick(choose, LEFT)))
    assert list(window.bridge.now.graph.nodes) == [id]
    assert window.bridge.now.graph.nodes[id].chosen["path"] == str(rows)
    qtbot.waitUntil(lambda: features(window, id) is not None)


def test_what_cannot_be_read_is_said_in_one_sentence_and_the_next_file_is_asked_about(
    qtbot, window, rows, tmp_path
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"a,b\n1,\xff\n")
    before = window.bridge.now.graph
    asked(qtbot, window, lambda dialog: None, drop(window, bad, rows))
    assert "bad.csv" in window.messages.sentence.text() and "UTF-8" in window.messages.sentence.text()
    assert window.bridge.now.graph is before


def test_a_file_that_takes_long_is_asked_about_when_it_was_looked_at(qtbot, window, rows, monkeypatch) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 0.0)
    asked(qtbot, window, lambda dialog: (window.jobs.running == [] or pytest.fail(), take(dialog)), drop(window, rows))
    [id] = window.bridge.now.graph.nodes
    qtbot.waitUntil(lambda: features(window, id) is not None)


def test_a_file_is_chosen_from_the_menu_too(qtbot, window, rows) -> None:
    window.files.ask.open_path = rows
    asked(qtbot, window, take, lambda: QTimer.singleShot(0, window, window.action_set.by_id["take_rows"].trigger))
    assert window.files.ask.asked == ["rows"] and len(window.bridge.now.graph.nodes) == 1


def test_a_table_that_is_opened_as_a_document_goes_the_same_way(qtbot, rows) -> None:
    tabs = open_tabs()
    try:
        page = tabs.current
        assert isinstance(page, MainWindow)
        page.files.ask.open_path = rows
        asked(qtbot, page, take, lambda: QTimer.singleShot(0, page, page.action_set.by_id["open"].trigger))
        assert len(tabs.pages) == 1 and len(page.bridge.now.graph.nodes) == 1
    finally:
        tabs.closing.end()
        take_down(tabs)


@pytest.mark.parametrize(
    ("ids", "ticked"), [((1, 2, 3, 4), ["width"]), ((0, 1, 2, 3), ["width"]), ((1, 2, 4, 3), ["id", "width"])]
)
def test_what_only_numbers_the_rows_is_no_feature_unless_it_is_asked_for(
    qtbot, window, tmp_path, ids: tuple[int, ...], ticked: list[str]
) -> None:
    file = tmp_path / "rows.csv"
    lines = [f"{id},{wide},{kind}\n" for id, wide, kind in zip(ids, (1.5, 7, 2.5, 9), "abab", strict=True)]
    file.write_text("id,width,kind\n" + "".join(lines))

    def act(dialog: DataDialog) -> None:
        assert ticks(dialog, FEATURE) == ticked
        assert ("“id” (it numbers the rows)" in dialog.gaps.text()) == ("id" not in ticked)

    asked(qtbot, window, act, drop(window, file))


def test_a_column_that_numbers_the_rows_is_learnt_from_where_there_is_no_other(qtbot, window, tmp_path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("day,price\n1,2.5\n2,2.75\n3,3.5\n")
    asked(
        qtbot, window, lambda dialog: ticks(dialog, FEATURE) == ["day"] or pytest.fail("not ticked"), drop(window, file)
    )
