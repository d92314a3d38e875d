"""How far each lesson has come on this machine: the step one was at, and those that are done; kept in the state folder.

Steps are told by their titles, so that a lesson whose author puts in a step is found again where it was.
"""

from __future__ import annotations

import json
from collections.abc import Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.data.outside import FileKind, read_bytes
from engine.errors import FileError
from engine.files.replace import write_atomically
from engine.teach.lessons.lesson import Lesson
from engine.teach.lessons.shelf import SHELF, ShelvedLesson, shelved
from gui.document import folders

KIND = FileKind("the progress in lessons", 2**20)
MOST = 200  # lessons that are kept: those that were opened last
_unwritten: dict[str, Any] = {}  # what no folder takes lasts as long as the program


@dataclass(frozen=True)
class LessonProgress:
    """Where somebody is in a lesson; `at` and `done` count from 0."""

    at: int
    done: frozenset[int]
    count: int
    is_finished: bool

    @property
    def has_begun(self) -> bool:
        return bool(self.at or self.done)

    @property
    def words(self) -> str:
        """As a list of lessons says it; empty where nothing has begun."""
        if self.is_finished:
            return "✓ done"
        return f"step {self.at + 1} of {self.count}" if self.has_begun else ""


def keep_progress(lesson: Lesson, at: int, done: Set[int]) -> None:
    """Remember the step, and what is done."""
    if lesson.path is None:
        return
    titles = [step.title for step in lesson.steps]
    tasks = {number for number, step in enumerate(lesson.steps) if step.task is not None}
    row = {
        "time": datetime.now().isoformat(timespec="microseconds"),
        "at": titles[at],
        "number": at,
        "count": len(titles),
        "done": [titles[number] for number in sorted(done)],
        "finished": tasks <= set(done),
    }
    kept = {name: other for name, other in _all_kept().items() if name != _name(lesson.path)}
    latest = sorted(kept.items(), key=lambda item: str(item[1].get("time", "")))[1 - MOST :]
    _unwritten.clear()
    _unwritten.update(latest)
    _unwritten[_name(lesson.path)] = row
    place = _place()
    if place is not None:
        with suppress(FileError):  # that nothing can be written there was told when the program began
            write_atomically(place, json.dumps(_unwritten, ensure_ascii=False, indent=1).encode())
            _unwritten.clear()


def progress_of(path: Path) -> LessonProgress | None:
    """How far a lesson has come, as it was kept; None: it was never opened."""
    row = _all_kept().get(_name(path))
    if row is None:
        return None
    number, count, done = row.get("number"), row.get("count"), row.get("done")
    if not isinstance(number, int) or not isinstance(count, int) or not isinstance(done, list):
        return None
    return LessonProgress(number, frozenset(range(len(done))), count, row.get("finished") is True)


def unfinished() -> tuple[ShelvedLesson, LessonProgress] | None:
    """Of the lessons of the program that have begun and are not done the one that was opened last."""
    rows = _all_kept()
    for lesson in sorted(shelved(), key=lambda each: str(rows.get(each.name, {}).get("time", "")), reverse=True):
        progress = progress_of(lesson.path)
        if progress is not None and progress.has_begun and not progress.is_finished:
            return lesson, progress
    return None


def found_again(lesson: Lesson) -> LessonProgress | None:
    """The same in the lesson as it is now."""
    row = _all_kept().get(_name(lesson.path)) if lesson.path is not None else None
    kept = progress_of(lesson.path) if lesson.path is not None else None
    if row is None or kept is None:
        return None
    titles = [step.title for step in lesson.steps]
    done = frozenset(titles.index(title) for title in row["done"] if title in titles)
    at = titles.index(row["at"]) if row.get("at") in titles else min(max(kept.at, 0), len(titles) - 1)
    return LessonProgress(at, done, len(titles), kept.is_finished)


def _all_kept() -> dict[str, Any]:
    return {**_written(), **_unwritten}


def _written() -> dict[str, Any]:
    place = _place()
    if place is None:
        return {}
    try:
        found = json.loads(read_bytes(place, KIND))
    except (FileError, ValueError, RecursionError):
        return {}
    return {name: row for name, row in found.items() if isinstance(row, dict)} if isinstance(found, dict) else {}


def _name(path: Path) -> str:
    """Those of the program by their names, wherever that is installed."""
    return path.stem if path.is_relative_to(SHELF) else str(path.absolute())


def _place() -> Path | None:
    folder = folders.state_folder()
    return None if folder is None else folder / "lessons.json"
