"""Opens the dialogs over the window; each is imported when it is wanted, so that the window is there sooner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from engine.errors import GradloomError
from engine.export.target import Export
from engine.ops.op import get_op
from gui.document import scores
from gui.document.bridge import Bridge
from gui.document.clipboard import Clipboard
from gui.document.files import Files
from gui.document.selection import Selection
from gui.shell.action_row import ActionRow

if TYPE_CHECKING:
    from gui.shell.command_palette import Findable
    from gui.shell.dialogs.check import CheckDialog


class Dialogs(QObject):
    """One method a dialog. `rows` are all actions, for the two that list them; `places` what else can be found."""

    told = Signal(str)  # what was done, for the status bar

    def __init__(
        self,
        window: QWidget,
        bridge: Bridge,
        selection: Selection,
        files: Files,
        clipboard: Clipboard,
        rows: Callable[[], list[ActionRow]],
        places: Callable[[], Sequence[Findable]],
    ) -> None:
        super().__init__(window)
        self._window, self._bridge, self._selection = window, bridge, selection
        self._files, self._clipboard, self._rows = files, clipboard, rows
        self._places = places
        self._check: CheckDialog | None = None

    def find_anything(self) -> None:
        from gui.shell.command_palette import CommandPalette

        palette = CommandPalette([*self._rows(), *self._places()], self._window)
        palette.exec()
        palette.deleteLater()
        if palette.chosen:
            palette.chosen.do()

    def ask_for_expression(self) -> None:
        from gui.shell.dialogs.expression import ExpressionDialog

        dialog = ExpressionDialog(self._bridge.now, self._window)
        self._bridge.pending.watch(dialog)
        if dialog.exec():
            self._clipboard.join(dialog.graph, dialog.aims, dialog.windowTitle())
        dialog.deleteLater()

    def export_picture(self) -> None:
        from gui.shell.dialogs.export import ExportDialog

        dialog = ExportDialog(self._bridge, self._files.folder, self._files.plain_name, self._window)
        dialog.exported.connect(lambda path: self.told.emit(f"Exported to {path}"))
        dialog.exec()
        dialog.deleteLater()

    def export_handout(self) -> None:
        """Ask where to, and write the handout with blanks and its solution beside it."""
        from gui.pictures.handout_files import HANDOUT, solution_path, write_handout

        ask, now = self._files.ask, self._bridge.now
        path = ask.path_to_export(self._files.folder / f"{self._files.plain_name}-handout.pdf", HANDOUT)
        if path is None:
            return
        if any(each.exists() for each in (path, solution_path(path))) and not ask.may_overwrite(path):
            return
        try:
            write_handout(now.graph, now.trace, path, blank=True)
        except GradloomError as error:
            self._clipboard.failed.emit(error)
            return
        self.told.emit(f"Exported to {path}, and the solution to {solution_path(path).name}")

    def export_scores(self) -> None:
        """Ask where to, and write every answer of the score sheet."""
        from engine.files.replace import write_atomically

        ask, target = self._files.ask, Export("answers", "Score sheet", ".csv", lambda graph, trace: "")
        path = ask.path_to_export(self._files.folder / "answers.csv", target)
        if path is None or (path.exists() and not ask.may_overwrite(path)):
            return
        try:
            write_atomically(path, scores.sheet_text(scores.all_kept()).encode())
        except GradloomError as error:
            self._clipboard.failed.emit(error)
            return
        self.told.emit(f"Exported to {path}")

    def export_lesson(self, ending: str) -> None:
        """Ask where to, and write the lesson of this document as it stands in its file."""
        from engine.teach.lessons.reading import load_lesson
        from gui.pictures.lesson_files import LESSON_PAGE, LESSON_PDF, write_lesson

        lesson, ask = self._bridge.lesson.lesson, self._files.ask
        if lesson is None or lesson.path is None:
            return
        target = next(each for each in (LESSON_PAGE, LESSON_PDF) if each.ending == ending)
        path = ask.path_to_export(self._files.folder / f"{lesson.path.stem}{ending}", target)
        if path is None or (path.exists() and not ask.may_overwrite(path)):
            return
        try:
            write_lesson(load_lesson(lesson.path), path)
        except GradloomError as error:
            self._clipboard.failed.emit(error)
            return
        self.told.emit(f"Exported to {path}")

    def check_gradients(self) -> None:
        """A window beside this one, which follows the graph until it is closed."""
        from gui.shell.dialogs.check import CheckDialog

        if self._check is None:
            self._check = CheckDialog(self._bridge, self._selection, self._window)
            self._check.finished.connect(self._drop_check)
            self._check.stand_beside(self._window)
        self._check.show()
        self._check.raise_()
        self._check.activateWindow()
        self._check.check()

    def _drop_check(self) -> None:
        if self._check is not None:
            self._check.deleteLater()
            self._check = None
            self._window.activateWindow()

    def show_shortcuts(self) -> None:
        from gui.shell.dialogs.help import shortcuts_dialog

        dialog = shortcuts_dialog(self._window, self._rows())
        dialog.exec()
        dialog.deleteLater()

    def show_reference(self, op: str) -> None:
        """What an op computes, and what it sends back."""
        from gui.shell.dialogs.reference import reference_dialog

        dialog = reference_dialog(self._window, get_op(op), self._bridge.now.wording)
        dialog.exec()
        dialog.deleteLater()

    def show_about(self) -> None:
        from gui.shell.dialogs.help import about_dialog

        dialog = about_dialog(self._window)
        dialog.exec()
        dialog.deleteLater()
