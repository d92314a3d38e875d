"""Plays one kill after another: a victim and then a witness, each a fork of a process that has everything imported.

Orders come in lines of JSON, results go out in lines of JSON.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from engine.graph.topology import nx
from tests.attack.kills.victim import Victim, set_scene
from tests.attack.kills.witness import witness

STARTS = 40.0  # seconds that a window may take to come up
LIVES = (0.02, 4.0)  # seconds after the first edit at which it is killed
AT_A_SAVE = 0.35  # of all kills come just after a save has begun
WHOLE = 0.25  # of all witnesses are whole windows
STAGE = os.getpid()


WARM = ("gui.app", "gui.main_window", "gui.shell.dialogs.opener", "tests.gui.document.test_rescue")


def main() -> None:
    for name in WARM:
        import_module(name)
    nx()
    for line in sys.stdin:
        folder = Path(tempfile.mkdtemp(prefix="kill-"))
        try:
            print(json.dumps(play(json.loads(line)["seed"], folder)), flush=True)
        finally:
            if os.getpid() == STAGE:
                shutil.rmtree(folder, ignore_errors=True)


def play(seed: str, folder: Path) -> dict[str, Any]:
    """One life: what it said, when it was killed, and what the next start found."""
    random = Random(seed)
    set_scene(folder, random)
    began = time.monotonic()
    pid, said = _fork(folder, lambda told: Victim(folder, seed, told).live())
    log = Log(said)
    killed = _kill(pid, log, random)
    os.waitpid(pid, 0)  # until then its number is taken, as if it lived
    log.read_all()
    whole = random.random() < WHOLE
    pid, said = _fork(folder, lambda told: _write(told, json.dumps(witness(folder, whole))))
    found = Log(said)
    dead = found.read_all(STARTS)
    if not dead:
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return {
        "log": log.lines,
        "killed": killed,
        "found": json.loads(found.lines[-1]) if found.lines else None,
        "complaints": (folder / "log").read_text("utf-8", "replace")[-4000:],
        "seconds": time.monotonic() - began,
    }


def _fork(folder: Path, live: Callable[[int], None]) -> tuple[int, int]:
    """A process with a home of its own; what it writes can be read."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, reading
    code = 1
    try:
        for name in ("GRADLOOM_CONFIG_DIR", "HOME"):
            os.environ[name] = str(folder / "home")
        os.environ.pop("GRADLOOM_STATE_DIR", None)
        log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        for number in (1, 2):
            os.dup2(log, number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        live(writing)
        code = 0
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)


def _write(handle: int, text: str) -> None:
    data = text.encode() + b"\n"
    while data:
        data = data[os.write(handle, data) :]


class Log:
    """What a process says, line by line, as it comes."""

    def __init__(self, handle: int) -> None:
        self._handle, self._rest, self.lines = handle, b"", list[str]()

    def wait(self, seconds: float) -> bool:
        """Whether something came; False too if nothing ever will."""
        if not select.select([self._handle], [], [], max(0.0, seconds))[0]:
            return False
        chunk = os.read(self._handle, 1 << 16)
        *whole, self._rest = (self._rest + chunk).split(b"\n")
        self.lines += [line.decode() for line in whole]
        return bool(chunk)

    def read_all(self, seconds: float = 5.0) -> bool:
        """Until it is closed: True. False: that takes too long."""
        until = time.monotonic() + seconds
        while self.wait(until - time.monotonic()):
            pass
        ended = time.monotonic() < until
        os.close(self._handle)
        return ended


def _kill(pid: int, log: Log, random: Random) -> float:
    """Let it live for a while, and kill it. Gives when."""
    until = time.monotonic() + STARTS
    while sum(line.startswith("state") for line in log.lines) < 2 and log.wait(until - time.monotonic()):
        pass
    until, at_a_save = time.monotonic() + random.uniform(*LIVES), random.random() < AT_A_SAVE
    while time.monotonic() < until:
        log.wait(until - time.monotonic())
        if at_a_save and log.lines and log.lines[-1].startswith("saving"):
            time.sleep(random.uniform(0.0, 0.04))  # the moment of the kill, within a save, is what is tried
            break
    killed = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    return killed


if __name__ == "__main__":
    main()
