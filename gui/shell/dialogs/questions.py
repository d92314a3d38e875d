"""Asks the questions about files: which one, and what is to become of unsaved work."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QFileDialog, QGridLayout, QMessageBox, QSpacerItem, QWidget

from engine.errors import one_line
from engine.export import Export
from engine.files.disk import SUFFIX
from engine.files.open import MODEL_SUFFIXES, PROGRAM_SUFFIXES, READ_SUFFIXES
from gui.document.questions import Changed, Elsewhere, Found, Interrupted, Unsaved
from gui.look.as_is import as_is, bold, unmarked
from gui.shell.dialogs.comparison import ComparisonDialog
from gui.shell.dialogs.file_dialog import chosen, file_dialog, path_to_write, with_ending

LONGEST = 10_000  # characters of what is said beside a question
BESIDE = 12  # pixels between two buttons, and beside them
GRAPHS = "Gradloom graphs"
OPEN_FILTERS = (
    f"Everything Gradloom reads ({' '.join(f'*{suffix}' for suffix in READ_SUFFIXES)})",
    f"{GRAPHS} (*{SUFFIX})",
    f"Programs ({' '.join(f'*{suffix}' for suffix in PROGRAM_SUFFIXES)})",
    f"ONNX models ({' '.join(f'*{suffix}' for suffix in MODEL_SUFFIXES)})",
    "All files (*)",
)

_ELSEWHERE: tuple[Elsewhere, ...] = ("copy", "anyway", "cancel")
_INTERRUPTED: tuple[Interrupted, ...] = ("draft", "file", "cancel")


class FileQuestions:
    """Asks the person at the screen, over the window `parent`, which comes to the front `before`."""

    def __init__(self, parent: QWidget, before: Callable[[], object] = lambda: None) -> None:
        self._parent, self._before = parent, before

    def path_to_open(self, folder: str) -> Path | None:
        """Which file to open; None: the user chose none."""
        dialog = file_dialog(self._parent, "Open", folder, ";;".join(OPEN_FILTERS))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        return chosen(dialog)

    def path_to_lesson(self, folder: str) -> Path | None:
        """Which lesson to open; None: the user chose none."""
        dialog = file_dialog(self._parent, "Open lesson", folder, "Lessons (*.md);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        return chosen(dialog)

    def path_to_rows(self, folder: str) -> Path | None:
        """Which table to learn from; None: the user chose none."""
        dialog = file_dialog(self._parent, "Data from a CSV", folder, "Tables (*.csv *.tsv *.txt);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        return chosen(dialog)

    def path_to_save(self, suggestion: Path) -> Path | None:
        """Where to save; the suffix is added where there is none. Overwriting is another question."""
        path = path_to_write(self._parent, "Save as", suggestion, GRAPHS, SUFFIX)
        return path and with_ending(path, SUFFIX)

    def path_to_export(self, suggestion: Path, target: Export) -> Path | None:
        """Where to write an export; its ending is added where there is another."""
        path = path_to_write(self._parent, f"Export: {target.title}", suggestion, target.title, target.ending)
        return path and with_ending(path, target.ending)

    def what_about_unsaved(self, name: str) -> Unsaved:
        """Save, discard, or stay here."""
        answer = self._ask(
            f"Save the changes to {name}?",
            "Otherwise, what you did since the last save is lost.",
            ("Save", "Don’t save", "Cancel"),
        )
        return ("save", "discard", "cancel")[answer]

    def may_overwrite(self, path: Path, holder: str = "") -> bool:
        """Whether another file that is there already, or that another window has open, may be replaced."""
        there = f"{path.name} already exists in {path.parent}. Its contents are lost if you replace it."
        text = f"{path.name} is open in {holder}. What is saved last there or here stays." if holder else there
        return self._ask(f"Replace {path.name}?", text, ("Replace", "Cancel"), careful=True) == 0

    def changed_on_disk(self, name: str, theirs: Sequence[str], mine: Sequence[str], saving: bool) -> Changed:
        """What to do about a document whose file something else has written since it was opened."""
        self._before()
        dialog = ComparisonDialog(self._parent, name, theirs, mine, saving)
        dialog.exec()
        answer = dialog.answer
        dialog.deleteLater()
        return answer

    def open_elsewhere(self, name: str, holder: str) -> Elsewhere:
        """How to open a document that another window has open."""
        text = (
            f"It is open in {holder}. If both save, one of them replaces what the other did. "
            "A copy is yours alone: saving it asks for a name."
        )
        answer = self._ask(f"{name} is open elsewhere", text, ("Open a copy", "Open it anyway", "Cancel"))
        return _ELSEWHERE[answer]

    def save_cut_short(self, name: str, when: str) -> Interrupted:
        """Which of two to open: what a save was about to write when it was cut short, or the file that it left."""
        text = (
            f"Gradloom was ended on {when} while it wrote into {name}, which may hold only a part of it. "
            "All of what was being saved was kept."
        )
        answer = self._ask(f"Open what was being saved of {name}?", text, ("Open that", "Open the file", "Cancel"))
        return _INTERRUPTED[answer]

    def may_revert(self, name: str) -> bool:
        """Whether all unsaved work may go."""
        text = (
            "Everything you did since the last save is taken back. Undo brings it back, as long as the window is open."
        )
        return self._ask(f"Go back to the saved {name}?", text, ("Revert", "Cancel"), careful=True) == 0

    def may_drop(self, what: str, text: str) -> bool:
        """Whether a text that stands in a field and cannot be read may go."""
        title = "Close without what you are typing?"
        return self._ask(title, f"{what}: “{text[:60]}” cannot be read.", ("Close", "Cancel"), careful=True) == 0

    def recover(self, name: str, about: str) -> Found:
        """What to do with work that a crash left behind."""
        answer = self._ask(f"Recover “{name}”?", about, ("Recover", "Delete it", "Ask again later"))
        return ("recover", "discard", "later")[answer]

    def _ask(self, title: str, text: str, buttons: tuple[str, ...], careful: bool = False) -> int:
        """The number of the button that was pressed. Esc is the last one; so is Enter where one should be careful."""
        self._before()
        box = QMessageBox(self._parent)
        box.setIcon(QMessageBox.Icon.Question if not careful else QMessageBox.Icon.Warning)
        box.setWindowTitle("Gradloom")
        box.setText(bold(title))
        box.setInformativeText(as_is(one_line(text, LONGEST)))
        roles = [QMessageBox.ButtonRole.AcceptRole, *[QMessageBox.ButtonRole.DestructiveRole] * (len(buttons) - 2)]
        roles.append(QMessageBox.ButtonRole.RejectRole)
        made = [box.addButton(unmarked(words), role) for words, role in zip(buttons, roles, strict=True)]
        box.setDefaultButton(made[-1 if careful else 0])
        box.setEscapeButton(made[-1])
        _make_room(box, made)
        box.exec()
        pressed = box.clickedButton()  # None: the program ends while it asks
        answer = next((i for i, button in enumerate(made) if button is pressed), len(made) - 1)
        box.deleteLater()
        return answer


def _make_room(box: QMessageBox, buttons: Sequence[QAbstractButton]) -> None:
    """Qt measures the buttons before they are dressed, and cuts the last one off where its text is short."""
    for button in buttons:
        button.ensurePolished()
    wide = sum(button.sizeHint().width() for button in buttons) + BESIDE * (len(buttons) + 3)
    grid = box.layout()
    if isinstance(grid, QGridLayout):
        grid.addItem(QSpacerItem(wide, 0), grid.rowCount(), 0, 1, grid.columnCount())
