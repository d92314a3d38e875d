"""Plays one closing after another, each in a fork of a process in which everything is imported already.

Orders come in lines of JSON, results go out in lines of JSON. The fork ends as the program does: by returning from it.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import pkgutil
import select
import shutil
import signal
import sys
import tempfile
import time
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from engine.files import disk
from engine.files.examples import find_example
from tests.attack.closings.hand import Hand
from tests.attack.closings.things import THINGS
from tests.attack.closings.ways import WAYS, Way
from tests.gui.graphs import product

OPENED, ENDED = 120.0, 60.0  # seconds, on a machine that has much else to do: opening, and ending


def main() -> int:
    """Until there are no more orders; in a fork, the exit code of the program."""
    import ziamath

    import engine.graph.topology
    import gui.app
    import gui.main_window
    import gui.shell.command_palette
    import gui.shell.dialogs

    for module in pkgutil.iter_modules(gui.shell.dialogs.__path__):
        import_module(f"gui.shell.dialogs.{module.name}")
    engine.graph.topology.nx()
    gui.app.warm_up()
    ziamath.Latex(r"\frac{x}{2} \cdot 1").svg()  # reads its fonts
    gc.collect()
    gc.freeze()  # or each fork's first collection would copy all that is imported
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs this with `nohup` has it let pass
    for line in sys.stdin:
        order = json.loads(line)
        folder = Path(tempfile.mkdtemp(prefix="closing-"))
        set_scene(folder / "work.gradloom", order["example"])
        try:
            result = None
            for played in ([{**order, "thing": "nothing", "way": "SIGTERM"}] if order["lost"] else []) + [order]:
                fork = Fork(played, folder)
                if fork.inside:
                    return fork.play()
                result = fork.watch()
            print(json.dumps(result), flush=True)
        finally:
            if os.getpid() == STAGE:
                shutil.rmtree(folder, ignore_errors=True)
    return 0


STAGE = os.getpid()
NO_SCREEN = tuple(
    f"plugin does not support {what}" for what in ("propagateSizeHints()", "raise()", "grabbing the keyboard")
)  # what the log says where there is no real one


def set_scene(path: Path, example: str) -> None:
    """The file that is open."""
    found = find_example(example) if example else None
    disk.save(disk.load(found.path) if found else product(), path)


class Fork:
    """One process that is to end, seen from both sides."""

    def __init__(self, order: dict[str, Any], folder: Path) -> None:
        self.order, self.folder = order, folder
        self.way: Way = WAYS[order["way"]]
        self._heard, self._said = os.pipe()
        self._terminal, self._its_side = os.openpty() if self.way.hang_up else (-1, -1)
        self.pid = os.fork()

    @property
    def inside(self) -> bool:
        return self.pid == 0

    # --- inside

    def play(self) -> int:
        self._settle()
        from gui import app
        from gui.shell.signals import Signals

        signals, made = Signals(), app.make_app

        def make_app(theme: str | None = None) -> Any:
            application = made(theme)
            hand = Hand(application, self.folder, self._say)
            hand.save = self.order["save"]
            hand.play(self._steps(hand))
            return application

        app.make_app = make_app
        return app.main([str(self.folder / "work.gradloom")], signals)

    def _settle(self) -> None:
        for name in ("GRADLOOM_CONFIG_DIR", "GRADLOOM_STATE_DIR", "HOME"):
            os.environ[name] = str(self.folder / "home")
        (self.folder / "home").mkdir(exist_ok=True)
        log = os.open(self.folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        faulthandler.register(signal.SIGUSR1, os.fdopen(os.dup(log), "w"), all_threads=True)
        if self.way.hang_up:
            self._take_terminal()
        if self.way.streams == "broken":
            reading, writing = os.pipe()
            os.close(reading)
            os.dup2(writing, 1)
            os.dup2(writing, 2)
        elif self.way.streams == "closed":
            os.close(1)
            os.close(2)

    def _take_terminal(self) -> None:
        import fcntl
        import termios

        os.close(self._terminal)
        os.setsid()
        fcntl.ioctl(self._its_side, termios.TIOCSCTTY, 0)
        for number in range(3):
            os.dup2(self._its_side, number)

    def _steps(self, hand: Hand) -> Any:
        thing = THINGS[self.order["thing"]]
        if not thing.lost:
            yield from hand.work()
        yield from thing.opening(hand)
        if self.way.act is not None:
            hand.soon(partial(self.way.act, hand))
        self._say("open")
        yield from hand.answer()

    def _say(self, sentence: str) -> None:
        os.write(self._said, f"{sentence}\n".encode())

    # --- outside

    def watch(self) -> dict[str, Any]:
        """Wait until it is open, end it, and tell what came of it."""
        os.close(self._said)
        if self.way.hang_up:
            os.close(self._its_side)
        said, trouble = "", ""
        opened = self._wait_for("open\n", OPENED)
        if "open\n" not in opened:
            trouble = "was never open"
        began = time.monotonic()
        if not trouble:
            self._end()
        code = self._code(ENDED if not trouble else 0.5)
        if code is None and not trouble:
            trouble = "did not end"
        said = opened + self._wait_for("", 0.0)
        os.close(self._heard)
        return {
            "code": code, "trouble": trouble, "said": said, "seconds": time.monotonic() - began, **self._left(),
        }  # fmt: skip

    def _wait_for(self, words: str, seconds: float) -> str:
        heard, until = "", time.monotonic() + seconds
        while not words or words not in heard:
            ready, _, _ = select.select([self._heard], [], [], max(until - time.monotonic(), 0))
            piece = os.read(self._heard, 4096).decode() if ready else ""
            heard += piece
            if not piece:
                break
        return heard

    def _end(self) -> None:
        if self.way.hang_up:
            os.close(self._terminal)
        for pause, number in self.way.signals:
            time.sleep(pause)  # the moment of the signal is what is tried
            os.kill(self.pid, number)

    def _code(self, seconds: float) -> int | None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.003)  # waitpid has no time limit of its own
        os.kill(self.pid, signal.SIGUSR1)
        time.sleep(0.3)  # it prints where it is, and nothing tells when it has
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return None

    def _left(self) -> dict[str, Any]:
        """What it has left behind: work, and complaints."""
        from tests.attack.closings.left import kept_graphs

        home = self.folder / "home"
        logs = [self.folder / "log", *home.rglob("crash.log"), *home.rglob("fault.log")]
        lines = [line for path in logs if path.exists() for line in path.read_text("utf-8", "replace").splitlines()]
        complaints = "\n".join(line for line in lines if not line.endswith(NO_SCREEN))
        drafts = [path.name for path in self.folder.iterdir() if path.name not in ("home", "log", "work.gradloom")]
        return {"complaints": complaints[-4000:], "beside": drafts, **kept_graphs(self.folder, self.order["thing"])}


if __name__ == "__main__":
    sys.exit(main())
