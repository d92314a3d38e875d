"""Every command, as a process of its own, with its streams full, closed or cut off, and its files where none can be."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from engine import cli, commands
from gui.pictures import commands as drawing
from tests.attack.attack import Failed, Options, Report
from tests.engine.commands.command_tools import PRINTING

TRIES = (
    "Every command with streams that are full, closed or cut off, and stopped at any moment: one line, no traceback."
)

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 120  # seconds: the machine may be busy
PYTHON_STARTS = 0.3  # seconds in which Ctrl+C still meets Python itself, which prints where it was

# What each command is given, so that it prints or writes something: a new command must be added here.
USUAL = {
    **PRINTING,
    "convert": ["neuron", "out.gradloom"],
    "render": ["neuron", "out.svg"],
    "handout": ["neuron", "out.pdf"],
    "exercise": ["neuron", "out.gradloom", "--seed", "7"],
}
WRITING = {
    "export": ["neuron", "{}", "--to", "numpy"],
    "convert": ["neuron", "{}"],
    "render": ["neuron", "{}"],
    "handout": ["neuron", "{}"],
    "exercise": ["neuron", "{}", "--seed", "7"],
    "train": ["--expr", "w * w", "--param", "w", "--set", "w=1", "--steps", "3", "--out", "{}"],
}
ENDINGS = {"render": ".svg", "export": ".py", "handout": ".pdf"}
SILENT = ("convert", "render", "handout", "exercise")  # they print nothing when all goes well


@dataclass(frozen=True)
class Try:
    """A command line, what the shell does with its streams, and how it must end. `said`: what stderr must begin with."""

    words: tuple[str, ...]
    streams: str
    codes: tuple[int, ...]
    said: str | None = None  # None: nothing at all
    after: float | None = None  # seconds until it is interrupted


def run(options: Options) -> Report:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # what runs in the background has Ctrl+C let pass
    began, random = time.monotonic(), Random(options.seed)
    report = Report("streams")
    places = _impossible_places()
    known = cli.commands_in(commands, drawing)
    report.failures += [Failed(f"the command {name} is not tried") for name in known.keys() - USUAL.keys()]
    tries = [*_streams(known), *_files(places), *_interrupted(known, random)]
    with ThreadPoolExecutor(options.workers) as pool:
        for failed in pool.map(_failed, tries):
            report.failures += failed
    report.cases, report.seconds = len(tries), time.monotonic() - began
    return report


def _streams(known: dict[str, str]) -> list[Try]:
    found = []
    for name in known:
        for words in ((name, *USUAL.get(name, ())), (name, "--help")):
            prints = "--help" in words or name not in SILENT
            for streams, why in ((">/dev/full", "the disk is full"), (">&-", "it is closed")):
                said = f"gradloom: standard output cannot be written: {why}" if prints else None
                found.append(Try(words, streams, (2,) if prints else (0,), said))
            found += [
                Try(words, streams, (0,)) for streams in ("2>&- >/dev/null", "| head -c 1 >/dev/null", "<&- >/dev/null")
            ]
    garbage = ((name, "-", *USUAL[name][1:]) for name in ("run", "trace", "check") if name in known)
    found += [Try(words, "</dev/urandom", (2,), "gradloom: stdin: ") for words in garbage]
    found += [Try(("run", "-"), "<&-", (2,), "gradloom: standard input cannot be read: it is closed")]
    return found + [Try(("run", "nothing"), streams, (2,)) for streams in ("2>/dev/full", "2>&-", "<&- >&- 2>&-")]


def _impossible_places() -> dict[str, str]:
    """Paths (but for their ending) at which no file can be written."""
    here = Path.cwd()
    for ending in (".gradloom", *ENDINGS.values()):
        (here / f"folder{ending}").mkdir(exist_ok=True)
        if not os.path.lexists(here / f"full{ending}"):
            (here / f"full{ending}").symlink_to("/dev/full")
    return {"a folder": "folder", "a device": "full", "no folder": "none/there", "made up": "/proc/file"}


def _files(places: dict[str, str]) -> list[Try]:
    found = []
    for name, words in WRITING.items():
        for place in places.values():
            path = place + ENDINGS.get(name, ".gradloom")
            found.append(Try((name, *(word.format(path) for word in words)), "", (2,), "gradloom: “"))
    return found


def _interrupted(known: dict[str, str], random: Random) -> list[Try]:
    """Ctrl+C: 130, or what the shell calls so (killed by it when all is done); or it was done before."""
    long = [("train", "iris", "--epochs", "100000"), ("check", "iris"), ("render", "iris", "out.gif"), ("run", "iris")]
    long = [words for words in long if words[0] in known]
    return [
        Try(words, ">/dev/null", (130, -signal.SIGINT, 0), None, PYTHON_STARTS + random.random() * 3)
        for words in long
        for _ in range(5)
    ]


def _failed(tried: Try) -> list[Failed]:
    """What is wrong with how it ended."""
    code, said = _ended(tried)
    line = " ".join(tried.words) + " " + tried.streams
    lines = said.splitlines()
    if "Traceback" in said or "Exception ignored" in said:
        return [Failed("a traceback", line, said)]
    if code not in tried.codes:
        return [Failed(f"the exit code is {code}, not {tried.codes}", line, said)]
    if tried.said is None and lines:
        return [Failed("something is said where there is nothing to say", line, said)]
    if tried.said is not None and (len(lines) != 1 or not lines[0].startswith(tried.said)):
        return [Failed("it is not said in one line", line, said)]
    return []


def _ended(tried: Try) -> tuple[int, str]:
    """The exit code of the command itself, and what it said on stderr."""
    command = f'"$@" {tried.streams}' + ("; exit ${PIPESTATUS[0]}" if "|" in tried.streams else "")
    exec_ = "exec " if tried.after is not None else ""
    words = ["bash", "-c", exec_ + command, "bash", sys.executable, "-m", "gui", *tried.words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=environment)
    if tried.after is not None:
        time.sleep(tried.after)  # the moment of the interruption is what is tried
        process.send_signal(signal.SIGINT)
    try:
        said = process.communicate(timeout=LONGEST)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        said = process.communicate()[1] + "\nit did not end"
    return process.returncode, said
