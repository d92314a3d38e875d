"""A program that is told to end while it starts: at any moment from the first, it ends well and says nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random

from tests.attack.attack import Broken

TRIES = "SIGTERM, SIGINT or SIGHUP at any moment of the first second and a half: exit code 0, and nothing is said."
HANG = 60.0  # it starts a process each time
QUICK = False
ROOT = Path(__file__).parents[2]
SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP")
LONGEST, PATIENCE = 1.5, 30.0  # seconds: from the first moment to the signal; until it must have ended


def absent() -> str:
    return "" if Path("/proc/self/status").exists() else "needs /proc to see when signals are taken"


def make(random: Random) -> bytes:
    """Which signal, and after how many seconds; every third comes again and again."""
    again = random.choice(("once", "once", "again"))
    return f"{random.choice(SIGNALS)} {random.uniform(0, LONGEST):.3f} {again}".encode()


def check(data: bytes) -> None:
    name, pause, again = data.decode().split()
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, **dict.fromkeys(("GRADLOOM_CONFIG_DIR", "GRADLOOM_STATE_DIR", "HOME"), folder)}
        command = [sys.executable, "-m", "gui", str(ROOT / "assets/examples/neuron.gradloom")]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            _end(process, getattr(signal, name), float(pause), again == "again")
        finally:
            process.kill()
            process.communicate()


def _end(process: subprocess.Popen[str], number: int, pause: float, again: bool) -> None:
    _until_it_listens(process)
    time.sleep(pause)  # the moment of the signal is what is tried
    until = time.monotonic() + PATIENCE
    process.send_signal(number)
    while again and process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)  # signals in a hail, as from one who holds Ctrl+C down
        process.send_signal(number)
    try:
        said, _ = process.communicate(timeout=max(until - time.monotonic(), 0.1))
    except subprocess.TimeoutExpired:
        raise Broken("it does not end") from None
    if process.returncode != 0:
        raise Broken(f"it ends with exit code {process.returncode}: {said[-300:]}")
    if said:
        raise Broken("it complains") from Exception(said)


def _until_it_listens(process: subprocess.Popen[str]) -> None:
    """Until Python runs our first lines nothing can hear a signal; the last one that is taken is SIGHUP."""
    bit, until = 1 << (signal.SIGHUP - 1), time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        status = Path(f"/proc/{process.pid}/status").read_text()
        caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
        if int(caught.split()[1], 16) & bit:
            return
        time.sleep(0.001)  # nothing tells when a process begins to listen: it is looked at again and again
