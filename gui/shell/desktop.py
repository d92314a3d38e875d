"""At home on the user's desktop: what makes a double click in the file manager open a graph, put there and removed.

By freedesktop.org's rules: a desktop file, the type of our files and the icon, all in the user's own data folder.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

from engine.errors import GradloomError, one_line

INSTALL, REMOVE = "--install-desktop", "--remove-desktop"
PATIENCE = 20  # seconds for a tool of the desktop that reads its folders anew
_REFRESH = (("update-mime-database", "mime"), ("update-desktop-database", "applications"))
_ENTRY = Path("applications", "gradloom.desktop")
_QUOTED = str.maketrans({sign: f"\\{sign}" for sign in '"`$\\'} | {"%": "%%"})
# What of ours goes where, below the data folder.
_COPIES = {
    Path("mime", "packages", "gradloom.xml"): ("desktop", "gradloom-mime.xml"),
    Path("icons", "hicolor", "scalable", "apps", "gradloom.svg"): ("icons", "gradloom.svg"),
    Path("icons", "hicolor", "scalable", "mimetypes", "application-x-gradloom.svg"): ("icons", "gradloom.svg"),
}


def main(words: Sequence[str]) -> int:
    """Do what the option asks for. The exit code: 2 with one line on stderr where it cannot be done."""
    option, *rest = words
    try:
        if rest:
            raise GradloomError(f"{option} takes nothing else, but was given {rest[0]}")
        if not sys.platform.startswith("linux"):
            raise GradloomError(f"{option} is for desktops on Linux; here, choose Gradloom in the file manager")
        print(install() if option == INSTALL else remove())
    except GradloomError as error:
        print(f"gradloom: {one_line(str(error))}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
    return 0


def install() -> str:
    """Put the files in their places. Gives what is said then. Raises GradloomError."""
    home = data_home()
    for place, source in _COPIES.items():
        _write(home / place, _asset(*source))
    _write(home / _ENTRY, entry(_asset("desktop", "gradloom.desktop").decode(), command()).encode())
    _refresh(home)
    return (
        f"Gradloom is in your desktop's menu, and a double click on a .gradloom file opens it ({home}).\n"
        f"`gradloom {REMOVE}` takes it out again."
    )


def remove() -> str:
    """Take the files away again, and nothing else. Gives what is said then. Raises GradloomError."""
    home = data_home()
    there = [home / place for place in (*_COPIES, _ENTRY) if os.path.lexists(home / place)]
    for path in there:
        try:
            path.unlink()
        except OSError as error:
            raise GradloomError(f"{path} cannot be removed: {error.strerror}") from None
    _refresh(home)
    return f"Gradloom is out of your desktop's menu ({home})." if there else f"Nothing of Gradloom's was in {home}."


def data_home(environ: Mapping[str, str] = os.environ) -> Path:
    """The user's data folder; one that is no whole path counts as not given."""
    given = environ.get("XDG_DATA_HOME", "")
    return Path(given) if os.path.isabs(given) else Path("~/.local/share").expanduser()


def command() -> list[str]:
    """What starts this very program again, from any folder."""
    for script in (Path(sys.argv[0]), Path(sys.executable).with_name("gradloom")):
        if script.name == "gradloom" and script.is_file() and os.access(script, os.X_OK):
            return [str(script.absolute())]
    root = Path(str(files("assets"))).parent
    return ["/usr/bin/env", f"PYTHONPATH={root}", sys.executable, "-m", "gui"]


def entry(text: str, words: Sequence[str]) -> str:
    """The desktop file, with the command that starts this program."""
    line = " ".join(f'"{word.translate(_QUOTED)}"' for word in words)
    escaped = line.replace("\\", "\\\\")  # a value of a desktop file has an escape of its own
    lines = [f"Exec={escaped} %F" if line.startswith("Exec=") else line for line in text.splitlines()]
    return "\n".join(lines) + "\n"


def _asset(*parts: str) -> bytes:
    return files("assets").joinpath(*parts).read_bytes()


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.tmp")
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        raise GradloomError(f"{path} cannot be written: {error.strerror}") from None


def _refresh(home: Path) -> None:
    """Have the desktop read its folders anew. Where there is no tool for that, it does so by itself, some time."""
    for tool, folder in _REFRESH:
        found = shutil.which(tool)
        if found and (home / folder).is_dir():
            with suppress(OSError, subprocess.SubprocessError):
                subprocess.run([found, str(home / folder)], capture_output=True, timeout=PATIENCE, check=False)
