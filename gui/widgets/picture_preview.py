"""Shows a picture as it will be exported, as large as there is room."""

from typing import Protocol

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.guard import guarded
from gui.look.theme import theme


class Page(Protocol):
    """What can be previewed: `pixels` is its size."""

    pixels: QSize

    def paint(self, painter: QPainter, position: float) -> None: ...


class PicturePreview(QWidget):
    """Paints a page once for each size of the widget, and keeps the image."""

    def __init__(self) -> None:
        super().__init__()
        self._page: Page | None = None
        self._position = 0.0
        self._image: QImage | None = None
        self.setAccessibleName("Preview")
        self.setMinimumSize(240, 150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_sheet(self, page: Page, position: float) -> None:
        """Show another page."""
        self._page, self._position, self._image = page, position, None
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._page = self._image = None
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._image = None
        super().resizeEvent(event)

    def _frame(self, page: Page) -> QRectF:
        """Where the page stands, with its proportions."""
        size = page.pixels.scaled(self.size() - QSize(2, 2), Qt.AspectRatioMode.KeepAspectRatio)
        frame = QRectF(0, 0, max(size.width(), 1), max(size.height(), 1))
        frame.moveCenter(QRectF(self.rect()).center())
        return frame

    def _painted(self, page: Page) -> QImage:
        frame, ratio = self._frame(page), self.devicePixelRatioF()
        image = QImage((frame.size() * ratio).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        with QPainter(image) as painter:
            painter.scale(image.width() / page.pixels.width(), image.height() / page.pixels.height())
            page.paint(painter, self._position)
        return image

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._page is None:
            return
        if self._image is None:
            self._image = self._painted(self._page)
        frame = self._frame(self._page)
        with QPainter(self) as painter:
            painter.drawImage(frame, self._image)
            painter.setPen(QPen(theme().color("line"), 1))
            painter.drawRect(frame)
