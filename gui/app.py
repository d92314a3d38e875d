"""Start-up: reads the command line, makes sure that there is a screen, opens the window, and ends cleanly."""

from __future__ import annotations

import argparse
import signal
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.cli import Parser
from engine.errors import GradloomError
from gui.shell.display import why_no_display
from gui.shell.signals import Signals

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from gui.shell.tabs.end_of_all import EndOfAll
    from gui.shell.tabs.tabbed_window import TabbedWindow

THEMES = ("system", "light", "dark")
WARM_UP = 300  # milliseconds: the window stands, and the first edit and formula need not wait


def main(argv: list[str], signals: Signals | None = None) -> int:
    """Open the editor, on the files that are given. Returns the exit code: 2 if it cannot be opened.

    `signals` are those that are taken already: what ends the program may come before anything is imported.
    """
    signals = signals or Signals()
    try:
        options = _read(argv)
    except GradloomError as error:
        return _refuse(str(error))
    if sentence := why_no_display():
        return _refuse(sentence)
    return run(make_app(options.theme), options.files, signals)


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
    from gui.document import motion, settings
    from gui.look import icons, style
    from gui.look.theme import themes
    from gui.widgets.accessible import tell_of_things

    tell_of_things()
    motion.ask_desktop()
    themes.choose(theme or settings.get("theme"))
    style.apply(app)
    app.setWindowIcon(icons.icon(icons.APP_ICON))
    return app


def run(app: QApplication, files: list[Path], signals: Signals) -> int:
    """Show the window and stay until it is closed."""
    from PySide6.QtCore import QTimer

    from gui.document.errors import Funnel, install, log_file
    from gui.document.garbage import Sweeper
    from gui.look import style

    funnel, sweeper = Funnel(app), Sweeper(app)
    install(funnel)
    try:
        from gui.main_window import MainWindow
        from gui.shell.tabs.tabbed_window import TabbedWindow

        window = TabbedWindow(lambda: MainWindow(in_tabs=True))
        style.dress(window)
        sweeper.keep()
    except Exception as error:  # there is no window yet that could say it
        funnel.take(error)
        why = f"{type(error).__name__}: {error}"
        see = f" See {log_file()}." if log_file() else ""
        return _refuse(f"The window could not be opened ({why}).{see}", code=1)
    funnel.told.connect(window.tell)
    window.closing.ended.connect(partial(app.exit, 0))
    app.commitDataRequest.connect(window.closing.keep)
    app.saveStateRequest.connect(window.closing.keep)
    listen(signals, window)
    QTimer.singleShot(0, window, partial(_begin, window, files))  # in the loop: whatever is asked can be ended
    app.exec()
    sweeper.stop()
    _take_down(window, signals)
    return 0


def _begin(window: TabbedWindow, files: list[Path]) -> None:
    from PySide6.QtCore import QTimer

    from gui.document.jobs import beside

    if window.closing.has_ended:
        return
    window.appear()
    window.begin(files)
    QTimer.singleShot(WARM_UP, window, partial(beside, warm_up))


def warm_up() -> None:
    """Import what the first edit and the first formula need: neither need wait for it."""
    import networkx  # noqa: F401
    import ziamath  # noqa: F401


def listen(signals: Signals, window: TabbedWindow) -> None:
    """Ctrl+C closes as the close button does; while a question is open, at SIGTERM and when the terminal is gone, the
    program ends at once and keeps a recovery copy.

    Python hears of signals only while it runs: a socket that Qt watches wakes it up.
    """
    from PySide6.QtCore import QSocketNotifier

    notifier = QSocketNotifier(signals.ear.fileno(), QSocketNotifier.Type.Read, window)
    notifier.activated.connect(lambda: _obey(signals.read(), window.closing))


def _obey(heard: list[int], closing: EndOfAll) -> None:
    if [number for number in heard if number != signal.SIGINT] or (heard and closing.is_asking):
        closing.end()
    elif heard:
        closing.close()


def _take_down(window: TabbedWindow, signals: Signals) -> None:
    from PySide6.QtCore import qInstallMessageHandler

    from gui.shell.closing import take_down

    signals.deafen()
    window.closing.end()  # if nobody has asked for it: the screen is gone
    take_down(window)
    qInstallMessageHandler(None)


def _read(argv: list[str]) -> argparse.Namespace:
    parser = Parser(prog="gradloom", add_help=False, allow_abbrev=False)
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path)
    parser.add_argument("--theme", choices=THEMES)
    return parser.parse_args(argv)


def _refuse(sentence: str, code: int = 2) -> int:
    print(f"gradloom: {sentence}", file=sys.stderr)
    return code
