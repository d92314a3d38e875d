"""The actions of the Help menu."""

from functools import partial

from PySide6.QtWidgets import QMenu

from engine.teach.lessons.shelf import shelved
from gui.document.lesson_progress import progress_of
from gui.look.as_is import as_is, unmarked
from gui.shell.actions.action import Action, Menu
from gui.shell.actions.file import EXAMPLES
from gui.shell.window import Window


def _fill_lessons(w: Window, menu: QMenu) -> None:
    menu.clear()
    for lesson in shelved():
        progress = progress_of(lesson.path)
        state = f"   {progress.words}" if progress is not None and progress.words else ""
        action = menu.addAction(unmarked(f"{lesson.numbered}{state}"), partial(w.doors.show_lesson, lesson.path))
        action.setToolTip(as_is(f"{lesson.minutes} minutes. {lesson.about}"))
    menu.setToolTipsVisible(True)


MENU = Menu("Help", (
    (
        Action("shortcuts", "Keyboard shortcuts", "All the keys in one table", lambda w: w.dialogs.show_shortcuts(),
               ("F1",), "help"),
        Action("tour", "Take the tour", "Five steps on the canvas: drag, connect, change, play, save",
               lambda w: w.doors.show_tour()),
        Menu("Lessons", fill=_fill_lessons),
        Action("open_lesson", "Open lesson…", "Walk through a lesson of your own; it follows its file as you write",
               lambda w: w.doors.show_lesson()),
        EXAMPLES,
    ),
    (
        Action("about", "About Gradloom", "What Gradloom is, and its version", lambda w: w.dialogs.show_about(),
               icon="info"),
    ),
))  # fmt: skip
