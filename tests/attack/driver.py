"""Runs an attack: starts its workers, watches over them, starts them again after a hang or crash, gathers a Report."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.attack.attack import Attack, Failed, Options, Report
from tests.attack.corpus import inputs, save
from tests.attack.worker import ROOT, STARTING, Mark

POLL = 0.1  # seconds between two looks at the workers
START = 60.0  # seconds that a worker may take to begin its first case
WAITING = 15  # times the limit that a case may wait, using no processor: the machine may be busy
NEVER = 2**62
STOPPED = threading.Event()  # somebody has seen enough: what is known by then is told
SAVED_OF_A_KIND = 2  # inputs that failed in the same way and are kept


@dataclass
class Gathering:
    """The report of an attack while it runs: failures of one kind are one row."""

    attack: Attack
    options: Options
    report: Report
    kinds: dict[str, Failed] = field(default_factory=dict)

    @property
    def corpus(self) -> Path:
        return self.options.corpus / self.attack.name

    def failed(self, case: int, sentence: str, detail: str, data: bytes | None) -> None:
        known = self.kinds.get(sentence)
        if known is not None:
            known.times += 1
        if known is None or known.times <= SAVED_OF_A_KIND:
            path = save(self.corpus, data) if data is not None and case >= 0 else None
            if known is None:
                name = f"--seed {self.options.seed}, case {case}" if case >= 0 else self._name(case)
                known = Failed(sentence, name, detail, str(path or ""))
                self.kinds[sentence] = known
                self.report.failures.append(known)

    def _name(self, case: int) -> str:
        files = inputs(self.corpus)
        return f"corpus/{self.attack.name}/{files[case].name}" if -len(files) <= case else f"corpus {case}"


class Hand:
    """One worker process after the other, over the cases first, first + step, …"""

    def __init__(self, gathering: Gathering, folder: Path, order: dict[str, Any], until: float) -> None:
        self._g, self._folder, self._order, self._until = gathering, folder, order, until
        self.ended = False
        self._start()

    def _start(self) -> None:
        self._mark_path = self._folder / f"mark-{self._order['index']}"
        self._mark_path.unlink(missing_ok=True)
        self._mark = Mark(self._mark_path)
        self._log = (self._folder / f"log-{self._order['index']}").open("w+b")
        self._read, write = os.pipe()
        os.set_blocking(self._read, False)
        self._rest = b""
        seconds = max(0.0, self._until - time.monotonic())
        order = {**self._order, "mark": str(self._mark_path), "pipe": write, "seconds": seconds}
        self._process = start_worker(order, self._log, self._folder, (write,))
        os.close(write)
        self._seen: tuple[int, float] = (STARTING, time.monotonic())

    def look(self) -> None:
        """Take what was said; find a crash or a hang."""
        code = self._process.poll()
        self._listen()
        if self.ended:
            self._process.wait()
            return self._close()
        case, began = self._mark.case()
        if code is not None:
            return self._again(case, _how_it_ended(code))
        if self._seen[0] != case:
            self._seen = (case, time.monotonic())
            return None
        waited, limit = time.monotonic() - self._seen[1], self._g.attack.hang
        if case == STARTING:
            if waited > START + WAITING * limit:
                self._again(case, "the worker does not start")
            return None
        if _processor_seconds(self._process.pid, waited) - began > limit or waited > WAITING * limit:
            self._again(case, f"hangs: over {limit:g} s")
        return None

    def _listen(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(self._read, 1 << 16):
                self._rest += chunk
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            self._take(json.loads(line))

    def _take(self, said: dict[str, Any]) -> None:
        report = self._g.report
        if "cases" in said:
            report.cases += said["cases"]
            report.worst = max(report.worst, said["worst"])
        elif "case" in said:
            data = base64.b64decode(said["data"]) if said["data"] else self._remade(said["case"])
            self._g.failed(said["case"], said["sentence"], said["detail"], data)
        elif "report" in said:
            vars(report).update(vars(Report.of_record(said["report"])))
            self.ended = True
        elif said.get("ended"):
            self.ended = True

    def _again(self, case: int, why: str) -> None:
        """Note the failure, with where the worker was; go on behind it."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, AttributeError):
                self._process.send_signal(signal.SIGUSR1)  # prints where it is
                time.sleep(0.3)  # nothing tells when it has
            self._process.kill()
        self._process.wait()
        self._listen()
        self._log.seek(0)
        said = self._log.read().decode("utf-8", "replace")[-5000:]
        self._close()
        if case == STARTING:
            self._g.failed(NEVER, f"{why}, before any case", said, None)
            self.ended = True
            return
        self._g.report.cases += 1
        self._g.report.worst = max(self._g.report.worst, self._g.attack.hang if "hangs" in why else 0.0)
        self._g.failed(case, why, said, self._remade(case))
        self._order["first"] = case + self._order["step"]
        if self._order["first"] < self._order["end"] and (time.monotonic() < self._until or self._order["first"] < 0):
            self._start()
        else:
            self.ended = True

    def _remade(self, case: int) -> bytes | None:
        """The input of a case whose worker could not tell it any more."""
        out = self._folder / f"made-{self._order['index']}"
        out.unlink(missing_ok=True)
        order = {**self._order, "task": "make", "case": case, "out": str(out)}
        with (self._folder / "log-make").open("wb") as log:
            process = start_worker(order, log, self._folder)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(START)
        process.kill()
        process.wait()
        return out.read_bytes() if out.exists() else None

    def _close(self) -> None:
        self._log.close()
        os.close(self._read)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


