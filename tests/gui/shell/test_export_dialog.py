"""File ▸ Export ▸ Picture or film: what is asked, shown, written, cancelled. With the real keyboard and mouse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from engine.files.disk import load
from engine.files.examples import find_example
from engine.graph.graph import Graph
from engine.learn.config import TrainingConfig
from engine.learn.slow import slow_step
from engine.session import Session
from engine.show.story import story_of
from gui.document.bridge import Bridge
from gui.look.theme import DARK, themes
from gui.pictures.options import Kind, PictureOptions
from gui.pictures.picture_file import write_picture
from gui.shell.dialogs.export import ExportDialog, read_extent
from tests.gui.graphs import product


@pytest.fixture
def bridge() -> Bridge:
    result = Bridge(Session(product()))
    result.player.seek(8.45)
    return result


@pytest.fixture(autouse=True)
def light(qapp) -> Iterator[None]:
    themes.choose("light")
    yield
    themes.choose("light")


class Asked:
    """Answers the question for a path, and remembers what was suggested."""

    def __init__(self, answer: Path | None) -> None:
        self.answer, self.suggested = answer, Path()

    def __call__(self, parent: QWidget, suggestion: Path, kind: Kind) -> Path | None:
        self.suggested = suggestion
        return self.answer


def opened(qtbot, bridge: Bridge, folder: Path, answer: Path | None = None) -> tuple[ExportDialog, Asked]:
    ask = Asked(answer)
    dialog = ExportDialog(bridge, folder, "product", None, ask)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog, ask


def choose(qtbot, dialog: ExportDialog, title: str) -> None:
    """Choose a kind by its first letters, as one does at the keyboard."""
    dialog.kind.setFocus()
    for letter in title:
        qtbot.keyClick(dialog.kind, letter)
    assert dialog.kind.currentText().startswith(title)


def press(qtbot, button: QWidget) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def type_size(qtbot, dialog: ExportDialog, text: str) -> None:
    line = dialog.size_field.lineEdit()
    line.selectAll()
    qtbot.keyClicks(line, text)


def test_a_picture_of_where_the_timeline_is(qtbot, bridge, tmp_path: Path) -> None:
    out = tmp_path / "p.png"
    dialog, ask = opened(qtbot, bridge, tmp_path, out)
    assert dialog.moment.currentText() == "Where the timeline is: step 9 of 10"
    assert not dialog.speed.isVisible() and dialog.transparent.isVisible()
    with qtbot.waitSignal(dialog.exported) as told:
        press(qtbot, dialog.export)
    assert told.args == [out] and ask.suggested == tmp_path / "product.png"
    assert not dialog.isVisible() and dialog.path == out
    with Image.open(out) as image:
        assert dialog.message.text() == f"{image.width} × {image.height} pixels."


def test_choices_change_the_preview_and_the_file(qtbot, bridge, tmp_path: Path) -> None:
    dialog, _ = opened(qtbot, bridge, tmp_path, tmp_path / "p.png")

    def corner() -> str:
        return dialog.preview.grab().toImage().pixelColor(dialog.preview.rect().center()).name()

    before = corner()
    dialog.colours.setFocus()
    qtbot.keyClick(dialog.colours, Qt.Key.Key_Down)
    assert before != corner()
    type_size(qtbot, dialog, "400x300")
    assert dialog.message.text() == "400 × 300 pixels."
    with qtbot.waitSignal(dialog.exported):
        press(qtbot, dialog.export)
    with Image.open(tmp_path / "p.png") as image:
        assert image.size == (400, 300)
        assert image.convert("RGB").getpixel((0, 0)) == tuple(bytes.fromhex(DARK.canvas[1:]))


def test_captions_and_transparency(qtbot, bridge, tmp_path: Path) -> None:
    dialog, _ = opened(qtbot, bridge, tmp_path, tmp_path / "p.png")
    plain = dialog.message.text()
    qtbot.keyClick(dialog.captions, Qt.Key.Key_Space)
    assert dialog.message.text() != plain  # higher
    qtbot.keyClick(dialog.transparent, Qt.Key.Key_Space)
    with qtbot.waitSignal(dialog.exported):
        press(qtbot, dialog.export)
    with Image.open(tmp_path / "p.png") as image:
        assert image.getchannel("A").getpixel((0, 0)) == 0


def test_a_film_is_written_with_progress(qtbot, bridge, tmp_path: Path) -> None:
    out = tmp_path / "film.gif"
    dialog, ask = opened(qtbot, bridge, tmp_path, tmp_path / "film")  # the ending is added
    choose(qtbot, dialog, "GIF")
    assert dialog.speed.isVisible() and not dialog.transparent.isVisible() and dialog.captions.isChecked()
    assert dialog.moment.currentText() == "The start"
    assert "seconds at 20 frames a second" in dialog.message.text()
    dialog.speed.setFocus()
    qtbot.keyClick(dialog.speed, Qt.Key.Key_End)
    type_size(qtbot, dialog, "300x200")
    with qtbot.waitSignal(dialog.exported, timeout=20_000):
        press(qtbot, dialog.export)
        qtbot.waitUntil(lambda: 0 < dialog.bar.value() < 1000)
        assert dialog.bar.isVisible() and not dialog.kind.isEnabled() and not dialog.export.isEnabled()
    assert ask.suggested.name == "product.gif"
    with Image.open(out) as film:
        assert film.n_frames > 5 and film.size == (300, 200)


def test_escape_cancels_the_writing_first_then_the_dialog(qtbot, bridge, tmp_path: Path) -> None:
    dialog, _ = opened(qtbot, bridge, tmp_path, tmp_path / "film.gif")
    choose(qtbot, dialog, "GIF")
    press(qtbot, dialog.export)
    qtbot.waitUntil(lambda: dialog.bar.value() > 0)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible() and dialog.message.text() == "Cancelled: nothing was written."
    assert not list(tmp_path.iterdir()) and dialog.kind.isEnabled() and not dialog.bar.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_closing_the_dialog_cancels_too(qtbot, bridge, tmp_path: Path) -> None:
    dialog, _ = opened(qtbot, bridge, tmp_path, tmp_path / "film.gif")
    choose(qtbot, dialog, "GIF")
    press(qtbot, dialog.export)
    qtbot.waitUntil(lambda: dialog.bar.value() > 0)
    dialog.close()
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_is_said_and_not_exported(qtbot, bridge, tmp_path: Path) -> None:
    dialog, _ = opened(qtbot, bridge, tmp_path, tmp_path / "none" / "p.png")
    type_size(qtbot, dialog, "huge")
    assert "“huge” is not a size" in dialog.message.text() and not dialog.export.isEnabled()
    type_size(qtbot, dialog, "99")
    assert "too large" in dialog.message.text()
    type_size(qtbot, dialog, "1")
    assert dialog.export.isEnabled()
    press(qtbot, dialog.export)
    qtbot.waitUntil(lambda: "there is no such file or folder" in dialog.message.text())
    assert dialog.isVisible() and dialog.export.isEnabled()
    dialog.reject()


def test_no_path_is_no_export(qtbot, bridge, tmp_path: Path) -> None:
    dialog, _ = opened(qtbot, bridge, tmp_path, None)
    press(qtbot, dialog.export)
    assert dialog.isVisible() and not list(tmp_path.iterdir())
    dialog.reject()


def test_a_graph_of_which_nothing_can_be_computed_has_no_film(qtbot, tmp_path: Path) -> None:
    nodes = [product().nodes["q"]]
    dialog, _ = opened(qtbot, Bridge(Session(Graph.of(nodes, []))), tmp_path)
    assert dialog.export.isEnabled()
    choose(qtbot, dialog, "GIF")
    assert "nothing to play" in dialog.message.text() and not dialog.export.isEnabled()
    dialog.reject()


@pytest.mark.parametrize(
    ("text", "extent"),
    [("Automatic", (None, None)), ("2×", (2.0, None)), ("1,5 x", (1.5, None)), ("1280 × 720", (None, (1280, 720)))],
)
def test_the_size_field_reads(text: str, extent: object) -> None:
    assert read_extent(text) == extent


def test_the_window_opens_it_from_its_table_of_actions(qtbot, monkeypatch) -> None:
    from gui.main_window import MainWindow

    window = MainWindow()
    qtbot.addWidget(window)
    assert not window.action_set.by_id["export_picture"].isEnabled()  # nothing to export yet
    window.bridge.load(product())
    seen = []

    def look_and_leave(dialog: ExportDialog) -> int:
        seen.append((dialog.windowTitle(), dialog.message.text()))
        return 0

    monkeypatch.setattr(ExportDialog, "exec", look_and_leave)
    window.action_set.by_id["export_picture"].trigger()
    assert seen and seen[0][0] == "Export picture or film" and "pixels" in seen[0][1]


def test_a_step_of_learning_is_exported_behind_both_passes(qtbot, tmp_path: Path) -> None:
    bridge = Bridge(Session(load(find_example("neuron").path)))
    out = tmp_path / "p.png"
    dialog, _ = opened(qtbot, bridge, tmp_path, out)
    moments = [dialog.moment.itemText(i) for i in range(dialog.moment.count())]
    assert "The update" not in moments and dialog.learns.isVisible() and not dialog.learns.isChecked()
    dialog.learns.setFocus()
    qtbot.keyClick(dialog.learns, Qt.Key.Key_Space)
    assert "The update" in [dialog.moment.itemText(i) for i in range(dialog.moment.count())]
    dialog.moment.setCurrentText("The end")
    with qtbot.waitSignal(dialog.exported):
        press(qtbot, dialog.export)
    graph, trace = story_of(bridge.now.graph)
    wanted = tmp_path / "wanted.png"
    list(write_picture(graph, trace, wanted, PictureOptions(position=float(len(trace)))))
    assert QImage(str(out)) == QImage(str(wanted))


def test_while_a_step_is_told_it_is_what_is_exported(qtbot, tmp_path: Path) -> None:
    session = Session(load(find_example("neuron").path))
    taken = slow_step(session.document.graph, TrainingConfig.of(session.document.graph))
    session.edit(taken.change)
    session.tell_story(taken)
    bridge = Bridge(session)
    dialog, _ = opened(qtbot, bridge, tmp_path)
    assert dialog.learns.isChecked()
    assert "The update" in [dialog.moment.itemText(i) for i in range(dialog.moment.count())]
    dialog.learns.setFocus()
    qtbot.keyClick(dialog.learns, Qt.Key.Key_Space)
    assert "The update" not in [dialog.moment.itemText(i) for i in range(dialog.moment.count())]


def test_without_parameters_there_is_no_step_of_learning(qtbot, bridge, tmp_path: Path) -> None:
    dialog, _ = opened(qtbot, bridge, tmp_path)
    learns = any(node.op_name == "parameter" for node in bridge.now.graph.nodes.values())
    assert dialog.learns.isVisible() == learns
