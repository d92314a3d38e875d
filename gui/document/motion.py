"""Whether things glide: as the user has chosen here, or else as the desktop was told for all programs."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from gui.document import settings

PATIENCE = 0.5  # seconds for a desktop that does not answer
GNOME = ("gsettings", "get", "org.gnome.desktop.interface", "enable-animations")
MACOS = ("defaults", "read", "com.apple.universalaccess", "reduceMotion")
CLIENT_AREA_ANIMATION = 0x1042  # what Windows calls it
_KDE_FACTOR = re.compile(r"^\s*AnimationDurationFactor\s*=\s*0+(\.0*)?\s*$", re.MULTILINE)
_asked: list[bool] = []  # what the desktop said, once it has been asked


def is_reduced() -> bool:
    """The choice that was made here wins, whichever it is."""
    if settings.is_chosen("reduced_motion"):
        return bool(settings.get("reduced_motion"))
    return bool(_asked and _asked[-1])


def ask_desktop() -> None:
    """Find out what the desktop was told: once, at the start. What it does not say is no wish."""
    _asked.append(desktop_wish(sys.platform, os.environ, _answer))


def desktop_wish(system: str, environ: Mapping[str, str], answer: Callable[[tuple[str, ...]], str]) -> bool:
    """Whether the desktop asks for less motion; `answer` gives what a command prints."""
    if system == "win32":
        return _windows_wish()
    if system == "darwin":
        return answer(MACOS).strip() == "1"
    if _KDE_FACTOR.search(_text(_config_folder(environ) / "kdeglobals")):
        return True
    return bool(environ.get("DBUS_SESSION_BUS_ADDRESS")) and answer(GNOME).strip() == "false"


def _config_folder(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("XDG_CONFIG_HOME") or Path(environ.get("HOME") or "/") / ".config")


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace") if path.is_file() else ""
    except OSError:
        return ""


def _answer(command: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.SubprocessError, UnicodeError):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _windows_wish() -> bool:
    import ctypes

    animated = ctypes.c_int(1)
    library = getattr(ctypes, "windll", None)  # nowhere else
    if library is None or not library.user32.SystemParametersInfoW(CLIENT_AREA_ANIMATION, 0, ctypes.byref(animated), 0):
        return False
    return not animated.value
