"""The laser pointer: a glowing dot that goes with the mouse, all over the window, and fades where that rests."""

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QRadialGradient
from PySide6.QtWidgets import QApplication, QWidget

from gui.document import motion
from gui.look.guard import guarded, guarded_filter

SIZE, CORE = 64, 7.0  # pixels: of the glow, and from its middle to where it is brightest
REST_MS, FADE_MS = 1500, 700
RED = QColor("#FF2D20")


class Laser(QWidget):
    """Lies over `window` and lets the mouse through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedSize(SIZE, SIZE)
        self._over, self._is_on = window, False
        self.light = 0.0  # how bright it is, from 0 to 1
        self.rest = QTimer(self, singleShot=True, interval=REST_MS)
        self.rest.timeout.connect(self._begin_to_fade)
        self._fade = QVariantAnimation(self, startValue=1.0, endValue=0.0, duration=FADE_MS)
        self._fade.valueChanged.connect(self._shine)
        self.hide()

    def switch(self, on: bool) -> None:
        """Follow the mouse from now on, wherever it goes in the window; or no longer."""
        app = QApplication.instance()
        assert app is not None
        app.removeEventFilter(self)
        self._is_on = on
        if on:
            app.installEventFilter(self)
            self.go_to(self._over.mapFromGlobal(self.cursor().pos()))
        else:
            self.rest.stop()
            self._fade.stop()
            self.hide()

    @guarded_filter
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self.go_to(self._over.mapFromGlobal(event.globalPosition().toPoint()))
        return False

    def go_to(self, spot: QPoint) -> None:
        """Shine at a place of the window."""
        if not self._over.rect().contains(spot):
            self.hide()
            return
        self._fade.stop()
        self.move(spot - QPoint(SIZE // 2, SIZE // 2))
        if self.isHidden():
            self.show()
        self.raise_()
        self._shine(1.0)
        self.rest.start()

    def _begin_to_fade(self) -> None:
        if motion.is_reduced():
            self._shine(0.0)
        else:
            self._fade.start()

    def _shine(self, light: float) -> None:
        self.light = light
        if light <= 0:
            self.hide()
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        middle = QPointF(SIZE / 2, SIZE / 2)
        glow = QRadialGradient(middle, SIZE / 2)
        for share, alpha in ((0.0, 255), (2 * CORE / SIZE, 255), (2 * CORE / SIZE + 0.06, 120), (1.0, 0)):
            colour = QColor(RED)
            colour.setAlpha(round(alpha * self.light))
            glow.setColorAt(share, colour)
        heart = QColor(255, 255, 255, round(230 * self.light))
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(glow)
            painter.drawEllipse(middle, SIZE / 2, SIZE / 2)
            painter.setBrush(heart)
            painter.drawEllipse(middle, CORE * 0.4, CORE * 0.4)
