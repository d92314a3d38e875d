"""Saves that are killed or fail at any moment, and windows that fight over one file: what was there is never lost."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from engine.data.outside import read_bytes
from engine.errors import FileError
from engine.files import disk
from engine.files.codec import decode, encode
from engine.files.drafts import sweep
from engine.files.lock import FileLock
from engine.files.replace import interrupted_save, write_atomically
from engine.graph.graph import Graph
from engine.graph.records import Node
from engine.values.values import as_value
from tests.attack.attack import Broken, Failed, Options, Report

TRIES = "Saves killed or failing at every call to the system or any moment, and processes that fight over a lock."
MEMORY = None
NOBODY = 65534
CALLS = (
    "open",
    "write",
    "fsync",
    "replace",
    "rename",
    "unlink",
    "link",
    "ftruncate",
    "posix_fallocate",
    "chmod",
    "close",
)
KINDS = ("plain", "linked", "symlink", "closed folder", "of another", "new")
ENDS = ("killed at a call", "killed at a moment", "fails at a call", "limited", "full disk")
SLOWEST = 0.03  # seconds in which a save of these sizes is done
FIGHTERS, ROUNDS = 6, 30


def absent() -> str:
    return "" if hasattr(os, "fork") else "needs a system that can fork"


def run(options: Options) -> Report:
    """Cases until the time is over; every tenth is a fight over a lock."""
    report, began, ended = Report("saves"), time.monotonic(), Counter[str]()
    failed: dict[str, Failed] = {}
    while (options.cases is None or report.cases < options.cases) and time.monotonic() - began < 60 * options.minutes:
        case = f"{options.seed}/{report.cases}"
        try:
            ended[_fight(Random(case)) if report.cases % 10 == 9 else _save(Random(case))] += 1
        except Broken as broken:
            kind = failed.setdefault(str(broken), Failed(str(broken), case, str(broken.__cause__ or "")))
            kind.times = kind.times + (kind.case != case)
        report.cases += 1
    report.failures, report.seconds = list(failed.values()), time.monotonic() - began
    report.said = ", ".join(f"{count} {how}" for how, count in sorted(ended.items()))
    return report


# --- one save


@dataclass
class Place:
    """A document in a folder of its own: how it may be written, and what it holds."""

    folder: Path
    path: Path
    spare: Path
    old: bytes | None
    new: Graph


def _save(random: Random) -> str:
    kind, end = random.choice(KINDS), random.choice(ENDS)
    folder = Path(tempfile.mkdtemp(dir="/dev/shm" if os.path.isdir("/dev/shm") else None))
    try:
        with _disk(folder, end) as mounted:
            if not mounted:
                return "no full disk to be had"
            place = _place(random, folder, kind)
            code = _child(lambda: _write(random, place, kind, end), random.random() * SLOWEST, end)
            _check(place, kind, f"{kind}, {end}", whole=code == 0)
    finally:
        shutil.rmtree(folder)
    return "done" if code == 0 else "refused" if code == 3 else "killed"


def _graph(random: Random, most: int) -> Graph:
    size = random.choice((1, 3, 50, most))
    return Graph.of([Node(f"x{i}", "input", as_value(random.random())) for i in range(size)])


def _place(random: Random, folder: Path, kind: str) -> Place:
    home, spare = folder / "home", folder / "spare"
    for made in (home, spare):
        made.mkdir()
        made.chmod(0o777)
    folder.chmod(0o777)
    path = home / "net.gradloom"
    old = None if kind == "new" else encode(_graph(random, 800)).encode()
    if old is not None:
        path.write_bytes(old)
        path.chmod(0o666)
    if kind == "linked":
        os.link(path, home / "other")
    if kind == "symlink":
        path.rename(home / "real")
        path.symlink_to(home / "real")
    if kind == "closed folder":
        home.chmod(0o555)
    return Place(folder, path, spare, old, _graph(random, 800))


def _write(random: Random, place: Place, kind: str, end: str) -> int:
    """In a child. Its exit code: 0 done, 3 refused in a sentence, 4 anything else."""
    if kind in ("closed folder", "of another") and os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    if end == "limited":
        limit = random.randrange(1, 60_000)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    if "at a call" in end:
        _trap(random, die=end.startswith("killed"))
    try:
        disk.save(place.new, place.path, place.spare)
    except FileError as error:
        return 3 if "\n" not in error.sentence else 4
    return 0


def _trap(random: Random, die: bool) -> None:
    """The k-th call to the system is the last, or fails; a write gets half way."""
    left = random.randrange(30)
    number = random.choice((28, 5, 13, 122, 1))

    def trapped(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            nonlocal left
            left -= 1
            if left >= 0 or (name == "close" and not die):
                return real(*args, **kwargs)
            if name == "write" and left == -1:
                data = args[1]
                real(args[0], data[: random.randrange(len(data) + 1)])
            if die:
                os.kill(os.getpid(), signal.SIGKILL)
            if left < -1:
                return real(*args, **kwargs)
            raise OSError(number, os.strerror(number))

        return call

    for name in CALLS:
        if hasattr(os, name):
            setattr(os, name, trapped(name, getattr(os, name)))


def _child(do: Callable[[], int], seconds: float, end: str) -> int:
    """The exit code of a child that does something, or −9 if it was killed before it was done."""
    child = os.fork()
    if child == 0:
        code = 4
        try:
            code = do()
        finally:
            os._exit(code)
    if end == "killed at a moment":
        time.sleep(seconds)  # the moment of the kill is what is tried
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _check(place: Place, kind: str, what: str, whole: bool) -> None:
    """The old graph or the new one is there, whole; and nothing else is left."""
    place.path.parent.chmod(0o777)
    sweep(place.path.parent)
    sweep(place.spare)
    draft = interrupted_save(place.path, place.spare)
    new = encode(place.new).encode()
    held = read_bytes(place.path) if place.path.exists() else None
    if whole and held != new:
        raise Broken(f"{what}: it was saved, and is not there")
    if held not in (new, place.old) and (draft is None or read_bytes(draft) != new):
        raise Broken(f"{what}: neither the old nor the new graph is there")
    if held is not None and held in (new, place.old):
        decode(held)
    known = {"net.gradloom", "other", "real"}
    left = [
        other for folder in (place.path.parent, place.spare) for other in folder.iterdir() if other.name not in known
    ]
    if any(other != draft for other in left):
        raise Broken(f"{what}: something is left beside the file") from FileError(str(left))
    if kind == "linked" and not place.path.samefile(place.path.with_name("other")):
        raise Broken(f"{what}: the other name is another file now")
    with suppress(FileError):  # a disk that is still full
        write_atomically(place.path, new, place.spare)
        if any(other.suffix == ".whole" for folder in (place.path.parent, place.spare) for other in folder.iterdir()):
            raise Broken(f"{what}: a whole draft outlives the next save")


@contextmanager
def _disk(folder: Path, end: str) -> Iterator[bool]:
    """A disk of 100 kB over the folder, where that is wanted and can be had."""
    if end != "full disk":
        yield True
        return
    mounted = os.geteuid() == 0 and os.system(f"mount -t tmpfs -o size=100k tmpfs '{folder}' 2>/dev/null") == 0
    try:
        yield mounted
    finally:
        if mounted:
            os.system(f"umount '{folder}'")


# --- processes that fight over one lock


def _fight(random: Random) -> str:
    """Never do two hold it; killed ones hold nothing; nothing is left in the end."""
    folder = Path(tempfile.mkdtemp())
    try:
        fighters = [_fighter(folder, random.random()) for _ in range(FIGHTERS)]
        codes = [os.waitstatus_to_exitcode(os.waitpid(fighter, 0)[1]) for fighter in fighters]
        if 5 in codes:
            raise Broken("two processes hold one lock")
        if set(codes) - {0, -signal.SIGKILL}:
            raise Broken("a lock raises") from FileError(str(codes))
        last = FileLock(folder / "net.gradloom")
        if last.take() is not None or not last.held:
            raise Broken("the dead hold a lock")
        last.release()
        sweep(folder)
        if left := [name for name in os.listdir(folder) if name != "inside"]:
            raise Broken("locks leave something behind") from FileError(str(left))
    finally:
        shutil.rmtree(folder)
    return "fights"


def _fighter(folder: Path, seed: float) -> int:
    child = os.fork()
    if child:
        return child
    code = 4
    try:
        random, lock, inside = Random(seed), FileLock(folder / "net.gradloom"), folder / "inside"
        for _ in range(ROUNDS):
            if lock.take() is None and lock.held:
                code = max(code, 5) if _is_somebody(inside) else code
                inside.write_text(str(os.getpid()))
                time.sleep(random.random() * 0.002)  # so long it is inside: another might come in meanwhile
                inside.write_text("")  # who is killed lets the lock go a moment before it is seen to be dead
                if random.random() < 0.02:
                    os.kill(os.getpid(), signal.SIGKILL)
                lock.release()
        code = 0 if code == 4 else code
    finally:
        os._exit(code)


def _is_somebody(inside: Path) -> bool:
    """Whether another process says that it is inside."""
    text = inside.read_text() if inside.exists() else ""
    return bool(text) and int(text) != os.getpid()
