"""A worker: runs cases of one attack in a process of its own, which may hang, crash or run out of memory.

It says before each case which one it is in a file that the driver maps (`Mark`), and tells what came of them in lines
of JSON. Whatever the program itself prints goes to a log.
"""

from __future__ import annotations

import base64
import faulthandler
import json
import mmap
import os
import signal
import struct
import sys
import time
import traceback
from pathlib import Path
from random import Random
from typing import Any

from tests.attack.attack import Attack, Broken, Options
from tests.attack.corpus import inputs

ROOT = str(Path(__file__).parents[2])
SAY_EVERY = 0.25  # seconds
STARTING = -(2**62)
_FORM = struct.Struct("=qd")


class Mark:
    """Which case a worker is in, where the driver can see it even if the worker is gone."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_FORM.pack(STARTING, 0.0))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _FORM.size)

    def set(self, case: int) -> None:
        self._map[:] = _FORM.pack(case, time.process_time())  # in one go: pack_into would clear it first

    def case(self) -> tuple[int, float]:
        """The case, and the processor's seconds at which it began."""
        case, began = _FORM.unpack_from(self._map)
        return case, began


class Told:
    """What is told to the driver: failures at once, figures now and then."""

    def __init__(self, handle: int) -> None:
        self._file = os.fdopen(handle, "w", encoding="utf-8", buffering=1)
        self._cases, self._worst, self._next = 0, 0.0, 0.0

    def done(self, seconds: float, count: int) -> None:
        self._cases += count
        self._worst = max(self._worst, seconds)
        if time.monotonic() >= self._next:
            self.figures()

    def figures(self) -> None:
        self.say(cases=self._cases, worst=self._worst)
        self._cases, self._next = 0, time.monotonic() + SAY_EVERY

    def say(self, **record: Any) -> None:
        self._file.write(json.dumps(record) + "\n")


def main(order: dict[str, Any]) -> None:
    _settle(order["memory"])
    attack = Attack(order["module"])
    if order["task"] == "make":
        attack.start()
        Path(order["out"]).write_bytes(data_of(attack, order, order["case"]))
        return
    told = Told(order["pipe"])
    if order["task"] == "run":
        assert attack.run is not None
        options = Options(**{**order["options"], "corpus": Path(order["options"]["corpus"])})
        told.say(report=attack.run(options).as_record())
        return
    _cases(attack, order, told)


def _settle(memory: int | None) -> None:
    faulthandler.enable()
    if hasattr(faulthandler, "register"):
        faulthandler.register(signal.SIGUSR1, all_threads=True)
    if memory is None:
        return
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _cases(attack: Attack, order: dict[str, Any], told: Told) -> None:
    mark = Mark(Path(order["mark"]))
    attack.start()
    case, step = order["first"], order["step"]
    end = time.monotonic() + order["seconds"]
    while case < order["end"] and (case < 0 or time.monotonic() < end):  # the corpus is always replayed
        mark.set(case)
        began = time.process_time()
        failure = _failure_of(attack, order, case)
        seconds = time.process_time() - began
        if failure is None and seconds > attack.hang:
            failure = {"sentence": f"over {attack.hang:g} s", "detail": f"{seconds:.1f} s", "data": None}
        if failure is not None:
            told.say(case=case, **failure)
        told.done(seconds, attack.per_case)
        case += step
    told.figures()
    told.say(ended=True)


def _failure_of(attack: Attack, order: dict[str, Any], case: int) -> dict[str, Any] | None:
    data = data_of(attack, order, case)
    try:
        attack.check(data)
    except Broken as broken:
        better = broken.data if broken.data is not None else data
        return {"sentence": str(broken), "detail": _cause(broken), "data": base64.b64encode(better).decode()}
    except BaseException as error:  # SystemExit and KeyboardInterrupt of the program too
        return {"sentence": _place(error), "detail": _whole(error), "data": base64.b64encode(data).decode()}
    return None


def data_of(attack: Attack, order: dict[str, Any], case: int) -> bytes:
    """The input of a case: below 0 they are those of the corpus."""
    if case < 0:
        return inputs(Path(order["corpus"]))[case + order["old"]].read_bytes()
    return attack.make(Random(f"{order['seed']}/{case}"))


def _place(error: BaseException) -> str:
    """What came out of the program, and the last line of ours that it passed."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(ROOT)]
    ours = [f for f in frames if "/tests/attack/" not in f.filename and ".venv" not in f.filename] or frames
    place = f"{os.path.relpath(ours[-1].filename, ROOT)}:{ours[-1].lineno} {ours[-1].name}" if ours else "?"
    return f"{type(error).__name__} at {place}"


def _whole(error: BaseException) -> str:
    lines = "".join(traceback.format_exception(error, limit=-12))
    return lines if len(lines) < 6000 else lines[:1000] + "\n…\n" + lines[-4000:]


def _cause(broken: Broken) -> str:
    return _whole(broken.__cause__) if broken.__cause__ is not None else ""


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
