"""Several documents in one window: each on a tab, with a history, a view, a pass and a recovery copy of its own."""

from __future__ import annotations

import gc
from weakref import ref

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton

from engine import edits
from engine.files import disk
from gui.document import jobs, settings
from gui.shell.closing import take_down
from gui.shell.dialogs.check import CheckDialog
from gui.shell.dialogs.questions import FileQuestions
from gui.shell.tabs.tabbed_window import TabbedWindow
from tests.gui.document.answers import Answers
from tests.gui.graphs import product
from tests.gui.keys.keys_tools import gates
from tests.gui.tabs_tools import click_tab, graph, names, open_tabs, read, tab_spot
from tests.gui.window_tools import CTRL, LEFT, NONE, SHIFT, Key, file_data, give, press

MIDDLE = Qt.MouseButton.MiddleButton


@pytest.fixture
def tabs(qapp, tmp_path):
    disk.save(product(), tmp_path / "product.gradloom")
    disk.save(gates(), tmp_path / "gates.gradloom")
    (tmp_path / "bad.gradloom").write_text("{")
    made = open_tabs()
    yield made
    made.closing.end()
    take_down(made)


@pytest.fixture
def two(tabs, tmp_path) -> TabbedWindow:
    """Two files, the second in front."""
    assert tabs.open(tmp_path / "product.gradloom") and tabs.open(tmp_path / "gates.gradloom")
    QApplication.processEvents()
    return tabs


def ctrl(tabs: TabbedWindow, key: Qt.Key, more=NONE) -> None:
    press(tabs, key, CTRL | more)
    QApplication.processEvents()


def test_one_document_has_no_strip_and_a_second_has_one(tabs, tmp_path):
    assert not tabs.band.isVisible() and tabs.windowTitle() == "Untitled[*] — Gradloom"
    tabs.current.files.ask.open_path = tmp_path / "product.gradloom"
    ctrl(tabs, Key.Key_O)
    assert names(tabs) == ["product.gradloom"] and not tabs.band.isVisible(), "the empty one made way"
    tabs.current.files.ask.open_path = tmp_path / "gates.gradloom"
    ctrl(tabs, Key.Key_O)
    assert read(tabs) == ["product.gradloom", "gates.gradloom"] and tabs.band.isVisible()
    assert tabs.windowTitle() == "gates.gradloom[*] — Gradloom" and graph(tabs) == gates()


def test_at_the_start_the_keys_are_on_the_canvas(tabs, qtbot):
    qtbot.waitUntil(tabs.isActiveWindow)
    assert QApplication.focusWidget() is tabs.current.canvas
    for sign in "x=3":
        QTest.keyClick(QApplication.focusWidget(), sign)
    press(tabs, Key.Key_Return)
    assert float(graph(tabs).nodes["x"].value) == 3


def test_the_same_file_is_never_open_twice(two, tmp_path):
    (tmp_path / "link.gradloom").symlink_to(tmp_path / "product.gradloom")
    assert two.open(tmp_path / "link.gradloom")
    assert names(two) == ["product.gradloom", "gates.gradloom"] and two.current.files.name == "product.gradloom"
    assert two.current.files.ask.asked == []
    assert two.current.status.sentence.text() == "“product.gradloom” was open already."


def test_a_file_that_is_open_is_not_read_again_and_that_is_said(two, tmp_path):
    two.current.bridge.edit(lambda graph: edits.delete(graph, ["s"]))
    two.current.files.ask.open_path = tmp_path / "gates.gradloom"
    ctrl(two, Key.Key_O)
    assert "s" not in graph(two).nodes and read(two)[1] == "gates.gradloom*"
    said = two.current.status.sentence.text()
    assert said == "“gates.gradloom” was open already, with changes that are not saved."


def test_each_has_a_history_a_selection_a_view_and_a_place_in_the_pass_of_its_own(two):
    gates_page, product_page = two.current, two.pages[0]
    press(two, Key.Key_End)
    gates_page.selection.select(["s"])
    gates_page.canvas.camera.zoom_in()
    at, zoom = gates_page.bridge.player.position, gates_page.canvas.camera.zoom
    assert at > 0
    ctrl(two, Key.Key_Tab)
    assert two.current is product_page and product_page.canvas.hasFocus()
    product_page.bridge.edit(lambda graph: edits.delete(graph, ["z"]))
    product_page.bridge.player.go_to_start()
    assert read(two) == ["product.gradloom*", "gates.gradloom"] and two.isWindowModified()
    ctrl(two, Key.Key_Tab)
    assert (gates_page.bridge.player.position, gates_page.canvas.camera.zoom) == (at, pytest.approx(zoom))
    assert gates_page.selection.nodes == {"s"} and not two.isWindowModified()
    assert not gates_page.action_set.by_id["undo"].isEnabled()
    ctrl(two, Key.Key_Tab, SHIFT)
    ctrl(two, Key.Key_Z)
    assert graph(two) == product() and read(two) == ["product.gradloom", "gates.gradloom"]


