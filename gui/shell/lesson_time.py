"""While there is a lesson: its panel stands in the place of palette and inspector, and what a step opens beside."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from engine.show.beside import EDGES_SHOWN, OnEdges
from engine.teach.lessons.lesson import LessonStep
from gui.document.bridge import Bridge
from gui.document.lens import Lens
from gui.document.lesson_walk import LessonWalk
from gui.document.selection import Selection
from gui.look.text_size import scaled
from gui.panels.lesson.lesson_panel import WIDTH
from gui.shell.panes import Panels

IN_THE_WAY = ("palette", "inspector", "predict")


class LessonTime(QObject):
    """Makes room for each step as it is entered; what the learner does with the panels then stays."""

    def __init__(self, bridge: Bridge, panels: Panels, selection: Selection, canvas: QWidget, parent: QObject) -> None:
        super().__init__(parent)
        self._walk: LessonWalk = bridge.lesson
        self._lens: Lens = bridge.lens
        self._panels, self._selection, self._canvas = panels, selection, canvas
        self._opened = ""  # the panel that the last step has opened
        self._was_on = self._presented = False
        self._walk.entered.connect(self._make_room)

    def present(self, presented: bool) -> None:
        """On the whole screen the lesson stands above the canvas; what a step opens stands beside it there too."""
        self._presented = presented
        self._walk.present(presented)
        if self._walk.step is not None:
            self._make_room()

    def _make_room(self) -> None:
        step = self._walk.step
        if step is None:
            self._clear_up()
            return
        if self._presented:
            self._show_sight(step)
            return
        is_first, self._was_on = not self._was_on, True
        sight, builds = step.sight, step.task is not None and step.task.kind == "build"
        self._close_opened(sight.open)
        self._panels.lay_aside(
            [name for name in IN_THE_WAY if name != sight.open and not (builds and name == "palette")]
        )
        self._panels.show_panel("lesson")
        if is_first:
            self._panels.set_width("lesson", scaled(WIDTH))
        if builds:
            self._panels.show_panel("palette")
        self._show_sight(step)

    def _show_sight(self, step: LessonStep) -> None:
        """What is to be looked at."""
        sight = step.sight
        self._close_opened(sight.open)
        if sight.open:
            self._opened = sight.open
            self._panels.show_panel(sight.open)
            self._panels.give_height(sight.open)
        self._lens.put_on_edges(OnEdges(next(each for each in EDGES_SHOWN if each == sight.edges)))
        if sight.select:
            self._selection.select(sight.select)
        if self._presented or step.task is None or step.task.kind != "answer":  # which is typed in the panel
            self._canvas.setFocus()  # Space plays there: on a button that was just clicked it would press that again

    def _close_opened(self, but: str) -> None:
        if self._opened and self._opened != but:
            self._panels.show_panel(self._opened, False)
        self._opened = ""

    def _clear_up(self) -> None:
        """The lesson is over: everything as it was."""
        if self._was_on or self._opened:
            self._was_on = False
            self._close_opened("")
            self._selection.point_at()
            self._lens.put_on_edges(OnEdges())
            self._panels.bring_back()
