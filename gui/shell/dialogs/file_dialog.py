"""Qt's own file dialog, where the system has none: roomy, with our icons, and the places one keeps files in."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QFileInfo, QSize, QStandardPaths, QUrl
from PySide6.QtGui import QAbstractFileIconProvider, QGuiApplication, QIcon
from PySide6.QtWidgets import QFileDialog, QSplitter, QToolButton, QTreeView, QWidget

from gui.look import icons
from gui.look.text_size import scaled
from gui.shell.room import fit_dialog

SIDEBAR, FILES, HEIGHT, NAME_WIDTH = 176, 664, 520, 320
SIZE, TYPE, DATE = 1, 2, 3  # columns
SIZE_WIDTH, DATE_WIDTH = 88, 150  # “999.99 KiB” is read whole
BUTTONS = {
    "backButton": "arrow-left", "forwardButton": "arrow-right", "toParentButton": "arrow-up",
    "newFolderButton": "folder-add", "listModeButton": "view-grid", "detailModeButton": "view-list",
}  # fmt: skip
PLACES = ("HomeLocation", "DesktopLocation", "DocumentsLocation", "DownloadLocation")


def file_dialog(parent: QWidget, title: str, folder: str, filters: str) -> QFileDialog:
    """The system's dialog where there is one; else Qt's, tidied up."""
    dialog = QFileDialog(parent, title, folder, filters)
    if QGuiApplication.platformName() == "offscreen":
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    if splitter := dialog.findChild(QSplitter, "splitter"):  # there are widgets: it is Qt's
        _tidy(dialog, splitter)
    return dialog


def path_to_write(
    parent: QWidget, title: str, suggestion: Path, kind: str, ending: str, confirm: bool = False
) -> Path | None:
    """Where to write; None: the user chose nothing. `confirm`: Qt asks before a file is replaced."""
    dialog = file_dialog(parent, title, str(suggestion.parent), f"{kind} (*{ending})")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(ending)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, not confirm)
    dialog.selectFile(suggestion.name)
    return chosen(dialog)


def chosen(dialog: QFileDialog) -> Path | None:
    """Ask, and give the file that was chosen, if one was."""
    accepted, names = dialog.exec(), dialog.selectedFiles()
    dialog.deleteLater()
    return Path(names[0]) if accepted and names else None


def with_ending(path: Path, ending: str) -> Path:
    """The path; where it ends otherwise, the ending is added."""
    return path if path.suffix.lower() == ending else path.with_name(path.name + ending)


def _tidy(dialog: QFileDialog, splitter: QSplitter) -> None:
    dialog.setIconProvider(_pictures())
    dialog.setSidebarUrls(_places())
    fit_dialog(dialog, QSize(SIDEBAR + FILES, HEIGHT))
    splitter.setSizes([SIDEBAR, FILES])
    splitter.setHandleWidth(1)
    for name, icon in BUTTONS.items():
        if button := dialog.findChild(QToolButton, name):
            button.setIcon(icons.icon(icon))
    if tree := dialog.findChild(QTreeView, "treeView"):
        tree.header().resizeSection(0, scaled(NAME_WIDTH))
        tree.header().resizeSection(SIZE, scaled(SIZE_WIDTH))
        tree.header().resizeSection(DATE, scaled(DATE_WIDTH))
        tree.setColumnHidden(TYPE, True)


def _places() -> list[QUrl]:
    found = [QStandardPaths.writableLocation(getattr(QStandardPaths.StandardLocation, place)) for place in PLACES]
    return [QUrl.fromLocalFile(path) for path in dict.fromkeys(found) if path and Path(path).is_dir()]


class _Pictures(QAbstractFileIconProvider):
    """A folder or a sheet of paper: our own, in the colours of the theme."""

    def icon(self, of: QAbstractFileIconProvider.IconType | QFileInfo) -> QIcon:
        kinds = QAbstractFileIconProvider.IconType
        if isinstance(of, QFileInfo):
            return icons.icon("folder" if of.isDir() else "new")
        return icons.icon({kinds.Computer: "system", kinds.File: "new"}.get(of, "folder"))


@cache
def _pictures() -> _Pictures:
    """One for all dialogs: they do not own it."""
    return _Pictures()
