"""What was open when the program was closed: remembered as it changes, and opened again at the next start."""

import os
from pathlib import Path

from engine.files.lock import FileLock
from gui.document import settings

MOST = 20  # documents that are opened again


def remember(paths: list[Path], front: Path | None) -> None:
    """These files are open, in this order."""
    names, first = [str(path) for path in paths][:MOST], str(front or "")
    if names != settings.get("documents") or first != settings.get("document_in_front"):
        settings.put("documents", names)
        settings.put("document_in_front", first)


def remembered() -> tuple[list[Path], list[Path], Path | None]:
    """The files that are there and that no other window has open, those that are not there, and what was in front."""
    if not settings.get("reopen_documents"):
        return [], [], None
    named = [Path(name) for name in settings.get("documents")][:MOST]
    there = [path for path in named if os.path.isfile(path)]
    front = settings.get("document_in_front")
    return (
        [path for path in there if _is_free(path)],
        [p for p in named if p not in there],
        Path(front) if front else None,
    )


def missing_sentence(missing: list[Path]) -> str:
    """What is said of files that were open and are gone."""
    first, others = missing[0], len(missing) - 1
    if not others:
        return f"“{first.name}” was open last time, and is not in {first.parent} any more."
    more = "another document" if others == 1 else f"{others} other documents"
    return f"“{first.name}” (in {first.parent}) and {more} were open last time, and are not where they were."


def _is_free(path: Path) -> bool:
    lock = FileLock(path)
    try:
        return lock.take() is None
    finally:
        lock.release()
