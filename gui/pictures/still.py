"""One moment as a PNG picture, an SVG drawing or a PDF page."""

import re

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from engine.errors import ExportError
from gui.pictures.outlines import OutlinePainter, with_letters
from gui.pictures.sheet import Sheet

DPI = 96  # a pixel of the screen is 1/96 inch in print


def image_of(sheet: Sheet, position: float) -> QImage:
    """The page as an image. Raises ExportError where there is not enough memory for it."""
    image = QImage(sheet.pixels, QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise ExportError(
            f"There is not enough memory for {sheet.pixels.width()} × {sheet.pixels.height()} pixels: "
            "choose a smaller scale."
        )
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        sheet.paint(painter, position)
    return image


def png_of(sheet: Sheet, position: float) -> bytes:
    """A PNG file; without an alpha channel unless the background is transparent."""
    image = image_of(sheet, position)
    if not sheet.options.transparent:
        image = image.convertToFormat(QImage.Format.Format_RGB32)
    image.setDotsPerMeterX(round(DPI * sheet.scale / 0.0254))
    image.setDotsPerMeterY(round(DPI * sheet.scale / 0.0254))
    image.setText("Title", sheet.title)
    image.setText("Description", sheet.description)
    buffer = _open_buffer()
    writer = QImageWriter(buffer, b"png")
    if not writer.write(image):
        raise ExportError(f"Qt could not write the picture as PNG: {writer.errorString()}.")
    return bytes(buffer.data().data())


def svg_of(sheet: Sheet, position: float) -> bytes:
    """An SVG file: letters are outlines, and its title and description can be read aloud."""
    buffer = _open_buffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(DPI)
    generator.setSize(sheet.pixels)
    generator.setViewBox(QRectF(0, 0, sheet.pixels.width(), sheet.pixels.height()))
    generator.setTitle(sheet.title)
    generator.setDescription(sheet.description)
    painter = OutlinePainter(generator)
    with painter:
        sheet.paint(painter, position)
    drawn = bytes(buffer.data().data()).decode("utf-8")
    return with_letters(_in_pixels(drawn, sheet), painter).encode("utf-8")


def _in_pixels(svg: str, sheet: Sheet) -> str:
    """Qt gives the size in millimetres, rounded: whoever rasterises that gets a stripe at the edge."""
    wide, high = sheet.pixels.width(), sheet.pixels.height()
    return re.sub(r'width="[\d.]+mm" height="[\d.]+mm"', f'width="{wide}" height="{high}"', svg, count=1)


def pdf_of(sheet: Sheet, position: float) -> bytes:
    """A PDF file of one page, as large as the graph; fonts are embedded."""
    buffer = _open_buffer()
    writer = QPdfWriter(buffer)
    writer.setResolution(DPI)
    points = QSizeF(sheet.pixels) * 72 / DPI
    page = QPageSize(points, QPageSize.Unit.Point, "graph", QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF()))
    writer.setTitle(sheet.title)
    writer.setCreator("Gradloom")
    with QPainter(writer) as painter:
        whole = painter.viewport()
        painter.scale(whole.width() / sheet.pixels.width(), whole.height() / sheet.pixels.height())
        sheet.paint(painter, position)
    return bytes(buffer.data().data())


def _open_buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer
