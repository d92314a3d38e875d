"""Mutation: each fault of `mutants/faults.py` planted in a copy of the engine, and the tests that must catch it run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from tests.attack.attack import Failed, Options, Report
from tests.attack.mutants.faults import FAULTS, Fault

TRIES = "Faults planted in the engine, one at a time: each must be caught by one of its tests."
ONLY_NAMED = True  # it takes minutes

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("engine", "gui", "assets", "tests", "pyproject.toml", "README.md", "run.py")
LONGEST = 300  # seconds of the tests of one fault: an endless loop is caught too
RUNS = 6  # of the tests without a fault
CAUGHT = 1  # what pytest ends with when a test has failed; 2 and above: it could not run them


def run(options: Options) -> Report:
    """As many copies as there are workers; first all tests without a fault, or a failure would prove nothing."""
    began = time.monotonic()
    report = Report("mutants")
    faults = FAULTS[: options.cases]
    with tempfile.TemporaryDirectory() as folder:
        copies = _copies(Path(folder), options.workers)
        with ThreadPoolExecutor(options.workers) as pool:
            for failed in pool.map(lambda part: _sound(copies, part), _parts(faults)):
                report.failures += failed
            if not report.failures:
                for fault, failed in zip(faults, pool.map(lambda fault: _tried(copies, fault), faults), strict=True):
                    report.failures += failed
                    print(f"{'survived' if failed else 'caught'}  {fault.file}: {fault.new}", flush=True)
    report.cases, report.seconds = len(faults), time.monotonic() - began
    report.said = f"{len(faults) - len(report.failures)} of {len(faults)} caught"
    return report


def _copies(folder: Path, count: int) -> SimpleQueue[Path]:
    copies: SimpleQueue[Path] = SimpleQueue()
    for i in range(count):
        copy = folder / str(i)
        copy.mkdir()
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "corpus"))
            else:
                shutil.copy(source, copy / name)
        copies.put(copy)
    return copies


def _parts(faults: Iterable[Fault]) -> list[list[str]]:
    """The tests of all faults, each once, in several runs: none may take longer than that of a fault."""
    named = list(dict.fromkeys(name for fault in faults for name in fault.tests.split()))
    return [part for i in range(RUNS) if (part := named[i::RUNS])]


def _sound(copies: SimpleQueue[Path], tests: list[str]) -> list[Failed]:
    with _taken(copies) as copy:
        code, said = _pytest(copy, tests)
    return [Failed("tests fail where no fault is planted", " ".join(tests), said)] if code else []


def _tried(copies: SimpleQueue[Path], fault: Fault) -> list[Failed]:
    """What is wrong: the fault is stale, or nothing caught it."""
    with _taken(copies) as copy:
        path = copy / "engine" / fault.file
        text = path.read_text("utf-8")
        if text.count(fault.old) != 1:
            times = text.count(fault.old)
            return [Failed("a fault is stale", fault.file, f"{fault.old}\nstands there {times} times")]
        _write(path, text.replace(fault.old, fault.new))
        try:
            code, said = _pytest(copy, fault.tests.split())
        finally:
            _write(path, text)
    if code == CAUGHT:
        return []
    sentence = "a fault survived" if code == 0 else "the tests of a fault cannot be run"
    return [Failed(sentence, f"{fault.file} ({fault.tests})", f"{fault.old}\n-> {fault.new}\n{said if code else ''}")]


def _write(path: Path, text: str) -> None:
    """Without what Python has compiled of it: in one second two texts of one length look the same to it."""
    path.write_text(text, "utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()


def _pytest(copy: Path, tests: list[str]) -> tuple[int, str]:
    """The exit code, and the end of what it said. A run that does not end has met the fault: it is caught."""
    words = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    names = [f"tests/engine/{name}" for name in tests]
    try:
        done = subprocess.run(
            [*words, *names], cwd=copy, capture_output=True, text=True, timeout=LONGEST, env=_environment()
        )
    except subprocess.TimeoutExpired:
        return CAUGHT, ""
    return done.returncode, done.stdout[-2000:] + done.stderr[-1000:]


def _environment() -> dict[str, str]:
    """As the tests are run elsewhere: where other users may go, unlike into the folder of an attack."""
    return {name: value for name, value in os.environ.items() if name not in ("TMPDIR", "HOME")}


@contextmanager
def _taken(copies: SimpleQueue[Path]) -> Iterator[Path]:
    copy = copies.get()
    try:
        yield copy
    finally:
        copies.put(copy)
