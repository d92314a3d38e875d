"""What went wrong, told once: every failure ends in the one Funnel, which logs it and gives a Notice to show."""

import faulthandler
import logging
import platform
import re
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler, qVersion

from engine.errors import GradloomError
from gui.document.folders import state_folder

UNSAVED = "unsaved"  # the topic, and the kind of the error: a save has failed
LOG_BYTES, LOGS_KEPT = 256_000, 2
_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


@dataclass(frozen=True)
class Choice:
    """A button: its words, and what it does."""

    words: str
    do: Callable[[], object] = field(compare=False)


@dataclass(frozen=True)
class Notice:
    """One sentence for the user; `details` is what a report to the authors needs, empty if there is nothing more.

    One with a `topic` stays when a document is opened or something else goes wrong, until it is answered or closed,
    or until there is news of the same topic. Its `choices` are what one may do about it.
    """

    sentence: str
    details: str = ""
    topic: str = ""
    choices: tuple[Choice, ...] = ()


class LogFile(RotatingFileHandler):
    """A log that cannot be written is no second failure: what it would hold is on screen, and the disk may be full."""

    def __init__(self, place: Path) -> None:
        super().__init__(place, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT, encoding="utf-8", delay=True)

    def handleError(self, record: logging.LogRecord) -> None:
        """Python would print a traceback."""


class Funnel(QObject):
    """Takes every failure of the program, from any thread."""

    told = Signal(object)  # a Notice

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen: set[str] = set()
        self._log = logging.getLogger("gradloom")

    def take(self, error: BaseException | None) -> None:
        """Log an exception and tell the user; a refusal that has a sentence of its own is not a crash."""
        if isinstance(error, GradloomError):
            self.told.emit(refusal_notice(error))
        if error is None or isinstance(error, GradloomError):
            return
        details = "".join(traceback.format_exception(error))
        self._note(logging.ERROR, details)
        self.told.emit(Notice(crash_sentence(error), report_text(details)))

    def take_qt(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        """Qt's own messages are logged; only what is critical is worth a user's time."""
        level = _QT_LEVELS[kind]
        self._note(level, f"Qt: {text}")
        if level == logging.ERROR:
            self.told.emit(Notice(f"Something went wrong inside Qt: {text}", report_text(text)))

    def _note(self, level: int, text: str) -> None:
        """Each message once: a fault while painting comes sixty times a second."""
        if text not in self._seen:
            self._seen.add(text)
            self._log.log(level, text)


def crash_sentence(error: BaseException) -> str:
    """What is said about a fault of the program itself."""
    reason = re.sub(r"Error calling Python override of [^ ]+: ", "", str(error))  # how Qt passes it on
    return f"Something went wrong in Gradloom ({type(error).__name__}: {reason}). Your document is still here."


def report_text(details: str) -> str:
    """What “Copy report” copies."""
    python = platform.python_version()
    return f"Gradloom · Python {python} · Qt {qVersion()} · {platform.platform()}\n\n{details.strip()}\n"


def refusal_notice(error: GradloomError) -> Notice:
    """A refusal as a whole sentence: it begins with a capital letter where it has no place in front, and ends."""
    text = str(error)
    begun = text if error.where else text[:1].upper() + text[1:]
    topic = error.kind if error.kind == UNSAVED else ""
    return Notice(begun if begun.endswith((".", "!", "?")) else begun + ".", topic=topic)


def install(funnel: Funnel) -> None:
    """Lead every way in which Python and Qt report a failure into the funnel, and keep a log."""
    start_log()
    _log_faults()
    sys.excepthook = lambda _kind, error, trace: funnel.take(error.with_traceback(trace))
    threading.excepthook = lambda args: funnel.take(args.exc_value)
    sys.unraisablehook = lambda unraisable: funnel.take(unraisable.exc_value)
    qInstallMessageHandler(funnel.take_qt)


def log_file() -> Path | None:
    """Where the log is; None if nothing can be written."""
    folder = state_folder()
    return folder / "crash.log" if folder else None


def start_log() -> logging.Handler:
    """Log into the state folder, rotated; nowhere if nothing can be written."""
    place = log_file()
    handler = LogFile(place) if place else logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log = logging.getLogger("gradloom")
    log.handlers[:] = [handler]
    log.setLevel(logging.INFO)
    log.propagate = False
    return handler


def _log_faults() -> None:
    """What Python was doing when the process itself crashes; without a file for it, to where errors are printed."""
    folder = state_folder()
    try:
        if folder:
            faulthandler.enable((folder / "fault.log").open("a", encoding="utf-8"))  # which keeps the file
        elif sys.stderr:
            faulthandler.enable()
    except (OSError, ValueError):  # no file, and no standard error either
        faulthandler.disable()
