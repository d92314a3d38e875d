"""Which process on which machine a file belongs to, and whether that process still runs."""

import contextlib
import getpass
import os
import platform
import uuid
from dataclasses import dataclass
from functools import cache
from hashlib import blake2s
from pathlib import Path

MACHINE_ID = Path("/etc/machine-id")
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
NUMBERING = "/proc/self/ns/pid"  # processes of another container have numbers of their own


@dataclass(frozen=True)
class Owner:
    """A process. `world` is where its number means it: one boot of one machine, and there one numbering."""

    host: str
    user: str
    pid: int
    machine: str
    world: str

    @property
    def is_near(self) -> bool:
        """Whether it is a process of this machine."""
        return self.machine == _machine()

    @property
    def is_dead(self) -> bool:
        """Whether it certainly does not run any more; False where that cannot be known."""
        return self.world == _world() and not runs(self.pid)


def this_process() -> Owner:
    """The owner of what is made here and now: asked each time, for a fork has another number."""
    return Owner(platform.node(), _user(), os.getpid(), _machine(), _world())


def runs(pid: int) -> bool:
    """Whether there is a process of this number here. True where the system cannot be asked."""
    if os.name != "posix":
        return True  # on Windows the question itself would end it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # it is somebody else's
    return True


@cache
def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


@cache
def _machine() -> str:
    return short_hash(_text_in(MACHINE_ID) or f"{platform.node()} {uuid.getnode()}")


@cache
def _world() -> str:
    numbering = ""
    with contextlib.suppress(OSError):
        numbering = os.readlink(NUMBERING)
    return short_hash(f"{_machine()} {_text_in(BOOT_ID)} {numbering}")


def _text_in(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_text("ascii", "ignore").strip()
    return ""


def short_hash(text: str) -> str:
    """Eight hexadecimal digits that stand for a text."""
    return blake2s(text.encode("utf-8", "surrogateescape"), digest_size=4).hexdigest()