def test_a_file_that_cannot_be_opened_leaves_everything_as_it_was_and_says_why(two, tmp_path):
    here = two.current
    assert not two.open(tmp_path / "bad.gradloom")
    QApplication.processEvents()
    assert names(two) == ["product.gradloom", "gates.gradloom"] and two.current is here
    assert "bad.gradloom" in here.messages.sentence.text() and here.messages.isVisible()


def test_files_that_are_dropped_come_each_on_a_tab(tabs, tmp_path):
    assert give(tabs.current, file_data(tmp_path / "product.gradloom", tmp_path / "gates.gradloom"), QPoint(40, 40))
    assert names(tabs) == ["product.gradloom", "gates.gradloom"]


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("how", ["begin", "drop", "reopened"])
@pytest.mark.parametrize("order", [("product", "bad", "gone", "worse"), ("bad", "gone", "worse", "product")])
def test_all_files_that_cannot_be_opened_are_named(tabs, tmp_path, qtbot, monkeypatch, at_once, how, order):
    if not at_once:
        monkeypatch.setattr(jobs, "AT_ONCE", 0.0)
    (tmp_path / "worse.gradloom").write_text("[")
    files = [tmp_path / f"{name}.gradloom" for name in order]
    if how == "reopened":
        settings.put("documents", [str(path) for path in files])
    if how == "drop":
        tabs.drop(files)
    else:
        tabs.begin([] if how == "reopened" else files)
    qtbot.waitUntil(lambda: "product.gradloom" in names(tabs) and tabs.current.messages.isVisible())
    bad = ("bad.gradloom", "gone.gradloom", "worse.gradloom")
    qtbot.waitUntil(lambda: all(name in tabs.current.messages.sentence.text() for name in bad))
    assert tabs.current.messages.isVisible() and names(tabs) == ["product.gradloom"]


def test_of_many_files_that_cannot_be_opened_all_names_are_told_and_one_alone_says_why(tabs, tmp_path):
    files = [tmp_path / f"gone{i}.gradloom" for i in range(5)]
    tabs.drop(files)
    said = tabs.current.messages.sentence.text()
    assert all(path.name in said for path in files) and said.endswith("open one alone to read why.")
    tabs.open(files[0])
    assert "gone0" in tabs.current.messages.sentence.text() and "gone1" not in tabs.current.messages.sentence.text()


def test_a_click_shows_a_middle_click_closes_and_a_drag_puts_in_order(two):
    ctrl(two, Key.Key_N)
    assert read(two) == ["product.gradloom", "gates.gradloom", "Untitled"]
    click_tab(two, 0)
    assert two.current.files.name == "product.gradloom"
    strip = two.band.strip
    start, end = tab_spot(two, 0), tab_spot(two, 2) + QPoint(30, 0)
    QTest.mousePress(strip, LEFT, NONE, start)
    for part in (0.2, 0.4, 0.6, 0.8, 1.0):
        QTest.mouseMove(strip, start + (end - start) * part)
        QApplication.processEvents()
    QTest.mouseRelease(strip, LEFT, NONE, end)
    QTest.qWait(400)  # Qt lets a tab glide into its place
    assert read(two) == names(two) == ["gates.gradloom", "Untitled", "product.gradloom"]
    assert two.current.files.name == "product.gradloom" and graph(two) == product()
    click_tab(two, 1, MIDDLE)
    assert names(two) == ["gates.gradloom", "product.gradloom"] == read(two)
    button = strip.tabButton(0, strip.ButtonPosition.RightSide)
    assert isinstance(button, QToolButton)
    QTest.mouseClick(button, LEFT)
    QApplication.processEvents()
    assert names(two) == ["product.gradloom"] and not two.band.isVisible()


def test_the_tip_says_the_whole_path_and_what_is_unsaved(two, tmp_path):
    strip = two.band.strip
    assert strip.tabToolTip(0) == str(tmp_path / "product.gradloom")
    two.current.bridge.edit(lambda graph: edits.delete(graph, ["s"]))
    assert strip.tabToolTip(1) == f"{tmp_path / 'gates.gradloom'} (unsaved changes)"
    assert strip.accessibleTabName(1) == "gates.gradloom, unsaved"


