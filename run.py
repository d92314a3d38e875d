#!/usr/bin/env python3
"""Starts Gradloom from a checkout; owns the environments `.venv*` and the system libraries that Qt needs.

    python3 run.py                  the editor, open on the neuron example
    python3 run.py test [ARGS]      all tests on all cores, no screen needed; ARGS go to pytest
    python3 run.py lint             ruff, mypy and the import contracts
    python3 run.py interop [ARGS]   every export run where it goes to: PyTorch, JAX, ONNX Runtime …
    python3 run.py bench [ARGS]     the benchmarks, against other libraries where they can be had
    python3 run.py attack [ARGS]    the attacks of tests/attack; soak: the longest of them
    python3 run.py ANYTHING ELSE    passed on to the `gradloom` command

Standard library only. Everything it has to say goes to stderr: stdout belongs to the program that it starts.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TextIO

HERE = Path(__file__).resolve().parent
WINDOWS = sys.platform == "win32"
LOCK = HERE / ".venv.lock"  # beside .venv: making .venv anew must not remove these
LOG = HERE / ".venv.log"
EXAMPLE = HERE / "assets" / "examples" / "neuron.gradloom"
CHECKS = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("lint-imports",))
MANY = 12  # test files: fewer are done before workers have started
WORKERS = ["-n", "auto", "--maxprocesses=8", "--dist=worksteal"]
ONE_PROCESS = ("-n", "-k", "-m", "-s", "-p", "--pdb", "--trace", "--co", "--last-failed", "--lf", "--stepwise", "--sw")

# What the Qt of PySide6's wheels loads from the system: file to load -> Debian and Ubuntu package.
OFFSCREEN_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libX11.so.6": "libx11-6",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
}
SCREEN_LIBRARIES = {
    **OFFSCREEN_LIBRARIES,
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libX11-xcb.so.1": "libx11-xcb1",
}
SANS_FONT = "fonts-dejavu-core"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")

# A command is a file. Those of the engine must work where Qt cannot be had at all, those that draw without a screen.
WITHOUT_QT = HERE / "engine" / "commands"
OFFSCREEN = HERE / "gui" / "pictures" / "commands"


class Environment:
    """A virtual environment that this file makes, and the extras of pyproject.toml that are installed in it."""

    def __init__(self, name: str, extras: str) -> None:
        self.name = name
        self.extras = extras
        self.folder = HERE / name
        self.bin = self.folder / ("Scripts" if WINDOWS else "bin")
        self.python = self.bin / ("python.exe" if WINDOWS else "python")
        self.stamp = self.folder / "setup.stamp"  # when it is whole: for what
        self.proof = self.folder / "made-by-run.stamp"  # that run.py made this very folder and what is in it


MAIN = Environment(".venv", "test")
INTEROP = Environment(".venv-interop", "test,interop")  # apart: what it brings must change no other test
RIVALS = Environment(".venv-rivals", "rivals")  # apart for the same reason: it brings types for all of Qt
BENCH_STAMP = MAIN.folder / "bench.stamp"
UNFINISHED = "unfinished"  # the stamp until all is installed


class SetUpError(Exception):
    """The environment cannot be made; the message is the sentence to show."""


def main(args: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 (whatever Python starts this file)
        return refuse(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    command = args[0] if args else ""
    try:
        ensure_venv(INTEROP if command == "interop" else MAIN)
        ensure_system(libraries_for(command))
        if command == "test":
            from tests.programs import missing

            for packages, trouble in missing():
                ensure_if_possible(packages, trouble)
    except (SetUpError, OSError) as error:
        return refuse(str(error))
    except KeyboardInterrupt:
        say("Interrupted; the next start will continue.")
        return 130
    return start(command, args)


def start(command: str, args: list[str]) -> int:
    if command == "test":
        return run_tests(MAIN, "tests", args[1:])
    if command == "interop":
        return run_tests(INTEROP, "tests/interop", args[1:])
    if command == "bench":
        return run_benchmarks(args[1:])
    if command in ("attack", "soak"):
        return run_module("tests.attack", args if command == "soak" else args[1:])
    if command == "lint":
        return run_checks()
    return become([str(MAIN.bin / "gradloom"), *(args or [str(EXAMPLE)])])


def run_tests(environment: Environment, folder: str, args: list[str]) -> int:
    """Those that `args` name, or all in the folder; on all cores, unless they are few or someone wants to watch."""
    os.chdir(HERE)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    named = [path for arg in args if (path := HERE / arg.partition("::")[0]).exists()]
    are_few = named and sum(len(list(path.rglob("test_*.py"))) for path in named) < MANY
    workers = [] if are_few or any(arg.startswith(ONE_PROCESS) for arg in args) else WORKERS
    return become([str(environment.python), "-m", "pytest", *workers, *args, *([] if named else [folder])])


def run_benchmarks(args: list[str]) -> int:
    wanted = [(ensure_bench_extra, "the libraries to compare with")]
    if "canvas" in args or not args:
        wanted.append((lambda: ensure_venv(RIVALS), "NodeGraphQt"))
    for ensure, what in wanted:
        try:
            ensure()
        except (SetUpError, OSError) as error:
            say(f"Continuing without {what}: {error}")
    return run_module("tests.bench", args)


def run_module(name: str, args: list[str]) -> int:
    os.chdir(HERE)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return become([str(MAIN.python), "-m", name, *args])


def run_checks() -> int:
    """All of them, so that one start shows everything there is to mend."""
    codes = [subprocess.call([str(MAIN.bin / check[0]), *check[1:]], cwd=HERE) for check in CHECKS]
    return 1 if any(codes) else 0


def become(command: list[str]) -> int:
    """Replace this process, where the system can; signals and the exit code then need no passing on."""
    if WINDOWS:
        return subprocess.call(command)
    os.execv(command[0], command)


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def refuse(sentence: str) -> int:
    say(f"gradloom: {sentence}")
    return 2


# --- the Python environment ---------------------------------------------------------------------------------


def foundation(environment: Environment) -> str:
    """What it is tied to: this Python, and the place (an environment cannot be moved or copied)."""
    return digest(f"{sys.version_info.major}.{sys.version_info.minor} {environment.folder}")


def dependencies() -> str:
    """What is installed. Tool settings in pyproject.toml do not count: they change often."""
    import tomllib  # Python 3.11 has it: an older one must be able to say so

    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))
    wanted = [project["build-system"], project["project"], (HERE / "constraints.txt").read_text("utf-8")]
    return digest(json.dumps(wanted))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def stamp(environment: Environment) -> list[str]:
    whole = environment.stamp.exists() and environment.python.exists()
    return environment.stamp.read_text("utf-8").split() if whole else []


def wanted_stamp(environment: Environment) -> list[str]:
    return [foundation(environment), dependencies()]


def ensure_venv(environment: Environment) -> None:
    if stamp(environment) == wanted_stamp(environment):
        return
    with lock():
        if stamp(environment) != wanted_stamp(environment):  # another start may have made it while we waited
            update_venv(environment)


def update_venv(environment: Environment) -> None:
    wanted = wanted_stamp(environment)
    if stamp(environment)[:1] != wanted[:1]:
        make_venv(environment)
    elif os.path.lexists(environment.proof) and not is_ours(environment):
        raise SetUpError(not_ours(environment))
    write_stamp(environment.stamp, UNFINISHED)
    say(f"Installing Gradloom and what it needs into {environment.name}: this happens once and takes about a minute.")
    install(environment, environment.extras)
    write_stamp(environment.stamp, " ".join(wanted))
    say("Ready.")


def make_venv(environment: Environment) -> None:
    """From nothing: what a stopped set-up or another Python left behind cannot be trusted."""
    folder = environment.folder
    if os.path.lexists(folder):
        if not is_ours(environment):
            raise SetUpError(not_ours(environment))
        import shutil

        shutil.rmtree(folder)
    folder.mkdir()
    name = f"gradloom-{os.urandom(4).hex()}"
    write_stamp(environment.proof, f"{name} {folder.stat().st_ino}")
    write_stamp(environment.stamp, UNFINISHED)
    if not (find_spec("venv") and find_spec("ensurepip")):  # Debian and Ubuntu have them in a package of their own
        fetch([f"python3.{sys.version_info.minor}-venv"], "Python's venv module is missing")
    logged([sys.executable, "-m", "venv", "--prompt", name, str(folder)], f"Making {environment.name}")


def is_ours(environment: Environment) -> bool:
    """Whether run.py made this very folder, and nobody has made another environment in it since.

    A copy has another number on the disk, and an environment that somebody else made has not the name that run.py gave.
    """
    try:
        name, number = environment.proof.read_text("utf-8").split()
        config = environment.folder / "pyvenv.cfg"
        named = name in config.read_text("utf-8") if config.exists() else not environment.bin.exists()
        return named and number == str(environment.folder.lstat().st_ino)
    except (OSError, ValueError):
        return False


def not_ours(environment: Environment) -> str:
    return f"{environment.folder} was not made by run.py: move or delete it, and start again."


def install(environment: Environment, extras: str) -> None:
    pip = [str(environment.python), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar=off"]
    logged([*pip, "-c", "constraints.txt", "-e", f".[{extras}]"], "Installing with pip")


def ensure_bench_extra() -> None:
    wanted = dependencies()
    if BENCH_STAMP.exists() and BENCH_STAMP.read_text("utf-8") == wanted:
        return
    with lock():
        say("Installing the libraries that the benchmarks compare with: this happens once.")
        install(MAIN, "test,bench")
        write_stamp(BENCH_STAMP, wanted)


def write_stamp(path: Path, text: str) -> None:
    """Write the stamp whole or not at all."""
    draft = path.with_suffix(".draft")
    draft.write_text(text, "utf-8")
    draft.replace(path)


@contextlib.contextmanager
def lock() -> Iterator[None]:
    """One start at a time may change .venv; the system lets go of the lock when a process dies."""
    with LOCK.open("a") as file:
        wait_for(file)
        yield


def wait_for(file: TextIO) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
        return
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("Waiting for another start of run.py, which is setting things up.")
        fcntl.flock(file, fcntl.LOCK_EX)


def logged(command: list[str], doing: str) -> None:
    with LOG.open("a", encoding="utf-8") as log:
        print(f"\n$ {' '.join(command)}", file=log, flush=True)
        code = subprocess.call(command, cwd=HERE, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    if code:
        raise SetUpError(f"{doing} failed{reason()}. Its full output is in {LOG}")


def reason() -> str:
    """The last line in which the last command (pip, apt) says what was wrong."""
    output = LOG.read_text("utf-8", errors="replace").rpartition("\n$ ")[2]
    if "after connection broken" in output:
        return ": the package index cannot be reached"
    lines = [line.strip() for line in output.splitlines()]
    said = [line for line in lines if line.startswith(("ERROR:", "E:", "Error:"))]
    return ": " + said[-1].split(":", 1)[1].strip().rstrip(".") if said else ""


# --- the system libraries -----------------------------------------------------------------------------------


def libraries_for(command: str) -> dict[str, str]:
    shows_nothing = command in ("lint", "-h", "--help", "--version") or f"{command}.py" in os.listdir(WITHOUT_QT)
    if shows_nothing or not sys.platform.startswith("linux"):
        return {}
    offscreen = command in ("test", "interop", "bench", "attack", "soak") or f"{command}.py" in os.listdir(OFFSCREEN)
    return OFFSCREEN_LIBRARIES if offscreen else SCREEN_LIBRARIES


def ensure_system(libraries: dict[str, str]) -> None:
    packages = [package for name, package in libraries.items() if not loads(name)]
    if packages:
        with lock():
            fetch(packages, "System libraries that Qt needs are missing")
        absent = [name for name in libraries if not loads(name)]
        if absent:
            raise SetUpError(f"Qt cannot load {', '.join(absent)}, though its packages were installed.")
    if libraries and not has_sans_font():
        ensure_if_possible([SANS_FONT], "Fonts are missing")  # Gradloom looks poor without, but it can start


def ensure_if_possible(packages: list[str], trouble: str) -> None:
    try:
        with lock():
            fetch(packages, trouble)
    except SetUpError as error:
        say(str(error))


def loads(library: str) -> bool:
    """The question that Qt will ask: more reliable than any package list."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_sans_font() -> bool:
    walks = (os.walk(os.path.expanduser(folder)) for folder in FONT_FOLDERS)
    names = (name.lower() for walk in walks for _, _, files in walk for name in files)
    return any(name.endswith((".ttf", ".otf", ".ttc")) and "mono" not in name for name in names)


def fetch(packages: list[str], trouble: str) -> None:
    """Install Debian packages where we may; otherwise say what to type."""
    import shutil

    if not shutil.which("apt-get"):
        raise SetUpError(f"{trouble}. Install what Debian calls: {' '.join(packages)}")
    prefix = administrator()
    if prefix is None:
        install = f"sudo apt-get install -y --no-install-recommends {' '.join(packages)}"
        raise SetUpError(f"{trouble}. Type: sudo apt-get update && {install}")
    say(f"{trouble}; fetching {' '.join(packages)}")
    with contextlib.suppress(SetUpError):  # one unreachable source is no reason to give up
        logged([*prefix, "apt-get", "update"], "Reading the package lists")
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-o", "DPkg::Lock::Timeout=300"]
    logged([*prefix, *apt, "install", "-y", "--no-install-recommends", *packages], "Installing with apt-get")


def administrator() -> list[str] | None:
    """What to put before a command to run it as root without a password; None if there is none."""
    import shutil

    if os.geteuid() == 0:
        return []
    may = shutil.which("sudo") and subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0
    return ["sudo", "-n"] if may else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
