"""While a question about the pass is open: which panels stay, and which actions. All that is not named here waits."""

from __future__ import annotations

from PySide6.QtCore import QObject

from gui.document.asking import Asking
from gui.shell.menus import ActionSet
from gui.shell.panes import Panels
from gui.shell.status_bar import StatusBar

PANELS = ("timeline", "predict")  # the others compute what is asked for
PANELS_IN_LESSON = ("timeline", "lesson")
# What neither tells the answer nor changes the graph.
ACTIONS_MEANWHILE = frozenset({
    "predict", "play", "loop", "step_forward", "step_back", "node_forward", "node_back", "to_start",
    "to_backward", "to_end", "faster", "slower", "fit", "zoom_100", "zoom_in", "zoom_out", "theme_system",
    "theme_light", "theme_dark", "text_larger", "text_smaller", "wording_gradient", "wording_responsibility",
    "reduced_motion", "follow_pass", "next_document", "previous_document", "next_pane", "previous_pane", "shortcuts",
    "about", "open_lesson", "new", "open", "save", "save_as", "close", "quit", "export_lesson_page",
    "export_lesson_pdf",
    "present", "present_lesson", "leave_presentation", "go_on", "go_back", "laser", "pen", "pen_colour", "pen_undo",
    "wipe", "blank", "blank_white", "notes", "swap_screens",
})  # fmt: skip


class QuestionTime(QObject):
    """Puts away what would tell, and brings it back."""

    def __init__(self, asking: Asking, panels: Panels, actions: ActionSet, status: StatusBar, parent: QObject) -> None:
        super().__init__(parent)
        self._asking, self._panels, self._actions = asking, panels, actions
        self._status = status
        self._was_on = False
        asking.changed.connect(self._follow)

    def _follow(self) -> None:
        is_on = self._asking.is_on
        if is_on != self._was_on:
            self._was_on = is_on
            self._status.clear()
            self._panels.keep_only((PANELS_IN_LESSON if self._asking.alone else PANELS) if is_on else None)
        self._actions.allow_only(ACTIONS_MEANWHILE if is_on else None)
