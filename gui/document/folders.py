"""Where things live: settings in the user's config folder; logs, crash reports and recovery copies in the state folder.

GRADLOOM_CONFIG_DIR and GRADLOOM_STATE_DIR override the system's places. Where only the first is set, state lives in a
folder `state` inside it: a portable Gradloom stays in one place. A folder that cannot be written is told, not fatal:
settings are then kept in memory, and the rest goes to a spare folder among the temporary files, if there can be one.
"""

import contextlib
import errno
import os
import stat
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from secrets import token_hex

import platformdirs
from PySide6.QtCore import QStandardPaths

from engine.data.outside import odd_kind, reason

NAME, INI, RECOVERY = "gradloom", "gradloom.ini", "recovery"
PROBE = b"\n" * 4096  # a full disk may still take an empty file


@dataclass(frozen=True)
class Place:
    """A folder, and why it cannot be used; nothing if it can."""

    folder: Path
    trouble: str = ""


def settings_place() -> Place:
    """Where settings are kept: the folder, or the file in it if that is what is wrong."""
    place = _tried(_settings_folder())
    return place if place.trouble else _file_in(place.folder)


def state_place() -> Place:
    """Where logs, crash reports and recovery copies belong; or the folder of the last, if that is what is wrong."""
    place = _tried(_state_folder())
    copies = place if place.trouble else _tried(place.folder / RECOVERY)
    return copies if copies.trouble else place


def state_folder() -> Path | None:
    """Where they go in this session: where they belong, or the spare folder; None if nothing can be written."""
    place = state_place()
    return place.folder if not place.trouble else spare_folder()


def spare_folder() -> Path | None:
    """What stands in for a state folder that cannot be written: a folder of this user's own among temporary files."""
    folder = _spare()
    if folder is None:
        return None
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700)
    return folder if _is_ours(folder) and not _tried(folder).trouble else None


def recovery_folders() -> Iterator[Path]:
    """Where recovery copies are put: the first that can be written. The spare folder is made when it comes to that."""
    place = state_folder()
    if place:
        yield place / RECOVERY
    spare = spare_folder()
    if spare and spare != place:
        yield spare / RECOVERY


def state_folders() -> list[Path]:
    """Everywhere that work may have been left: now, while the state folder was of no use, and by older versions."""
    spare = _spare()
    mine = [spare] if spare and _is_ours(spare) else []
    return list(dict.fromkeys((_state_folder(), *mine, _settings_folder(), _earlier_folder())))


def settings_file() -> Path:
    """The INI file of the settings; where an older version kept it, it stays."""
    _tried(_settings_folder())  # which makes it
    new, old = (folder / INI for folder in (_settings_folder(), _earlier_folder()))
    return old if old != new and not new.exists() and old.is_file() else new


def trouble_sentence() -> str:
    """What the user is told about folders that cannot be written; nothing if all is well."""
    settings, state = settings_place(), state_place()
    bad = [place for place in (settings, state) if place.trouble]
    if not bad:
        return ""
    told = bad[:1] if len(bad) == 2 and state.folder.is_relative_to(settings.folder) else bad
    named = " and ".join(f"{place.folder} ({place.trouble})" for place in told)
    effects = ["your settings last until you close it"] if settings.trouble else []
    return f"Gradloom cannot write to {named}: {', and '.join([*effects, *_state_effects(state)])}."


def _state_effects(state: Place) -> list[str]:
    if not state.trouble:
        return []
    spare = spare_folder()
    if spare is None:
        return ["unsaved work cannot be recovered after a crash, so save often"]
    return [f"recovery copies go to {spare}, which may be emptied when the computer restarts"]


# --- places


def _settings_folder() -> Path:
    place = os.environ.get("GRADLOOM_CONFIG_DIR")
    return Path(place).absolute() if place else _usual(platformdirs.user_config_path)


def _state_folder() -> Path:
    place, settings = os.environ.get("GRADLOOM_STATE_DIR"), os.environ.get("GRADLOOM_CONFIG_DIR")
    if place:
        return Path(place).absolute()
    return Path(settings).absolute() / "state" if settings else _usual(platformdirs.user_state_path)


def _usual(place: Callable[..., Path]) -> Path:
    """The system's place for it; where there is no home, a relative one that nothing is written to."""
    try:
        return place(NAME, appauthor=False)
    except RuntimeError:
        return Path("~", NAME)


def _earlier_folder() -> Path:
    """Where everything was once: not the same on every system."""
    standard = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    return _settings_folder() if "GRADLOOM_CONFIG_DIR" in os.environ else Path(standard) / NAME


def _spare() -> Path | None:
    """Of this user, for this state folder: two homes do not share one."""
    try:
        temporary = Path(tempfile.gettempdir())
    except OSError:  # there is none that can be written
        return None
    user = os.getuid() if hasattr(os, "getuid") else "user"
    return temporary / f"{NAME}-{user}-{zlib.crc32(str(_state_folder()).encode(errors='surrogateescape')):08x}"


def _is_ours(folder: Path) -> bool:
    """Whether nobody else made it: others can write among the temporary files."""
    try:
        facts = folder.lstat()
    except OSError:
        return False
    return folder.is_dir() and not folder.is_symlink() and (not hasattr(os, "getuid") or facts.st_uid == os.getuid())


# --- trying them


def forget_tried() -> None:
    """Whoever is told that a folder cannot be written may have mended it: the next question tries it again."""
    _tried.cache_clear()
    _file_in.cache_clear()


@cache
def _tried(folder: Path) -> Place:
    """Make the folder and write into it, once unless `forget_tried`: what can be written then is seen when it is."""
    if not folder.is_absolute():
        return Place(folder, "you have no home folder")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".{token_hex(4)}.tmp"
        try:
            probe.write_bytes(PROBE)
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        return Place(folder, _words(error, folder))
    return Place(folder)


@cache
def _file_in(folder: Path) -> Place:
    """The folder of the settings, if their file can be written; else the file."""
    file = folder / INI
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:
        return Place(folder)
    except OSError as error:
        return Place(file, reason(error))
    if not stat.S_ISREG(mode):
        return Place(file, f"it {odd_kind(mode)}")
    return Place(folder) if os.access(file, os.W_OK) else Place(file, "it is read-only")


def _words(error: OSError, folder: Path) -> str:
    in_its_way = error.errno in (errno.EEXIST, errno.ENOTDIR) and folder.exists() and not folder.is_dir()
    return "a file stands in its place" if in_its_way else reason(error)
