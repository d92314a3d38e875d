"""The lesson beside the canvas: its text, its task, and what is said to what was done; without one, the list of all."""

from gui.document.bridge import Bridge
from gui.document.preferences import Preferences
from gui.document.selection import Selection
from gui.panels import Panel
from gui.panels.lesson.lesson_panel import WIDTH, LessonPanel


@Panel("lesson", "Lessons", side="far left", key="F3", order=14, icon="note", size=WIDTH, closed=True)
def make_lesson(bridge: Bridge, selection: Selection, preferences: Preferences) -> LessonPanel:
    return LessonPanel(bridge, selection)
