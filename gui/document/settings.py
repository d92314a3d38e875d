"""The user's settings, kept between sessions in an INI file, each with its name and default in one table."""

import math
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from shutil import copyfile
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

from gui.document import folders

DEFAULTS: dict[str, Any] = {
    "theme": "system",  # system, light, dark
    "wording": "gradient",
    "text_size": 100.0,  # percent
    "reduced_motion": False,  # until it is chosen, as the desktop wishes
    "speed": 1.0,
    "loop": False,
    "follow_pass": False,
    "step_into_groups": False,
    "recent": [],
    "quick_used": [],  # the keys of what was added by searching for it, the latest first
    "geometry": QByteArray(),
    "layout": "",
    "last_folder": "",
    "documents": [],  # the files that were open at the end, in the order of their tabs
    "document_in_front": "",
    "reopen_documents": True,
    "tour_offered": False,
    "question_mode": "each",
    "question_clock": False,
    "training_log": False,
    "training_watched": True,
    "memory": "256MB",  # what all values of a document may take together
}
_in_memory: dict[tuple[Path, str], Any] = {}  # by file and name: what could not be written


def get(name: str) -> Any:
    """A setting, in the type of its default; the default where what is stored is nonsense."""
    default, file = DEFAULTS[name], folders.settings_file()
    if (file, name) in _in_memory:
        return _in_memory[file, name]
    _put_aside(file)
    if not file.is_file():  # not there yet, or a pipe, which would be waited for
        return default
    return _READERS[type(default)](_store(file).value(name, default), default)


def is_chosen(name: str) -> bool:
    """Whether somebody has chosen it, be it as it is by default."""
    file = folders.settings_file()
    return (file, name) in _in_memory or (file.is_file() and _store(file).contains(name))


def put(name: str, value: Any) -> None:
    """Keep a setting: in the file, or for this session where that cannot be written."""
    assert name in DEFAULTS
    file = folders.settings_file()
    _in_memory[file, name] = value
    _put_aside(file)
    if folders.settings_place().trouble:
        return
    store = _store(file)
    store.setValue(name, value)
    store.sync()
    if store.status() != QSettings.Status.AccessError:
        del _in_memory[file, name]


def write_remembered() -> None:
    """Write what could not be written before, if it can be now."""
    for file, name in tuple(_in_memory):
        if file == folders.settings_file():
            put(name, _in_memory[file, name])


def unwritten() -> str:
    """What is said where a setting could not be written; nothing if all were."""
    file = folders.settings_file()
    if not any(place == file for place, _ in _in_memory):
        return ""
    return f"Gradloom cannot write {file}: your settings last until you close it."


def why_unread() -> str:
    """What is said about a file that is no settings at all: it was put aside, for the next change replaces it."""
    return _put_aside(folders.settings_file())


@cache
def _put_aside(file: Path) -> str:
    """Look at the file once, before anything is written over it."""
    if not file.is_file():
        return ""
    store = _store(file)
    store.allKeys()  # or it has not looked yet
    if store.status() != QSettings.Status.FormatError and not _is_binary(file):
        return ""
    with suppress(OSError):  # then there is no copy, and no folder for one: that is told too
        copyfile(file, file.with_suffix(".broken.ini"))
    return f"Some settings in {file} cannot be read, so Gradloom starts without them."


def _store(file: Path) -> QSettings:
    return QSettings(str(file), QSettings.Format.IniFormat)


def _is_binary(file: Path) -> bool:
    try:
        return b"\0" in file.read_bytes()[:4096]
    except OSError:
        return False


# --- what is stored is text that anyone may have written


def _flag(stored: Any, default: bool) -> bool:
    return stored in (True, "true", "1", 1) if stored in (True, False, "true", "false", "1", "0", 1, 0) else default


def _number(stored: Any, default: float) -> float:
    try:
        number = float(stored)
    except (TypeError, ValueError):
        return default
    return number if math.isfinite(number) else default


def _texts(stored: Any, _default: list[str]) -> list[str]:
    found = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
    return [text for text in found if isinstance(text, str) and text]


def _as_it_is(stored: Any, default: Any) -> Any:
    return stored if isinstance(stored, type(default)) else default


_READERS: dict[type, Callable[[Any, Any], Any]] = {
    bool: _flag,
    float: _number,
    list: _texts,
    str: _as_it_is,
    QByteArray: _as_it_is,
}
