"""One case: a window, the events on it, the checks between them; and the events that are needed for it to fail."""

from __future__ import annotations

import gc
import json
import os
import re
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from engine.files.codec import decode, encode
from engine.graph.graph import Graph
from gui.document import settings
from gui.document.errors import Funnel, Notice, install
from gui.look import math_view
from gui.look.formula_image import formula_picture, text_picture
from gui.main_window import MainWindow
from gui.shell.dialogs import file_dialog, questions
from gui.shell.tabs.tabbed_window import TabbedWindow
from tests.attack import oracle
from tests.attack.attack import Broken
from tests.attack.graphs import shipped
from tests.attack.monkey.events import FILES
from tests.attack.monkey.hands import Hands
from tests.attack.monkey.shown import Eye, look_at_tabs

_numbers = count()
LATE, A_KEY = 2.0, 0.1  # seconds of the processor that an event may keep the window busy; more for each key typed
SHRINKING = 60.0  # seconds
HARMLESS = ("This plugin does not support", "QFont::setPixelSize")
FILM = (".gif", ".webp", ".mp4")  # films take their time, and have attacks of their own


class Watch:
    """What the funnel and Qt have said that nobody should have to read."""

    def __init__(self, app: QApplication) -> None:
        self.funnel = Funnel(app)
        install(self.funnel)
        self.said: list[str] = []
        self.played = 0  # the number of the event that is being played
        self.funnel.told.connect(self._take)
        qInstallMessageHandler(self._take_qt)

    def _take(self, notice: Notice) -> None:
        if notice.details:
            self.said.append(notice.details)

    def _take_qt(self, kind: QtMsgType, context: Any, text: str) -> None:
        if kind in (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg) and not text.startswith(HARMLESS):
            self.said.append(f"Qt: {text}")

    def is_silent(self) -> None:
        if self.said:
            said, self.said = self.said, []
            raise Broken(_gist(said[0])) from ValueError("\n".join(said)[:3000])


def _gist(details: str) -> str:
    """What was said, without the numbers that differ from case to case."""
    lines = [line.strip() for line in details.splitlines() if line.strip()]
    place = next((line for line in reversed(lines) if line.startswith('File "')), "")
    where = " at " + place.rpartition("/")[2].replace('"', "") if place else ""
    return re.sub(r"0x\w+|\d+", "#", lines[-1])[:150] + where


def play(case: dict[str, Any], watch: Watch) -> None:
    """All events of a case, on one window after the other. Raises Broken, at the event `watch.played`."""
    game = Game(case, watch)
    try:
        for watch.played, event in enumerate(case["events"]):
            game.play(event)
        game.settle()
    finally:
        game.close()
    watch.is_silent()
    _no_timer_left()


class Game:
    """A window, the hands on it, and the eye that looks after each event. Where the window ends, there is a new one."""

    def __init__(self, case: dict[str, Any], watch: Watch) -> None:
        self._case, self._watch = case, watch
        self._folder, self._random = _folder(), Random(case["seed"])
        self._loads = 0
        _first_start()
        settings.put("reduced_motion", case["seed"] % 2 == 0)
        chosen = lambda dialog: _chosen(self._random, self._folder)  # noqa: E731
        file_dialog.chosen = questions.chosen = chosen
        self._open()

    def _open(self) -> None:
        drawn = self._case["painted"]
        math_view.formula_picture = formula_picture if drawn else text_picture
        self.tabs = tabs = TabbedWindow(lambda: MainWindow(in_tabs=True))
        tabs.setUpdatesEnabled(drawn)
        tabs.resize(1280, 800)
        tabs.show()
        tabs.activateWindow()
        self.window.canvas.setFocus()
        self._watch.funnel.told.connect(tabs.tell)
        self._hands, self._eye = Hands(tabs, self._folder), Eye(lambda: self.window)

    @property
    def window(self) -> MainWindow:
        """The document in front."""
        page = self.tabs.current
        assert isinstance(page, MainWindow)
        return page

    def play(self, event: list[Any]) -> None:
        if event[0] == "graph":
            self.settle()
            self._load(event[1])
        else:
            self._do(event)
        self._eye.look()
        look_at_tabs(self.tabs)
        if len(self.window.bridge.document.graph.nodes) > self._case["largest"]:
            self.settle()
            self._load(self._loads)

    def _do(self, event: list[Any]) -> None:
        began = time.thread_time()
        self._hands.do(event)
        typed = len(event[1]) if event[0] == "type" else 0
        if time.thread_time() - began > LATE + A_KEY * typed:
            raise Broken(f"an event takes more than {LATE:g} s: {event[0]}")
        self._watch.is_silent()
        if self.tabs.closing.has_ended or not self.tabs.isVisible():
            self.close()
            self._open()

    def _load(self, number: int) -> None:
        self._loads += 1
        self.window.bridge.load(shipped()[number % len(shipped())] if number >= 0 else Graph.of([], []))
        QApplication.processEvents()

    def settle(self) -> None:
        """Undo everything, redo everything: the same graph to the bit, and everything shown is current."""
        window, steps = self.window, 0
        window.training.run.pause()
        window.bridge.steps.finish()
        end = window.bridge.document.graph
        while window.bridge.document.undo_text is not None:
            window.bridge.undo()
            steps += 1
        self._eye.look()
        for _ in range(steps):
            window.bridge.redo()
        if not oracle.same(end, window.bridge.document.graph):
            raise Broken("undoing and redoing everything does not lead back")
        self._eye.look_anew()
        _swaps(self._folder)

    def close(self) -> None:
        self._hands.stop()
        self._eye.close()
        self._watch.funnel.told.disconnect(self.tabs.tell)
        _close(self.tabs)


