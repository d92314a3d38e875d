"""A window killed at any moment, in edits that never pause and in saves: at most 2 s are lost, and no file is harmed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

from tests.attack.attack import Failed, Options, Report

TRIES = "Kills in the middle of edits, typing and saves: at most 2 s lost, nothing unreadable, no file harmed."
MEMORY = None
MOST_LOST = 2.0  # seconds
SIDE_BY_SIDE = 2  # windows for each worker: most of the time they wait


def absent() -> str:
    return "" if hasattr(os, "fork") else "needs a system that can fork"


@dataclass(frozen=True)
class Said:
    """A line of the victim: it is `about` to do something, `saving`, has `saved`, or is in this `state`."""

    kind: str
    time: float
    what: str


class Life:
    """What is known about one victim."""

    def __init__(self, result: dict[str, Any]) -> None:
        words = (line.split(" ") for line in result["log"])
        self.said = [Said(kind, float(at), what) for kind, at, what in words]
        self.killed, self.found, self.complaints = result["killed"], result["found"], result["complaints"]
        self.states = [said for said in self.said if said.kind == "state"]

    @property
    def lost(self) -> float:
        """Seconds from the first edit that nothing has kept to the kill."""
        assert self.found is not None
        kept = {self.states[0].what, self.found["file"], *self.found["swaps"]}
        last = max(index for index, state in enumerate(self.states) if state.what in kept)
        if self._in_the_middle and not self._all_known:
            return 0.0  # what it was about to do is kept already
        return max(0.0, self.killed - self.states[last + 1].time) if last + 1 < len(self.states) else 0.0

    @property
    def trouble(self) -> str:
        """What is wrong, in a sentence; nothing if all is well."""
        if len(self.states) < 2:
            return "the window did not come up, or ended by itself"
        if "Traceback" in self.complaints or self.found is None:
            return "the next start failed" if self.found is None else "a traceback"
        return self._of_the_file() or self._of_the_swaps() or self._of_the_screen()

    def _of_the_file(self) -> str:
        file, saves = self.found["file"], [said for said in self.said if said.kind in ("saving", "saved")]
        if file is not None and file.startswith("unreadable"):
            return "a file is harmed"
        done = [index for index, said in enumerate(saves) if said.kind == "saved"]
        held = {said.what for said in saves[done[-1] if done else 0 :]} | (
            set() if done else {self.states[0].what, None}
        )
        return "" if file in held else "a file does not hold what was saved last"

    def _of_the_swaps(self) -> str:
        if any(swap.startswith("unreadable") for swap in self.found["swaps"]):
            return "a swap is unreadable"
        if not self._all_known and not self._in_the_middle:
            return "a swap holds what never was"
        if any(not name for name in self.found["names"]):
            return "lost work has no name"
        return f"more than {MOST_LOST:g} s are lost" if self.lost > MOST_LOST else ""

    def _of_the_screen(self) -> str:
        found = self.found
        if found["failed"]:
            return "the next start cannot read what was left"
        wanted = [swap for swap in found["swaps"] if swap != found["file"]]
        if wanted and (found["shown"] not in wanted or not found["asked"]) and not found["mentioned"]:
            return "lost work is not offered"
        if not found["saves"] or found["left"] > max(0, len(wanted) - found["asked"]):
            return "recovered work cannot be saved, or is offered again"
        return ""

    @property
    def _all_known(self) -> bool:
        return {*self.found["swaps"]} <= {said.what for said in self.said}

    @property
    def _in_the_middle(self) -> bool:
        """Whether it was killed between beginning something and saying what came of it."""
        return self.said[-1].kind != "state"


class Stages:
    """Several stages side by side, until the time is over or enough were killed."""

    def __init__(self, options: Options) -> None:
        self.report = Report("kills")
        self._until, self._options = time.monotonic() + options.minutes * 60, options
        self._lock, self._failed, self._begun = threading.Lock(), dict[str, Failed](), 0
        self.most_lost = self.edits = self.in_saves = 0.0

    def play(self) -> None:
        command = [sys.executable, "-m", "tests.attack.kills.stage"]
        environ = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
        stage = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ)
        assert stage.stdin and stage.stdout
        try:
            while (seed := self._next()) is not None:
                stage.stdin.write(json.dumps({"seed": seed}) + "\n")
                stage.stdin.flush()
                self._note(seed, json.loads(stage.stdout.readline()))
        finally:
            stage.stdin.close()
            stage.wait(20)

    def _next(self) -> str | None:
        with self._lock:
            most = self._options.cases
            if time.monotonic() > self._until or (most is not None and self._begun >= most):
                return None
            self._begun += 1
            return f"{self._options.seed}/{self._begun}"

    def _note(self, seed: str, result: dict[str, Any]) -> None:
        life = Life(result)
        sentence = life.trouble
        with self._lock:
            self.report.cases += 1
            self.report.worst = max(self.report.worst, result["seconds"])
            self.edits += len(life.states)
            self.in_saves += bool(life.said) and life.said[-1].kind == "saving"
            if life.found and len(life.states) > 1:
                self.most_lost = max(self.most_lost, life.lost)
            if sentence and sentence not in self._failed:
                log = "\n".join(result["log"][-40:])
                detail = f"{result['complaints']}\nkilled {life.killed}, found {life.found}\n{log}"
                self._failed[sentence] = Failed(sentence, seed, detail, times=0)
                self.report.failures.append(self._failed[sentence])
            if sentence:
                self._failed[sentence].times += 1


def run(options: Options) -> Report:
    began, stages = time.monotonic(), Stages(options)
    hands = [threading.Thread(target=stages.play) for _ in range(options.workers * SIDE_BY_SIDE)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    report = stages.report
    report.seconds = time.monotonic() - began
    report.said = (
        f"at most {stages.most_lost:.2f} s lost, {stages.edits:.0f} edits, {stages.in_saves:.0f} killed in a save"
    )
    return report
