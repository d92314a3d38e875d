"""Text shown letter for letter, wherever Qt would read something into it. The names in a file are anybody's.

Labels, tool tips and message boxes guess whether a text is HTML: `<img src=…>` in a title would open that file. Menus,
buttons and boxes to tick take `&` for the key of the next letter, a window's title `[*]` for its mark of change.
"""

import html
import re

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QLabel, QWidget

from engine.errors import one_line


class PlainLabel(QLabel):
    """A label that shows its text as it is. No other kind is made."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)


def as_is(text: str) -> str:
    """A text for a tool tip or a message box."""
    return f'<span style="white-space: pre-wrap">{html.escape(text)}</span>' if Qt.mightBeRichText(text) else text


def bold(text: str) -> str:
    """The same in bold and on one line, for a message box."""
    return f"<b>{html.escape(one_line(text))}</b>"


def unmarked(text: str) -> str:
    """A text for an entry of a menu, a button or a box to tick."""
    return text.replace("&", "&&")


def as_read(marked: str) -> str:
    """What the eye reads of such a text."""
    return re.sub(r"&(.)", r"\1", marked)


def window_title(text: str) -> str:
    """A text for the title of a window."""
    return one_line(text).replace("[*]", "[*][*]")
