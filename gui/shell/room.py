"""How much room there is on the screen: a window and its dialogs stand inside it, and so do the frames round them."""

from PySide6.QtCore import QMargins, QRect, QSize
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from gui.look.text_size import scaled

FRAME = QMargins(4, 36, 4, 6)  # pixels, at the most: what it really is is known only of a window that is shown


def room_on(screen: QScreen) -> QRect:
    """Where what a window shows can stand, so that its frame is on the screen too, beside panels and docks."""
    return screen.availableGeometry().marginsRemoved(FRAME)


def brought_inside(place: QRect, room: QRect) -> QRect:
    """A rectangle as it was if it is inside; or else no larger than the room, and moved as little as can be."""
    inside = QRect(place.topLeft(), place.size().boundedTo(room.size()))
    inside.moveLeft(min(max(inside.left(), room.left()), room.right() + 1 - inside.width()))
    inside.moveTop(min(max(inside.top(), room.top()), room.bottom() + 1 - inside.height()))
    return inside


def screen_of(place: QRect) -> QScreen:
    """The screen that shows most of a rectangle; where none does, the first one."""
    shown = {screen: screen.availableGeometry() & place for screen in QGuiApplication.screens()}
    best = max(shown, key=lambda screen: shown[screen].width() * shown[screen].height())
    return QGuiApplication.primaryScreen() if shown[best].isEmpty() else best


def bring_inside(window: QWidget) -> None:
    """Bring a window back that was placed for another screen, or for none that is there."""
    place = window.geometry()
    inside = brought_inside(place, room_on(screen_of(place)))
    if inside != place:
        window.setGeometry(inside)


def fit_dialog(dialog: QWidget, wanted: QSize) -> None:
    """Give a dialog the size that it wants, as far as the screen has it; larger text takes more."""
    dialog.resize(QSize(scaled(wanted.width()), scaled(wanted.height())).boundedTo(room_on(dialog.screen()).size()))