def run_attack(attack: Attack, options: Options) -> Report:
    """All of an attack, with as many workers as the options say. Gives its report."""
    report = Report(attack.name)
    if why := attack.absent():
        report.said = why
        return report
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=f"attack-{attack.name}-") as folder:
        hands = _hands(attack, options, Gathering(attack, options, report), Path(folder))
        try:
            while (running := [hand for hand in hands if not hand.ended]) and not STOPPED.is_set():
                time.sleep(POLL)  # hangs are looked for, too: of those no pipe tells
                for hand in running:
                    hand.look()
            if running:
                report.said = "stopped before its end"
                for hand in running:
                    hand.stop()
        except BaseException:
            for hand in hands:
                hand.stop()
            raise
    report.seconds = time.monotonic() - began
    return report


def _hands(attack: Attack, options: Options, gathering: Gathering, folder: Path) -> list[Hand]:
    until = time.monotonic() + options.minutes * 60
    old = len(inputs(gathering.corpus))
    order = {
        "module": attack.module,
        "memory": attack.memory,
        "seed": options.seed,
        "corpus": str(gathering.corpus),
        "old": old,
        "task": "cases",
    }
    if attack.run is not None:
        asked = {**vars(options), "corpus": str(options.corpus)}
        return [RunHand(gathering, folder, {**order, "task": "run", "options": asked, "index": 0}, until)]
    step, end = options.workers, NEVER if options.cases is None else -(-options.cases // attack.per_case)
    orders = [{**order, "index": i, "first": i - old, "step": step, "end": end} for i in range(step)]
    return [Hand(gathering, folder, each, until) for each in orders]


class RunHand(Hand):
    """The process of an attack that runs itself: only a crash of it is noticed."""

    def look(self) -> None:
        code = self._process.poll()
        self._listen()
        if code is None and not self.ended:
            return
        code = self._process.wait()
        if not self.ended:
            self._log.seek(0)
            said = self._log.read().decode("utf-8", "replace")[-5000:]
            self._g.failed(NEVER, f"the attack itself {_how_it_ended(code)}", said, None)
        self.ended = True
        self._close()


def start_worker(order: dict[str, Any], log: Any, folder: Path, pipes: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
    """A worker, in a folder of its own, with settings of its own, and one thread for NumPy."""
    home = folder / f"home-{order['index']}"
    home.mkdir(exist_ok=True)
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OPENBLAS", "OMP", "MKL")}
    own = {name: str(home) for name in ("GRADLOOM_CONFIG_DIR", "GRADLOOM_STATE_DIR", "HOME", "TMPDIR")}
    path = os.pathsep.join(filter(None, (ROOT, os.environ.get("PYTHONPATH"))))
    env = {**os.environ, **threads, **own, "PYTHONPATH": path, "PYTHONHASHSEED": "0"}
    env.setdefault("QT_QPA_PLATFORM", "offscreen")
    command = [sys.executable, "-m", "tests.attack.worker", json.dumps(order)]
    return subprocess.Popen(  # in a session of its own: Ctrl+C is not meant for what is being tried
        command, cwd=home, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=pipes,
        start_new_session=True,
    )  # fmt: skip


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"ends the process with exit code {code}"
    return f"crashes: {signal.Signals(-code).name}"


def _processor_seconds(pid: int, waited: float) -> float:
    """What the process has used of the processor; where the system does not say, the time that has gone by."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return waited
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