def _swaps(folder: Path) -> None:
    """What was kept for recovery opens, as far as it is still kept."""
    for swap in [*folder.rglob("*.swap"), *Path().rglob("*.swap")]:
        with suppress(FileNotFoundError):  # a thread has just saved what is in it
            decode(swap.read_bytes())


def _close(window: TabbedWindow) -> None:
    window.closing.end()
    window.hide()
    shiboken6.delete(window)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QApplication.processEvents()


def _no_timer_left() -> None:
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    timers = [thing for thing in gc.get_objects() if issubclass(type(thing), QTimer)]
    left = [timer for timer in timers if shiboken6.isValid(timer) and timer.isActive()]
    if left:
        said = ", ".join(f"{type(timer.parent()).__name__}, every {timer.interval()} ms" for timer in left)
        for timer in left:
            timer.stop()
        raise Broken("a timer outlives the window") from ValueError(said)


def _first_start() -> None:
    """No setting and no lost work of the case before: each is a case of its own."""
    for name in ("GRADLOOM_CONFIG_DIR", "GRADLOOM_STATE_DIR"):
        folder = Path(f"{name.lower()}-{os.getpid()}-{next(_numbers)}").absolute()  # one that crashed left its own
        folder.mkdir()
        os.environ[name] = str(folder)


def _folder() -> Path:
    """Files to open, as they were at the beginning of every case."""
    folder = Path("files").absolute()
    (folder / "folder").mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.is_file():
            path.unlink()
    for name, graph in zip(
        [name for name in FILES if name.endswith(".gradloom") and "no-" not in name], shipped(), strict=False
    ):
        (folder / name).write_text(encode(graph), "utf-8")
    (folder / "damaged.gradloom").write_text('{"format": "gradloom", "version": 1, "nodes": [{', "utf-8")
    (folder / "program.txt").write_text("x = 3\ny = relu(x * 2) + 1\n", "utf-8")
    return folder


def _chosen(random: Random, folder: Path) -> Path | None:
    """What is chosen where a file is asked for."""
    name = random.choice((None, "new.gradloom", "other.gradloom", "folder/new.gradloom", "no/such.gradloom", *FILES))
    return None if name is None else folder / name


# --- smaller


def shrunk(case: dict[str, Any], sentence: str, watch: Watch) -> dict[str, Any]:
    """The case with as few events as time allows, that still fails with the same sentence."""
    case = {**case, "events": case["events"][: watch.played + 1]}
    until, size = time.monotonic() + SHRINKING, max(1, len(case["events"]) // 2)
    while size >= 1 and time.monotonic() < until:
        at = 0
        while at < len(case["events"]) and time.monotonic() < until:
            fewer = {**case, "events": case["events"][:at] + case["events"][at + size :]}
            if _fails(fewer, sentence, watch):
                case = fewer
            else:
                at += size
        size //= 2
    return case


def _fails(case: dict[str, Any], sentence: str, watch: Watch) -> bool:
    try:
        play(case, watch)
    except Broken as broken:
        watch.said.clear()
        return str(broken) == sentence
    except Exception:
        watch.said.clear()
    return False


def told(case: dict[str, Any]) -> str:
    """The events, one a line, for whoever looks for the cause."""
    return "\n".join(json.dumps(event, ensure_ascii=False) for event in case["events"])
