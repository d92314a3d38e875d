"""Qt's own file dialog as we show it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListView, QSplitter, QToolButton, QTreeView, QWidget

from gui.look import icons
from gui.shell.dialogs.file_dialog import BUTTONS, SIDEBAR, file_dialog


def test_the_sidebar_is_not_clipped_and_the_buttons_are_ours(qtbot, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "one.gradloom").write_text("{}")
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = file_dialog(parent, "Open", str(tmp_path), "Gradloom graphs (*.gradloom)")
    dialog.show()
    assert dialog.findChild(QSplitter, "splitter").sizes()[0] >= SIDEBAR - 20
    sidebar = dialog.findChild(QListView, "sidebar")
    assert sidebar.sizeHintForColumn(0) <= sidebar.viewport().width()
    for name, icon in BUTTONS.items():
        shown = dialog.findChild(QToolButton, name).icon().pixmap(16, 16).toImage()
        assert shown == icons.icon(icon).pixmap(16, 16).toImage(), name
    tree = dialog.findChild(QTreeView, "treeView")
    qtbot.waitUntil(lambda: tree.model().rowCount(tree.rootIndex()) == 2)
    first = tree.model().index(0, 0, tree.rootIndex())
    assert tree.columnWidth(1) >= tree.fontMetrics().horizontalAdvance("999.99 KiB") + 8, "sizes are read whole"
    assert first.data() == "folder" and not first.data(Qt.ItemDataRole.DecorationRole).isNull()
