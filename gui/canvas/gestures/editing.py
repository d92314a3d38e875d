"""A value or a name is being typed: the mouse is at rest, and Esc closes the field."""

from gui.canvas.gestures.idle import Idle


class Editing(Idle):
    """Lasts as long as the field is open. A press elsewhere takes the focus, and so ends it before it is told here."""

    def cancel(self) -> None:
        self.desk.editor.drop()
