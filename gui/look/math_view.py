"""LaTeX as a picture: rendered once a formula, size, colour and pixel ratio, and shown in a widget."""

import re
import unicodedata
from functools import lru_cache

from PySide6.QtCore import QByteArray, QElapsedTimer, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.look.theme import font, theme

RUSH_MS = 120  # formulas that follow each other faster than this are shown as plain text first


@lru_cache(maxsize=512)
def formula_image(tex: str, size: float, color: str, dpr: float = 1.0) -> QImage:
    """A formula as a picture, `size` pixels an em, in `color` (`#rrggbb`). Never raises: plain text at worst."""
    try:
        svg = _svg(tex, size, color)
    except Exception:  # whatever a formula makes the renderer stumble over, its text can be shown
        return _text_image(tex, size, color, dpr)
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    box = renderer.viewBoxF()
    if not renderer.isValid() or box.isEmpty():
        return _text_image(tex, size, color, dpr)
    image = _blank(box.width(), box.height(), dpr)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, box.width(), box.height()))
    painter.end()
    return image


_rendered: set[str] = set()  # what has been rendered before, in whatever colour: it comes quickly


# A name in letters: ziamath sets an underscore in \mathrm as an operator, with wide space around it.
_NAME = re.compile(r"\\mathrm\{((?:[A-Za-z0-9~]|\\_)+)\}")


def _svg(tex: str, size: float, color: str) -> str:
    import ziamath  # 0.3 s: only when the first formula is shown

    ziamath.config.svg2 = False  # type: ignore[attr-defined] # QtSvg clips SVG 2's nested symbols to fragments
    _rendered.add(tex)
    close = _NAME.sub(lambda name: rf"\text{{{name[1].replace(chr(92), '').replace('~', ' ')}}}", tex)
    return str(ziamath.Latex(close, size=size, color=color).svg())  # type: ignore[attr-defined]


def _text_image(tex: str, size: float, color: str, dpr: float) -> QImage:
    text, style = plain(tex), font(round(size))
    metrics = QFontMetricsF(style)
    image = _blank(metrics.horizontalAdvance(text) + 2, metrics.height() + 2, dpr)
    painter = QPainter(image)
    painter.setFont(style)
    painter.setPen(QColor(color))
    painter.drawText(QRectF(1, 1, 1e5, metrics.height()), Qt.AlignmentFlag.AlignLeft, text)
    painter.end()
    return image


def _blank(width: float, height: float, dpr: float) -> QImage:
    image = QImage(
        max(1, round(width * dpr + 0.5)), max(1, round(height * dpr + 0.5)), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(dpr)
    image.fill(Qt.GlobalColor.transparent)
    return image


_SIGNS = {
    r"\partial": "∂", r"\cdot": "·", r"\times": "×", r"\infty": "∞", r"\tfrac12": "½", "~": " ", "-": "−",
}  # fmt: skip


def plain(tex: str) -> str:
    """LaTeX as one line of plain text: ∂f/∂x = ∂f/∂q · ∂q/∂x."""
    text = tex
    for word, sign in _SIGNS.items():
        text = text.replace(word, sign)
    text = re.sub(r"\\(?!mathrm|text|frac)([A-Za-z]+)(?:\{\}| )?", _word, text)
    text = re.sub(r"\\(?:mathrm|text)\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"\1/\2", text)
    return re.sub(r"∂ +", "∂", " ".join(re.sub(r"[{}\\]", "", text).split()))


def _word(command: re.Match[str]) -> str:
    """A Greek letter for its name; any other command as its name."""
    name = command[1]
    case = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {name.upper().replace('LAMBDA', 'LAMDA')}")
    except KeyError:
        return f"{name} "


class MathView(QWidget):
    """Shows one formula, left-aligned, shrunk where it is too wide. Its height is fixed, whatever the formula."""

    def __init__(self, size: int, height: int) -> None:
        super().__init__()
        self._tex, self._size, self._height = "", size, height
        self._since = QElapsedTimer()
        self._rest = QTimer(self, singleShot=True, interval=RUSH_MS)
        self._rest.timeout.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_formula(self, tex: str) -> None:
        """Show a formula. In a rush of new ones plain text stands in until it is over: rendering takes 10 ms."""
        if tex == self._tex:
            return
        in_rush = self._since.isValid() and self._since.elapsed() < RUSH_MS
        self._tex = tex
        self._since.start()
        self.setAccessibleName(plain(tex))
        if in_rush and tex not in _rendered:
            self._rest.start()
        else:
            self._rest.stop()
        self.update()

    def formula(self) -> str:
        """The LaTeX that is shown."""
        return self._tex

    def image(self) -> QImage:
        """The picture, as large as fits."""
        image = self._image(self._size)
        if image.deviceIndependentSize().width() > self.width() > 0:
            fitting = self._size * self.width() / image.deviceIndependentSize().width()
            image = self._image(max(8, int(fitting)))
        return image

    def _image(self, size: int) -> QImage:
        make = _text_image if self._rest.isActive() else formula_image
        return make(self._tex, size, theme().color("text").name(), self.devicePixelRatioF())

    def sizeHint(self) -> QSize:
        return QSize(120, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._tex:
            return
        image, painter = self.image(), QPainter(self)
        top = (self.height() - image.deviceIndependentSize().height()) / 2
        ratio = image.devicePixelRatio()
        painter.drawImage(QRectF(0, round(top * ratio) / ratio, *image.deviceIndependentSize().toTuple()), image)
        painter.end()
