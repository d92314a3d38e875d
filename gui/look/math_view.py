"""Shows equations, typeset: each in lines that fit the width. Each piece of one is a picture, drawn once for all."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QElapsedTimer, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.as_is import as_is
from gui.look.formula_image import Picture, formula_picture, text_picture, was_rendered
from gui.look.formula_text import plain
from gui.look.guard import guarded
from gui.look.kept_height import KeptHeight
from gui.look.line_breaks import TexPiece, flowed, pieces
from gui.look.theme import theme, themes

RUSH_MS = (
    400  # formulas that follow each other faster than this nobody reads: plain text stands for them until it is over
)
AT_ONCE = 1  # new piece is typeset on the spot: 5 ms. Of more, one between two frames
BETWEEN_MS = 25  # from one to the next
INDENT, SPACE = 16.0, 5.0  # before a line that goes on, and round a sign
BETWEEN, APART = 5.0, 10.0  # between two lines, and between two equations
MOST_KEPT = 200  # pixels: of a higher formula no more room than this is kept, or the next step stands under a blank

Sides = tuple[str, ...]  # all that is equal, in LaTeX: a, b, c of a = b = c


class Glyph(NamedTuple):
    """A picture at its place, squeezed to `wide` where there is no more room."""

    image: QImage
    left: float
    top: float
    wide: float


class MathView(QWidget):
    """Left-aligned. Its height follows what it shows; below `MOST_KEPT` it does not shrink while the equations are
    `of` the same."""

    laid_out = Signal()  # it may have another height now: from plain text to formulas, or in another width

    def __init__(self, size: int, height: int) -> None:
        super().__init__()
        self._equations: tuple[Sides, ...] = ()
        self._glyphs: list[Glyph] = []
        self._pictures: dict[str, Picture] = {}  # of the equation that is laid out, by its pieces
        self._draw: Callable[[str, float], Picture]  # a piece in a size
        self._squeezed = self._hurried = False
        self._size, self._height = size, KeptHeight(height)
        self._since = QElapsedTimer()
        self._rest = QTimer(self, singleShot=True, interval=RUSH_MS)
        self._rest.timeout.connect(self._typeset)
        self._more = QTimer(self, interval=BETWEEN_MS)
        self._more.timeout.connect(self._go_on)
        themes.changed.connect(self._lay_out)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(height)

    def show_equations(
        self, equations: Sequence[Sides], said: str = "", of: object = None, hurried: bool = False
    ) -> None:
        """Show these; `said` is what a screen reader says of them.

        In a rush of new ones, and of more than one, plain text stands in until it is over: a piece takes 5 ms. Of
        those that are `hurried` others are sure to come: text stands for them until some come that are not.
        """
        if not self._height.begin(of) and (tuple(equations), hurried) == (self._equations, self._hurried):
            return
        in_rush = self._since.isValid() and self._since.elapsed() < RUSH_MS
        self._equations, self._hurried = tuple(equations), hurried
        self._since.start()
        self.setAccessibleName(said or "; ".join(" = ".join(map(plain, sides)) for sides in self._equations))
        if hurried or (in_rush and self._new_pieces()):
            self._more.stop()
            self._rest.stop()
            if not hurried:
                self._rest.start()
            self._lay_out()
        else:
            self._rest.stop()
            self._typeset()

    def set_type(self, size: int, height: int) -> None:
        """Show all in another size from now on: pixels an em; at least so high."""
        if (size, height) != (self._size, self._height.least):
            self._size = size
            self._height.set_least(height)
            self._typeset()

    def formulas(self) -> tuple[str, ...]:
        """The LaTeX of each equation that is shown."""
        return tuple(" = ".join(sides) for sides in self._equations)

    def glyphs(self) -> list[Glyph]:
        """The pictures that are shown, each at its place."""
        return list(self._glyphs)

    @property
    def is_typeset(self) -> bool:
        """Whether no plain text stands in any more."""
        return not (self._hurried or self._rest.isActive() or self._more.isActive())

    # --- from LaTeX to places

    def _new_pieces(self) -> list[str]:
        """What has never been typeset, by anyone."""
        parts = dict.fromkeys(tex for sides in self._equations for piece in pieces(sides) for tex in piece[:2])
        return [tex for tex in parts if tex and tex != QUAD and not was_rendered(tex)]

    def _typeset(self) -> None:
        if not self._hurried and len(self._new_pieces()) > AT_ONCE:
            self._more.start()
        else:
            self._more.stop()
        self._lay_out()

    def _go_on(self) -> None:
        """Typeset one more piece; after the last all are shown."""
        if new := self._new_pieces():
            self._picture(new[0], self._size)
        else:
            self._more.stop()
            self._lay_out()

    def _picture(self, tex: str, size: float) -> Picture:
        return formula_picture(tex, size, theme().color("text").name(), self.devicePixelRatioF())

    def _lay_out(self) -> None:
        ink, ratio = theme().color("text").name(), self.devicePixelRatioF()
        in_text = not self.is_typeset
        self._draw = (lambda tex, size: text_picture(tex, size, ink, ratio)) if in_text else self._picture
        self._glyphs, self._squeezed, top = [], False, 2.0
        for sides in self._equations:
            parts = pieces(sides)
            texts = {tex for part in parts for tex in part[:2] if tex and tex != QUAD}
            self._pictures = {tex: self._draw(tex, self._size) for tex in texts}
            widths = {part: self._advance(part) for part in parts}
            for number, line in enumerate(flowed(parts, widths, max(self.width(), 40) - INDENT)):
                top = self._lay_line(line, INDENT if number else 0.0, top) + BETWEEN
            top += APART - BETWEEN
        if not in_text:  # which stands there for a moment, and leaves no blank behind
            self._height.keep(min(round(top), MOST_KEPT))
        self.setFixedHeight(max(self._height.pixels, round(top)))
        self.setToolTip(as_is(self.accessibleName()) if self._squeezed else "")
        self.update()
        self.laid_out.emit()

    def _lay_line(self, line: Sequence[TexPiece], left: float, top: float) -> float:
        """Put the pieces of a line on one base line; where the line ends below."""
        placed: list[tuple[str, float]] = []
        for number, piece in enumerate(line):
            for tex in piece:
                if tex and tex != QUAD:
                    placed.append((tex, left))
                    left += min(_width(self._pictures[tex].image), max(self.width() - left, 1.0)) + SPACE
                elif tex and number:
                    left += 2 * SPACE
        base = max((self._pictures[tex].base for tex, _ in placed), default=0.0)
        end = top
        for tex, x in placed:
            image, own = self._fitting(tex, max(self.width() - x, 1.0))
            self._glyphs.append(Glyph(image, x, top + base - own, min(_width(image), max(self.width() - x, 1.0))))
            end = max(end, top + base - own + _height(image))
        return end

    def _fitting(self, tex: str, room: float) -> Picture:
        """A piece, set smaller where it is wider than `room`: a picture that is scaled down would be blurred."""
        wide = _width(self._pictures[tex].image)
        if wide <= room:
            return self._pictures[tex]
        self._squeezed = True
        if not self.is_typeset:  # in a size that nobody can read it would be told no sooner
            return text_picture(tex, self._size, theme().color("text").name(), self.devicePixelRatioF(), room)
        return self._draw(tex, max(self._size * room / wide, 1.0))

    def _advance(self, piece: TexPiece) -> float:
        """How much of a line a piece needs, with its sign."""
        return sum(2 * SPACE if tex == QUAD else _width(self._pictures[tex].image) + SPACE for tex in piece if tex)

    # --- Qt

    def sizeHint(self) -> QSize:
        return QSize(120, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._height.forget()
            self._lay_out()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            for image, left, top, wide in self._glyphs:
                ratio = image.devicePixelRatio()
                place = (round(left * ratio) / ratio, round(top * ratio) / ratio)
                painter.drawImage(QRectF(*place, wide, _height(image) * wide / max(_width(image), 1.0)), image)


QUAD = r"\quad"
GAP = rf" {QUAD} {QUAD} {QUAD} "


def in_one_line(equations: Sequence[Sides]) -> Sides:
    """Equations side by side, as one that is broken between them where a line does not hold them."""
    sides = list(equations[0])
    for first, *others in equations[1:]:
        sides = [*sides[:-1], sides[-1] + GAP + first, *others]
    return tuple(sides)


def _width(image: QImage) -> float:
    return image.deviceIndependentSize().width()


def _height(image: QImage) -> float:
    return image.deviceIndependentSize().height()
