"""The files that were open last, and the folder of the last one: they are remembered from one session to the next."""

import os
from pathlib import Path

from gui.document import settings

MOST = 10


def recent() -> list[Path]:
    """The latest first."""
    return [Path(name) for name in settings.get("recent")]


def remember(path: Path) -> None:
    names = [str(path), *(str(other) for other in recent() if other != path)]
    settings.put("recent", names[:MOST])
    settings.put("last_folder", str(path.parent))


def forget(path: Path) -> None:
    settings.put("recent", [str(other) for other in recent() if other != path])


def forget_all() -> None:
    settings.put("recent", [])


def last_folder() -> str:
    """Where the last one was; the user's own folder at first."""
    return settings.get("last_folder") or os.path.expanduser("~")
