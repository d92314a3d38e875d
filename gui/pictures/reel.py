"""The frames of a film: what rests is painted once, and copied as long as nothing in it is different."""

from collections.abc import Iterator

import numpy as np
from PySide6.QtGui import QImage, QPainter

from engine.errors import ExportError
from gui.pictures.changes import Pixels
from gui.pictures.sheet import Sheet

Stay = tuple[QImage, int]  # a picture, and for how many frames it stays


class Reel:
    """Paints a sheet at one position after the other."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._resting: QImage | None = None
        self._told: object = None  # the caption on it

    def frame(self, position: float) -> QImage:
        """The page at a position. Raises ExportError where there is not enough memory for it."""
        different, told = self._sheet.show(position), self._sheet.caption(position)
        if self._resting is None or different or told != self._told:
            self._resting, self._told = self._painted(position), told
        image = self._resting.copy()
        if image.isNull():
            raise _too_large(self._sheet)
        with QPainter(image) as painter:
            self._sheet.paint_moving(painter)
        return image

    def _painted(self, position: float) -> QImage:
        """All that rests: there is no alpha in a film."""
        image = QImage(self._sheet.pixels, QImage.Format.Format_RGB32)
        if image.isNull():
            raise _too_large(self._sheet)
        with QPainter(image) as painter:
            self._sheet.paint_resting(painter, position)
        return image


def stays(sheet: Sheet, at: list[float], hold: int) -> Iterator[Stay]:
    """The pictures and how many frames each stays: what does not change is one picture. The last stays longer."""
    reel, count = Reel(sheet), 0
    shown = reel.frame(at[0])
    for position in at:
        image = reel.frame(position)
        if image == shown:
            count += 1
            continue
        yield shown, count
        shown, count = image, 1
    yield shown, count + hold


def pixels_of(image: QImage) -> Pixels:
    """The red, green and blue of an image: (height, width, 3)."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), dtype=np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()


def _too_large(sheet: Sheet) -> ExportError:
    return ExportError(
        f"There is not enough memory for {sheet.pixels.width()} × {sheet.pixels.height()} pixels: "
        "choose a smaller scale."
    )
