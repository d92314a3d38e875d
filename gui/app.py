"""Start-up: reads the command line, makes sure that there is a screen, opens the window, and ends cleanly."""

from __future__ import annotations

import argparse
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli import Parser
from engine.errors import GradloomError
from gui.shell.display import why_no_display

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gui.main_window import MainWindow

THEMES = ("system", "light", "dark")
WARM_UP = 300  # milliseconds: the window stands, and the first edit need not wait for networkx


def main(argv: list[str]) -> int:
    """Open the editor, on a file if one is given. Returns the exit code: 2 if it cannot be opened."""
    try:
        options = _read(argv)
    except GradloomError as error:
        return _refuse(str(error))
    if sentence := why_no_display():
        return _refuse(sentence)
    return run(make_app(options.theme), options.file)


def make_app(theme: str | None = None) -> QApplication:
    """Qt's application, dressed in our theme; `theme` overrides the setting for this run."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication
    from PySide6.QtWidgets import QApplication

    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(["gradloom"])
    app.setApplicationName("Gradloom")
    app.setApplicationDisplayName("")  # or Qt adds it to every title
    app.setDesktopFileName("gradloom")
    from gui.document import settings
    from gui.look import icons, style
    from gui.look.theme import themes

    themes.choose(theme or settings.get("theme"))
    style.apply(app)
    app.setWindowIcon(icons.icon(icons.APP_ICON))
    return app


def run(app: QApplication, file: Path | None = None) -> int:
    """Show the window and stay until it is closed."""
    from PySide6.QtCore import QTimer

    from engine.graph.topology import nx
    from gui.document.errors import Funnel, install, log_file

    funnel = Funnel(app)
    install(funnel)
    try:
        from gui.main_window import MainWindow

        window = MainWindow()
    except Exception as error:  # there is no window yet that could say it
        funnel.take(error)
        why = f"{type(error).__name__}: {error}"
        see = f" See {log_file()}." if log_file() else ""
        return _refuse(f"The window could not be opened ({why}).{see}", code=1)
    funnel.told.connect(window.tell)
    close_on_signals(window)
    window.show()
    window.activateWindow()  # where no window manager does it, nobody else would
    if file is not None:
        window.files.open(file)
    window.files.offer_lost_work()
    QTimer.singleShot(WARM_UP, nx)
    return app.exec()


def close_on_signals(window: MainWindow) -> None:
    """Ctrl+C closes as the close button does; while a question is open, and at SIGTERM, the program ends at once
    and keeps a recovery copy.

    Python hears of signals only while it runs: a socket that Qt watches wakes it up.
    """
    from PySide6.QtCore import QSocketNotifier

    heard, told = socket.socketpair()
    told.setblocking(False)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    notifier = QSocketNotifier(heard.fileno(), QSocketNotifier.Type.Read, window)

    def listen() -> None:
        assert told  # both ends stay open as long as somebody listens
        _end(window, heard.recv(64))

    notifier.activated.connect(listen)


def _end(window: MainWindow, numbers: bytes) -> None:
    from PySide6.QtWidgets import QApplication

    if signal.SIGTERM in numbers or QApplication.activeModalWidget() is not None:
        window.files.recovery.write()
        QApplication.exit(0)
    elif signal.SIGINT in numbers:
        window.close()


def _read(argv: list[str]) -> argparse.Namespace:
    parser = Parser(prog="gradloom", add_help=False, allow_abbrev=False)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--theme", choices=THEMES)
    return parser.parse_args(argv)


def _refuse(sentence: str, code: int = 2) -> int:
    print(f"gradloom: {sentence}", file=sys.stderr)
    return code
