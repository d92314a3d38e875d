"""The next start after a kill: what lies on the disk, and what comes back on screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.files import disk
from tests.attack.kills.victim import digest


def witness(folder: Path, whole: bool) -> dict[str, Any]:
    """What a fresh start finds: the file, the swaps, and what is on screen after “Recover”. `whole`: in a window."""
    from PySide6.QtCore import QCoreApplication

    from gui.document.lost import lost_work
    from tests.gui.document.answers import Answers

    path = folder / "work.gradloom"
    found: dict[str, Any] = {"file": _read(path) if path.exists() else None}
    app = _app(whole)
    found["swaps"] = [_read(lost.note.swap) for lost in lost_work()]
    found["names"] = [lost.name for lost in lost_work()]
    desk = _desk(whole)
    answers, failed = Answers(), list[str]()
    answers.found, answers.changed, answers.overwrite, answers.save_path = "recover", "keep", True, path
    desk.files.ask = answers
    desk.files.failed.connect(lambda error: failed.append(str(error)))
    mentioned: list[object] = []
    desk.rescue.found.connect(mentioned.append)
    if path.exists():
        desk.files.open(path)
    desk.rescue.begin(path if path.exists() else None)
    while path.exists() and (desk.files.path is None or desk.files.is_opening):
        QCoreApplication.processEvents()
    QCoreApplication.processEvents()
    found |= {
        "asked": answers.asked.count("recover"),
        "shown": digest(desk.bridge.now.graph),
        "failed": failed,
        "mentioned": len(mentioned),
    }
    found["left"] = len(lost_work())
    found["saves"] = not desk.files.is_modified or _saves(desk, path, found["shown"])
    found["running"] = app is not None
    return found


def _saves(desk: Any, path: Path, shown: str) -> bool:
    """Whether what is shown is in the file once it is saved: a large graph is written while one goes on working."""
    from PySide6.QtCore import QCoreApplication

    desk.files.save()
    while desk.files.is_busy:
        QCoreApplication.processEvents()
    return not desk.files.is_modified and _read(path) == shown


def _app(whole: bool) -> Any:
    if not whole:
        from PySide6.QtGui import QGuiApplication

        return QGuiApplication([])
    from tests.attack.program import make_program

    return make_program()


def _desk(whole: bool) -> Any:
    if whole:
        from gui.main_window import MainWindow

        return MainWindow()
    from tests.gui.document.test_rescue import Desk

    return Desk()


def _read(path: Path) -> str:
    try:
        return digest(disk.load(path))
    except Exception as error:
        return f"unreadable: {error}"
