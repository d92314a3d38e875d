"""Drafts: the files beside a document in which a save is made ready, their names, and the end of those left behind.

`.NAME.OF-WORLD-PID-TOKEN.tmp` is being written; `.….whole` is complete, and is being copied into the file itself. A
draft whose process was killed is swept the next time that anything is opened or saved in its folder; a whole one is
kept until its file holds the same, for it may be all that is left (see `interrupted`).
"""

import contextlib
import os
import re
import secrets
import stat
import time
from collections.abc import Iterable
from pathlib import Path

from engine.files.owner import runs, short_hash, this_process

LONGEST = 255  # bytes that a file's name may have on most disks
KEPT_OF_NAME = 80  # bytes of the document's name that stand in a draft's
ABANDONED = 24 * 3600.0  # seconds without a word written, after which a draft's process is not asked any more
_OURS = re.compile(r"\..+\.([0-9a-f]{8})-([0-9a-f]{8})-([0-9a-f]{1,16})-[0-9a-f]{8}\.(tmp|whole)", re.DOTALL)
_OLD = re.compile(r"\..+\.gradloom\.[0-9a-f]{8}\.tmp", re.DOTALL)  # without a process, as they once were called


def hidden_name(name: str, ending: str) -> str:
    """A hidden name beside the file `name`: short enough for the disk, and always the same for the same file."""
    whole = f".{name}{ending}"
    if len(os.fsencode(whole)) <= LONGEST:
        return whole
    return f".{_cut(name)}.{short_hash(name)}{ending}"


def new_draft(real: Path, folder: Path) -> Path:
    """A path for a draft of the file `real`, in its own folder or in another, that nothing else has."""
    owner = this_process()
    of = short_hash(_known_as(real, folder))
    return folder / f".{_cut(real.name)}.{of}-{owner.world}-{owner.pid:x}-{secrets.token_hex(4)}.tmp"


def whole_name(draft: Path) -> Path:
    """What a draft is called while it is copied into the file itself."""
    return draft.with_suffix(".whole")


def sweep(folder: Path) -> None:
    """Remove what killed processes have left in a folder. What may still be written, or be somebody's, stays."""
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            if _OURS.fullmatch(name) or _OLD.fullmatch(name):
                _sweep_draft(folder / name)


def interrupted(real: Path, folders: Iterable[Path]) -> list[Path]:
    """The whole drafts of a file that the end of their process kept from becoming its contents, the latest first."""
    found = [path for folder in folders for path in _whole_drafts(real, folder) if _is_abandoned(path)]
    return sorted(found, key=_last_written, reverse=True)


def _whole_drafts(real: Path, folder: Path) -> list[Path]:
    of = short_hash(_known_as(real, folder))
    found = []
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            if (ours := _OURS.fullmatch(name)) and (ours[1], ours[4]) == (of, "whole"):
                found.append(folder / name)
    return found


def _known_as(real: Path, folder: Path) -> str:
    """What a draft in this folder knows its file by: beside it by its name, so that both may be moved together."""
    return real.name if folder == real.parent else str(real)


def _sweep_draft(path: Path) -> None:
    with contextlib.suppress(OSError):
        if path.suffix == ".tmp" and stat.S_ISREG(path.lstat().st_mode) and _is_abandoned(path):
            path.unlink()


def _is_abandoned(path: Path) -> bool:
    """Whether nobody is going to write a draft on: its process is dead, or has not touched it for long."""
    if (ours := _OURS.fullmatch(path.name)) and ours[2] == this_process().world and not runs(int(ours[3], 16)):
        return True
    return time.time() - _last_written(path) > ABANDONED


def _last_written(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except OSError:
        return time.time()


def _cut(name: str) -> str:
    """The beginning of a name, no more bytes than leave room for the rest, and no half letter at its end."""
    return os.fsencode(name)[:KEPT_OF_NAME].decode("utf-8", "ignore") or "file"
