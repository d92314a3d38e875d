"""Closing in every way, with everything open that can be: exit code 0, not a word on stderr, and nothing lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, product
from random import Random
from typing import Any

from tests.attack.attack import Failed, Options, Report
from tests.attack.closings.things import THINGS
from tests.attack.closings.ways import WAYS

TRIES = f"{len(WAYS)} ways of closing with {len(THINGS)} things open: exit code 0, no complaint, nothing lost."
MEMORY = None
QUESTION = "asked <b>Save the changes"


def absent() -> str:
    return "" if hasattr(os, "fork") else "needs a system that can fork"


@dataclass(frozen=True)
class Cell:
    way: str
    thing: str
    number: int

    def __str__(self) -> str:
        return f"{self.way} with {self.thing}"

    def order(self) -> dict[str, Any]:
        """As the stage reads it. Every other time what is asked about unsaved work is answered with “Save”."""
        thing = THINGS[self.thing]
        return {**vars(self), "lost": thing.lost, "example": thing.example, "save": self.number % 2 == 1}


def cells(seed: str, screen: bool) -> Iterator[Cell]:
    """All of them, in a new order each time round, for ever."""
    table = [pair for pair in product(WAYS, THINGS) if screen or not THINGS[pair[1]].screen]
    for number in count():
        Random(f"{seed}/{number}").shuffle(table)
        yield from (Cell(way, thing, number) for way, thing in table)


def wrong(cell: Cell, result: dict[str, Any]) -> str:
    """What is wrong with what came of it, in a sentence; nothing if all is well."""
    if result["trouble"]:
        return f"{cell}: {result['trouble']}"
    if result["code"] != 0:
        return f"{cell}: ends with exit code {result['code']}"
    if result["complaints"]:
        return f"{cell}: complains"
    if litter := [name for name in result["beside"] if not name.endswith((".swap", "film.gif"))]:
        return f"{cell}: leaves {len(litter)} files behind"
    return _lost(cell, result)


def _lost(cell: Cell, result: dict[str, Any]) -> str:
    if result["swap"]:
        return ""
    if THINGS[cell.thing].lost:
        return f"{cell}: what was lost before is lost for good"
    if not WAYS[cell.way].asks and QUESTION not in result["said"]:
        return f"{cell}: there is no recovery copy, or it lacks something"
    if QUESTION not in result["said"]:
        return f"{cell}: nobody was asked about unsaved work"
    if cell.order()["save"] and not result["file"]:
        return f"{cell}: it was to be saved, and was not"
    return f"{cell}: a recovery copy is left of what was discarded" if result["swaps"] else ""


class Stages:
    """Several stages side by side, until the time is over or enough cells were played."""

    def __init__(self, options: Options) -> None:
        self.report = Report("closing")
        self._until = time.monotonic() + options.minutes * 60
        screen = os.environ.get("QT_QPA_PLATFORM", "").startswith("xcb")
        self._cells, self._most = cells(options.seed, screen), options.cases
        self._lock, self._failed = threading.Lock(), dict[str, Failed]()
        self.seen: set[tuple[str, str]] = set()

    def play(self) -> None:
        stage = _start()
        assert stage.stdin and stage.stdout
        try:
            while (cell := self._next()) is not None:
                stage.stdin.write(json.dumps(cell.order()) + "\n")
                stage.stdin.flush()
                told = stage.stdout.readline()
                if not told:
                    self._fail(cell, f"{cell}: the stage ended itself", "")
                    return
                self._note(cell, json.loads(told))
        finally:
            stage.stdin.close()
            stage.wait(20)

    def _next(self) -> Cell | None:
        with self._lock:
            if time.monotonic() > self._until or (self._most is not None and self.report.cases >= self._most):
                return None
            self.report.cases += 1
            return next(self._cells)

    def _note(self, cell: Cell, result: dict[str, Any]) -> None:
        sentence = wrong(cell, result)
        with self._lock:
            self.seen.add((cell.way, cell.thing))
            self.report.worst = max(self.report.worst, result["seconds"])
        if sentence:
            detail = f"{result['said']}\n{result['complaints']}\n{ {**result, 'complaints': '', 'said': ''} }"
            self._fail(cell, sentence, detail)

    def _fail(self, cell: Cell, sentence: str, detail: str) -> None:
        with self._lock:
            if sentence in self._failed:
                self._failed[sentence].times += 1
            else:
                self._failed[sentence] = Failed(sentence, f"round {cell.number}", detail)
                self.report.failures.append(self._failed[sentence])


def _start() -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.attack.closings.stage"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def run(options: Options) -> Report:
    began, stages = time.monotonic(), Stages(options)
    hands = [threading.Thread(target=stages.play) for _ in range(options.workers)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    report = stages.report
    report.seconds = time.monotonic() - began
    rounds = report.cases / max(len(stages.seen), 1)
    report.said = f"{len(stages.seen)} of {len(WAYS)} × {len(THINGS)} pairs, {rounds:.1f} runs each"
    return report
