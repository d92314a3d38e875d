"""A round button with one of the program's icons."""

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from gui.look import icons
from gui.look.as_is import as_is
from gui.look.guard import guarded
from gui.look.theme import mixed, theme
from gui.widgets.buttons import enter_as_space


class RoundButton(QAbstractButton):
    """`diameter` pixels wide, with a ring of 2 around it for the focus; `strong` ones take the focus colour."""

    def __init__(
        self, icon_name: str, name: str, press: Callable[[], object], diameter: int = 32, strong: bool = False
    ) -> None:
        super().__init__()
        self._strong = strong
        self.set_diameter(diameter)
        self.show_icon(icon_name, name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(lambda: press())

    def show_icon(self, icon_name: str, name: str) -> None:
        """Another icon and name: a play button that has become a pause button."""
        if name != self.accessibleName():
            self._icon = icon_name
            self.setAccessibleName(name)
            self.setToolTip(as_is(name))
            self.update()

    def set_diameter(self, diameter: int) -> None:
        """So many pixels wide from now on, without the ring."""
        self._diameter = diameter
        self.setFixedSize(diameter + 8, diameter + 8)

    def sizeHint(self) -> QSize:
        return self.size()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(enter_as_space(event))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        super().keyReleaseEvent(enter_as_space(event))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle, radius = QPointF(self.width() / 2, self.height() / 2), self._diameter / 2
            if self.hasFocus():
                painter.setPen(QPen(theme().color("focus"), 2))
                painter.drawEllipse(middle, radius + 2.5, radius + 2.5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._ground())
            painter.drawEllipse(middle, radius, radius)
            size = self._diameter * (0.56 if self._strong else 0.54)
            icons.paint(
                painter, self._icon, QRectF(middle.x() - size / 2, middle.y() - size / 2, size, size), self._ink()
            )

    def _ground(self) -> QColor:
        look = theme()
        lit = (self._strong and self.isEnabled()) or self.isChecked()
        ground = look.color("focus" if lit else "chip")
        part = 0.2 if self.isDown() else 0.1 if self.underMouse() and self.isEnabled() else 0.0
        return mixed(ground, look.color("text"), part)

    def _ink(self) -> QColor:
        look = theme()
        if not self.isEnabled():
            return look.color("edge")
        return look.color("on_color" if self._strong or self.isChecked() else "soft")