def choose(tabs: TabbedWindow, at: int, entry: str) -> None:
    """From the menu of a tab, with the mouse."""
    strip, spot = tabs.band.strip, tab_spot(tabs, at)
    QApplication.sendEvent(strip, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, strip.mapToGlobal(spot)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(action for action in menu.actions() if action.text() == entry)
    QTest.mouseClick(menu, LEFT, NONE, menu.actionGeometry(action).center())
    QApplication.processEvents()


def test_the_menu_of_a_tab(two, tmp_path):
    choose(two, 0, "Copy the path")
    assert QApplication.clipboard().text() == str(tmp_path / "product.gradloom")
    choose(two, 0, "Close the others")
    assert names(two) == ["product.gradloom"]


def test_closing_an_unsaved_document_asks_and_cancel_keeps_it(two, tmp_path):
    page = two.current
    page.bridge.edit(lambda graph: edits.delete(graph, ["s"]))
    ctrl(two, Key.Key_W)
    assert page.files.ask.asked == ["unsaved"] and two.current is page and len(two.pages) == 2
    page.files.ask.unsaved = "save"
    ctrl(two, Key.Key_W)
    assert names(two) == ["product.gradloom"] and "s" not in disk.load(tmp_path / "gates.gradloom").nodes


def test_the_last_one_makes_way_for_an_empty_one_and_that_stays(tabs, tmp_path):
    tabs.open(tmp_path / "product.gradloom")
    ctrl(tabs, Key.Key_W)
    assert names(tabs) == ["Untitled"] and tabs.isVisible() and tabs.current.canvas.hasFocus()
    ctrl(tabs, Key.Key_W)
    assert names(tabs) == ["Untitled"] and tabs.isVisible() and not tabs.closing.has_ended


def test_a_copy_is_pasted_into_another_document(two):
    ctrl(two, Key.Key_A)
    ctrl(two, Key.Key_C)
    ctrl(two, Key.Key_Tab)
    ctrl(two, Key.Key_V)
    pasted = graph(two)
    assert set(pasted.nodes) >= set(product().nodes) and len(pasted.nodes) == len(product().nodes) + 2
    assert "sigmoid" in {node.op_name for node in pasted.nodes.values()}
    ctrl(two, Key.Key_Z)
    assert graph(two) == product()


def test_what_is_typed_goes_into_its_document_before_another_comes(two):
    page = two.pages[0]
    two.show_page(page)
    page.selection.select(["x"])
    press(two, Key.Key_F2)
    QTest.keyClicks(QApplication.focusWidget(), "first")
    click_tab(two, 1)
    assert two.current is two.pages[1] and "first" in page.bridge.now.graph.nodes


def test_presenting_goes_on_with_the_next_document(two):
    press(two, Key.Key_F11)
    assert two.isFullScreen() and not two.band.isVisible() and not two.current.top_bar.isVisible()
    ctrl(two, Key.Key_Tab)
    assert two.isFullScreen() and two.current.presenting and not two.pages[1].presenting
    press(two, Key.Key_F11)
    assert not two.isFullScreen() and two.band.isVisible() and two.current.top_bar.isVisible()


def test_a_playing_pass_rests_while_another_document_is_in_front(two):
    page = two.current
    page.bridge.player.go_to_start()
    page.bridge.player.play()
    ctrl(two, Key.Key_Tab)
    assert not page.bridge.player.moving


def test_what_is_set_in_one_holds_in_the_other(two):
    two.current.preferences.choose_wording("responsibility")
    two.current.panels.toggle("inspector")
    shown = two.current.panels.is_open("inspector")
    ctrl(two, Key.Key_Tab)
    assert two.current.bridge.now.wording == "responsibility" and two.current.panels.is_open("inspector") is shown


def test_a_page_that_is_closed_is_gone(two):
    page = two.current
    gone, thing = ref(page), page.canvas
    page.files.ask = Answers()
    ctrl(two, Key.Key_W)
    QApplication.sendPostedEvents(None, 52)  # DeferredDelete
    assert not shiboken6.isValid(page) and not shiboken6.isValid(thing)
    del page, thing
    gc.collect()
    assert gone() is None or not shiboken6.isValid(gone())
    from gui.look.theme import themes

    themes.choose("dark")
    themes.choose("light")


def test_a_window_beside_its_document_goes_and_comes_with_it(two, qtbot):
    two.show_page(two.pages[0])
    two.current.action_set.by_id["check"].trigger()
    beside = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, CheckDialog))
    qtbot.waitUntil(beside.isVisible)
    assert two.geometry().intersects(beside.geometry()), "beside its own window, wherever that stands"
    click_tab(two, 1)
    assert not beside.isVisible()
    click_tab(two, 0)
    assert beside.isVisible()
    beside.close()


def test_who_is_asked_sees_what_about(two, tmp_path):
    """What was lost of a file is asked about on its page, though another has come to the front meanwhile."""
    page = two.pages[0]
    assert two.current is not page
    asking = FileQuestions(page, page.asks.emit)
    seen = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        seen.append((two.current is page, box is not None and page.files.name in box.text()))
        QTest.keyClick(box, Key.Key_Escape)

    QTimer.singleShot(0, page, look)
    assert asking.what_about_unsaved(page.files.name) == "cancel"
    assert seen == [(True, True)]


def test_a_new_tab_speaks_the_language_that_is_chosen(two, tmp_path):
    two.current.action_set.by_id["wording_responsibility"].trigger()
    disk.save(product(), tmp_path / "third.gradloom")
    assert two.open(tmp_path / "third.gradloom") and len(two.pages) == 3
    pictures = [item.picture for item in two.current.canvas.scene().node_items.values()]
    assert {picture.gradient_caption for picture in pictures} == {"responsibility"}
