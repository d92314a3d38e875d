"""The actions of the menu View ▸ Presentation: presenting, and what one has at hand meanwhile.

Letters are keys only while something is presented: else they begin a search for what is to be added.
"""

from gui.shell.actions.action import Action, Menu, draws, has_lesson
from gui.shell.window import Window


def _presents(w: Window) -> bool:
    return w.presenting


def _is_asked(w: Window) -> bool:
    """On the stage what comes next may be an answer, or a page."""
    return w.presenting and (has_lesson(w) or w.bridge.asking.is_on)


def _can_go_on(w: Window) -> bool:
    return _is_asked(w) or w.bridge.now.frame.position < len(w.bridge.now.telling.steps)


def _can_go_back(w: Window) -> bool:
    return _is_asked(w) or w.bridge.now.frame.position > 0


def _present_lesson(w: Window) -> None:
    """From its first step, with every question open; F11 goes on where one is."""
    if not w.presenting:
        w.toggle_presentation()
        w.bridge.lesson.start_over()


def _leave(w: Window) -> None:
    if not w.presenter.leave():
        w.toggle_presentation()


MENU = Menu("Presentation", (
    (
        Action("present", "Presentation mode", "Show only the canvas and the timeline, on the whole screen",
               lambda w: w.toggle_presentation(), ("F11",), checked=lambda w: w.presenting),
        Action("present_lesson", "Present the lesson", "Show the open lesson from its first step, on the whole screen",
               _present_lesson, ("F5",), enabled=has_lesson),
        Action("leave_presentation", "Leave the presentation",
               "Put away the pen or the laser pointer, or else go back to the whole window", _leave, ("Esc",),
               enabled=_presents),
    ),
    (
        Action("go_on", "Go on", "The next step; in a lesson that is presented, the next step, answer or page",
               lambda w: w.presenter.go_on(), ("PgDown",), enabled=_can_go_on),
        Action("go_back", "Go back", "The step before; in a lesson that is presented, the step or page before",
               lambda w: w.presenter.go_back(), ("PgUp",), enabled=_can_go_back),
    ),
    (
        Action("laser", "Laser pointer", "A glowing dot that follows the mouse, while you present",
               lambda w: w.presenter.take("laser"), ("L",), enabled=_presents,
               checked=lambda w: w.presenter.hand == "laser"),
        Action("pen", "Pen", "Draw over the canvas while you present: nothing of it is kept",
               lambda w: w.presenter.take("pen"), ("P",), enabled=_presents,
               checked=draws),
        Action("pen_colour", "Another colour", "Draw in the next of five colours, while you present",
               lambda w: w.presenter.pen.next_colour(), ("C",), enabled=_presents),
        Action("pen_undo", "Take back a stroke", "The last one of the pen that you hold; the graph stays as it is",
               lambda w: w.presenter.pen.undo(), ("Ctrl+Z",), enabled=draws),
        Action("wipe", "Wipe", "Take away all that the pen has drawn", lambda w: w.presenter.pen.wipe(), ("E",),
               enabled=_presents),
    ),
    (
        Action("blank", "Black screen", "Black over everything, while you present; any key ends it",
               lambda w: w.presenter.cover("black"), ("B", "."), enabled=_presents),
        Action("blank_white", "White screen", "White over everything, while you present; any key ends it",
               lambda w: w.presenter.cover("white"), ("W",), enabled=_presents),
        Action("notes", "Speaker’s notes",
               "Open or close the notes, while you present: on a second screen if there is one",
               lambda w: w.presenter.toggle_notes(), ("N",), enabled=_presents,
               checked=lambda w: w.presenter.notes is not None),
        Action("swap_screens", "Swap the screens", "Let the picture and the notes change places, while you present",
               lambda w: w.presenter.swap_screens(), ("S",),
               enabled=lambda w: w.presenting and w.presenter.other_screen is not None),
    ),
))  # fmt: skip
